"""A correction slip to its end: one row opens, what changed stands side by side, the unit publicises again."""

import datetime as dt
import functools
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from applications.models import Declaration, Signature
from applications.rules.comparison import label_of_item
from applications.rules.unit import missing_marks
from applications.services import changes, drafts
from applications.services import examination as office
from applications.services.files import set_photo
from appraisal_portal.accounts.models import Membership, Person, User
from appraisal_portal.home.story import seals
from appraisal_portal.home.story import unit as story
from appraisal_portal.home.story.city import PASSWORD
from appraisal_portal.home.story.people import photo_jpeg
from appraisal_portal.kernel.workflow import Blocked, WrongState
from tests.applications.steps import read, rows, section, sign
from tests.factories.unit_stage import MONDAY, PUBLICITY_OVER, a_stage, recommended
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_stage)]
REASON = "本人排名与获奖证书不一致，请核对。"


@pytest.fixture
def case(clock):
    city, cycle = a_stage()
    clock(MONDAY)
    [declaration] = recommended(city, cycle, 71)
    clock(PUBLICITY_OVER)
    story.forward(declaration)
    story.accept(declaration)
    return declaration


def page(user, name, *args):
    client = Client()
    client.force_login(user)
    return client, client.get(reverse(f"applications:{name}", args=args))


def read_by(user, name, case):
    return page(user, name, case.pk)[1].content.decode()


def changed_number(declaration):
    Person.objects.filter(pk=declaration.applicant_id).update(phone="13912345678", email="new@example.com")


def ask(declaration, kind="achievements"):
    row = getattr(declaration, kind).first()
    story.ask_supplement(declaration, {f"{kind}:{row.pk}": REASON})
    return row


def fresh(declaration):
    return Declaration.objects.get(pk=declaration.pk)


def test_a_slip_naming_one_row_opens_one_row(case):
    row = ask(case)
    other = case.achievements.exclude(pk=row.pk).first()
    client, shown = page(case.applicant.user, "my-section", case.pk, "achievements")
    forms = {form.instance.pk: form for form in shown.context["page"].formsets[0][1].forms}
    assert not forms[row.pk].fields["title"].disabled
    assert forms[other.pk].fields["title"].disabled
    assert None not in forms  # no empty row to add one
    assert REASON in shown.content.decode()
    data = rows(fresh(case), "achievements")
    at = next(key for key, value in data.items() if key.endswith("-id") and value == other.pk).removesuffix("-id")
    refused = client.post(section(case, "achievements"), data | {f"{at}-title": "别的业绩"})
    assert refused.status_code == 422
    assert other.title in refused.content.decode()
    other.refresh_from_db()
    assert other.title != "别的业绩"
    assert client.post(section(case, "education"), rows(case, "educations")).status_code == 409
    at = next(key for key, value in data.items() if key.endswith("-id") and value == row.pk).removesuffix("-id")
    assert client.post(section(case, "achievements"), data | {f"{at}-rank": "3/9"}).status_code == 302
    row.refresh_from_db()
    assert row.rank == "3/9"
    assert reverse("applications:my-fix", args=[case.pk]) in shown.content.decode()  # where it leads back to
    assert "保存并返回任务清单" not in shown.content.decode()
    fix = client.get(reverse("applications:my-fix", args=[case.pk]))
    assert [(item["label"], item["done"]) for item in fix.context["items"]] == [(f"业绩成果：{row.title}", True)]
    assert "已更正" in fix.content.decode()


def test_an_entry_added_under_a_slip_is_saved_while_typing_and_stays_open(case):
    """The slip asks for a further entry; what is typed has a number at once and is the further entry all the same."""
    story.ask_supplement(case, {"achievements:new": REASON})
    there = list(case.achievements.values_list("pk", flat=True))
    client, shown = page(case.applicant.user, "my-section", case.pk, "achievements")
    assert f'data-autosave="{section(case, "achievements")}"' in shown.content.decode()
    post, _fields = read(shown)
    new = f"achievements-{len(there)}"
    for title in ("林业科技", "林业科技进步奖"):
        sent = post | {f"{new}-kind": "award", f"{new}-title": title}
        said = client.post(section(case, "achievements"), sent, headers={"X-Requested-With": "autosave"}).json()
        assert said["text"].startswith("草稿已于")
        post["version"] = said["version"]
    added = case.achievements.exclude(pk__in=there).get()
    shown = client.get(section(case, "achievements"))
    post, fields = read(shown)
    shut = {form.instance.pk: form.fields["title"].disabled for form in shown.context["page"].formsets[0][1].forms}
    assert shut == {**dict.fromkeys(there, True), added.pk: False, None: False}
    at = next(
        name.removesuffix("-id") for name, value in post.items() if name.endswith("-id") and value == str(added.pk)
    )
    assert client.post(section(case, "achievements"), post | {f"{at}-role": "主持"}).status_code == 302
    added.refresh_from_db()
    assert (added.title, added.role) == ("林业科技进步奖", "主持")
    assert not fields[f"{at}-DELETE"].disabled
    post["version"] = fresh(case).form_version
    assert client.post(section(case, "achievements"), post | {f"{at}-DELETE": "on"}).status_code == 302
    assert list(case.achievements.values_list("pk", flat=True)) == there


