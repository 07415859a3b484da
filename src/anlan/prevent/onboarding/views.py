"""The wizard: which enterprise, which template, what of it; then what is there and what comes next."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from anlan.desk.access.standing import require
from anlan.prevent.onboarding import actions, gates
from anlan.prevent.onboarding.declare import templates
from anlan.prevent.onboarding.progress import steps

OFFERED = 50
PRINCIPAL, SAFETY_MANAGER = "主要负责人", "安全管理员"  # posts of the templates whose holders the file names


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Whoever has one enterprise begins at once; an officer looks for one."""
    require(request.user, gates.ADOPT)
    found = gates.enterprises_of(request.user).order_by("name")
    words = request.GET.get("q", "").strip()
    if words:
        found = found.filter(name__contains=words)
    chosen = list(found[: OFFERED + 1])
    if len(chosen) == 1 and not words:
        return redirect("onboarding.enterprise", pk=chosen[0].pk)
    context = {"title": _("企业快速建立"), "enterprises": chosen[:OFFERED], "q": words, "more": len(chosen) > OFFERED}
    return render(request, "onboarding/start.html", context | {"narrow": True})


@require_safe
def enterprise(request: HttpRequest, pk: int) -> HttpResponse:
    """The templates, those of the enterprise's own sector first; how far the loop runs."""
    row = get_object_or_404(gates.enterprises_of(request.user), pk=pk)
    own = set(row.categories.values_list("code", flat=True))
    ordered = sorted(templates().values(), key=lambda one: (not own & set(one.categories), one.order))
    adoptions = list(row.adoptions.order_by("-at").select_related("by")[:20])
    used = {one.template: one for one in reversed(adoptions) if one.undone_at is None}
    context = {
        "title": _("企业快速建立"),
        "enterprise": row,
        "rows": [(one, bool(own & set(one.categories)), used.get(one.code)) for one in ordered],
        "steps": steps(row),
        "narrow": True,
    }
    return render(request, "onboarding/enterprise.html", context)


@require_safe
def preview(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """What would be made, to be ticked off; and who holds which post."""
    row, template = _both(request, pk, code)
    people = {PRINCIPAL: row.legal_representative, SAFETY_MANAGER: row.safety_officer}
    context = {
        "title": template.title,
        "enterprise": row,
        "template": template,
        "posts": [(post, people.get(post.name, "")) for post in template.posts],
        "controls": sum(len(point.controls) for point in template.points),
        "narrow": True,
    }
    return render(request, "onboarding/preview.html", context)


@require_POST
def adopt(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    row, template = _both(request, pk, code)
    people = {post.name: request.POST.get(f"post-{n}", "").strip() for n, post in enumerate(template.posts)}
    try:
        made = actions.adopt(request.user, row, template, request.POST.getlist("point"), people)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("onboarding.preview", pk=pk, code=code)
    messages.success(request, _("已建立 %(points)d 个风险点，今天的排查任务已生成。") % {"points": len(made.points)})
    return redirect("onboarding.enterprise", pk=pk)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    adoption = get_object_or_404(gates.seen_by(request.user), pk=pk)
    try:
        actions.undo(request.user, adoption)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("已撤回。检查过的内容保留在历史中。"))
    return redirect("onboarding.enterprise", pk=adoption.enterprise_id)


def _both(request: HttpRequest, pk: int, code: str):
    template = templates().get(code)
    if template is None:
        raise Http404(_("没有模板 %(code)s。") % {"code": code})
    return get_object_or_404(gates.enterprises_of(request.user), pk=pk), template
