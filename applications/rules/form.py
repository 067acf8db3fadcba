"""What is still missing in the form 2-1, section by section: drafts are saved leniently, handing in asks for all of
it.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models.content import WAY_FIELDS
from applications.rules import relief as relief_rules
from applications.rules import standard
from appraisal_portal.kernel.workflow import Act, Problem
from committees.plans.asked import Evidence
from committees.plans.models import Level
from committees.plans.questions import empty

ENTRUSTMENT = "entrustment"
"""Code of the letter of entrustment among the attachments, which no standard names."""
ENTRUSTMENT_NAME = gettext_lazy("Letter of entrustment of your own prefecture")


def _future(day: dt.date | None, today: dt.date) -> bool:
    return day is not None and day > today


def person(declaration: Any, today: dt.date) -> Iterator[Problem]:
    """The basic block."""
    required = {
        "ethnicity": _("Enter your ethnic group."),
        "work_started_on": _("Enter when you began to work."),
        "current_post": _("Enter your present post."),
        "current_specialty": _("Enter the specialty you work in."),
        "staff_kind": _("State whether you are a civil servant or managed like one."),
    }
    for name, words in required.items():
        if not getattr(declaration, name):
            yield Problem(words, field=f"person.{name}")
    if declaration.specialty_years is None:
        yield Problem(_("Enter how many years you have worked in the specialty."), field="person.specialty_years")
    if declaration.retired is None:
        yield Problem(_("State whether you are retired."), field="person.retired")
    if declaration.under_punishment is None:
        yield Problem(_("State whether you are under a punishment."), field="person.under_punishment")
    yield from _working_life(declaration, today)


def _working_life(declaration: Any, today: dt.date) -> Iterator[Problem]:
    began = declaration.work_started_on
    if _future(began, today):
        yield Problem(_("The day you began to work lies in the future."), field="person.work_started_on")
    elif began is not None:
        if declaration.applicant.age_on(began) < 15:
            yield Problem(_("You would have begun to work before the age of 15."), field="person.work_started_on")
        years = today.year - began.year
        if declaration.specialty_years is not None and declaration.specialty_years > years + 1:
            yield Problem(
                _("{years} years in the specialty are more than the {possible} since you began to work.").format(
                    years=declaration.specialty_years, possible=years
                ),
                field="person.specialty_years",
            )
    if _future(declaration.current_post_since, today):
        yield Problem(_("The day you took your present post lies in the future."), field="person.current_post_since")


def education(declaration: Any, today: dt.date) -> Iterator[Problem]:
    """At least one education, each complete and finished."""
    rows = list(declaration.educations.all())
    if not rows:
        yield Problem(_("Add your education."), field="education")
    for row in rows:
        if not (row.school and row.major and row.finished_on):
            yield Problem(
                _("Complete school, subject and date of “{row}”.").format(row=row), field=f"education.{row.pk}"
            )
        if _future(row.finished_on, today):
            yield Problem(_("“{row}” ends in the future.").format(row=row), field=f"education.{row.pk}")


def title(declaration: Any, today: dt.date) -> Iterator[Problem]:
    """The present title, or the statement that there is none."""
    rows = list(declaration.held_titles.all())
    if not rows:
        yield Problem(_("Enter your present title, or state that you have none."), field="title")
    for row in rows:
        if row.level != "none" and not (row.name and row.obtained_on and row.authority):
            yield Problem(
                _("Complete name, date and issuing body of “{row}”.").format(row=row), field=f"title.{row.pk}"
            )
        if row.level != "none" and not row.series and declaration.submitted_at is None:
            # What was handed in before the series was asked for stays as it is: no slip may have opened it.
            yield Problem(_("Say in which series you hold “{row}”.").format(row=row), field=f"title.{row.pk}")
        if _future(row.obtained_on, today) or _future(row.appointed_on, today):
            yield Problem(_("A date of “{row}” lies in the future.").format(row=row), field=f"title.{row.pk}")


def way(declaration: Any, today: dt.date) -> Iterator[Problem]:
    """What the chosen way asks for, with its files: 破格 two experts, 考评结合 the result, 转评, 确认, 一事一议."""
    route = declaration.route
    if route not in WAY_FIELDS:
        return
    asked = {
        "exceptional_ground": _("Say which condition you lack and why you apply all the same."),
        "transfer_series": _("Say in which series you hold your present title."),
        "talent_kind": _("Say whether you count as high-level or as urgently needed talent."),
        "talent_reason": _("Say why you count as such."),
    }
    for name in WAY_FIELDS[route]:
        if not getattr(declaration, name):
            yield Problem(asked[name], field=f"way.{name}")
    yield from _same_series(declaration)
    proved = _proved(declaration)
    if route == "exceptional":
        yield from _experts(declaration, proved, today)
        return
    exam = getattr(declaration, "exam_result", None) if route == "exam_plus" else None
    if route == "exam_plus" and not (exam and exam.name and exam.passed_on and exam.score):
        yield Problem(_("Enter name, day and score of the examination."), field="way.exam_name")
    if "way" not in proved:
        yield Problem(
            {
                "exam_plus": _("Upload the result of the examination."),
                "transfer": _("Upload the proof of your new post."),
                "confirmation": _("Upload the certificate of your title and the document that granted it."),
                "special": _("Upload what proves it."),
            }[route],
            field="way.proof",
        )


def _same_series(declaration: Any) -> Iterator[Problem]:
    """A transfer leads away from the series that stands on the title page."""
    if declaration.route != "transfer" or declaration.transfer_series is None:
        return
    of_title = {row.series for row in declaration.held_titles.all() if row.series}
    if of_title and str(declaration.transfer_series) not in of_title:
        yield Problem(
            _("You transfer from “{series}”, but no title of yours is of that series.").format(
                series=declaration.transfer_series
            ),
            field="way.transfer_series",
        )


def _experts(declaration: Any, proved: set[str], today: dt.date) -> Iterator[Problem]:
    rows = list(declaration.expert_recommendations.all())
    for row in rows:
        if not (row.name and row.title and row.unit_name and row.reason):
            yield Problem(
                _("Complete name, title, unit and reason of the expert “{row}”.").format(row=row or _("without name")),
                field=f"way.{row.pk}",
            )
        if row.name and row.name == declaration.applicant.name:
            yield Problem(_("You cannot recommend yourself."), field=f"way.{row.pk}")
        if _future(row.signed_on, today):
            yield Problem(_("The day of the signature lies in the future."), field=f"way.{row.pk}")
        if f"expert-{row.pk}" not in proved:
            yield Problem(_("Upload the signed letter of “{row}”.").format(row=row), field=f"way.{row.pk}")
    names = [row.name for row in rows if row.name]
    if len(names) != len(set(names)):
        yield Problem(_("The two experts must be two persons."), field="way")


def experience(declaration: Any, today: dt.date) -> Iterator[Problem]:
    """Jobs without overlap, secondary ones aside."""
    rows = list(declaration.work_history.all())
    if not rows:
        yield Problem(_("Add your work history."), field="experience")
    for row in rows:
        if not (row.starts_on and row.unit_name and row.post):
            yield Problem(
                _("Complete beginning, unit and post of “{row}”.").format(row=row), field=f"experience.{row.pk}"
            )
        if _future(row.starts_on, today):
            yield Problem(_("“{row}” begins in the future.").format(row=row), field=f"experience.{row.pk}")
    main = sorted((row for row in rows if row.starts_on and not row.secondary), key=lambda row: row.starts_on)
    for before, after in zip(main, main[1:], strict=False):
        if before.ends_on is None or before.ends_on > after.starts_on:
            yield Problem(
                _("“{before}” and “{after}” overlap. Correct the dates or mark one as a secondary job.").format(
                    before=before, after=after
                ),
                field=f"experience.{after.pk}",
            )


def achievements(declaration: Any, today: dt.date) -> Iterator[Problem]:
    """At least one achievement, each with its proof. Not asked for at preliminary determination and confirmation."""
    rows = list(declaration.achievements.all())
    if not rows and declaration.route not in ("preliminary", "confirmation"):
        yield Problem(_("Add at least one achievement."), field="achievements")
    proved = _proved(declaration)
    for row in rows:
        if not (row.title and row.role and row.reached_on):
            yield Problem(
                _("Complete title, role and date of “{row}”.").format(row=row), field=f"achievements.{row.pk}"
            )
        if _future(row.reached_on, today):
            yield Problem(_("“{row}” lies in the future.").format(row=row), field=f"achievements.{row.pk}")
        if f"achievement-{row.pk}" not in proved:
            yield Problem(_("Upload the proof of “{row}”.").format(row=row), field=f"achievements.{row.pk}")


def _proved(declaration: Any) -> set[str]:
    """What has a file."""
    return set(standard.files_there(declaration))


def assessments(declaration: Any, today: dt.date) -> Iterator[Problem]:
    """The annual assessments (年度考核) of the counted years."""
    there = {row.year for row in declaration.assessments.all()}
    for year in counted_years(declaration):
        if year not in there:
            yield Problem(_("Enter the annual assessment of {year}.").format(year=year), field="assessments")


def representative(declaration: Any, today: dt.date) -> Iterator[Problem]:
    """The representative work, asked for from the intermediate level on."""
    if declaration.level not in (Level.INTERMEDIATE, Level.ASSOCIATE_SENIOR, Level.SENIOR):
        return
    if declaration.route in ("preliminary", "confirmation"):
        return
    if not (declaration.representative_title and declaration.representative_text):
        yield Problem(_("Name and describe your representative work."), field="representative.representative_title")


def _achievements_proved(there: Mapping[str, int]) -> int:
    """How many proofs stand with single achievements: they also answer the standard's "achievements"."""
    return sum(number for code, number in there.items() if code.startswith("achievement-"))


