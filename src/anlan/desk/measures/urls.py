from django.urls import path

from anlan.desk.measures import assessment_views, views

urlpatterns = [
    path("assessments/cards/", assessment_views.cards, name="assessments.cards"),
    path("assessments/begin/<slug:code>/", assessment_views.begin, name="assessments.begin"),
    path("assessments/<int:pk>/answer/", assessment_views.answer, name="assessments.answer"),
    path("assessments/<int:pk>/<slug:verb>/", assessment_views.act, name="assessments.act"),
    path("measures/", views.board, name="measures"),
    path("measures/renew/", views.renew, name="measures.renew"),
    path("measures/<slug:code>/", views.detail, name="measures.item"),
]
