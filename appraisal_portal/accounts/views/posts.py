"""Post structures (岗位结构): the authority enters them, the unit reads its own, everybody with bars."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from appraisal_portal.accounts import access
from appraisal_portal.accounts.forms.fields import put_problems
from appraisal_portal.accounts.forms.posts import PostInformationForm, PostStructureForm
from appraisal_portal.accounts.models import Organisation, PostInformation, PostStructure
from appraisal_portal.accounts.services import posts
from appraisal_portal.accounts.views.base import WordedForm
from appraisal_portal.kernel import clock, files
from appraisal_portal.kernel.views import VisibleDetail, VisibleList, VisibleObjectMixin
from appraisal_portal.kernel.workflow import Blocked

READS = access.is_unit | access.is_forwarder | access.is_bureau | access.is_supervisor


def units_of(user: Any) -> Any:
    """Public institutions whose structures the user may read."""
    rows = Organisation.objects.filter(kind="unit", employer_kind="public_institution")
    if user.acts_as("unit_clerk", "unit_head"):
        return rows.filter(pk=user.acting_organisation_id)
    if user.acts_as("forwarder"):
        return rows.filter(forwarder=user.acting_organisation_id)
    return rows


class PostList(VisibleList):
    """Public institutions with the posts of today, those without a structure first."""

    access = READS
    model = Organisation
    template_name = "accounts/post_list.html"

    def get_queryset(self) -> Any:
        """By name when asked."""
        self.asked = self.request.GET.get("q", "").strip()[:100]
        rows = units_of(self.request.user).order_by("name", "pk")
        return rows.filter(name__icontains=self.asked) if self.asked else rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each unit with its rows of today."""
        context = super().get_context_data(**kwargs)
        units = list(context["page_obj"])
        rows: dict[int, list[PostStructure]] = {unit.pk: [] for unit in units}
        day = clock.today()
        for row in posts.with_taken(PostStructure.objects.on(day).ranked().filter(unit__in=units), day, day):
            rows[row.unit_id].append(row)
        context |= {"units": [(unit, rows[unit.pk]) for unit in units], "asked": self.asked}
        return context


class PostDetail(VisibleDetail):
    """The structures of one unit, past ones too."""

    access = READS
    model = Organisation
    template_name = "accounts/post_detail.html"

    def get_queryset(self) -> Any:
        """Of the units the user may read."""
        return units_of(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Today's rows and all documents."""
        day = clock.today()
        rows = list(self.object.post_structures.ranked().select_related("authority", "entered_by"))
        published = list(self.object.post_information.select_related("posted_by"))
        return super().get_context_data(
            current=posts.with_taken(
                [row for row in rows if row.valid_from <= day and (row.valid_to is None or row.valid_to >= day)],
                day,
                day,
            ),
            rows=rows,
            may_enter=access.approves_posts_of(self.request.user, self.object),
            may_publish=access.publishes_posts_of(self.request.user, self.object),
            published=published,
            informed=any(row.year == day.year for row in published),
            year=day.year,
            **kwargs,
        )


class PostNew(WordedForm):
    """Enter what a document approves; nothing is overwritten, the row before it ends."""

    access = access.approves_posts_of
    form_class = PostStructureForm
    heading = gettext_lazy("Enter a post structure")
    intro = gettext_lazy("What stands here limits the unit's recommendations from the day on. Earlier rows stay.")
    submit = gettext_lazy("Enter the structure")

    def get_unit(self) -> Organisation:
        """The unit; 404 outside one's own, 403 for whoever may only read."""
        unit: Organisation = get_object_or_404(units_of(self.request.user), pk=self.kwargs["pk"])
        refused = access.approves_posts_of.why_not(self.request.user, unit)
        if refused:
            raise PermissionDenied(" ".join(refused))
        return unit

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say which unit."""
        unit = self.get_unit()
        return super().get_context_data(heading=_("Enter a post structure: {unit}").format(unit=unit), **kwargs)

    def get_back_url(self) -> str:
        """The unit's structures."""
        return reverse("accounts:post-detail", args=[self.kwargs["pk"]])

    def form_valid(self, form: PostStructureForm) -> HttpResponse:
        """Store it, or every reason at its field."""
        user, unit = self.request.user, self.get_unit()
        try:
            posts.enter(unit, **form.content(), authority=user.acting.organisation, by=user)  # type: ignore[union-attr]
        except Blocked as error:
            put_problems(form, error.problems)
            return self.form_invalid(form)
        messages.success(self.request, _("Stored. The unit can recommend inside this structure."))
        return redirect(self.get_back_url())


class PostInformationNew(WordedForm):
    """The unit publishes its posts of a year among its staff, before anybody declares."""

    access = access.publishes_posts_of
    form_class = PostInformationForm
    heading = gettext_lazy("Publish the post information of our unit")
    intro = gettext_lazy(
        "This comes first; then people declare, their material is publicised, and the head recommends. "
        "Without it nobody of the unit can be recommended in that year."
    )
    submit = gettext_lazy("Publish and make the sheet")

    def get_initial(self) -> dict[str, Any]:
        """This year, today."""
        return {"year": clock.today().year, "posted_on": clock.today()}

    def get_back_url(self) -> str:
        """The unit's structures."""
        return reverse("accounts:post-detail", args=[self.request.user.acting_organisation_id])

    def form_valid(self, form: PostInformationForm) -> HttpResponse:
        """Store it with its sheet, or every reason at its field."""
        user: Any = self.request.user
        unit = user.acting.organisation
        refused = access.publishes_posts_of.why_not(user, unit)
        if refused:
            raise PermissionDenied(" ".join(refused))
        try:
            posts.publish_information(unit, by=user, **form.cleaned_data)
        except Blocked as error:
            put_problems(form, error.problems)
            return self.form_invalid(form)
        messages.success(self.request, _("Published. Please print the sheet and post it where you said."))
        return redirect(self.get_back_url())


class PostInformationSheet(VisibleObjectMixin, View):
    """Download of the printable sheet."""

    access = READS
    model = PostInformation

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The sheet as it was made."""
        row = get_object_or_404(self.get_queryset().select_related("sheet"), pk=pk)
        if row.sheet is None:
            raise Http404
        return files.serve(row.sheet)
