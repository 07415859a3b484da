from django.urls import path

from anlan.desk.cases import views

urlpatterns = [
    path("cases/<int:pk>/", views.case_page, name="cases.item"),
    path("cases/<int:pk>/<slug:action>/", views.step, name="cases.step"),
]
