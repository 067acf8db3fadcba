"""Named questions to the tables of this stage; ``visible_to(user)`` is the only place that says who sees what
(model.md §8).
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from applications.querysets_recusal import KeptFrom, kept_from

# Statuses that no longer stand in the way of another declaration in the same year and series (*one_live*).
GIVEN_UP = ("withdrawn", "not_recommended", "disqualified", "abandoned", "barred")
# Statuses nothing leads on from (model.md §7); "disqualified" only once the recheck is used up.
CLOSED = (
    "not_recommended",
    "abandoned",
    "disqualified",
    "not_passed",
    "excluded",
    "rejected",
    "withdrawn",
    "barred",
    "revoked",
    "granted_elsewhere",
    "refused_elsewhere",
)
# What an office has to do: to accept, to examine.
TO_EXAMINE = ("recommended", "forwarded", "in_examination")
# Nothing is left to be compared with the originals: they go back (notice IV(3): "after the review").
NEEDS_NO_ORIGINALS = (*CLOSED, "approved", "certified", "entrusted")
_UNIT = ("unit_clerk", "unit_head")
_OFFICE = ("office_clerk", "committee_director")
_BUREAU = ("bureau_reviewer", "bureau_approver")


class DeclarationQuerySet(QuerySet[Any]):
    """Questions about declarations."""

    def visible_to(self, user: Any) -> "DeclarationQuerySet":
        """Own declarations, and what the acting membership's role may see; a visitor sees none."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(applicant__user=user) | self._by_role(user))

    def by_role(self, user: Any, kept: KeptFrom | None = None) -> "DeclarationQuerySet":
        """What the acting membership's role may see, and nothing as the person concerned. ``kept``: what the user keeps
        away from, where that has been asked already."""
        return self.filter(self._by_role(user, kept)) if user.is_authenticated else self.none()

    def of_office(self, office: int, kept: KeptFrom) -> "DeclarationQuerySet":
        """What comes before the committees of an office, without what somebody there keeps away from."""
        return self.filter(self._of_office(office, kept))

    def own(self, user: Any) -> "DeclarationQuerySet":
        """The declarations of the person behind the account, whatever role they act in."""
        return self.filter(applicant__user=user) if user.is_authenticated else self.none()

    def live(self) -> "DeclarationQuerySet":
        """Those that count against a second one in the same year and series, drafts included."""
        return self.exclude(status__in=GIVEN_UP)

    def _by_role(self, user: Any, kept: KeptFrom | None = None) -> Q:
        acting = user.acting
        if acting is None:
            return Q(pk__in=[])
        organisation = acting.organisation_id
        if user.acts_as(*_UNIT):
            return Q(self._confirmed(), unit_id=organisation, submitted_at__isnull=False)
        if user.acts_as("forwarder"):
            return Q(unit__forwarder_id=organisation, recommended_on__isnull=False)
        if user.acts_as(*_OFFICE):
            return self._of_office(organisation, kept or kept_from(user))
        if user.acts_as(*_BUREAU):
            return Q(recommended_on__isnull=False)
        if user.acts_as("supervisor"):
            return Q(submitted_at__isnull=False)
        return Q(pk__in=[])

    @staticmethod
    def _of_office(office: int, kept: KeptFrom) -> Q:
        own = Q(committee__office_id=office, recommended_on__isnull=False, line__decided_by="committee")
        return own & ~kept.q()

    @staticmethod
    def _confirmed() -> Exists:
        # A unit sees nothing of a person before it has confirmed the employment.
        from django.apps import apps  # noqa: PLC0415 - querysets are loaded while the models are being made

        employment = apps.get_model("accounts", "Employment")
        return Exists(
            employment._base_manager.filter(
                person_id=OuterRef("applicant_id"), unit_id=OuterRef("unit_id"), confirmed_by__isnull=False
            )
        )


class OfDeclaration(QuerySet[Any]):
    """Rows that belong to a declaration are visible where the declaration is."""

    def visible_to(self, user: Any) -> "OfDeclaration":
        """Rows of the declarations this user may see."""
        from django.apps import apps  # noqa: PLC0415 - querysets are loaded while the models are being made

        declarations = apps.get_model("applications", "Declaration")._default_manager.visible_to(user)
        return self.filter(declaration__in=declarations)

    def current(self) -> "OfDeclaration":
        """Without what has been replaced by a later version."""
        return self.filter(superseded_by__isnull=True)


