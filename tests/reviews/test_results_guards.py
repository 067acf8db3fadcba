"""Guards of publicity, objections and reports: for each an example that passes and one that fails."""

import datetime as dt
from types import SimpleNamespace

import pytest

from appraisal_portal.home.story import results as story
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import clock
from committees.reviews.models import Objection, ReportItem, ResultPublicity, ResultReport
from committees.reviews.rules import objection as objections
from committees.reviews.rules import results as rules
from committees.reviews.services import reports
from committees.reviews.services.results import disambiguation
from tests.factories.results import AFTER, LAST_DAY, PUBLIC_FROM, decided_meeting


def act(day=PUBLIC_FROM, actor=None, **data):
    return SimpleNamespace(day=day, actor=actor, data=data)


def fails(guard, obj, **given):
    return bool(list(guard(obj, act(**given))))


def an_objection(**given):
    words = {
        "filed_by": "季知行",
        "contact": "13800000013",
        "content": "奖状署名与原件不符，请核查",
        "opinion": "upheld",
    }
    row = {**words, "opinion": "upheld", "in_time": True, "extended": False}
    return SimpleNamespace(**{**row, **given})


@pytest.mark.parametrize(
    ("guard", "good", "bad"),
    [
        (objections.received_in_time, an_objection(), an_objection(in_time=False)),
        (objections.received_in_time, an_objection(), an_objection(filed_by="  ")),
        (objections.late_or_anonymous, an_objection(in_time=False), an_objection()),
        (objections.words_given, an_objection(), an_objection(content=" 不对 ")),
        (objections.not_extended_yet, an_objection(), an_objection(extended=True)),
        (objections.opinion_is("upheld"), an_objection(), an_objection(opinion="unfounded")),
        (
            rules.where_and_whom,
            SimpleNamespace(contact="季明", phone="0578-2091234"),
            SimpleNamespace(contact="季明", phone=""),
        ),
    ],
)
def test_plain_guards(guard, good, bad):
    assert not fails(guard, good)
    assert fails(guard, bad)


def test_evidence_and_opinion():
    assert not fails(
        objections.evidence_and_opinion, an_objection(), evidence="已调取原件核实无误，附卷", opinion="unfounded"
    )
    assert fails(objections.evidence_and_opinion, an_objection(), evidence="已核实", opinion="unfounded")
    assert not fails(objections.findings_given, None, evidence="已调取原件核实无误，附卷")
    assert fails(objections.findings_given, None, evidence="  ")
    assert not fails(objections.can_be_checked, an_objection(checkable=True))
    assert fails(objections.can_be_checked, an_objection(checkable=False))
    assert not fails(objections.answer_says_something, None, content="证书原件扫描件附后。")
    assert fails(objections.answer_says_something, None, content="不是 ")
    assert not fails(objections.substance_told, an_objection(), substance="获奖证书署名与原件不符")
    assert fails(objections.substance_told, an_objection(filed_by="季知行"), substance="季知行称获奖证书署名不符")
    named = an_objection(filed_by="季知行")
    told = {"evidence": "经向季知行了解，原件核实无误", "opinion": "unfounded"}
    assert fails(objections.evidence_and_opinion, named, **told)
    for reason, stops in (("需向省外发证单位函证", False), ("季知行补交了材料", True)):
        told_so = SimpleNamespace(reason=reason, data={})
        assert bool(list(objections.reason_names_nobody(named, told_so))) is stops
    assert not fails(objections.reply_for_the_named, an_objection(filed_by=""), reply="")
    assert fails(objections.reply_for_the_named, an_objection(), reply="")
    assert fails(
        objections.evidence_and_opinion, an_objection(), evidence="已调取原件核实无误，附卷", opinion="perhaps"
    )


def test_period_over():
    period = ResultPublicity(ends_on=LAST_DAY)
    assert fails(rules.period_over, period, day=LAST_DAY)
    assert not fails(rules.period_over, period, day=AFTER)
    period.provisional = True
    assert fails(rules.period_over, period, day=AFTER + dt.timedelta(days=400))


def person(pk, name="叶青松", specialty="森林培育", born=dt.date(1988, 3, 2)):
    applicant = SimpleNamespace(name=name, birth_date=born)
    number = f"2026-{pk:04d}"
    return SimpleNamespace(pk=pk, applicant=applicant, unit_id=1, title_id=1, specialty=specialty, number=number)


def test_people_of_one_name_are_told_apart_without_any_identity_number():
    assert disambiguation([person(1), person(2, specialty="木材加工")]) == {}
    assert disambiguation([person(1), person(2, born=dt.date(1990, 5, 1))]) == {1: "1988-03", 2: "1990-05"}
    assert disambiguation([person(1), person(2)]) == {1: "1988-03 …0001", 2: "1988-03 …0002"}


@pytest.mark.django_db
class TestStored:
    """Guards that look into the tables, one story for all of them."""

    @pytest.fixture(autouse=True)
    def _stage(self):
        self.meeting, self.rows = decided_meeting(2)

    def test_lists(self):
        with clock.travel(PUBLIC_FROM):
            publicity = story.publicise(self.meeting)
            assert not fails(rules.meeting_decided, publicity)
            assert not fails(rules.content_as_signed, publicity)
            publicity.contact = "另一人"
            assert fails(rules.content_as_signed, publicity)
            publicity.meeting.status = "in_session"
            assert fails(rules.meeting_decided, publicity)
            empty = ResultPublicity.objects.create(
                meeting=self.meeting, how="x", contact="y", phone="1", prepared_by=self.meeting.prepared_by
            )
            assert fails(rules.items_are_the_passed, empty)
            objection = Objection(item=publicity.items.first())
            assert not fails(objections.list_is_public, objection)
            objection.item.publicity.status = "signed"
            assert fails(objections.list_is_public, objection)

    def test_reports(self):
        with clock.travel(PUBLIC_FROM):
            publicity = story.publicise(self.meeting)
            draft = reports.prepare_report(
                self.meeting, user=self.meeting.prepared_by, contact="季明", phone="0578-2091234"
            )
            assert fails(rules.every_list_over, draft, day=LAST_DAY)
            assert not fails(rules.every_list_over, draft, day=AFTER)
            assert not fails(rules.has_items, draft)
            assert fails(rules.has_items, ResultReport(pk=0))
            assert not fails(rules.none_held, draft)
            objection = story.object_to(publicity.items.first(), admit=False)
            [held] = rules.none_held(draft, act(actor=holder("committee_director", self.meeting.committee.office)))
            case = objection.item.declaration
            assert case.number in str(held)
            assert case.applicant.name not in str(held)
            Objection.objects.filter(pk=objection.pk).update(status="reported_late")
            assert not fails(rules.none_held, draft)
            assert not fails(rules.counts_equal, draft)
            ReportItem.objects.filter(report=draft, seq=1).update(photo=None)
            assert fails(rules.counts_equal, draft)
            assert fails(rules.every_item_decided, draft)
            ReportItem.objects.filter(report=draft).update(decision="approved")
            assert not fails(rules.every_item_decided, draft)
            ReportItem.objects.filter(report=draft).update(decision="pending")
        with clock.travel(AFTER):
            reports.make_papers(draft, user=self.meeting.prepared_by)
            assert not fails(rules.papers_of_one_content, draft)
            draft.content_sha256 = "0" * 64
            assert fails(rules.papers_of_one_content, draft)
