"""Reminders before the days of a plan; registered when the app starts."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock, outbox, sweeps
from committees.autonomous.models import AutonomousPlan
from committees.autonomous.workflow import unit_people

_PLAN = _("Your plan of independent appraisal is due by {by}: {obj}")
_RESULT = _("Results and work summary of your appraisal are due by {by}: {obj}")


@sweeps.register("autonomous.reminders")
def remind() -> int:
    """Remind units of a plan or of results that are due; once for each of the days in the setting, never after it."""
    told, today = 0, clock.today()
    for plan in AutonomousPlan.objects.due().select_related("delegation__unit", "delegation__series"):
        day, words = (plan.result_due_on, _RESULT) if plan.status == "consented" else (plan.due_on, _PLAN)
        left = (day - today).days
        near = [before for before in settings.PORTAL_AUTONOMOUS_REMINDERS if 0 <= left <= before]
        if not near:
            continue
        for user in unit_people(plan):
            outbox.put_message(
                user, key=f"autonomous:{plan.pk}:{plan.status}:{day:%Y%m%d}:{min(near)}:{user.pk}", subject=words,
                body=_("Open the plan, complete what is missing and hand it in."), link=plan.get_absolute_url(),
                by=day, action_needed=True, words={"obj": str(plan)},
            )  # fmt: skip
        told += 1
    return told
