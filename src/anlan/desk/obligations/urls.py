from django.urls import path

from anlan.desk.obligations import views

urlpatterns = [
    path("obligations/calendar/", views.calendar, name="obligations.calendar"),
    path("obligations/<int:pk>/<slug:verb>/", views.act, name="obligations.act"),
]
