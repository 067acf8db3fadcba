"""Electronic seals of units: proposed by the head, approved by whoever approves the unit, through the services."""

import functools
import io
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from appraisal_portal.accounts.models import Membership, Organisation, UnitSeal
from appraisal_portal.accounts.services import seals
from appraisal_portal.accounts.workflow import UNIT_SEAL
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.people import evidence_pdf, font
from appraisal_portal.kernel import clock

if TYPE_CHECKING:
    from appraisal_portal.home.story.year import Year

Role = Membership.Role
_RED, _SIDE, _A_LINE = "#c8102e", 480, 6


@functools.lru_cache(maxsize=32)
def sample_png(name: str) -> bytes:
    """A square that says whose it is and that it is a sample: nothing that could be taken for a seal (decision 49)."""
    picture = Image.new("RGBA", (_SIDE, _SIDE), (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((30, 30, _SIDE - 31, _SIDE - 31), outline=_RED, width=12)
    lines = [name[start : start + _A_LINE] for start in range(0, len(name), _A_LINE)]
    for place, line in enumerate([*lines, "样章"]):
        draw.text((_SIDE // 2, 100 + place * 74), line, font=font(58), anchor="mm", fill=_RED)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def propose(unit: Organisation) -> UnitSeal:
    """The head of the unit proposes its seal with the sealed authorisation."""
    head = holder(Role.UNIT_HEAD, unit)
    paper = evidence_pdf(f"电子印章登记授权书\n{unit.name}授权负责人{head.full_name}在平台上加盖本单位印章。")
    return seals.propose(
        unit,
        picture=SimpleUploadedFile("印章.png", sample_png(unit.name), "image/png"),
        authorisation=SimpleUploadedFile("电子印章登记授权书.pdf", paper, "application/pdf"),
        user=head,
    )


def approve(seal: UnitSeal) -> UnitSeal:
    """The county bureau of the unit approves, else a reviewer of the bureau."""
    through = seal.unit.forwarder
    if through is not None and through.kind == Organisation.Kind.COUNTY_BUREAU:
        decider = holder(Role.FORWARDER, through)
    else:
        decider = holder(Role.BUREAU_REVIEWER)
    UNIT_SEAL.fire(seal, "approve", actor=decider, content_hash=seal.content_hash())
    return seal


def registered(unit: Organisation) -> UnitSeal:
    """The seal the unit uses, proposed and approved now where it has none."""
    return seals.seal_of(unit.pk) or approve(propose(unit))


def waiting(unit: Organisation) -> UnitSeal:
    """The proposal that waits for its decision, made now where there is none."""
    return UnitSeal.objects.waiting().filter(unit=unit).first() or propose(unit)


def of_the_county(year: "Year") -> None:
    """Chapter of the year: a unit of a county has proposed its seal yesterday; the county bureau has not decided."""
    with clock.travel(clock.at(year.back(1), 15)):
        waiting(year.city.unit(3))
