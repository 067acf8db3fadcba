"""Who may act: named predicates over (actor, object), combined with ``&``, ``|`` and ``~``; a refusal carries its
reason."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Actor(Protocol):
    """What the kernel asks of somebody who acts; ``accounts.User`` and :data:`SYSTEM` answer it."""

    pk: Any
    acting: Any

    @property
    def is_authenticated(self) -> bool: ...

    def acts_as(self, *roles: str) -> bool: ...


class _System:
    """The portal itself, when a deadline passes or a batch runs. No row, no rights beyond rows that name it."""

    pk = None
    acting = None
    is_authenticated = False
    language = ""

    def acts_as(self, *roles: str) -> bool:
        return False

    def __str__(self) -> str:
        return "SYSTEM"


SYSTEM: Actor = _System()


@dataclass(frozen=True)
class Predicate:
    """A named question "may this actor act on this object?" together with the words of its refusal."""

    name: str
    test: Callable[[Any, Any], bool]
    reason: Text
    otherwise: Text = ""
    parts: tuple["Predicate", ...] = ()

    def __call__(self, actor: Any, obj: Any = None) -> bool:
        return bool(self.test(actor, obj))

    def why_not(self, actor: Any, obj: Any = None) -> list[str]:
        """The reasons of the refusal in words, each once; empty when the predicate holds."""
        if self(actor, obj):
            return []
        if self.parts:
            # "this role or that one" refuses with the same words twice
            return list(dict.fromkeys(why for part in self.parts for why in part.why_not(actor, obj)))
        return [str(self.reason)]

    def __and__(self, other: "Predicate") -> "Predicate":
        return Predicate(
            f"{self.name} & {other.name}", lambda a, o: self(a, o) and other(a, o), "", parts=(self, other)
        )

    def __or__(self, other: "Predicate") -> "Predicate":
        return Predicate(
            f"({self.name} | {other.name})", lambda a, o: self(a, o) or other(a, o), "", parts=(self, other)
        )

    def __invert__(self) -> "Predicate":
        return Predicate(f"~{self.name}", lambda a, o: not self(a, o), self.otherwise or self.reason, self.reason)

    def __str__(self) -> str:
        return self.name


def predicate(reason: Text, *, otherwise: Text = "") -> Callable[[Callable[[Any, Any], bool]], Predicate]:
    """Decorator: a function ``(actor, obj) -> bool`` becomes a :class:`Predicate`; ``otherwise`` is the refusal of
    its negation."""

    def wrap(test: Callable[[Any, Any], bool]) -> Predicate:
        return Predicate(test.__name__, test, reason, otherwise)

    return wrap


def has_role(*roles: str) -> Predicate:
    """The actor's acting membership, valid today, is one of these roles."""
    return Predicate(
        f"has_role({', '.join(roles)})",
        lambda actor, obj: actor.acts_as(*roles),
        _("Your present role does not allow this."),
    )


def not_the_same_person_as(transition: str) -> Predicate:
    """Separation of duties: the actor is not the person who last made that transition on this object."""

    def test(actor: Any, obj: Any) -> bool:
        if obj is None or obj.pk is None:
            return True
        last = obj.records.filter(transition=transition).order_by("-pk").first()
        return last is None or last.actor_id != actor.pk

    return Predicate(
        f"not_the_same_person_as({transition})", test, _("Another person must do this: you did the step before it.")
    )


PUBLIC = Predicate("public", lambda actor, obj: True, "")
SIGNED_IN = Predicate("signed_in", lambda actor, obj: bool(actor.is_authenticated), _("Please log in first."))
IS_SYSTEM = Predicate(
    "SYSTEM", lambda actor, obj: actor is SYSTEM, _("Only the portal itself does this, when it is due.")
)
NOBODY = Predicate("nobody", lambda actor, obj: False, _("This happens as part of another decision, not by itself."))
