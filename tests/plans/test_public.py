"""The public column: bytes, no session and no user, not modified until something is decided, fixed queries."""

import datetime as dt
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from appraisal_portal.home.story.cycle import own_notice
from appraisal_portal.home.story.people import evidence_pdf
from appraisal_portal.kernel import clock
from committees.plans import services
from committees.plans.models import Notice, PlanLine, Series, Subfield
from committees.plans.views import public
from committees.plans.workflow import NOTICE
from tests.factories.plans import a_cycle

pytestmark = pytest.mark.django_db
PAGES = ("plans:notice-list", "plans:standard-list", "plans:plan-public", "plans:where")


@pytest.mark.parametrize("name", PAGES)
def test_empty_pages_say_what_to_do(client, name):
    services.load_register()
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert not response.cookies


def test_pages_show_what_was_approved_and_touch_no_session(client):
    _city, cycle = a_cycle()
    notice = Notice.objects.public().get(committee__code="109")
    pages = {
        reverse("plans:notice-list"): notice.title,
        notice.get_public_url(): "申报人员对申报材料的真实性负责",
        reverse("plans:standard-list"): cycle.committee("109").name,
        reverse("plans:standard-detail", args=[cycle.standard("109").standard_id]): "继续教育学时证明",
        reverse("plans:plan-public"): f"{cycle.line('109').closes_on:%Y-%m-%d}",
        reverse("plans:plan-year", args=[cycle.year]): cycle.committee("201").name,
    }
    for url, text in pages.items():
        response = client.get(url)
        assert response.status_code == 200, url
        assert text.encode() in response.content, url
        assert not response.cookies, url
    assert client.get(reverse("plans:plan-year", args=[2050])).status_code == 404


def test_pages_never_read_session_or_user(rf):
    """Neither attribute exists on the request: a page that asked would fail."""
    _city, cycle = a_cycle(committees=("forestry",))

    for view, kwargs in (
        (public.NoticeList, {}),
        (public.NoticeDetail, {"pk": Notice.objects.get().pk}),
        (public.StandardList, {}),
        (public.StandardDetail, {"pk": cycle.standard("109").standard_id}),
        (public.PlanPage, {}),
        (public.WhereToApply, {}),
    ):
        response = view.as_view()(rf.get("/"), **kwargs)
        assert response.status_code == 200


@pytest.mark.notice("I.c")
def test_what_is_published_shows_at_once(client):
    city, _cycle = a_cycle(committees=("forestry",))
    assert "关于职称评审工作的通知" not in client.get(reverse("plans:notice-list")).content.decode()
    notice = own_notice(city, "关于职称评审工作的通知", "正文", attachments=["附件2-9 真实性承诺书"])
    assert "关于职称评审工作的通知" in client.get(reverse("plans:notice-list")).content.decode()
    assert "附件2-9 真实性承诺书" in client.get(notice.get_public_url()).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_query_counts_do_not_grow(client, django_assert_num_queries, count):
    city, cycle = a_cycle(committees=("forestry", "enterprise", "water")[:count])
    for name, queries in (("plans:notice-list", 2), ("plans:standard-list", 2), ("plans:plan-public", 3)):
        with django_assert_num_queries(queries):
            client.get(reverse(name))
    assert city
    assert cycle


