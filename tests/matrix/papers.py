"""Papers in the world of the matrix: originals, an archive book, the file of a decided case, and what is being made."""

from typing import Any

from appraisal_portal.home.story import archive, originals
from appraisal_portal.kernel import blanks, documents
from committees.reviews import exports
from committees.reviews.models import PersonalFile
from tests.matrix import autonomy, certification, entrusted, inside, spot

TABLES = {
    "applications.Originals": "originals",
    "reviews.PersonalFile": "file",
    "reviews.ArchiveBook": "archive_book",
    **spot.TABLES,
    **entrusted.TABLES,
    **autonomy.TABLES,
    **certification.TABLES,
    **inside.TABLES,
}
"""Label of each table → name of its row."""


def add(world: Any) -> None:
    """Originals the unit has taken in for the case under examination; the file and the book of the certified one."""
    world.rows["originals"] = originals.taken_in(world.rows["exam"])
    world.rows["archive_book"] = archive.made(world.rows["meeting"], world.people["office_clerk"])
    world.rows["file"] = PersonalFile.objects.create(declaration=world.rows["certified"])
    documents.issue("certificate-data", world.rows["document"], actor=world.people["bureau_reviewer"])
    blanks.draw(documents.registry["3-5"])
    spot.add(world)
    entrusted.add(world)
    autonomy.add(world)
    certification.add(world)
    inside.add(world)


def being_made(world: Any) -> int:
    """The papers of the meeting that is being prepared, asked for by its clerk."""
    return exports.ask(exports.OF_MEETING, world.rows["meeting_draft"], world.people["office_clerk"]).pk
