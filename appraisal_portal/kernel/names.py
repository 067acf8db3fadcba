"""Names of persons (姓名): one spelling of the separator, nothing cut, nothing guessed (民委发〔2016〕33号;
domain.md R-31)."""

import re
import unicodedata

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MAX_LENGTH = 50  # code points; 25 Hanzi would fill half
MIDDLE_DOT = "\u00b7"

# What keyboards and copied documents put in place of the middle dot (间隔号).
_DOTS = "\u00b7\u2022\u30fb\uff65\uff0e\u2027\u2219\u22c5\u2024\u25cf\u16eb\u0387.\u3002\uff61"
_DOT_WITH_SPACES = re.compile(rf"\s*[{re.escape(_DOTS)}]+\s*")
_LATIN = re.compile(r"[^\W\d_]+(?:[ .'\u2019-]+[^\W\d_]+)*\.?")


def _is_hanzi(character: str) -> bool:
    return unicodedata.name(character, "").startswith("CJK ") or character in "\u3007\u3005"


def _has_hanzi(text: str) -> bool:
    return any(_is_hanzi(character) for character in text)


def normalise_name(text: str) -> str:
    """NFC, outer spaces off; in a name with Hanzi every kind of dot becomes U+00B7.

    A space between two groups of Hanzi is read as the separator only in a name of five or more (`买买提 阿不都拉`):
    `张 三` and `欧阳 娜娜` keep it, so that `name_problems` asks instead of guessing.
    """
    # NFC maps compatibility ideographs (U+F900…) to their unified twin: the same character for search and certificate.
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not _has_hanzi(name):
        return name
    name = _DOT_WITH_SPACES.sub(MIDDLE_DOT, name)
    groups = name.split(" ")
    if len(groups) > 1 and all(len(group) >= 2 for group in groups) and sum(map(len, groups)) >= 5:
        name = MIDDLE_DOT.join(groups)
    return name


def name_problems(text: str) -> list[str | Promise]:
    """Everything wrong with a name after normalising, in words; empty when it can be printed on a certificate as it
    stands."""
    name = normalise_name(text)
    if not name:
        return [_("Enter the name as it stands on the identity document.")]
    problems: list[str | Promise] = []
    if len(name) > MAX_LENGTH:
        problems.append(
            _("A name has at most %(limit)d characters; this one has %(length)d.")
            % {"limit": MAX_LENGTH, "length": len(name)}
        )
    if not _has_hanzi(name):
        if not _LATIN.fullmatch(name):
            problems.append(
                _("A name consists of letters; between them only a space, hyphen, apostrophe or full stop.")
            )
        return problems
    if " " in name:
        problems.append(_("Take the space out of the name, or write the separator \u00b7 in its place."))
    if name.startswith(MIDDLE_DOT) or name.endswith(MIDDLE_DOT) or MIDDLE_DOT * 2 in name:
        problems.append(_("The separator \u00b7 stands between two parts of a name, once."))
    wrong = sorted({c for c in name if c not in (MIDDLE_DOT, " ") and not _is_hanzi(c) and not c.isalpha()})
    if wrong:
        shown = " ".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in wrong)
        problems.append(_("These characters do not belong into a name: %(characters)s") % {"characters": shown})
    return problems
