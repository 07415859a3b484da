from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from anlan.desk.forms.declare import Form
from anlan.watch.bulletins.models import Bulletin
from anlan.watch.bulletins.receiving import receive_by_hand
from anlan.wire.cap.messages import MOST_BYTES, Unreadable


class MessageForm(forms.Form):
    message = forms.CharField(
        label=_("CAP 报文"),
        max_length=MOST_BYTES,
        widget=forms.Textarea({"rows": 12}),
        help_text=_("粘贴整篇 XML；可以是一条报文、EDXL 信封，或内含报文的 Atom 源。"),
    )


def _save(user, form: MessageForm) -> Bulletin:
    try:
        taken = receive_by_hand(user, form.cleaned_data["message"].encode())
    except Unreadable as problem:
        raise ValidationError({"message": _now("不能读取：%(reason)s") % {"reason": problem}}) from problem
    if not taken.new:
        raise ValidationError({"message": _now("这些报文已经收到过，或不形成预警。")})
    return taken.new[0]


FORMS = [Form(on="bulletins", form=MessageForm, add="bulletins.receive", save=_save, title=_("外部预警"))]
