"""Bad files (issue 3, Bad input): every control of applicant and unit that takes a file is sent every kind of them.

Which forms have such a control is read from the source. A new one without a line in ``PLACES`` fails; with it, it is
walked like the others.
"""

import ast
import datetime as dt
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from applications.models import Declaration, UnitObjection
from appraisal_portal.home.story import declare
from appraisal_portal.home.story import unit as story
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.home.story.people import evidence_pdf, photo_jpeg
from appraisal_portal.home.story.seals import sample_png
from appraisal_portal.kernel import clock as portal_clock
from appraisal_portal.kernel.models import Upload
from committees.plans.models import Title
from tests.factories.plans import a_cycle
from tests.factories.unit_stage import publicised
from tests.matrix.test_fields import Inputs
from tests.stage import begins_with, kept

MONDAY = dt.date(2026, 3, 2)
TAKES_FILES = {"UploadField", "FilesField"}


@kept
def a_stage() -> tuple[City, Cycle]:
    """Forestry; farming with relief and classes; enterprise engineering with questions and a self-scoring sheet."""
    with portal_clock.travel(MONDAY):
        return a_cycle(MONDAY.year, committees=("forestry", "farming", "enterprise"))


pytestmark = [pytest.mark.django_db, begins_with(a_stage)]

# -- who takes files: read from the source -----------------------------------------------------------------------------


