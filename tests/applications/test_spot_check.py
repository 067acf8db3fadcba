"""The bureau's spot check (抽查): nobody can choose who is drawn, a sampled case waits, a defect is examined again."""

import datetime as dt
import io
import json
from types import SimpleNamespace
from typing import Any

import pgtrigger
import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from applications.documents.spot_check import _content
from applications.models import Declaration, SpotCheck, SpotCheckItem
from applications.rules import spot_check as rules
from applications.rules.items import items_of
from applications.services import spot_checks
from applications.workflow import DECLARATION, SPOT_CHECK, SPOT_CHECK_ITEM
from appraisal_portal.accounts.models import Message
from appraisal_portal.home.management.commands.rehearse import Command
from appraisal_portal.home.story import procedure
from appraisal_portal.home.story import spot_check as story
from appraisal_portal.home.story import unit as office
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import chain, outbox
from appraisal_portal.kernel.workflow import Blocked, NotAllowed
from committees.plans.models import Committee
from committees.reviews.documents.outcome import facts_of, paragraphs_of
from tests.factories.unit_stage import MONDAY, PUBLICITY_OVER, a_stage, in_examination
from tests.reviews import reading
from tests.stage import begins_with, kept

DAY = dt.timedelta(days=1)
SEED_DAY = PUBLICITY_OVER + DAY  # a Wednesday
DRAWN_ON = SEED_DAY + DAY
SEED = "5e" * 32


# -- the draw, without a database --------------------------------------------------------------------------------------


def people(series: str, count: int) -> list[list[Any]]:
    return [[f"2026-{series}{place:03d}", series, place] for place in range(count)]


def test_the_draw_is_the_same_everywhere() -> None:
    """Worked out by hand once: any other order of the list, any other machine, gives these."""
    population = people("5", 40) + people("6", 3)
    found = rules.drawn(SEED, population, {"share": 5, "minimum": 1})
    assert found == rules.drawn(SEED, list(reversed(population)), {"share": 5, "minimum": 1})
    tickets = sorted(rules.ticket(SEED, row[0]) for row in people("5", 40))[:2]
    assert [rules.ticket(SEED, number) for number in found if number < "2026-6"] in (tickets, tickets[::-1])
    assert len(found) == 3
    assert found != rules.drawn("6e" * 32, population, {"share": 5, "minimum": 1})


@pytest.mark.parametrize(
    ("cases", "share", "minimum", "drawn"),
    [(40, 5, 1, 2), (41, 5, 1, 3), (3, 5, 1, 1), (3, 5, 5, 3), (100, 1, 0, 1), (7, 100, 0, 7), (200, 5, 20, 20)],
)
def test_share_rounded_up_at_least_the_minimum_at_most_all(cases: int, share: int, minimum: int, drawn: int) -> None:
    assert rules.wanted(cases, {"share": share, "minimum": minimum}) == drawn


@pytest.mark.parametrize(("share", "statuses"), [(0, ["passed"]), (101, ["passed"]), (5, []), (5, ["draft"])])
def test_rule_complete(share: int, statuses: list[str]) -> None:
    assert list(rules.rule_complete(SimpleNamespace(share=share, statuses=statuses), None))
    assert not list(rules.rule_complete(SimpleNamespace(share=5, statuses=["passed"]), None))


def test_guards_without_rows() -> None:
    """``somebody_to_draw``, ``population_as_announced``, ``every_claim_true``, ``some_claim_doubtful``,
    ``beyond_examination``, ``can_leave``."""
    assert list(rules.somebody_to_draw(SimpleNamespace(population=[]), None))
    changed = SimpleNamespace(population_hash=lambda: "a", population_sha256="b")
    assert list(rules.population_as_announced(changed, None))

    def act(**data: Any) -> Any:
        return SimpleNamespace(data=data, cause=None)

    claims = {"hours": "学时", "education:1": "学历"}
    half = act(claims=claims, judged={"hours": ["true", ""]})
    doubt = act(claims=claims, judged={"hours": ["true", ""], "education:1": ["unclear", "?"]})
    good = act(claims=claims, judged=dict.fromkeys(claims, ["true", ""]))
    assert [len(list(rules.every_claim_true(None, one))) for one in (half, doubt, good)] == [1, 1, 0]
    assert [len(list(rules.some_claim_doubtful(None, one))) for one in (half, doubt, good)] == [1, 0, 1]
    open_, rostered, passed = (
        SimpleNamespace(declaration=SimpleNamespace(status=status))
        for status in ("in_examination", "on_roster", "passed")
    )
    assert list(rules.beyond_examination(open_, act()))
    assert not list(rules.beyond_examination(passed, act()))
    assert list(rules.can_leave(rostered, act()))
    assert not list(rules.can_leave(passed, act()))


