from django.urls import path

from anlan.know.law import views

urlpatterns = [
    path("law/", views.library_page, name="law"),
    path("law/coverage/", views.coverage_page, name="law.coverage"),
    path("law/questions/<slug:name>/", views.question, name="law.question"),
    path("law/instruments/<path:id>/", views.instrument_page, name="law.instrument"),
]