def test_a_year_emptied_while_typing_is_still_there_for_another_result(case):
    """Taken out of a slip's page it could not come back: a removal needs the button, here as with other rows."""
    year = case.assessments.first()
    story.ask_supplement(case, {f"assessments:{year.pk}": REASON})
    client, shown = page(case.applicant.user, "my-section", case.pk, "assessments")
    post, _fields = read(shown)
    for result in ("", "excellent"):
        sent = post | {f"y{year.year}-result": result}
        said = client.post(section(case, "assessments"), sent, headers={"X-Requested-With": "autosave"}).json()
        assert said["text"].startswith("草稿已于")
        post["version"] = said["version"]
        assert case.assessments.filter(pk=year.pk).exists()
    assert client.post(section(case, "assessments"), post | {f"y{year.year}-result": ""}).status_code == 302
    assert not case.assessments.filter(pk=year.pk).exists()


def test_what_changed_stands_side_by_side_and_the_unit_publicises_again(case, clock):
    """Guard ``changes_confirmed_and_publicised`` of qualify."""
    row = ask(case)
    old = row.rank
    story.correct(case, f"achievements:{row.pk}", rank="3/9")
    story.supply(fresh(case))
    case = fresh(case)
    slip = case.correction_slips.get()
    assert (slip.follows, slip.settled_at) == ("publicise", None)
    item = slip.items.get()
    assert (item.before["rank"], item.after["rank"], item.done) == (old, "3/9", True)
    for user in (case.applicant.user, story.clerk_of(case), story.officer_of(case)):
        client = Client()
        client.force_login(user)
        body = client.get(reverse("applications:declaration-changes", args=[case.pk])).content.decode()
        assert "<ins>3/9</ins>" in body or user != case.applicant.user
    with pytest.raises(Blocked) as refused:
        story.qualify(case)
    assert any(label_of_item(item) in str(problem) or row.title in str(problem) for problem in refused.value.problems)
    assert f"先由{case.unit}确认补正后的内容并重新公示" in read_by(story.officer_of(case), "office-declaration", case)
    assert f"现在由{case.unit}确认您补正的内容并重新公示" in read_by(case.applicant.user, "my-detail", case)
    story.confirm_changes(fresh(case))
    # The unit has an electronic seal by now: the head puts it on with the signature, and what was sealed before stays.
    seal = seals.registered(case.unit)
    with pytest.raises(Blocked):  # the publicity still runs
        story.sign_changes(fresh(case))
    with pytest.raises(Blocked):
        story.qualify(fresh(case))
    clock(PUBLICITY_OVER + dt.timedelta(days=21))
    head = story.head_of(case)
    client, shown = page(head, "unit-changes-sign", case.pk)
    assert reverse("accounts:unitseal-file", args=[seal.pk, "picture"]) in shown.content.decode()
    assert "签名并盖章" in shown.content.decode()
    signs = reverse("applications:unit-changes-sign", args=[case.pk])
    assert client.post(signs, {"password": PASSWORD, "seen_seal": "YZ2026-9999"}).status_code == 422
    assert client.post(signs, {"password": PASSWORD, "seen_seal": seal.number}).status_code == 302
    marks = Signature.objects.filter(undertaking__declaration=case, mark="seal").order_by("pk")
    assert [(mark.method, mark.seal) for mark in marks] == [("scan", None), ("e_seal", seal)]
    assert case.correction_slips.get().settled_at is not None
    assert "先由" not in read_by(story.officer_of(case), "office-declaration", case)
    assert "现在由评委会办公室办理" in read_by(case.applicant.user, "my-detail", case)
    story.qualify(fresh(case))
    assert fresh(case).status == "qualified"


