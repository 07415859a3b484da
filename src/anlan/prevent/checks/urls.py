from django.urls import path

from anlan.prevent.checks import views

urlpatterns = [
    path("checks/library/", views.library, name="checks.library"),
    path("checks/library/<slug:code>/", views.checklist, name="checks.checklist"),
    path("checks/statistics/", views.statistics, name="checks.statistics"),
    path("checks/derive/<int:enterprise>/", views.derive, name="checks.derive"),
    path("checks/here/<str:token>/", views.here, name="checks.here"),
    path("checks/<int:pk>/", views.task, name="checks.task"),
    path("checks/<int:pk>/answer/<str:item>/", views.answer, name="checks.answer"),
    path("checks/<int:pk>/finish/", views.finish, name="checks.finish"),
    path("control-proofs/<int:pk>/", views.proof, name="checks.proof"),
    path("patrols/<int:pk>/print/", views.print_stops, name="checks.print"),
]
