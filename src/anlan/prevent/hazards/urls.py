from django.urls import path

from anlan.prevent.hazards import views

urlpatterns = [
    path("hazards/statistics/", views.statistics, name="hazards.statistics"),
    path("hazards/analysis/", views.analysis, name="hazards.analysis"),
    path("hazards/<int:pk>/file/", views.whole_file, name="hazards.file"),
    path("hazards/self-check/<int:pk>/", views.tell_self_check, name="hazards.self-check"),
    path("hazards/promise/<int:pk>/", views.make_promise, name="hazards.promise"),
    path("public/hazards/", views.published, name="hazards.published"),
]