class OriginalsQuerySet(OfDeclaration):
    """Bundles of paper originals."""

    def with_case(self) -> "OriginalsQuerySet":
        """With what a list shows, and the moment since when nobody needs them any more (``over_at``)."""
        from django.apps import apps  # noqa: PLC0415 - querysets are loaded while the models are being made

        ended = apps.get_model("applications", "DeclarationRecord").objects.filter(
            subject=OuterRef("declaration"), target__in=NEEDS_NO_ORIGINALS, subject__status__in=NEEDS_NO_ORIGINALS
        )
        over = ended.exclude(source__in=NEEDS_NO_ORIGINALS)  # the certificate after the approval ends nothing anew
        return self.select_related("declaration__applicant", "declaration__unit", "holder").annotate(
            over_at=Subquery(over.order_by("-pk").values("at")[:1])
        )

    def late(self, last_day_in_time: Any) -> "OriginalsQuerySet":
        """Of ``with_case``: not given back although the case was over on that day or before."""
        return self.exclude(status="returned").filter(over_at__date__lte=last_day_in_time)


class CaseRecusalQuerySet(QuerySet[Any]):
    """Who of an office keeps away from which case."""

    def visible_to(self, user: Any) -> "CaseRecusalQuerySet":
        """Whoever decides about them and the supervisor; nobody sees the own, as nothing of that case is seen."""
        if not (user.is_authenticated and user.acts_as(*_OFFICE, *_BUREAU, "supervisor")):
            return self.none()
        from django.apps import apps  # noqa: PLC0415 - querysets are loaded while the models are being made

        cases = apps.get_model("applications", "Declaration")._default_manager.visible_to(user).order_by()
        return self.filter(declaration__in=cases).exclude(user=user.pk).exclude(declaration__applicant__user=user.pk)

    def standing(self) -> "CaseRecusalQuerySet":
        """Proposed or confirmed."""
        return self.exclude(status="refused")


class UnitObjectionQuerySet(QuerySet[Any]):
    """Objections inside a unit name who raised them."""

    def visible_to(self, user: Any) -> "UnitObjectionQuerySet":
        """Where the declaration is visible, but never to the person concerned, whatever role that person has."""
        from django.apps import apps  # noqa: PLC0415 - querysets are loaded while the models are being made

        declarations = apps.get_model("applications", "Declaration")._default_manager.visible_to(user).order_by()
        return self.filter(item__declaration__in=declarations).exclude(item__declaration__applicant__user=user)


class SnapshotQuerySet(OfDeclaration):
    """Questions about what was frozen of declarations."""

    def at_closing_for(self, user: Any) -> "SnapshotQuerySet":
        """Drafts as they stood at closing (截止时草稿): one's own, all at the bureau, which judges extensions by them.

        The newest first. A unit sees nothing that was never handed in to it (model.md §8).
        """
        kept = self.filter(stage="at_closing").order_by("-pk")
        if not user.is_authenticated:
            return kept.none()
        if user.acts_as(*_BUREAU, "supervisor"):
            return kept
        return kept.filter(declaration__applicant__user=user)


class SanctionQuerySet(QuerySet[Any]):
    """Questions about bans after falsification (弄虚作假)."""

    def visible_to(self, user: Any) -> "SanctionQuerySet":
        """Bureau and supervisor see all; the person concerned everything from the opening on; the unit that vouched
        for the material what it answers for, and what was decided."""
        if not user.is_authenticated:
            return self.none()
        if user.acts_as(*_BUREAU, "supervisor"):
            return self.all()
        seen = Q(person__user=user)
        if user.acts_as(*_UNIT):
            told = Q(unit_responsible=True) | Q(status__in=("in_force", "lifted"))
            seen |= Q(declaration__unit=user.acting.organisation_id) & told
        return self.filter(seen)


class SanctionFileQuerySet(QuerySet[Any]):
    """Files in a case of false material."""

    def visible_to(self, user: Any) -> "SanctionFileQuerySet":
        """Where the case is read; the unit does not read what the person handed in."""
        from django.apps import apps  # noqa: PLC0415 - querysets are loaded while the models are being made

        cases = apps.get_model("applications", "Sanction")._default_manager.visible_to(user).order_by()
        seen = self.filter(sanction__in=cases)
        if user.acts_as(*_BUREAU, "supervisor"):
            return seen
        return seen.exclude(~Q(sanction__person__user=user.pk) & Q(side="person"))


