"""Starting a declaration: for which title, in which field, through which unit."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.rules.closing import open_lines
from appraisal_portal.accounts.models import Employment, Organisation
from appraisal_portal.kernel import clock
from committees.plans.models import Channel, CommitteeScope, PlanLine, StandardVersion, Subfield, Title

CHANNELS = (
    Channel.REGULAR,
    Channel.PRELIMINARY,
    Channel.EXCEPTIONAL,
    Channel.TRANSFER,
    Channel.CONFIRMATION,
    Channel.EXAM_PLUS,
    Channel.SPECIAL,
)


def _serves(line: PlanLine, scope: CommitteeScope) -> bool:
    """Whether a title in the scope is asked for in the line; without a vote the scope names the field only."""
    return scope.committee_id == line.committee_id and (scope.level == line.level or not line.by_vote)


class TitleChoice(forms.ModelChoiceField):
    """Titles with their level: names repeat between levels and series."""

    def label_from_instance(self, obj: Title) -> str:
        """ "工程师（中级）"."""
        return f"{obj.name} · {obj.get_level_display()}"


class StartForm(forms.Form):
    """``token`` makes the post idempotent; titles and fields are those for which a window is open today."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    unit = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_("Work unit"),
        widget=forms.RadioSelect,
        empty_label=None,
        help_text=_(
            "The unit that verifies and recommends you. Is yours missing? Ask it first to confirm your employment."
        ),
    )
    title = TitleChoice(Title.objects.none(), label=_("Title sought"), empty_label=_("Please choose"))
    subfield = forms.ModelChoiceField(
        Subfield.objects.none(), label=_("Specialised field"), required=False, empty_label=_("Please choose"),
        help_text=_("Only engineering is divided into fields; there the field decides which committee reviews you."),
    )  # fmt: skip
    channel = forms.ChoiceField(
        label=_("Way of applying"),
        choices=[(channel.value, channel.label) for channel in CHANNELS],
        initial=Channel.REGULAR,
        widget=forms.RadioSelect,
        help_text=_(
            "A senior title that the provincial committee decides is declared as “regular”; the municipal committee "
            "then recommends you to the province."
        ),
    )
    specialty = forms.CharField(
        label=_("Specialty"), max_length=50, required=False, help_text=_("As it will appear on the certificate.")
    )

    applicant_class = forms.ChoiceField(
        label=_("Class of applicant"),
        required=False,
        help_text=_("Only for people a talent agency declares for, where the standard has classes."),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        employed = Employment.objects.filter(person=user.person, status__in=("asked", "confirmed"))
        units = Organisation.objects.filter(pk__in=employed.values("unit"))
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        by_agency = units.filter(kind=Organisation.Kind.AGENCY).exists()
        classes = StandardVersion.objects.classes_on(clock.today()) if by_agency else {}
        if classes:
            none = ("", _("none of these: the usual conditions apply to me"))
            self.fields["applicant_class"].choices = [none, *classes.items()]  # type: ignore[attr-defined]
        else:
            del self.fields["applicant_class"]
        lines = open_lines(clock.today(), user.person)
        known = list(lines)
        ways = {line.channel for line in known}
        if (
            Channel.RECOMMEND in ways
        ):  # asked for like a regular review; the committee's scope makes it a recommendation
            ways.add(Channel.REGULAR)
        self.fields["channel"].choices = [  # type: ignore[attr-defined]
            (channel.value, channel.label) for channel in CHANNELS if channel in ways
        ]
        # One condition per line: a committee may have lines for some of its levels only.
        scopes = CommitteeScope.objects.valid_on(clock.today()).filter(
            committee__in={line.committee_id for line in known}
        )
        open_scopes = [(scope, line.level) for scope in scopes for line in known if _serves(line, scope)]
        levels = {(scope.series_id, level) for scope, level in open_scopes}
        titles = Title.objects.valid_on(clock.today()).filter(series__in={pair[0] for pair in levels})
        self.fields["title"].queryset = titles.filter(  # type: ignore[attr-defined]
            pk__in=[title.pk for title in titles if (title.series_id, title.level) in levels]
        ).select_related("series")
        fields = {scope.subfield_id for scope, _level in open_scopes}
        self.fields["subfield"].queryset = Subfield.objects.filter(pk__in=fields)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A field belongs to the series of the title."""
        data = super().clean() or {}
        title, subfield = data.get("title"), data.get("subfield")
        if title and subfield and subfield.series_id != title.series_id:
            self.add_error("subfield", _("This field belongs to another series than the title."))
        return data
