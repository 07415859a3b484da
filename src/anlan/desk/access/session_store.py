"""Django's sessions in the database, asked for with a question put once."""

from functools import cache

from django.contrib.sessions.backends import db
from django.utils import timezone

from anlan.desk.access.prepared import Prepared


@cache
def _by_key() -> Prepared:
    from django.contrib.sessions.models import Session  # the registry of models is not ready when settings name this

    return Prepared(Session, "session_key")


class SessionStore(db.SessionStore):
    def _get_session_from_db(self):
        for session in _by_key()(self.session_key):
            if session.expire_date > timezone.now():
                return session
        self._session_key = None
        return None