class LiftingQuerySet(QuerySet[Any]):
    """Decisions about lifting a ban."""

    def visible_to(self, user: Any) -> "LiftingQuerySet":
        """Bureau and supervisor see all; the person concerned the own."""
        if not user.is_authenticated:
            return self.none()
        if user.acts_as(*_BUREAU, "supervisor"):
            return self.all()
        return self.filter(sanction__person__user=user)


class ExtensionQuerySet(QuerySet[Any]):
    """Questions about extensions of a window (延期)."""

    def visible_to(self, user: Any) -> "ExtensionQuerySet":
        """The bureau and the supervisor see all; a person sees the own ones that are in force."""
        if not user.is_authenticated:
            return self.none()
        if user.acts_as(*_BUREAU, "supervisor"):
            return self.all()
        return self.filter(person__user=user, status="in_force")

    def in_force(self) -> "ExtensionQuerySet":
        """Decided by the second person."""
        return self.filter(status="in_force")

    def for_person(self, person_id: int | None) -> "ExtensionQuerySet":
        """Those for everybody and those for this person."""
        return self.in_force().filter(Q(person__isnull=True) | Q(person_id=person_id))


class OutageQuerySet(QuerySet[Any]):
    """Questions about logged interruptions (系统故障)."""

    def visible_to(self, user: Any) -> "OutageQuerySet":
        """The operator who logs them, the bureau and the supervisor."""
        if user.is_authenticated and user.acts_as("operator", *_BUREAU, "supervisor"):
            return self.all()
        return self.none()


class ArchiveQuerySet(QuerySet[Any]):
    """Questions about the personal archive (个人业绩库)."""

    def visible_to(self, user: Any) -> "ArchiveQuerySet":
        """One's own; a unit sees what stands in declarations it may see."""
        if not user.is_authenticated:
            return self.none()
        seen = Q(person__user=user)
        if user.acts_as(*_UNIT):
            from django.apps import apps  # noqa: PLC0415 - querysets are loaded while the models are being made

            declarations = apps.get_model("applications", "Declaration")._default_manager.visible_to(user)
            seen |= Q(pk__in=declarations.filter(achievements__archived__isnull=False).values("achievements__archived"))
        return self.filter(seen)

    def own(self, user: Any) -> "ArchiveQuerySet":
        """The newest version of each of one's own entries."""
        return self.filter(person__user=user, next=None) if user.is_authenticated else self.none()


class SpotCheckQuerySet(QuerySet[Any]):
    """Questions about spot checks of the bureau (抽查)."""

    def visible_to(self, user: Any) -> "SpotCheckQuerySet":
        """Bureau and supervisor see all; who examines those in which a case of theirs was drawn."""
        if not user.is_authenticated:
            return self.none()
        if user.acts_as(*_BUREAU, "supervisor"):
            return self.all()
        from django.apps import apps  # noqa: PLC0415 - querysets are loaded while the models are being made

        items = apps.get_model("applications", "SpotCheckItem")._default_manager.visible_to(user).order_by()
        return self.filter(pk__in=items.values("spot_check"))


class SpotCheckItemQuerySet(QuerySet[Any]):
    """Questions about sampled cases."""

    def visible_to(self, user: Any) -> "SpotCheckItemQuerySet":
        """Bureau and supervisor see all, office and forwarder their own cases; nobody, in whatever role, the own."""
        if not (user.is_authenticated and user.acts_as(*_OFFICE, *_BUREAU, "forwarder", "supervisor")):
            return self.none()
        from django.apps import apps  # noqa: PLC0415 - querysets are loaded while the models are being made

        cases = apps.get_model("applications", "Declaration")._default_manager.visible_to(user).order_by()
        return self.filter(declaration__in=cases).exclude(declaration__applicant__user=user.pk)

    def frozen(self) -> "SpotCheckItemQuerySet":
        """Drawn without a finding yet, or with a defect that no examination has cleared since."""
        return self.filter(status__in=("pending", "defect", "re_examining", "not_eligible"))

    def open_defects(self) -> "SpotCheckItemQuerySet":
        """Defects that nobody has dealt with: not examined again, in a case that has not ended otherwise."""
        open_ones = self.filter(status__in=("defect", "re_examining", "not_eligible"))
        return open_ones.exclude(declaration__status__in=CLOSED)
