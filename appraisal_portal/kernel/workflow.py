"""The one way to change a status: a table of transitions and ``Workflow.fire()``.

A row of a table is written once and used by its page, its button, the sweep, the history, the generated documentation
and the matrix test. ``fire()``: lock the row → state → permission → *all* guards, collecting every problem → writes →
status → append-only record → deliveries after commit.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

import pgtrigger
from django.db import models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from appraisal_portal.kernel import clock, outbox, prepared, telling, together, verdicts
from appraisal_portal.kernel.access import NOBODY, PUBLIC, Actor, Predicate

Text = str | Promise

NEW = ""  # the source of a transition that creates its object
SAME = None  # the target of a transition that leaves the status as it is


@dataclass(frozen=True)
class Problem:
    """One reason why something cannot be done, in words; ``field``: where to mend it, ``basis``: which rule of law."""

    text: Text
    field: str = ""
    basis: str = ""

    def __str__(self) -> str:
        return str(self.text)


class Refused(Exception):
    """A transition that does not happen. ``problems`` holds every reason in words."""

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = [p if isinstance(p, Problem) else Problem(p) for p in problems]
        super().__init__("; ".join(str(p) for p in self.problems))


class WrongState(Refused):
    """The object is not (any more) where this transition starts: somebody was faster, or the tab is stale."""


class NotAllowed(Refused):
    """The actor may not do this."""


class Blocked(Refused):
    """Guards found problems."""


@dataclass(frozen=True)
class Act:
    """One attempt: who, in which capacity, why, with what data, when. Guards and writes read it, nothing else."""

    actor: Any
    transition: "Transition"
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    cause: Any = None
    address: str | None = None
    at: dt.datetime = field(default_factory=clock.now)
    rows: list[models.Model] = field(default_factory=list)
    """New rows of ``apply`` that are stored in one message with the row and its record."""
    number: int | None = None
    """Drawn with the lock (``Reading.number``)."""

    @property
    def day(self) -> dt.date:
        """The legal day of the act (Asia/Shanghai)."""
        return clock.local(self.at).date()

    @property
    def membership(self) -> Any:
        """The membership the actor acts under, or None."""
        return getattr(self.actor, "acting", None)


Guard = Callable[[Any, Act], Iterable[Problem]]
Write = Callable[[Any, Act], None]
AfterRecord = Callable[[Any, Act, Any], None]


@dataclass(frozen=True)
class Tell:
    """Whom a transition tells, what they must do and by when. ``whom(obj)`` gives users; texts may use ``{obj}``,
    ``{by}``, ``{reason}`` and what the object's ``message_words()`` gives."""

    whom: Callable[[Any], Iterable[Any]]
    subject: Text
    body: Text
    by: Callable[[Any], dt.date | None] | None = None
    action_needed: bool = False
    who: str = ""  # words for the generated documentation
    link: Callable[[Any], str] | None = None  # where it leads, when not to the page of the object


@dataclass(frozen=True)
class Transition:
    """One row of a table.

    ``form`` is a dotted path to a form class ``Form(*args, obj=, user=)`` whose cleaned data reach ``fire`` as
    keywords; ``keep`` names the data that go into the record; ``driven_by`` ("reviews.Meeting.approve", …) marks a row
    that a later stage fires with its own record as ``cause``: no page, no button. ``confirm(obj)`` gives the text a
    person must type; ``first(obj)`` locks what must be locked before the row itself, so that two tables agree on one
    order; ``reads`` names what permission and guards look at, read in one message with the lock (its messages are then
    made later, see :attr:`tells_later`); ``by_arrival``: whether it is in time is judged by when the request reached
    the portal (:func:`clock.arrived`).
    """

    name: str
    label: Text
    sources: Sequence[str]
    target: str | None
    allowed: Predicate = NOBODY
    guards: Sequence[Guard] = ()
    apply: Write | None = None
    then: AfterRecord | None = None
    tells: Sequence[Tell] = ()
    after_commit: Sequence[str] = ()
    needs_reason: bool = False
    papers: Sequence[str] = ()
    basis: str = ""
    public_label: Text = ""
    explanation: Text = ""
    driven_by: Sequence[str] = ()
    form: str = ""
    keep: Sequence[str] = ()
    irreversible: bool = False
    confirm: Callable[[Any], str] | None = None
    first: Callable[[Any], None] | None = None
    reads: together.Reading | None = None
    by_arrival: bool = False

    @property
    def has_page(self) -> bool:
        """Whether people reach it on a page of its own: not when only a later stage or the portal itself fires it."""
        return self.allowed.name not in {"nobody", "SYSTEM"}

    @property
    def tells_later(self) -> bool:
        """Whether the sweep makes its messages from the record, for whoever acts does not wait for them: where much is
        looked at (``reads``) and nothing follows the record."""
        return self.reads is not None and self.then is None and not self.after_commit


def _moment(row: Transition) -> dt.datetime:
    return clock.arrived() if row.by_arrival else clock.now()