def test_a_head_who_signed_before_the_unit_had_a_seal_puts_it_on_afterwards(case, clock):
    row = ask(case)
    story.correct(case, f"achievements:{row.pk}", rank="3/9")
    story.supply(fresh(case))
    story.confirm_changes(fresh(case))
    clock(PUBLICITY_OVER + dt.timedelta(days=21))
    head, clerk = story.head_of(case), story.clerk_of(case)
    signs = reverse("applications:unit-changes-sign", args=[case.pk])
    client, _shown = page(head, "unit-changes-sign", case.pk)
    assert client.post(signs, {"password": PASSWORD, "seen_seal": ""}).status_code == 302
    assert missing_marks(fresh(case)) == ["seal"]
    assert client.post(signs, {"password": PASSWORD, "seen_seal": ""}).status_code == 409  # no seal yet
    seal = seals.registered(case.unit)
    assert "请在保证书上加盖电子印章" in page(clerk, "unit-declaration", case.pk)[1].content.decode()
    shown = client.get(signs).content.decode()
    assert reverse("accounts:unitseal-file", args=[seal.pk, "picture"]) in shown
    assert "加盖电子印章</button>" in shown
    told = page(clerk, "unit-seal", case.pk)[1].content.decode()
    assert "不用上传扫描件" in told
    assert client.post(signs, {"password": PASSWORD, "seen_seal": seal.number}).status_code == 302
    mark = Signature.objects.get(undertaking__declaration=case, undertaking__voided_at=None, mark="seal")
    assert (mark.method, mark.seal, mark.user) == ("e_seal", seal, head)
    assert case.correction_slips.get().settled_at is not None
    assert client.post(signs, {"password": PASSWORD, "seen_seal": seal.number}).status_code == 409


def test_what_is_corrected_is_not_asked_about(case):
    """Everything is corrected and the signature missing: only that is said."""
    row = ask(case)
    client, _shown = page(case.applicant.user, "my-fix", case.pk)
    type(row).objects.filter(pk=row.pk).update(rank="3/9")
    refused = client.post(reverse("applications:my-fix", args=[case.pk]))
    assert refused.status_code == 422
    assert "签署" in refused.content.decode()
    assert "请先逐项补正" not in refused.content.decode()
    assert "as_it_is" not in refused.content.decode()


def test_a_new_telephone_number_stops_no_supplement(case):
    """Changed on the page of the account while a slip is open: nobody asked for it on the form, where it cannot be
    turned back."""
    story.ask_supplement(case, {"person.current_post": REASON})
    changed_number(case)
    client, shown = page(case.applicant.user, "my-section", case.pk, "person")
    post = {name: value for name, value in shown.context["page"].form.initial.items() if value is not None}
    post |= {"version": fresh(case).form_version, "current_post": "高级技术主管"}
    assert client.post(section(case, "person"), post).status_code == 302
    fix = reverse("applications:my-fix", args=[case.pk])
    assert sign(client, case).status_code == 302
    answer = client.post(fix)
    assert answer.status_code == 302, answer.content.decode()
    assert fresh(case).status == "in_examination"


def test_a_changed_claim_is_signed_before_it_is_supplied(case):
    """Guard ``changed_claims_signed`` of supply."""
    row = ask(case)

    def write(locked):
        locked.achievements.filter(pk=row.pk).update(rank="3/9")

    drafts.save_section(case, "achievements", fresh(case).form_version, user=case.applicant.user, write=write)
    with pytest.raises(Blocked):
        story.supply(fresh(case))
    client = Client()
    client.force_login(case.applicant.user)
    undertaking = client.get(reverse("applications:my-undertaking", args=[case.pk]))
    client.post(
        reverse("applications:my-undertaking", args=[case.pk]),
        {"password": PASSWORD, "text_sha256": undertaking.context["text_sha256"]},
    )
    story.supply(fresh(case))
    assert fresh(case).status == "in_examination"


def test_without_a_change_of_a_claim_the_office_decides_at_once(case):
    ask(case)
    story.supply(fresh(case))
    assert case.correction_slips.get().follows == ""
    with pytest.raises(WrongState):
        changes.confirm_known(fresh(case), {}, actor=story.clerk_of(case))
    story.qualify(fresh(case))
    assert fresh(case).status == "qualified"


