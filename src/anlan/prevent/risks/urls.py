from django.urls import path

from anlan.prevent.risks import views

urlpatterns = [
    path("risks/region/", views.region, name="risks.region"),
    path("risks/board/<int:pk>/", views.enterprise_board, name="risks.board"),
    path("risks/<int:pk>/card/", views.notice_card, name="risks.card"),
    path("risks/<int:pk>/handling/", views.handling_card, name="risks.handling"),
    path("risk-events/<int:pk>/evaluate/", views.evaluate_event, name="risk-events.evaluate"),
    path("risk-events/<int:pk>/remove/", views.remove, name="risk-events.remove"),
    path("floor-plans/<int:pk>/", views.floor_plan, name="risks.plan"),
    path("floor-plans/<int:pk>/zone/", views.zone, name="risks.zone"),
    path("disaster-points/<int:pk>/pack/", views.disaster_pack, name="risks.disaster-pack"),
    path("public/risks/", views.public_notice, name="risks.public"),
    path("public/risks/<int:pk>/", views.public_disclosure, name="risks.public-one"),
]
