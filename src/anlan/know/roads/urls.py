from django.urls import path

from anlan.know.roads import views

urlpatterns = [
    path("roads/around/", views.around, name="roads.around"),
]
