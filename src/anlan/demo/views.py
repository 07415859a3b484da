"""The page of scenarios: what each shows, and a button to start or stop it. The simulator does the rest."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from nats.errors import Error as NatsError

from anlan import packs
from anlan.demo.divisions import DISTRICT_CODE
from anlan.demo.lists import LOADED, PERMISSION
from anlan.demo.scenarios import SCENARIOS
from anlan.demo.simulator import ask
from anlan.desk.access.standing import require
from anlan.desk.audit.chain import Act, append
from anlan.telemetry import publish

WAIT = 3.0  # seconds for the simulator to answer


@require_safe
def scenarios(request: HttpRequest) -> HttpResponse:
    _allowed(request)
    answer = _asked("list")
    running = answer.get("running", {})
    english = (get_language() or "").startswith("en")
    sectors: dict[str, list[dict]] = {}
    for one in SCENARIOS.values():
        shown = {
            "name": one.name,
            "title": one.title_en if english else one.title_zh,
            "about": one.about_en if english else one.about_zh,
            "left": round(one.seconds - running[one.name]) if one.name in running else None,
        }
        sectors.setdefault(one.pack, []).append(shown)
    titled = [(packs.about(pack).get("title_en" if english else "title", pack), own) for pack, own in sectors.items()]
    context = {"title": _("演示场景"), "sectors": titled, "answers": "error" not in answer}
    return render(request, "demo/scenarios.html", context)


@require_POST
def play(request: HttpRequest) -> HttpResponse:
    """Starts or stops one scenario. It changes invented readings only, and is recorded like any other act."""
    _allowed(request)
    name, what = request.POST.get("name", ""), request.POST.get("do", "")
    if name not in SCENARIOS or what not in ("start", "stop"):
        raise Http404
    answer = _asked(what, name)
    if "error" in answer:
        messages.error(request, answer["error"])
    else:
        words = _("已启动演示场景：%(title)s。") if what == "start" else _("已停止演示场景：%(title)s。")
        one = SCENARIOS[name]
        words %= {"title": one.title_en if (get_language() or "").startswith("en") else one.title_zh}
        append(Act(action=f"demo.{what}", region=DISTRICT_CODE, words=words, data={"scenario": name}))
        messages.success(request, words)
    return redirect("scenarios")


def _allowed(request: HttpRequest) -> None:
    if not LOADED.exists():
        raise Http404
    require(request.user, PERMISSION)


def _asked(what: str, name: str = "") -> dict:
    try:
        return publish.run(settings.NATS_URL, lambda client: ask(client, what, name), wait=WAIT)
    except (NatsError, OSError, TimeoutError):
        return {"error": _("模拟器没有应答。请用 anlan run 启动平台，或单独启动 anlan simulate。")}
