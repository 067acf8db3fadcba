"""A review meeting (评审会议): what was applied for, who is admitted, who was in the room, who stood back."""

import datetime as dt
from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.differences import Difference
from appraisal_portal.kernel.models import Snapshot
from appraisal_portal.kernel.records import TransitionRecord
from committees.reviews.querysets.meeting import MeetingQuerySet
from committees.reviews.roster_differences import of_rosters


@pghistory.track()
class Meeting(TwoPerson):
    """One meeting of a committee for one line of the plan. ``applied_on``: the latest application."""

    class Kind(models.TextChoices):
        REGULAR = "regular", _("regular meeting")  # 评审会议
        SPECIAL_BODY = "special_body", _("standing body, case by case")  # 一事一议
        DETERMINATION = "determination", _("determination without a vote")  # 初定、确认

    class Method(models.TextChoices):
        VOTE = "vote", _("panel opinion and secret ballot")  # 评议、无记名投票
        SCORED = "scored", _("quantitative scoring and secret ballot")  # 量化评价
        DEFENCE = "defence", _("defence and secret ballot")  # 答辩

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        APPLIED = "applied", _("Waiting for the bureau")
        PROPOSED = "proposed", _("Waiting for the second person")
        RETURNED = "returned", _("Returned")
        APPROVED = "approved", _("Approved")
        IN_SESSION = "in_session", _("In session")
        DECIDED = "decided", _("Results locked")
        VOID = "void", _("Void")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices, default=Kind.REGULAR)
    committee = models.ForeignKey(
        "plans.Committee", models.PROTECT, related_name="meetings", verbose_name=_("committee")
    )
    term = models.ForeignKey("plans.CommitteeTerm", models.PROTECT, related_name="meetings", verbose_name=_("term"))
    line = models.ForeignKey(
        "plans.PlanLine", models.PROTECT, related_name="meetings", verbose_name=_("line of the plan")
    )
    level = models.CharField(_("level"), max_length=20)
    meets_on = models.DateField(_("day of the meeting"))
    meets_at = models.TimeField(_("beginning"))
    place = models.CharField(_("place"), max_length=100)
    method = models.CharField(_("method"), max_length=10, choices=Method.choices, default=Method.VOTE)
    expected = models.PositiveSmallIntegerField(_("members expected to attend"))
    contact = models.CharField(_("contact person"), max_length=50)
    phone = models.CharField(_("telephone"), max_length=20)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="meetings_prepared")
    applied_on = models.DateField(_("applied for on"), null=True, blank=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reply_number = models.CharField(_("number of the reply"), max_length=60, blank=True)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    attendance_signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    attendance_signed_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        ordering = ["-meets_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="reviews_meeting_two_people",
            ),
            models.CheckConstraint(
                condition=Q(decided_hash="") | Q(decided_hash=F("proposed_hash")), name="reviews_meeting_same_content"
            ),
            models.CheckConstraint(
                condition=Q(approved_on__isnull=True) | Q(approved_on__lt=F("meets_on")), name="approved_before"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "in_session", "decided"])
                | (Q(approved_on__isnull=False) & ~Q(reply_number="")),
                name="meeting_only_after_approval",
            ),
            models.CheckConstraint(
                condition=(Q(attendance_signed_by__isnull=True) & Q(attendance_signed_at__isnull=True))
                | (Q(attendance_signed_by__isnull=False) & Q(attendance_signed_at__isnull=False)),
                name="meeting_attendance_signature",
            ),
            models.CheckConstraint(condition=Q(expected__gte=1), name="meeting_expects_somebody"),
            models.UniqueConstraint(
                fields=["committee", "meets_on", "line"],
                condition=~Q(status__in=["void", "cancelled"]),
                name="meeting_live_once",
            ),
            models.UniqueConstraint(
                fields=["reply_number"], condition=~Q(reply_number=""), name="meeting_reply_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.committee} {self.meets_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """Its page; office, bureau, jurors and observers each see their part of it."""
        return reverse("reviews:meeting-detail", args=[self.pk])

    @property
    def office(self) -> Any:
        """Who makes list and report: the office of the committee."""
        return self.committee.office

    @property
    def body(self) -> str:
        """Who decided, in words."""
        return str(self.committee.name)

    @property
    def held_on(self) -> Any:
        """The day the persons hold the title from (资格取得时间)."""
        return self.meets_on

    @property
    def frozen(self) -> bool:
        """Whether the papers can no longer be made anew: handed over, and not returned."""
        return self.status not in {self.Status.DRAFT, self.Status.RETURNED}

    @property
    def current_snapshot(self) -> "MeetingSnapshot | None":
        """The content the latest papers were made from."""
        return self.snapshots.order_by("-version").first()

    def return_items(self) -> list[tuple[Any, Any]]:
        """What can be sent back one by one: day and place, each of the three papers."""
        return [
            ("day", _("day, time and place")),
            ("3-1", _("3-1, application for the meeting")),
            ("3-2", _("3-2, roster of the qualification examination")),
            ("3-3", _("3-3, list of the eligible people")),
        ]

    def decision_content(self) -> dict[str, Any]:
        """Everything the bureau's page shows: the application and the hashes of the three papers."""
        snapshot = self.current_snapshot
        papers = self.papers.filter(code__in=("3-1", "3-2", "3-3"), document__superseded_by__isnull=True)
        return {
            "committee": self.committee_id,
            "term": self.term_id,
            "line": self.line_id,
            "level": self.level,
            "kind": self.kind,
            "meets_on": self.meets_on,
            "meets_at": self.meets_at.isoformat("minutes"),
            "place": self.place,
            "method": self.method,
            "expected": self.expected,
            "contact": self.contact,
            "phone": self.phone,
            "applied_on": self.applied_on,
            "snapshot": snapshot.sha256 if snapshot else None,
            "papers": {
                code: sha256 for code, sha256 in papers.order_by("code").values_list("code", "document__sha256")
            },
        }

    def between(self, before: Any, after: Any, reader: Any = None) -> list[Difference]:
        """A roster under another hash is read out line by line, of whom the reader keeps away from no name."""
        return [*of_rosters(self, before, after, reader), *super().between(before, after, reader)]


class MeetingRecord(TransitionRecord):
    """Who applied for, proposed, approved, opened, decided, voided or cancelled a meeting."""

    subject = models.ForeignKey(Meeting, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


class MeetingSnapshot(Snapshot):
    """All rows of 3-1, 3-2 and 3-3, taken once: the three papers name its ``sha256``."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="snapshots")
    version = models.PositiveIntegerField()

    class Meta(Snapshot.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["meeting", "version"], name="meeting_snapshot_version")]

    def __str__(self) -> str:
        return f"{self.meeting_id} v{self.version}"


class MeetingPaper(models.Model):
    """A paper of a meeting: 3-1, 3-2, 3-3, the bureau's reply, the minutes. One current per code."""

    subject = models.ForeignKey(Meeting, models.PROTECT, related_name="papers")
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    document = models.ForeignKey("kernel.StoredDocument", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "code", "version"], name="meeting_paper_version")]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class Admission(models.Model):
    """One examined person of the roster (3-2), qualified or not; 3-3 is the qualified in the same order."""

    class Result(models.TextChoices):
        QUALIFIED = "qualified", _("qualified")  # 合格
        DISQUALIFIED = "disqualified", _("not qualified")  # 不合格

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="admissions")
    declaration = models.ForeignKey("applications.Declaration", models.PROTECT, related_name="admissions")
    declaration_snapshot = models.ForeignKey(
        "applications.DeclarationSnapshot", models.PROTECT, null=True, blank=True, related_name="+"
    )
    seq = models.PositiveIntegerField(_("number on the roster"))
    exam_result = models.CharField(_("result of the examination"), max_length=12, choices=Result.choices)
    exam_ground = models.CharField(_("ground"), max_length=500, blank=True)
    live = models.BooleanField(default=True)
    panel = models.ForeignKey("reviews.Panel", models.PROTECT, null=True, blank=True, related_name="admissions")

    class Meta:
        verbose_name = _("admission")
        ordering = ["meeting", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "seq"], name="admission_seq"),
            models.UniqueConstraint(fields=["meeting", "declaration"], name="admission_of_declaration"),
            models.UniqueConstraint(
                fields=["declaration"], condition=Q(exam_result="qualified", live=True), name="admitted_once"
            ),
            models.CheckConstraint(
                condition=(Q(exam_result="qualified") & Q(exam_ground=""))
                | (Q(exam_result="disqualified") & ~Q(exam_ground="")),
                name="admission_ground",
            ),
            models.CheckConstraint(condition=Q(seq__gte=1), name="admission_seq_from_one"),
        ]
        triggers = [
            # The roster is frozen once the application is with the bureau.
            pgtrigger.Trigger(
                name="roster_frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Delete,
                func="""
                    IF (SELECT status FROM reviews_meeting
                        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.meeting_id ELSE NEW.meeting_id END)
                       NOT IN ('draft', 'returned') THEN
                        RAISE EXCEPTION 'the roster of this meeting is frozen' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
                """,
            ),
            pgtrigger.Protect(
                name="roster_row_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("meeting", "declaration", "seq", "exam_result", "exam_ground"),
            ),
            pgtrigger.Trigger(
                name="panel_of_this_meeting",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("panel"),
                func="""
                    IF (SELECT status FROM reviews_meeting WHERE id = NEW.meeting_id) <> 'approved'
                       OR NEW.panel_id IS NOT NULL AND (NEW.exam_result <> 'qualified' OR NEW.meeting_id <>
                           (SELECT meeting_id FROM reviews_panel WHERE id = NEW.panel_id)) THEN
                        RAISE EXCEPTION 'panels are divided before the meeting opens'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.declaration}"

    @property
    def qualified(self) -> bool:
        """Whether the committee votes on it."""
        return self.exam_result == self.Result.QUALIFIED

    @property
    def blind(self) -> bool:
        """Whether the standard has the jury read neither name nor unit (匿名评审)."""
        version = self.declaration.standard_version
        return bool(version and version.anonymous)

    @property
    def jury_name(self) -> str:
        """What the jury's pages call the person: the name, or the number in an anonymous review."""
        return gettext("No. {seq}").format(seq=self.seq) if self.blind else self.declaration.applicant.name

    @property
    def jury_words(self) -> str:
        """What stands beside it: unit and title, or the title alone."""
        said = self.declaration
        return str(said.title) if self.blind else " · ".join((said.unit.name, str(said.title)))


class Attendee(models.Model):
    """Somebody the meeting calls up: a member who votes, the observer, a teller. Names are secret until then."""

    class Role(models.TextChoices):
        VOTER = "voter", _("voting member")  # 出席委员
        OBSERVER = "observer", _("observer")  # 监督员
        TELLER = "teller", _("teller")  # 计票人

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendees")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="called_up")
    member = models.ForeignKey(
        "plans.CommitteeMember", models.PROTECT, null=True, blank=True, related_name="attendances"
    )
    role = models.CharField(_("part"), max_length=10, choices=Role.choices)
    signed_in_at = models.DateTimeField(_("signed in"), null=True, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)

    class Meta:
        verbose_name = _("attendee")
        ordering = ["meeting", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user"], name="attendee_once"),
            models.UniqueConstraint(fields=["meeting", "member"], name="attendee_member_once"),
            models.CheckConstraint(
                condition=(Q(role="voter") & Q(member__isnull=False)) | (~Q(role="voter") & Q(member__isnull=True)),
                name="attendee_voter_is_member",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | (Q(signed_in_at__isnull=False) & Q(left_at__gt=F("signed_in_at"))),
                name="attendee_left_after_signing_in",
            ),
        ]
        triggers = [
            # 计票人: neither a voter (attendee_once) nor the clerk who prepared the meeting.
            pgtrigger.Trigger(
                name="teller_did_not_prepare",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__role="teller"),
                func="""
                    IF EXISTS (SELECT 1 FROM reviews_meeting m
                               WHERE m.id = NEW.meeting_id AND m.prepared_by_id = NEW.user_id) THEN
                        RAISE EXCEPTION 'a teller did not prepare the meeting' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.user}"

    @property
    def present(self) -> bool:
        """Signed in and not gone."""
        return self.signed_in_at is not None and self.left_at is None

    def there_at(self, moment: dt.datetime) -> bool:
        """Whether the person was in the room at that moment (for the attendance of a round)."""
        if self.signed_in_at is None or self.signed_in_at > moment or (self.left_at and self.left_at <= moment):
            return False
        return not any(row.left_at <= moment < row.back_at for row in self.absences.all())


class Recusal(models.Model):
    """A member who stands back from one person (回避): off that roll and its denominator; sees nothing of the case."""

    admission = models.ForeignKey(Admission, models.PROTECT, related_name="recusals")
    member = models.ForeignKey("plans.CommitteeMember", models.PROTECT, related_name="recusals")
    ground = models.CharField(_("ground"), max_length=200)
    proposed_by_rule = models.BooleanField(default=False)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("recusal")
        ordering = ["admission", "member"]
        constraints = [
            models.UniqueConstraint(fields=["admission", "member"], name="recusal_once"),
            models.CheckConstraint(condition=~Q(ground=""), name="recusal_ground"),
        ]

    def __str__(self) -> str:
        return f"{self.admission_id} {self.member_id}"
