from django.urls import path

from anlan.onemap import views

app_name = "onemap"
urlpatterns = [
    path("map/", views.map_page, name="map"),
    path("map/list/", views.as_list, name="list"),
    path("map/layers.json", views.layers_json, name="layers"),
    path("map/layers/<slug:name>.columns", views.layer_columns, name="columns"),
    path("map/layers/<slug:name>.geojson", views.layer_geojson, name="geojson"),
    path("map/search", views.find, name="search"),
    path("map/here", views.what_lies_here, name="here"),
    path("map/item/<slug:name>/<str:key>", views.item, name="item"),
    path("map/base.pmtiles", views.base_map, name="base"),
]
