"""How a county carries out the plan of a year: the county bureau's own deployment (县级工作部署, notice IV(1))."""

import datetime as dt

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Deferrable, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import Organisation
from appraisal_portal.kernel import calendar, clock
from appraisal_portal.kernel.records import TransitionRecord
from committees.plans.querysets import DeploymentQuerySet

from .plans import Channel, PlanLine, ReviewPlan


@pghistory.track()
class Deployment(models.Model):
    """One county's deployment of a plan; published by the county bureau itself, replaced by its next one.

    ``lead_days``: how many working days before the last day for work units the county's units send to the county
    bureau; at publication the days are written down line by line (:class:`DeploymentDay`) and stay.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        SUPERSEDED = "superseded", _("Superseded")

    county = models.ForeignKey(
        Organisation, models.PROTECT, related_name="deployments", verbose_name=_("county bureau"), editable=False
    )
    plan = models.ForeignKey(
        ReviewPlan, models.PROTECT, related_name="deployments", verbose_name=_("review plan"), editable=False
    )
    title = models.CharField(_("heading"), max_length=200)
    body = models.TextField(_("text"))
    contact = models.CharField(_("who answers questions, with telephone number"), max_length=100)
    lead_days = models.PositiveSmallIntegerField(
        _("units send to us so many working days before their last day"),
        default=0,
        validators=[MaxValueValidator(20)],
        help_text=_("0 to 20. Never before the window for applicants closes."),
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    published_on = models.DateField(_("published on"), null=True, editable=False)

    objects = DeploymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("deployment")
        ordering = ["-plan__year", "county", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "plan"], condition=Q(status="draft"), name="deployment_draft_once"
            ),
            # Deferred: the publication of one supersedes the one before it within the same transaction.
            ExclusionConstraint(
                name="deployment_one_in_force",
                expressions=[("county", RangeOperators.EQUAL), ("plan", RangeOperators.EQUAL)],
                condition=Q(status="published"),
                deferrable=Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(published_on__isnull=False), name="deployment_published_on"
            ),
            models.CheckConstraint(condition=Q(lead_days__lte=20), name="deployment_lead_days"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page at the county bureau."""
        return reverse("plans:deployment-detail", args=[self.pk])

    def get_public_url(self) -> str:
        """Its page for everybody."""
        return reverse("plans:deployment-public", args=[self.pk])

    @property
    def days_taken(self) -> int | None:
        """Working days from the publication of the plan to that of the deployment; None while it is a draft."""
        if self.published_on is None or self.plan.published_on is None:
            return None
        return calendar.working_days_between(self.plan.published_on, self.published_on)

    def send_by(self, line: PlanLine) -> dt.date:
        """The working day by which units send declarations of the line to the county bureau; never before the window
        for applicants closes."""
        if not self.lead_days:
            return line.unit_deadline
        day = calendar.latest_application_day(line.unit_deadline, self.lead_days).ends_on
        while not calendar.is_working_day(day):
            day -= dt.timedelta(days=1)
        return min(max(day, line.last_day), line.unit_deadline)

    def days_now(self) -> "list[DeploymentDay]":
        """The days as they would be written down now; lines that are over for work units, that have no window
        (case by case), and those of units that appraise by themselves are left out."""
        today = clock.today()
        lines = self.plan.lines.filter(unit_deadline__gte=today).exclude(
            channel__in=(Channel.AUTONOMOUS, Channel.SPECIAL)
        )
        return [
            DeploymentDay(deployment=self, line=line, send_by=self.send_by(line))
            for line in lines.select_related("committee").order_by("committee__code", "level", "pk")
        ]


class DeploymentRecord(TransitionRecord):
    """Who published a deployment."""

    subject = models.ForeignKey(Deployment, models.PROTECT, related_name="records")


class DeploymentDay(models.Model):
    """The day of one line, written at publication."""

    deployment = models.ForeignKey(Deployment, models.PROTECT, related_name="days")
    line = models.ForeignKey(PlanLine, models.PROTECT, related_name="+")
    send_by = models.DateField(_("units send to the county bureau by"))

    class Meta:
        verbose_name = _("day of a deployment")
        ordering = ["line__committee__code", "line__level", "pk"]
        constraints = [models.UniqueConstraint(fields=["deployment", "line"], name="deployment_day_once")]

    def __str__(self) -> str:
        return f"{self.line} · {self.send_by}"
