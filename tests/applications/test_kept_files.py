"""Of several files on one page a bad one does not make the others be chosen again (decision 86)."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils.datastructures import MultiValueDict

from applications.models import Declaration, Material
from appraisal_portal.home.story.people import evidence_pdf, photo_jpeg
from appraisal_portal.kernel import clock as portal_clock
from appraisal_portal.kernel import kept
from appraisal_portal.kernel.models import KeptFile, Upload
from appraisal_portal.kernel.widgets import SeveralFiles
from certificates.models import Claim
from tests.applications.test_bad_files import MONDAY, a_stage, draft, registration
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_stage)]
GONE = "您之前发送的文件已不再保留"


def pdf(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, evidence_pdf(name), "application/pdf")


def no_pdf(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"MZ, a program", "application/pdf")


class Attachments:
    """The page of attachments of one draft, as its applicant opens it."""

    def __init__(self) -> None:
        self.row: Declaration = draft()
        self.url = reverse("applications:my-section", args=[self.row.pk, "attachments"])
        self.client = Client()
        self.client.force_login(self.row.applicant.user)
        self.controls = re.findall(r'type="file" name="([^"]+)"', self.client.get(self.url).content.decode())
        Material.objects.filter(declaration=self.row).update(removed=True)

    def post(self, **headers: Any) -> Any:
        self.row.refresh_from_db()
        headers = {"headers": {"X-Requested-With": "autosave"}} if headers.pop("quiet", False) else {}
        return self.client.post(self.url, {"version": self.row.form_version, **self.sent}, **headers)

    def send(self, status: int = 422, **sent: Any) -> str:
        self.sent = sent
        answer = self.post()
        assert answer.status_code == status, answer.content.decode()
        return answer.content.decode()

    def stored(self) -> list[str]:
        rows = self.row.materials.filter(removed=False).select_related("upload").order_by("code")
        return [material.upload.original_name for material in rows]


def keys(page: str, control: str) -> list[str]:
    return re.findall(rf'name="{control}-kept" value="([^"]+)"[^>]* checked', page)


@pytest.fixture
def attachments(clock: Any) -> Attachments:
    clock(MONDAY)
    return Attachments()


def test_the_good_ones_of_a_refused_page_are_kept_named_and_used_by_the_next_try(attachments: Attachments) -> None:
    first, second, third = attachments.controls[:3]
    answer = attachments.send(**{first: pdf("毕业证书.pdf"), second: no_pdf("成绩单.pdf"), third: no_pdf("聘书.pdf")})
    assert re.search(r"毕业证书\.pdf（[\d.]+\s*KB）已保留，无需重新选择", answer)
    assert "成绩单.pdf 不是 PDF、JPG 或 PNG" in answer
    assert "聘书.pdf 不是 PDF、JPG 或 PNG" in answer  # both at once
    assert keys(answer, second) == keys(answer, third) == []
    assert attachments.stored() == []
    [key] = keys(answer, first)
    again = attachments.send(**{f"{first}-kept": key, second: pdf("成绩单.pdf"), third: no_pdf("聘书.pdf")})
    assert keys(again, first) == [key]  # the same one, not another copy
    assert KeptFile.objects.count() == 2
    attachments.send(302, **{f"{first}-kept": key, f"{second}-kept": keys(again, second)[0], third: pdf("聘书.pdf")})
    assert sorted(attachments.stored()) == sorted(["毕业证书.pdf", "成绩单.pdf", "聘书.pdf"])


def test_an_unticked_one_is_left_out_and_another_one_chosen_takes_its_place(attachments: Attachments) -> None:
    first, second = attachments.controls[:2]
    answer = attachments.send(**{first: pdf("旧.pdf"), second: no_pdf("坏.pdf")})
    [key] = keys(answer, first)
    attachments.send(302, **{f"{first}-kept": key, first: pdf("新.pdf")})
    assert attachments.stored() == ["新.pdf"]
    attachments.send(302)
    assert attachments.stored() == ["新.pdf"]


def test_the_same_file_chosen_again_after_a_refusal_is_kept_once(attachments: Attachments) -> None:
    first, second = attachments.controls[:2]
    [before] = keys(attachments.send(**{first: pdf("证书.pdf"), second: no_pdf("坏.pdf")}), first)
    [key] = keys(attachments.send(**{first: pdf("证书.pdf"), second: no_pdf("坏.pdf")}), first)
    assert [str(row.pk) for row in KeptFile.objects.all()] == [key] == [before]
    folder = portal_settings.MEDIA_ROOT / "kept"
    assert [path.name for path in folder.rglob("*") if path.is_file()] == [key]
    attachments.send(302, **{f"{first}-kept": key})
    assert attachments.stored() == ["证书.pdf"]


def test_the_same_file_sent_again_proves_a_thing_once(attachments: Attachments) -> None:
    """The answer to the first post never came: the second is an old tab, the third saves what stands there."""
    first = attachments.controls[0]
    attachments.send(302, **{first: pdf("证书.pdf")})
    late = attachments.client.post(attachments.url, {"version": "0", first: pdf("证书.pdf")})
    assert late.status_code == 409
    attachments.send(302, **{f"{first}-kept": keys(late.content.decode(), first)[0]})
    assert attachments.stored() == ["证书.pdf"]
    attachments.send(302, **{first: pdf("证书 2.pdf")})  # another one joins it
    assert attachments.stored() == ["证书.pdf", "证书 2.pdf"]
    attachments.row.materials.filter(upload__original_name="证书.pdf").update(removed=True)
    attachments.send(302, **{first: pdf("证书.pdf")})  # taken away and sent anew, it counts again
    assert sorted(attachments.stored()) == ["证书 2.pdf", "证书.pdf"]


def test_a_ticked_file_chosen_again_in_a_control_for_several_is_one(attachments: Attachments, rf: Any) -> None:
    request = rf.post("/", {})
    request.user, request.resolver_match = attachments.row.applicant.user, None
    with kept.asked_by(request):
        key = kept.keep(pdf("证书.pdf"), 10**7)
        sent = QueryDict(f"files-kept={key}"), MultiValueDict({"files": [pdf("证书.pdf"), pdf("聘书.pdf")]})
        found = SeveralFiles().value_from_datadict(*sent, "files")
        assert [file.name for file in found] == ["证书.pdf", "聘书.pdf"]
        assert [file.read(4) for file in found] == [b"%PDF", b"%PDF"]


def test_saving_while_typing_takes_no_kept_file(attachments: Attachments) -> None:
    first, second = attachments.controls[:2]
    [key] = keys(attachments.send(**{first: pdf("证书.pdf"), second: no_pdf("坏.pdf")}), first)
    attachments.sent = {f"{first}-kept": key}
    assert attachments.post(quiet=True).json()["version"]
    assert attachments.stored() == []


def test_nobody_elses_made_up_and_old_keys_open_nothing(attachments: Attachments, clock: Any) -> None:
    first, second = attachments.controls[:2]
    [key] = keys(attachments.send(**{first: pdf("证书.pdf"), second: no_pdf("坏.pdf")}), first)
    place = registration()
    stranger = Client()
    stranger.force_login(place.user)
    photo = SimpleUploadedFile("照片.jpg", photo_jpeg(7), "image/jpeg")
    answer = stranger.post(place.url, {**place.more, "file-kept": key, "photo": photo})
    assert answer.status_code == 422
    assert GONE in answer.content.decode()
    assert "证书.pdf" not in answer.content.decode()
    assert not Claim.objects.exists()
    for hostile in (str(uuid.uuid4()), "../../etc/passwd", "'", "\x00", "x" * 5000):
        assert GONE in attachments.send(**{f"{first}-kept": hostile})
    clock(MONDAY + dt.timedelta(days=1))
    assert GONE in attachments.send(**{f"{first}-kept": key})
    assert attachments.stored() == []


def test_what_nobody_came_back_for_is_swept_with_its_bytes(attachments: Attachments, clock: Any) -> None:
    first, second = attachments.controls[:2]
    [key] = keys(attachments.send(**{first: pdf("证书.pdf"), second: no_pdf("坏.pdf")}), first)
    place = portal_settings.MEDIA_ROOT / "kept" / key[:2] / key
    assert place.exists()
    assert kept.sweep_kept() == 0
    clock(MONDAY + dt.timedelta(days=1))
    assert kept.sweep_kept() == 1
    assert not place.exists()
    assert not KeptFile.objects.exists()


def test_one_account_keeps_so_many_and_the_oldest_go_first(attachments: Attachments, settings: Any, clock: Any) -> None:
    settings.PORTAL_KEPT_FILES = 2
    first, *others, bad = attachments.controls[:4]
    [oldest] = keys(attachments.send(**{first: pdf("一.pdf"), bad: no_pdf("坏.pdf")}), first)
    clock(portal_clock.at(MONDAY, 10))
    newer = attachments.send(**{name: pdf(f"{name}.pdf") for name in others}, **{bad: no_pdf("坏.pdf")})
    assert KeptFile.objects.count() == 2
    assert GONE in attachments.send(**{f"{first}-kept": oldest})
    attachments.send(302, **{f"{name}-kept": keys(newer, name)[0] for name in others})
    assert attachments.stored() == sorted(f"{name}.pdf" for name in others)


def test_so_many_bytes_of_one_account_are_kept_the_newest_in_any_case(
    attachments: Attachments, settings: Any, clock: Any
) -> None:
    settings.PORTAL_KEPT_BYTES = 1
    first, bad = attachments.controls[:2]
    attachments.send(**{first: pdf("一.pdf"), bad: no_pdf("坏.pdf")})
    clock(portal_clock.at(MONDAY, 10))
    attachments.send(**{first: pdf("二.pdf"), bad: no_pdf("坏.pdf")})
    assert list(KeptFile.objects.values_list("original_name", flat=True)) == ["二.pdf"]


def test_a_page_takes_a_file_for_each_of_forty_achievements(attachments: Attachments) -> None:
    first = attachments.controls[0]
    attachments.send(302, **{first: pdf("证书.pdf")}, **{f"other-{n}": no_pdf(f"{n}.pdf") for n in range(42)})
    assert attachments.stored() == ["证书.pdf"]


def test_a_damaged_one_is_asked_for_again(attachments: Attachments) -> None:
    first, second = attachments.controls[:2]
    [key] = keys(attachments.send(**{first: pdf("证书.pdf"), second: no_pdf("坏.pdf")}), first)
    (portal_settings.MEDIA_ROOT / "kept" / key[:2] / key).write_bytes(b"something else")
    assert GONE in attachments.send(**{f"{first}-kept": key})


def test_a_kept_photo_is_judged_as_a_photo_again_and_a_virus_is_not_kept(clock: Any, settings: Any) -> None:
    clock(MONDAY)
    place = registration()
    client = Client()
    client.force_login(place.user)
    del place.more["photo"]
    photo = SimpleUploadedFile("照片.jpg", photo_jpeg(7), "image/jpeg")
    answer = client.post(place.url, {**place.more, "photo": photo, "file": no_pdf("证书.pdf")})
    [key] = keys(answer.content.decode(), "photo")
    settings.PORTAL_SCANNER = f"{__name__}.finds_all"
    answer = client.post(place.url, {**place.more, "photo-kept": key, "file": pdf("证书.pdf")})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "病毒扫描发现" in page
    assert keys(page, "file") == []
    settings.PORTAL_SCANNER = ""
    answer = client.post(place.url, {**place.more, "photo-kept": key, "file": pdf("证书.pdf")})
    assert answer.status_code == 302
    assert Claim.objects.get().photo.original_name == "照片.jpg"


def finds_all(path: Any) -> str:
    return Upload.Scan.INFECTED