def brought_elsewhere(declaration: Any) -> dict[str, str]:
    """Code of the evidence that need not be uploaded among the attachments → why, in words."""
    free = relief_rules.relief_of(declaration).free_of
    found = dict.fromkeys(free, _("Need not be brought: the relief you claim takes it off."))
    proved = _achievements_proved(standard.files_there(declaration))
    if proved:
        words = _("The proofs of your achievements count here: {number} there already.")
        found["achievements"] = words.format(number=proved)
    return found


def attachments(declaration: Any, today: dt.date) -> Iterator[Problem]:
    """The evidence the approved standard requires; people from elsewhere bring their letter of entrustment."""
    there, free = standard.files_there(declaration), relief_rules.relief_of(declaration).free_of
    there["achievements"] += _achievements_proved(there)
    for entry in evidence_of(declaration):
        demanded = entry.required and entry.code not in free
        words = standard.too_few(entry, there[entry.code]) if demanded else ""
        if words:
            yield Problem(words, field=f"attachments.{entry.code}")


def evidence_of(declaration: Any) -> list[Evidence]:
    """The list of evidence asked for by itself: the standard's, and the letter of entrustment (委托评审函) of people
    from elsewhere.
    """
    rows = declaration.asked.attachments
    if declaration.unit.elsewhere:
        rows.append(Evidence(ENTRUSTMENT, str(ENTRUSTMENT_NAME), required=True))
    return rows


