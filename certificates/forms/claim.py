"""Forms of certificates to register: what the holder enters, and the word of the reviewer who compared it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal import law
from appraisal_portal.accounts.forms.fields import day_field
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.uploads import portrait_in
from appraisal_portal.kernel.widgets import UploadField
from certificates.forms.bureau import helper
from certificates.models import Claim
from committees.plans.models import Subfield, Title


def title_choices() -> Iterator[Any]:
    """Titles reached by examination, by series: those of whole series, then those of a subfield."""
    yield "", gettext_lazy("Please choose")
    groups: dict[str, list[tuple[str, str]]] = {}
    for title in Title.objects.filter(by_exam=True).select_related("series").order_by("series__number", "pk"):
        groups.setdefault(title.series.name, []).append((str(title.pk), title.name))
    fields = Subfield.objects.exclude(by_exam_levels=[]).select_related("series").order_by("series__number", "pk")
    for field in fields:
        for title in field.series.titles.filter(level__in=field.by_exam_levels, by_exam=False).order_by("pk"):
            groups.setdefault(f"{field.series.name} · {field.name}", []).append((f"{title.pk}:{field.pk}", title.name))
    yield from groups.items()


def titles_of_paper() -> Iterator[Any]:
    """All titles there were when paper certificates ended, by series."""
    yield "", gettext_lazy("Please choose")
    groups: dict[str, list[tuple[str, str]]] = {}
    found = Title.objects.valid_on(law.since("certificate.electronic_only")).select_related("series")
    for title in found.order_by("series__number", "pk"):
        groups.setdefault(title.series.name, []).append((str(title.pk), title.name))
    yield from groups.items()


class ClaimForm(forms.Form):
    """One certificate that is held, with its two files. In a correction the files may stay as they are."""

    title = forms.CharField(
        label=gettext_lazy("Title on the certificate"),
        widget=forms.Select,
        help_text=gettext_lazy(
            "Titles reached by a national or provincial examination alone. A senior title of such a series needs an "
            "appraisal after the examination: declare it by the way “examination plus appraisal”."
        ),
    )
    specialty = forms.CharField(
        label=gettext_lazy("Specialty, if the certificate names one"), max_length=60, required=False
    )
    exam_number = forms.CharField(
        label=gettext_lazy("Number of the certificate"),
        max_length=40,
        help_text=gettext_lazy("As printed on it: control number or certificate number."),
        widget=forms.TextInput(attrs={"class": "w20", "autocomplete": "off"}),
    )
    obtained_on = day_field(gettext_lazy("Date on the certificate"), help_text=gettext_lazy("The day of approval."))
    authority = forms.CharField(
        label=gettext_lazy("Issuing authority"),
        max_length=60,
        help_text=gettext_lazy("The authority named on the certificate."),
    )
    file = UploadField(label=gettext_lazy("The certificate (PDF, JPEG or PNG, at most 10 MB)"))
    photo = UploadField(
        label=gettext_lazy("Photograph for the e-certificate (JPEG or PNG, at most 2 MB)"),
        help_text=gettext_lazy("Passport style, plain background. It is cut to 358 × 441 pixels."),
        check=portrait_in,
    )

    def __init__(self, *args: Any, kind: str, claim: Claim | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, last = kind, clock.today()
        self.fields["title"].widget.choices = list(title_choices())
        if kind == Claim.Kind.ARCHIVE:
            last = law.since("certificate.electronic_only") - dt.timedelta(days=1)
            self.fields["title"].widget.choices = list(titles_of_paper())
            self.fields["title"].help_text = _("As it was called on 1 January 2018.")
            self.fields["exam_number"].help_text = _("As printed on it: number of the certificate.")
        self.fields["obtained_on"].widget.attrs["max"] = last.isoformat()
        if claim is not None:
            for name in ("file", "photo"):
                self.fields[name].required = False
                self.fields[name].help_text = _("Leave empty to keep: {name}").format(name=getattr(claim, name))
            self.initial = {
                "title": f"{claim.title_id}:{claim.subfield_id}" if claim.subfield_id else str(claim.title_id),
                **{name: getattr(claim, name) for name in ("specialty", "exam_number", "obtained_on", "authority")},
            }
        self.helper = helper(gettext_lazy("Save and look through"))

    def clean_title(self) -> dict[str, Any]:
        """Title and subfield; which of them go by examination is judged by the rules, in words."""
        first, _colon, second = self.cleaned_data["title"].partition(":")
        title = Title.objects.select_related("series").filter(pk=first).first() if first.isdigit() else None
        if title is None or (second and not second.isdigit()):
            raise forms.ValidationError(_("Choose a title from the list."))
        subfield = Subfield.objects.filter(pk=second, series=title.series_id).first() if second else None
        return {"title": title, "subfield": subfield}

    def values(self) -> dict[str, Any]:
        """The columns of the claim but the files."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ("specialty", "exam_number", "obtained_on", "authority")}
        return {"kind": self.kind, **data["title"], **plain}


class ComparedForm(forms.Form):
    """The reviewer's word that the entries stand on the certificate; without it nothing is proposed."""

    compared = forms.BooleanField(
        label=gettext_lazy("I have compared name, title, number, date and authority with the uploaded certificate."),
        error_messages={"required": gettext_lazy("Please compare the entries with the certificate first.")},
    )

    def __init__(self, *args: Any, obj: Claim, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if obj.kind == Claim.Kind.ARCHIVE:
            self.fields["compared"].label = _(
                "I have compared name, title, number, date and authority with the uploaded certificate and with the "
                "entry in the archive."
            )
            self.fields["compared"].error_messages["required"] = _(
                "Please compare the entries with the certificate and the archive first."
            )
