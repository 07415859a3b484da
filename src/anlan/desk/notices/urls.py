from django.urls import path

from anlan.desk.notices.views import inbox, receipts, stream

urlpatterns = [
    path("live/", stream.live, name="live"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<int:pk>/go/", inbox.go, name="inbox.go"),
    path("inbox/read/", inbox.read, name="inbox.read"),
    path("inbox/count/", inbox.count, name="inbox.count"),
    path("inbox/settings/", inbox.settings, name="inbox.settings"),
    path("notices/receipts/<slug:channel>/", receipts.receipt, name="notices.receipt"),
]
