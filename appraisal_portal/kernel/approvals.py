"""Decisions of two people over one content: the approver confirms exactly the hash the reviewer saw."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal.kernel import clock, differences, sweeps
from appraisal_portal.kernel.models import ShownContent

if TYPE_CHECKING:
    from appraisal_portal.kernel.workflow import Act, Problem

SHOWN_FOR = dt.timedelta(days=7)
"""How long a content that a page showed is kept: longer than any log-in lasts, no longer than needed."""


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _canonical(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(inner) for inner in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return str(value)


def canonical(content: Any) -> Any:
    """Plain JSON with ISO dates and numbers as text: what is stored in a snapshot and hashed."""
    return _canonical(content)


def content_sha256(content: Any, *, schema: int = 1) -> str:
    """SHA-256, hexadecimal, of the canonical JSON (sorted keys, no blanks, schema version)."""
    return hashlib.sha256(canonical_text(content, schema=schema).encode()).hexdigest()


def canonical_text(content: Any, *, schema: int = 1) -> str:
    """The canonical JSON itself: the text whose UTF-8 bytes ``content_sha256`` hashes."""
    return json.dumps(
        {"schema": str(schema), "content": _canonical(content)},
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
    )


class TwoPerson(models.Model):
    """On every row the bureau decides (两人审批). Subclasses define ``decision_content()``: what the page shows, as a
    dict."""

    class Proposal(models.TextChoices):
        APPROVE = "approve", gettext_lazy("approve")
        RETURN = "return", gettext_lazy("return")
        REJECT = "reject", gettext_lazy("reject")

    decided_about: ClassVar[str] = ""
    """Whose key the first column of the lists in the content is, where it is one ("applications.Declaration")."""

    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_hash = models.CharField(max_length=64, blank=True)
    proposed_content = models.JSONField(null=True, blank=True)
    proposal = models.CharField(max_length=8, choices=Proposal.choices, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="%(app_label)s_%(class)s_two_people",
            ),
            models.CheckConstraint(
                condition=Q(decided_hash="") | Q(decided_hash=F("proposed_hash")),
                name="%(app_label)s_%(class)s_same_content",
            ),
        ]

    def decision_content(self) -> dict[str, Any]:
        """Everything the deciding page shows, by field name."""
        raise NotImplementedError

    def content_hash(self) -> str:
        """Hash of :meth:`decision_content`; the pages post it back so that nobody decides what they did not see."""
        return content_sha256(self.decision_content())

    def shown_content(self) -> dict[str, Any]:
        """What the deciding page says of it: the content, with what it names only by a hash written out."""
        return self.decision_content()

    def between(self, before: Any, after: Any, reader: Any = None) -> list[differences.Difference]:
        """What two contents say differently, in words and as ``reader`` may know it."""
        return differences.between(type(self), canonical(before), canonical(after), self.decided_about)

    def changes(self, reader: Any = None) -> list[differences.Difference]:
        """What differs from the content that was proposed, in words."""
        return self.between(self.proposed_content, self.decision_content(), reader)

    def show(self) -> str:
        """The hash of the content for a page that is about to show it; what it shows is kept for :data:`SHOWN_FOR`."""
        sha256 = self.content_hash()
        key = {"table_name": self._meta.db_table, "row_id": self.pk, "sha256": sha256}
        if not ShownContent.objects.filter(**key).update(shown_at=clock.now()):
            kept = ShownContent(**key, content=canonical(self.shown_content()))
            ShownContent.objects.bulk_create([kept], ignore_conflicts=True)
        return sha256

    def changes_since(self, sha256: str, reader: Any = None) -> list[differences.Difference]:
        """What stands otherwise now than on the page that showed that hash; nothing where no page showed it."""
        shown = ShownContent.objects.filter(table_name=self._meta.db_table, row_id=self.pk, sha256=sha256).first()
        return self.between(shown.content, self.shown_content(), reader) if shown else []


@sweeps.register("contents that pages of decisions showed")
def forget_shown() -> int:
    """Delete what no open page can post any more."""
    return ShownContent.objects.filter(shown_at__lt=clock.now() - SHOWN_FOR).delete()[0]


def write_proposal(row: TwoPerson, act: "Act") -> None:
    """Store who proposes what over which content; clears an earlier decision."""
    row.proposed_by_id, row.proposed_at = act.actor.pk, act.at
    row.proposed_content = canonical(row.decision_content())
    row.proposed_hash = row.content_hash()
    row.proposal = act.data.get("proposal") or TwoPerson.Proposal.APPROVE
    row.decided_by, row.decided_at, row.decided_hash = None, None, ""


def write_decision(row: TwoPerson, act: "Act") -> None:
    """Store the second person over the same content."""
    row.decided_by_id, row.decided_at, row.decided_hash = act.actor.pk, act.at, row.content_hash()


def _listed(found: list[differences.Difference]) -> str:
    said = [str(change) for change in found[: differences.MOST]]
    if len(found) > differences.MOST:
        said.append(_("{count} more").format(count=len(found) - differences.MOST))
    return _("; ").join(said)


def _changed_since(row: TwoPerson, act: "Act") -> str:
    seen = act.data.get("content_hash")
    found = row.changes_since(seen, act.actor) if seen else []
    if not found:
        return _("The content has changed since you opened this page. Please read it again before deciding.")
    words = _(
        "The content has changed since you opened this page. Please read what changed before deciding. "
        "Changed: {changes}"
    )
    return words.format(changes=_listed(found))


def seen_content(row: TwoPerson, act: "Act") -> "Iterable[Problem]":
    """Guard: the page the actor decided on showed what stands in the rows now (``content_hash`` posted by the form)."""
    from appraisal_portal.kernel.workflow import Problem  # noqa: PLC0415 - the abstract row is part of what workflow moves

    if act.data.get("content_hash") != row.content_hash():
        yield Problem(_changed_since(row, act))


def proposed_content(row: TwoPerson, act: "Act") -> "Iterable[Problem]":
    """Guard of the second person: what stands in the rows is what the first proposed."""
    from appraisal_portal.kernel.workflow import Problem  # noqa: PLC0415 - see seen_content

    if row.proposed_hash != row.content_hash():
        words = _("The content is no longer what the reviewer proposed. Please send it back. Changed: {changes}")
        yield Problem(words.format(changes=_listed(row.changes(act.actor))))


def same_content(row: TwoPerson, act: "Act") -> "Iterable[Problem]":
    """Guard of the second person: content as seen, as proposed, and proposed for approval."""
    from appraisal_portal.kernel.workflow import Problem  # noqa: PLC0415 - see seen_content

    yield from seen_content(row, act)
    yield from proposed_content(row, act)
    if row.proposal != TwoPerson.Proposal.APPROVE:
        yield Problem(_("The reviewer did not propose approval. Send it back with the reason instead."))


COMPARING = (seen_content, same_content)
"""The guards that compare what a page showed with what stands now."""
