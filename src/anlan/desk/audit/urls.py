from django.urls import path

from anlan.desk.audit import views

urlpatterns = [
    path("audit/verifications/", views.verifications, name="audit.verifications"),
    path("audit/verify/", views.verify, name="audit.verify"),
]
