"""Accounts and roles: bureau grants, operator makes and freezes accounts, nobody sees contents here."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal.accounts import access, forms, services
from appraisal_portal.accounts.forms.fields import put_problems
from appraisal_portal.accounts.models import Membership, User
from appraisal_portal.accounts.views.base import WordedForm
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.views import VisibleDetail, VisibleList
from appraisal_portal.kernel.workflow import Refused

makes_accounts = access.is_operator | access.is_bureau


class UserList(VisibleList):
    """Accounts by name."""

    access = access.reads_accounts
    model = User
    template_name = "accounts/user_list.html"

    def get_queryset(self) -> Any:
        """Words of login name or name."""
        self.asked = self.request.GET.get("q", "").strip()[:100]
        rows = super().get_queryset()
        return (
            rows.filter(Q(username__icontains=self.asked) | Q(full_name__icontains=self.asked)) if self.asked else rows
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The table."""
        context = super().get_context_data(**kwargs)
        context["columns"] = [{"label": label} for label in (_("Name"), _("Login name"), _("Status"))]
        context["rows"] = [
            [
                {"text": str(row), "url": row.get_absolute_url()},
                row.username,
                capfirst(_("frozen") if row.frozen_at else _("in use")),
            ]
            for row in context["page_obj"]
        ]
        context |= {"asked": self.asked, "may_add": makes_accounts(self.request.user)}
        return context


class UserDetail(VisibleDetail):
    """One account with its roles."""

    access = access.reads_accounts
    model = User
    context_object_name = "account"  # "user" is who looks
    template_name = "accounts/user_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Roles; what may be done."""
        row, viewer = self.object, self.request.user
        return super().get_context_data(
            fields=[
                (_("Name"), row.full_name),
                (_("Login name"), row.username),
                (_("Status"), _("frozen: {reason}").format(reason=row.frozen_reason) if row.frozen_at else _("in use")),
            ],
            memberships=Membership.objects.visible_to(viewer)
            .filter(user=row)
            .select_related("organisation", "granted_by"),
            may_freeze=makes_accounts(viewer) and row.pk != viewer.pk,
            may_grant=access.is_bureau(viewer),
            today=clock.today(),
            **kwargs,
        )


class UserAdd(WordedForm):
    """A new account for staff; the role comes from the bureau, the password from its owner."""

    access = makes_accounts
    form_class = forms.HireForm
    heading = gettext_lazy("New account")
    intro = gettext_lazy(
        "A link to set the password goes to the e-mail address. Roles are granted separately by the bureau."
    )
    submit = gettext_lazy("Make the account")

    def get_back_url(self) -> str:
        """The list."""
        return reverse("accounts:user-list")

    def form_valid(self, form: Any) -> HttpResponse:
        """Make it."""
        try:
            user = services.hire(**form.cleaned_data)
        except IntegrityError:
            form.add_error("username", _("This login name is taken."))
            return self.form_invalid(form)
        messages.success(self.request, _("The account is made; its owner has been sent a link."))
        return redirect(user)


