"""What the form pages of this app share: words around one form."""

from typing import Any

from django.utils.functional import Promise

from appraisal_portal.kernel.views import FormPage

Text = str | Promise


class WordedForm(FormPage):
    """A page of one form; ``heading``, ``intro``, ``submit`` and ``back_url`` are words and a place around it."""

    template_name = "accounts/form.html"
    heading: Text = ""
    intro: Text = ""
    submit: Text = ""
    danger = False

    def get_back_url(self) -> str:
        """Where "Back" leads; empty for no link."""
        return ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the words."""
        return super().get_context_data(
            **{
                "heading": self.heading,
                "intro": self.intro,
                "submit": self.submit,
                "danger": self.danger,
                "back_url": self.get_back_url(),
                **kwargs,
            }
        )
