"""Organisations, who works where, and the dated roles people hold in them."""

import datetime as dt

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.querysets import EmploymentQuerySet, MembershipQuerySet, OrganisationQuerySet
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.records import TransitionRecord


@pghistory.track()
class Organisation(models.Model):
    """A unit, an office or a bureau that takes part (机构)."""

    class Kind(models.TextChoices):
        UNIT = "unit", _("unit")  # 所在单位
        AGENCY = "agency", _("talent agency")  # 人事代理机构
        COMPETENT_DEPARTMENT = "competent_department", _("competent department")  # 主管部门
        COMMITTEE_OFFICE = "committee_office", _("committee office")  # 评审委员会办公室
        COUNTY_BUREAU = "county_bureau", _("county bureau")  # 县(市、区)人力社保局
        CITY_BUREAU = "city_bureau", _("municipal bureau")  # 市人力社保局
        DISCIPLINE = "discipline", _("discipline inspection")  # 纪检监察

    class EmployerKind(models.TextChoices):
        PUBLIC_INSTITUTION = "public_institution", _("public institution")  # 事业单位
        ENTERPRISE = "enterprise", _("enterprise")  # 企业
        SOCIAL = "social", _("social organisation")  # 社会组织
        CIVIL_SERVICE = "civil_service", _("civil-service body")  # 机关
        REFERENCE_MANAGED = "reference_managed", _("body managed like the civil service")  # 参公单位
        AUTONOMOUS = "autonomous", _("unit with its own appraisal")  # 自主评聘单位

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting for approval")
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")

    kind = models.CharField(_("kind"), max_length=24, choices=Kind.choices)
    name = models.CharField(_("full name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    employer_kind = models.CharField(_("kind of employer"), max_length=20, choices=EmployerKind.choices, blank=True)
    county = models.CharField(_("county"), max_length=20, blank=True)
    elsewhere = models.BooleanField(
        _("belongs to another prefecture or to the province"), default=False
    )  # its people bring a letter of entrustment (委托评审函)
    forwarder = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="forwards_for", verbose_name=_("forwards through")
    )
    # The picture of the seal in use (UnitSeal): written when one is approved, replaced or ended, by nothing else.
    e_seal = models.ForeignKey(
        "kernel.Upload", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("electronic seal")
    )
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    registered_as = models.CharField(_("your role there"), max_length=20, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "name"], name="organisation_once"),
            models.UniqueConstraint(
                fields=["credit_code"], condition=~Q(credit_code=""), name="organisation_credit_code"
            ),
            models.CheckConstraint(condition=~Q(forwarder=F("id")), name="organisation_not_own_forwarder"),
            models.CheckConstraint(
                condition=~Q(kind__in=["unit", "agency"]) | ~Q(employer_kind=""), name="organisation_employer_kind"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="organisation_seal_approved",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NEW.e_seal_id IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.e_seal_id IS DISTINCT FROM OLD.e_seal_id)
                       AND NOT EXISTS (SELECT 1 FROM accounts_unitseal s WHERE s.unit_id = NEW.id
                                       AND s.picture_id = NEW.e_seal_id AND s.status = 'in_use') THEN
                        RAISE EXCEPTION 'an electronic seal of a unit is one that was approved for it'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("accounts:organisation-detail", args=[self.pk])

    @property
    def scope_kind(self) -> str:
        """The kind of employer by which the committee is found (评审范围). An agency's own kind says nothing about the
        people it declares for; no published text says where they belong, so a setting does."""
        return str(settings.PORTAL_AGENCY_COUNTS_AS if self.kind == self.Kind.AGENCY else self.employer_kind)


