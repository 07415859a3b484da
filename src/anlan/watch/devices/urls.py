from django.urls import path

from anlan.watch.devices import views

urlpatterns = [
    path("points/<int:point>/history", views.history, name="devices.history"),
    path("devices/<int:pk>/renew-token/", views.renew_token, name="devices.renew-token"),
]
