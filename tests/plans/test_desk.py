"""Pages of bureau and offices: who opens them, what they show, what bad input gets, how many queries they cost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from appraisal_portal.home.story.people import evidence_pdf
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.models import Outbox
from committees.plans import services
from committees.plans.models import Committee, CommitteeTerm, DecidedBy, Notice, PlanLine, ReviewPlan, StandardVersion
from committees.plans.words import NAMES, VALUES
from committees.plans.workflow import NOTICE
from tests.factories.plans import a_cycle, days

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(forestry):
    return forestry


def signed_in(client, user):
    """The client logged in as the user, in their only role."""
    client.force_login(user)
    return client


QUEUES = ("plans:plan-list", "plans:term-list", "plans:version-list", "plans:notice-queue", "plans:committee-list")


def test_who_opens_the_desk(client, told):
    city, cycle = told
    pages = [*QUEUES, "plans:calendar"]
    for name in pages:
        assert client.get(reverse(name)).status_code == 302
    expected = {
        ("bureau_reviewer", None): 200,
        ("supervisor", None): 200,
        ("office_clerk", "forestry"): 200,
        ("unit_clerk", None): 403,
        ("juror", "forestry"): 403,
    }
    for (role, office), status in expected.items():
        signed_in(client, city.user(role, office))
        for name in QUEUES:
            assert client.get(reverse(name)).status_code == status, (role, name)
    signed_in(client, city.user("office_clerk", "forestry"))
    assert client.get(reverse("plans:calendar")).status_code == 403
    assert client.get(reverse("plans:plan-new")).status_code == 403
    assert cycle


def test_details_show_content_history_and_two_persons(client, told):
    city, cycle = told
    signed_in(client, city.user("bureau_reviewer"))
    term, version = cycle.term("109"), cycle.standard("109")
    notice = Notice.objects.get(committee__code="109")
    texts = {
        cycle.plan.get_absolute_url(): f"{cycle.line('109').closes_on:%Y-%m-%d}",
        term.get_absolute_url(): term.members.first().user.full_name,
        version.get_absolute_url(): "继续教育学时证明",
        notice.get_absolute_url(): "申报人员对申报材料的真实性负责",
        cycle.committee("109").get_absolute_url(): "林业工程",
    }
    for url, text in texts.items():
        page = client.get(url)
        assert page.status_code == 200, url
        assert text in page.content.decode(), url
    page = client.get(cycle.plan.get_absolute_url()).content.decode()
    assert f"{cycle.plan.proposed_by} · {clock.local(cycle.plan.proposed_at):%Y-%m-%d %H:%M}" in page
    assert str(cycle.plan.decided_by) in page
    for words in ("评审年度前 3 年；任职年限计算至 2026-12-31", "评审委员会投票决定", "市人力社保局审定（不投票）"):
        assert words in page


def test_everything_that_is_confirmed_has_a_name(told):
    """Somebody who confirms a hash reads each field of it, and each difference, in words."""
    _city, cycle = told
    line = cycle.line("109")
    confirmed = {*line.content(), *cycle.standard("109").decision_content(), *cycle.term("109").decision_content()}
    assert confirmed <= set(NAMES)
    assert {value for value, _label in DecidedBy.choices} <= set(VALUES)


def test_names_of_members_are_secret_to_other_offices(client, told):
    city, cycle = told
    term = cycle.term("109")
    signed_in(client, city.user("office_clerk", "water"))
    page = client.get(term.get_absolute_url())
    assert page.status_code == 200
    assert not any(member.user.full_name in page.content.decode() for member in term.members.select_related("user"))


def test_drafts_of_others_do_not_exist(client, told):
    city, cycle = told
    notice = services.draft_notice(cycle.committee("109"), "未定稿的通知", "正文")
    signed_in(client, city.user("office_clerk", "water"))
    for name in ("plans:notice-desk", "plans:notice-edit", "plans:notice-attach"):
        assert client.get(reverse(name, args=[notice.pk])).status_code == 404
    assert "未定稿的通知" not in client.get(reverse("plans:notice-queue")).content.decode()
    signed_in(client, city.user("bureau_reviewer"))
    assert client.get(reverse("plans:notice-edit", args=[notice.pk])).status_code == 403


def fields_of(line):
    """A line of the plan as its form posts it."""
    fields = {name: getattr(line, name) for name in line.content()}
    fields |= {"committee": line.committee_id, "level": line.level, "channel": line.channel}
    return {**fields, "meeting_month": f"{line.meeting_month:%Y-%m}"}


@pytest.mark.notice("IV.1.a")
def test_a_plan_from_copy_to_publication_in_pages(client, told):
    city, cycle = told
    reviewer, approver = city.user("bureau_reviewer"), city.user("bureau_approver")
    signed_in(client, reviewer)
    answer = client.post(reverse("plans:plan-new"), {"year": cycle.year + 1, "source": cycle.plan.pk})
    plan = ReviewPlan.objects.get(year=cycle.year + 1)
    assert answer["Location"] == plan.get_absolute_url()
    line = plan.lines.get(channel="regular")
    fields = fields_of(line)
    edit = reverse("plans:line-edit", args=[line.pk])
    bad = client.post(edit, {**fields, "closes_on": line.opens_on - days(1), "unit_publicity_days": "0"})
    assert bad.status_code == 422
    assert bad.content.decode().count('href="#id_') == 2
    assert f"{line.opens_on - days(1):%Y-%m-%d}" in bad.content.decode()
    taken = client.post(edit, {**fields, "channel": "preliminary"})
    assert taken.status_code == 422
    nonsense = client.post(edit, {**fields, "opens_on": "3/4", "meeting_month": "13"})
    assert (nonsense.status_code, "3/4" in nonsense.content.decode()) == (422, True)
    assert client.post(edit, {**fields, "result_publicity_days": "7"}).status_code == 302
    assert plan.lines.get(pk=line.pk).result_publicity_days == 7
    other = plan.lines.exclude(pk=line.pk).first()
    assert client.post(reverse("plans:line-remove", args=[other.pk])).status_code == 302
    assert not PlanLine.objects.filter(pk=other.pk).exists()

    def do(user, transition, **data):
        signed_in(client, user)
        url = reverse("plans:plan-do", args=[plan.pk, transition])
        page = client.get(url)
        assert page.status_code == 200, transition
        plan.refresh_from_db()
        posted = {"seen_status": plan.status, "content_hash": plan.content_hash(), **data}
        return page.content.decode(), client.post(url, posted)

    assert do(reviewer, "submit")[1].status_code == 422  # last year's days of the other lines: nobody confirmed them
    for row in plan.lines.filter(dates_to_confirm=True):
        assert client.post(reverse("plans:line-edit", args=[row.pk]), fields_of(row)).status_code == 302
    assert do(reviewer, "submit")[1].status_code == 302
    assert client.get(edit).status_code == 403
    shown, answer = do(reviewer, "propose")
    assert f"{line.closes_on:%Y-%m-%d}" in shown
    assert answer.status_code == 302
    shown, answer = do(approver, "send_back", **{f"item-{line.pk}": " "})
    assert (answer.status_code, plan.get_status_display()) == (422, "待第二人审定")
    assert str(line) in shown
    said = {f"item-{line.pk}": "申报时间与采茶期冲突", "reason": "其余各项无意见。"}
    assert do(approver, "send_back", **said)[1].status_code == 302
    assert plan.records.latest("pk").reason == f"{line}：申报时间与采茶期冲突\n其余各项无意见。"
    signed_in(client, reviewer)
    assert "申报时间与采茶期冲突<br>其余各项无意见。" in client.get(plan.get_absolute_url()).content.decode()
    assert do(reviewer, "submit")[1].status_code == 302
    assert do(reviewer, "propose")[1].status_code == 302
    shown, answer = do(approver, "approve", content_hash="stale")
    assert answer.status_code == 422
    assert "没有差别" in shown or "None: the content is exactly" in shown or "完全一致" in shown
    _shown, answer = do(approver, "approve")
    assert answer.status_code == 302
    do(reviewer, "publish")
    plan.refresh_from_db()
    assert plan.status == "published"
    assert f"{plan.year}" in client.get(reverse("plans:plan-year", args=[plan.year])).content.decode()


def test_committees_propose_their_line_and_the_bureau_takes_it_over(client, told):
    """Notice IV(1), issue 5: drafted from last year, committees propose, the bureau approves."""
    city, cycle = told
    reviewer, director = city.user("bureau_reviewer"), city.user("committee_director", "forestry")
    signed_in(client, reviewer)
    client.post(reverse("plans:plan-new"), {"year": cycle.year + 1, "source": cycle.plan.pk})
    plan = ReviewPlan.objects.get(year=cycle.year + 1)
    asked = Outbox.objects.filter(key__startswith=f"plan-drafted:{plan.pk}:")
    assert asked.filter(key__endswith=f":{director.pk}").count() == 1
    line = plan.lines.get(committee=cycle.committee("109"), channel="regular", level="intermediate")
    url = reverse("plans:plan-do", args=[plan.pk, "suggest"])
    signed_in(client, director)
    assert url in client.get(plan.get_absolute_url()).content.decode()
    assert f"{line.opens_on:%Y-%m-%d}" in client.get(url).content.decode()
    said = {
        "committee": line.committee_id, "level": line.level, "channel": line.channel, "opens_on": line.opens_on,
        "closes_on": line.closes_on, "unit_deadline": line.unit_deadline + days(3),
        "meeting_month": f"{line.meeting_month:%Y-%m}", "reason": "造林季节需延后三天。", "seen_status": "draft",
    }  # fmt: skip
    other = Committee.objects.exclude(pk=line.committee_id).first()
    bad = client.post(url, {**said, "closes_on": line.opens_on - days(1), "committee": other.pk})
    assert bad.status_code == 422
    assert "造林季节需延后三天。" in bad.content.decode()
    assert client.post(url, said).status_code == 302
    record = plan.records.latest("pk")
    assert (record.transition, record.data["unit_deadline"]) == ("suggest", f"{line.unit_deadline + days(3)}")
    assert record.reason.startswith(f"{line}：申报 {line.opens_on}")
    assert "待市人力社保局" in client.get(plan.get_absolute_url()).content.decode()
    line.refresh_from_db()
    assert line.unit_deadline == said["unit_deadline"] - days(3)
    signed_in(client, reviewer)
    assert client.get(url).status_code == 403
    take = f"{reverse('plans:line-edit', args=[line.pk])}?proposal={record.pk}"
    assert take in client.get(plan.get_absolute_url()).content.decode()
    assert f"{said['unit_deadline']:%Y-%m-%d}" in client.get(take).content.decode()
    assert client.get(f"{take}x").status_code == 200
    assert client.post(take, {**fields_of(line), "unit_deadline": said["unit_deadline"]}).status_code == 302
    shown = client.get(plan.get_absolute_url()).content.decode()
    assert "与草案一致" in shown
    assert take not in shown


def test_a_stale_tab_is_told(client, told):
    city, cycle = told
    signed_in(client, city.user("bureau_approver"))
    url = reverse("plans:plan-do", args=[cycle.plan.pk, "approve"])
    assert client.get(url).status_code == 409
    assert client.post(url, {"seen_status": "proposed"}).status_code == 409


@pytest.mark.notice("IV.1.c", "IV.1.d")
def test_the_office_drafts_a_notice_with_attachment(client, told):
    city, cycle = told
    clerk = signed_in(client, city.user("office_clerk", "forestry"))
    empty = clerk.post(reverse("plans:notice-new"), {"title": "", "body": "已写的正文"})
    assert (empty.status_code, "已写的正文" in empty.content.decode()) == (422, True)
    foreign = clerk.post(reverse("plans:notice-new"), {"committee": 999, "title": "标题", "body": "正文"})
    assert foreign.status_code == 422
    answer = clerk.post(
        reverse("plans:notice-new"), {"committee": cycle.committee("109").pk, "title": "补充通知", "body": "正文"}
    )
    notice = Notice.objects.get(title="补充通知")
    assert answer["Location"] == notice.get_absolute_url()
    attach = reverse("plans:notice-attach", args=[notice.pk])
    not_a_pdf = SimpleUploadedFile("a.pdf", b"MZ not a pdf", content_type="application/pdf")
    refused = clerk.post(attach, {"title": "表格", "file": not_a_pdf})
    assert (refused.status_code, notice.attachments.count()) == (422, 0)
    file = SimpleUploadedFile("表.pdf", evidence_pdf("表"), content_type="application/pdf")
    assert clerk.post(attach, {"title": "表格", "file": file}).status_code == 302
    attachment = notice.attachments.get()
    download = clerk.get(reverse("plans:notice-attachment", args=[notice.pk, attachment.pk]))
    assert download.content.startswith(b"%PDF")
    assert (
        clerk.post(
            reverse("plans:notice-edit", args=[notice.pk]),
            {"committee": cycle.committee("109").pk, "title": "补充通知", "body": "改过的正文"},
        ).status_code
        == 302
    )
    detach = reverse("plans:notice-detach", args=[notice.pk, attachment.pk])
    assert clerk.post(detach).status_code == 302
    assert not notice.attachments.exists()


def test_the_office_drafts_a_standard_and_a_term(client, told):
    city, cycle = told
    clerk = signed_in(client, city.user("office_clerk", "forestry"))
    committee = cycle.committee("109")
    data = {
        "committee": committee.pk,
        "series": cycle.series().pk,
        "level": "intermediate",
        "effective_from": f"{clock.today() + days(90):%Y-%m-%d}",
        "summary": "新标准",
    }
    assert clerk.post(reverse("plans:version-new"), data).status_code == 302
    version = StandardVersion.objects.get(status="draft")
    before = version.standard.versions.get(version=1)
    assert (version.version, version.summary) == (2, "新标准")
    assert version.questions == before.questions  # a new version begins with what the last one asks
    assert version.evidence_required == before.evidence_required
    edit = reverse("plans:version-edit", args=[version.pk])
    assert clerk.post(edit, {**data, "summary": "改过"}).status_code == 302
    version.refresh_from_db()
    assert (version.summary, version.questions) == ("改过", before.questions)

    jurors = city.users("juror", "forestry")
    start = cycle.term("109").ends_on + days(1)
    term_data = {
        "committee": committee.pk,
        "starts_on": start,
        "ends_on": start + days(700),
        "approval_document": "备案",
        "chair": jurors[0].pk,
        "vice_chairs": [jurors[0].pk],
        "others": [user.pk for user in jurors[1:]],
    }
    twice = clerk.post(reverse("plans:term-new"), term_data)
    assert (twice.status_code, jurors[0].full_name in twice.content.decode()) == (422, True)
    assert clerk.post(reverse("plans:term-new"), {**term_data, "vice_chairs": []}).status_code == 302
    term = CommitteeTerm.objects.get(status="draft")
    assert term.members.count() == 15
    change = reverse("plans:term-edit", args=[term.pk])
    assert clerk.get(change).status_code == 200
    assert clerk.post(change, {**term_data, "vice_chairs": [], "others": []}).status_code == 302
    assert term.members.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts_of_the_desk(client, django_assert_max_num_queries, count):
    city, cycle = a_cycle(committees=("forestry", "enterprise", "water")[:count])
    signed_in(client, city.user("bureau_reviewer"))
    for name in QUEUES:
        with django_assert_max_num_queries(8):
            assert client.get(reverse(name)).status_code == 200
    for row in (cycle.plan, cycle.term("109"), cycle.standard("109"), Notice.objects.get(committee__code="109")):
        with django_assert_max_num_queries(16):
            assert client.get(row.get_absolute_url()).status_code == 200


def test_a_page_opened_after_the_change_names_it_and_offers_no_decision(client, told):
    city, _cycle = told
    reviewer = city.user("bureau_reviewer")
    notice = services.draft_notice(None, "关于做好评审工作的通知", "五月一日前申报。")
    NOTICE.fire(notice, "submit", actor=reviewer)
    NOTICE.fire(notice, "propose", actor=reviewer, content_hash=notice.content_hash())
    Notice.objects.filter(pk=notice.pk).update(body="六月一日前申报。")
    page = signed_in(client, city.user("bureau_approver")).get(reverse("plans:notice-do", args=[notice.pk, "approve"]))
    text = page.content.decode()
    assert page.status_code == 200
    assert "内容与经办人提出意见时不一致，请退回。变动：正文：五月一日前申报。 → 六月一日前申报。" in text
    assert 'name="content_hash"' not in text
