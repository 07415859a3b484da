from django.urls import path

from anlan.prevent.permits import views

urlpatterns = [
    path("permits/<int:pk>/gas/", views.gas_page, name="permits.gas"),
    path("permits/<int:pk>/gas/instruments/", views.gas_from_instruments, name="permits.gas_from_instruments"),
    path("permits/<int:pk>/isolation/", views.isolation_page, name="permits.isolation"),
    path("permits/<int:pk>/isolation/<int:isolation>/remove/", views.restore, name="permits.restore"),
    path("permits/<int:pk>/measures/", views.measures_page, name="permits.measures"),
    path("permits/<int:pk>/people/<int:worker>/", views.count, name="permits.count"),
    path("permits/<int:pk>/print/", views.printed, name="permits.print"),
    path("permits/check/<str:token>/", views.checked, name="permits.check"),
    path("spaces/<int:pk>/sign/", views.space_sign, name="spaces.sign"),
]