# -- with people -------------------------------------------------------------------------------------------------------


@kept
def announced() -> SpotCheck:
    """Three people in examination; the bureau announces, then the office goes on and finds one of them eligible."""
    city, cycle = a_stage()
    with procedure.clock.travel(MONDAY):
        rows = in_examination(city, cycle, 501, 502, 503)
    with procedure.clock.travel(procedure.clock.at(PUBLICITY_OVER, 15)):
        check = story.announce([rows[0].line], share=50)
    with procedure.clock.travel(procedure.clock.at(SEED_DAY, 10)):
        office.qualify(rows[0])
        office.qualify(rows[1])
    return check


pytestmark = [pytest.mark.django_db, begins_with(announced)]


def linked() -> None:
    """Within a test nothing commits: let the deferred triggers link what was recorded."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def check(clock: Any) -> SpotCheck:
    """Announced two days ago; its seed is known."""
    made = announced()
    clock(DRAWN_ON)
    return SpotCheck.objects.get(pk=made.pk)


@pytest.fixture
def sampled(check: SpotCheck) -> SpotCheck:
    """The same, drawn."""
    return story.draw(check)


def logged_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def deliver() -> None:
    for kind, key in outbox.due():
        outbox.deliver(kind, key)


def defect_in(check: SpotCheck, status: str) -> SpotCheckItem:
    """A sampled case of that status with a defect, all findings complete, its re-examination ordered."""
    item = check.items.filter(declaration__status=status).first()
    story.complete(check, {item.declaration_id: "学历证书编号与学信网不一致"})
    story.order(check)
    item.refresh_from_db()
    return item


def test_nobody_knows_the_seed_before_its_day_is_over(check: SpotCheck, clock: Any) -> None:
    """``seed_known``: refused on the seed's own day, in words on the page; the day after it is that day's last hash."""
    reviewer = holder("bureau_reviewer")
    clock(procedure.clock.at(SEED_DAY, 18))
    url = reverse("applications:spotcheck-do", args=[check.pk, "draw"])
    assert "次日才能得知" in logged_in(reviewer).post(url, {}).content.decode()
    with pytest.raises(Blocked, match="种子"):
        story.draw(check)
    clock(DRAWN_ON)
    assert logged_in(reviewer).post(url, {}).status_code == 302
    check.refresh_from_db()
    head = chain.daily_head(SEED_DAY)
    assert (check.seed, check.chain_seq, check.seed_day) == (head.hash, head.seq, SEED_DAY)
    assert check.sample == rules.drawn(head.hash, check.population, {"share": 50, "minimum": 1})
    assert sorted(item.declaration.number for item in check.items.all()) == check.sample
    assert len(check.sample) == 2
    record = check.records.get(transition="announce")
    assert record.data == {
        "rule": {"share": 50, "minimum": 1}, "population": 3, "population_sha256": check.population_sha256,
    }  # fmt: skip
    with pytest.raises(Exception, match="spot_check_drawn_once"), transaction.atomic():
        SpotCheck.objects.filter(pk=check.pk).update(sample=[])
    with pytest.raises(Exception, match="spot_check_announced"), transaction.atomic():
        SpotCheck.objects.filter(pk=check.pk).update(share=99)


def test_a_day_without_a_record_gives_no_seed(check: SpotCheck, clock: Any) -> None:
    """Else the hash of the announcement itself would be the seed, and could be tried before announcing."""
    late = story.announce(check.lines.all(), share=50)
    linked()
    clock(DRAWN_ON + 4 * DAY)  # Friday brought nothing, Monday is not over
    assert spot_checks.first_seed_day(late) == DRAWN_ON + DAY
    assert spot_checks.seed_head(late) is None
    office.qualify(Declaration.objects.get(status="in_examination"))
    linked()
    clock(DRAWN_ON + 5 * DAY)
    assert spot_checks.seed_head(late).day == DRAWN_ON + 4 * DAY


def test_anybody_can_run_the_draw_again(sampled: SpotCheck, tmp_path: Any) -> None:
    """The file of the page, without a database; a file that was touched is found out, and so is another population."""
    client = logged_in(holder("supervisor"))
    page = client.get(reverse("applications:spotcheck-detail", args=[sampled.pk])).content.decode()
    assert "再次抽取：结果一致" in page
    file = tmp_path / "check.json"
    file.write_bytes(client.get(reverse("applications:spotcheck-file", args=[sampled.pk])).content)
    out = io.StringIO()
    call_command("rerun_spot_check", file, stdout=out)
    assert "2 of 3, the same sample" in out.getvalue()
    said = json.loads(file.read_text(encoding="utf-8"))
    assert not [name for name in Declaration.objects.values_list("applicant__name", flat=True) if name in str(said)]
    file.write_text(json.dumps({**said, "sample": said["sample"][:1]}), encoding="utf-8")
    with pytest.raises(CommandError, match="differs"):
        call_command("rerun_spot_check", file)
    file.write_text("[]", encoding="utf-8")
    with pytest.raises(CommandError, match="not the file"):
        call_command("rerun_spot_check", file)
    sampled.population = sampled.population[1:]
    assert not rules.runs_again(sampled)


def test_a_sampled_case_goes_no_further_before_its_finding(sampled: SpotCheck) -> None:
    """``not_frozen`` in every row that leads on; lists, reports and documents: ``tests/matrix/test_freeze.py``."""
    item = sampled.items.filter(declaration__status="qualified").first()
    stages = (
        "put_on_roster", "determine", "publish_result", "report", "approve_result", "certify", "entrust",
    )  # fmt: skip
    for name in stages:
        [problem] = [
            found
            for found in DECLARATION.problems(item.declaration, name, actor=holder("bureau_approver"))
            if "抽查" in str(found)
        ]
        assert item.declaration.number in str(problem)
        assert item.declaration.applicant.name not in str(problem)

    with pytest.raises(Blocked, match="尚未"):  # every_item_found
        SPOT_CHECK.fire(sampled, "find", actor=holder("bureau_reviewer"))
    story.complete(sampled)
    assert not list(rules.not_frozen(item.declaration, None))
    with pytest.raises(Blocked, match="没有"):  # some_defect
        SPOT_CHECK.fire(sampled, "order", actor=holder("bureau_approver"))


@pytest.mark.notice("IV.3.b")
def test_a_defect_opens_the_examination_again_and_the_report_says_all(sampled: SpotCheck) -> None:
    """``no_open_defect``: closed only after the re-examination; everybody is told what to do by when."""
    item = defect_in(sampled, "qualified")
    case = item.declaration
    assert case.status == "in_examination"
    assert item.re_examine_by == DRAWN_ON + 7 * DAY  # five working days
    deliver()
    told = Message.objects.filter(body__contains="学信网").filter(body__contains="2026-03-19（周四）")
    for user in (case.applicant.user, holder("unit_clerk", case.unit), case.handler):
        assert told.filter(user=user).count() == 1
    with pytest.raises(Blocked, match=case.number):
        SPOT_CHECK.fire(sampled, "close", actor=holder("bureau_approver"))
    with pytest.raises(Blocked):  # the examination decides, not a word here
        SPOT_CHECK_ITEM.fire(item, "confirm", actor=office.officer_of(case), reason="属实")
    story.settle(sampled)
    item.refresh_from_db()
    assert (item.status, sampled.status) == ("confirmed", "closed")
    assert not list(rules.not_frozen(case, None))
    report = logged_in(holder("bureau_approver")).get(reverse("applications:spotcheck-report", args=[sampled.pk]))
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(b"".join(report))).pages)
    content = _content(sampled)
    assert case.applicant.name in text
    assert sampled.seed[:20] in text.replace("\n", "")
    assert [row[4] for row in content["rows"] if row[0] == case.number] == ["发现问题，复审合格（2026-03-12）"]
    assert "发现问题 1 件" in content["head"][3]
    assert "按 50% 抽取" in content["head"][1]
    assert "共 3 件" in content["head"][1]


def test_beyond_the_examination_the_office_answers_and_the_bureau_takes_the_case_out(sampled: SpotCheck) -> None:
    """Not reopened: frozen until the office has its word; not eligible, an approver takes it out with a reason."""
    item = sampled.items.filter(declaration__status="qualified").first()
    case = item.declaration
    with pgtrigger.ignore("applications.Declaration:status_by_table"):
        Declaration.objects.filter(pk=case.pk).update(status="result_publicity")
    item = defect_in(sampled, "result_publicity")
    assert item.declaration.status == "result_publicity"
    stranger = holder("office_clerk", Committee.objects.exclude(office=case.committee.office_id).first().office)
    with pytest.raises(NotAllowed):
        SPOT_CHECK_ITEM.fire(item, "find_not_eligible", actor=stranger, reason="-")
    SPOT_CHECK_ITEM.fire(item, "find_not_eligible", actor=office.officer_of(case), reason="学历证书不实")
    assert list(rules.not_frozen(case, None))
    SPOT_CHECK_ITEM.fire(item, "exclude", actor=holder("bureau_approver"), reason="抽查发现学历证书不实。")
    case.refresh_from_db()
    assert (case.status, item.status) == ("rejected", "excluded")
    assert "学历证书不实" in "".join(paragraphs_of(case, facts_of(case)))
    SPOT_CHECK.fire(sampled, "close", actor=holder("bureau_approver"))


def test_the_reviewer_checks_item_by_item_and_records_on_the_page(sampled: SpotCheck) -> None:
    """Nothing typed is lost, nothing unchecked is called clear; whoever examined or is concerned does not check."""
    item = sampled.items.first()
    reviewer = holder("bureau_reviewer")
    client, url = logged_in(reviewer), reverse("applications:spotcheckitem-detail", args=[item.pk])
    page = client.get(url).content.decode()
    claims = items_of(item.declaration)
    assert all(claim.label in page for claim in claims)
    finding = reverse("applications:spotcheckitem-do", args=[item.pk, "clear"])
    assert "尚未核查" in client.post(finding, {}).content.decode()
    wrong = client.post(url, {f"result-{claims[0].control}": "false"})
    assert wrong.status_code == 422
    assert client.post(url, {f"result-{claim.control}": "true" for claim in claims}).status_code == 302
    assert client.post(finding, {}).status_code == 302
    item.refresh_from_db()
    assert item.status == "clear"
    assert client.post(url, {f"result-{claims[0].control}": "true"}).status_code == 409
    other = sampled.items.exclude(pk=item.pk).first()
    assert logged_in(holder("bureau_approver")).post(
        reverse("applications:spotcheckitem-detail", args=[other.pk]), {}
    ).status_code == 403  # fmt: skip
    with pgtrigger.ignore("applications.SpotCheckItem:status_by_table"):
        Declaration.objects.filter(pk=other.declaration_id).update(handler=reviewer)
    assert client.get(reverse("applications:spotcheckitem-do", args=[other.pk, "clear"])).status_code == 403


def test_who_sees_what(sampled: SpotCheck) -> None:
    """The office its own cases, another office nothing, the public rule and seed without a person."""
    detail = reverse("applications:spotcheck-detail", args=[sampled.pk])
    case = reverse("applications:spotcheckitem-detail", args=[sampled.items.first().pk])
    office_ = sampled.items.first().declaration.committee.office
    mine = logged_in(holder("office_clerk", office_))
    other = logged_in(holder("office_clerk", Committee.objects.exclude(office=office_).first().office))
    assert [mine.get(url).status_code for url in (detail, case)] == [200, 200]
    assert [other.get(url).status_code for url in (detail, case)] == [404, 404]
    name = sampled.items.first().declaration.applicant.name
    public = Client().get(reverse("applications:spotcheck-public")).content.decode()
    assert sampled.seed in public
    assert sampled.population_sha256 in public
    assert name not in public
    assert name in mine.get(detail).content.decode()


def test_p16_no_page_or_paper_of_a_check_names_anybody_to_whoever_has_no_part_in_it(sampled: SpotCheck) -> None:
    """By their addresses: the check, its file, its report, each case; the bureau and the supervisor read them."""
    item = defect_in(sampled, "qualified")
    story.settle(sampled)
    case = item.declaration
    pages = [reverse(f"applications:spotcheck-{name}", args=[sampled.pk]) for name in ("detail", "file", "report")]
    pages += [reverse("applications:spotcheckitem-detail", args=[row.pk]) for row in sampled.items.all()]
    names = [row.declaration.number.encode() for row in sampled.items.select_related("declaration")]
    names += [row.declaration.applicant.name.encode() for row in sampled.items.select_related("declaration__applicant")]

    def told(user: Any, role: str) -> list[str]:
        client = reading.logged_in(user, role)
        return [url for url in pages if any(name in reading.read(client, url) for name in names)]

    assert told(holder("supervisor"), "supervisor") == told(holder("bureau_approver"), "bureau_approver") == pages
    strangers = reading.somebody_elsewhere(case.unit_id, case.unit.forwarder_id, case.committee.office_id)
    for role, user in strangers.items():
        assert told(user, role) == [], role


def test_the_rehearsal_counts_the_sampled_cases(sampled: SpotCheck, capsys: pytest.CaptureFixture[str]) -> None:
    rehearsal = procedure.Rehearsal(None, None, [], DRAWN_ON, spot_check=sampled)  # type: ignore[arg-type]
    assert Command()._besides(rehearsal)[1] == ["spot check: {'pending': 2}"]
    story.complete(sampled)
    assert Command()._besides(rehearsal)[1] == []
    assert "clear                    2" in capsys.readouterr().out
