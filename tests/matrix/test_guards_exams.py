"""Guards of examination certificates and appointments, each with both answers on a row of the world."""

import pytest

from applications.models import Sanction
from appraisal_portal.kernel.models import Upload
from committees.plans.models import Title
from tests.matrix.test_guards import DAY, Example, does, put, speaks
from tests.matrix.world import TODAY, World

SUBMIT = "certificates.Claim.submit"
EXAMPLES = (
    Example("by_examination", SUBMIT, "claim", put(title=lambda r, w: Title.objects.get(name="高级会计师"))),
    Example("from_before_e_certificates", SUBMIT, "claim", put(kind="archive")),
    Example(
        "title_of_the_day", SUBMIT, "claim",
        does(lambda r, w: setattr(r.title, "valid_from", r.obtained_on + DAY)),
        does(lambda r, w: setattr(r.title, "valid_from", r.obtained_on)),
    ),
    Example("dated_in_the_past", SUBMIT, "claim", put(obtained_on=TODAY + DAY)),
    Example("not_registered_yet", SUBMIT, "claim", put(pk=0)),
    Example(
        "no_ban_stands", SUBMIT, "claim",
        does(
            lambda r, w: Sanction.objects.create(
                person=r.person, review_year=TODAY.year - 1, from_year=TODAY.year, to_year=TODAY.year + 2,
                status="in_force",
            )
        ),
    ),
    Example("files_harmless", SUBMIT, "claim", does(lambda r, w: setattr(r.file, "scan", Upload.Scan.INFECTED))),
    Example(
        "files_scanned", "certificates.Claim.propose", "claim",
        does(lambda r, w: setattr(r.photo, "scan", Upload.Scan.UNSCANNED)),
    ),
    Example(
        "post_free", "certificates.Appointment.confirm", "appointment",
        does(lambda r, w: r.unit.post_structures.update(approved=0, used=0)),
    ),
)  # fmt: skip


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.guard)
def test_guard(world: World, example: Example) -> None:
    speaks(world, example)
