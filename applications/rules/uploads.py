"""Guards about files (附件): what the virus scanner found after the file was taken stops the hand-in."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from appraisal_portal.kernel.models import Upload
from appraisal_portal.kernel.workflow import Act, Problem

_SECTION = {
    "education": "education",
    "title": "title",
    "achievement": "achievements",
    "representative": "representative",
}


def no_infected_file(declaration: Any, act: Act) -> Iterator[Problem]:
    """Every file that counts is free of what the scanner knows; one not scanned yet does not stop anybody."""
    found = declaration.materials.filter(superseded_by=None, removed=False, upload__scan=Upload.Scan.INFECTED)
    for code, name in found.values_list("code", "upload__original_name"):
        kind, _dash, row = code.partition(".")[0].partition("-")
        section = _SECTION.get(kind, "attachments")
        yield Problem(
            _("The virus scanner found something in {name}. Remove the file and upload it anew.").format(name=name),
            f"{section}.{row}" if row else section,
        )