def calls(node: ast.AST) -> set[str]:
    """Names of everything called inside."""
    found = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
    return {name for each in found if (name := getattr(each, "attr", getattr(each, "id", "")))}


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Every module of forms, with its dotted name."""
    for path in sorted(Path(settings.BASE_DIR).rglob("*.py")):
        where = path.relative_to(settings.BASE_DIR)
        if not {"tests", ".venv", "migrations"} & set(where.parts) and "forms" in f"{where}":
            yield ".".join(where.with_suffix("").parts), ast.parse(path.read_text(encoding="utf-8"))


def forms_with_files() -> list[str]:
    """Forms that take a file from applicant or unit."""
    return [
        f"{module.replace('.forms.', ':').replace('applications:', '')}.{node.name}"
        for module, tree in sources()
        if module.startswith(("applications.", "certificates.forms.claim", "appraisal_portal.accounts."))
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and calls(node) & TAKES_FILES
    ]


def test_no_form_takes_a_file_by_a_field_that_does_not_name_it() -> None:
    assert [module for module, tree in sources() if {"FileField", "ImageField"} & calls(tree)] == []


# -- where they stand --------------------------------------------------------------------------------------------------


@dataclass
class Place:
    """A page with the form: who opens it, where; ``control``: of the file; ``more``: what is typed besides."""

    user: Any
    url: str
    control: str
    more: dict[str, Any]
    picture: bool = False  # takes pictures alone


def draft(channel: str = "", committee: str = "forestry", **options: Any) -> Declaration:
    city, cycle = a_stage()
    line = cycle.line(committee, channel=channel) if channel else cycle.line(committee)
    return declare.draft(city, cycle, 41, line=line, **options)


def form_page(row: Declaration, section: str, control: str, **more: Any) -> Place:
    return Place(row.applicant.user, reverse("applications:my-section", args=[row.pk, section]), control, more)


def unit_page(name: str, control: str, **more: Any) -> Place:
    [row] = publicised(*a_stage(), 21)
    return Place(story.clerk_of(row), reverse(f"applications:{name}", args=[row.pk]), control, more)


def relief() -> Place:
    return form_page(draft(committee="farming"), "relief", "remote-proof", **{"remote-claimed": "on"})


def class_of_farmers() -> Place:
    row = draft(committee="farming", unit=a_stage()[0].agency, applicant_class="business")
    return form_page(row, "class", "proof")


def outcome() -> Place:
    place = unit_page("unitobjection-new", "evidence")
    client = Client()
    client.force_login(place.user)
    answer = client.post(place.url, OBJECTION)
    assert answer.status_code == 302
    url = reverse("applications:unitobjection-outcome", args=[UnitObjection.objects.get().pk])
    return Place(place.user, url, "report_file", {"outcome": "unfounded", "report": "已核对原件，排名无误。"})


def registration() -> Place:
    city = a_stage()[0]
    user = city.applicant(7)
    city.employ(user, city.unit(0))
    more = {
        "title": str(Title.objects.get(name="会计师").pk), "exam_number": "33120251100123", "obtained_on": "2025-11-20",
        "authority": "财政部", "photo": SimpleUploadedFile("照片.jpg", photo_jpeg(7)),
    }  # fmt: skip
    return Place(user, reverse("certificates:claim-new"), "file", more)


def registered_photo() -> Place:
    place = registration()
    place.more["file"] = SimpleUploadedFile("证书.pdf", evidence_pdf("证书"))
    del place.more["photo"]
    return Place(place.user, place.url, "photo", place.more, picture=True)


def unit_seal() -> Place:
    unit = a_stage()[0].unit(0)
    seal = SimpleUploadedFile("印章.png", sample_png(unit.name))
    return Place(holder("unit_head", unit), reverse("accounts:unitseal-new"), "authorisation", {"picture": seal})


def archive() -> Place:
    more = {"kind": "award", "title": "省科技进步奖", "rank": "2/5"}
    return Place(draft().applicant.user, reverse("applications:my-archive-new"), "file", more)


def photo() -> Place:
    place = form_page(draft(), "photo", "photo")
    place.picture = True
    return place


OBJECTION = {
    "filed_by": "陈立新",
    "received_on": "2026-03-02",
    "content": "第二项业绩的排名与证书不符。",
    "substance": "一项业绩的排名",
}
PLACES: dict[str, list[Callable[[], Place]]] = {
    "archive.ArchiveForm": [archive],
    "relief.ReliefForm": [relief],
    "relief.ClassForm": [class_of_farmers],
    "sections.AchievementForm": [lambda: form_page(draft(), "achievements", "achievements-0-proof")],
    "sections.RepresentativeForm": [lambda: form_page(draft(), "representative", "proof")],
    "sections.AttachmentsForm": [lambda: form_page(draft(), "attachments", "file_diploma")],
    "sections.PhotoForm": [photo],
    "standard.QuestionForm": [lambda: form_page(draft(committee="enterprise"), "questions", "file_")],
    "standard.ScoreForm": [lambda: form_page(draft(committee="enterprise"), "self_scoring", "proof_")],
    "unit.SealForm": [lambda: unit_page("unit-seal", "scan")],
    "unit_objection.ObjectionForm": [lambda: unit_page("unitobjection-new", "evidence", **OBJECTION)],
    "unit_objection.ObjectionOutcomeForm": [outcome],
    "way.WayForm": [
        lambda: form_page(draft("transfer"), "way", "proof"),
        lambda: form_page(draft("special"), "way", "proof"),
    ],
    "way.ExpertForm": [lambda: form_page(draft("exceptional"), "way", "expert_recommendations-0-proof")],
    "appraisal_portal.accounts:seals.UnitSealForm": [unit_seal],
    "certificates:claim.ClaimForm": [registration, registered_photo],
}
# -- what is sent ------------------------------------------------------------------------------------------------------


def picture(kind: str, size: tuple[int, int] = (600, 750), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 90).convert(mode).save(out, kind) if mode == "RGB" else Image.new(mode, size).save(
        out, kind
    )
    return out.getvalue()


def paper(pages: int = 1, **keys: str) -> bytes:
    out, writer = io.BytesIO(), pypdf.PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(200, 200)
    if "password" in keys:
        writer.encrypt(keys["password"])
    writer.write(out)
    return out.getvalue()


VIRUS = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def infected() -> bytes:
    """A whole PDF with the test file of all scanners in a comment before its end."""
    head, mark, end = evidence_pdf("证明").rpartition(b"startxref")
    return head + b"%" + VIRUS + b"\n" + mark + end


BAD: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "another type behind the right ending": ("成绩.pdf", lambda: b"PK\x03\x04" + bytes(300), "不是 PDF、JPG 或 PNG"),
    "empty": ("空白.pdf", lambda: b"", "是空文件"),
    "locked": ("加密.pdf", lambda: paper(password="x"), "密码"),
    "a PDF cut off": ("半截.pdf", lambda: evidence_pdf("证明")[:-300], "已损坏或不完整"),
    "a PDF without a page": ("无页.pdf", lambda: paper(0), "已损坏或不完整"),
    "a JPEG cut off": ("半截.jpg", lambda: picture("JPEG")[:9000], "已损坏或不完整"),
    "a PNG cut off": ("半截.png", lambda: picture("PNG")[:9000], "已损坏或不完整"),
    "a bomb": ("巨图.png", lambda: picture("PNG", (13_000, 13_000), "1"), "百万像素"),
    "too large": ("过大.pdf", lambda: b"%PDF-1.7" + bytes(settings.PORTAL_ATTACHMENT_BYTES), "超过 10 MB"),
    "a virus": ("带毒.pdf", infected, "病毒扫描发现"),
}
NO_PAPER = "不是 JPG 或 PNG 图片"
FOR_PICTURES = {
    "another type behind the right ending": ("成绩.jpg", lambda: b"PK\x03\x04" + bytes(300), NO_PAPER),
    "locked": (*BAD["locked"][:2], NO_PAPER),
    "a PDF cut off": (*BAD["a PDF cut off"][:2], NO_PAPER),
    "a PDF without a page": (*BAD["a PDF without a page"][:2], NO_PAPER),
    "too large": ("过大.jpg", lambda: b"\xff\xd8\xff" + bytes(settings.PORTAL_PHOTO_BYTES), "超过 2 MB"),
    "a virus": ("带毒.jpg", lambda: photo_jpeg(3), "病毒扫描发现"),
}


def finds_it(path: Path) -> str:
    """The scanner of this test: what is called infected has its mark, or is a picture (their marks are gone)."""
    data = path.read_bytes()
    return Upload.Scan.INFECTED if VIRUS in data or data.startswith(b"\xff\xd8") else Upload.Scan.CLEAN


@cache
def made(make: Callable[[], bytes]) -> bytes:
    """The bytes of a bad file; a bomb takes its time to be built."""
    return make()


class Page(HTMLParser):
    """Which words stand at a control, and which controls take files."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.files: list[str] = []
        self.described: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self._open: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        seen = dict(attrs)
        if tag == "input":
            if seen.get("type") == "file":
                self.files.append(seen["name"] or "")
                self.described[seen["name"] or ""] = seen.get("aria-describedby") or ""
            return
        if tag not in {"br", "img", "meta", "link", "hr", "source", "wbr"}:
            self._open.append((tag, seen.get("id") or ""))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for _tag, key in self._open:
            if key:
                self.texts[key] = self.texts.get(key, "") + data

    def at(self, control: str) -> str:
        """The words that describe the control."""
        return " ".join(self.texts.get(key, "") for key in self.described[control].split())


