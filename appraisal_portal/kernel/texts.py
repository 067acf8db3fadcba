"""The translatable texts of the portal: read from the sources, compared with the Chinese catalogue,
its punctuation checked.

Read with Babel and Django's own ``templatize``, so that no gettext tools are needed on the machine.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[2]

FOLDERS = ("appraisal_portal", "committees", "applications", "certificates", "templates")
CATALOGUE = Path("appraisal_portal/locale/zh_Hans/LC_MESSAGES/django.po")

ONE: Any = (1,)
KEYWORDS: Any = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), ONE),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}

# (context or None, msgid, msgid_plural or None)
Text = tuple[str | None, str, str | None]

HANZI = "\u3400-\u9fff\U00020000-\U0003ffff"
# A half-width mark that touches a Chinese character belongs to Chinese text; dots and colons inside numbers do not.
HALF_WIDTH = re.compile(rf"[{HANZI}”’）》][,;:!?()]|[,;:!?()][{HANZI}“‘（《]|[{HANZI}]\.(?:$|\s)")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def _text(function: str, found: Any) -> Text | None:
    """The text of one call, None when its arguments are no literals."""
    words = list(found) if isinstance(found, tuple) else [found]
    context = None
    if function.startswith(("pgettext", "npgettext")):
        context = words.pop(0)
        if context is None:
            return None
    if not words or not words[0]:
        return None
    plural = words[1] if "ngettext" in function or "npgettext" in function else None
    return context, words[0], plural


def _of_file(path: Path) -> Iterator[Text]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        # Blanked markup keeps its indentation, which Python's tokenizer would judge.
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    stream = io.BytesIO(source.encode())
    for _line, function, found, _comments in extract_python(stream, KEYWORDS, [], {"encoding": "utf-8"}):
        text = _text(str(function), found)
        if text:
            yield text


def used(root: Path = ROOT) -> dict[Text, Path]:
    """Every translatable text of the sources with one file that uses it."""
    found: dict[Text, Path] = {}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".py", ".html") and "migrations" not in path.parts:
                for text in _of_file(path):
                    found.setdefault(text, path.relative_to(root))
    return found


def catalogue(root: Path = ROOT) -> Catalog:
    """The Chinese catalogue as it stands."""
    with (root / CATALOGUE).open("rb") as stream:
        return read_po(stream, locale="zh_Hans", domain="django")


def _words(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, (tuple, list)) else [message.string or ""]


def _complaints(text: Text, message: Message | None) -> Iterator[str]:
    context, msgid, plural = text
    name = f"“{msgid}”" + (f" [{context}]" if context else "")
    if message is None:
        yield f"{name}: not in the catalogue"
        return
    words = _words(message)
    if not all(words):
        yield f"{name}: not translated"
        return
    if message.fuzzy:
        yield f"{name}: marked fuzzy"
    wanted = set(PLACEHOLDER.findall(msgid)) | set(PLACEHOLDER.findall(plural or ""))
    for word in words:
        if not set(PLACEHOLDER.findall(word)) <= wanted:
            yield f"{name}: unknown placeholder in “{word}”"
        if plural is None and wanted != set(PLACEHOLDER.findall(word)):
            yield f"{name}: placeholders differ in “{word}”"
        half = HALF_WIDTH.search(word)
        if half:
            yield f"{name}: half-width punctuation “{half[0]}” in “{word}”"


def complaints(root: Path = ROOT) -> list[str]:
    """Everything wrong with the catalogue in words: missing, empty, fuzzy, unused, other placeholders,
    half-width punctuation."""
    texts, held = used(root), catalogue(root)
    found = ["the header is marked fuzzy: Babel would skip the whole catalogue"] if held.fuzzy else []
    for text, path in sorted(texts.items(), key=lambda item: (str(item[1]), item[0][1])):
        found += [f"{path}: {words}" for words in _complaints(text, held.get(text[1], text[0]))]
    known = {(context, msgid) for context, msgid, _plural in texts}
    for message in held:
        msgid = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
        if msgid and (message.context, msgid) not in known:
            found.append(f"“{msgid}”: nothing uses it any more")
    return found
