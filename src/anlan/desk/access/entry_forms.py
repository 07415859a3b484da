"""The forms of a person's own entry: sign in, code, password. (The room forms.py holds those of administrators.)"""

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _

BOX = "form-control"


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("用户名"),
        max_length=64,
        widget=forms.TextInput({"class": BOX, "autocomplete": "username", "autofocus": True, "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput({"class": BOX, "autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("验证码"),
        max_length=20,
        help_text=_("验证器应用显示的 6 位数字；手机不在身边时，可填一个恢复码。"),
        widget=forms.TextInput({"class": BOX, "autocomplete": "one-time-code", "autofocus": True, "inputmode": "text"}),
    )


class EnrolForm(CodeForm):
    code = forms.CharField(
        label=_("应用显示的验证码"),
        max_length=20,
        widget=forms.TextInput({"class": BOX, "autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasswordForm(forms.Form):
    old = forms.CharField(
        label=_("当前密码"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput({"class": BOX, "autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("新密码"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput({"class": BOX, "autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输入一次新密码"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput({"class": BOX, "autocomplete": "new-password"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.rules = password_validators_help_texts()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", _("两次输入的新密码不同。"))
        return cleaned
