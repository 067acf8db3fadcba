"""The applicant's own pages as served: made once, kept for a while, asked each time whether they still hold."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from applications.services import versions
from applications.views import applicant, applicant_sections, applicant_steps
from appraisal_portal.kernel import parts


class Kept:
    """In front of a view of one's own declaration; nobody else's page is ever kept under one's name."""

    def version(self, request: HttpRequest, **kwargs: Any) -> tuple[Any, ...] | None:
        """What decides the page; None leaves it to the view."""
        return versions.of_declaration(kwargs["pk"], request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The kept page, or a new one."""
        respond = super().get  # type: ignore[misc]
        asked = settings.PORTAL_READY_PAGES and not request.GET
        version = self.version(request, **kwargs) if asked else None
        if version is None:
            response: HttpResponse = respond(request, *args, **kwargs)
            return response
        return parts.ready_page(
            request, lambda: respond(request, *args, **kwargs), version, versions.reader(request.user)
        )


class MyList(Kept, applicant.MyList):
    """See :class:`applicant.MyList`."""

    def version(self, request: HttpRequest, **kwargs: Any) -> tuple[Any, ...] | None:
        """Of all one's declarations."""
        return versions.of_own(request.user)


class MyDetail(Kept, applicant.MyDetail):
    """See :class:`applicant.MyDetail`."""


class MyReceipt(Kept, applicant.MyReceipt):
    """See :class:`applicant.MyReceipt`."""


class MySection(Kept, applicant_sections.MySection):
    """See :class:`applicant_sections.MySection`."""


class MyCheck(Kept, applicant_steps.MyCheck):
    """See :class:`applicant_steps.MyCheck`."""
