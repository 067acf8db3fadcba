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
