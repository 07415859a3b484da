from django.urls import path

from anlan.desk.documents import views

urlpatterns = [
    path("documents/<int:pk>/download/", views.download, name="documents.download"),
    path("documents/<int:pk>/preview/", views.preview, name="documents.preview"),
]
