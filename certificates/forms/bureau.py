"""Forms of the public check and of the bureau; strictness lives in ``rules``."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.widgets import UploadField
from certificates.models import Correction, IssueDocument, Revocation
from committees.plans.models import Channel
from committees.reviews.models import ReportItem, ResultReport


def helper(label: Any) -> FormHelper:
    """A form with one button."""
    found = FormHelper()
    found.attrs = {"novalidate": True}
    found.add_input(Submit("save", label))
    return found


class VerifyForm(forms.Form):
    """Check of one certificate by what is printed on it: number, name and check code, all three."""

    number = forms.CharField(
        label=_("Certificate number"),
        max_length=40,
        help_text=_("22 characters, at the end of the table on the certificate."),
    )
    name = forms.CharField(label=_("Name of the holder"), max_length=60)
    code = forms.CharField(
        label=_("Check code"),
        max_length=12,
        help_text=_("6 letters or digits, in the green box at the bottom of the certificate."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(_("Check the certificate"))
        self.helper.disable_csrf = True  # it only reads, and public pages set no cookie


class FileForm(forms.Form):
    """Check of one certificate by its PDF."""

    file = UploadField(label=_("Certificate (PDF, at most 5 MB)"), allow_empty_file=False, check=None, keeps=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(_("Check the file"))
        self.helper.disable_csrf = True  # it only reads, and public pages set no cookie


class DocumentForm(forms.ModelForm):
    """A new issue document: its title and the decided reports it announces."""

    class Meta:
        model = IssueDocument
        fields = ["title", "reports"]
        widgets = {"reports": forms.CheckboxSelectMultiple}
        labels = {"reports": _("Decided reports not yet announced")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        granted = ReportItem.objects.filter(report=OuterRef("pk"), decision="approved")
        granted = granted.exclude(declaration__line__channel=Channel.RECOMMEND)  # they leave with a letter
        free = ResultReport.objects.filter(Exists(granted), status="decided").exclude(
            issue_documents__status__in=["draft", "proposed", "approved", "published", "returned"]
        )
        self.fields["reports"].queryset = free.select_related("meeting__committee", "determination__line")
        self.fields["title"].initial = "关于公布专业技术职务任职资格的通知"
        self.helper = helper(_("Prepare the document"))


class SealForm(forms.Form):
    """The bureau's own seal as a picture."""

    label = forms.CharField(
        label=_("Which seal it is"), max_length=60, help_text=_("As it is called in the register of seals.")
    )
    picture = UploadField(label=_("Picture (JPEG or PNG, at most 2 MB)"), check=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(_("Propose the seal"))


class RevocationForm(forms.ModelForm):
    """A revocation to be opened: ground, evidence and why now."""

    reason = forms.CharField(label=_("Reason for opening"), widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = Revocation
        fields = ["revoke_class", "evidence"]
        labels = {"revoke_class": _("Ground of the revocation")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(_("Open the revocation"))


class CorrectionForm(forms.Form):
    """What a certificate shall say; it begins with what it says now."""

    name = forms.CharField(label=_("Name"), max_length=50)
    employer = forms.CharField(label=_("Work unit"), max_length=200)
    specialty = forms.CharField(label=_("Specialty"), max_length=100)
    qualified_on = forms.DateField(label=_("Date obtained"), widget=forms.DateInput(attrs={"type": "date"}))
    evidence = forms.CharField(
        label=_("Why, and by which evidence"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = helper(_("Propose the correction"))

    def changes(self, printed: dict[str, str]) -> dict[str, str]:
        """Printed field → new words, where they differ."""
        said = {**self.cleaned_data, "qualified_on": self.cleaned_data["qualified_on"].isoformat()}
        return {key: said[key] for key in Correction.FIELDS if said[key] != printed[key]}
