"""What the chosen way to a title asks for (申报途径), saved as leniently as the other pages of the form."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.forms.sections import LenientForm
from applications.models import Declaration, ExamResult, ExpertRecommendation
from applications.models.content import EXAM_FIELDS, WAY_FIELDS
from appraisal_portal.kernel.widgets import UploadField

PAPERS = {
    "transfer": _("The certificate of your present title and proof of the new post."),
    "confirmation": _("The certificate of the title and the document by which it was granted."),
    "exam_plus": _("The result of the examination, still valid."),
    "special": _("What shows that you count as such."),
}
"""What the file of a way proves, as the page of the ways says it."""


class WayForm(LenientForm):
    """What the way of the declaration asks for; only its own fields stay."""

    asked = frozenset(
        {"exceptional_ground", "transfer_series", "talent_kind", "talent_reason", "proof"}
        | {"exam_name", "exam_passed_on", "exam_score"}
    )
    future_allowed = frozenset({"exam_valid_until"})
    exam_name = forms.CharField(label=_("Name of the examination"), max_length=100)
    exam_passed_on = forms.DateField(label=_("Passed on"))
    exam_valid_until = forms.DateField(label=_("Valid until"), help_text=_("Leave empty when it never expires."))
    exam_score = forms.CharField(label=_("Score"), max_length=20)
    exam_certificate_number = forms.CharField(label=_("Certificate number"), max_length=40)
    proof = UploadField(
        label=_("Proof"), help_text=_("PDF, JPG or PNG, at most 10 MB. Several: add one, save, add the next.")
    )

    class Meta:
        model = Declaration
        fields = ("exceptional_ground", "transfer_series", "talent_kind", "talent_reason")
        labels = {
            "exceptional_ground": _("Which condition you lack, and why you apply all the same"),
            "transfer_series": _("Series of the present title"),
            "talent_kind": _("Kind of talent"),
            "talent_reason": _("Why you count as such"),
        }
        widgets = {
            "exceptional_ground": forms.Textarea(attrs={"rows": 4}),
            "talent_reason": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        route, exam = self.instance.route, getattr(self.instance, "exam_result", None)
        kept = set(WAY_FIELDS[route]) | ({"proof"} if route != "exceptional" else set())
        if route == "exam_plus":
            kept |= {f"exam_{name}" for name in EXAM_FIELDS}
        for name in [name for name in self.fields if name not in kept]:
            del self.fields[name]
        if "proof" in self.fields and (papers := PAPERS.get(route)):
            self.fields["proof"].help_text = format_lazy("{} {}", papers, self.fields["proof"].help_text)
        for name in EXAM_FIELDS if exam else ():
            self.initial[f"exam_{name}"] = getattr(exam, name)

    def clean(self) -> dict[str, Any]:
        """A result cannot expire before it was reached."""
        data = super().clean()
        passed, until = data.get("exam_passed_on"), data.get("exam_valid_until")
        if passed and until and until < passed:
            self.add_error("exam_valid_until", gettext("The result would have expired before it was reached."))
        return data

    def write(self, declaration: Declaration) -> None:
        """Take the fields over onto the locked row."""
        names = [name for name in WAY_FIELDS[declaration.route] if name in self.cleaned_data]
        for name in names:
            setattr(declaration, name, self.cleaned_data[name])
        declaration.save(update_fields=names)
        if declaration.route == "exam_plus":
            values = {name: self.cleaned_data.get(f"exam_{name}") for name in EXAM_FIELDS}
            ExamResult.objects.update_or_create(declaration=declaration, defaults=values)


class ExpertForm(LenientForm):
    """An expert of the field with the signed letter."""

    asked = frozenset({"name", "title", "unit_name", "reason", "proof"})
    required_to_save = frozenset({"name"})
    proof = UploadField(label=_("Signed letter"), required=False, help_text=_("PDF, JPG or PNG, at most 10 MB."))

    class Meta:
        model = ExpertRecommendation
        fields = ("name", "title", "unit_name", "specialty", "signed_on", "reason")
        labels = {
            "name": _("Name"),
            "title": _("Title"),
            "unit_name": _("Work unit"),
            "specialty": _("Specialty"),
            "signed_on": _("Signed on"),
            "reason": _("Reason"),
        }
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}
