"""Uploads: everything hostile, damaged or wrongly named is refused in words; what is kept is clean and verified at
delivery."""

import datetime as dt
import hashlib
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageFile
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from appraisal_portal.kernel import files, inspection
from appraisal_portal.kernel.models import StoredDocument, Upload


def jpeg(size: tuple[int, int] = (600, 750), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, "JPEG", **options)
    return out.getvalue()


def png(size: tuple[int, int] = (600, 750), mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, "PNG")
    return out.getvalue()


def pdf(change: Callable[[pypdf.PdfWriter], object] = lambda _writer: None, pages: int = 2) -> bytes:
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def root_entry(key: str, value: Any) -> Callable[[pypdf.PdfWriter], None]:
    def change(writer: pypdf.PdfWriter) -> None:
        writer.root_object[NameObject(key)] = value

    return change


def page_action(kind: str) -> Callable[[pypdf.PdfWriter], None]:
    action = DictionaryObject({NameObject("/S"): NameObject(kind), NameObject("/F"): TextStringObject("calc.exe")})
    note = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/Rect"): ArrayObject([NumberObject(0)] * 4),
            NameObject("/A"): action,
        }
    )

    def change(writer: pypdf.PdfWriter) -> None:
        writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(note)])

    return change


def with_gps() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010E] = "secret place"
    exif.get_ifd(0x8825)[1] = "N"
    return jpeg((750, 600), exif=exif, comment=b"secret comment")


def archive(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, data)
    return out.getvalue()