def test_a_draft_is_nowhere_public_and_its_attachment_neither(client):
    city, cycle = a_cycle(committees=("forestry",))
    clerk = city.user("office_clerk", "forestry")
    notice = services.draft_notice(cycle.committee("109"), "还没有批准的通知", "正文")
    file = SimpleUploadedFile("附件2-1.pdf", evidence_pdf("申报表"), content_type="application/pdf")
    attachment = services.add_attachment(notice, "附件 2-1 申报表", file=file, owner=clerk)
    hidden = reverse("plans:notice-file", args=[notice.pk, attachment.pk])
    assert client.get(notice.get_public_url()).status_code == 404
    assert client.get(hidden).status_code == 404
    assert "还没有批准的通知".encode() not in client.get(reverse("plans:notice-list")).content
    NOTICE.fire(notice, "submit", actor=city.user("committee_director", "forestry"))
    reviewer = city.user("bureau_reviewer")
    NOTICE.fire(notice, "propose", actor=reviewer, content_hash=notice.content_hash())
    NOTICE.fire(notice, "approve", actor=city.user("bureau_approver"), content_hash=notice.content_hash())
    assert client.get(notice.get_public_url()).status_code == 404
    NOTICE.fire(notice, "publish", actor=clerk)
    assert "附件 2-1 申报表".encode() in client.get(notice.get_public_url()).content
    response = client.get(hidden)
    assert response.content.startswith(b"%PDF")
    assert response["Content-Disposition"].startswith("attachment")
    assert unquote(response["Content-Disposition"]).endswith("filename*=UTF-8''附件 2-1 申报表.pdf")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_replaced_notice_leads_to_the_new_one(client):
    city, _cycle = a_cycle(committees=("forestry",))
    old = own_notice(city, "旧通知", "正文")
    new = services.draft_notice(None, "更正通知", "正文", replaces=old)
    reviewer, approver = city.user("bureau_reviewer"), city.user("bureau_approver")
    NOTICE.fire(new, "submit", actor=reviewer)
    NOTICE.fire(new, "propose", actor=reviewer, content_hash=new.content_hash())
    NOTICE.fire(new, "approve", actor=approver, content_hash=new.content_hash())
    old.refresh_from_db()
    assert old.status == "published"  # what is public stays until its successor is public too
    NOTICE.fire(new, "publish", actor=reviewer)
    old.refresh_from_db()
    assert old.status == "superseded"
    page = client.get(old.get_public_url()).content.decode()
    assert "更正通知" in page
    assert "旧通知" not in client.get(reverse("plans:notice-list")).content.decode()


def test_channels_with_the_same_days_are_one_row(client):
    _city, cycle = a_cycle(committees=("forestry",))
    lines = PlanLine.objects.filter(committee=cycle.committee("109"))
    other = lines.filter(level="intermediate").first()
    assert client.get(reverse("plans:plan-public")).content.decode().count("<tr><td") == len({x.level for x in lines})
    PlanLine.objects.filter(pk=other.pk).update(meeting_month=other.meeting_month + dt.timedelta(days=31))
    page = client.get(reverse("plans:plan-public")).content.decode()
    assert page.count("<tr><td") == len({x.level for x in lines}) + 1
    for line in lines:
        assert line.get_channel_display() in page


def test_the_window_closes_at_midnight_on_the_page(client, clock):
    _city, cycle = a_cycle(committees=("forestry",))
    url, last = reverse("plans:plan-public"), cycle.line("109").closes_on
    clock(last)
    open_page = client.get(url)
    clock(last + dt.timedelta(days=1))
    closed = client.get(url)
    assert closed.status_code == 200
    assert b"tag green" in open_page.content
    assert b"tag green" not in closed.content


def _ask(client, subfield, employer, *, series="工程技术", level="intermediate"):
    query = {
        "series": Series.objects.get(name=series).pk,
        "subfield": Subfield.objects.get(code=subfield).pk if subfield else "",
        "level": level,
        "employer": employer,
    }
    return client.get(reverse("plans:where"), query)


def test_where_do_i_apply_answers_and_refuses_in_words(client):
    _city, cycle = a_cycle()
    page = _ask(client, "forestry", "enterprise").content.decode()
    assert cycle.committee("109").name in page
    assert f"{cycle.line('109').closes_on:%Y-%m-%d}" in page
    wrong = _ask(client, "forestry", "enterprise", series="会计")
    assert wrong.status_code == 200
    assert b"summary-err" in wrong.content
    assert client.get(reverse("plans:where"), {"series": "x", "level": "y", "employer": ""}).status_code == 200
    assert clock.today()
