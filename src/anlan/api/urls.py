from django.urls import include, path

from anlan.api import views
from anlan.api.collected import addresses

urlpatterns = [
    path("api/", include((addresses(), "api"))),
    path("api-guide/", views.guide, name="api-guide"),
    path("account/keys/", views.keys_page, name="account.keys"),
    path("account/keys/<int:pk>/revoke/", views.revoke, name="account.key-revoke"),
]
