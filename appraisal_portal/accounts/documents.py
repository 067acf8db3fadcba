"""Printable papers of a unit: its post information (岗位信息公布), the authorisation of its electronic seal."""

from typing import Any

from appraisal_portal.accounts import access
from appraisal_portal.accounts.models import Membership, Organisation, PostInformation
from appraisal_portal.kernel import documents
from appraisal_portal.kernel.rendering.pdf import chinese_date

POST_INFORMATION, SEAL_AUTHORISATION = "post-information", "unit-seal-authorisation"


def _content(information: PostInformation) -> dict[str, Any]:
    """What hangs on the wall before anybody declares: which posts, in which year, since when."""
    return {
        "title": f"{information.year}年度岗位信息公布",
        "unit": information.unit.name,
        "year": information.year,
        "posts": information.posts.splitlines(),
        "place": information.place,
        "since": chinese_date(information.posted_on),
    }


def _authorisation_content(head: Membership) -> dict[str, Any]:
    """What the unit seals once, on paper: which body, which unit, who heads it here."""
    unit: Any = head.organisation
    through = unit.forwarder
    decider = through if through is not None and through.kind == Organisation.Kind.COUNTY_BUREAU else None
    decider = decider or Organisation.objects.active().filter(kind=Organisation.Kind.CITY_BUREAU).first()
    return {
        "title": "电子印章登记授权书",
        "addressee": decider.name if decider else "",
        "unit": unit.name,
        "credit_code": unit.credit_code,
        "head": head.user.full_name,
        "agency": unit.kind == Organisation.Kind.AGENCY,
    }


post_information = documents.register(
    documents.DocumentType(
        code=POST_INFORMATION,
        title="岗位信息公布",
        paper="A4 portrait",
        kind="pdf",
        content=_content,
        template="documents/post-information.html",
        readers=access.is_unit | access.is_forwarder | access.is_bureau | access.is_supervisor,
    )
)
seal_authorisation = documents.register(
    documents.DocumentType(
        code=SEAL_AUTHORISATION,
        title="电子印章登记授权书",
        paper="A4 portrait",
        kind="pdf",
        content=_authorisation_content,
        template="documents/unit-seal-authorisation.html",
        stylesheets=("documents/declaration.css",),
        readers=access.is_unit_head,
    )
)
