"""The table of what a holder shows at checks: on and off as often as they like, each time with a record."""

from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.workflow import NEW, Transition, Workflow
from certificates.access import is_holder
from certificates.models import Disclosure, DisclosureRecord

DISCLOSURE = Workflow(
    Disclosure,
    DisclosureRecord,
    Transition("show", _("Show it at checks"), (NEW, "hidden"), "shown", is_holder),
    Transition("hide", _("Do not show it any more"), ("shown",), "hidden", is_holder),
)
