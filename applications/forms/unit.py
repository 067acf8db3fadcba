"""Forms of the work unit: judgements, correction slip, publicity, objections, signatures."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.forms.sections import DayInput
from applications.models import ItemCheck
from applications.models.content import PERSON_FIELDS, REPRESENTATIVE_FIELDS
from applications.rules.items import ReviewItem
from applications.rules.words import FIELDS, SECTIONS
from appraisal_portal.kernel import calendar, clock
from appraisal_portal.kernel.widgets import UploadField

# Sections that may lack a row altogether: they can be named as a whole.
_OPEN_SECTIONS = (
    "education",
    "title",
    "hours",
    "achievements",
    "assessments",
    "representative",
    "questions",
    "attachments",
    "photo",
)

_ROW_SECTIONS = ("education", "title", "achievements")  # to these a row may be added


class InnerForm(forms.Form):
    """A form drawn inside a <form> of the page, which brings the token and the buttons."""

    @property
    def helper(self) -> FormHelper:
        """For crispy: fields only."""
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        return helper


class CheckForm(InnerForm):
    """One judgement and note per item; what is left open stays open."""

    def __init__(
        self,
        *args: Any,
        items: Sequence[ReviewItem],
        checks: Mapping[str, ItemCheck],
        before: Mapping[str, ItemCheck] | None = None,
        archived: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.archived = archived or {}  # item code → what the personal archive knows of it
        self.items = items
        self.checks = checks
        self.before = before or {}  # judgements of the stage before, to be read only
        for item in items:
            check = checks.get(item.code)
            stands = check is not None and check.content_sha256 == item.sha256
            self.fields[f"result-{item.control}"] = forms.ChoiceField(
                label=_("{item}: does it match the original?").format(item=item.label),
                choices=ItemCheck.Result.choices,
                widget=forms.RadioSelect,
                required=False,
                initial=check.result if check and stands else None,
            )
            self.fields[f"note-{item.control}"] = forms.CharField(
                label=_("Note on {item}").format(item=item.label),
                max_length=500,
                required=False,
                initial=check.note if check and stands else "",
            )

    def clean(self) -> dict[str, Any]:
        """An item that is not true says why: the applicant reads it."""
        data = super().clean() or {}
        for item in self.items:
            result = data.get(f"result-{item.control}")
            if result in (ItemCheck.Result.FALSE, ItemCheck.Result.UNCLEAR) and not data.get(f"note-{item.control}"):
                self.add_error(
                    f"note-{item.control}", _("{item}: say what is wrong or unclear.").format(item=item.label)
                )
        return data

    def judged(self) -> dict[str, tuple[str, str]]:
        """Item code → (result, note) of the items that have a judgement."""
        data = self.cleaned_data
        return {
            item.code: (data[f"result-{item.control}"], data[f"note-{item.control}"])
            for item in self.items
            if data[f"result-{item.control}"]
        }

    def rows(self) -> Iterator[dict[str, Any]]:
        """For the page: item, last check, whether it changed since, judgement, note, check of the stage before."""
        for item in self.items:
            check = self.checks.get(item.code)
            changed = check is not None and check.content_sha256 != item.sha256
            earlier = self.before.get(item.code)
            yield {
                "item": item,
                "check": check,
                "changed": changed,
                "result": self[f"result-{item.control}"],
                "note": self[f"note-{item.control}"],
                "archived": self.archived.get(item.code),
                "before": earlier if earlier and earlier.content_sha256 == item.sha256 else None,
            }

    @cached_property
    def open_first(self) -> list[dict[str, Any]]:
        """The rows, those first that nobody has judged as they stand; each of the others is ``settled``."""
        rows = [{**row, "settled": row["check"] is not None and not row["changed"]} for row in self.rows()]
        return sorted(rows, key=lambda row: row["settled"])

    @property
    def left(self) -> int:
        """How many nobody has judged as they stand."""
        return sum(not row["settled"] for row in self.open_first)


class SlipForm(InnerForm):
    """Names what is to be corrected, each with its reason; doubtful items come ticked with their note."""

    def __init__(self, *args: Any, items: Sequence[ReviewItem], checks: Mapping[str, ItemCheck], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(item.code, item.label) for item in items]
        known = {code for code, _label in choices}
        for section in _OPEN_SECTIONS:
            if section not in known and (section != "questions" or any(item.section == section for item in items)):
                there = any(item.section == section for item in items)
                words = _("{section}: the whole part") if there else _("{section}: something is missing")
                choices.append((section, words.format(section=SECTIONS[section])))
        self.more: dict[str, list[str]] = {}  # code of an item → narrower codes below it
        for item in items:
            narrower = _narrower(item)
            self.more[item.code] = [code for code, _label in narrower]
            choices += narrower
        for section in _ROW_SECTIONS:
            choices.append((f"{section}:new", _("{section}: a further entry").format(section=SECTIONS[section])))
        self.choices = {code: (control_of(code), str(label)) for code, label in choices}
        for code, (control, label) in self.choices.items():
            check = checks.get(code)
            doubtful = check is not None and check.result != ItemCheck.Result.TRUE
            self.fields[f"pick-{control}"] = forms.BooleanField(label=label, required=False, initial=doubtful)
            self.fields[f"reason-{control}"] = forms.CharField(
                label=_("What is wrong with {item}").format(item=label),
                max_length=500,
                required=False,
                initial=check.note if check and doubtful else "",
            )

    def clean(self) -> dict[str, Any]:
        """At least one item, each with its reason; a reason without a tick is a forgotten tick."""
        data = super().clean() or {}
        for control, label in self.choices.values():
            reason = (data.get(f"reason-{control}") or "").strip()
            if data.get(f"pick-{control}") and not reason:
                self.add_error(f"reason-{control}", _("{item}: say what is wrong.").format(item=label))
        if not any(data.get(f"pick-{control}") for control, _label in self.choices.values()):
            raise forms.ValidationError(_("Name at least one item to be corrected."))
        return data

    def items(self) -> dict[str, str]:
        """Item code → reason."""
        return {
            code: self.cleaned_data[f"reason-{control}"].strip()
            for code, (control, _label) in self.choices.items()
            if self.cleaned_data[f"pick-{control}"]
        }

    def summary(self) -> str:
        """The reasons in one text, for the record and the message."""
        named = self.items()
        return "\n".join(
            _("{item}: {reason}").format(item=self.choices[code][1], reason=reason) for code, reason in named.items()
        )

    def rows(self) -> Iterator[dict[str, Any]]:
        """For the page: tick and reason per choice, the narrower choices below it, and whether one of them is used."""
        below = {code for codes in self.more.values() for code in codes}
        for code in self.choices:
            if code in below:
                continue
            more = [self._pair(each) for each in self.more.get(code, ())]
            used = any(pick.value() or reason.errors for pick, reason in more)
            pick, reason = self._pair(code)
            yield {"pick": pick, "reason": reason, "more": more, "open": used}

    def _pair(self, code: str) -> tuple[BoundField, BoundField]:
        control, _label = self.choices[code]
        return self[f"pick-{control}"], self[f"reason-{control}"]


class UnitSlipForm(SlipForm):
    """A slip of the work unit also names the day. ``last``: the unit's own last day; proposed is the latest day that
    leaves the ``publicity`` its working days before it, today where there is none.
    """

    answer_by = forms.DateField(
        label=gettext_lazy("To be handed in again by"),
        widget=DayInput(attrs={"class": "w10"}),
        error_messages={"required": gettext_lazy("Name the day by which it must be handed in again.")},
    )

    def __init__(self, *args: Any, last: dt.date, publicity: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        latest = calendar.latest_application_day(last - dt.timedelta(days=1), publicity).ends_on
        self.fields["answer_by"].initial = max(latest, clock.today())


def control_of(code: str) -> str:
    """The code of an item as part of a control's name and id."""
    return code.replace(":", "-").replace(".", "--")


