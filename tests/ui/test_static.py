"""What can be seen in the files themselves: contrast of the tokens, weights, no inline style or script,
nothing from elsewhere."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CSS = (ROOT / "static/portal.css").read_text()
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Papers are printed by WeasyPrint, never sent to a browser: their styles stand in them.
PAGES = [path for path in TEMPLATES if "documents" not in path.relative_to(ROOT).parts]

# Every pair of tokens that stands on top of each other: text, ground
PAIRS = [
    *((text, ground) for text in ("ink", "muted", "link", "error") for ground in ("paper", "wash")),
    *((text, "chosen") for text in ("ink", "muted", "link", "link-hover", "error")),
    ("success", "paper"),
    ("attention", "paper"),
    ("on-header", "header"),
    ("on-action", "action"),
    ("on-action", "action-hover"),
    ("on-danger", "danger"),
    ("on-success", "success"),
    ("ink", "day-off"),
    ("muted", "day-off"),
    ("ink", "track"),
    ("muted", "track"),
    ("paper", "bar"),
    ("paper", "error"),
    ("paper", "muted"),
    *((f"tag-{tone}-ink", f"tag-{tone}") for tone in ("blue", "green", "orange", "red", "grey", "purple")),
]


def tokens(selector: str) -> dict[str, str]:
    """The colours declared for a selector."""
    block = re.search(rf"^{re.escape(selector)} \{{(.*?)^\}}", CSS, re.M | re.S)
    assert block, selector
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block[1]))


def luminance(colour: str) -> float:
    """WCAG relative luminance of #rrggbb."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio, 1…21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", [":root", "html.contrast"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(mode: str, text: str, ground: str) -> None:
    colours = {**tokens(":root"), **(tokens(mode) if mode != ":root" else {})}
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("mode", [":root", "html.contrast"])
def test_focus_ring_can_be_seen(mode: str) -> None:
    colours = {**tokens(":root"), **(tokens(mode) if mode != ":root" else {})}
    assert contrast(colours["ink"], colours["paper"]) >= 3
    assert contrast(colours["focus"], colours["header"]) >= 3


def test_high_contrast_declares_every_token() -> None:
    assert tokens("html.contrast").keys() == tokens(":root").keys()


@pytest.mark.parametrize(("name", "limit"), [("portal.css", 8_000), ("portal.js", 6_000)])
def test_weight(name: str, limit: int) -> None:
    assert len(gzip.compress((ROOT / "static" / name).read_bytes(), 9)) <= limit


def test_phone_rules_do_not_reach_the_printer() -> None:
    assert all("screen" in query for query in re.findall(r"@media ([^{]*max-width[^{]*)\{", CSS))


def test_roster_page_is_scoped() -> None:
    """`page: roster` on a class shared by other pages turned them into A3."""
    owners = re.findall(r"([^{};]*)\{\s*page: roster;", CSS)
    assert [owner.strip().split()[0] for owner in owners] == ["body.a3"]


def test_stylesheet_fetches_nothing() -> None:
    assert "url(" not in CSS
    assert "@import" not in CSS


FORBIDDEN = [
    (r"""\sstyle\s*=\s*["']""", "style attribute"),
    (r"\son[a-z]+\s*=", "script in an attribute"),
    (r"<script(?![^>]*\ssrc=)", "script without src"),
    (r"<style", "style element"),
    (r"""(?:src|href)=["'](?:https?:)?//""", "something from elsewhere"),
    (r"""(?:src|href)=["']data:""", "data: address"),
    (r"""["']javascript:""", "script address"),
]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_page_obeys_the_policy(path: Path) -> None:
    text = path.read_text()
    assert [words for pattern, words in FORBIDDEN if re.search(pattern, text, re.I)] == []


def test_every_class_has_a_style() -> None:
    """A class nobody styles is a slip of the pen (`data` for `cases`); classes put together by tags are left alone."""
    styled = set(re.findall(r"\.([a-z][\w-]*)", CSS))
    bare = set()
    for path in PAGES:
        for names in re.findall(r'\sclass="([^"{]*)"', path.read_text()):
            bare |= {f"{path.relative_to(ROOT)}: {name}" for name in names.split() if name not in styled}
    assert bare == set()
