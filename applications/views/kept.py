"""Pages of applicant and unit as served: made once, kept for a while, asked each time whether they still hold."""

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from applications.services import versions
from applications.views import applicant, applicant_sections, applicant_steps, unit, unit_publicity
from appraisal_portal.accounts.access import is_unit
from appraisal_portal.kernel import parts


class Kept:
    """In front of a view of one's own; nobody else's page is ever kept under one's name."""

    def version(self, request: HttpRequest, **kwargs: Any) -> tuple[Any, ...] | None:
        """What decides the page; None leaves it to the view. Who is not the owner has none."""
        return versions.of_declaration(kwargs["pk"], request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The kept page, or a new one after the view's own questions."""
        respond = partial(super().dispatch, request, *args, **kwargs)  # type: ignore[misc]
        asked = settings.PORTAL_READY_PAGES and request.method == "GET" and not request.GET
        version = self.version(request, **kwargs) if asked and request.user.is_authenticated else None
        if version is None:
            response: HttpResponseBase = respond()
            return response
        return parts.ready_page(request, respond, version, versions.reader(request.user))


class OfUnit(Kept):
    """In front of a list of the acting unit; without such a role the view refuses by itself."""

    def version(self, request: HttpRequest, **kwargs: Any) -> tuple[Any, ...] | None:
        """Of everything handed in through the unit."""
        return versions.of_unit(request.user.acting_organisation_id) if is_unit(request.user) else None  # type: ignore[union-attr]


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


class UnitDashboard(OfUnit, unit.UnitDashboard):
    """See :class:`unit.UnitDashboard`."""

    def version(self, request: HttpRequest, **kwargs: Any) -> tuple[Any, ...] | None:
        """Also of what later stages leave to the unit."""
        known = super().version(request, **kwargs)
        return None if known is None else (*known, unit.waits_of(request.user))


class UnitList(OfUnit, unit.UnitList):
    """See :class:`unit.UnitList`."""


class UnitPublicityList(OfUnit, unit_publicity.UnitPublicityList):
    """See :class:`unit_publicity.UnitPublicityList`."""


class UnitDeclaration(Kept, unit.UnitDeclaration):
    """See :class:`unit.UnitDeclaration`."""

    def version(self, request: HttpRequest, **kwargs: Any) -> tuple[Any, ...] | None:
        """Of the one declaration, where the acting unit sees it."""
        return versions.of_case(kwargs["pk"], request.user.acting_organisation_id) if is_unit(request.user) else None  # type: ignore[union-attr]
