"""The form of a county bureau's deployment of the plan."""

from typing import Any

from django import forms

from committees.plans.models import Deployment


class DeploymentForm(forms.ModelForm):
    """What the county writes; the days follow from the plan."""

    class Meta:
        model = Deployment
        fields = ("title", "body", "contact", "lead_days")
        widgets = {"body": forms.Textarea(attrs={"rows": 12})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead_days"].widget.attrs["class"] = "w5"
