"""The faces every machine prints with, from wheels by file, and the characters they can draw.

Noto Sans CJK (simplified Chinese) prints everything and decides what can be printed at all. What a certificate says
stands in Noto Serif SC, which lacks some two thousand rare characters of the other.
"""

import functools
import importlib.util
import io
import unicodedata
from pathlib import Path

from fontTools.ttLib import TTFont

_SANS = ("noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc")
_SERIF = ("pylopdf_fonts_zh_cn", "NotoSerifSC-Regular.otf")
# The collection holds JP, KR, SC, TC, HK, then the same monospaced; ideographs look different in each.
_SIMPLIFIED_CHINESE = 2


@functools.cache
def font_path() -> Path:
    """Where the wheel `noto-cjk-sans-otc` put its collection. Raises RuntimeError when it is not installed."""
    return _installed(*_SANS)


def _installed(package: str, file: str) -> Path:
    spec = importlib.util.find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / file
        if path.is_file():
            return path
    raise RuntimeError(f"the font package {package} ({file}) is not installed")


def simplified_chinese_face() -> bytes:
    """The SC face as an OpenType file of its own (16 MB, 0.2 s): given the collection, the layout engine may pick
    the Japanese face."""
    with TTFont(font_path(), fontNumber=_SIMPLIFIED_CHINESE, lazy=True) as font:
        out = io.BytesIO()
        font.save(out, reorderTables=None)
        return out.getvalue()


def serif_face() -> bytes:
    """The serif face, a file of its own (12 MB). Raises RuntimeError when its wheel is not installed."""
    return _installed(*_SERIF).read_bytes()


@functools.cache
def drawable() -> frozenset[int]:
    """Code points the sans face has a glyph for (44,810)."""
    with TTFont(font_path(), fontNumber=_SIMPLIFIED_CHINESE, lazy=True) as font:
        return frozenset(font.getBestCmap())


@functools.cache
def _drawable_in_serif() -> frozenset[int]:
    with TTFont(_installed(*_SERIF), lazy=True) as font:
        return frozenset(font.getBestCmap())


def serif_draws(text: str) -> bool:
    """Whether the serif face has every character of a text: two faces in one name would look like a forgery."""
    known = _drawable_in_serif()
    return all(ord(c) in known or _draws_nothing(c) for c in text)


def missing_glyphs(text: str) -> list[str]:
    """The characters (生僻字) of a text that would print as an empty box, each once, in the order they occur."""
    known = drawable()
    return [c for c in dict.fromkeys(text) if ord(c) not in known and not _draws_nothing(c)]


def _draws_nothing(character: str) -> bool:
    """Line ends and tabs, invisible format characters, variation selectors: no glyph by design."""
    return (
        character in "\n\r\t\f"
        or unicodedata.category(character) in ("Cf", "Zl", "Zp")
        or 0xFE00 <= ord(character) <= 0xFE0F
        or 0xE0100 <= ord(character) <= 0xE01EF
    )
