"""What must hold in independent appraisal: pure functions (object, act) → every problem in words."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Sanction
from appraisal_portal import law
from appraisal_portal.accounts.models import Employment, PostStructure
from appraisal_portal.accounts.services.posts import post_level, with_taken
from appraisal_portal.kernel.days import day_said
from appraisal_portal.kernel.models import Upload
from appraisal_portal.kernel.workflow import Act, Problem
from committees.autonomous.models import JUNIOR, Delegation, FiledRow

Kind = Delegation.Kind


# -- the delegation ----------------------------------------------------------------------------------------------------


def levels_for_the_kind(delegation: Any, act: Act) -> Iterator[Problem]:
    """Somebody is given something; a school junior titles only (notice II(5))."""
    if not delegation.levels:
        yield Problem(_("Choose at least one level."), field="levels")
    if delegation.kind == Kind.SCHOOL and set(delegation.levels) - set(JUNIOR):
        yield Problem(_("Schools decide about junior titles only."), field="levels")


def of_this_authority(delegation: Any, act: Act) -> Iterator[Problem]:
    """A county bureau delegates to schools of its own county; everything else is left by the municipal bureau."""
    if delegation.authority.kind != "county_bureau":
        return
    if delegation.kind != Kind.SCHOOL:
        yield Problem(_("A county bureau delegates to schools only."), field="kind")
    if delegation.unit.forwarder_id != delegation.authority_id:
        yield Problem(_("{unit} does not report through you.").format(unit=delegation.unit), field="unit")


def no_other_in_force(delegation: Any, act: Act) -> Iterator[Problem]:
    """One delegation of a series to a unit at a time."""
    others = Delegation.objects.filter(unit=delegation.unit, series=delegation.series, status="in_force")
    for other in others.exclude(pk=delegation.pk):
        begins_later = delegation.ends_on is not None and delegation.ends_on < other.starts_on
        ended_before = other.ends_on is not None and other.ends_on < delegation.starts_on
        if not begins_later and not ended_before:
            yield Problem(
                _("This series is delegated to the unit already: {document}.").format(document=other.document)
            )


# -- the plan ----------------------------------------------------------------------------------------------------------


def days_of(kind: str, year: int) -> tuple[dt.date, dt.date] | None:
    """Last day of plan and of results where the notice fixes them (universities); None where the authority does."""
    if kind != Kind.UNIVERSITY:
        return None
    first = dt.date(year, 1, 1)
    plan, result = law.value("universities.plan_due", first), law.value("universities.result_due", first)
    return dt.date(year, *plan), dt.date(year + 1, *result)


def delegation_in_force(plan: Any, act: Act) -> Iterator[Problem]:
    """The titles are still the unit's to decide about."""
    delegation = plan.delegation
    if delegation.status != "in_force" or (delegation.ends_on is not None and delegation.ends_on < act.day):
        yield Problem(_("The delegation is not in force any more."))


def days_by_the_notice(plan: Any, act: Act) -> Iterator[Problem]:
    """Universities: 31 October and 31 March; others: results are due after the plan."""
    fixed = days_of(plan.delegation.kind, plan.year)
    if fixed is not None and (plan.due_on, plan.result_due_on) != fixed:
        words = _("Universities send the plan by {plan} and the results by {result}.")
        plan_by, result_by = map(day_said, fixed)
        yield Problem(words.format(plan=plan_by, result=result_by), field="due_on", basis="universities.plan_due")
    if plan.result_due_on <= plan.due_on:
        yield Problem(_("The results are due after the plan."), field="result_due_on")


def plan_complete(plan: Any, act: Act) -> Iterator[Problem]:
    """Standard, procedure, posts with their structure."""
    if not plan.procedure.strip():
        yield Problem(_("Describe the procedure."), field="procedure")
    if plan.standard is None:
        yield Problem(_("Upload your own standard."), field="standard")
    elif plan.standard.scan == Upload.Scan.INFECTED:
        yield Problem(_("The scanner found something harmful in the standard. Upload another copy."), field="standard")
    posts = list(plan.posts.all())
    if not any(post.wanted for post in posts):
        yield Problem(_("Enter at least one post to be filled."), field="wanted")
    for post in posts:
        if post.wanted > max(post.approved - post.used, 0):
            yield Problem(too_many(post, post.wanted), field=f"{post.level}-wanted")
    for level, words in beyond_the_structure(plan, {post.level: post.wanted for post in posts}, act.day):
        yield Problem(words, field=f"{level}-wanted")


def too_many(post: Any, asked: int) -> str:
    """In words: more than the structure has room for."""
    words = _("{level}: {approved} approved, {used} taken, {asked} are too many.")
    return words.format(level=post.get_level_display(), approved=post.approved, used=post.used, asked=asked)


# -- the results -------------------------------------------------------------------------------------------------------


def plan_consented(batch: Any, act: Act) -> Iterator[Problem]:
    """Nothing is filed before the authority has consented to the plan."""
    if batch.plan.status != "consented":
        yield Problem(_("The plan has not been consented to yet: nothing can be filed."), basis="plan.approved_first")


