from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from anlan.desk.access.standing import may, posts_for, require
from anlan.prevent.supervision import actions, gates
from anlan.prevent.supervision import overview as counting
from anlan.prevent.supervision.rules import policy


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Grades by town and department, the blind spots, and the plan of the year."""
    require(request.user, gates.SEE)
    today = timezone.localdate()
    context = {
        "title": _("分级监管概览"),
        "towns": counting.by_town(request.user),
        "departments": counting.by_department(request.user),
        "blind": counting.blind_spots(request.user),
        "policy": policy(today),
        "levels": (1, 2, 3, 4),
        "may_plan": may(request.user, gates.PLAN),
        "year": today.year,
        "narrow": True,
    }
    return render(request, "supervision/overview.html", context)


@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    """The year's visits for the region of the person's own post."""
    require(request.user, gates.PLAN)
    region = min((post.region for post in posts_for(request.user, gates.PLAN)), key=len)
    year = request.POST.get("year", "")
    try:
        count = actions.draw(request.user, region, int(year) if year.isdecimal() else 0)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已列入 %(count)d 次检查。已有计划的企业不变。") % {"count": count})
    return redirect("supervision.overview")
