"""Forms of what the office drafts: terms, standards, notices."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import Membership, User
from appraisal_portal.kernel.widgets import UploadField
from committees.plans.models import Committee, CommitteeMember, CommitteeTerm, Level, Notice, Series, StandardVersion

from .fields import DayField

Office = CommitteeMember.Office


def _own_committees(user: Any) -> Any:
    return Committee.objects.filter(office=user.acting_organisation_id)


class TermForm(forms.Form):
    """A term and its members, chosen from the jurors of the office (评审专家). No ModelForm: Django's own check of
    *term_once* needs the status, which no form may touch."""

    committee = forms.ModelChoiceField(Committee.objects.none(), label=_("Committee"))
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))
    approval_document = forms.CharField(label=_("Approval document"), max_length=100, required=False)
    chair = forms.ModelChoiceField(User.objects.none(), label=_("Chair"))
    vice_chairs = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Vice chairs"), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Members"), required=False, widget=forms.CheckboxSelectMultiple
    )

    DRAFTED = ("committee", "starts_on", "ends_on", "approval_document")

    def __init__(self, *args: Any, user: Any, instance: CommitteeTerm | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance = instance or CommitteeTerm()
        self.fields["committee"].queryset = _own_committees(user)  # type: ignore[attr-defined]
        jurors = User.objects.active().filter(
            pk__in=Membership.objects.active()
            .filter(role=Membership.Role.JUROR, organisation=user.acting_organisation_id)
            .values("user")
        )
        for name in ("chair", "vice_chairs", "others"):
            self.fields[name].queryset = jurors  # type: ignore[attr-defined]
        if self.instance.pk:
            seats = {office: [] for office in Office.values}
            for member in self.instance.members.all():
                seats[member.office].append(member.user_id)
            self.initial |= {name: getattr(self.instance, name) for name in self.DRAFTED}
            self.initial |= {
                "chair": next(iter(seats[Office.CHAIR]), None),
                "vice_chairs": seats[Office.VICE_CHAIR],
                "others": seats[Office.MEMBER],
            }

    def clean(self) -> dict[str, Any]:
        """Days in order; nobody sits twice."""
        data = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The term ends before it begins."))
        seen = {data.get("chair")}
        for name in ("vice_chairs", "others"):
            chosen = set(data.get(name) or ())
            twice = _(", ").join(sorted(str(user) for user in chosen & seen))
            if twice:
                self.add_error(name, _("Chosen twice: %(names)s") % {"names": twice})
            seen |= chosen
        return data

    def term(self) -> CommitteeTerm:
        """The unsaved term as filled in."""
        for name in self.DRAFTED:
            setattr(self.instance, name, self.cleaned_data[name])
        return self.instance

    def members(self) -> list[tuple[Any, str, str, str]]:
        """(user, office, specialty, unit) of everybody chosen; what the draft knows of them already, stays."""
        data = self.cleaned_data
        seats = [
            (data["chair"], Office.CHAIR),
            *((user, Office.VICE_CHAIR) for user in data["vice_chairs"]),
            *((user, Office.MEMBER) for user in data["others"]),
        ]
        known = {row.user_id: row for row in self.instance.members.select_related("user")} if self.instance.pk else {}
        chosen = {user.pk for user, _office in seats}
        alternates = [row for row in known.values() if row.office == Office.ALTERNATE and row.user_id not in chosen]
        seats += [(row.user, Office.ALTERNATE) for row in alternates]
        return [
            (user, office, *((known[user.pk].specialty, known[user.pk].unit) if user.pk in known else ("", "")))
            for user, office in seats
        ]


class VersionForm(forms.ModelForm):
    """A version of a standard; what it asks is written on pages of their own (``asking``)."""

    committee = forms.ModelChoiceField(Committee.objects.none(), label=_("Committee"))
    series = forms.ModelChoiceField(Series.objects.none(), label=_("Series"))
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices)
    effective_from = DayField(label=_("Effective from"), help_text=_("Not before the bureau's approval."))

    class Meta:
        model = StandardVersion
        fields = ("effective_from", "summary", "anonymous")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["committee"].queryset = _own_committees(user)  # type: ignore[attr-defined]
        self.fields["series"].queryset = Series.objects.filter(  # type: ignore[attr-defined]
            scopes__committee__in=_own_committees(user)
        ).distinct()
        self.order_fields(["committee", "series", "level", "effective_from", "summary", "anonymous"])
        if self.instance.pk:
            for name in ("committee", "series", "level"):
                del self.fields[name]

    def content(self) -> dict[str, Any]:
        """The fields of the version."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class NoticeForm(forms.ModelForm):
    """A notice of the own committee, or of the bureau itself."""

    class Meta:
        model = Notice
        fields = ("committee", "title", "body", "replaces")
        widgets = {"body": forms.Textarea(attrs={"rows": 14})}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = _own_committees(user)
        replaced = Notice.objects.public().exclude(pk=self.instance.pk)
        if user.acts_as(Membership.Role.BUREAU_REVIEWER):
            del self.fields["committee"]
            self.fields["replaces"].queryset = replaced.filter(committee__isnull=True)  # type: ignore[attr-defined]
        else:
            self.fields["committee"].queryset = own  # type: ignore[attr-defined]
            self.fields["committee"].required = True
            self.fields["replaces"].queryset = replaced.filter(committee__in=own)  # type: ignore[attr-defined]
        self.fields["replaces"].empty_label = _("none")  # type: ignore[attr-defined]


class AttachmentForm(forms.Form):
    """A file that goes with a notice."""

    title = forms.CharField(label=_("Title of the attachment"), max_length=200)
    file = UploadField(label=_("File"), help_text=_("PDF, JPEG or PNG, at most 10 MB."))
