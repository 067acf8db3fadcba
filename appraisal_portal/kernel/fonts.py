"""The one face every machine prints with (Noto Sans CJK, simplified Chinese) and the characters it can draw."""

import functools
import importlib.util
import io
import unicodedata
from pathlib import Path

from fontTools.ttLib import TTFont

_PACKAGE, _FILE = "noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc"
# The collection holds JP, KR, SC, TC, HK, then the same monospaced; ideographs look different in each.
_SIMPLIFIED_CHINESE = 2


@functools.cache
def font_path() -> Path:
    """Where the wheel `noto-cjk-sans-otc` put its collection. Raises RuntimeError when it is not installed."""
    spec = importlib.util.find_spec(_PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / _FILE
        if path.is_file():
            return path
    raise RuntimeError(f"the font package {_PACKAGE} ({_FILE}) is not installed")


def simplified_chinese_face() -> bytes:
    """The SC face as an OpenType file of its own (16 MB, 0.2 s): given the collection, the layout engine may pick
    the Japanese face."""
    with TTFont(font_path(), fontNumber=_SIMPLIFIED_CHINESE, lazy=True) as font:
        out = io.BytesIO()
        font.save(out, reorderTables=None)
        return out.getvalue()


@functools.cache
def drawable() -> frozenset[int]:
    """Code points the face has a glyph for (44,810)."""
    with TTFont(font_path(), fontNumber=_SIMPLIFIED_CHINESE, lazy=True) as font:
        return frozenset(font.getBestCmap())


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
