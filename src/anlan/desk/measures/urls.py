from django.urls import path

from anlan.desk.measures import views

urlpatterns = [
    path("measures/", views.board, name="measures"),
    path("measures/renew/", views.renew, name="measures.renew"),
    path("measures/<slug:code>/", views.detail, name="measures.item"),
]
