from datetime import date, timedelta

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from anlan.desk.access.standing import posts_for, require
from anlan.desk.pages.form_page import dressed
from anlan.know.enterprises.categories import all_categories
from anlan.know.places.fields import RegionField
from anlan.prevent.checks import drawing
from anlan.prevent.checks.checklists import checklists


class DrawForm(forms.Form):
    """What is drawn from and how many."""

    checklist = forms.ChoiceField(label=gettext_lazy("检查表"))
    region = RegionField()
    category = forms.ChoiceField(label=gettext_lazy("监管类别"), required=False)
    count = forms.IntegerField(label=gettext_lazy("抽取企业数"), min_value=1, max_value=drawing.MOST, initial=10)
    due_on = forms.DateField(label=gettext_lazy("检查期限"))
    title = forms.CharField(label=gettext_lazy("名称"), max_length=100, required=False)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["checklist"].choices = [(code, one.title) for code, one in checklists().items()]
        every = [("", gettext_lazy("不限"))]
        self.fields["category"].choices = every + [(code, one.title) for code, one in all_categories().items()]

    def wanted(self) -> drawing.Wanted:
        return drawing.Wanted(**self.cleaned_data)


@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: HttpRequest) -> HttpResponse:
    """Asks what to draw from, draws, and shows what was drawn."""
    require(request.user, "checks.draw")
    form = DrawForm(request.POST) if request.method == "POST" else DrawForm(initial=_initial(request))
    dressed(form)
    if request.method == "POST" and form.is_valid():
        try:
            made = drawing.draw(request.user, form.wanted())
        except ValidationError as error:
            for name, faults in getattr(error, "error_dict", {None: error.error_list}).items():
                form.add_error(name if name in form.fields else None, faults)
        except PermissionDenied as error:
            form.add_error("region", str(error))
        else:
            messages.success(request, _("已抽取 %(count)d 家企业，检查人员已收到消息。") % {"count": len(made.drawn)})
            return redirect("check-draws.item", made.pk)
    context = {"title": _("抽取检查对象"), "form": form, "narrow": True}
    return render(request, "checks/draw.html", context, status=422 if form.errors else 200)


def _initial(request: HttpRequest) -> dict:
    held = posts_for(request.user, "checks.draw")
    due_on: date = timezone.localdate() + timedelta(days=30)
    return {"region": held[0].region if held else "", "due_on": due_on}
