"""Starting and saving a declaration: writes that are no transitions. Lenient about what is missing, strict about who
and when.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from applications import access
from applications.models import Declaration
from applications.models.content import WAY_FIELDS, put_beside
from applications.rules.closing import closing_day, is_over, open_lines
from applications.rules.corrections import Opening
from applications.rules.examination import open_slip, opening_of, unasked
from applications.rules.relief import class_of, classes_of, offered
from applications.workflow.writes import void_undertaking
from appraisal_portal.accounts.models import Employment, Organisation, Person, User
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.days import day_said
from appraisal_portal.kernel.models import FormToken
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Problem, WrongState
from committees.plans.models import Channel, DecidedBy, PlanLine, StandardVersion, Subfield, Title
from committees.plans.rules import Action, determined_with, where_to_apply

Status = Declaration.Status
SECTIONS = (
    "person",
    "education",
    "title",
    "class",
    "relief",
    "way",
    "hours",
    "experience",
    "assessments",
    "achievements",
    "representative",
    "questions",
    "self_scoring",
    "attachments",
    "photo",
)
"""The pages of the form, in the order they are asked."""


_CONDITIONAL: dict[str, Callable[[Declaration], object]] = {
    "way": lambda declaration: declaration.route in WAY_FIELDS,
    "class": classes_of,
    "relief": offered,
    "questions": lambda declaration: declaration.asked.questions,
    "self_scoring": lambda declaration: declaration.sheet,
}


def sections_of(declaration: Declaration) -> tuple[str, ...]:
    """The pages of this declaration: "way" only where its way asks for something of its own, "relief", "class",
    "questions" and "self_scoring" only where its standard knows them.
    """
    absent = {name for name, there in _CONDITIONAL.items() if not there(declaration)}
    return tuple(name for name in SECTIONS if name not in absent)


class SecondDeclaration(Blocked):
    """There is a live declaration in the year and series already; ``first`` is it."""

    def __init__(self, first: Declaration) -> None:
        self.first = first
        super().__init__(
            Problem(_("You already have a declaration in this series and year: {number}.").format(number=first))
        )


class StaleForm(Exception):
    """The form was filled in over a version that is not the present one; nothing was written."""

    def __init__(self, current: int) -> None:
        self.current = current
        super().__init__(f"form version is {current} now")


def find_line(
    title: Title, subfield: Subfield | None, unit: Organisation, channel: str, person: Person | None = None
) -> PlanLine:
    """The open plan line by which this title is asked for, found from the committees' scopes. Raises Blocked with the
    reason.
    """
    today = clock.today()
    answer = where_to_apply(title.series, subfield, title.level, unit.scope_kind, today)
    if answer.action == Action.EXAM:
        basis = "exam_series.no_appraisal" if answer.citation else ""
        raise Blocked(
            Problem(
                _("“{title}” is reached by examination only; it is not appraised.").format(title=title), "title", basis
            )
        )
    if answer.action == Action.AUTONOMOUS:
        raise Blocked(Problem(_("{unit} appraises itself. Please ask your unit.").format(unit=unit), "unit"))
    lines, committee = open_lines(today, person).filter(level=title.level), answer.committee
    if committee is None:  # nobody votes on this level; a bureau may determine or confirm it
        keeper = determined_with(title.series, subfield, unit.scope_kind, today)
        lines = lines.exclude(decided_by=DecidedBy.COMMITTEE)
        committee = keeper if keeper and lines.filter(committee=keeper).exists() else None
    if committee is None:
        raise Blocked(
            Problem(
                _("No committee is set for this title, field and kind of employer. Please ask the bureau."), "title"
            )
        )
    if answer.action == Action.RECOMMEND:
        channel = Channel.RECOMMEND
    line = lines.filter(committee=committee, channel=channel).select_related("plan", "committee").first()
    if line is None:
        raise Blocked(
            Problem(
                _("{committee} takes no such declarations at present ({channel}).").format(
                    committee=committee, channel=Channel(channel).label
                ),
                "channel",
            )
        )
    return line


def start(
    user: User,
    *,
    title: Title,
    subfield: Subfield | None,
    unit: Organisation,
    channel: str = Channel.REGULAR,
    specialty: str = "",
    applicant_class: str = "",
    token: uuid.UUID | None = None,
) -> Declaration:
    """A new draft. The same form token a second time gives the same draft (P01).

    Raises Blocked (no line, no employment) or :class:`SecondDeclaration` with the first one (P02).
    """
    with transaction.atomic():
        seen = _token(user, token, "declaration") if token else None
        if seen is not None and seen.result_url:
            return Declaration.objects.get(pk=int(seen.result_url.rpartition(":")[2]))
        said = {"specialty": specialty or (subfield.name if subfield else ""), "applicant_class": applicant_class}
        declaration = _new(user, title, subfield, unit, channel, said)
        if seen is not None:
            seen.result_url = f"declaration:{declaration.pk}"
            seen.save(update_fields=["result_url"])
    return declaration


def _token(user: User, token: uuid.UUID, purpose: str) -> FormToken:
    FormToken.objects.get_or_create(token=token, defaults={"user": user, "purpose": purpose})
    found: FormToken = FormToken.objects.select_for_update().get(token=token)
    if (found.user_id, found.purpose) != (user.pk, purpose):
        raise NotAllowed(_("This form belongs to another account. Please open it again."))
    return found


def _new(
    user: User,
    title: Title,
    subfield: Subfield | None,
    unit: Organisation,
    channel: str,
    said: dict[str, str],
) -> Declaration:
    person = user.person  # type: ignore[attr-defined]
    if not Employment.objects.filter(person=person, unit=unit, status__in=("asked", "confirmed")).exists():
        raise Blocked(Problem(_("First tell {unit} that you work there.").format(unit=unit), "unit"))
    line = find_line(title, subfield, unit, channel, person)
    known = {"applicant": person, "year": line.plan.year, "series": title.series}
    first = Declaration.objects.live().filter(**known).first()
    if first is not None:
        raise SecondDeclaration(first)
    declaration = Declaration(
        **known,
        unit=unit,
        line=line,
        committee=line.committee,
        standard_version=StandardVersion.objects.for_line(line, title.series),
        title=title,
        subfield=subfield,
        route=line.channel,
        **said,
    )
    if declaration.applicant_class and class_of(declaration) is None:
        raise Blocked(Problem(_no_such_class(declaration), "applicant_class"))
    try:
        with transaction.atomic():
            declaration.save(force_insert=True)
    except IntegrityError as error:  # another tab was faster: the database holds *one_live_declaration*
        first = Declaration.objects.live().filter(**known).first()
        if first is None:
            raise
        raise SecondDeclaration(first) from error
    return declaration


def _no_such_class(declaration: Declaration) -> str:
    if declaration.unit.kind != Organisation.Kind.AGENCY:
        return _("A class is chosen only where a talent agency declares for you; {unit} is none.").format(
            unit=declaration.unit
        )
    return _("The standard for “{title}” does not have this class.").format(title=declaration.title)


def open_sections(declaration: Declaration) -> frozenset[str]:
    """Sections that may be written now: all of a draft until the window closes; of a returned or supplemented one only
    those the slip names.
    """
    if declaration.status == Status.DRAFT:
        return frozenset() if is_over(declaration) else frozenset(sections_of(declaration))
    if declaration.status in (Status.RETURNED, Status.SUPPLEMENT):
        return opening_of(open_slip(declaration)).sections
    return frozenset()


def opening(declaration: Declaration) -> Opening | None:
    """What a correction slip opens; None for a draft, of which everything is open."""
    if declaration.status not in (Status.RETURNED, Status.SUPPLEMENT):
        return None
    return opening_of(open_slip(declaration))


def closed(declaration: Declaration) -> WrongState:
    """The refusal of a part that is not open: the window has closed, or by the name of the present status."""
    if declaration.status == Status.DRAFT and is_over(declaration):
        return WrongState(
            _(
                "The window closed on {day}, 24:00. Your draft is kept as it stood then and cannot be changed any more."
            ).format(day=day_said(closing_day(declaration)))
        )
    return WrongState(
        _("This part cannot be changed now: the present status is “{status}”.").format(
            status=declaration.get_status_display()
        )
    )


def save_section(
    declaration: Declaration, section: str, version: int, *, user: User, write: Callable[[Declaration], None]
) -> Declaration:
    """Write one section if the form was filled in over the present version; returns the row with its new version.

    Raises StaleForm, WrongState (section closed), NotAllowed, or Blocked by name of what no slip asked for. What
    ``write`` raises undoes everything.
    """
    with transaction.atomic():
        locked: Declaration = Declaration.objects.select_for_update(of=("self",)).get(pk=declaration.pk)
        put_beside(locked)
        refused = access.is_owner.why_not(user, locked)
        if refused:
            raise NotAllowed(*refused)
        if section not in open_sections(locked):
            raise closed(locked)
        if not Declaration.objects.filter(pk=locked.pk, form_version=version).update(
            form_version=F("form_version") + 1
        ):
            raise StaleForm(locked.form_version)
        locked.form_version += 1
        write(locked)
        slip = open_slip(locked) if locked.status in (Status.RETURNED, Status.SUPPLEMENT) else None
        beyond = list(unasked(slip, locked.content())) if slip else []
        if beyond:
            raise Blocked(*beyond)  # undoes the whole save: what a slip does not name stays as it is
        live = locked.undertakings.filter(voided_at=None).select_related("snapshot").first()
        if live is not None and locked.status != Status.SUPPLEMENT and live.snapshot.sha256 != locked.content_hash():
            void_undertaking(locked, clock.now())  # it was signed over what stood there before
    return locked


def row_made(declaration: Declaration, related: str, token: uuid.UUID, user: User) -> Any:
    """The row that a page has made before of the new entry with this token; None when it has not, or it is gone."""
    seen = FormToken.objects.filter(token=token, user=user, purpose="entry").first()
    made_in, _colon, pk = seen.result_url.partition(":") if seen else ("", "", "")
    return getattr(declaration, related).filter(pk=int(pk)).first() if made_in == related else None


def remember_row(related: str, row: Any, token: uuid.UUID, user: User) -> None:
    """For :func:`row_made`. The same page may come again with an old version or without having heard the answer."""
    seen = _token(user, token, "entry")
    seen.result_url = f"{related}:{row.pk}"
    seen.save(update_fields=["result_url"])
