from django import forms
from django.utils.translation import gettext_lazy as _

from anlan.desk.access import actions, gates, granting
from anlan.desk.access.models import Post, User
from anlan.desk.access.roles import all_roles
from anlan.desk.forms.declare import Form


class AccountForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["username", "name", "phone", "email"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["username"].disabled = True


class PostForm(forms.ModelForm):
    username = forms.CharField(label=_("用户名"), help_text=_("要授予岗位的账号。"))
    role = forms.ChoiceField(label=_("角色"))
    region = forms.CharField(
        label=_("辖区代码"), required=False, help_text=_("岗位管到这个辖区和它下面的所有辖区；不填为全部辖区。")
    )

    class Meta:
        model = Post
        fields = ["username", "role", "organisation", "region", "since", "until"]
        widgets = {"since": forms.DateInput({"type": "date"}), "until": forms.DateInput({"type": "date"})}

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor = user
        self.fields["role"].choices = [("", "")] + [(role.code, role.title) for role in all_roles().values()]

    def clean_username(self):
        found = gates.accounts_seen_by(self.actor).filter(username=self.cleaned_data["username"]).first()
        if found is None:
            raise forms.ValidationError(_("没有这个账号。请先由系统管理员开户。"))
        self.account = found
        return found.username


def _save_account(user, form):
    values = {name: form.cleaned_data[name] for name in ("name", "phone", "email")}
    if form.instance.pk:
        return actions.change_account(user, User.objects.get(pk=form.instance.pk), **values)
    account, _password = actions.create_account(user, username=form.cleaned_data["username"], **values)
    return account


def _save_post(user, form):
    values = {name: form.cleaned_data[name] for name in ("role", "organisation", "region", "since", "until")}
    return granting.grant(user, form.account, **values)


FORMS = [
    Form(
        on="accounts",
        form=AccountForm,
        save=_save_account,
        title=_("账号"),
        add="access.accounts",
        change="access.accounts",
    ),
    Form(on="posts", form=PostForm, save=_save_post, title=_("岗位"), add="access.posts", takes_user=True),
]
