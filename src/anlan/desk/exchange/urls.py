from django.urls import path

from anlan.desk.exchange.views import correcting, importing

urlpatterns = [
    path("imports/", importing.overview, name="imports"),
    path("imports/to/<path:name>/template.xlsx", importing.template, name="imports.template"),
    path("imports/to/<path:name>/", importing.upload, name="imports.upload"),
    path("imports/<int:pk>/", importing.show, name="imports.run"),
    path("imports/<int:pk>/progress/", importing.progress, name="imports.progress"),
    path("imports/<int:pk>/columns/", importing.remap, name="imports.columns"),
    path("imports/<int:pk>/confirm/", importing.confirm, name="imports.confirm"),
    path("imports/<int:pk>/afresh/", importing.afresh, name="imports.afresh"),
    path("imports/<int:pk>/left/", correcting.left, name="imports.left"),
    path("imports/left/<int:pk>/", correcting.settle, name="imports.settle"),
    path("imports/sources/<int:pk>/forget/", importing.forget, name="imports.forget"),
    path("imports/<int:pk>/bad.xlsx", importing.bad, name="imports.bad"),
]
