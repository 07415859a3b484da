from django.urls import path

from anlan.know.places import views

urlpatterns = [
    path("places/tree/", views.tree, name="places.tree"),
]
