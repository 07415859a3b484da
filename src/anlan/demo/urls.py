from django.urls import path

from anlan.demo import views

urlpatterns = [
    path("demo/scenarios/", views.scenarios, name="scenarios"),
    path("demo/scenarios/play/", views.play, name="scenarios.play"),
]
