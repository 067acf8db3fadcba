"""The printable sheet of a unit's post information (岗位信息公布)."""

from typing import Any

from appraisal_portal.accounts import access
from appraisal_portal.accounts.models import PostInformation
from appraisal_portal.kernel import documents
from appraisal_portal.kernel.rendering.pdf import chinese_date

POST_INFORMATION = "post-information"


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
