"""Writing a claim before it is handed in: a draft with its two files, a correction after it was returned."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from appraisal_portal.kernel import files
from appraisal_portal.kernel.workflow import Act, Blocked, Problem
from certificates.models import Claim
from certificates.workflow import CLAIM
from certificates.workflow.claim import FACTS

OPEN = (Claim.Status.DRAFT, Claim.Status.RETURNED)
_ONCE = "claim_live_once"


def keep(
    values: dict[str, Any], *, user: Any, claim: Claim | None = None, file: Any = None, photo: Any = None
) -> Claim:
    """Store a new draft, or what was changed in one that is still with its person; judged by the rules at once.

    Raises Blocked with every reason at its field, also for a file that is not taken and a claim handed in meanwhile.
    """
    try:
        with transaction.atomic():
            row = _open(claim) if claim is not None else Claim(person=user.person)
            for name, value in values.items():
                setattr(row, name, value)
            for name, sent in (("file", file), ("photo", photo)):
                if sent:
                    setattr(row, name, _accepted(name, sent, user))
            problems = [found for rule in FACTS for found in rule(row, Act(user, CLAIM.transitions["submit"]))]
            if problems:
                raise Blocked(*problems)
            row.save()
    except IntegrityError as error:
        if _ONCE not in str(error):
            raise
        # Two tabs at the same moment: the rule above could not see the other one yet.
        words = _("A registration of this title is under way already. Please go on with that one.")
        raise Blocked(Problem(words, "title")) from error
    return row


def _open(claim: Claim) -> Claim:
    row: Claim = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    if row.status not in OPEN:
        raise Blocked(Problem(_("This registration is with the bureau; it cannot be changed now.")))
    return row


def _accepted(name: str, sent: Any, user: Any) -> Any:
    try:
        return (
            files.accept_photo(sent, owner=user).printed if name == "photo" else files.accept_upload(sent, owner=user)
        )
    except files.UploadRefused as error:
        raise Blocked(Problem(str(error), name)) from error
