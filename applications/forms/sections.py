"""The pages of the form 2-1, saved leniently: empty is allowed, wrong is not. What is still missing stands in
``rules/form.py``.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from applications.models import (
    Achievement,
    Assessment,
    Declaration,
    Education,
    HeldTitle,
    LearningHours,
    Training,
    WorkHistory,
)
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.uploads import portrait_in
from appraisal_portal.kernel.widgets import UploadField, UploadInput
from committees.plans.asked import Evidence
from committees.plans.models import Series


def series_names() -> list[str]:
    """Names of the series that exist today, in their order."""
    return list(Series.objects.valid_on(clock.today()).order_by("number").values_list("name", flat=True))


YES_NO = [("", "---------"), ("true", _("Yes")), ("false", _("No"))]


ONLY_PRINTED = _(
    "Asked only because the printed form 2-1 has this cell; nothing depends on it and you may leave it empty. Whoever"
    " checks your form reads it; no juror does, and it stands in no roster, list or publication."
)


class DayInput(forms.DateInput):
    """A day as the browser asks for it; written and read as 2026-12-11."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class PastDates:
    """No day of what has happened lies in the future."""

    future_allowed: frozenset[str] = frozenset()

    def clean(self) -> dict[str, Any]:
        """Refuse future days at their fields, and an end before its beginning."""
        data: dict[str, Any] = super().clean() or {}  # type: ignore[misc]
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            value = data.get(name)
            if (
                isinstance(field, forms.DateField)
                and value
                and name not in self.future_allowed
                and value > clock.today()
            ):
                later = forms.ValidationError(_("This day lies in the future."), code="invalid_date")
                self.add_error(name, later)  # type: ignore[attr-defined]
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The end lies before the beginning."))  # type: ignore[attr-defined]
        return data


class LenientForm(PastDates, forms.ModelForm):
    """Nothing is required; days are asked for with the browser's own control."""

    required_to_save: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()  # needed for handing in, so not marked as optional

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField):
                field.widget = DayInput()
            field.required = name in self.required_to_save
            field.asked = name in self.asked
            if isinstance(field, forms.IntegerField):
                field.widget.attrs["class"] = "w10"


