"""A telephone number somebody from elsewhere can ring: papers and public lists print it."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

reachable = RegexValidator(
    r"\A(\+86[ -]?)?(1\d{10}|\(?0\d{2,3}\)?[ -]?\d{7,8}([ 转-]{1,2}\d{1,6})?)\Z",
    _("Give the telephone number with its area code, for instance 0578-2091234, or a mobile number."),
)
"""A mobile number, or a landline with its area code and perhaps an extension."""
