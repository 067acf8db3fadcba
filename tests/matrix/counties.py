"""What the matrix needs of county bureaus: their pages and the list of deployments."""

from typing import Any

LISTS = {"plans:deployment-list": "bureau_reviewer"}


def pages(page: Any, plain: Any, at: Any, do: Any) -> dict[str, Any]:
    """Their URLs."""
    return {
        "home:county": plain,
        "home:county-figures": page(more={"picture": "units"}),
        "plans:deployment-detail": at("deployment"),
        "plans:deployment-do": do("deployment", "publish"),
        "plans:deployment-edit": at("deployment"),
        "plans:deployment-list": plain,
        "plans:deployment-new": plain,
        "plans:deployment-public": at("deployment_public"),
    }