class PersonForm(LenientForm):
    """The basic block."""

    asked = frozenset(
        {
            "ethnicity",
            "work_started_on",
            "current_post",
            "current_specialty",
            "specialty_years",
            "staff_kind",
            "retired",
            "under_punishment",
        }
    )

    future_allowed = frozenset({"punished_until"})
    retired = forms.TypedChoiceField(
        label=_("Are you retired?"), choices=YES_NO, coerce=lambda v: v == "true", empty_value=None, required=False
    )
    under_punishment = forms.TypedChoiceField(
        label=_("Are you under a punishment of demerit or heavier?"),
        choices=YES_NO,
        coerce=lambda v: v == "true",
        empty_value=None,
        required=False,
    )

    class Meta:
        model = Declaration
        fields = (
            "ethnicity",
            "former_name",
            "birthplace",
            "work_started_on",
            "current_post",
            "current_post_since",
            "current_specialty",
            "specialty_years",
            "social_posts",
            "foreign_language",
            "file_kept_at",
            "health",
            "political_status",
            "political_since",
            "staff_kind",
            "retired",
            "under_punishment",
            "punished_until",
        )
        labels = {
            "ethnicity": _("Ethnic group"),
            "former_name": _("Former name"),
            "birthplace": _("Place of birth"),
            "work_started_on": _("Began to work on"),
            "current_post": _("Present post"),
            "current_post_since": _("In this post since"),
            "current_specialty": _("Specialty you work in"),
            "specialty_years": _("Years in this specialty"),
            "social_posts": _("Learned societies and other offices"),
            "foreign_language": _("Foreign language and level"),
            "file_kept_at": _("Where your personnel file is kept"),
            "health": _("State of health"),
            "political_status": _("Political status"),
            "political_since": _("Joined on"),
            "staff_kind": _("Your kind of post"),
            "punished_until": _("The punishment runs until"),
        }
        help_texts = {
            "staff_kind": _("Your unit confirms it. Civil servants do not take part in title appraisal."),
            "work_started_on": _("The day as in your personnel file."),
            "health": ONLY_PRINTED,
            "political_status": ONLY_PRINTED,
            "political_since": _("Only if you joined a party or the Youth League."),
        }
        widgets = {"social_posts": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("retired", "under_punishment"):
            value = getattr(self.instance, name)
            self.initial[name] = "" if value is None else str(value).lower()

    def clean(self) -> dict[str, Any]:
        """A day of joining needs what was joined."""
        data = super().clean()
        if data.get("political_since") and data.get("political_status") in ("", "non_party", "masses"):
            self.add_error("political_since", _("Say above what you joined, or leave this day empty."))
        return data


class EducationForm(LenientForm):
    """One education."""

    asked = frozenset({"school", "major", "finished_on"})

    required_to_save = frozenset({"level"})

    class Meta:
        model = Education
        fields = ("level", "degree", "mode", "schooling_years", "school", "major", "finished_on")
        labels = {
            "schooling_years": _("Length of schooling (years)"),
            "level": _("Education"),
            "degree": _("Degree"),
            "mode": _("Full time or in service"),
            "school": _("School"),
            "major": _("Subject studied"),
            "finished_on": _("Finished on"),
        }
        help_texts = {"schooling_years": _("For example 4 or 2.5, as on the diploma.")}

    def clean_schooling_years(self) -> Decimal | None:
        """Half a year to ten years."""
        years: Decimal | None = self.cleaned_data["schooling_years"]
        if years is not None and not Decimal("0.5") <= years <= 10:
            raise forms.ValidationError(_("Between 0.5 and 10 years."))
        return years


class HeldTitleForm(LenientForm):
    """A title held so far."""

    asked = frozenset({"name", "series", "obtained_on", "authority"})

    required_to_save = frozenset({"level"})
    series = forms.ChoiceField(label=_("Series"), help_text=_("As it stands on the certificate."))

    class Meta:
        model = HeldTitle
        fields = (
            "level", "name", "series", "by_exam", "obtained_on", "authority", "appointed_on", "certificate_number",
        )  # fmt: skip
        labels = {
            "level": _("Level"),
            "name": _("Name of the title"),
            "by_exam": _("I obtained it by examination"),
            "obtained_on": _("Obtained on"),
            "authority": _("Approved by"),
            "appointed_on": _("Appointed on"),
            "certificate_number": _("Certificate number"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [*series_names(), *filter(None, [self.instance.series])]  # an old name stays what it is
        self.fields["series"].choices = [("", _("Please choose")), *((n, n) for n in dict.fromkeys(names))]  # type: ignore[attr-defined]


class TrainingForm(LenientForm):
    """Study or training."""

    class Meta:
        model = Training
        fields = ("starts_on", "ends_on", "organiser", "content")
        labels = {
            "starts_on": _("Start date"),
            "ends_on": _("End date"),
            "organiser": _("Organised by"),
            "content": _("What was learned"),
        }


class WorkHistoryForm(LenientForm):
    """A job."""

    asked = frozenset({"starts_on", "unit_name", "post"})

    class Meta:
        model = WorkHistory
        fields = ("starts_on", "ends_on", "unit_name", "post", "work", "secondary")
        labels = {
            "starts_on": _("Start date"),
            "ends_on": _("End date"),
            "unit_name": _("Work unit"),
            "post": _("Post"),
            "work": _("What you did there"),
            "secondary": _("This was a secondary job"),
        }
        help_texts = {"ends_on": _("Leave empty for your present job.")}
        widgets = {"work": forms.Textarea(attrs={"rows": 2})}


class HoursForm(LenientForm):
    """Class hours of one year; the year stands on the instance."""

    asked = frozenset({"professional", "industry", "general", "other"})

    class Meta:
        model = LearningHours
        fields = ("professional", "industry", "general", "other")
        labels = {
            "professional": _("Professional subjects"),
            "industry": _("Industry subjects"),
            "general": _("General subjects"),
            "other": _("Other"),
        }

    def clean(self) -> dict[str, Any]:
        """An empty number is 0 hours; a year has no more hours than days times 24."""
        data = super().clean()
        for name in ("professional", "industry", "general", "other"):
            if name not in self.errors:
                data[name] = data.get(name) or 0
                if data[name] > 366 * 24:
                    many = forms.ValidationError(_("A year does not have so many hours."), code="invalid")
                    self.add_error(name, many)
        return data


class AssessmentForm(LenientForm):
    """The annual assessment of one year; the year stands on the instance."""

    asked = frozenset({"result"})

    class Meta:
        model = Assessment
        fields = ("result",)
        labels = {"result": _("Result")}


class AchievementForm(LenientForm):
    """An achievement with one more file that proves it."""

    asked = frozenset({"title", "role", "reached_on", "proof"})

    required_to_save = frozenset({"kind"})
    proof = UploadField(
        label=_("Proof"),
        required=False,
        help_text=_("PDF, JPG or PNG, at most 10 MB. Several: add one, save, add the next."),
    )

    class Meta:
        model = Achievement
        fields = ("kind", "title", "role", "rank", "reached_on", "level", "before_title")
        labels = {
            "kind": _("Kind"),
            "title": _("Name of the achievement"),
            "role": _("Your part in it"),
            "rank": _("Your rank among those named"),
            "reached_on": _("Date"),
            "level": _("Level"),
            "before_title": _("Reached before your present title"),
        }
        help_texts = {
            "rank": _("For example 2/5: second of five."),
            "level": _("For example provincial, core journal."),
        }


class RepresentativeForm(LenientForm):
    """The representative work."""

    asked = frozenset({"representative_title", "representative_text"})

    proof = UploadField(label=_("File"), required=False, help_text=_("PDF, JPG or PNG, at most 10 MB."))

    class Meta:
        model = Declaration
        fields = ("representative_title", "representative_role", "representative_text")
        labels = {
            "representative_title": _("Representative work"),
            "representative_role": _("Your part in it"),
            "representative_text": _("Description"),
        }
        widgets = {"representative_text": forms.Textarea(attrs={"rows": 8})}


class AttachmentsForm(forms.Form):
    """One more file for each piece of evidence the standard asks for; ``evidence``: its list, ``elsewhere``: code of
    what need not be uploaded here → why.
    """

    def __init__(
        self, *args: Any, evidence: list[Evidence], elsewhere: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for entry in evidence:
            spared = (elsewhere or {}).get(entry.code, "")
            # A hyphen would read as a proof of a row (see models.Material).
            words = _("PDF, JPG or PNG, at most 10 MB.")
            if entry.required and not spared:
                words = _("PDF, JPG or PNG, at most 10 MB. Required.")
            if entry.files > 1:
                several = gettext("At least {number} files.").format(number=entry.files)
                words = f"{several} {gettext('PDF, JPG or PNG, at most 10 MB. Several: add one, save, add the next.')}"
            hint = f"{spared} {words}" if spared else words
            self.fields[f"file_{entry.code}"] = UploadField(label=entry.label, required=False, help_text=hint)
            self.fields[f"file_{entry.code}"].asked = entry.required and not spared  # type: ignore[attr-defined]


class PhotoForm(forms.Form):
    """The certificate photo; ``there``: whether one is kept already, which another replaces."""

    photo = UploadField(
        label=_("Photo"),
        required=False,
        help_text=_("JPG or PNG, at most 2 MB, portrait format, plain light ground, head and shoulders."),
        check=portrait_in,
        widget=UploadInput(attrs={"accept": "image/jpeg,image/png"}),
    )

    def __init__(self, *args: Any, there: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["photo"].asked = not there  # type: ignore[attr-defined]
