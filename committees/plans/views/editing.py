"""Pages on which drafts are written: the plan and its lines, terms, standards, notices with attachments."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from appraisal_portal.kernel.files import UploadRefused
from appraisal_portal.kernel.views import AccessMixin, FormPage
from appraisal_portal.kernel.workflow import Refused
from committees.plans import access as who
from committees.plans import services
from committees.plans.forms import AttachmentForm, NewPlanForm, NoticeForm, PlanLineForm, TermForm, VersionForm
from committees.plans.models import CommitteeTerm, Notice, NoticeAttachment, PlanLine, ReviewPlan, StandardVersion


def draft_of(model: Any, user: Any, pk: int) -> Any:
    """The row the user may edit: 404 when invisible, 403 when it is another's or submitted already."""
    row = get_object_or_404(model.objects.visible_to(user), pk=pk)
    refused = who.may_edit.why_not(user, row)
    if not row.is_editable:
        refused = [_("This has been submitted and cannot be changed any more.")]
    if refused:
        raise PermissionDenied(" ".join(refused))
    return row


class DraftPage(FormPage):
    """A form page whose save may be refused in words; what was typed stays."""

    template_name = "plans/form.html"
    heading: Any = ""
    back: Any = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Heading and the way back."""
        return super().get_context_data(heading=self.heading, back_url=self.get_back_url(), **kwargs)

    def get_back_url(self) -> str:
        """Where "back" leads."""
        return reverse(self.back)

    def form_valid(self, form: Any) -> HttpResponse:
        """Save and go to the row."""
        try:
            row = self.save(form)
        except (Refused, UploadRefused) as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, _("Saved."))
        return HttpResponseRedirect(self.url_of(row))

    def save(self, form: Any) -> Any:
        """Store what the form says; returns the row."""
        raise NotImplementedError

    def url_of(self, row: Any) -> str:
        """The page after saving."""
        return str(row.get_absolute_url())


class NewPlan(DraftPage):
    """A new version of a plan."""

    access = who.is_bureau_reviewer
    form_class = NewPlanForm
    heading = gettext_lazy("New review plan")
    back = "plans:plan-list"

    def save(self, form: NewPlanForm) -> ReviewPlan:
        """Empty or copied."""
        source, year = form.cleaned_data["source"], form.cleaned_data["year"]
        plan = services.copy_plan(source, year) if source else services.draft_plan(year)
        services.ask_committees(plan)
        return plan


class EditLine(DraftPage):
    """A line of a plan, new or changed."""

    access = who.is_bureau_reviewer
    form_class = PlanLineForm
    heading = gettext_lazy("Line of the plan")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """The line waits until access has been judged."""
        super().setup(request, *args, **kwargs)
        self._line: PlanLine | None = None

    @property
    def line(self) -> PlanLine:
        """The line of the address, or a new one with the day counts prefilled."""
        if self._line is None:
            user = self.request.user
            if "plan" in self.kwargs:
                self._line = services.new_line(draft_of(ReviewPlan, user, self.kwargs["plan"]))
            else:
                lines = PlanLine.objects.visible_to(user).select_related("plan")
                self._line = get_object_or_404(lines, pk=self.kwargs["pk"])
                draft_of(ReviewPlan, user, self._line.plan_id)
        return self._line

    def get_form_kwargs(self) -> dict[str, Any]:
        """The line to change, with the days a committee proposed (``?proposal=`` is the record)."""
        given, asked = super().get_form_kwargs(), self.request.GET.get("proposal", "")
        if asked.isascii() and asked.isdigit() and len(asked) < 19:
            record = self.line.plan.records.filter(transition="suggest", pk=asked).first()
            given["initial"] |= services.suggested_values(record) if record else {}
        return {**given, "instance": self.line}

    def get_back_url(self) -> str:
        """The plan."""
        return self.line.plan.get_absolute_url()

    def save(self, form: PlanLineForm) -> PlanLine:
        """Store the line."""
        return services.save_line(form.save(commit=False))

    def url_of(self, row: PlanLine) -> str:
        """The plan."""
        return row.plan.get_absolute_url()


class RemoveLine(AccessMixin, View):
    """Take a line out of a draft."""

    access = who.is_bureau_reviewer

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Remove and go back to the plan."""
        line = get_object_or_404(PlanLine.objects.visible_to(request.user).select_related("plan"), pk=pk)
        draft_of(ReviewPlan, request.user, line.plan_id)
        services.remove_line(line)
        messages.success(request, _("The line has been removed."))
        return redirect(line.plan)


