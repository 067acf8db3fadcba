"""The picture of a seal (印章图样): what is wrong with it before it is printed anywhere. Pixels in, words out; whether
it is the seal it says to be, two people judge."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from PIL import Image

Faults = Callable[[Image.Image], list[str]]
_WHITE = 200  # a ground is white where no channel is darker: paper under a lamp is not 255
_CORNER = 0.04  # of each side: round or square, the corners of a seal cut with a margin are bare
_INKED = (0.02, 0.70)  # share of the picture that may be ink


def no_faults(_picture: Image.Image) -> list[str]:
    """Any picture will do."""
    return []


def too_small(picture: Image.Image, least: int) -> list[str]:
    """Each side has that many pixels at least."""
    if min(picture.size) >= least:
        return []
    words = _("The picture has %(width)d × %(height)d pixels; to be printed clearly each side needs %(least)d or more.")
    return [words % {"width": picture.width, "height": picture.height, "least": least}]


def faults(picture: Image.Image, ratio: float) -> list[str]:
    """Not cut to the seal (one side more than ``ratio`` times the other), no white ground, or no seal on it."""
    found = []
    width, height = picture.size
    if max(width, height) > ratio * min(width, height):
        words = _("The picture has %(width)d × %(height)d pixels, which is no shape of a seal. Cut it to the seal.")
        found.append(words % {"width": width, "height": height})
    bare = _bare(picture)
    margin_x, margin_y = max(1, int(width * _CORNER)), max(1, int(height * _CORNER))
    left, top, right, bottom = 0, 0, width - margin_x, height - margin_y
    corners = ((left, top), (right, top), (left, bottom), (right, bottom))
    if any(_share(bare.crop((x, y, x + margin_x, y + margin_y))) < 0.95 for x, y in corners):
        found.append(
            _(
                "The ground is not white or transparent. Scan the seal on white paper, not a photograph of it, and "
                "leave a narrow white margin."
            )
        )
    least, most = _INKED
    if not least <= 1 - _share(bare) <= most:
        found.append(_("No seal can be made out: the picture is nearly empty or nearly full of colour."))
    return found


def _bare(picture: Image.Image) -> Image.Image:
    """White where the ground is white, black where something is printed."""
    darkest = picture.convert("RGB").split()
    bare = darkest[0].point(lambda value: 255 * (value >= _WHITE))
    for channel in darkest[1:]:
        bare = Image.composite(bare, Image.new("L", picture.size), channel.point(lambda v: 255 * (v >= _WHITE)))
    return bare


def _share(bare: Image.Image) -> float:
    """How much of it is bare ground."""
    counts = bare.histogram()
    return counts[255] / sum(counts)