def typed(html: str) -> dict[str, list[str]]:
    """What a browser would post back of what a person typed or chose."""
    inputs = Inputs()
    inputs.feed(html)
    mine = {
        name: [value.replace("\r\n", "\n").strip("\n") for value in values] for name, values in inputs.values.items()
    }
    return {name: values for name, values in mine.items() if name not in {"csrfmiddlewaretoken", "version", "q"}}


@pytest.fixture
def chinese(clock: Any) -> None:
    clock(MONDAY)


CASES = [(form, number) for form, places in PLACES.items() for number in range(len(places))]


def test_every_form_that_takes_a_file_is_walked() -> None:
    assert set(forms_with_files()) == set(PLACES)


@pytest.mark.parametrize(("form", "number"), CASES, ids=[f"{form}-{number}" for form, number in CASES])
def test_a_bad_file_is_told_by_name_at_its_place_and_nothing_is_lost(
    chinese: None, settings: Any, form: str, number: int
) -> None:
    place = PLACES[form][number]()
    client = Client()
    client.force_login(place.user)
    first = client.get(place.url).content.decode()
    control = next(name for name in Page(first).files if name.startswith(place.control))
    post = typed(first) | {name: [value] for name, value in place.more.items()}
    text = next((name for name, values in post.items() if re.search("reason|text|title$|school|content|ground", name)
                 and isinstance(values[0], str) and not values[0].isdigit()), "")  # fmt: skip
    if text:
        post[text] = [f"{post[text][0]}（改）"]
    sent = {name: values for name, values in post.items() if not hasattr(values[0], "read")}
    version = re.search(r'name="version" value="(\d+)"', first)
    if version:
        post["version"] = [version[1]]
    before = Upload.objects.count()
    for kind, (name, data, words) in (BAD | FOR_PICTURES if place.picture else BAD).items():
        settings.PORTAL_SCANNER = f"{__name__}.finds_it" if kind == "a virus" else ""
        for values in post.values():
            if hasattr(values[0], "seek"):
                values[0].seek(0)
        answer = client.post(place.url, post | {control: SimpleUploadedFile(name, made(data))})
        assert answer.status_code == 422, kind
        page = answer.content.decode()
        assert name in (said := Page(page).at(control)), (kind, said)
        assert words in said, (kind, said)
        assert f'href="#id_{control}"' in page, kind  # the summary leads to the control
        shown = typed(page)
        assert {key: shown.get(key) for key in sent if key in shown or sent[key] != [""]} == sent, kind
        assert Upload.objects.count() == before, kind


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", "C:\\证书\\学历.pdf", "学\x00历.pdf", "长" * 400 + ".pdf"])
def test_a_good_file_is_taken_whatever_it_is_called(chinese: None, name: str) -> None:
    place = form_page(draft(), "representative", "proof")
    client = Client()
    client.force_login(place.user)
    first = client.get(place.url)
    post = typed(first.content.decode()) | {"version": first.context["version"], "stay": "1"}
    before = set(Upload.objects.values_list("pk"))
    answer = client.post(place.url, post | {"proof": SimpleUploadedFile(name, evidence_pdf("证明"))}, follow=True)
    [stored] = [row.original_name for row in Upload.objects.all() if (row.pk,) not in before]
    assert stored.endswith(".pdf")
    assert len(stored) <= 100
    assert not set(stored) & set("/\\\0")
    assert stored in answer.content.decode()
