"""Labels of the declared fields and words of coded values, for everybody who reads a declaration."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from applications.models import Achievement, Assessment, Declaration, Education, HeldTitle
from appraisal_portal.accounts.models import Employment, Organisation, Person
from committees.plans.models import Channel
from committees.plans.questions import plain

Text = str | Promise

SECTIONS: dict[str, Text] = {
    "application": gettext_lazy("Title applied for"),
    "person": gettext_lazy("Personal details"),
    "education": gettext_lazy("Education"),
    "title": gettext_lazy("Present title"),
    "class": gettext_lazy("Class of applicant"),
    "relief": gettext_lazy("Relief for hardship areas and grass-roots posts"),
    "way": gettext_lazy("Your way to the title"),
    "hours": gettext_lazy("Continuing education"),
    "experience": gettext_lazy("Work history and training"),
    "achievements": gettext_lazy("Achievements"),
    "assessments": gettext_lazy("Annual assessments"),
    "representative": gettext_lazy("Representative work"),
    "questions": gettext_lazy("Questions of the committee"),
    "self_scoring": gettext_lazy("Self-scoring sheet"),
    "attachments": gettext_lazy("Attachments"),
    "photo": gettext_lazy("Photograph"),
}

FIELDS: dict[str, Text] = {
    "year": gettext_lazy("Year"),
    "series": gettext_lazy("Series"),
    "subfield": gettext_lazy("Subfield"),
    "title": gettext_lazy("Title"),
    "level": gettext_lazy("Level"),
    "route": gettext_lazy("Route"),
    "specialty": gettext_lazy("Specialty"),
    "unit": gettext_lazy("Work unit"),
    "employer_kind": gettext_lazy("Kind of employer"),
    "county": gettext_lazy("County"),
    "committee": gettext_lazy("Committee"),
    "name": gettext_lazy("Name"),
    "gender": gettext_lazy("Gender"),
    "birth_date": gettext_lazy("Date of birth"),
    "id_number": gettext_lazy("Document number"),
    "phone": gettext_lazy("Mobile number"),
    "email": gettext_lazy("E-mail"),
    "former_name": gettext_lazy("Former name"),
    "ethnicity": gettext_lazy("Ethnic group"),
    "birthplace": gettext_lazy("Place of birth"),
    "work_started_on": gettext_lazy("Started working"),
    "health": gettext_lazy("State of health"),
    "political_status": gettext_lazy("Political status"),
    "political_since": gettext_lazy("Joined on"),
    "current_post": gettext_lazy("Present post"),
    "current_post_since": gettext_lazy("In this post since"),
    "current_specialty": gettext_lazy("Present field of work"),
    "specialty_years": gettext_lazy("Years in this field"),
    "social_posts": gettext_lazy("Academic and social offices"),
    "foreign_language": gettext_lazy("Foreign language"),
    "file_kept_at": gettext_lazy("Personnel file kept at"),
    "staff_kind": gettext_lazy("Kind of staff"),
    "retired": gettext_lazy("Retired"),
    "under_punishment": gettext_lazy("Under punishment"),
    "punished_until": gettext_lazy("Punishment until"),
    "degree": gettext_lazy("Degree"),
    "mode": gettext_lazy("Way of study"),
    "schooling_years": gettext_lazy("Length of schooling (years)"),
    "school": gettext_lazy("School"),
    "major": gettext_lazy("Major"),
    "finished_on": gettext_lazy("Finished on"),
    "by_exam": gettext_lazy("Obtained by examination"),
    "obtained_on": gettext_lazy("Obtained on"),
    "authority": gettext_lazy("Approved by"),
    "appointed_on": gettext_lazy("Appointed on"),
    "certificate_number": gettext_lazy("Certificate number"),
    "professional": gettext_lazy("Professional subjects"),
    "industry": gettext_lazy("Industry subjects"),
    "general": gettext_lazy("General subjects"),
    "other": gettext_lazy("Other class hours"),
    "kind": gettext_lazy("Kind"),
    "role": gettext_lazy("Own part"),
    "rank": gettext_lazy("Rank among authors"),
    "reached_on": gettext_lazy("Date"),
    "before_title": gettext_lazy("Before the present title"),
    "result": gettext_lazy("Result"),
    "exceptional_ground": gettext_lazy("Why this is an exceptional application"),
    "transfer_series": gettext_lazy("Series of the present title"),
    "talent_kind": gettext_lazy("Kind of talent"),
    "talent_reason": gettext_lazy("Why you count as such"),
    "passed_on": gettext_lazy("Passed on"),
    "valid_until": gettext_lazy("Valid until"),
    "score": gettext_lazy("Score"),
    "signed_on": gettext_lazy("Signed on"),
    "reason": gettext_lazy("Reason"),
    "applicant_class": gettext_lazy("Class of applicant"),
    "level_from": gettext_lazy("May ask from this title on"),
    "years": gettext_lazy("Years of work in the field"),
    "text": gettext_lazy("Relief claimed"),
    "years_less": gettext_lazy("Years less in the present title"),
    "hours_less": gettext_lazy("Class hours less a year"),
    "free_of": gettext_lazy("Evidence that need not be brought"),
    "document": gettext_lazy("Document it rests on"),
    "unit_name": gettext_lazy("Work unit"),
    "starts_on": gettext_lazy("Start date"),
    "ends_on": gettext_lazy("End date"),
    "post": gettext_lazy("Post"),
    "work": gettext_lazy("Work done"),
    "secondary": gettext_lazy("Secondary job"),
    "organiser": gettext_lazy("Organised by"),
    "content": gettext_lazy("What was learned"),
    "exam": gettext_lazy("Examination result"),
    "experts": gettext_lazy("Experts who recommend"),
    "id_kind": gettext_lazy("Kind of document"),
    "files": gettext_lazy("Files"),
    "answers": gettext_lazy("Answers to the questions"),
    "representative_title": gettext_lazy("Title of the work"),
    "representative_role": gettext_lazy("Own part"),
    "representative_text": gettext_lazy("About the work"),
    "answer": gettext_lazy("Answer"),
    "entry": gettext_lazy("Entry"),
    "points": gettext_lazy("Points"),
}

_OWN_LABELS: dict[tuple[str, str], Text] = {
    ("title", "name"): gettext_lazy("Name of the title"),
    ("achievements", "title"): gettext_lazy("Name of the achievement"),
    ("education", "level"): gettext_lazy("Education"),
    ("exam", "name"): gettext_lazy("Name of the examination"),
}
"""Where the same word names different things: a title's name is not a person's."""


def field_label(section: str, name: str) -> str:
    """What a declared field is called in its section."""
    return str(_OWN_LABELS.get((section, name)) or FIELDS.get(name, name))


LEVELS: dict[str, Text] = {
    "technician": pgettext_lazy("level", "Technician"),
    "assistant": pgettext_lazy("level", "Assistant"),
    "intermediate": pgettext_lazy("level", "Intermediate"),
    "associate_senior": pgettext_lazy("level", "Associate senior"),
    "senior": pgettext_lazy("level", "Senior"),
}

_CODED: dict[tuple[str, str], Any] = {
    ("application", "level"): LEVELS,
    ("application", "route"): dict(Channel.choices),
    ("application", "employer_kind"): dict(Organisation.EmployerKind.choices),
    ("way", "talent_kind"): dict(Declaration.TalentKind.choices),
    ("class", "level_from"): {**dict(HeldTitle.Level.choices), "none": gettext_lazy("no title needed")},
    ("person", "gender"): dict(Person.Gender.choices),
    ("person", "health"): dict(Declaration.Health.choices),
    ("person", "political_status"): dict(Declaration.PoliticalStatus.choices),
    ("person", "staff_kind"): dict(Employment.StaffKind.choices),
    ("education", "level"): dict(Education.Level.choices),
    ("education", "degree"): dict(Education.Degree.choices),
    ("education", "mode"): dict(Education.Mode.choices),
    ("title", "level"): dict(HeldTitle.Level.choices),
    ("achievements", "kind"): dict(Achievement.Kind.choices),
    ("assessments", "result"): dict(Assessment.Result.choices),
}


def shown(section: str, name: str, value: Any) -> str:
    """A declared value in words: codes by their label, dates ISO, yes and no."""
    if isinstance(value, bool):
        return capfirst(_("yes") if value else _("no"))
    if isinstance(value, dt.date):
        return value.isoformat()
    if name == "schooling_years":
        return plain(Decimal(value))  # a frozen content holds it as text
    if isinstance(value, list):
        return _(", ").join(map(str, value))
    coded = _CODED.get((section, name))
    return capfirst(str(coded.get(value, value))) if coded else str(value)


GROUNDS: dict[str, Text] = {
    "education": gettext_lazy("Education does not meet the conditions"),
    "title": gettext_lazy("Present title or its date does not meet the conditions"),
    "years": gettext_lazy("Years of service are too few"),
    "hours": gettext_lazy("Continuing-education hours are too few"),
    "achievements": gettext_lazy("Achievements do not meet the conditions"),
    "scope": gettext_lazy("Outside the scope of the committee"),
    "not_eligible": gettext_lazy("Civil servant or managed like one"),
    "retired": gettext_lazy("Retired"),
    "material": gettext_lazy("Material incomplete after the supplement"),
    "untrue": gettext_lazy("Material is not true"),
    "other": gettext_lazy("Another ground"),
}
"""Grounds of "not eligible" (不合格原因) by the code that goes into records and roster 3-2."""

REVEAL_REASONS: dict[str, Text] = {
    "compare": gettext_lazy("Compare with the identity document"),
    "inquiry": gettext_lazy("Inquiry at another authority"),
    "mismatch": gettext_lazy("Clear up a difference in the material"),
}
