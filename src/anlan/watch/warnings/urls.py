from django.urls import path

from anlan.watch.warnings import views

urlpatterns = [
    path("warnings/analysis/", views.analysis_page, name="warnings.analysis"),
    path("warnings/analysis/export", views.analysis_export, name="warnings.analysis-export"),
    path("warnings/chain/<int:pk>/", views.chain, name="warnings.chain"),
    path("warnings/look/<int:pk>/", views.look_page, name="warnings.look"),
]
