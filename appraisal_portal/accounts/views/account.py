"""One's own account: roles, language, address."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal.accounts import forms, services
from appraisal_portal.accounts.models import ContactProof, Employment, User
from appraisal_portal.accounts.views.base import WordedForm
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.middleware import SIZE_COOKIE
from appraisal_portal.kernel.preferences import A_YEAR
from appraisal_portal.kernel.views import PageView, client_address


class AccountDetail(PageView):
    """Who I am to the portal, in which roles, how to reach me."""

    access = SIGNED_IN
    template_name = "accounts/account_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Personal data masked; roles with their dates; employments."""
        user = self.request.user
        person = getattr(user, "person", None)
        rows = [(_("Name"), user.full_name), (_("Login name"), user.username)]
        if person:
            rows += [
                (capfirst(person.get_id_kind_display()), person.masked_id_number),
                (_("Date of birth"), person.birth_date.isoformat()),
                (_("Gender"), capfirst(person.get_gender_display())),
            ]
        rows += [
            (_("E-mail"), user.email or _("none")),
            (_("Mobile number"), user.masked_phone or _("none")),
            (_("Language"), user.get_language_display()),
        ]
        return super().get_context_data(
            rows=rows,
            memberships=user.memberships.select_related("organisation"),
            employments=Employment.objects.filter(person=person).select_related("unit", "person") if person else [],
            person=person,
            today=clock.today(),
            **kwargs,
        )


class AccountEdit(WordedForm):
    """Language of pages and messages, size of the text; remembered on every device."""

    access = SIGNED_IN
    form_class = forms.AccountForm
    success_url = reverse_lazy("accounts:account-detail")
    heading = gettext_lazy("Language and size of the text")
    submit = gettext_lazy("Save")

    def get_form_kwargs(self) -> dict[str, Any]:
        """One's own row."""
        return {**super().get_form_kwargs(), "instance": self.request.user}

    def get_back_url(self) -> str:
        """The account."""
        return reverse("accounts:account-detail")

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it in the account (messages) and in this browser (pages)."""
        User.objects.filter(pk=form.instance.pk).update(**form.cleaned_data)
        response = super().form_valid(form)
        size = "large" if form.cleaned_data["large_text"] else "normal"
        for name, value in ((settings.LANGUAGE_COOKIE_NAME, form.cleaned_data["language"]), (SIZE_COOKIE, size)):
            response.set_cookie(
                name, value, max_age=A_YEAR, secure=self.request.is_secure(), httponly=True, samesite="Lax"
            )
        return response


class ContactChange(WordedForm):
    """A new e-mail address or mobile number: password, then the code sent to it."""

    access = SIGNED_IN
    form_class = forms.ContactForm
    heading = gettext_lazy("Change e-mail address or mobile number")
    intro = gettext_lazy(
        "A code goes to the new address. If you log in with the old one, use the new one from then on."
    )
    submit = gettext_lazy("Send me the code")

    def get_back_url(self) -> str:
        """The account."""
        return reverse("accounts:account-detail")

    def form_valid(self, form: Any) -> HttpResponse:
        """Counted; a wrong password says so."""
        user, data = self.request.user, form.cleaned_data
        if services.too_many_attempts("contact", user.username, client_address(self.request)):
            form.add_error(None, _("Too many attempts. Wait a quarter of an hour, then try again."))
            return self.form_invalid(form)
        if not services.confirm_password(user, data["password"]):
            form.add_error("password", _("This is not your password."))
            return self.form_invalid(form)
        services.ask_for_code(
            ContactProof.Purpose.CHANGE,
            data["channel"],
            data["address"],
            user=user,
            from_address=client_address(self.request),
        )
        return redirect("accounts:contact-confirm")


class ContactConfirm(WordedForm):
    """The code sent to the new address."""

    access = SIGNED_IN
    form_class = forms.CodeForm
    success_url = reverse_lazy("accounts:account-detail")
    heading = gettext_lazy("Enter the code")
    submit = gettext_lazy("Change the address")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The latest address asked for."""
        self.proof = (
            ContactProof.objects.filter(user=request.user.pk, purpose=ContactProof.Purpose.CHANGE, used_at__isnull=True)
            .order_by("-pk")
            .first()
            if request.user.is_authenticated
            else None
        )
        if request.user.is_authenticated and self.proof is None:
            return redirect("accounts:contact-change")
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say where the code went."""
        words = _("We have sent a code to {address}. It may take a minute.").format(address=self.proof.address)
        return super().get_context_data(intro=words, **kwargs)

    def get_back_url(self) -> str:
        """A wrong address can be mended."""
        return reverse("accounts:contact-change")

    def form_valid(self, form: Any) -> HttpResponse:
        """An address of another account is not taken over; its owner keeps it."""
        if not services.check_code(self.proof, form.cleaned_data["code"]):
            form.add_error("code", _("This code is not right, or not valid any more. Check it, or ask for a new one."))
            return self.form_invalid(form)
        if services.change_contact(self.request.user, self.proof):
            messages.success(self.request, _("Your address is changed."))
        else:
            messages.warning(self.request, _("This address cannot be used. Nothing was changed."))
        return super().form_valid(form)
