"""axe-core on a page: each rule once a run for elements of one kind, contrast once for texts that look the same.

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
TARGETS = "target-size"
OF_THE_WIDTH = [
    "scrollable-region-focusable", "aria-hidden-focus", "button-name", "link-name", "label",
    "landmark-one-main", "page-has-heading-one", "heading-order", "bypass", "meta-viewport",
]  # fmt: skip
"""Rules whose answer may differ where the page is folded for a phone; the others read the document, not its layout."""
_BRIEF = {"resultTypes": ["violations"], "preload": False, "selectors": False}
_APART = {CONTRAST: {"enabled": False}, TARGETS: {"enabled": False}}
_WIDE = {**_BRIEF, "runOnly": {"type": "tag", "values": TAGS}, "rules": _APART}
_PHONE = {**_BRIEF, "runOnly": {"type": "rule", "values": OF_THE_WIDTH}}
_TARGETS = {**_BRIEF, "runOnly": {"type": "rule", "values": [TARGETS]}}
_RUN = """options => axe.run(document, options).then(
  result => result.violations.map(found => ({id: found.id, html: found.nodes[0].html})))"""
_KINDS = """() => {
  const bare = text => (text ?? "").replace(/[0-9]+/g, "#");
  const there = ids => ids.split(/ +/).filter(id => id).map(id => document.getElementById(id) !== null).join();
  const names = /^(alt|title|placeholder|summary|abbr|accesskey|style|contenteditable)$/;
  const ids = /^(aria-(labelledby|describedby|controls|owns|details|errormessage|activedescendant)|headers|for)$/;
  const worded = /^aria-(label|description|roledescription|valuetext|valuenow)$/;
  const values = /^(role|type|tabindex|autocomplete|scope|lang|aria-.+)$/;
  const said = node => [...node.attributes].map(({name, value}) =>
    ids.test(name) ? `${name}:${there(value)}`
    : names.test(name) || worded.test(name) ? `${name}:${value.trim() !== ""}`
    : values.test(name) ? `${name}=${bare(value)}`
    : name === "href" ? `href:${value.startsWith("#") ? there(value.slice(1)) : ""}`
    : name === "value" && node.matches("[type=submit], [type=button], [type=reset]") ? `value:${value.trim() !== ""}`
    : "").filter(part => part).sort().join(" ");
  const structure = "ul, ol, dl, menu, table, thead, tbody, tfoot, tr, fieldset, details, figure, picture";
  const plain = "div, span, p, b, i, em, strong, small, time, br, code, pre, u, s, sub, sup, wbr, hr, bdi";
  const around = ["a, button, summary, label", "[aria-hidden=true]", "header, nav, main, footer, aside, dialog"];
  const kinds = new Set();
  for (const node of document.body.querySelectorAll("*")) {
    if (node.matches("input[type=hidden], script, template, option, svg *")) continue;
    const parent = node.parentElement, attributes = said(node);
    const within = around.map(selector => parent.closest(selector)?.localName ?? "");
    const scrolls = node.scrollWidth > node.clientWidth && getComputedStyle(node).overflowX === "auto";
    const place = [parent.matches(structure) ? parent.localName : "", scrolls, attributes];
    if (node.matches(plain) && !attributes) {
      kinds.add(["plain", ...within.slice(1), ...place].join("|"));
      continue;
    }
    const amid = [...parent.childNodes].some(one => one.nodeType === Node.TEXT_NODE && one.data.trim());
    const look = node.localName === "a" ? `${bare(node.className)} ${amid}` : "";  // amid words it must show
    const text = node.textContent.trim() !== "" || node.querySelector("img[alt], svg") !== null;
    const own = [text, node.labels?.length, node.checkVisibility(), node.querySelector("td") !== null];
    kinds.add([node.localName, look, ...within, ...place, ...own].join("|"));
  }
  const all = selector => [...document.querySelectorAll(selector)];
  const levels = all("h1, h2, h3, h4, h5, h6, [role=heading]").map(node => node.localName);
  levels.forEach((level, place) => kinds.add(`heading ${levels[place - 1] ?? "first"} ${level}`));
  kinds.add(`h1: ${levels.filter(level => level === "h1").length}, main: ${all("main").length}`);
  const regions = "header, nav, main, footer, aside, search, section, form, [role=region], [role=navigation]";
  const landmarks = all(regions).map(node => `${node.localName} ${node.getAttribute("aria-label")}`);
  all(regions).forEach((node, place) => kinds.add(["landmark", node.localName, node.hasAttribute("aria-label"),
    landmarks.indexOf(landmarks[place]) === place].join()));
  const known = all("[id]").map(node => node.id);
  kinds.add("twice " + known.filter((id, place) => known.indexOf(id) !== place).map(bare).join());
  const head = document.documentElement;
  kinds.add(["head", document.title.trim() !== "", all("meta[name=viewport]").map(meta => meta.content)].join());
  return [...kinds].map(kind => `${head.lang}|${kind}`);
}"""
"""What a page is made of: each kind of element in its place, with all that the rules read of it besides its words (is
there a text, a label, what another attribute points at); of the page as a whole headings, landmarks and equal ids."""
_CLOSE = """() => {
  const aims = "a[href], area, button, input, select, textarea, summary, [role], [tabindex], [contenteditable]";
  const boxes = [...document.querySelectorAll(aims)].filter(node => node.checkVisibility())
    .map(node => ({node, box: node.getBoundingClientRect()}))
    .filter(({box}) => box.right > 0 && box.bottom > 0 && box.width > 1 && box.height > 1);
  const over = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return boxes.some(({node, box}, place) => box.width < 24 || box.height < 24 || boxes.slice(0, place).some(other =>
    over(box, other.box) && !node.contains(other.node) && !other.node.contains(node)));
}"""
"""Whether something to aim at is under 24 pixels or covers another: only then can the size of targets be wrong, and to
ask axe takes half of its time."""
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


def _unmet(what: Iterable[str]) -> list[str]:
    """What no process of this run has examined."""
    return [one for one in what if not _mark(one).exists()]


class Examination:
    """The page that is open, wide first, then as on a phone. Rules are asked where an element is of a kind not met
    before; contrast where a text looks like none before; the size of targets wherever some are small or close."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.kinds = _unmet(page.evaluate(_KINDS))
        self._at_hand = False

    def wide(self) -> Violations:
        """Every rule."""
        return [*self._run(_WIDE), *self._contrast()]

    def on_a_phone(self) -> Violations:
        """What depends on the width."""
        found = self._run(_PHONE)
        _remember(self.kinds)
        return found

    def _run(self, options: dict[str, Any]) -> Violations:
        found = self._axe(_RUN, options) if self.kinds else []
        return [*found, *self._axe(_RUN, _TARGETS)] if self.page.evaluate(_CLOSE) else found

    def _axe(self, script: str, given: Any) -> Any:
        if not self._at_hand:
            self.page.evaluate(Axe().axe_script)
            self._at_hand = True
        # Kept by the window: a promise that nothing in the page holds may be cleared away before it is kept.
        return self.page.evaluate(f"given => window.examined = ({script})(given)", given)

    def _contrast(self) -> Violations:
        """Of texts that look the same one is judged; one that could not be is tried again on the next page."""
        unknown = _unmet(self.page.evaluate(_TEXTS))
        if not unknown:
            return []
        answer = self._axe(_LOOK, [unknown, _TEXT])
        _remember(answer["judged"])
        return answer["violations"]  # type: ignore[no-any-return]


def _remember(looks: Iterable[str]) -> None:
    for look in looks:
        _mark(look).touch()
