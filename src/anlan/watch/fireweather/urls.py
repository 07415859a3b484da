from django.urls import path

from anlan.watch.fireweather import views

urlpatterns = [path("devices/<int:pk>/fire-weather", views.history, name="devices.fire-weather")]
