"""Logging in and out, forgotten and changed passwords, switching the role. Django's views with our words and limits."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as django_views
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from appraisal_portal.accounts import forms, services
from appraisal_portal.accounts.middleware import SESSION_KEY
from appraisal_portal.accounts.validators import is_staff_account
from appraisal_portal.accounts.views.base import WordedForm
from appraisal_portal.kernel import alive, carried, clock
from appraisal_portal.kernel.access import PUBLIC, SIGNED_IN
from appraisal_portal.kernel.views import AccessMixin, client_address


class _Invalid422:
    """Django's form views answer 200 to a wrong form; ours say that it was not accepted."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the page again."""
        return self.render_to_response(self.get_context_data(form=form), status=422)  # type: ignore[attr-defined]


class Login(_Invalid422, AccessMixin, django_views.LoginView):
    """Log in; staff whose password is too old change it first."""

    access = PUBLIC
    template_name = "accounts/login.html"
    authentication_form = forms.LoginForm

    def get_success_url(self) -> str:
        """The page asked for; the change of an old password before it."""
        user, days = self.request.user, settings.PORTAL_STAFF_PASSWORD_DAYS
        if days and is_staff_account(user) and user.password_changed_at < clock.now() - dt.timedelta(days=days):
            messages.warning(
                self.request, _("Your password is older than {n} days. Please choose a new one.").format(n=days)
            )
            return reverse("accounts:password-change")
        return super().get_success_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What was typed before goes along, however often the password is wrong."""
        return super().get_context_data(kept=self.request.POST.get("kept", ""), **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Logged in; what this person had typed before the session ended is offered, anybody else's is dropped."""
        response = super().form_valid(form)
        sealed = self.request.POST.get("kept", "")
        typed = carried.opened(sealed, self.request.user) if sealed else None
        if typed:
            response = typed_again(self.request, typed)
        elif sealed:
            words = _("What was typed before the log-in was not sent: it belongs to another account or is too old.")
            messages.warning(self.request, words)
            if carried.last_owner(self.request) != str(self.request.user.pk):  # the page is somebody else's, too
                response = redirect(settings.LOGIN_REDIRECT_URL)
        carried.remember(response, self.request)
        return response


def typed_again(request: HttpRequest, typed: carried.Carried, status: int = 200) -> HttpResponse:
    """The page on which a person sends again what was typed; it stays in no store of the browser."""
    response = render(
        request, "accounts/typed_again.html", {"typed": typed, "asks": alive.address(request.user)}, status=status
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def log_in_again(request: HttpRequest, typed: carried.Carried) -> HttpResponse:
    """The log-in page in answer to a form whose session had ended."""
    context = {
        "form": forms.LoginForm(request),
        "next": typed.path,
        "kept": typed.sealed(),
        "typed": typed,
    }
    response = render(request, "accounts/login.html", context, status=403)
    response.headers["Cache-Control"] = "no-store"
    return response


def open_too_long(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form with an old token. Whoever logged in again in another window and sends it from this very site sends it
    once more by hand; what comes from elsewhere is refused as ever."""
    own = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    typed = carried.of_request(request) if own and request.user.is_authenticated else None
    if typed and typed.owner == str(request.user.pk):
        return typed_again(request, typed, status=403)
    return render(request, "403_csrf.html", status=403)


class Logout(AccessMixin, django_views.LogoutView):
    """Log out; POST only."""

    access = PUBLIC


class PasswordForgotten(WordedForm):
    """Ask for a link; the answer is the same whoever asks for whom."""

    access = PUBLIC
    form_class = forms.ForgottenForm
    success_url = reverse_lazy("accounts:password-forgotten-done")
    heading = gettext_lazy("Forgotten password")
    intro = gettext_lazy("We send a link to the e-mail address of the account.")
    submit = gettext_lazy("Send me a link")

    def get_back_url(self) -> str:
        """The log-in page."""
        return reverse("accounts:login")

    def form_valid(self, form: Any) -> HttpResponse:
        """Counted, then left to the outbox: neither text nor time tells."""
        typed = form.cleaned_data["typed"]
        if services.too_many_attempts("reset", typed, client_address(self.request)):
            form.add_error(None, _("Too many attempts. Wait a quarter of an hour, then try again."))
            return self.form_invalid(form)
        services.ask_for_reset(typed)
        return super().form_valid(form)


class PasswordForgottenDone(AccessMixin, django_views.PasswordResetDoneView):
    """The one answer."""

    access = PUBLIC
    template_name = "accounts/password_forgotten_done.html"


class PasswordResetConfirm(_Invalid422, AccessMixin, django_views.PasswordResetConfirmView):
    """The link from the message: set a password; every session of the account ends with it."""

    access = PUBLIC
    template_name = "accounts/password_reset_confirm.html"
    form_class = forms.NewPasswordForm
    success_url = reverse_lazy("accounts:login")

    def form_valid(self, form: Any) -> HttpResponse:
        """Say so on the log-in page."""
        services.succeeded("login", self.user.username)
        messages.success(self.request, _("The new password is set. Log in with it."))
        return super().form_valid(form)


class PasswordChange(_Invalid422, AccessMixin, django_views.PasswordChangeView):
    """A new password against the old one; other sessions of the account end."""

    access = SIGNED_IN
    template_name = "accounts/password_change.html"
    form_class = forms.ChangePasswordForm
    success_url = reverse_lazy("accounts:account-detail")

    def form_valid(self, form: Any) -> HttpResponse:
        """Confirm it."""
        messages.success(self.request, _("The password is changed; other devices must log in again."))
        return super().form_valid(form)


class MembershipSwitch(AccessMixin, View):
    """POST ``membership``: act in another of one's own roles from the next page on."""

    access = SIGNED_IN
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Only one's own roles of today; the front page of the new role follows, the old page may not be open to it."""
        chosen = request.POST.get("membership", "")
        row = next((row for row in request.user.memberships_today() if str(row.pk) == chosen), None)
        if row is None:
            raise Http404
        request.session[SESSION_KEY] = row.pk
        messages.success(request, _("You now act as: {role}").format(role=row))
        return redirect(settings.LOGIN_REDIRECT_URL)