def test_a_new_photo_stands_beside_the_one_before(case):
    """Both pictures are looked at, by the office as well; a hash says nothing to anybody."""
    before = case.photos.get()
    story.ask_supplement(case, {"photo": "照片背景不符合要求。"})
    picture = SimpleUploadedFile("照片.jpg", photo_jpeg(99), "image/jpeg")
    put = functools.partial(set_photo, file=picture, owner=case.applicant.user)
    drafts.save_section(fresh(case), "photo", fresh(case).form_version, user=case.applicant.user, write=put)
    story.supply(fresh(case))
    client, shown = page(story.officer_of(case), "declaration-changes", case.pk)
    sources = re.findall(r'<img class="photo" src="([^"]+)"[^>]*alt="([^"]+)"', shown.content.decode())
    assert '<tr class="faces">' in shown.content.decode()  # beside each other on a telephone, too
    assert re.search(r"<h2>[^<]*要求补正（评委会办公室），[^<]*已补正</h2>", shown.content.decode()), (
        "it is answered, and headed so"
    )
    after = case.photos.get(current=True)
    files = [reverse("applications:declaration-file", args=[case.pk, row.upload_id]) for row in (before, after)]
    assert sources == [(files[0], "之前：照片"), (files[1], "变更后：照片")]
    assert [client.get(address).headers["Content-Type"] for address in files] == ["image/jpeg"] * 2
    stranger, _shown = page(User.objects.filter(memberships__role="juror").first(), "declaration-changes", case.pk)
    assert stranger.get(files[0]).status_code == 404


def test_whoever_wrote_it_a_slip_names_its_items_in_the_readers_language(case):
    """The section and the field are the portal's words; what names the row and the reason are as they were typed."""
    school, code = case.educations.first(), next(iter(case.content()["attachments"]))
    asked = (f"education:{school.pk}.finished_on", "achievements:new", f"attachments:{code}")
    with translation.override("en"):  # of the clerk
        story.ask_supplement(case, dict.fromkeys((*asked, "person.phone"), REASON))
    named = f"{school.school} {school.major}"
    attachment = next(entry.label for entry in case.asked.evidence if entry.code == code)
    for language, words in (
        (
            "zh-hans",
            (f"学历学位：{named}：毕业时间", "业绩成果：补充一项", f"附件材料：{attachment}", "个人信息：手机号码"),
        ),
        ("en", (f"Education: {named}: Finished on", "Achievements: a further entry", f"Attachments: {attachment}")),
    ):
        client = Client(headers={"accept-language": language})
        for user, name in ((case.applicant.user, "my-fix"), (story.officer_of(case), "office-declaration")):
            client.force_login(user)
            shown = client.get(reverse(f"applications:{name}", args=[case.pk])).content.decode()
            assert [word for word in words if word not in shown] == [], (language, name)
            assert REASON in shown


def test_a_reply_that_corrects_nothing_is_sent_only_when_said_so(case):
    """One press too early would use up the one supplement: what is not corrected is named, and nothing is sent."""
    story.ask_supplement(case, {"hours": REASON, "attachments:hours": "证明不清楚"})
    client, shown = page(case.applicant.user, "my-fix", case.pk)
    assert "评委会办公室只一次性告知，提交后这些内容不能再改。" in shown.content.decode()
    path = reverse("applications:my-fix", args=[case.pk])
    refused = client.post(path)
    assert refused.status_code == 422
    assert "请先逐项补正，或者确认内容无须修改。" in refused.content.decode()
    assert refused.content.decode().count(">待补正</span>") >= 2
    assert refused.content.decode().count('class="summary-err"') == 1
    assert 'href="#id_as_it_is"' in refused.content.decode()
    assert fresh(case).status == "supplement"
    assert client.post(path, {"as_it_is": "on"}).status_code == 302
    assert fresh(case).status == "in_examination"


def test_a_supplement_is_asked_for_only_once(case):
    ask(case)
    story.supply(fresh(case))
    with pytest.raises(Blocked):
        office.ask_supplement(fresh(case), {"hours": REASON}, actor=story.officer_of(case), reason=REASON)
    assert case.correction_slips.count() == 1


def test_p17_another_unit_and_another_applicant_see_no_changes(case):
    ask(case)
    other = Membership.objects.filter(role="unit_clerk").exclude(organisation=case.unit).first().user
    stranger = User.objects.filter(person__isnull=False).exclude(pk=case.applicant.user_id).first()
    for user in filter(None, (other, stranger)):
        client, shown = page(user, "declaration-changes", case.pk)
        assert shown.status_code == 404
        shut = client.get(reverse("applications:my-archive-add", args=[case.pk])).status_code
        assert shut == (404 if user == stranger else 403)  # staff without a person have no archive at all
