from django.urls import path

from anlan.desk.notices import views

urlpatterns = [
    path("live/", views.live, name="live"),
]
