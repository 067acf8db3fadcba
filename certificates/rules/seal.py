"""What must hold before a seal is proposed: pure functions (object, act) → problems in words."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from appraisal_portal.kernel.workflow import Act, Problem


def no_other_seal_waits(seal: Any, act: Act) -> Iterable[Problem]:
    """One seal at a time waits for its decision."""
    if type(seal).objects.filter(status="proposed").exclude(pk=seal.pk).exists():
        yield Problem(_("Another seal waits for a decision already."))
