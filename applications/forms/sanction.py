"""Forms of bans after falsification and of their lifting."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from applications.models import Declaration, Heard, Sanction
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.widgets import FilesField


def _files() -> FilesField:
    return FilesField(
        label=_("Files that show it"),
        required=False,
        limit=settings.PORTAL_OBJECTION_FILES,
        help_text=_("PDF, JPEG or PNG, up to 10 MB each, five at most."),
    )


def _text(label: Any, *, rows: int = 5, most: int = 4000, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), max_length=most, **options)


class OpenForm(forms.Form):
    """Whose material was false, in which declaration, and what shows it."""

    number = forms.CharField(
        label=_("Number of the declaration"), max_length=20, help_text=_("The person and the unit follow from it.")
    )
    review_year = forms.IntegerField(
        label=_("Year of the review"),
        min_value=2018,
        max_value=2100,
        help_text=_("Typed, never guessed: it decides the years of the ban."),
    )
    ground = _text(_("What was false"), most=2000)
    evidence = _text(_("Evidence"), help_text=_("The person concerned reads it with your files before answering."))
    unit_responsible = forms.BooleanField(
        label=_("The responsibility of the work unit is examined too: its head can answer"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = _files()

    def clean_number(self) -> Any:
        """The declaration of that number."""
        found = (
            Declaration.objects.filter(number=self.cleaned_data["number"].strip()).select_related("applicant").first()
        )
        if found is None:
            raise forms.ValidationError(_("There is no declaration of this number."))
        return found


class _OfTransition(forms.Form):
    """A form drawn inside the page of a transition."""

    def __init__(self, *args: Any, obj: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.obj = obj


class StatementForm(_OfTransition):
    """The statement of the person concerned."""

    statement = _text(_("Your statement"), rows=8)
    wants_hearing = forms.BooleanField(label=_("I ask for a hearing"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = _files()
        self.initial = {"statement": self.obj.statement, "wants_hearing": self.obj.wants_hearing}


class UnitStatementForm(_OfTransition):
    """The answer of the unit that vouched for the material."""

    statement = _text(_("What the unit did to verify the material"), rows=8)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = _files()
        self.initial = {"statement": self.obj.unit_statement}


class SummonForm(_OfTransition):
    """Day and place of a hearing."""

    hearing_at = forms.DateTimeField(
        label=_("Day and time"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    hearing_place = forms.CharField(label=_("Place"), max_length=200)


class HearForm(_OfTransition):
    """How the person was heard."""

    heard_how = forms.ChoiceField(label=_("How the person was heard"), choices=Heard.choices, widget=forms.RadioSelect)
    statement = _text(_("Statement of the person"), required=False)
    minutes = _text(_("Minutes of the hearing"), rows=8, most=8000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"statement": self.obj.statement}


class LiftingHeardForm(_OfTransition):
    """How the hearing about lifting a ban went."""

    heard_how = forms.ChoiceField(
        label=_("How the person was heard"),
        choices=[(how.value, how.label) for how in (Heard.HEARING, Heard.ABSENT)],
        widget=forms.RadioSelect,
    )
    minutes = _text(_("Minutes of the hearing"), rows=8, most=8000, required=False)


class OpinionForm(_OfTransition):
    """What the first person thinks about a lifting."""

    proposal = forms.ChoiceField(
        label=_("Proposal"),
        choices=[
            (TwoPerson.Proposal.APPROVE.value, _("The ban is lifted")),
            (TwoPerson.Proposal.REJECT.value, _("The ban stands")),
        ],
        widget=forms.RadioSelect,
    )
    opinion = _text(_("Reasons"), help_text=_("The person concerned reads them with the decision."))


class ReturnForm(_OfTransition):
    """When the material went back to the person."""

    returned_on = forms.DateField(label=_("Returned on"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"returned_on": clock.today()}


class AskForm(forms.Form):
    """Why a ban should be lifted."""

    reason = _text(_("Why the ban should be lifted"), rows=8)

    def __init__(self, *args: Any, sanction: Sanction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sanction = sanction
