"""The photo clinic (证件照): what stops a photograph, what should be looked at, and the crop the certificate prints.

Pure functions over bytes and Pillow pictures. Faults are all told at once and nothing is kept; warnings let the person
go on. None of the thresholds is a published rule: each stands here with its reason and is never quoted as one.
"""

import dataclasses
import io
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageFilter, ImageOps, ImageStat

from appraisal_portal.kernel import inspection
from appraisal_portal.kernel.inspection import UploadRefused

MIN_PHOTO = (200, 240)
"""Pixels the certificate needs: 35 × 43 mm at about 145 dots an inch, below which a face shows its squares."""
JPEG_QUALITY = 90
KEPT_SIDE = 1400
"""Longest side of the original we keep: three times what is printed, half as much again as the closest crop needs. More
only costs: the time of a photograph goes into decoding and shrinking it."""

ONE_COLOUR = 6
"""Spread (0-127) of the widest channel below which a picture shows nothing: scanner noise reaches 3, the palest
portrait 20."""
LIGHT_GROUND = 165
"""Brightness (0-255) a background should have: a white wall in shade reaches 170, light blue 200, a brick wall 110."""
EVEN_GROUND = 16
"""Spread of brightness within and between the strips: paper and light from the front stay below 10."""
DARK_FACE, BRIGHT_FACE = 65, 235
"""Mean brightness of the middle, where the face is: outside this the features are lost in print."""
SHARP = 5
"""Spread of the second derivative at printing size: a portrait in focus has 8 and more, one out of focus 1 to 3."""

BACKGROUND_DARK, BACKGROUND_UNEVEN = "background_dark", "background_uneven"
TOO_DARK, TOO_BRIGHT, BLURRED, SIDEWAYS = "too_dark", "too_bright", "blurred", "sideways"

FINDINGS: dict[str, tuple[str | Promise, str | Promise]] = {
    BACKGROUND_DARK: (
        gettext_lazy("The background is not light."),
        gettext_lazy("Stand before a plain white or light wall and take the photo again."),
    ),
    BACKGROUND_UNEVEN: (
        gettext_lazy("The background is not even."),
        gettext_lazy("Stand a step away from a plain wall, so that no shadow or pattern shows."),
    ),
    TOO_DARK: (
        gettext_lazy("The face is too dark."),
        gettext_lazy("Turn towards a window and take the photo again."),
    ),
    TOO_BRIGHT: (
        gettext_lazy("The face is too bright."),
        gettext_lazy("Switch off the flash and take the photo again."),
    ),
    BLURRED: (
        gettext_lazy("The photo is blurred."),
        gettext_lazy("Hold the camera still, or upload the file the studio gave you."),
    ),
    SIDEWAYS: (
        gettext_lazy("The picture lay on its side and was turned."),
        gettext_lazy("If the head is not up now, turn it below."),
    ),
}
"""What is worth another look → in words, and what the person can do better."""

TURN, CLOSE, MOVE = 90, 10, 20
"""One press: a quarter turn, a tenth of the frame, a fifth of the spare room."""
CLOSEST = 50


