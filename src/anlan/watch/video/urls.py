from django.urls import path

from anlan.watch.video import views

urlpatterns = [
    path("cameras/<int:pk>/now.jpg", views.now, name="cameras.now"),
    path("cameras/<int:pk>/case/<int:case>/<str:what>/", views.to_case, name="cameras.to_case"),
    path("cameras/<int:pk>/zone/", views.zone, name="cameras.zone"),
]
