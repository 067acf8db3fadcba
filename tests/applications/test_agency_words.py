"""Where a talent agency (人才服务机构) plays the unit, no sentence of the stage calls it one: it is named."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.translation import override

from applications.models import CorrectionSlip, Declaration
from applications.rules.changes import changes_confirmed
from applications.rules.progress import AGENCY_LABELS
from applications.rules.unit import unit_deadline_open
from applications.workflow.declaration import DECLARATION
from applications.workflow.originals import ORIGINALS
from applications.workflow.sanction import SANCTION
from applications.workflow.unit_publicity import UNIT_PUBLICITY
from appraisal_portal.accounts.models import Employment
from appraisal_portal.accounts.workflow import EMPLOYMENT
from appraisal_portal.home.story import declare
from appraisal_portal.home.story import unit as story
from appraisal_portal.kernel.models import Outbox
from appraisal_portal.kernel.workflow import Act
from tests.factories.unit_stage import MONDAY, a_stage, handed_in
from tests.stage import begins_with

pytestmark = begins_with(a_stage)
TABLES = (DECLARATION, UNIT_PUBLICITY, EMPLOYMENT, ORIGINALS, SANCTION)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.model.__name__)
def test_no_message_of_these_tables_speaks_of_a_unit(table):
    with override("zh-hans"):
        said = [
            str(words)
            for row in table.transitions.values()
            for words in (row.explanation, *(text for tell in row.tells for text in (tell.subject, tell.body)))
        ]
    assert len(said) >= 8
    assert not [words for words in said if "单位" in words]


def test_each_act_of_the_unit_has_its_words_in_the_timeline():
    with override("zh-hans"):
        plain = {row.name for row in DECLARATION.transitions.values() if "单位" in str(row.public_label)}
        assert plain <= set(AGENCY_LABELS)
        assert not [words for words in map(str, AGENCY_LABELS.values()) if "单位" in words]


@pytest.fixture
def stage(clock):
    city, cycle = a_stage()
    clock(MONDAY)
    return city, cycle


def told(user):
    rows = Outbox.objects.filter(kind="message", payload__user=user.pk).values_list("payload", flat=True)
    return " ".join(f"{row['subject']} {row['body']}" for row in rows)


@pytest.mark.django_db
def test_who_moves_to_an_agency_reads_its_name(stage):
    city, cycle = stage
    declaration = handed_in(city, cycle, 71)
    person, agency = declaration.applicant, city.agency
    asked = Employment(
        person=person, unit=agency, post="农艺师", starts_on=dt.date(2026, 3, 1),
        replaces=person.employments.get(unit=declaration.unit, status="confirmed"),
    )  # fmt: skip
    EMPLOYMENT.fire(asked, "ask", actor=person.user)
    EMPLOYMENT.fire(asked, "confirm", actor=city.user("unit_clerk", agency), confirmed_kind="staff")
    said = told(person.user)
    assert f"{agency.name}已确认您的任职（代理）关系" in said
    assert f"请通过{agency.name}重新提交申报{declaration.number}" in said
    assert f"由{agency.name}核实和公示" in said
    assert f"已推荐的申报仍由{declaration.unit.name}负责" in said
    moved = Declaration.objects.get(pk=declaration.pk)
    [reason] = {item.reason for item in moved.correction_slips.get(answered_at=None).items.all()}
    assert reason == f"申报现通过{agency.name}办理，请更新此项内容。"
    late = dt.datetime.combine(moved.line.unit_deadline, dt.time(12), dt.UTC) + dt.timedelta(days=1)
    [problem] = unit_deadline_open(moved, Act(person.user, DECLARATION.transitions["resubmit"], at=late))
    assert problem.text.startswith(f"{agency.name}受理截止到")


@pytest.mark.django_db
def test_pages_and_sentences_at_an_agency(stage, client):
    city, cycle = stage
    row = declare.submit(declare.draft(city, cycle, 72, unit=city.agency, line=cycle.line("forestry")))
    name = city.agency.name
    story.verify(row)
    client.force_login(city.user("unit_clerk", city.agency))
    for url in ("applications:unitpublicity-new", "applications:unitpublicity-list"):
        page = client.get(reverse(url)).content.decode()
        assert "机构公示" in page
        assert "单位公示" not in page
    story.publicise([row])
    story.object_in_unit(Declaration.objects.get(pk=row.pk))
    assert f"{name}正在核查，有结论之前不能推荐。您可以向{name}书面说明情况。" in told(row.applicant.user)
    case = reverse("applications:unit-declaration", args=[row.pk])
    item = row.publicity_items.get()
    for url in (case, item.publicity.get_absolute_url()):
        page = client.get(url).content.decode()
        assert "机构公示</h2>" in page or "机构公示</h1>" in page
        assert "单位公示" not in page


@pytest.mark.django_db
def test_what_an_agency_has_not_confirmed_is_asked_of_it_by_name(stage):
    city, cycle = stage
    row = declare.submit(declare.draft(city, cycle, 73, unit=city.agency, line=cycle.line("forestry")))
    slip = CorrectionSlip(declaration=row, content=row.content())
    Declaration.objects.filter(pk=row.pk).update(current_post="农场主")
    changed = Declaration.objects.get(pk=row.pk)
    [problem] = changes_confirmed(changed, slip)
    assert problem.text.startswith(f"{city.agency.name}尚未确认该变更：")
