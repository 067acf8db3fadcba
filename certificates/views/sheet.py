"""A drawing of the sheet for its holder's own page; the PDF itself, with QR code and check code, is the certificate."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from appraisal_portal.kernel.rendering import chinese_date
from certificates.models import Certificate

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
    "issued": ("经评审并公示无异议，", "批准具备上述专业技术职务任职资格。"),
    "exam": ("经国家统一考试取得，", "准予登记上述专业技术职务任职资格。"),
    "archive": ("原纸质证书经与档案核对，", "准予登记上述专业技术职务任职资格。"),
}
"""What the sheet says of it, in two lines."""
TOP, STEP, WIDTH, SIZE = 262, 44, 300, 15  # first line, distance of lines, room for a value, its letters; pixels


@dataclass(frozen=True)
class Row:
    """One line of the sheet: labels, value, place and the size of letters at which the value fits its line."""

    label: str
    english: str
    value: str
    y: int
    size: float

    @property
    def small_y(self) -> int:
        """Place of the English label."""
        return self.y + 14

    @property
    def line_y(self) -> int:
        """Place of the rule below."""
        return self.y + 24


def rows(printed: dict[str, str]) -> list[Row]:
    """The ten lines of a version's snapshot."""
    said = {**printed, "qualified_on": chinese_date(dt.date.fromisoformat(printed["qualified_on"]))}
    found = []
    own = OF_REGISTERED.get(printed.get("source", ""), {})
    for place, (label, english, key) in enumerate(FIELDS):
        label, english = own.get(key, (label, english))  # noqa: PLW2901
        wide = sum(1.0 if ord(character) > 0x2000 else 0.6 for character in said[key])
        size = min(SIZE, round(WIDTH / max(wide, 1), 1))
        found.append(Row(label, english, said[key], TOP + place * STEP, size))
    return found


def photo(certificate: Certificate) -> str:
    """Where its holder sees the photograph on it."""
    if certificate.declaration_id:
        return reverse("applications:declaration-photo", args=[certificate.declaration_id])
    if certificate.filed_row_id:
        return reverse("certificates:certificate-photo", args=[certificate.pk])
    return reverse("certificates:claim-file", args=[certificate.claim_id, "photo"]) if certificate.claim_id else ""


def issued_on(printed: dict[str, str]) -> str:
    """The day of issue as the sheet writes it."""
    return chinese_date(dt.date.fromisoformat(printed["issued_on"]))


def says(printed: dict[str, str]) -> tuple[str, str]:
    """How the qualification was obtained, in two lines."""
    return SAYS.get(printed.get("source", "issued"), SAYS["issued"])
