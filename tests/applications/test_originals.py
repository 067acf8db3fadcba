"""Paper originals: in through the forwarding channel, back the same way, every hand-over with two sides."""

import datetime as dt
import io
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from applications.models import Declaration, DeclarationRecord, HandOver, Originals
from applications.rules.originals import due_on, over_and_late, read_items
from applications.workflow import ORIGINALS
from appraisal_portal.home.story import originals as story
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import calendar, clock
from appraisal_portal.kernel.workflow import Blocked, NotAllowed
from tests.applications.steps import url
from tests.factories.applications import a_submitted

World = tuple[City, Cycle]
BACK = ("forwarder_receives", "office_receives", "forwarder_takes_back", "unit_takes_back", "give_back")


@pytest.fixture
def case(world: World) -> Declaration:
    city, cycle = world
    where = next(unit for unit in city.units if unit.forwarder_id)
    row = a_submitted(city, cycle, 1, unit=where, line=cycle.line("forestry"))
    Declaration.objects.filter(pk=row.pk).update(recommended_on=clock.today(), arrived_on=clock.today())
    return Declaration.objects.get(pk=row.pk)


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def set_status(case: Declaration, status: str) -> None:
    """As the later stages leave it, without telling them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE applications_declaration SET status = %s WHERE id = %s", [status, case.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_copies_are_read_from_the_line() -> None:
    lines = ["毕业证书", "发明专利证书 ×2", "聘书x3份", "获奖证书 * 1"]
    assert [(item["text"], item["copies"]) for item in read_items(lines)] == [
        ("毕业证书", 1), ("发明专利证书", 2), ("聘书", 3), ("获奖证书", 1),
    ]  # fmt: skip


@pytest.mark.django_db
def test_originals_of_a_case_over_on_a_day_are_back_ten_working_days_later() -> None:
    """Over on Friday 25 September 2026: the National Day week does not count."""
    over = clock.at(dt.date(2026, 9, 25), 15)
    last = due_on(over)
    assert last is not None
    assert last.ends_on == calendar.add_working_days(dt.date(2026, 9, 25), 10).ends_on
    assert due_on(None) is None
    assert over_and_late(last.ends_on) < dt.date(2026, 9, 25) <= over_and_late(last.ends_on + dt.timedelta(days=1))


def test_the_way_in_and_back_is_a_record_of_hand_overs(case: Declaration) -> None:
    bundle = story.taken_in(case)
    for name in BACK:
        story.moved(bundle, name)
    unit, forwarder, office = case.unit, case.unit.forwarder, case.committee.office
    rows = bundle.hand_overs.order_by("number")
    assert [(row.from_body, row.to_body) for row in rows] == [
        (None, unit), (unit, forwarder), (forwarder, office), (office, forwarder), (forwarder, unit), (unit, None),
    ]  # fmt: skip
    first, last = rows[0], rows[5]
    assert (first.from_person, last.to_person) == (case.applicant.name, case.applicant.name)
    assert (bundle.status, bundle.holder) == ("returned", None)
    with pytest.raises(DatabaseError), transaction.atomic():
        HandOver.objects.filter(pk=first.pk).update(to_person="另一人")


@pytest.mark.notice("IV.3.j")
def test_what_lies_with_the_office_goes_back_through_the_channel(case: Declaration) -> None:
    """``along_the_channel``."""
    bundle = story.taken_in(case)
    story.moved(bundle, "office_receives")
    with pytest.raises(Blocked, match="先由"):
        story.moved(bundle, "unit_takes_back")


def test_nobody_acknowledges_for_themselves_or_another_body(world: World, case: Declaration) -> None:
    bundle = story.taken_in(case)
    clerk = world[0].user("unit_clerk", case.unit)
    case.applicant.user, own = clerk, case.applicant.user
    bundle.declaration = case
    take_in = ORIGINALS.transitions["give_back"].allowed
    assert take_in.why_not(clerk, bundle) == ["这是您本人的原件，须由他人办理。"]
    case.applicant.user = own
    assert take_in(clerk, bundle)
    with pytest.raises(NotAllowed):
        ORIGINALS.fire(bundle, "forwarder_receives", actor=clerk, other="甲", handed_on=clock.today())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"other": " ", "handed_on": dt.date(2026, 5, 6)}, "另一方"),
        ({"other": "甲", "handed_on": dt.date(2026, 5, 7)}, "不能晚于今天"),
        ({"other": "甲", "handed_on": dt.date(2026, 5, 5)}, "2026-05-06"),
    ],
)
def test_a_hand_over_has_two_sides_and_a_day_in_order(case: Declaration, data: dict[str, Any], said: str) -> None:
    """``other_side_named``, ``day_in_order``."""
    bundle = story.taken_in(case)
    forwarder = story.holder("forwarder", case.unit.forwarder)
    with pytest.raises(Blocked, match=said):
        ORIGINALS.fire(bundle, "forwarder_receives", actor=forwarder, **data)
    assert bundle.hand_overs.count() == 1


def test_the_unit_takes_in_what_was_brought_once(world: World, case: Declaration) -> None:
    page = browser(world[0].user("unit_clerk", case.unit))
    data = {"items": "毕业证书\n发明专利证书 ×2", "other": case.applicant.name, "handed_on": "2026-05-06"}
    assert "收取纸质原件" in page.get(url("unit-declaration", case.pk)).content.decode()
    empty = page.post(url("originals-new", case.pk), {**data, "items": ""})
    assert (empty.status_code, Originals.objects.count()) == (422, 0)
    for _twice in range(2):
        assert page.post(url("originals-new", case.pk), data).status_code == 302
    bundle = Originals.objects.get()
    assert (bundle.items[1], bundle.copies) == ({"text": "发明专利证书", "copies": 2}, 3)


def test_nothing_is_taken_in_for_a_case_that_is_over(world: World, case: Declaration) -> None:
    """``case_under_way``, ``something_handed_in``."""
    case.status = "not_passed"
    clerk = world[0].user("unit_clerk", case.unit)
    bundle = Originals(declaration=case, items=story.ITEMS)
    said = ORIGINALS.problems(bundle, "take_in", actor=clerk, other="甲", handed_on=clock.today())
    assert [str(problem) for problem in said] == ["该申报未在办理中，不需要收取原件。"]
    bundle.items = [{"text": "", "copies": 1}]
    said = ORIGINALS.problems(bundle, "take_in", actor=clerk, other="甲", handed_on=clock.today())
    assert "请逐件写明" in str(said[0])


def test_the_applicant_reads_where_the_originals_are(case: Declaration) -> None:
    page = browser(case.applicant.user)
    assert "纸质原件" not in page.get(url("my-detail", case.pk)).content.decode()
    bundle = story.taken_in(case)
    assert f"存放于{case.unit}" in page.get(url("my-detail", case.pk)).content.decode()
    story.moved(bundle, "forwarder_receives")
    assert f"存放于{case.unit.forwarder}" in page.get(url("my-detail", case.pk)).content.decode()
    seen = page.get(url("originals-detail", bundle.pk)).content.decode()
    assert "发明专利证书" in seen
    assert "转送单位确认收到" not in seen


def test_overdue_lists_what_should_be_back(world: World, case: Declaration) -> None:
    bundle = story.taken_in(case)
    page = browser(world[0].user("unit_clerk", case.unit))
    late = f"{url('originals-list')}?tab=late"
    set_status(case, "not_passed")
    DeclarationRecord.objects.create(subject=case, transition="record_fail", source="on_roster", target="not_passed")
    last = calendar.add_working_days(clock.today(), 10).ends_on
    with clock.travel(last):
        assert case.applicant.name not in page.get(late).content.decode()
    with clock.travel(last + dt.timedelta(days=1)):
        listed = page.get(late).content.decode()
        assert case.applicant.name in listed
        assert "已逾期" in listed
        assert "已截止" not in listed
        assert "应当已退还" in page.get(url("originals-detail", bundle.pk)).content.decode()
        story.moved(bundle, "give_back")
        assert case.applicant.name not in page.get(late).content.decode()


def test_the_receipt_names_both_sides_and_every_paper(world: World, case: Declaration) -> None:
    pypdf = pytest.importorskip("pypdf")
    bundle = story.taken_in(case)
    page = browser(world[0].user("unit_clerk", case.unit))
    paper = page.get(url("originals-receipt", bundle.pk, 1))
    text = "".join(pypdf.PdfReader(io.BytesIO(paper.content)).pages[0].extract_text().split())
    for word in (case.number, f"申报人{case.applicant.name}", case.unit.name, "发明专利证书，2份", "合计3份"):
        assert word in text
    assert page.get(url("originals-receipt", bundle.pk, 2)).status_code == 404
