"""The declaration (申报) itself, what was handed over of it, and its papers."""

import pghistory
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.querysets import GIVEN_UP, TO_EXAMINE, DeclarationQuerySet, SnapshotQuerySet
from appraisal_portal.accounts.models import Employment, Organisation
from appraisal_portal.kernel import approvals, clock
from appraisal_portal.kernel.models import Snapshot, StoredDocument
from appraisal_portal.kernel.records import TransitionRecord
from committees.plans.asked import Asked
from committees.plans.models import Channel, DecidedBy
from committees.plans.scoring import Sheet

from .content import content_of


@pghistory.track(exclude=["form_version", "arrived_on"])
class Declaration(models.Model):
    """One person's declaration for one title in one year (职称申报). Its status covers its whole life, up to the
    certificate.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        WITH_UNIT = "with_unit", _("With the work unit")
        RETURNED = "returned", _("Returned by the work unit")
        VERIFIED = "verified", _("Verified by the work unit")
        UNIT_PUBLICITY = "unit_publicity", _("Unit publicity")
        RECOMMENDED = "recommended", _("Recommended by the work unit")
        NOT_RECOMMENDED = "not_recommended", _("Not recommended")
        FORWARDED = "forwarded", _("Forwarded")
        IN_EXAMINATION = "in_examination", _("Being examined")
        SUPPLEMENT = "supplement", _("Waiting for a supplement")
        ABANDONED = "abandoned", _("Given up: no reply in time")
        QUALIFIED = "qualified", _("Eligible")
        DISQUALIFIED = "disqualified", _("Not eligible")
        ON_ROSTER = "on_roster", _("On the roster of a meeting")
        DEFERRED = "deferred", _("Deferred")
        PASSED = "passed", _("Passed")
        NOT_PASSED = "not_passed", _("Not passed")
        RESULT_PUBLICITY = "result_publicity", _("Results public")
        HELD = "held", _("Objection received")
        EXCLUDED = "excluded", _("Excluded after an objection")
        REPORTED = "reported", _("Reported to the bureau")
        APPROVED = "approved", pgettext_lazy("declaration", "Approved by the bureau")
        REJECTED = "rejected", _("Not approved")
        ENTRUSTED = "entrusted", _("Entrusted to a higher committee")
        GRANTED_ELSEWHERE = "granted_elsewhere", _("Granted elsewhere")
        REFUSED_ELSEWHERE = "refused_elsewhere", _("Refused elsewhere")
        CERTIFIED = "certified", _("Certificate issued")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        BARRED = "barred", _("Barred from applying")
        REVOKED = "revoked", _("Revoked")

    class TalentKind(models.TextChoices):
        HIGH_LEVEL = "high_level", _("high-level talent")  # 高层次人才
        URGENT = "urgent", _("urgently needed talent")  # 急需紧缺人才

    class Health(models.TextChoices):  # no illness is asked for
        GOOD = "good", _("healthy")
        FAIR = "fair", _("fair or rather weak")

    class PoliticalStatus(models.TextChoices):
        PARTY = "party", _("member of the Communist Party of China")
        PROBATIONARY = "probationary", _("probationary member of the Communist Party of China")
        LEAGUE = "league", _("member of the Communist Youth League")
        DEMOCRATIC = "democratic", _("member of a democratic party")
        NON_PARTY = "non_party", _("public figure without party")
        MASSES = "masses", _("no member of a party")

    number = models.CharField(max_length=20, null=True, blank=True, unique=True)
    year = models.PositiveSmallIntegerField()
    series = models.ForeignKey("plans.Series", models.PROTECT, related_name="+")
    applicant = models.ForeignKey("accounts.Person", models.PROTECT, related_name="declarations")
    unit = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="declarations")
    line = models.ForeignKey("plans.PlanLine", models.PROTECT, related_name="declarations")
    committee = models.ForeignKey("plans.Committee", models.PROTECT, related_name="declarations")
    standard_version = models.ForeignKey(
        "plans.StandardVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.ForeignKey("plans.Title", models.PROTECT, related_name="+")
    subfield = models.ForeignKey("plans.Subfield", models.PROTECT, null=True, blank=True, related_name="+")
    route = models.CharField(max_length=14, choices=Channel.choices, default=Channel.REGULAR)
    specialty = models.CharField(max_length=50, blank=True)

    # 2-1, cover and basic block
    former_name = models.CharField(max_length=50, blank=True)
    ethnicity = models.CharField(max_length=30, blank=True)
    birthplace = models.CharField(max_length=60, blank=True)
    work_started_on = models.DateField(null=True, blank=True)
    # asked only because the printed 2-1 has these cells; content.SENSITIVE says who never reads them
    health = models.CharField(max_length=4, choices=Health.choices, blank=True)
    political_status = models.CharField(max_length=12, choices=PoliticalStatus.choices, blank=True)
    political_since = models.DateField(null=True, blank=True)
    current_post = models.CharField(max_length=60, blank=True)
    current_post_since = models.DateField(null=True, blank=True)
    current_specialty = models.CharField(max_length=50, blank=True)
    specialty_years = models.PositiveSmallIntegerField(null=True, blank=True)
    social_posts = models.TextField(max_length=500, blank=True)
    foreign_language = models.CharField(max_length=60, blank=True)
    file_kept_at = models.CharField(max_length=100, blank=True)
    # what the applicant states about the own post; the unit confirms it and a contradiction is named
    staff_kind = models.CharField(max_length=20, choices=Employment.StaffKind.choices, blank=True)
    retired = models.BooleanField(null=True, blank=True)
    punished_until = models.DateField(null=True, blank=True)
    under_punishment = models.BooleanField(null=True, blank=True)
    # representative work (代表作)
    representative_title = models.CharField(max_length=150, blank=True)
    representative_role = models.CharField(max_length=60, blank=True)
    representative_text = models.TextField(max_length=2000, blank=True)
    answers = models.JSONField(default=dict, blank=True)  # to the questions of the standard, by code

    self_scores = models.JSONField(default=dict, blank=True)  # 量化自评: by code of the standard's sheet
    tilts = models.JSONField(default=list, blank=True)  # codes of the standard's relief the applicant claims (倾斜)
    applicant_class = models.CharField(max_length=30, blank=True)  # code of the standard's class (新型农业经营主体 …)
    # what only some ways to a title ask for
    transfer_series = models.ForeignKey("plans.Series", models.PROTECT, null=True, blank=True, related_name="+")
    exceptional_ground = models.TextField(max_length=1000, blank=True)  # 破格: which condition is missing, and why
    talent_kind = models.CharField(max_length=20, choices=TalentKind.choices, blank=True)
    talent_reason = models.TextField(max_length=1000, blank=True)

    handler = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    form_version = models.PositiveIntegerField(default=1)  # a stale tab is told by it
    status = models.CharField(max_length=18, choices=Status.choices, default=Status.DRAFT)
    created_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    recommended_on = models.DateField(null=True, blank=True)  # from then on seen outside the unit
    # when it last came to whoever acts now: recommended, forwarded, redirected, sent back; the work list's order
    arrived_on = models.DateField(null=True, blank=True)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = _("declaration")
        ordering = ["-year", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["applicant", "year", "series"],
                condition=~models.Q(status__in=GIVEN_UP),
                name="one_live_declaration",
            ),
            models.CheckConstraint(
                condition=models.Q(number__isnull=False) | models.Q(submitted_at__isnull=True),
                name="submitted_has_number",
            ),
            models.CheckConstraint(
                condition=models.Q(recommended_on__isnull=True) | models.Q(arrived_on__isnull=False),
                name="recommended_has_arrived",
            ),
        ]
        indexes = [
            # The work lists in their order (decision 43): the office's to-do list, the bureau's, one status, all.
            models.Index(
                fields=["committee", "arrived_on", "id"],
                condition=models.Q(status__in=TO_EXAMINE),
                name="declaration_to_do_of_committee",
            ),
            models.Index(
                fields=["arrived_on", "id"], condition=models.Q(status__in=TO_EXAMINE), name="declaration_to_do"
            ),
            models.Index(fields=["committee", "status", "arrived_on", "id"], name="declaration_of_committee"),
            models.Index(
                fields=["committee", "arrived_on", "id"],
                condition=models.Q(recommended_on__isnull=False),
                name="declaration_at_committee",
            ),
            models.Index(fields=["unit", "status"], name="declaration_of_unit"),
            models.Index(fields=["line", "status"], name="declaration_of_line"),
        ]

    def __str__(self) -> str:
        return self.number or str(_("Draft {pk}").format(pk=self.pk))

    def get_absolute_url(self) -> str:
        """The page of the declaration; it leads everybody to the view of their role."""
        return reverse("applications:declaration-detail", args=[self.pk])

    def content(self) -> dict[str, object]:
        """What the applicant declares, by section: what a hand-over freezes (see ``models/content.py``)."""
        if not getattr(self, "in_act", False):
            return content_of(self)
        # Every guard of a transition asks; it takes ten queries, and nothing it says changes during the act.
        if not hasattr(self, "_content"):
            self._content = content_of(self)
        return self._content

    @property
    def asked(self) -> Asked:
        """The questions of the standard and the evidence it requires."""
        if not getattr(self, "in_act", False):
            return self.standard_version.asked if self.standard_version else Asked()
        # Several guards of a transition ask; a transition may put the declaration under another standard.
        version, asked = getattr(self, "_asked", (None, Asked()))
        if version is not self.standard_version:
            asked = self.standard_version.asked
            self._asked = self.standard_version, asked
        return asked

    @property
    def sheet(self) -> Sheet:
        """The self-scoring sheet (量化自评表); not asked for at preliminary determination and confirmation, which
        weigh no achievements.
        """
        if self.standard_version is None or self.route in (Channel.PRELIMINARY, Channel.CONFIRMATION):
            return Sheet()
        return self.standard_version.sheet

    def content_hash(self) -> str:
        """SHA-256 of :meth:`content`: equal means that nothing the applicant declares has changed."""
        if not getattr(self, "in_act", False):
            return approvals.content_sha256(self.content())
        if not hasattr(self, "_content_hash"):
            self._content_hash = approvals.content_sha256(self.content())
        return self._content_hash

    def settle_content(self, sha256: str) -> None:
        """The hash of the content as a verdict knows it, for the act under way (``kernel/verdicts.py``)."""
        self._content_hash = sha256

    @property
    def decider(self) -> str:
        """Who decides this case: the committee, the county bureau of the unit, or the municipal bureau (R-21).

        A line of the county bureaus goes to the municipal bureau where the unit reports through none.
        """
        forwarder = self.unit.forwarder
        if self.line.decided_by != DecidedBy.COUNTY_BUREAU or (
            forwarder is not None and forwarder.kind == Organisation.Kind.COUNTY_BUREAU
        ):
            return str(self.line.decided_by)
        return str(DecidedBy.CITY_BUREAU)

    def message_words(self) -> dict[str, str]:
        """For messages: the body that plays the unit by its name, which fits a talent agency as well."""
        return {"unit": str(self.unit)}

    @property
    def through_agency(self) -> bool:
        """Whether a talent agency (人才服务机构) plays the unit."""
        return bool(self.unit.kind == Organisation.Kind.AGENCY)

    @property
    def is_draft(self) -> bool:
        """Whether nothing has been handed in yet."""
        return self.status == self.Status.DRAFT

    @property
    def level(self) -> str:
        """The level of the title asked for (级别)."""
        return str(self.line.level)


class DeclarationRecord(TransitionRecord):
    """Who moved a declaration on, and why."""

    subject = models.ForeignKey(Declaration, models.PROTECT, related_name="records")


class DeclarationSnapshot(Snapshot):
    """What was handed over at a stage, frozen; later stages read this and never the rows."""

    class Stage(models.TextChoices):
        SUBMITTED = "submitted", _("submitted")
        RECOMMENDED = "recommended", _("recommended")
        QUALIFIED = "qualified", _("found eligible")
        ROSTERED = "rostered", _("put on a roster")
        REPORTED = "reported", _("reported")
        AT_CLOSING = "at_closing", _("at the closing of the window")  # a draft nobody handed in, as evidence
        SUPPLIED = "supplied", _("supplemented")

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="snapshots")
    stage = models.CharField(max_length=12, choices=Stage.choices)

    objects = SnapshotQuerySet.as_manager()

    class Meta(Snapshot.Meta):
        abstract = False
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["declaration", "stage", "sha256"], name="snapshot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.declaration_id} {self.stage}"


class DeclarationPaper(models.Model):
    """A paper made of a declaration: 2-1, 2-9, the receipt, letters of the office."""

    subject = models.ForeignKey(Declaration, models.PROTECT, related_name="papers")
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    document = models.ForeignKey(StoredDocument, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "code", "version"], name="declaration_paper_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"
