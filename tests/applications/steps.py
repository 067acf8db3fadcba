"""What the tests of the applicant's pages do again and again."""

from typing import Any

from django.test import Client
from django.urls import reverse

from applications.models import Declaration
from appraisal_portal.home.story.city import PASSWORD


def url(name: str, *args: Any) -> str:
    return reverse(f"applications:{name}", args=args)


def section(declaration: Declaration, name: str) -> str:
    return url("my-section", declaration.pk, name)


def rows(declaration: Declaration, related: str, **changes: Any) -> dict[str, Any]:
    """The post of a page of rows as the browser would send it unchanged, then ``changes``."""
    manager = getattr(declaration, related)
    data = {f"{related}-TOTAL_FORMS": manager.count() + 1, f"{related}-INITIAL_FORMS": manager.count()}
    for number, row in enumerate(manager.all()):
        for field in row._meta.concrete_fields:
            value = getattr(row, field.attname)
            if field.name != "declaration" and value not in (None, False):
                data[f"{related}-{number}-{field.name}"] = value
    for field in manager.model._meta.concrete_fields:  # the empty row at the end, with what the selects stand on
        if isinstance(field.default, str):
            data[f"{related}-{manager.count()}-{field.name}"] = field.default
    return {"version": declaration.form_version, **data, **changes}


def sign(client: Client, declaration: Declaration, password: str = PASSWORD) -> Any:
    page = client.get(url("my-undertaking", declaration.pk))
    return client.post(
        url("my-undertaking", declaration.pk), {"password": password, "text_sha256": page.context["text_sha256"]}
    )