class OrganisationRecord(TransitionRecord):
    """Who approved, suspended or restored an organisation."""

    subject = models.ForeignKey(Organisation, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


class Employment(models.Model):
    """A person says to work in a unit; the unit sees nothing else of the person before it confirms (任职关系)."""

    class Status(models.TextChoices):
        ASKED = "asked", _("Waiting for the unit")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Taken back")
        ENDED = "ended", _("Ended")

    class StaffKind(models.TextChoices):
        STAFF = "staff", _("professional or technical staff")  # 专业技术人员
        CIVIL_SERVANT = "civil_servant", _("civil servant")  # 公务员
        REFERENCE_MANAGED = "reference_managed", _("staff managed like civil servants")  # 参公管理人员

    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="employments")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="employments", verbose_name=_("unit"))
    post = models.CharField(_("post"), max_length=60, blank=True)
    starts_on = models.DateField(_("there since"))
    ends_on = models.DateField(_("left on"), null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_kind = models.CharField(_("kind of staff"), max_length=20, choices=StaffKind.choices, blank=True)
    # A change of unit (变更单位): the employment that ends when this one is confirmed.
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("instead of")
    )

    objects = EmploymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("employment")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit"], condition=Q(status__in=["asked", "confirmed"]), name="employment_live_once"
            ),
            models.CheckConstraint(
                condition=~Q(status="confirmed") | (Q(confirmed_by__isnull=False) & ~Q(confirmed_kind="")),
                name="employment_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="employment_dates"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.unit}"

    def get_absolute_url(self) -> str:
        """Its page, for the person and the unit."""
        return reverse("accounts:employment-detail", args=[self.pk])

    @property
    def through_agency(self) -> bool:
        """Whether a talent agency (人才服务机构) plays the unit."""
        return bool(self.unit.kind == Organisation.Kind.AGENCY)

    def message_words(self) -> dict[str, str]:
        """For messages: the body that plays the unit by its name, which fits a talent agency as well."""
        return {"unit": str(self.unit)}


class EmploymentRecord(TransitionRecord):
    """Who asked, took back, confirmed, refused or ended an employment."""

    subject = models.ForeignKey(Employment, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


class DateRange(Func):
    """``daterange(starts_on, ends_on, '[]')``; an empty end means for good."""

    function = "DATERANGE"
    output_field = DateRangeField()


@pghistory.track()
class Membership(models.Model):
    """A role somebody holds in an organisation, from a day to a day (both included); empty end: until it is ended."""

    class Role(models.TextChoices):
        APPLICANT = "applicant", _("applicant")  # 申报人
        UNIT_CLERK = "unit_clerk", _("unit clerk")  # 单位经办人
        UNIT_HEAD = "unit_head", _("unit head")  # 单位负责人
        FORWARDER = "forwarder", _("county bureau or competent department")  # 主管部门
        OFFICE_CLERK = "office_clerk", _("committee office clerk")  # 评委会办公室
        COMMITTEE_DIRECTOR = "committee_director", _("committee director")  # 主任委员
        JUROR = "juror", _("committee member")  # 评审专家
        OBSERVER = "observer", _("discipline observer")  # 纪检监督员
        BUREAU_REVIEWER = "bureau_reviewer", _("bureau reviewer")  # 市局经办
        BUREAU_APPROVER = "bureau_approver", _("bureau approver")  # 市局审批
        SUPERVISOR = "supervisor", _("supervisor")  # 监督员
        OPERATOR = "operator", _("operator")  # 系统管理员

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    starts_on = models.DateField(_("from"), default=clock.today)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    # Substitute (代理): for whom, and so always with a last day.
    stands_in_for = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="substitutes", verbose_name=_("stands in for")
    )
    # Set when a role is taken away at once: dates alone would leave it for the rest of the day.
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        ordering = ["pk"]
        indexes = [models.Index(fields=["organisation", "role"], name="membership_in_role")]
        constraints = [
            ExclusionConstraint(
                name="membership_once",
                condition=Q(withdrawn_at__isnull=True),
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    # A null organisation equals nothing: without coalesce the applicant's role could stand twice.
                    (Coalesce("organisation_id", Value(0)), RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", Value("[]")), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="membership_dates"
            ),
            models.CheckConstraint(
                condition=Q(role="applicant") | Q(organisation__isnull=False), name="membership_in_organisation"
            ),
            models.CheckConstraint(
                condition=Q(stands_in_for__isnull=True) | Q(ends_on__isnull=False), name="membership_substitute_ends"
            ),
            # Two people decide: nobody proposes and approves, not as a substitute either.
            ExclusionConstraint(
                name="membership_one_side",
                condition=Q(withdrawn_at__isnull=True, role__in=["bureau_reviewer", "bureau_approver"]),
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (DateRange("starts_on", "ends_on", Value("[]")), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        triggers = [
            # 三员分离: who runs the machines holds no business role. The user's row is locked: two grants at once.
            pgtrigger.Trigger(
                name="operator_holds_no_other_role",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    PERFORM 1 FROM accounts_user WHERE id = NEW.user_id FOR UPDATE;
                    IF EXISTS (
                        SELECT 1 FROM accounts_membership m
                        WHERE m.user_id = NEW.user_id AND m.id IS DISTINCT FROM NEW.id
                          AND m.withdrawn_at IS NULL AND NEW.withdrawn_at IS NULL
                          AND m.starts_on <= coalesce(NEW.ends_on, 'infinity')
                          AND NEW.starts_on <= coalesce(m.ends_on, 'infinity')
                          AND (m.role = 'operator') <> (NEW.role = 'operator')
                    ) THEN
                        RAISE EXCEPTION 'an operator holds no other role' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(name="membership_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        role = str(self.Role(self.role).label)  # get_role_display() translates every role first
        if self.stands_in_for_id:
            role = gettext("{role}, standing in for {name}").format(role=role, name=self.stands_in_for.user)
        return f"{role} · {self.organisation}" if self.organisation_id else role

    def is_active_on(self, day: dt.date) -> bool:
        """Whether the dates hold that day and the role had not been withdrawn by then."""
        if self.withdrawn_at is not None and day >= clock.local(self.withdrawn_at).date():
            return False
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