_KEEPS = (str, int, bool, float, Decimal, dt.date, dt.datetime, type(None))
"""Values that change only by being replaced; a list or a dict may have been changed in place."""


def _values(subject: models.Model) -> dict[str, Any]:
    return {field.attname: subject.__dict__.get(field.attname) for field in subject._meta.concrete_fields}


def _changed(subject: models.Model, before: dict[str, Any]) -> list[str]:
    """The columns to write: those that changed, and those that cannot be compared.

    A declaration has sixty columns; under the lock nobody else can have changed the others.
    """
    now = _values(subject)
    return [name for name, value in now.items() if value != before[name] or not isinstance(value, _KEEPS)]


class _Read(NamedTuple):
    versions: str = ""
    key: int | None = None
    number: int | None = None


class Workflow:
    """The table of one model. ``record_model`` is its concrete TransitionRecord."""

    registry: dict[str, "Workflow"] = {}

    def __init__(self, model: type[models.Model], record_model: type[models.Model], *transitions: Transition) -> None:
        self.model = model
        self.record_model = record_model
        self._unlocked = together.Rows(model, f'"{model._meta.pk.column}" = %(pk)s')
        self._row = replace(self._unlocked, lock=True)
        self._with_few = {t.name: replace(self._row, along=t.reads.along) for t in transitions if t.reads}
        self._next = together.NextKey(record_model)
        self.transitions: Mapping[str, Transition] = MappingProxyType({t.name: t for t in transitions})
        if len(self.transitions) != len(transitions):
            raise ValueError(f"{model._meta.label}: a transition name stands twice")
        status: Any = model._meta.get_field("status")
        known = set(dict(status.flatchoices))
        for row in transitions:
            unknown = {*row.sources, row.target} - known - {NEW, SAME}
            if unknown:
                raise ValueError(f"{model._meta.label}.{row.name}: unknown status {sorted(map(str, unknown))}")
        Workflow.registry[model._meta.label] = self
        telling.register(record_model, self.transitions)

    @property
    def label(self) -> str:
        """ "applications.Declaration": how records, documentation and ``driven_by`` name it."""
        return self.model._meta.label

    def pairs(self) -> set[tuple[str, str]]:
        """All (source, target) pairs that change the status."""
        return {(s, t.target) for t in self.transitions.values() if t.target is not SAME for s in t.sources if s != NEW}

    def guard_database(self) -> None:
        """Register the trigger that refuses status pairs the table does not hold; call it in ``AppConfig.ready()``."""
        allowed = ", ".join(f"('{s}', '{t}')" for s, t in sorted(self.pairs()))
        pgtrigger.register(
            pgtrigger.Trigger(
                name="status_by_table",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("status"),
                func=f"""
                    IF (OLD.status, NEW.status) NOT IN ({allowed}) THEN
                        RAISE EXCEPTION 'status of % cannot go from % to %', TG_TABLE_NAME, OLD.status, NEW.status
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        )(self.model)

    def history(self, obj: Any) -> list[Any]:
        """The records of an object, newest first, each with the ``label`` of its transition and ``by_visitor``: nobody
        is its actor, and yet it is no act of the portal's own.
        """
        records = list(obj.records.select_related("actor").order_by("-pk"))
        for record in records:
            row = self.transitions.get(record.transition)
            record.label = row.label if row else record.transition
            record.by_visitor = record.actor_id is None and row is not None and row.allowed is PUBLIC
        return records

    def open_to(self, obj: Any, actor: Any) -> list[Transition]:
        """The transitions that lead on from the present status and that the actor may make: the buttons of a page."""
        return [
            row
            for row in self.transitions.values()
            if obj.status in row.sources and row.has_page and row.allowed(actor, obj)
        ]

    def problems(self, obj: Any, name: str, *, actor: Any, reason: str = "", **data: Any) -> list[Problem]:
        """What would stop the transition now: a preview without lock or write, for pages."""
        row = self.transitions[name]
        if row.reads:
            row.reads(obj)
        return self._problems(obj, Act(actor, row, reason, data, at=_moment(row)))

    def judge(self, pk: int, name: str, *, actor: Any) -> verdicts.Judged:
        """The same of a row that is read anew, for a page that fires with the seal (``kernel/verdicts.py``)."""
        row = self.transitions[name]
        act = Act(actor, row, at=_moment(row))
        subject, read = self._read(pk, act, lock=False, whole=True)
        return verdicts.judge(subject, act, read.versions, self._problems)

    def fire(
        self,
        obj: Any,
        name: str,
        *,
        actor: Actor | Any,
        reason: str = "",
        cause: Any = None,
        address: str | None = None,
        seal: str = "",
        **data: Any,
    ) -> Any:
        """Make the transition and return its record; ``obj`` carries the new values afterwards.

        Raises :class:`WrongState`, :class:`NotAllowed` or :class:`Blocked` (nothing is written then). An unsaved
        ``obj`` is created (the row's source must be ``NEW``). ``seal``: of :meth:`judge`, shortly before.
        """
        row = self.transitions[name]
        act = Act(actor, row, reason.strip(), data, cause, address, _moment(row))
        with transaction.atomic():
            if row.first:
                row.first(obj)
            new = obj.pk is None or obj._state.adding
            subject, read = (obj, _Read()) if new else self._read(obj.pk, act, lock=True, whole=not seal)
            act, key = replace(act, number=read.number), read.key
            subject.in_act = True  # a model may remember what it worked out: under the lock its rows stand still
            source = NEW if subject._state.adding else subject.status
            before = None if subject._state.adding else _values(subject)
            self._check_state(subject, row, source)
            self._check_actor(subject, row, act)
            self._check_guards(subject, act, seal, read.versions)
            if row.apply:
                row.apply(subject, act)
            target = source if row.target is SAME else row.target
            subject.status = target
            if before is None:
                subject.save()
            record = self._record(subject, act, source, target, key)
            later = [telling.later(record)] if key else []
            changed = [] if before is None else _changed(subject, before)
            prepared.write(subject, changed, [*act.rows, record, *later])
            if row.then:
                row.then(subject, act, record)
            if not key:
                outbox.store([*telling.messages(subject, row, record), *telling.deliveries(subject, act, record)])
        if subject is not obj:
            for column in subject._meta.concrete_fields:
                setattr(obj, column.attname, getattr(subject, column.attname))
        return record

    def _read(self, pk: Any, act: Act, *, lock: bool, whole: bool) -> tuple[Any, _Read]:
        """The row, and what ``Transition.reads`` names, or of that the few, with the versions of all of it; the key its
        record will have, where what names it is stored along; the actor's roles, where nobody asked for them.
        """
        row = act.transition
        unknown: dict[str, Any] = getattr(act.actor, "unknown", dict)()
        asked: dict[str, Any] = {"row": self._row if lock else self._unlocked}
        asked |= {"key": self._next} if lock and row.tells_later else {}
        if row.reads:
            asked |= {} if lock and whole else {"versions": row.reads.versions}
            asked |= row.reads.of(whole)
            asked |= {} if whole else {"row": self._with_few[row.name]} | row.reads.drawn
        found = together.read(asked | unknown, {"pk": pk, "actor": act.actor.pk})
        if unknown:
            act.actor.learn(found)
        if not found["row"]:
            raise self.model.DoesNotExist(f"{self.label} {pk}")  # type: ignore[attr-defined]
        subject = found["row"][0]
        if row.reads:
            row.reads.put(subject, found)
        beside = {name: rows[0] for name in _Read._fields if (rows := found.get(name))}
        return subject, _Read(**beside)

    def _check_state(self, subject: Any, row: Transition, source: str) -> None:
        if source in row.sources:
            return
        now_is = subject.get_status_display() if source else _("not yet stored")
        raise WrongState(
            _("“{action}” is not possible any more: the present status is “{status}”.").format(
                action=row.label, status=now_is
            )
        )

    def _check_actor(self, subject: Any, row: Transition, act: Act) -> None:
        if act.cause is not None:
            caused = f"{act.cause._meta.get_field('subject').related_model._meta.label}.{act.cause.transition}"
            if caused in row.driven_by:
                return
            raise NotAllowed(f"{self.label}.{row.name} is not driven by {caused}")
        if row.driven_by and row.allowed is NOBODY:
            raise NotAllowed(*NOBODY.why_not(act.actor, subject))
        if not row.allowed(act.actor, subject):
            raise NotAllowed(*row.allowed.why_not(act.actor, subject))

    def _check_guards(self, subject: Any, act: Act, seal: str, versions: str) -> None:
        content = verdicts.content_under(seal, subject, act, versions) if seal else ""
        if content:
            subject.settle_content(content)
            return
        if seal and act.transition.reads:
            act.transition.reads(subject)
        found = self._problems(subject, act)
        if found:
            raise Blocked(*found)

    def _problems(self, subject: Any, act: Act) -> list[Problem]:
        found = [problem for guard in act.transition.guards for problem in guard(subject, act)]
        for code in act.transition.papers:
            if not subject.papers.filter(code=code, document__superseded_by__isnull=True).exists():
                found.append(Problem(_("Attachment {code} has not been made yet.").format(code=code)))
        if act.transition.needs_reason and not act.reason:
            found.append(Problem(_("Please give the reason."), field="reason"))
        return found

    def _record(self, subject: Any, act: Act, source: str, target: str | None, key: int | None) -> Any:
        hashed = getattr(subject, "content_hash", None)
        return self.record_model(
            pk=key,
            subject=subject,
            transition=act.transition.name,
            source=source,
            target=target,
            actor_id=act.actor.pk,
            acting_membership=getattr(act.membership, "pk", None),
            acting_as=str(act.membership or ""),
            reason=act.reason,
            data={key: act.data[key] for key in act.transition.keep if key in act.data},
            content_hash=hashed() if callable(hashed) else "",
            cause_table=act.cause._meta.db_table if act.cause is not None else "",
            cause_id=act.cause.pk if act.cause is not None else None,
            at=act.at,
            from_address=act.address,
        )
