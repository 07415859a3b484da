from django.urls import path

from anlan.watch.bulletins import views

urlpatterns = [path("bulletins/receive/<slug:source>", views.take, name="bulletins.take")]
