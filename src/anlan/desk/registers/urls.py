from django.urls import path, re_path

from anlan.desk.registers import views

urlpatterns = [
    path("ledgers/", views.ledgers, name="ledgers"),
    path("ledgers/<slug:code>/gap/", views.gap, name="ledgers.gap"),
    path("coverage/", views.coverage_list, name="coverage"),
    path("coverage/<slug:code>/", views.coverage_page, name="coverage.page"),
    path("published/<slug:code>/", views.published, name="published"),
    re_path(r"^ledgers/(?P<code>[a-z0-9_]+)/(?P<pk>\d+)/stage/$", views.stage, name="ledgers.stage"),
    re_path(r"^ledgers/(?P<code>[a-z0-9_]+)/(?P<pk>\d+)/sign/$", views.sign, name="ledgers.sign"),
    re_path(r"^ledgers/(?P<code>[a-z0-9_]+)/(?P<pk>\d+)/(?P<verb>retire|restore)/$", views.turn, name="ledgers.turn"),
]
