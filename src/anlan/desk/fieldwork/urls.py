from django.urls import path

from anlan.desk.fieldwork.views import contact, desk, shell

urlpatterns = [
    path("phone/", shell.app, name="phone"),
    path("phone/worker.js", shell.worker, name="phone.worker"),
    path("phone/app.webmanifest", shell.manifest, name="phone.manifest"),
    path("phone/icon-<int:size>.png", shell.picture, name="phone.icon"),
    path("phone/me/", contact.me, name="phone.me"),
    path("phone/sync/", contact.sync, name="phone.sync"),
    path("phone/send/", contact.send, name="phone.send"),
    path("phone/files/", contact.announce, name="phone.files"),
    path("phone/files/<uuid:key>/", contact.piece, name="phone.piece"),
    path("account/phones/", desk.install, name="phone.install"),
    path("account/phones/<int:pk>/revoke/", desk.revoke, name="phone.revoke"),
]
