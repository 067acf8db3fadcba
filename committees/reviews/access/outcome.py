"""Who gives reasons and who confirms the filing."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.access import predicate


@predicate(_("Only the office that prepared this case may give the reasons."))
def is_clerk_of_the_case(actor: Any, file: Any) -> bool:
    """Clerk of the committee's office; where nobody voted, whoever prepared in the bureau that decided."""
    if file is None:
        return bool(actor.acts_as("office_clerk", "forwarder", "bureau_reviewer"))
    case = file.declaration
    if case.line.decided_by == "committee":
        return bool(actor.acts_as("office_clerk")) and case.committee.office_id == actor.acting_organisation_id
    item = case.determination_items.select_related("determination").order_by("-pk").first()
    return bool(
        item
        and actor.acts_as("forwarder", "bureau_reviewer")
        and item.determination.authority_id == actor.acting_organisation_id
    )


@predicate(_("Only a clerk of the person's work unit may confirm the filing."))
def keeps_the_file(actor: Any, file: Any) -> bool:
    """The unit keeps the personal file (人事档案)."""
    if not actor.acts_as("unit_clerk"):
        return False
    return file is None or bool(file.declaration.unit_id == actor.acting_organisation_id)


@predicate(_("This case is your own."))
def is_not_ones_own(actor: Any, file: Any) -> bool:
    """Nobody writes into the own personal file."""
    return file is None or file.declaration.applicant.user_id != actor.pk
