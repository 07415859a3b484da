from django.urls import path

from anlan.prevent.supervision import views

urlpatterns = [
    path("supervision/overview/", views.overview, name="supervision.overview"),
    path("supervision/plan/", views.plan, name="supervision.plan"),
]
