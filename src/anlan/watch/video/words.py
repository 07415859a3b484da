"""What the process that watches says of itself, in the reader's language."""

from django.utils.translation import gettext as _


def plain(state: str) -> str:
    """The state of a stream; what is not in the table is shown as it was said."""
    return {
        "connecting": _("正在连接"),
        "watching": _("正在看"),
        "no stream": _("连不上视频流"),
        "stream ended": _("视频流断了，正在重连"),
        "not watched": _("没有登记可读的视频流"),
        "nobody watches": _("视频进程没有应答"),
    }.get(state, state)
