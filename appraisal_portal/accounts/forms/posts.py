"""The form of a post structure."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.forms.fields import day_field
from appraisal_portal.accounts.models import PostStructure


class PostStructureForm(forms.Form):
    """What the document says about one level of posts."""

    level = forms.ChoiceField(label=_("Level of the posts"), choices=PostStructure.Level.choices)
    approved = forms.IntegerField(label=_("Approved posts"), min_value=0, max_value=9999)
    used = forms.IntegerField(label=_("Of these taken"), min_value=0, max_value=9999)
    document = forms.CharField(label=_("Number of the approval"), max_length=60)
    decided_on = day_field(_("Approved on"))
    valid_from = day_field(_("Valid from"))

    def content(self) -> dict[str, Any]:
        """The cleaned values by the names :func:`accounts.services.posts.enter` takes."""
        return {name: self.cleaned_data[name] for name in self.fields}


class PostInformationForm(forms.Form):
    """What the unit published among its staff."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    posts = forms.CharField(
        label=_("What was published"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Which posts of which level are to be filled, and on what conditions; one per line."),
    )
    place = forms.CharField(
        label=_("Where it is posted"), max_length=200, help_text=_("The notice board, or the page of the intranet.")
    )
    posted_on = day_field(_("Published on"))
