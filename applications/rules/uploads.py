"""Guards about files (附件): what the virus scanner found after the file was taken stops the hand-in."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from applications.models.content import current_files
from appraisal_portal.kernel.models import Upload
from appraisal_portal.kernel.workflow import Act, Problem

_SECTION = {
    "education": "education",
    "title": "title",
    "achievement": "achievements",
    "representative": "representative",
    "answer": "questions",
    "score": "self_scoring",
}
# how the page of the standard's own parts calls the control of the file
_CONTROL = {"answer": "file_", "score": "proof_"}


def no_infected_file(declaration: Any, act: Act) -> Iterator[Problem]:
    """Every file that counts is free of what the scanner knows; one not scanned yet does not stop anybody."""
    for material in current_files(declaration):
        if material.upload.scan != Upload.Scan.INFECTED:
            continue
        kind, _dash, row = material.code.partition(".")[0].partition("-")
        section = _SECTION.get(kind, "attachments")
        yield Problem(
            _("The virus scanner found something in {name}. Remove the file and upload it anew.").format(
                name=material.upload.original_name
            ),
            f"{section}.{_CONTROL.get(kind, '')}{row}" if row else section,
        )