def log_kept(batch: Any, act: Act) -> Iterator[Problem]:
    """The procedure left a trace."""
    if not batch.plan.log.exists():
        yield Problem(_("The process log is empty. Enter what was done before you file the results."))


def somebody_passed(batch: Any, act: Act) -> Iterator[Problem]:
    """A list of nobody files nothing."""
    if not batch.rows.exists():
        yield Problem(_("The list of results is empty."))


def rows_hold(batch: Any, act: Act) -> Iterator[Problem]:
    """Everybody on the list, and the list against the posts; judged again whenever it goes a step on."""
    rows = list(batch.rows.select_related("person", "title__series").order_by("seq"))
    standing = standing_of(batch.plan, [row.person_id for row in rows], act.day, batch=batch)
    for row in rows:
        for _column, words in row_problems(batch.plan, row.person, row.title, row.passed_on, act.day, standing):
            yield Problem(f"{row.person.name}{_(': ')}{words}")
    levels = [row.title.level for row in rows]
    for words in structure_problems(batch.plan, levels, act.day, batch=batch):
        yield Problem(words)


@dataclass(frozen=True)
class Standing:
    """What is known of the people of a list: keys of the unit's own staff, of the banned, (person, title) filed."""

    staff: frozenset[int]
    banned: frozenset[int]
    filed: frozenset[tuple[int, int]]


def standing_of(plan: Any, people: Collection[int], day: dt.date, *, batch: Any = None) -> Standing:
    """Read for the whole list at once, however long it is; ``batch``: the one that is looked at, which files nobody
    twice by itself."""
    staff = Employment.objects.filter(person__in=people, unit=plan.delegation.unit_id, status="confirmed")
    bans = Sanction.objects.filter(person__in=people)
    filed = FiledRow.objects.filter(person__in=people).exclude(batch__status="returned")
    if batch is not None and batch.pk:
        filed = filed.exclude(batch=batch.pk)
    return Standing(
        frozenset(staff.values_list("person", flat=True)),
        frozenset(ban.person_id for ban in bans if ban.stands_in(day.year)),
        frozenset(filed.values_list("person", "title")),
    )


def row_problems(
    plan: Any, person: Any, title: Any, passed_on: dt.date, day: dt.date, standing: Standing
) -> Iterator[tuple[str, str]]:
    """(column, why) for one person: own staff, inside what is delegated, after the consent, filed once, no ban."""
    delegation = plan.delegation
    if person.pk not in standing.staff:
        yield (
            "id_number",
            _("No confirmed employment at {unit}: only own staff can be appraised.").format(unit=delegation.unit),
        )
    if title.series_id != delegation.series_id or title.level not in delegation.levels:
        yield (
            "title",
            _("{title} is not delegated: {series}, {levels}.").format(
                title=title.name, series=delegation.series, levels=delegation.level_words
            ),
        )
    if plan.consented_on is None or passed_on < plan.consented_on:
        yield "passed_on", _("Passed before the plan was consented to.")
    elif passed_on > day:
        yield "passed_on", _("This day lies in the future.")
    if (person.pk, title.pk) in standing.filed:
        yield "id_number", _("This person was filed for this title already.")
    if person.pk in standing.banned:
        yield "id_number", _("A ban stands against this person.")


def beyond_the_structure(plan: Any, asked: Mapping[str, int], day: dt.date) -> Iterator[tuple[str, str]]:
    """(level, why) where more is asked than the structure has room for that the authority entered (核准的岗位结构).
    A unit without one is judged by the inventory of its plan alone."""
    rows = PostStructure.objects.on(day).filter(unit=plan.delegation.unit_id, level__in=asked)
    for row in with_taken(rows, day, None):
        if asked[row.level] > max(row.approved - row.taken, 0):
            words = _("{level}: by {document} {approved} posts are approved, {taken} taken; {asked} are too many.")
            yield row.level, words.format(
                level=row.get_level_display(), document=row.document, approved=row.approved, taken=row.taken,
                asked=asked[row.level],
            )  # fmt: skip


def structure_problems(plan: Any, levels: list[str], day: dt.date, *, batch: Any = None) -> Iterator[str]:
    """Posts of the plan, or of the approved structure as it stands now, exceeded: by level, with what other batches of
    the plan filed."""
    others = plan.batches.exclude(status__in=("draft", "returned"))
    if batch is not None and batch.pk:
        others = others.exclude(pk=batch.pk)
    filed = others.values_list("rows__title__level", flat=True)
    asked = Counter(post_level(level) for level in [*levels, *(level for level in filed if level)])
    known = {post.level: post for post in plan.posts.all()}
    for level, count in sorted(asked.items()):
        post = known.get(level)
        if post is None:
            yield _("The plan has no posts of the level of {count} people.").format(count=count)
        elif count > post.wanted:
            yield _("{level}: the plan fills {wanted} posts, the list has {count} people.").format(
                level=post.get_level_display(), wanted=post.wanted, count=count
            )
    for _level, words in beyond_the_structure(plan, asked, day):
        yield words