def _narrower(item: ReviewItem) -> list[tuple[str, str]]:
    """Fields of a block and the files of a row: less than the whole item."""
    if item.section == "person":
        return [(f"person.{name}", str(FIELDS[name])) for name in PERSON_FIELDS]
    if item.section == "representative":
        names = [(f"representative.{name}", str(FIELDS[name])) for name in REPRESENTATIVE_FIELDS]
        return [*names, ("representative.files", _("{item}: only the files").format(item=item.label))]
    if item.section in ("education", "title", "achievements", "questions") or item.code.startswith("self_scoring:"):
        return [(f"{item.code}.files", _("{item}: only the files").format(item=item.label))]
    return []


class PublicityForm(InnerForm):
    """Which verified declarations are posted, where, and whom to tell an objection."""

    declarations = forms.ModelMultipleChoiceField(
        queryset=None,
        label=gettext_lazy("Whose material is posted"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one declaration.")},
    )
    place = forms.CharField(
        label=gettext_lazy("Posted at"),
        max_length=200,
        help_text=gettext_lazy("For example: notice board on the ground floor and internal network."),
        error_messages={"required": gettext_lazy("Say where the list is posted.")},
    )
    contact = forms.CharField(
        label=gettext_lazy("Whom to tell an objection"),
        max_length=200,
        help_text=gettext_lazy("Name of the office and its telephone number."),
        error_messages={"required": gettext_lazy("Say whom colleagues can tell an objection.")},
    )

    def __init__(self, *args: Any, queryset: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["declarations"]
        field.queryset = queryset
        field.label_from_instance = lambda row: f"{row.applicant.name} · {row.title} · {row.number}"
        field.initial = [row.pk for row in queryset]


class PasswordForm(InnerForm):
    """The signature: the password entered again on the page that shows the whole text."""

    password = forms.CharField(
        label=gettext_lazy("Your password, entered again: this is your signature"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
        error_messages={"required": gettext_lazy("Enter your password to sign.")},
    )


class RecommendForm(PasswordForm):
    """Opinion and password of the head."""

    field_order = ("opinion", "password")
    opinion = forms.CharField(
        label=gettext_lazy("Opinion of the unit"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Conduct, ability, performance, and whether the unit recommends."),
        error_messages={"required": gettext_lazy("Write the opinion of the unit.")},
    )


class SealForm(InnerForm):
    """The scan of the undertaking sealed on paper."""

    scan = UploadField(
        label=gettext_lazy("Scan of the sealed undertaking 2-9 (PDF, JPEG or PNG, at most 10 MB)"),
        error_messages={"required": gettext_lazy("Choose the scan of the sealed undertaking.")},
    )


class ReasonForm(InnerForm):
    """Why something is refused or sent back; the persons concerned read it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("The person concerned reads it. Say what is wrong and what to do next."),
        error_messages={"required": gettext_lazy("Please give the reason.")},
    )


class SendBackForm(ReasonForm):
    """Why something goes back to the work unit, which reads it; opinions between offices are not for the applicant."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("The work unit reads it. Say what is wrong and what to do next.")


class ChangesForm(CheckForm):
    """Judgements of what a supplement changed; where and whom to tell where it is posted again; the signature."""

    place = forms.CharField(
        label=gettext_lazy("Posted at"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say where the list is posted.")},
    )
    contact = forms.CharField(
        label=gettext_lazy("Whom to tell an objection"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say whom colleagues can tell an objection.")},
    )
    password = forms.CharField(
        label=gettext_lazy("Your password, entered again: this is your signature"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
        error_messages={"required": gettext_lazy("Enter your password to sign.")},
    )

    def __init__(self, *args: Any, publicise: bool, before: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs, before={})
        if not publicise:
            del self.fields["place"], self.fields["contact"]
        elif before is not None:
            self.initial |= {"place": before.place, "contact": before.contact}

    def clean(self) -> dict[str, Any]:
        """Every changed item needs a judgement."""
        data = super().clean()
        for item in self.items:
            if not data.get(f"result-{item.control}"):
                self.add_error(f"result-{item.control}", _("Not checked yet: {item}").format(item=item.label))
        return data

    def closing_fields(self) -> list[BoundField]:
        """What stands below the judgements."""
        return [self[name] for name in ("place", "contact", "password") if name in self.fields]
