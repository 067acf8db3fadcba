"""The overview of a county bureau (县级人力社保局): what waits for it, and the figures of the units it forwards for."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Declaration
from appraisal_portal.accounts.models import Organisation, PostStructure
from appraisal_portal.home.overview import Card, step_labels
from appraisal_portal.home.querysets import AFTER_EXAMINATION, PASSED
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.rendering import Column
from committees.autonomous.models import AutonomousPlan, FiledBatch
from committees.plans.services.deployment import counties_without, plan_to_deploy
from committees.reviews.models import Determination
from committees.reviews.services.determination import cases

_STEPS = {
    "submitted": Q(),
    "recommended": Q(recommended_on__isnull=False),
    "qualified": Q(status__in=AFTER_EXAMINATION),
    "invited": Q(status__in=[status for status in AFTER_EXAMINATION if status != "qualified"]),
    "passed": Q(status__in=PASSED),
    "reported": Q(status__in=("reported", "approved", "rejected", "certified", "revoked")),
    "certified": Q(status__in=("certified", "revoked")),
}
"""As :data:`querysets.FUNNEL`, asked of the declarations themselves: the stored counts do not know the unit."""


def figures(county: Organisation, year: int, *by: str) -> list[dict[str, Any]]:
    """How far the declarations of the county's units have come that year, by these fields; numbers of people, nobody
    stands in it."""
    handed_in = Declaration.objects.filter(
        unit__forwarder=county, line__plan__year=year, submitted_at__isnull=False
    ).order_by()
    steps = {name: Count("pk", filter=reached) for name, reached in _STEPS.items()}
    return list(handed_in.values(*by).annotate(**steps).order_by("-submitted", *by))


def cards(user: Any) -> list[Card]:
    """What waits for the county bureau the user acts for."""
    county = user.acting.organisation
    units = Organisation.objects.filter(forwarder=county)
    to_approve = units.aggregate(
        units=Count("pk", filter=Q(status="waiting"), distinct=True),
        seals=Count("seals", filter=Q(seals__status="proposed"), distinct=True),
    )
    of_county = Declaration.objects.filter(unit__forwarder=county)
    recommended = of_county.filter(status=Declaration.Status.RECOMMENDED).count()
    mine = Q(authority=county, status__in=("draft", "proposed", "returned"))
    determinations = cases(user).order_by().count() + Determination.objects.filter(mine).count()
    structure = PostStructure.objects.on(clock.today()).filter(unit=OuterRef("pk"))
    bare = units.active().filter(~Exists(structure), kind="unit", employer_kind="public_institution").count()
    schools = AutonomousPlan.objects.filter(delegation__authority=county, status__in=("submitted", "proposed")).count()
    schools += FiledBatch.objects.filter(
        plan__delegation__authority=county, status__in=("filed", "proposed")
    ).count()  # fmt: skip
    plan = plan_to_deploy()
    open_deployment = int(plan is not None and county in counties_without(plan))
    return [
        Card(recommended, gettext_lazy("declarations to forward or to examine"),
             reverse("applications:forwarder-list")),
        Card(determinations, gettext_lazy("determinations to prepare or decide"),
             reverse("reviews:determination-list")),
        Card(to_approve["units"], gettext_lazy("units to approve"),
             reverse("accounts:organisation-list")),
        Card(to_approve["seals"], gettext_lazy("electronic seals of units to check"),
             reverse("accounts:unitseal-list")),
        Card(bare, gettext_lazy("public institutions without a post structure"), reverse("accounts:post-list")),
        Card(schools, gettext_lazy("plans and results of schools to decide"), reverse("autonomous:delegation-list")),
        Card(open_deployment, gettext_lazy("review plan to deploy"), reverse("plans:deployment-list")),
    ]  # fmt: skip


def table(picture: str, county: Organisation, year: int) -> tuple[str, list[Column], list[dict[str, Any]]]:
    """The figures by "series" or "units" as title, columns and rows of a workbook. Raises KeyError for no picture."""
    names = {"series": (("series__name", _("Series"), 24),), "units": (
        ("unit__name", _("Work unit"), 34), ("series__name", _("Series"), 24),
    )}[picture]  # fmt: skip
    columns = [Column(*name) for name in names]
    columns += [Column(name, label, 14, "int") for name, label in step_labels().items()]
    title = _("{county}: from declaration to certificate, {year}").format(county=county, year=year)
    return title, columns, figures(county, year, *(name for name, *_rest in names))
