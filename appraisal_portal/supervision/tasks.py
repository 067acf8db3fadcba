"""Reminders before the day by which findings are mended; registered when the app starts."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock, outbox, sweeps
from appraisal_portal.supervision.models import SupervisionCheck
from appraisal_portal.supervision.workflow import office

_WORDS = _("Findings of the supervision are to be mended by {by}: {obj}")


@sweeps.register("supervision.reminders")
def remind() -> int:
    """Remind the committee's office of findings it has not answered; once for each of the days in the setting."""
    told, today = 0, clock.today()
    waiting = SupervisionCheck.objects.filter(status=SupervisionCheck.Status.SENT, rectify_by__gte=today)
    for check in waiting.select_related("committee"):
        left = (check.rectify_by - today).days
        near = [before for before in settings.PORTAL_SUPERVISION_REMINDERS if left <= before]
        if not near:
            continue
        for user in office(check):
            outbox.put_message(
                user, key=f"supervision:{check.pk}:{check.rectify_by:%Y%m%d}:{min(near)}:{user.pk}", subject=_WORDS,
                body=_("Please mend what the bureau found; the director answers on the page of the check."),
                link=check.get_absolute_url(), by=check.rectify_by, action_needed=True, words={"obj": str(check)},
            )  # fmt: skip
        told += 1
    return told
