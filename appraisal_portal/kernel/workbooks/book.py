"""What a workbook says of itself: its sheets in order, its strings, which cell styles show a day."""

import re

from .package import Package, Refused

MAIN = "spreadsheetml.sheet.main+xml"
BUILT_IN_DAYS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
"""Number formats of ECMA-376 §18.8.30 that show a day or time, those of Chinese Excel included."""
_DAY_CODE = re.compile(r"[ymdhs年月日]", re.IGNORECASE)
_NOT_CODE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def _path(base: str, target: str) -> str:
    """A relationship's target inside the package. Raises Refused when it leads out of it."""
    parts = [] if target.startswith("/") else base.split("/")[:-1]
    for step in target.split("/"):
        if step == "..":
            if not parts:
                raise Refused("names")
            parts.pop()
        elif step not in ("", "."):
            parts.append(step)
    return "/".join(parts)


class Book:
    """The workbook's parts: sheets in order, strings, which styles show a day."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._judge_types()
        self.part = self._main_part()
        folder, _slash, name = self.part.rpartition("/")
        self.rels = self.relations(f"{folder}/_rels/{name}.rels")
        self.from_1904 = False
        self.sheets: list[tuple[str, str]] = []
        for tag, attributes in package.elements(self.part, "workbookPr", "sheet"):
            if tag == "workbookPr":
                self.from_1904 = attributes.get("date1904") in ("1", "true")
            elif attributes.get("state", "visible") == "visible":
                key = next((value for key, value in attributes.items() if key.endswith(":id")), "")
                self.sheets.append((attributes.get("name", ""), self.rels.get(key, ("", ""))[1]))
        if not self.sheets:
            raise Refused("damaged")

    def _judge_types(self) -> None:
        types = [row.get("ContentType", "") for _tag, row in
                 self.package.elements("[Content_Types].xml", "Override", "Default")]  # fmt: skip
        if any("macroEnabled" in kind or "vbaProject" in kind for kind in types):
            raise Refused("macros")
        if not any(kind.endswith(MAIN) for kind in types):
            raise Refused("not_xlsx")

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """Id → (kind, path inside the package) of a part's relationships. Raises Refused for one that leads outside."""
        if name not in self.package:
            return {}
        found = {}
        base = name.replace("_rels/", "")
        for _tag, row in self.package.elements(name, "Relationship"):
            kind, target = row.get("Type", "").rpartition("/")[2], row.get("Target", "")
            if row.get("TargetMode") == "External":
                if kind != "hyperlink":  # an e-mail address somebody typed is a link for Excel
                    raise Refused("external")
                continue
            found[row.get("Id", "")] = kind, _path(base, target)
        return found

    def _main_part(self) -> str:
        main = [path for kind, path in self.relations("_rels/.rels").values() if kind == "officeDocument"]
        if len(main) != 1:
            raise Refused("damaged")
        return main[0]

    def _of_kind(self, kind: str) -> str:
        return next((path for found, path in self.rels.values() if found == kind), "")

    def sheet(self, wanted: str = "") -> tuple[str, str]:
        """Name and path of the sheet of that name, else of the first visible one. Raises Refused("sheet")."""
        found = next((pair for pair in self.sheets if not wanted or pair[0] == wanted), None)
        if found is None:
            raise Refused("sheet", wanted=wanted, found="、".join(name for name, _path in self.sheets[:10]))
        folder, _slash, name = found[1].rpartition("/")
        self.relations(f"{folder}/_rels/{name}.rels")
        return found

    def strings(self) -> list[str]:
        """The shared strings; phonetic readings are left out."""
        name = self._of_kind("sharedStrings")
        if name not in self.package:
            return []
        found: list[list[str]] = []
        reading = False

        def start(tag: str, _attributes: dict[str, str]) -> None:
            nonlocal reading
            if tag == "si":
                found.append([])
                reading = True
            elif tag == "rPh":
                reading = False

        def text(words: str) -> None:
            if reading and found:
                found[-1].append(words)

        self.package.parse(name, start, text)
        return ["".join(parts) for parts in found]

    def day_styles(self) -> set[str]:
        """Numbers of the cell styles that show a day or a time."""
        name = self._of_kind("styles")
        if name not in self.package:
            return set()
        codes: dict[str, str] = {}
        found: set[str] = set()
        inside, place = "", 0

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal inside, place
            if tag == "numFmt":
                codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
            elif tag in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
                inside = tag
            elif tag == "xf" and inside == "cellXfs":
                number = attributes.get("numFmtId", "0")
                code = _NOT_CODE.sub("", codes.get(number, ""))
                if number in codes and _DAY_CODE.search(code) or number.isdigit() and int(number) in BUILT_IN_DAYS:
                    found.add(str(place))
                place += 1

        self.package.parse(name, start)
        return found
