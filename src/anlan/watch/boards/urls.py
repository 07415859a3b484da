from django.urls import path

from anlan.watch.boards import views

urlpatterns = [
    path("boards/points/<int:pk>/", views.point, name="boards.point"),
    path("boards/series", views.series, name="boards.series"),
    path("boards/marks", views.marks, name="boards.marks"),
    path("boards/series/export", views.download, name="boards.export"),
    path("boards/facilities/<int:pk>/", views.facility, name="boards.facility"),
    path("boards/facilities/<int:pk>/values", views.values, name="boards.values"),
    path("boards/sectors/", views.sectors, name="boards.sectors"),
    path("boards/regions/", views.regions, name="boards.regions"),
]
