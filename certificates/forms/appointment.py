"""Forms of appointments: who is appointed to what, and when it ends."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.forms.fields import day_field
from appraisal_portal.accounts.models import PostStructure
from appraisal_portal.kernel import clock
from certificates.forms.bureau import helper
from certificates.models import Appointment, Certificate
from certificates.services.appointments import post_words


class AppointmentForm(forms.Form):
    """The holder by the certificate, the level of the post, and the term."""

    certificate = forms.ModelChoiceField(
        Certificate.objects.none(), label=_("Person and certificate"), empty_label=_("Please choose")
    )
    level = forms.ChoiceField(
        label=_("Level of the post"),
        choices=[("", _("Please choose")), *PostStructure.Level.choices],
        help_text=_("At most the level of the title."),
    )
    starts_on = day_field(_("Appointed from"))
    ends_on = day_field(_("Appointed until"), required=False, help_text=_("Leave empty for an open term."))

    def __init__(self, *args: Any, candidates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["certificate"]
        field.queryset = candidates
        field.label_from_instance = lambda row: " · ".join(
            (row.person.name, row.title.name, row.number, gettext("now: {post}").format(post=post_words(row)))
        )
        self.helper = helper(_("Enter the appointment"))


class EndForm(forms.Form):
    """The last day of an appointment."""

    last_day = day_field(_("Last day"))

    def __init__(self, *args: Any, obj: Appointment, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].initial = clock.today()
