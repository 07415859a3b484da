from django.urls import path

from anlan.prevent.onboarding import views

urlpatterns = [
    path("onboarding/", views.start, name="onboarding"),
    path("onboarding/<int:pk>/", views.enterprise, name="onboarding.enterprise"),
    path("onboarding/<int:pk>/<slug:code>/", views.preview, name="onboarding.preview"),
    path("onboarding/<int:pk>/<slug:code>/adopt/", views.adopt, name="onboarding.adopt"),
    path("onboarding/adoptions/<int:pk>/undo/", views.undo, name="onboarding.undo"),
]
