"""Forms of meetings and ballots; strictness lives in ``rules``, here only what can be said of a single field."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from applications.querysets_recusal import known_rows
from appraisal_portal.accounts.models import User
from appraisal_portal.accounts.services import confirm_password
from appraisal_portal.kernel.telephones import reachable
from appraisal_portal.kernel.workflow import Refused
from committees.plans.models import CommitteeMember, PlanLine
from committees.reviews.access.meeting import is_observer
from committees.reviews.models import Admission, Attendee, BallotRound, Meeting, RoundItem
from committees.reviews.querysets.conflict import known_to
from committees.reviews.rules.panel_work import still_missing
from committees.reviews.rules.presiding import may_preside
from committees.reviews.services import ballot, draws, meeting

_DAY = {"type": "date", "class": "w10"}
_NUMBER = {"inputmode": "numeric", "class": "w5"}
TELLERS = 2


def add_refusal(form: forms.Form, refused: Refused) -> None:
    """Put each problem of a refusal beside the field it names, the others on top of the page."""
    for problem in refused.problems:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))


class LineChoice(forms.ModelChoiceField):
    """Lines of the plan with year, committee, level and channel."""

    def label_from_instance(self, line: PlanLine) -> str:
        """``2026 · committee · level · channel``."""
        return f"{line.plan.year} · {line}"


class AdmissionChoice(forms.ModelChoiceField):
    """Persons of the roster by number and name."""

    def label_from_instance(self, admission: Admission) -> str:
        """``3 · name · unit``."""
        declaration = admission.declaration
        return f"{admission.seq} · {declaration.applicant.name} · {declaration.unit.name}"


class MemberChoices(forms.ModelMultipleChoiceField):
    """Committee members with office and specialty."""

    def label_from_instance(self, member: CommitteeMember) -> str:
        """Name, office, specialty."""
        return " · ".join(filter(None, [str(member.user), str(member.get_office_display()), member.specialty]))


class MeetingForm(forms.ModelForm):
    """What the office fills in for a meeting (3-1)."""

    line = LineChoice(PlanLine.objects.none(), label=_("Line of the plan"))

    class Meta:
        model = Meeting
        fields = ("line", "kind", "meets_on", "meets_at", "place", "method", "expected", "contact", "phone")
        widgets = {
            "meets_on": forms.DateInput(format="%Y-%m-%d", attrs=_DAY),
            "meets_at": forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "w10"}),
            "expected": forms.NumberInput(attrs={"class": "w5"}),
        }
        help_texts = {
            "meets_on": _("Five working days must lie between the application and this day."),
            "expected": _("Members who will attend; the quorum must be reached."),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = PlanLine.objects.in_force().filter(committee__office=user.acting_organisation_id)
        self.fields["phone"].validators.append(reachable)
        self.fields["line"].queryset = lines.select_related("plan", "committee")  # type: ignore[attr-defined]
        if self.instance.pk:
            self.fields["line"].disabled = True
        else:
            self.initial.setdefault("contact", user.full_name)
            self.initial.setdefault("phone", user.phone)

    def _post_clean(self) -> None:
        """Rows are checked by the service, which also finds the term; the model's own checks would ask for it here."""


