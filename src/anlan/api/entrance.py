"""Who is asking the interface: a program by its key, or a page by its session. Nobody else is answered."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.security import APIKeyCookie, HttpBearer

from anlan.api import keys
from anlan.desk.access import addresses
from anlan.desk.access.middleware import owed
from anlan.desk.audit import context

READING = {"GET", "HEAD"}


class ByKey(HttpBearer):
    """`Authorization: Bearer anlan_…`. A key reads; `asks` lets it also ask what changes nothing but is no GET."""

    def __init__(self, *, asks: bool = False):
        self.asks = asks
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str):
        address = request.META.get("REMOTE_ADDR", "")
        if addresses.blocked(address):
            raise HttpError(429, _("来自该地址的失败过多，请十分钟后再试。"))
        user = keys.bearer(token)
        if user is None:
            addresses.failed(address)
            raise HttpError(401, _("密钥无效、已作废或已过期。请在“开放接口 · 接口密钥”查看。"))
        if not self.asks and request.method not in READING:
            raise HttpError(403, _("接口密钥只能读取。"))
        request.user = user
        context.now_acting(f"{user.username} ({user.api_key.start}…)")
        return user


class BySession(APIKeyCookie):
    """The session of a signed-in person, with the token against forged requests where something is not only read."""

    param_name = settings.SESSION_COOKIE_NAME

    def _get_key(self, request: HttpRequest):
        if not request.user.is_authenticated:
            return None
        return super()._get_key(request) if request.method not in READING else ""

    def authenticate(self, request: HttpRequest, key):
        if not request.user.is_authenticated:
            return None
        if owed(request.user):
            raise HttpError(403, _("请先在网页上修改密码或启用二次验证。"))
        return request.user


ENTRANCE = [ByKey(), BySession()]
ASKING = [ByKey(asks=True), BySession()]
