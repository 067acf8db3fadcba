"""Registration in two steps; every answer is the same for known and unknown persons."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from appraisal_portal.accounts import forms, services
from appraisal_portal.accounts.models import ContactProof
from appraisal_portal.accounts.views.base import WordedForm
from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.views import PageView, client_address

SESSION_KEY = "registration"


class Register(WordedForm):
    """Who, how to reach, password. The next page asks for the code."""

    access = PUBLIC
    template_name = "accounts/register.html"
    form_class = forms.RegisterForm
    heading = gettext_lazy("Register")
    intro = gettext_lazy("You need your identity document and an e-mail address or mobile number that only you use.")
    submit = gettext_lazy("Send me the code")

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep what was typed on the server, let the outbox send the code."""
        data, address = form.cleaned_data, client_address(self.request)
        if services.too_many_attempts("register", data["address"], address):
            form.add_error(None, _("Too many attempts. Wait a quarter of an hour, then try again."))
            return self.form_invalid(form)
        proof = services.ask_for_code(
            ContactProof.Purpose.REGISTER, data["channel"], data["address"], from_address=address
        )
        born = data["birth_date"]
        self.request.session[SESSION_KEY] = {
            "proof": proof.pk,
            "name": data["name"],
            "id_kind": data["id_kind"],
            "id_number": data["id_number"],
            "birth_date": born.isoformat() if born else None,
            "gender": data["gender"],
            "channel": data["channel"],
            "address": data["address"],
            "password": make_password(data["password1"]),
            "language": get_language(),
        }
        return redirect("accounts:register-confirm")


class RegisterConfirm(WordedForm):
    """The code from the message proves the address; then the account is made, or its owner told."""

    access = PUBLIC
    template_name = "accounts/register_confirm.html"
    form_class = forms.CodeForm
    success_url = reverse_lazy("accounts:register-done")
    heading = gettext_lazy("Enter the code")
    submit = gettext_lazy("Finish the registration")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Nothing begun in this browser: back to the beginning."""
        if SESSION_KEY not in request.session:
            return redirect("accounts:register")
        return super().dispatch(request, *args, **kwargs)

    def get_back_url(self) -> str:
        """A wrong address can be mended."""
        return reverse("accounts:register")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say where the code went."""
        typed = self.request.session[SESSION_KEY]
        words = _("We have sent a code to {address}. It may take a minute.").format(address=typed["address"])
        return super().get_context_data(intro=words, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The code; or another one, to the same address and under the same limit."""
        if "again" not in request.POST:
            return super().post(request, *args, **kwargs)
        typed, address = request.session[SESSION_KEY], client_address(request)
        if services.too_many_attempts("register", typed["address"], address):
            messages.warning(request, _("Too many attempts. Wait a quarter of an hour, then try again."))
        else:
            proof = services.ask_for_code(
                ContactProof.Purpose.REGISTER, typed["channel"], typed["address"], from_address=address
            )
            request.session[SESSION_KEY] = {**typed, "proof": proof.pk}
            messages.success(request, _("A new code is on its way; the old one is not valid any more."))
        return redirect("accounts:register-confirm")

    def form_valid(self, form: Any) -> HttpResponse:
        """One text for a wrong, an old and a used-up code."""
        typed = self.request.session[SESSION_KEY]
        proof = ContactProof.objects.filter(pk=typed["proof"]).first()
        if proof is None or not services.check_code(proof, form.cleaned_data["code"]):
            form.add_error("code", _("This code is not right, or not valid any more. Check it, or ask for a new one."))
            return self.form_invalid(form)
        del self.request.session[SESSION_KEY]
        services.register_person(typed)
        return super().form_valid(form)


class RegisterDone(PageView):
    """What to do next, for everybody the same."""

    access = PUBLIC
    template_name = "accounts/register_done.html"