@dataclasses.dataclass(frozen=True, slots=True)
class Crop:
    """Where the certificate's frame lies on the original.

    ``turn``: degrees clockwise; ``width``: percent of the widest frame that fits; ``across``, ``down``: percent of the
    spare room left of and above the frame. A head stands above the middle, hence 40.
    """

    turn: int = 0
    width: int = 100
    across: int = 50
    down: int = 40

    @classmethod
    def read(cls, given: Mapping[str, Any], base: "Crop") -> "Crop":
        """From a request; what is no number stays as in ``base``, what is too large or small becomes the limit."""
        found = {}
        for field in dataclasses.fields(cls):
            said = str(given.get(field.name, ""))
            found[field.name] = int(said) if said.isdecimal() and len(said) < 5 else getattr(base, field.name)
        return cls(**found).limited()

    def limited(self) -> "Crop":
        """Within what is possible."""
        inside = {name: min(max(getattr(self, name), 0), 100) for name in ("across", "down")}
        return Crop(turn=self.turn // TURN * TURN % 360, width=min(max(self.width, CLOSEST), 100), **inside)

    def box(self, size: tuple[int, int], frame: tuple[int, int]) -> tuple[int, int, int, int]:
        """Left, top, right, bottom on the turned picture of ``size``; ``frame``: width and height of the print."""
        width, height = size
        full = min(width, height * frame[0] / frame[1])
        wide = max(full * self.width / 100, min(full, MIN_PHOTO[0]))
        high = wide * frame[1] / frame[0]
        left, top = (width - wide) * self.across / 100, (height - high) * self.down / 100
        return round(left), round(top), round(left + wide), round(top + high)

    def moves(self, size: tuple[int, int], frame: tuple[int, int]) -> dict[str, "Crop"]:
        """What one press leads to, by name; only presses that change what is seen. ``size``: of the turned picture."""
        here = self.box(size, frame)
        changes = {
            "up": {"down": self.down - MOVE},
            "down": {"down": self.down + MOVE},
            "left": {"across": self.across - MOVE},
            "right": {"across": self.across + MOVE},
            "closer": {"width": self.width - CLOSE},
            "wider": {"width": self.width + CLOSE},
        }
        found = {name: dataclasses.replace(self, **change).limited() for name, change in changes.items()}
        found = {name: crop for name, crop in found.items() if crop.box(size, frame) != here}
        return found | {"turn": dataclasses.replace(self, turn=self.turn + TURN).limited()}


@dataclasses.dataclass(frozen=True, slots=True)
class Portrait:
    """A photograph that was taken: upright, clean and not larger than needed; ``crop``: where we would cut it."""

    picture: Image.Image
    crop: Crop


def take(data: bytes, name: str, *, most_bytes: int, ratio: tuple[float, float]) -> Portrait:
    """Read an uploaded photograph. Raises UploadRefused with every reason, found without decoding where possible.

    ``data`` may end after ``most_bytes`` + 1: the head of a file is enough to tell its size in pixels.
    """
    problems: list[str] = []
    if len(data) > most_bytes:
        problems.append(
            _("%(name)s is larger than %(limit)d MB. Save the photo with fewer pixels or stronger compression.")
            % {"name": name, "limit": most_bytes // 1024 // 1024}
        )
    kind = inspection.picture_kind(data)
    if kind is None:
        raise UploadRefused(
            *problems, _("%(name)s is not a JPG or PNG picture. Save it as one of these.") % {"name": name}
        )
    problems += inspection.name_problems(kind, name)
    sideways = False
    try:
        head = inspection.head_of(data, name)
        sideways = _on_its_side(head, ratio)
        problems += _size_problems(head.size[::-1] if sideways else head.size, ratio, name)
        if head.moves:
            problems.append(_("%(name)s is an animation. Upload a photo that stands still.") % {"name": name})
        if len(data) > most_bytes or head.pixels > inspection.MAX_PIXELS:
            raise UploadRefused(*problems)
        picture = inspection.decoded(data, name, least_side=KEPT_SIDE)
    except inspection.DamagedPicture as damaged:
        raise UploadRefused(*problems, *damaged.problems) from damaged
    if _is_one_colour(picture):
        problems.append(
            _("The picture is almost one single colour: nobody is to be seen on it. Upload a photo of you.")
        )
    if problems:
        raise UploadRefused(*problems)
    picture.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.HAMMING, reducing_gap=2)  # a third of Lanczos' time
    return Portrait(picture, Crop(turn=TURN if sideways else 0))


def _on_its_side(head: inspection.Head, ratio: tuple[float, float]) -> bool:
    """A portrait format lying down, from a device that did not write which way is up."""
    width, height = head.size
    return head.orientation is None and width > height and ratio[0] <= width / height <= ratio[1]


def _size_problems(size: tuple[int, int], ratio: tuple[float, float], name: str) -> list[str]:
    width, height = size
    problems = []
    if width * height > inspection.MAX_PIXELS:
        problems.append(inspection.too_many_pixels(name))
    if width < MIN_PHOTO[0] or height < MIN_PHOTO[1]:
        words = _(
            "The photo has %(width)d × %(height)d pixels; "
            "it needs at least %(least_width)d × %(least_height)d to be printed."
        )
        problems.append(
            words % {"width": width, "height": height, "least_width": MIN_PHOTO[0], "least_height": MIN_PHOTO[1]}
        )
    if not ratio[0] <= height / width <= ratio[1]:
        words = _(
            "The photo must be an upright portrait: height %(low).2f to %(high).2f times the width. "
            "This one is %(width)d × %(height)d pixels."
        )
        problems.append(words % {"low": ratio[0], "high": ratio[1], "width": width, "height": height})
    return problems


def _is_one_colour(picture: Image.Image) -> bool:
    small = picture.resize((32, 40), Image.Resampling.BOX, reducing_gap=2)
    return max(ImageStat.Stat(small).stddev) < ONE_COLOUR


def turned(picture: Image.Image, crop: Crop) -> Image.Image:
    """The original as the crop turns it."""
    return picture.rotate(-crop.turn, expand=True) if crop.turn else picture


def cut(picture: Image.Image, crop: Crop) -> Image.Image:
    """What the certificate prints of the original, in the size of the print (``PORTAL_PHOTO_SIZE``)."""
    whole = turned(picture, crop)
    box = crop.box(whole.size, settings.PORTAL_PHOTO_SIZE)
    return whole.resize(settings.PORTAL_PHOTO_SIZE, Image.Resampling.LANCZOS, box=box, reducing_gap=2)


def encoded(picture: Image.Image) -> bytes:
    """JPEG without any metadata but the resolution of the print."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=JPEG_QUALITY, dpi=(350, 350))
    return out.getvalue()


def examine(printed: Image.Image) -> list[str]:
    """What is worth another look on a photograph as it will be printed: keys of :data:`FINDINGS`."""
    grey = printed.convert("L")
    small = grey.resize((90, 110), Image.Resampling.BOX, reducing_gap=2)
    strips = [ImageStat.Stat(small.crop(box)) for box in ((0, 0, 90, 5), (0, 0, 8, 50), (82, 0, 90, 50))]
    means = [strip.mean[0] for strip in strips]
    found = []
    if min(means) < LIGHT_GROUND:
        found.append(BACKGROUND_DARK)
    if max(strip.stddev[0] for strip in strips) > EVEN_GROUND or max(means) - min(means) > EVEN_GROUND:
        found.append(BACKGROUND_UNEVEN)
    face = ImageStat.Stat(small.crop((28, 30, 62, 68))).mean[0]
    if face < DARK_FACE:
        found.append(TOO_DARK)
    if face > BRIGHT_FACE:
        found.append(TOO_BRIGHT)
    if sharpness(grey) < SHARP:
        found.append(BLURRED)
    return found


def sharpness(grey: Image.Image) -> float:
    """Spread of the second derivative (Laplace) without the outermost pixels, which the filter leaves as they are."""
    edges = grey.filter(ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128))
    return float(ImageStat.Stat(ImageOps.crop(edges, 2)).stddev[0])
