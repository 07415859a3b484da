from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

KINDS = (str.islower, str.isupper, str.isdigit, lambda character: not character.isalnum())


class ThreeKindsValidator:
    """At least three of lower case, upper case, digit and sign (GB/T 22239-2019 asks for complexity, not for how)."""

    def validate(self, password, user=None):
        if sum(any(kind(character) for character in password) for kind in KINDS) < 3:
            raise ValidationError(self.get_help_text(), code="too_few_kinds")

    def get_help_text(self):
        return _("密码须包含小写字母、大写字母、数字、符号中的至少三类。")
