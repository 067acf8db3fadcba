"""What the tests of the applicant's pages do again and again."""

from typing import Any

from django import forms
from django.test import Client
from django.urls import reverse

from applications.forms.standard import TableField
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


def cells_of(bound: Any) -> dict[str, str]:
    """The filled cells of a table as a browser would post them."""
    rows = enumerate(bound.value() or [])
    return {f"{bound.html_name}-{r}-{c}": cell for r, row in rows for c, cell in enumerate(row)}


def read(page: Any) -> tuple[dict[str, Any], dict[str, forms.Field]]:
    """The page as a browser would post it unchanged, and the fields that can be typed in."""
    post, fields = {"version": str(page.context["version"]), "stay": "1"}, {}
    for part in page.context["parts"]:
        formset = part.get("formset")
        if formset is not None:
            own = formset.management_form
            post |= {own.add_prefix(name): str(own[name].value()) for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
        for form in formset.forms if formset is not None else [part["form"]]:
            for bound in form:
                value = bound.value()
                if isinstance(bound.field, forms.FileField):
                    continue
                if isinstance(bound.field, TableField):
                    post |= cells_of(bound)
                elif isinstance(value, list):
                    post[bound.html_name] = value
                elif value not in (None, False, ""):
                    post[bound.html_name] = str("on" if value is True else value)
                if not bound.is_hidden:
                    fields[bound.html_name] = bound.field
    return post, fields