HTML = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
JS = DictionaryObject(
    {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
)
SCRIPTS = DictionaryObject({NameObject("/JavaScript"): JS})
XFA = DictionaryObject({NameObject("/XFA"): ArrayObject()})

REFUSED: dict[str, tuple[str, bytes, str]] = {
    "svg": ("a.svg", SVG, "not a PDF, JPG or PNG"),
    "svg as png": ("a.png", SVG, "not a PDF, JPG or PNG"),
    "svg with declaration": ("a.svg", b'<?xml version="1.0"?>' + SVG, "not a PDF"),
    "html": ("a.html", HTML, "not a PDF"),
    "html as pdf": ("a.pdf", HTML, "not a PDF"),
    "html before pdf": ("a.pdf", HTML + pdf(), "not a PDF"),
    "gif": ("a.gif", b"GIF89a" + bytes(20), "not a PDF"),
    "bmp": ("a.bmp", b"BM" + bytes(60), "not a PDF"),
    "tiff": ("a.tif", b"II*\x00" + bytes(60), "not a PDF"),
    "webp": ("a.webp", b"RIFF\x00\x00\x00\x00WEBP", "not a PDF"),
    "zip": ("a.zip", archive("a", b"x"), "not a PDF"),
    "zip as pdf": ("a.pdf", archive("a", b"x"), "not a PDF"),
    "rar": ("a.rar", b"Rar!\x1a\x07\x00" + bytes(20), "not a PDF"),
    "doc": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "not a PDF"),
    "docm": ("a.docm", archive("word/vbaProject.bin", b"x"), "not a PDF"),
    "xlsx": ("a.xlsx", archive("xl/workbook.xml", b"<x/>"), "not a PDF"),
    "exe": ("a.exe", b"MZ" + bytes(200), "not a PDF"),
    "exe as jpg": ("a.jpg", b"MZ" + bytes(200), "not a PDF"),
    "text": ("a.txt", b"hello", "not a PDF"),
    "one byte": ("a.pdf", b"%", "not a PDF"),
    "jpeg named html": ("a.html", jpeg(), "its name says otherwise"),
    "jpeg named pdf": ("a.pdf", jpeg(), "its name says otherwise"),
    "jpeg named png": ("a.png", jpeg(), "its name says otherwise"),
    "png named jpg": ("a.jpg", png(), "its name says otherwise"),
    "pdf named jpg": ("a.jpg", pdf(), "its name says otherwise"),
    "pdf named exe": ("a.pdf.exe", pdf(), "its name says otherwise"),
    "no extension": ("photo", jpeg(), "its name says otherwise"),
    "jpeg header only": ("a.jpg", b"\xff\xd8\xff\xe0", "damaged"),
    "jpeg header and html": ("a.jpg", b"\xff\xd8\xff\xe0" + HTML, "damaged"),
    "jpeg truncated": ("a.jpg", jpeg()[:2000], "damaged"),
    "jpeg cut at the end": ("a.jpg", jpeg()[:-400], "damaged"),
    "png header only": ("a.png", b"\x89PNG\r\n\x1a\n", "damaged"),
    "png truncated": ("a.png", png()[:60], "damaged"),
    "png with a wrong sum": ("a.png", png()[:40] + b"\xff\xff" + png()[42:], "damaged"),
    "png bomb": ("a.png", png((13_000, 13_000), "1"), "million pixels"),
    "png bomb of Pillow's own limit": ("a.png", png((20_000, 20_000), "1"), "million pixels"),
    "png just too large": ("a.png", png((4_001, 4_000), "1"), "million pixels"),
    "pdf header only": ("a.pdf", b"%PDF-1.7\n", "damaged"),
    "pdf truncated": ("a.pdf", pdf()[:400], "damaged"),
    "pdf without pages": ("a.pdf", pdf(pages=0), "damaged"),
    "pdf with a zip behind": ("a.pdf", pdf() + archive("a", b"x"), "damaged"),
    "pdf with html behind": ("a.pdf", pdf() + HTML, "damaged"),
    "pdf of rubbish": ("a.pdf", b"%PDF-1.7\n" + os.urandom(4000) + b"\n%%EOF\n", "damaged"),
    "pdf with its table destroyed": ("a.pdf", pdf().replace(b"/Root", b"/R00t"), "damaged"),
    "pdf with too many pages": ("a.pdf", pdf(pages=501), "501 pages"),
    "pdf encrypted": ("a.pdf", pdf(lambda w: w.encrypt("x", algorithm="RC4-128")), "protected"),
    "pdf with usage rights": ("a.pdf", pdf(lambda w: w.encrypt("", "x", algorithm="RC4-128")), "protected"),
    "pdf with script": ("a.pdf", pdf(root_entry("/Names", SCRIPTS)), "scripts"),
    "pdf hiding a script": (
        "a.pdf",
        pdf(root_entry("/OpenAction", JS)).replace(b"/OpenAction", b"/Open#41ction").replace(b"/JS", b"/#4aS"),
        "scripts",
    ),
    "pdf opening a script": ("a.pdf", pdf(root_entry("/OpenAction", JS)), "scripts"),
    "pdf with attachment": ("a.pdf", pdf(lambda w: w.add_attachment("a.exe", b"MZ")), "scripts"),
    "pdf launching": ("a.pdf", pdf(page_action("/Launch")), "scripts"),
    "pdf sending forms": ("a.pdf", pdf(page_action("/SubmitForm")), "scripts"),
    "pdf importing": ("a.pdf", pdf(page_action("/ImportData")), "scripts"),
    "pdf opening another file": ("a.pdf", pdf(page_action("/GoToR")), "scripts"),
    "pdf with extra actions": ("a.pdf", pdf(root_entry("/AA", DictionaryObject())), "scripts"),
    "pdf with xfa": ("a.pdf", pdf(root_entry("/AcroForm", XFA)), "scripts"),
    "pdf opening an address": (
        "a.pdf", pdf(root_entry("/OpenAction", DictionaryObject({NameObject("/S"): NameObject("/URI")}))), "scripts"
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _lenient_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    """What WeasyPrint's import does to the whole process; half pictures must be refused all the same."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_the_reason(case: str) -> None:
    name, data, words = REFUSED[case]
    with pytest.raises(files.UploadRefused) as refused:
        inspection.inspect(data, name)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("name", "data", "content_type", "pages"),
    [
        ("证书.pdf", pdf(), "application/pdf", 2),
        (
            "A.PDF",
            pdf(root_entry("/OpenAction", DictionaryObject({NameObject("/S"): NameObject("/GoTo")}))),
            "application/pdf",
            2,
        ),
        ("a.pdf", pdf() + b"\r\n", "application/pdf", 2),
        ("a.JPG", jpeg(), "image/jpeg", None),
        ("a.jpeg", jpeg(), "image/jpeg", None),
        ("a.png", png(mode="RGBA"), "image/png", None),
        ("a.png", png(mode="P"), "image/png", None),
    ],
)
def test_taken(name: str, data: bytes, content_type: str, pages: int | None) -> None:
    found = inspection.inspect(data, name)
    assert (found.content_type, found.pages) == (content_type, pages)


def test_pictures_keep_nothing_but_their_pixels() -> None:
    tail = b"<script>alert(1)</script>" + archive("a", b"x")
    kept = inspection.inspect(with_gps() + tail, "a.jpg").content
    assert not [rest for rest in (b"secret", b"script", b"PK") if rest in kept]
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.size == (600, 750)  # turned upright
        assert not picture.getexif()
        assert "comment" not in picture.info


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\temp\\证书.pdf", "证书.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("e\u0301.pdf", "é.pdf"),
        ("a\r\nb\x00.pdf", "ab.pdf"),
        ('<img src="x">.jpg', "_img src=_x__.jpg"),
        ("", "file"),
        ("..", "file"),
        ("长" * 200 + ".pdf", "长" * 96 + ".pdf"),
    ],
)
def test_names_are_data(given: str, kept: str) -> None:
    assert files.clean_filename(given) == kept
    assert len(files.clean_filename(given)) <= 100


@pytest.mark.django_db
class TestStored:
    @pytest.fixture
    def owner(self) -> Any:
        return get_user_model().objects.create(username="applicant")

    def accept(self, owner: Any, name: str, data: bytes) -> Upload:
        return files.accept_upload(SimpleUploadedFile(name, data, "text/html"), owner=owner)

    def test_row_and_file(self, owner: Any) -> None:
        data = pdf()
        upload = self.accept(owner, "../证书.pdf", data)
        upload.refresh_from_db()
        assert (upload.original_name, upload.content_type, upload.pages, upload.size) == (
            "证书.pdf",
            "application/pdf",
            2,
            len(data),
        )
        assert upload.scan == Upload.Scan.WAIVED
        path = files.root() / files.upload_name(upload)
        assert path.name == str(upload.pk)
        assert path.stat().st_mode & 0o077 == 0
        assert files.open_upload(upload) == data

    @pytest.mark.parametrize(("size", "words"), [(0, "empty"), (10 * 1024 * 1024 + 1, "larger than 10 MB")])
    def test_sizes(self, owner: Any, size: int, words: str) -> None:
        with pytest.raises(files.UploadRefused, match=words):
            self.accept(owner, "a.pdf", bytes(size))
        assert not Upload.objects.exists()
        assert not files.root().exists()

    @pytest.mark.parametrize(("answer", "scan"), [("clean", "clean"), ("unscanned", "unscanned")])
    def test_scanner(self, owner: Any, settings: Any, answer: str, scan: str) -> None:
        settings.PORTAL_SCANNER = f"{__name__}.says_{answer}"
        assert self.accept(owner, "a.pdf", pdf()).scan == scan

    def test_infected_files_are_gone(self, owner: Any, settings: Any) -> None:
        settings.PORTAL_SCANNER = f"{__name__}.says_infected"
        with pytest.raises(files.UploadRefused, match="virus scanner"):
            self.accept(owner, "a.pdf", pdf())
        assert not [path for path in files.root().rglob("*") if path.is_file()]
        assert not Upload.objects.exists()

    def test_without_scanner_or_waiver(self, owner: Any, settings: Any) -> None:
        settings.PORTAL_SCAN_WAIVED = False
        assert self.accept(owner, "a.pdf", pdf()).scan == Upload.Scan.UNSCANNED

    def test_delivery(self, owner: Any) -> None:
        upload = self.accept(owner, '证"书.pdf', pdf())
        response = files.serve(upload)
        assert (
            response["Content-Disposition"]
            == "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E8%AF%81_%E4%B9%A6.pdf"
        )
        assert (response["X-Content-Type-Options"], response["Content-Type"]) == ("nosniff", "application/pdf")
        assert "no-store" in response["Cache-Control"]
        assert "sandbox" in response["Content-Security-Policy"]
        assert response.content == files.open_upload(upload)

    def test_one_flipped_bit_is_not_delivered(self, owner: Any) -> None:
        upload = self.accept(owner, "a.pdf", pdf())
        assert files.damaged() == []
        path = files.root() / files.upload_name(upload)
        data = bytearray(path.read_bytes())
        data[50] ^= 1
        path.write_bytes(data)
        with pytest.raises(files.DamagedFile):
            files.serve(upload)
        assert files.damaged() == [files.upload_name(upload)]
        path.unlink()
        with pytest.raises(files.DamagedFile):
            files.serve(upload)

    def test_papers_lie_under_their_hash(self) -> None:
        kept = files.store_bytes(b"paper", "pdf")
        name, sha256 = kept.name, kept.sha256
        assert files.store_bytes(b"paper", "pdf") == kept == files.Kept(name, hashlib.sha256(b"paper").hexdigest(), 5)
        document = StoredDocument(code="3-1", title="申请函", kind="pdf", name=name, sha256=sha256, size=5)
        assert files.open_stored(document) == b"paper"
        assert files.serve(document)["Content-Disposition"].endswith(
            "filename*=UTF-8''3-1%20%E7%94%B3%E8%AF%B7%E5%87%BD.pdf"
        )

    def test_orphans_are_swept_after_a_day(self, owner: Any) -> None:
        upload = self.accept(owner, "a.pdf", pdf())
        paper = files.store_bytes(b"kept", "pdf")
        kept = paper.name
        StoredDocument.objects.create(code="x", title="x", kind="pdf", name=kept, sha256=paper.sha256, size=4)
        orphan = files.store_bytes(b"orphan", "pdf").name
        fresh = files.store_bytes(b"fresh", "pdf").name
        lost: Path = files.root() / "uploads" / "ab" / ".new-x"
        lost.parent.mkdir(parents=True, exist_ok=True)
        lost.touch()
        old = (dt.datetime.now(dt.UTC) - dt.timedelta(days=2)).timestamp()
        for name in (files.upload_name(upload), kept, orphan, "uploads/ab/.new-x"):
            os.utime(files.root() / name, (old, old))
        assert files.sweep_orphans() == 2
        assert files.sweep_orphans() == 0
        assert files.damaged() == []
        assert (files.root() / fresh).exists()
        assert not (files.root() / orphan).exists()


def says_clean(_path: Path) -> str:
    return "clean"


def says_unscanned(_path: Path) -> str:
    return "unscanned"


def says_infected(_path: Path) -> str:
    return "infected"
