"""In the world of the matrix: a batch that is not released yet, a seal that waits, and the pages around both."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from appraisal_portal.home.story.actors import holder
from certificates.models import IssueBatch
from certificates.services import seals

TABLES = {"certificates.Seal": "seal"}
"""Label of each table → name of its row."""
LISTS = {"certificates:seal-list": "bureau_reviewer"}
COPIES = {"certificates.Seal": lambda row, place: {"status": "dropped"}}
_UNRELEASED, _CORRECTION, _SEAL = "certificates:batch-preview", "certificates:correction-", "certificates:seal-"


def add(world: Any) -> None:
    """A batch nobody has proposed, which may be looked at; a seal, of which a red square stands in."""
    document = world.rows["document"]
    world.rows["batch_unreleased"] = IssueBatch.objects.create(
        issue_document=document, expected=0, prepared_by=document.prepared_by
    )
    square = io.BytesIO()
    Image.new("RGB", (300, 300), (200, 30, 30)).save(square, "PNG")
    picture = SimpleUploadedFile("seal.png", square.getvalue())
    world.rows["seal"] = seals.propose(label="职称证书专用章", picture=picture, user=holder("bureau_reviewer"))


def pages(plain: Any, at: Any, do: Any) -> dict[str, Any]:
    """Its URLs."""
    return {
        _UNRELEASED: at("batch_unreleased"),
        f"{_UNRELEASED}-sheet": at("batch_unreleased", item=999_999_999),
        f"{_UNRELEASED}-photo": at("batch_unreleased", item=999_999_999),
        f"{_CORRECTION}detail": at("correction"),
        f"{_CORRECTION}do": do("correction", "approve"),
        f"{_CORRECTION}new": at("certificate"),
        f"{_SEAL}list": plain,
        f"{_SEAL}new": plain,
        f"{_SEAL}detail": at("seal"),
        f"{_SEAL}picture": at("seal"),
        f"{_SEAL}do": do("seal", "approve"),
        "certificates:certificate-seal": at("certificate"),
        "certificates:result-proof": at("document"),
    }