class EditRow(DraftPage):
    """A draft of the office, new or changed; ``model`` and ``form_class`` come from the subclass."""

    access = who.is_office
    model: Any = None

    def row(self) -> Any:
        """The draft of the address, or None for a new one."""
        if "pk" not in self.kwargs:
            return None
        if not hasattr(self, "_row"):
            self._row = draft_of(self.model, self.request.user, self.kwargs["pk"])
        return self._row

    def get_form_kwargs(self) -> dict[str, Any]:
        """The row to change and the user who asks."""
        return {**super().get_form_kwargs(), "instance": self.row(), "user": self.request.user}

    def get_back_url(self) -> str:
        """The row, or its list."""
        row = self.row()
        return row.get_absolute_url() if row else super().get_back_url()


class EditTerm(EditRow):
    """A term with its members."""

    model, form_class = CommitteeTerm, TermForm
    heading = gettext_lazy("Committee term")
    back = "plans:term-list"

    def save(self, form: TermForm) -> CommitteeTerm:
        """Store term and members together."""
        return services.save_term(form.term(), form.members())


class EditVersion(EditRow):
    """A version of a standard."""

    model, form_class = StandardVersion, VersionForm
    heading = gettext_lazy("Evaluation standard")
    back = "plans:version-list"

    def save(self, form: VersionForm) -> StandardVersion:
        """The next version, or the changed draft."""
        if form.instance.pk is None:
            data = form.cleaned_data
            return services.draft_version(data["committee"], data["series"], data["level"], **form.content())
        content = form.content()
        for name, value in content.items():
            setattr(form.instance, name, value)
        return services.save_draft(form.instance, list(content))


class EditNotice(EditRow):
    """A notice."""

    access = who.drafts_notices
    model, form_class = Notice, NoticeForm
    heading = gettext_lazy("Notice")
    back = "plans:notice-queue"

    def save(self, form: NoticeForm) -> Notice:
        """A new notice, or the changed draft."""
        notice = form.save(commit=False)
        if notice.pk is None:
            return services.draft_notice(notice.committee, notice.title, notice.body, replaces=notice.replaces)
        return services.save_draft(notice)


class AddAttachment(DraftPage):
    """A file for a notice still in draft."""

    access = who.drafts_notices
    form_class = AttachmentForm
    heading = gettext_lazy("Add an attachment")

    def notice(self) -> Notice:
        """The notice of the address."""
        if not hasattr(self, "_notice"):
            self._notice: Notice = draft_of(Notice, self.request.user, self.kwargs["pk"])
        return self._notice

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Judge before the form is shown."""
        return super().get_context_data(notice=self.notice(), **kwargs)

    def get_back_url(self) -> str:
        """The notice."""
        return self.notice().get_absolute_url()

    def save(self, form: AttachmentForm) -> Notice:
        """Check and store the file."""
        data = form.cleaned_data
        services.add_attachment(self.notice(), data["title"], file=data["file"], owner=self.request.user)
        return self.notice()


class RemoveAttachment(AccessMixin, View):
    """Take an attachment off a draft."""

    access = who.drafts_notices

    def post(self, request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
        """Remove and go back to the notice."""
        notice = draft_of(Notice, request.user, pk)
        services.remove_attachment(get_object_or_404(NoticeAttachment, pk=attachment, notice=notice))
        messages.success(request, _("The attachment has been removed."))
        return redirect(notice)