class TransitionForm(forms.Form):
    """Base of forms that feed a transition: ``obj`` is its subject."""

    def __init__(self, *args: Any, obj: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.obj, self.user = obj, user
        self.meeting: Meeting = getattr(obj, "meeting", obj)


class SignForm(TransitionForm):
    """The director's signature: the password entered again under the whole text."""

    password = forms.CharField(
        label=_("Your password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "w20"}),
        help_text=_("By entering your password again you sign the letter, the roster and the list as shown."),
    )

    def clean_password(self) -> str:
        """The right one, of the person who is logged in."""
        if not confirm_password(self.user, self.cleaned_data["password"]):
            raise forms.ValidationError(_("This is not your password."))
        return ""

    def clean(self) -> dict[str, Any]:
        """Hand on only that it was signed, never the password."""
        super().clean()
        return {"signed": not self.errors}


class SignResultsForm(SignForm):
    """The director's signature under the minutes and the results."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = _("By entering your password again you sign the minutes and the results.")


class WitnessForm(TransitionForm):
    """The other of the two confirms on the spot, with the own password: the observer, or who presides (``director``)
    when the observer begins."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = self.meeting.attendees.filter(role=Attendee.Role.OBSERVER)
        if isinstance(self.obj, BallotRound) and is_observer(self.user, self.obj):
            self.witness, people = "director", [user.pk for user in may_preside(self.obj)]
            names = _("Whoever presides"), _("Password of whoever presides")
        else:
            self.witness, people = "observer", list(there.values_list("user", flat=True))
            names = _("Discipline observer"), _("Password of the observer")
        self.fields[self.witness] = forms.ModelChoiceField(User.objects.filter(pk__in=people), label=names[0])
        self.fields[f"{self.witness}_password"] = forms.CharField(
            label=names[1], widget=forms.PasswordInput(attrs={"autocomplete": "off", "class": "w20"})
        )

    def clean(self) -> dict[str, Any]:
        """Only who confirmed is handed on, with the name that stands in the record."""
        data = super().clean() or {}
        witness, password = data.get(self.witness), f"{self.witness}_password"
        if witness and not confirm_password(witness, data.get(password) or ""):
            self.add_error(password, _("This is not the password of the person chosen."))
        return {self.witness: witness, "witness": witness.full_name if witness else ""}


class PersonForm(TransitionForm):
    """A person of the meeting without a decision."""

    admission = AdmissionChoice(Admission.objects.none(), label=_("Person"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = [admission.pk for admission in ballot.undecided(self.meeting)]
        known = known_rows(self.user, Admission.objects.filter(pk__in=free))
        self.fields["admission"].queryset = known.select_related(  # type: ignore[attr-defined]
            "declaration__applicant", "declaration__unit"
        )


class DeferForm(PersonForm):
    """Whom the committee cannot decide on today."""


class DetermineForm(PersonForm):
    """A decision without a vote."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[("passed", _("Passed")), ("not_passed", _("Not passed"))],
        widget=forms.RadioSelect,
    )


class ItemChoice(forms.ModelChoiceField):
    """Persons of a round by their number on the roster."""

    def label_from_instance(self, item: RoundItem) -> str:
        """``3 · name``."""
        return f"{item.admission.seq} · {item.admission.declaration.applicant.name}"


class SetAsideForm(TransitionForm):
    """Whose vote is void, and how many ballots were found."""

    item = ItemChoice(RoundItem.objects.none(), label=_("Person"))
    counted = forms.IntegerField(
        label=_("Ballots found"), min_value=0, max_value=999, widget=forms.TextInput(attrs=_NUMBER)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = known_rows(self.user, self.obj.items.filter(void_reason=""), "admission__declaration__")
        items = items.select_related("admission__declaration__applicant")
        self.fields["item"].queryset = items  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The record keeps the number on the roster, too."""
        data = super().clean() or {}
        item = data.get("item")
        return {**data, "seq": item.admission.seq if item else None}


class CallUpForm(forms.Form):
    """Who votes, who observes, who counts (出席、监督、计票)."""

    voters = MemberChoices(
        CommitteeMember.objects.none(), label=_("Voting members"), widget=forms.CheckboxSelectMultiple
    )
    observer = forms.ModelChoiceField(User.objects.none(), label=_("Discipline observer"))
    tellers = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Tellers"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Two, who neither vote nor prepared the meeting. Each enters the counts alone."),
    )

    def __init__(self, *args: Any, meeting_row: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drawn = draws.accepted(meeting_row)
        members = CommitteeMember.objects.filter(pk__in=[m.pk for m in meeting.possible_voters(meeting_row)])
        if self.drawn is not None:
            members = members.filter(user__in=self.drawn)
        self.fields["voters"].queryset = members.select_related("user")  # type: ignore[attr-defined]
        self.fields["voters"].help_text = (
            _("Everybody who can come is ticked: untick who cannot.")
            if self.drawn is None
            else _("The drawn experts who have accepted. Who has not answered yet is added here later.")
        )
        observers, tellers = meeting.possible_observers(), meeting.possible_tellers(meeting_row)
        self.fields["observer"].queryset = User.objects.filter(pk__in=[u.pk for u in observers])  # type: ignore[attr-defined]
        self.fields["tellers"].queryset = User.objects.filter(pk__in=[u.pk for u in tellers])  # type: ignore[attr-defined]
        self.initial |= {
            "voters": [member.pk for member in members],
            "observer": observers[0].pk if len(observers) == 1 else None,
            "tellers": [teller.pk for teller in tellers] if len(tellers) == TELLERS else [],
        }
        rows = list(meeting_row.attendees.all())
        if rows:
            self.initial |= {
                "voters": [row.member_id for row in rows if row.role == Attendee.Role.VOTER],
                "observer": next((row.user_id for row in rows if row.role == Attendee.Role.OBSERVER), None),
                "tellers": [row.user_id for row in rows if row.role == Attendee.Role.TELLER],
            }


class AttendeeChoices(forms.ModelMultipleChoiceField):
    """Called-up persons with their part."""

    def label_from_instance(self, row: Attendee) -> str:
        """``name · part``."""
        return f"{row.user} · {row.get_role_display()}"


class AttendanceForm(forms.Form):
    """Who has signed the list."""

    present = AttendeeChoices(
        Attendee.objects.none(), label=_("Signed in"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, meeting_row: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = meeting_row.attendees.select_related("user")
        self.fields["present"].queryset = rows  # type: ignore[attr-defined]
        self.fields["present"].asked = True  # type: ignore[attr-defined] - nobody ticked is an answer, not a field left out
        self.initial["present"] = [row.pk for row in rows if row.signed_in_at]


class MemberChoice(forms.ModelChoiceField):
    """One committee member by name."""

    def label_from_instance(self, member: CommitteeMember) -> str:
        """The name."""
        return str(member.user)


class RecusalForm(forms.Form):
    """A member who stands back from a person."""

    admission = AdmissionChoice(Admission.objects.none(), label=_("Person"))
    member = MemberChoice(CommitteeMember.objects.none(), label=_("Member"))
    ground = forms.CharField(label=_("Ground of the recusal"), max_length=200, help_text=_("For example: relatives."))

    def __init__(self, *args: Any, meeting_row: Meeting, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = known_rows(user, meeting_row.admissions.filter(exam_result=Admission.Result.QUALIFIED))
        self.fields["admission"].queryset = people.select_related(  # type: ignore[attr-defined]
            "declaration__applicant", "declaration__unit"
        )
        members = CommitteeMember.objects.filter(attendances__meeting=meeting_row)
        self.fields["member"].queryset = members.select_related("user")  # type: ignore[attr-defined]


class PasswordForm(forms.Form):
    """A signature under what the page shows."""

    password = forms.CharField(
        label=_("Your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "w20"})
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        """The right one, of the person who is logged in."""
        if not confirm_password(self.user, self.cleaned_data["password"]):
            raise forms.ValidationError(_("This is not your password."))
        return ""


class AdmissionChoices(forms.ModelMultipleChoiceField):
    """Several persons of the roster."""

    def label_from_instance(self, admission: Admission) -> str:
        """``3 · name``."""
        return f"{admission.seq} · {admission.declaration.applicant.name}"


class RoundForm(forms.Form):
    """Whom the committee votes on in the next round; everybody who can be voted on unless ticked off."""

    items = AdmissionChoices(Admission.objects.none(), label=_("Persons"), widget=forms.CheckboxSelectMultiple)
    mode = forms.ChoiceField(
        label=_("Way of voting"),
        choices=BallotRound.Mode.choices,
        initial=BallotRound.Mode.PAPER,
        widget=forms.RadioSelect,
        help_text=_("Electronic: each member votes on the own telephone or computer; paper: two tellers count."),
    )
    minutes = forms.IntegerField(
        label=_("Minutes an electronic round is open"),
        required=False,
        widget=forms.TextInput(attrs=_NUMBER),
        help_text=_("It can be closed as soon as everybody has voted, and closes by itself at the latest then."),
    )

    def __init__(self, *args: Any, meeting_row: Meeting, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = ballot.undecided(meeting_row)
        rows = known_to(user, meeting_row).filter(pk__in=[admission.pk for admission in free])
        self.fields["items"].queryset = rows.select_related("declaration__applicant").order_by("seq")  # type: ignore[attr-defined]
        ready = [admission.pk for admission in free if not still_missing(admission)]
        self.initial |= {"items": ready, "minutes": settings.PORTAL_BALLOT_MINUTES}

    def clean_minutes(self) -> int:
        """Left empty: the usual time."""
        minutes = self.cleaned_data["minutes"]
        return settings.PORTAL_BALLOT_MINUTES if minutes is None else int(minutes)


class CountForm(forms.Form):
    """One teller's count of one person; ``about``: whom, for the list of errors above the sheet."""

    about = ""
    issued = forms.IntegerField(label=_("Ballots handed out"), min_value=1, max_value=999)
    agree = forms.IntegerField(label=_("For"), min_value=0, max_value=999)
    against = forms.IntegerField(label=_("Against"), min_value=0, max_value=999)
    abstain = forms.IntegerField(label=_("Abstained"), min_value=0, max_value=999)
    invalid = forms.IntegerField(label=_("Invalid"), min_value=0, max_value=999)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget = forms.TextInput(attrs=_NUMBER)