def photo(declaration: Any, today: dt.date) -> Iterator[Problem]:
    """The photo that will stand on the certificate."""
    if not any(row.current for row in declaration.photos.all()):
        yield Problem(_("Upload your photo."), field="photo")


def empty_sections(declaration: Any) -> set[str]:
    """Sections in which nothing has been entered yet."""
    rows = {
        "education": declaration.educations,
        "title": declaration.held_titles,
        "hours": declaration.learning_hours,
        "experience": declaration.work_history,
        "achievements": declaration.achievements,
        "assessments": declaration.assessments,
        "photo": declaration.photos,
    }
    found = {section for section, manager in rows.items() if not manager.all()}
    kept = [row.code for row in declaration.materials.all() if not row.removed]
    if all("-" in code or code in ("way", "representative") for code in kept):  # these stand on pages of their own
        found.add("attachments")
    if not (declaration.ethnicity or declaration.current_post or declaration.work_started_on):
        found.add("person")
    if not (
        declaration.exceptional_ground or declaration.talent_kind or declaration.transfer_series_id
        or any(code.startswith("way") for code in kept)
    ):  # fmt: skip
        found.add("way")
    if not declaration.applicant_class:
        found.add("class")
    if not declaration.tilts:
        found.add("relief")
    if not (declaration.representative_title or declaration.representative_text):
        found.add("representative")
    if all(empty(answer) for answer in declaration.answers.values()):
        found.add("questions")
    if all(empty(entry) for entry in declaration.self_scores.values()):
        found.add("self_scoring")
    return found


def counted_years(declaration: Any) -> list[int]:
    """The years before the review year (as many as the line says) wholly inside the working life: hours and
    assessments are asked of them.
    """
    began = declaration.work_started_on
    years = range(declaration.year - declaration.line.counted_years, declaration.year)
    return [year for year in years if began is None or began.year < year]


def class_of_applicant(declaration: Any, today: dt.date) -> Iterator[Problem]:
    """The class chosen is one of the standard's and its proof is there; whom no agency declares for has none."""
    if not (declaration.applicant_class and relief_rules.classes_of(declaration)):
        return
    chosen = relief_rules.class_of(declaration)
    if chosen is None:
        yield Problem(_("The class you chose does not exist in this standard. Choose again."), field="class")
    elif not relief_rules.class_proven(declaration):
        yield Problem(
            _("You declare as “{what}”: the proof is missing ({evidence}).").format(
                what=chosen["text"], evidence=chosen["evidence"]
            ),
            field="class",
        )


def relief(declaration: Any, today: dt.date) -> Iterator[Problem]:
    """Every relief that is claimed has its proof."""
    for row in relief_rules.unproven(declaration):
        yield Problem(
            _("You claim “{what}”: the proof is missing ({evidence}).").format(
                what=row["text"], evidence=row.get("evidence", "")
            ),
            field=f"relief.{row['code']}",
        )


CHECKS: dict[str, Callable[[Any, dt.date], Iterator[Problem]]] = {
    "person": person,
    "education": education,
    "title": title,
    "class": class_of_applicant,
    "relief": relief,
    "way": way,
    "experience": experience,
    "achievements": achievements,
    "assessments": assessments,
    "representative": representative,
    "questions": standard.questions,
    "self_scoring": standard.self_scoring,
    "attachments": attachments,
    "photo": photo,
}
"""By section: (declaration, today) -> what is missing, each problem with ``field`` "section.field" or "section.row"."""


def missing(declaration: Any, today: dt.date) -> dict[str, list[Problem]]:
    """What is missing by section; empty lists for complete ones."""
    return {section: list(check(declaration, today)) for section, check in CHECKS.items()}


def strict_form_complete(declaration: Any, act: Act) -> Iterator[Problem]:
    """Guard: every section of the form is complete and possible."""
    for check in CHECKS.values():
        yield from check(declaration, act.day)
