"""A person's inbox and how he wants to be told."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from anlan.desk.access.middleware import passive
from anlan.desk.lists.declare import lists
from anlan.desk.notices import actions, gates
from anlan.desk.notices.channels.registry import CHANNELS
from anlan.desk.notices.deliveries import ALSO_WITHOUT_LEVEL, DEFAULTS

PAGE = 50
LEVELS = (
    (1, gettext_lazy("仅红色")),
    (2, gettext_lazy("橙色及以上")),
    (3, gettext_lazy("黄色及以上")),
    (4, gettext_lazy("蓝色及以上")),
    (ALSO_WITHOUT_LEVEL, gettext_lazy("全部消息")),
)


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Unread first; `show=all` also what was read; `room` only one kind; `before` the next page."""
    notices = gates.seen_by(request.user)
    everything = request.GET.get("show") == "all"
    room, before = request.GET.get("room", ""), request.GET.get("before", "")
    shown = notices if everything else notices.filter(read_at=None)
    if room:
        shown = shown.filter(room=room)
    if before.isdecimal():
        shown = shown.filter(pk__lt=int(before))
    page = list(shown.order_by("-pk")[: PAGE + 1])
    unread = notices.filter(read_at=None).order_by().values("room").annotate(count=Count("pk"))
    counts = {entry["room"]: entry["count"] for entry in unread}
    context = {
        "title": _("收件箱"),
        "notices": [(notice, room_title(notice.room)) for notice in page[:PAGE]],
        "everything": everything,
        "room": room,
        "rooms": [(name, room_title(name), counts[name]) for name in sorted(counts) if name],
        "unread_count": sum(counts.values()),
        "following": page[PAGE - 1].pk if len(page) > PAGE else None,
    }
    return render(request, "notices/inbox.html", context)


@require_safe
def go(request: HttpRequest, pk: int) -> HttpResponse:
    """To the thing a notice is about; the notice counts as read."""
    notice = get_object_or_404(gates.seen_by(request.user), pk=pk)
    actions.read(request.user, [notice.pk])
    return redirect(notice.url if leads_home(notice.url) else "inbox")


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Marks those ticked, or all (of one kind), as read."""
    unread = gates.seen_by(request.user).filter(read_at=None)
    if "all" in request.POST:
        chosen = unread.filter(room=request.POST["room"]) if request.POST.get("room") else unread
    else:
        chosen = unread.filter(pk__in=[number for number in request.POST.getlist("notice") if number.isdecimal()])
    actions.read(request.user, list(chosen.values_list("pk", flat=True)))
    return redirect("inbox")


@passive
@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """The unread count as plain text, for whoever shows a bell of his own."""
    return HttpResponse(str(gates.unread(request.user)), content_type="text/plain")


def settings(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        try:
            for name in CHANNELS:
                actions.choose_channel(
                    request.user,
                    name,
                    enabled=f"{name}.enabled" in request.POST,
                    least_level=int(request.POST.get(f"{name}.level", "2") or 0),
                )
        except (ValidationError, ValueError) as error:
            messages.error(request, " ".join(getattr(error, "messages", [_("请选择等级。")])))
        else:
            messages.success(request, _("接收设置已保存。"))
        return redirect("inbox.settings")
    chosen = {choice.channel: choice for choice in request.user.channel_choices.all()}
    rows = [_channel_row(request.user, name, channel, chosen.get(name)) for name, channel in CHANNELS.items()]
    return render(request, "notices/settings.html", {"title": _("消息接收设置"), "rows": rows, "levels": LEVELS})


def _channel_row(user, name, channel, choice) -> dict:
    return {
        "name": name,
        "title": channel.TITLE,
        "ready": channel.ready(),
        "address": channel.address_of(user),
        "enabled": choice.enabled if choice else name in DEFAULTS,
        "least_level": choice.least_level if choice else DEFAULTS.get(name, 2),
    }


def room_title(room: str):
    known = lists().get(room)
    return known.title if known else ""


def leads_home(url: str) -> bool:
    return url.startswith("/") and not url.startswith(("//", "/\\"))
