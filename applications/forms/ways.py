"""The six questions by which anybody learns which way to a title is open; asked by GET, nothing is stored."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Education, HeldTitle
from applications.rules.ways import Degree, Facts, Held, entry_of, years_asked
from appraisal_portal.accounts.models import Organisation
from appraisal_portal.kernel import clock
from committees.plans.models import Level, Series, StandardVersion, Subfield

SITUATIONS = (
    ("civil_servant", gettext_lazy("I am a civil servant or managed like one")),
    ("retired", gettext_lazy("I am retired")),
    ("punished", gettext_lazy("I am under a punishment")),
    ("experts", gettext_lazy("Two experts of my field recommend me in writing")),
    ("talent", gettext_lazy("I count as high-level or urgently needed talent")),
    ("exam_passed", gettext_lazy("I have passed the examination that comes before the appraisal")),
    ("elsewhere", gettext_lazy("My present title was granted in another city or region")),
)
_YEAR = gettext_lazy("Enter the year with four digits, like 2012.")
_CIVIL = ("civil_service", "reference_managed")


def _year(label: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=1950, required=False, widget=forms.NumberInput(attrs={"class": "w5"}),
        error_messages={name: _YEAR for name in ("invalid", "min_value")}, **more,
    )  # fmt: skip


class WaysForm(forms.Form):
    """Employer, field, level, education, present title, special circumstances."""

    employer = forms.ChoiceField(
        label=gettext_lazy("1. Who employs you?"),
        choices=[
            ("", gettext_lazy("Please choose")),
            *Organisation.EmployerKind.choices,
            ("agency", gettext_lazy("nobody, or a private business: a talent agency keeps my file")),
        ],
    )
    applicant_class = forms.ChoiceField(
        label=gettext_lazy("Your class, where a talent agency declares for you"), required=False,
        help_text=gettext_lazy("Only some standards have classes with conditions of their own."),
    )  # fmt: skip
    series = forms.ModelChoiceField(
        Series.objects.none(), label=gettext_lazy("2. In which series?"), empty_label=gettext_lazy("Please choose")
    )
    subfield = forms.ModelChoiceField(
        Subfield.objects.none(), label=gettext_lazy("Subfield"), required=False,
        empty_label=gettext_lazy("none of these"),
        help_text=gettext_lazy("Only engineering is divided into subfields."),
    )  # fmt: skip
    level = forms.ChoiceField(
        label=gettext_lazy("3. Which level do you want to reach?"), choices=Level.choices, initial=Level.INTERMEDIATE
    )
    education = forms.ChoiceField(
        label=gettext_lazy("4. Your highest education in the field"),
        choices=[("", gettext_lazy("Please choose")), *Education.Level.choices],
    )
    finished = _year(gettext_lazy("Finished in the year"))
    held = forms.ChoiceField(
        label=gettext_lazy("5. Which title do you hold now?"), choices=HeldTitle.Level.choices, initial="none"
    )
    obtained = _year(gettext_lazy("Obtained in the year"))
    held_series = forms.ModelChoiceField(
        Series.objects.none(), label=gettext_lazy("Series of the present title"), required=False,
        empty_label=gettext_lazy("the same series"),
    )  # fmt: skip
    situation = forms.MultipleChoiceField(
        label=gettext_lazy("6. What else applies to you?"), choices=SITUATIONS, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("Leave all empty when nothing applies."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["situation"].each_by_itself = True  # type: ignore[attr-defined]  # nobody is all of these
        self.fields["finished"].asked = True  # type: ignore[attr-defined]  # not marked as optional: clean() wants it
        day = clock.today()
        for name in ("series", "held_series"):
            self.fields[name].queryset = Series.objects.valid_on(day)  # type: ignore[attr-defined]
        self.fields["subfield"].queryset = Subfield.objects.valid_on(day)  # type: ignore[attr-defined]
        classes = StandardVersion.objects.classes_on(day)
        self.fields["applicant_class"].choices = [("", _("none of these")), *classes.items()]  # type: ignore[attr-defined]
        if not classes:
            del self.fields["applicant_class"]

    def clean(self) -> dict[str, Any]:
        """Years not in the future, a held title with its year, the subfield of the series."""
        data = super().clean() or {}
        today = clock.today()
        later = {"finished": _("The year in which you finished lies in the future."),
                 "obtained": _("The year in which you obtained the title lies in the future.")}  # fmt: skip
        for name, words in later.items():
            if (data.get(name) or 0) > today.year:
                self.add_error(name, words)
        if data.get("held", "none") != "none" and not data.get("obtained") and "obtained" not in self.errors:
            self.add_error("obtained", _("Enter the year in which you obtained the title."))
        if not data.get("finished") and "finished" not in self.errors:
            self.add_error("finished", _("Enter the year in which you finished."))
        if data.get("applicant_class") and data.get("employer") not in ("agency", None):
            self.add_error("applicant_class", _("Classes are for people whom a talent agency declares for."))
        series, subfield = data.get("series"), data.get("subfield")
        if series and subfield and subfield.series_id != series.pk:
            self.add_error("subfield", _("This subfield does not belong to the series."))
        return data

    def facts(self, counted_to: dt.date, version: Any = None, *, committee_known: bool = True) -> Facts:
        """The answers; a year alone counts from its last day for titles and from July for diplomas.

        ``version``: the standard by which a declaration would be judged, None where there is none.
        """
        data, said = self.cleaned_data, set(self.cleaned_data["situation"])
        series, subfield, level = data["series"], data["subfield"], data["level"]
        held = Held()
        if data["held"] != "none":
            of = data["held_series"] or series
            held = Held(data["held"], dt.date(data["obtained"], 12, 31), of.name, "elsewhere" in said)
        return Facts(
            level=level,
            by_exam=series.by_exam(level) or (subfield is not None and level in subfield.by_exam_levels),
            law_day=clock.today(),
            counted_to=counted_to,
            series=series.name,
            degrees=(Degree(data["education"], dt.date(data["finished"], 7, 1)),),
            held=held,
            civil_servant="civil_servant" in said or data["employer"] in _CIVIL,
            retired="retired" in said,
            punished="punished" in said and data["employer"] == "public_institution",
            experts=2 if "experts" in said else 0,
            exam_passed="exam_passed" in said,
            exam_series=bool(series.by_exam_levels or (subfield and subfield.by_exam_levels)),
            handed_in_on=clock.today(),
            talent="talent" in said,
            years_asked=years_asked(version),
            entry=entry_of(version.class_named(data.get("applicant_class", "")) if version else None),
            committee_known=committee_known,
        )
