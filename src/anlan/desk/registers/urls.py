from django.urls import path, re_path

from anlan.desk.registers import views

urlpatterns = [
    path("ledgers/", views.ledgers, name="ledgers"),
    path("ledgers/<slug:code>/gap/", views.gap, name="ledgers.gap"),
    re_path(r"^ledgers/(?P<code>[a-z0-9_]+)/(?P<pk>\d+)/(?P<verb>retire|restore)/$", views.turn, name="ledgers.turn"),
]
