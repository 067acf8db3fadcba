"""axe-core on a page: each rule once a run for pages made of the same, contrast once for texts that look the same.

All processes of a run share the folder their services stand in, and what they have examined with it.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRAST = "color-contrast"
"""The rule that takes most of axe's time; its answer depends on how a text looks, not on where it stands."""
OF_THE_WIDTH = [
    "target-size", "scrollable-region-focusable", "aria-hidden-focus", "button-name", "link-name", "label",
    "landmark-one-main", "page-has-heading-one", "heading-order", "bypass", "meta-viewport",
]  # fmt: skip
"""Rules whose answer may differ where the page is folded for a phone; the others read the document, not its layout."""
_BRIEF = {"resultTypes": ["violations"], "preload": False, "selectors": False}
_WIDE = {**_BRIEF, "runOnly": {"type": "tag", "values": TAGS}, "rules": {CONTRAST: {"enabled": False}}}
_PHONE = {**_BRIEF, "runOnly": {"type": "rule", "values": OF_THE_WIDTH}}
_RUN = """options => axe.run(document, options).then(
  result => result.violations.map(found => ({id: found.id, html: found.nodes[0].html})))"""
_SHAPE = """() => {
  const kinds = new Set([...document.querySelectorAll("*")].map(node =>
    [node.localName, node.getAttribute("class"), node.getAttribute("name"), node.getAttribute("role")].join(" ")));
  const shape = [document.documentElement.lang, location.pathname, ...[...kinds].sort()].join("|");
  return shape.replace(/[0-9]+/g, "#");
}"""
"""What a page is made of: its address without numbers, and each kind of element on it once."""
_TEXTS = """() => {
  const own = node => [...node.childNodes].some(child => child.nodeType === Node.TEXT_NODE && child.data.trim());
  const shown = node => {
    const box = node.getBoundingClientRect();
    const there = box.right > 0 && box.bottom > 0 && box.width > 1 && box.height > 1;  // not kept for readers aloud
    return there && node.checkVisibility({opacityProperty: true, visibilityProperty: true});
  };
  const clear = "rgba(0, 0, 0, 0)";
  window.examinedTexts = new Map();
  for (const node of document.body.querySelectorAll("*")) {
    const says = own(node) || node.matches("input, select, textarea");
    if (!says || node instanceof SVGElement || !shown(node)) continue;
    const look = getComputedStyle(node);
    const control = node.closest("label")?.control;
    const off = node.closest(":disabled, [aria-disabled=true]") !== null || control?.disabled;
    const said = [node.localName, node.getAttribute("class"), off];
    said.push(look.color, look.fontSize, look.fontWeight, look.textShadow);
    for (let on = node; on !== null; on = on.parentElement) {
      const under = getComputedStyle(on);
      const paints = under.backgroundColor !== clear || under.backgroundImage !== "none";
      if (paints || under.opacity !== "1" || under.position !== "static" || under.filter !== "none")
        said.push([under.backgroundColor, under.backgroundImage, under.opacity, under.position, under.filter]);
    }
    window.examinedTexts.set(node, said.join("|"));
  }
  return [...new Set(window.examinedTexts.values())];
}"""
"""How each text that is seen looks: its colour, size and weight, and whatever is painted beneath it."""
_LOOK = """async ([wanted, options]) => {
  const texts = window.examinedTexts, open = new Set(wanted);
  const include = [...texts].filter(([node, key]) => open.delete(key)).map(([node, key]) => node);
  const result = await axe.run({include}, options);
  const judged = [...result.passes, ...result.violations].flatMap(rule => rule.nodes);
  return {
    violations: result.violations.map(found => ({id: found.id, html: found.nodes[0].html})),
    judged: [...new Set(judged.map(node => texts.get(node.element)).filter(key => key))],
  };
}"""
_TEXT = {
    **_BRIEF, "runOnly": {"type": "rule", "values": [CONTRAST]}, "resultTypes": ["violations", "passes"],
    "elementRef": True,
}  # fmt: skip

Violations = list[dict[str, Any]]


def _mark(what: str) -> Path:
    folder = Path(os.environ["PORTAL_DATA_DIR"], "examined")
    folder.mkdir(exist_ok=True)
    return folder / hashlib.sha256(what.encode()).hexdigest()


def _first_of_the_run(what: str) -> bool:
    """Whether no process of this run has met it; from now on one has."""
    try:
        _mark(what).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


class Examination:
    """The page that is open, wide first, then as on a phone; nothing for a page whose like has been examined."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.new = _first_of_the_run(page.evaluate(_SHAPE))
        if self.new:
            page.evaluate(Axe().axe_script)

    def wide(self) -> Violations:
        """Every rule."""
        return [*self._run(_WIDE), *self._contrast()] if self.new else []

    def on_a_phone(self) -> Violations:
        """What depends on the width."""
        return self._run(_PHONE) if self.new else []

    def _run(self, options: dict[str, Any]) -> Violations:
        return self.page.evaluate(_RUN, options)  # type: ignore[no-any-return]

    def _contrast(self) -> Violations:
        """Of texts that look the same one is judged; one that could not be is tried again on the next page."""
        unknown = [look for look in self.page.evaluate(_TEXTS) if not _mark(look).exists()]
        if not unknown:
            return []
        answer = self.page.evaluate(_LOOK, [unknown, _TEXT])
        _remember(answer["judged"])
        return answer["violations"]  # type: ignore[no-any-return]


def _remember(looks: Iterable[str]) -> None:
    for look in looks:
        _mark(look).touch()
