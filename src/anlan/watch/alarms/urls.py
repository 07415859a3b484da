from django.urls import path

from anlan.watch.alarms import views

urlpatterns = [
    path("alarms/shelve/", views.shelve_page, name="alarms.shelve"),
    path("alarms/retire/", views.retire_page, name="alarms.retire"),
    path("alarms/banner/", views.banner, name="alarms.banner"),
    path("alarms/groups/", views.groups_page, name="alarms.groups"),
    path("alarms/sounds/", views.sounds, name="alarms.sounds"),
    path("alarms/month/", views.month_page, name="alarms.month"),
    path("devices/<int:pk>/suppress/", views.suppress_page, name="alarms.suppress"),
]
