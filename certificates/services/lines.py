"""The lines of a certificate's sheet: what each says, in which face and at which size it keeps its place."""

import datetime as dt
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from appraisal_portal.kernel import fonts
from appraisal_portal.kernel.rendering import chinese_date

FIELDS = (
    ("姓名", "Name", "name"),
    ("身份证件号", "ID number", "id_masked"),
    ("工作单位", "Work unit", "employer"),
    ("资格名称", "Title", "title"),
    ("专业", "Specialty", "specialty"),
    ("资格级别", "Level", "level"),
    ("评审组织", "Committee", "committee"),
    ("取得时间", "Date obtained", "qualified_on"),
    ("批准文号", "Approval no.", "document_number"),
    ("证书编号", "Certificate no.", "number"),
)
OF_REGISTERED = {
    "exam": {"committee": ("发证机构", "Authority"), "document_number": ("考试证书号", "Examination no.")},
    "archive": {"committee": ("原发证机构", "Authority"), "document_number": ("原证书号", "Paper certificate no.")},
}
"""By source: labels of what a registered certificate has in place of committee and approval."""
SAYS = {
    "issued": "经评审并公示无异议，批准具备上述专业技术职务任职资格。",
    "exam": "经国家统一考试取得，准予登记上述专业技术职务任职资格。",
    "archive": "原纸质证书经与档案核对，准予登记上述专业技术职务任职资格。",
}
"""By source: how the qualification was obtained."""
SIZES = ((17, "whole"), (20, "tight"), (44, "two"), (76, "three"))
"""So many characters' widths fit at the size of that class (certificate.css); whatever is longer is set in four
lines."""
SMALL = ("three", "four")
NAME = 12  # a name of so many is set larger than the rest


@dataclass(frozen=True)
class Line:
    """One line of the sheet; how it is set, in classes of certificate.css."""

    key: str
    label: str
    english: str
    value: str

    @property
    def size(self) -> str:
        """The class of its size."""
        wide = width(self.value)
        if self.key == "name" and wide <= NAME:
            return "name"
        return next((size for most, size in SIZES if wide <= most), "four")

    @property
    def style(self) -> str:
        """The classes of its size and face."""
        # A value never mixes faces: one rare character sets all of it in the face that has it. Small letters are
        # read better without serifs, and take less room in the file.
        serif = self.size not in SMALL and fonts.serif_draws(self.value)
        return self.size if serif else f"{self.size} sans"


def width(text: str) -> float:
    """How wide a text is, in widths of a Chinese character."""
    return sum(1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.6 for character in text)


def lines(printed: dict[str, str]) -> Iterable[Line]:
    """The ten lines of a version's snapshot; an empty number is given when the certificate is released."""
    said = {**printed, "qualified_on": chinese_date(dt.date.fromisoformat(printed["qualified_on"]))}
    said["number"] = said.get("number") or "放行时编定"
    own = OF_REGISTERED.get(printed.get("source", ""), {})
    for label, english, key in FIELDS:
        yield Line(key, *own.get(key, (label, english)), said[key])


def says(printed: dict[str, str]) -> str:
    """How the qualification was obtained."""
    return SAYS.get(printed.get("source", "issued"), SAYS["issued"])