class UserFreeze(WordedForm):
    """Lock an account out or let it in again, with the reason."""

    access = makes_accounts
    form_class = forms.ReasonForm
    danger = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The account first."""
        if self.access(request.user):
            self.row = get_object_or_404(User.objects.visible_to(request.user), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_back_url(self) -> str:
        """The account."""
        return self.row.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Words for either direction."""
        words = _("Let in again: {name}") if self.row.frozen_at else _("Freeze the account: {name}")
        intro = (
            _("The account can log in again; its roles are as they were.")
            if self.row.frozen_at
            else _("The account is out with its next click. What it has done stays.")
        )
        heading = words.format(name=self.row)
        submit = _("Let in again") if self.row.frozen_at else _("Freeze")
        return super().get_context_data(heading=heading, intro=intro, submit=submit, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it."""
        change = services.unfreeze if self.row.frozen_at else services.freeze
        try:
            change(self.row, by=self.request.user, reason=form.cleaned_data["reason"])
        except Refused as error:
            put_problems(form, error.problems)
            return self.form_invalid(form)
        return redirect(self.row)


class MembershipList(VisibleList):
    """Who holds which role from when to when."""

    access = access.reads_accounts
    model = Membership
    template_name = "accounts/membership_list.html"

    def get_queryset(self) -> Any:
        """By role and words; those in force unless all are asked for; applicants only when asked for."""
        rows = super().get_queryset().select_related("user", "organisation", "granted_by", "stands_in_for__user")
        get = self.request.GET
        self.role, self.asked, self.all = get.get("role", ""), get.get("q", "").strip()[:100], get.get("all") == "1"
        if self.role in Membership.Role.values:
            rows = rows.filter(role=self.role)
        else:
            rows = rows.exclude(role=Membership.Role.APPLICANT)
        if self.asked:
            rows = rows.filter(
                Q(user__full_name__icontains=self.asked)
                | Q(user__username__icontains=self.asked)
                | Q(organisation__name__icontains=self.asked)
            )
        return rows if self.all else rows.active()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The table and what was asked."""
        context = super().get_context_data(**kwargs)
        may_grant = access.is_bureau(self.request.user)
        columns = [_("Name"), _("Role"), _("Organisation"), _("From"), _("Until"), _("Granted by")]
        context["columns"] = [{"label": label} for label in [*columns, *([_("End")] if may_grant else [])]]
        context["rows"] = [
            [
                {"text": str(row.user), "url": row.user.get_absolute_url()},
                _role_words(row),
                row.organisation.name if row.organisation else "",
                row.starts_on.isoformat(),
                row.ends_on.isoformat() if row.ends_on else "—",
                str(row.granted_by or "—"),
                *([_end_cell(row)] if may_grant else []),
            ]
            for row in context["page_obj"]
        ]
        context |= {"roles": Membership.Role.choices, "role": self.role, "asked": self.asked, "all": self.all}
        context["may_grant"] = may_grant
        return context


def _role_words(row: Membership) -> str:
    role = capfirst(row.get_role_display())
    if not row.stands_in_for:
        return role
    return _("{role}, standing in for {name}").format(role=role, name=row.stands_in_for.user)


def _end_cell(row: Membership) -> Any:
    if row.withdrawn_at or (row.ends_on and row.ends_on < clock.today()):
        return ""
    return {"text": _("End the role"), "url": reverse("accounts:membership-end", args=[row.pk])}


class MembershipAdd(WordedForm):
    """The bureau grants a role, also a business role; the reason stands in the row."""

    access = access.is_bureau
    form_class = forms.GrantForm
    template_name = "accounts/form.html"
    success_url = reverse_lazy("accounts:membership-list")
    heading = gettext_lazy("Grant a role")
    submit = gettext_lazy("Grant")

    def get_initial(self) -> dict[str, Any]:
        """The account it was opened from."""
        return {"username": self.request.GET.get("username", "")}

    def get_back_url(self) -> str:
        """The list."""
        return reverse("accounts:membership-list")

    def form_valid(self, form: Any) -> HttpResponse:
        """Nobody grants oneself a role; every other problem stands at its field."""
        data = form.cleaned_data
        if data["username"].pk == self.request.user.pk:
            form.add_error("username", _("Another person must grant you a role."))
            return self.form_invalid(form)
        try:
            services.grant(
                data["username"],
                data["role"],
                data["organisation"],
                by=self.request.user,
                reason=data["reason"],
                starts_on=data["starts_on"],
                ends_on=data["ends_on"],
                instead_of=data["instead_of"],
            )
        except Refused as error:
            put_problems(form, error.problems)
            return self.form_invalid(form)
        messages.success(self.request, _("The role is granted."))
        return super().form_valid(form)


class MembershipEnd(WordedForm):
    """The bureau ends a role, on a day or at once."""

    access = access.is_bureau
    form_class = forms.EndMembershipForm
    success_url = reverse_lazy("accounts:membership-list")
    heading = gettext_lazy("End a role")
    submit = gettext_lazy("End the role")
    danger = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The row first."""
        if self.access(request.user):
            rows = Membership.objects.visible_to(request.user).select_related("user", "organisation")
            self.row = get_object_or_404(rows, pk=kwargs["pk"])
            if self.row.role == Membership.Role.APPLICANT:
                raise PermissionDenied(_("Everybody may apply: this role does not end. Freeze the account instead."))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whose and which."""
        return super().get_context_data(intro=f"{self.row.user} · {self.row}", **kwargs)

    def get_back_url(self) -> str:
        """The list."""
        return reverse("accounts:membership-list")

    def form_valid(self, form: Any) -> HttpResponse:
        """Do it."""
        data = form.cleaned_data
        try:
            services.end_membership(self.row, by=self.request.user, reason=data["reason"], last_day=data["last_day"])
        except Refused as error:
            put_problems(form, error.problems)
            return self.form_invalid(form)
        messages.success(self.request, _("The role is ended."))
        return super().form_valid(form)
