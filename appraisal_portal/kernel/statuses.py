"""The one vocabulary of statuses (ui.md §8): which words and which colour a state is shown with.

Blue waits for an office, orange waits for you, green is positive, red is an objection or problem,
purple is publicity, grey is closed.
A workflow is named by its model's name in lower case; nothing of the stages is imported here.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TONES = ("blue", "green", "orange", "red", "grey", "purple")


@dataclass(frozen=True)
class StatusTag:
    """One pale tag: ``code`` as stored, ``label`` in words, ``tone`` one of :data:`TONES`."""

    code: str
    label: str | Promise
    tone: str


# The sixteen tags every page shares, by their number in ui.md §8
DRAFT = (_("Draft"), "grey")
WITH_UNIT = (_("With your work unit"), "blue")
UNIT_PUBLICITY = (_("Unit publicity"), "purple")
WAITING_CHECK = (_("Waiting for check"), "blue")
NEEDS_CORRECTION = (_("Needs correction"), "orange")
ELIGIBLE = (_("Eligible"), "green")
NOT_ELIGIBLE = (_("Not eligible"), "grey")
WAITING_MEETING = (_("Waiting for the meeting"), "blue")
PASSED = (_("Passed"), "green")
NOT_PASSED = (_("Not passed"), "grey")
RESULTS_PUBLIC = (_("Results public"), "purple")
OBJECTION = (_("Objection received"), "red")
WAITING_APPROVAL = (_("Waiting for approval"), "blue")
ISSUED = (_("Certificate issued"), "green")
WITHDRAWN = (_("Withdrawn"), "grey")
REVOKED = (_("Revoked"), "red")

Words = tuple[str | Promise, str]  # label, tone

# States that mean the same in several workflows
COMMON: dict[str, Words] = {
    "draft": DRAFT,
    "submitted": (_("Waiting for the bureau"), "blue"),
    "proposed": (_("Waiting for the second person"), "blue"),
    "approved": (_("Approved"), "green"),
    "returned": (_("Returned"), "orange"),
    "published": (_("Published"), "green"),
    "superseded": (_("Superseded"), "grey"),
    "withdrawn": WITHDRAWN,
    "revoked": REVOKED,
    "cancelled": (_("Cancelled"), "grey"),
    "void": (_("Void"), "grey"),
    "done": (_("Finished"), "green"),
    "failed": (_("Failed"), "red"),
    "waiting": (_("Waiting"), "blue"),
    "running": (_("In progress"), "blue"),
    "closed": (_("Closed"), "grey"),
    "expired": (_("Expired"), "grey"),
    "open": (pgettext_lazy("status", "Open"), "blue"),
    "active": (_("Active"), "green"),
    "suspended": (_("Suspended"), "red"),
}

_RECUSAL: dict[str, Words] = {
    "open": (_("Waiting for confirmation"), "blue"),
    "confirmed": (_("Confirmed"), "green"),
    "refused": (_("Refused"), "grey"),
}

_PUBLICITY: dict[str, Words] = {
    "signed": (_("Signed, not started"), "blue"),
    "running": (_("Public now"), "purple"),
    "halted": (_("Halted"), "red"),
    "closed": (_("Publicity over"), "grey"),
}

# States of one workflow, by the model's name
SHOWN: dict[str, dict[str, Words]] = {
    "declaration": {
        "draft": DRAFT,
        "with_unit": WITH_UNIT,
        "verified": (_("Verified by the work unit"), "blue"),
        "recommended": (_("Recommended by the work unit"), "blue"),
        "unit_publicity": UNIT_PUBLICITY,
        "returned": NEEDS_CORRECTION,
        "supplement": NEEDS_CORRECTION,
        "forwarded": WAITING_CHECK,
        "in_examination": WAITING_CHECK,
        "qualified": ELIGIBLE,
        "disqualified": NOT_ELIGIBLE,
        "on_roster": WAITING_MEETING,
        "deferred": WAITING_MEETING,
        "passed": PASSED,
        "not_passed": NOT_PASSED,
        "result_publicity": RESULTS_PUBLIC,
        "held": OBJECTION,
        "reported": WAITING_APPROVAL,
        "approved": (_("Approved"), "green"),
        "entrusted": (_("With the higher committee"), "blue"),
        "certified": ISSUED,
        "granted_elsewhere": (_("Granted by the higher committee"), "green"),
        "withdrawn": WITHDRAWN,
        "abandoned": (_("Given up: no reply in time"), "grey"),
        "not_recommended": (_("Not recommended"), "grey"),
        "excluded": (_("Excluded after an objection"), "grey"),
        "rejected": (_("Not approved"), "grey"),
        "refused_elsewhere": (_("Not passed by the higher committee"), "grey"),
        "barred": (_("Barred from applying"), "grey"),
        "revoked": REVOKED,
    },
    "meeting": {
        "applied": (_("Waiting for the bureau"), "blue"),
        "in_session": (_("In session"), "purple"),
        "decided": (_("Results locked"), "green"),
    },
    "draw": {
        "drawn": (_("Waiting for confirmation"), "blue"),
        "confirmed": (_("Confirmed"), "green"),
        "set_aside": (_("Set aside"), "grey"),
    },
    "caserecusal": _RECUSAL,
    "recusalproposal": _RECUSAL,
    "scoresheet": {"submitted": (_("Handed in"), "green")},
    "panelopinion": {"signed": (_("Signed"), "green")},
    "invitation": {
        "invited": (_("Waiting for the answer"), "blue"),
        "accepted": (_("Accepted"), "green"),
        "declined": (_("Declined"), "grey"),
    },
    "ballotround": {"open": (_("In progress"), "blue"), "sealed": (_("Sealed"), "green")},
    "unitpublicity": _PUBLICITY,
    "resultpublicity": _PUBLICITY,
    "objection": {
        "received": (_("Received"), "blue"),
        "investigating": (_("Under investigation"), "red"),
        "reported_late": (_("Taken as a report"), "grey"),
        "settled": (_("Report followed up"), "grey"),
        "concluded": (_("Waiting for the bureau"), "blue"),
        "unfounded": (_("Not upheld"), "grey"),
        "upheld": (_("Upheld"), "red"),
    },
    "resultreport": {"sent": (_("Waiting for the bureau"), "blue"), "decided": (_("Decided"), "green")},
    "delegation": {"in_force": (_("In force"), "green"), "ended": (_("Ended"), "grey")},
    "autonomousplan": {
        "submitted": (_("Waiting for the authority"), "blue"),
        "consented": (_("Consented"), "green"),
    },
    "filedbatch": {
        "filed": (_("Waiting for the authority"), "blue"),
        "accepted": (_("Taken on record"), "green"),
    },
    "personalfile": {"filed": (_("Filed"), "green")},
    "determination": {"decided": (_("Decided"), "green")},
    "entrustmentletter": {"issued": (_("Letter issued"), "green")},
    "externalresult": {"registered": (_("Registered"), "green")},
    "archivebook": {"ordered": (_("Being made"), "blue"), "made": (_("Made"), "green")},
    "issuebatch": {"issuing": (_("Being issued"), "blue")},
    "claim": {
        "returned": NEEDS_CORRECTION,
        "approved": (_("Certificate being made"), "blue"),
        "registered": (_("Registered"), "green"),
        "refused": (_("Refused"), "grey"),
    },
    "appointment": {
        "proposed": (_("Waiting for the head"), "blue"),
        "in_force": (_("In force"), "green"),
        "refused": (_("Refused"), "grey"),
        "ended": (_("Ended"), "grey"),
    },
    "certificate": {"valid": (pgettext_lazy("certificate", "Valid"), "green")},
    "disclosure": {"hidden": (_("Not shown"), "grey"), "shown": (_("Shown"), "green")},
    "correction": {
        "approved": (_("New version being made"), "orange"),
        "done": (_("Corrected"), "green"),
        "dropped": (_("Dropped"), "grey"),
    },
    "seal": {
        "in_use": (_("In use"), "green"),
        "ended": (_("No longer in use"), "grey"),
        "dropped": (_("Dropped"), "grey"),
    },
    "unitseal": {
        "proposed": (_("Waiting for the check"), "blue"),
        "in_use": (_("In use"), "green"),
        "refused": (_("Refused"), "grey"),
        "withdrawn": (_("Taken back"), "grey"),
        "replaced": (_("Replaced"), "grey"),
        "ended": (_("No longer in use"), "red"),
    },
    "revocation": {"decided": (_("Decided"), "green"), "dropped": (_("Dropped"), "grey")},
    "sanction": {
        "draft": (_("Being heard"), "orange"),
        "dropped": (_("Dropped"), "grey"),
        "heard": (_("Statement heard"), "blue"),
        "in_force": (_("In force"), "red"),
        "lifted": (_("Lifted"), "grey"),
    },
    "lifting": {
        "asked": (_("Waiting for the hearing"), "blue"),
        "heard": (_("Statement heard"), "blue"),
        "lifted": (_("Ban lifted"), "green"),
        "refused": (_("Ban stands"), "red"),
    },
    "supervisioncheck": {
        "open": (_("Being checked"), "blue"),
        "sent": (_("To be mended"), "orange"),
        "answered": (_("Answered"), "blue"),
        "closed": (_("Closed"), "green"),
        "withdrawn": (_("Authority withdrawn"), "red"),
    },
    "originals": {
        "with_unit": (_("With the work unit"), "blue"),
        "with_forwarder": (_("With the county bureau or department"), "blue"),
        "with_office": (_("With the deciding office"), "blue"),
        "back_with_forwarder": (_("On the way back"), "orange"),
        "back_with_unit": (_("To be given back by the unit"), "orange"),
        "returned": (_("Given back"), "green"),
    },
    "extension": {"in_force": (_("In force"), "green"), "refused": (_("Refused"), "grey")},
    "employment": {
        "asked": (_("Waiting for the unit"), "blue"),
        "confirmed": (_("Confirmed"), "green"),
        "refused": (_("Refused"), "grey"),
        "withdrawn": (_("Taken back"), "grey"),
        "ended": (_("Ended"), "grey"),
    },
    "organisation": {"waiting": (_("Waiting for the bureau"), "blue")},
    "spotcheckitem": {
        "pending": (_("To be checked"), "blue"),
        "clear": (_("No defect"), "green"),
        "defect": (_("Defect found"), "red"),
        "re_examining": (_("Being examined again"), "orange"),
        "confirmed": (_("Examined again: eligible"), "green"),
        "not_eligible": (_("Examined again: not eligible"), "red"),
        "excluded": (_("Excluded"), "grey"),
    },
    "spotcheck": {
        "announced": (_("Announced"), "blue"),
        "drawn": (_("Drawn"), "blue"),
        "found": (_("Findings recorded"), "blue"),
        "re_examining": (_("Being examined again"), "orange"),
    },
}

# What the person concerned reads instead: nothing before the result may be known, and no steps inside the unit
FOR_THE_PERSON: dict[str, dict[str, Words]] = {
    "sanction": {"heard": (_("Waiting for a decision"), "blue"), "proposed": (_("Waiting for a decision"), "blue")},
    "declaration": {"passed": WAITING_MEETING, "verified": WITH_UNIT},
}
# Unit and forwarder read their own steps, and as little of the result
FOR_THE_UNIT: dict[str, dict[str, Words]] = {"declaration": {"passed": WAITING_MEETING}}

# Where a talent agency (人才服务机构) plays the unit, it is not called a unit
AT_AGENCY: dict[str, dict[str, Words]] = {
    "declaration": {
        "with_unit": (_("With the talent agency"), "blue"),
        "verified": (_("Verified by the talent agency"), "blue"),
        "recommended": (_("Recommended by the talent agency"), "blue"),
        "unit_publicity": (_("Agency publicity"), "purple"),
    },
    "employment": {"asked": (_("Waiting for the talent agency"), "blue")},
}


def differs_at_agency(workflow: str, status: str) -> bool:
    """Whether the tag depends on who plays the unit; only then it need be read."""
    return status in AT_AGENCY.get(workflow.lower(), {})


def shown(workflow: str, status: str, *, own: bool | str = False, agency: bool = False) -> StatusTag:
    """The tag of a status; ``own`` gives what the person concerned may read ("unit": what unit and forwarder may),
    ``agency`` the words where a talent agency plays the unit. An unknown status is shown as written, in grey.

    ``workflow`` is the model's name ("declaration", "Meeting"); an empty string asks for the common words only.
    """
    name = workflow.lower()
    held_back = (FOR_THE_UNIT if own == "unit" else FOR_THE_PERSON).get(name, {}) if own else {}
    if agency and differs_at_agency(name, status):
        at_agency = AT_AGENCY[name]
        label, tone = at_agency["with_unit"] if status in held_back else at_agency[status]
        return StatusTag(status, label, tone)
    words = held_back.get(status) or SHOWN.get(name, {}).get(status) or COMMON.get(status)
    label, tone = words or (status.replace("_", " "), "grey")
    return StatusTag(status, label, tone)
