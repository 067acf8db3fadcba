"""One declaration from an empty form to a verified certificate, through the pages of everybody concerned.

Two companions of another unit are brought to the same stages by the story: rosters hold several people and rare names.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from appraisal_portal.home.story import declare
from appraisal_portal.home.story import unit as story
from appraisal_portal.home.story.people import someone
from appraisal_portal.kernel import sweeps
from tests.journeys.conftest import World
from tests.journeys.steps import applicant, certify, meeting, office, results, unit
from tests.journeys.steps.applicant import Papers
from tests.journeys.steps.desk import Desk
from tests.journeys.steps.papers import Sheet, drawn, fonts_are_embedded, names_in_zip, text_of

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SEED, COMPANIONS = 7, (11, 13)  # 𠮷; 䶮 and a name with middle dots
MEMBERS, EVERYBODY, REPORTED = 14, 3, 2
PUBLICITY_OVER = dt.date(2026, 3, 10)
SUPPLIED = dt.date(2026, 3, 12)
APPROVED = dt.date(2026, 3, 13)
MEETING_DAY = dt.date(2026, 3, 26)
PUBLIC_FROM = dt.date(2026, 3, 27)
REPORT_DAY = dt.date(2026, 4, 7)  # the working day after Qingming


@dataclass
class Journey:
    """The people at their browsers and what they carry from stage to stage."""

    world: World
    papers: Papers
    desks: dict[str, Desk] = field(default_factory=dict)
    friends: list[Any] = field(default_factory=list)
    pk: int = 0

    def __post_init__(self) -> None:
        self.person = someone(SEED)
        city, house = self.world.city, self.world.unit
        for name, user in (
            ("applicant", None),
            ("visitor", None),
            ("unit", city.user("unit_clerk", house)),
            ("head", city.user("unit_head", house)),
            ("forwarder", city.user("forwarder", house.forwarder)),
            ("office", self.world.office()),
            ("director", city.user("committee_director", "forestry")),
            ("reviewer", city.user("bureau_reviewer")),
            ("approver", city.user("bureau_approver")),
        ):
            self.desks[name] = self.world.desk(name, user, at_the_door=True)

    def __getattr__(self, name: str) -> Desk:
        try:
            return self.__dict__["desks"][name]
        except KeyError:
            raise AttributeError(name) from None


def test_from_an_empty_declaration_to_the_verified_certificate(world: World, tmp_path: Path) -> None:
    journey = Journey(world, Papers(tmp_path))
    declared(journey)
    recommended(journey)
    examined(journey)
    met = met_and_decided(journey)
    publicity, code = made_public(journey)
    document = reported(journey, publicity, met)
    certified(journey, document)
    follow_the_objection(journey, code)
    assert not world.findings.found


def declared(j: Journey) -> None:
    """Registered, confirmed by the unit, every section filled, signed, handed in."""
    applicant.register(j.applicant, j.person)
    applicant.ask_unit(j.applicant, j.world.unit.name)
    unit.confirm_employment(j.unit, j.person.name)
    j.pk = applicant.start(j.applicant, j.world.unit)
    applicant.fill_everything(j.applicant, j.pk, j.papers, SEED)
    number = applicant.sign_and_submit(j.applicant, j.pk)
    j.applicant.open(f"/my/declarations/{j.pk}/").says(number).seen("progress-with-unit")
    other = next(body for body in j.world.city.units if body.name == "丽水市林业科学研究院")
    line = j.world.cycle.line("forestry")
    for seed in COMPANIONS:
        j.friends.append(declare.submit(declare.draft(j.world.city, j.world.cycle, seed, unit=other, line=line)))


def recommended(j: Journey) -> None:
    """Verified item by item, publicised, sealed, recommended with four marks, forwarded."""
    for friend in j.friends:
        story.verify(friend)
    story.publicise(j.friends)
    unit.verify(j.unit, j.person.name)
    unit.publicise(j.unit)
    sheet = unit.seal(j.unit, j.pk, j.papers)
    assert j.person.name in text_of(sheet)
    fonts_are_embedded(sheet)
    drawn(sheet, j.person.name)
    j.world.travel(PUBLICITY_OVER)
    unit.recommend(j.head, j.person.name)
    for friend in j.friends:
        story.recommend(friend)
        story.forward(friend)
    unit.forward(j.forwarder, j.person.name)
    marks = j.applicant.open(f"/my/declarations/{j.pk}/undertaking/").seen("undertaking-complete").text()
    assert marks.count("2026-03-") >= 4


def examined(j: Journey) -> None:
    """Accepted, one supplement asked and supplied, found eligible."""
    office.accept(j.office, j.person.name)
    reason = "缺少继续教育学时登记证明，请补充上传。"
    office.ask_supplement(j.office, j.pk, reason)
    j.world.travel(SUPPLIED)
    j.applicant.open(f"/my/declarations/{j.pk}/").seen("progress-supplement")
    j.applicant.open(f"/my/declarations/{j.pk}/fix/").says(reason)
    applicant.correct(j.applicant, j.pk, j.papers)
    office.qualify(j.office, j.pk)
    for friend in j.friends:
        friend.refresh_from_db()
        story.accept(friend, by=j.world.office())
        story.qualify(friend)


def met_and_decided(j: Journey) -> int:
    """Applied for with 3-1 … 3-3, approved by two people, held, counted twice, locked."""
    met = meeting.prepare(j.office, j.world.cycle.line("forestry").pk, MEETING_DAY, MEMBERS)
    meeting.apply(j.director, met)
    application(j, j.office.papers(meeting.PAPERS))
    j.world.travel(APPROVED)
    meeting.approve(j.reviewer, j.approver, met, EVERYBODY)
    observer_user, tellers = meeting.call_up(j.office, met, MEMBERS)
    observer = j.world.desk("observer", observer_user)
    first, second = (j.world.desk("teller", teller) for teller in tellers)
    j.world.travel(MEETING_DAY)
    meeting.open_session(j.office, observer, met)
    ballot = meeting.open_round(j.office, met)
    meeting.count(first, ballot, MEMBERS, against=2)
    meeting.count(second, ballot, MEMBERS)
    observer.open(f"/rounds/{ballot}/").seen("round-differs")
    meeting.count(first, ballot, MEMBERS)
    meeting.seal(observer, ballot, EVERYBODY)
    meeting.lock(j.office, j.director, met, EVERYBODY)
    papers = j.office.open(f"/office/meetings/{met}/").papers(["meeting-reply", "minutes"])
    assert "丽人社评〔2026〕1号" in text_of(papers["meeting-reply"])
    for name in everybody(j):
        assert name in text_of(papers["minutes"])
    for paper in papers.values():
        fonts_are_embedded(paper)
    drawn(papers["minutes"], "𠮷䶮·")
    return met


def everybody(j: Journey) -> list[str]:
    """All names on the roster."""
    return [j.person.name, *(friend.applicant.name for friend in j.friends)]


def chinese(values: Iterable[str]) -> None:
    """A paper speaks Chinese, whatever its maker's screen speaks; codes and checksums aside."""
    words = [v for v in values if re.search(r"[a-z]{4,}", v) and not re.search(r"[0-9a-f]{16}|\.jpg|@", v)]
    assert not words


def application(j: Journey, papers: dict[str, bytes]) -> None:
    """3-1 is a letter; 3-2 an A3 roster with ID numbers as text; 3-3 the same people without them."""
    letter = text_of(papers["3-1"])
    assert "2026年3月26日" in letter
    assert "合格人数3人" in letter
    fonts_are_embedded(papers["3-1"])
    roster, qualified = Sheet(papers["3-2"]), Sheet(papers["3-3"])
    assert roster.is_roster()
    assert qualified.is_roster()
    for person in (j.person, *(friend.applicant for friend in j.friends)):
        assert roster.cell(person.id_number).data_type == "s"
        assert person.id_number not in " ".join(qualified.values)
    names = [value for value in roster.values if value in everybody(j)]
    assert len(names) == EVERYBODY
    assert [value for value in qualified.values if value in everybody(j)] == names
    chinese([*roster.values, *qualified.values])


def made_public(j: Journey) -> tuple[int, str]:
    """The list is public; a visitor objects to a companion; only that one is held."""
    j.world.travel(PUBLIC_FROM)
    publicity = results.publicise(j.office, j.director)
    held = j.friends[0].applicant.name
    code = results.object_to(j.visitor, publicity, held)
    results.admit(j.office, code)
    rows = (
        j.office.open(f"/office/publicity/{publicity}/")
        .seen("publicity-held")
        .main.locator("tbody tr")
        .all_inner_texts()
    )
    by_name = {name: next(row for row in rows if name in row) for name in everybody(j)}
    states = {name: re.sub(r"\s+", " ", row.split(name)[1]).strip().split(" ")[0] for name, row in by_name.items()}
    assert states[held] != states[j.person.name] == states[j.friends[1].applicant.name]
    assert not re.search(r"\d{17}[\dX]", j.visitor.open(f"/publicity/{publicity}/").text())
    return publicity, code


def reported(j: Journey, publicity: int, met: int) -> int:
    """The list closes, the report goes to the bureau and is decided, the document is published."""
    j.world.travel(REPORT_DAY)
    for name in sweeps.names():
        sweeps.run(name)
    pk = results.report(j.office, j.director)
    papers = j.office.open(f"/office/results/{pk}/").papers(results.PAPERS)
    going, held = [j.friends[1].applicant, j.person], j.friends[0].applicant
    assert "通过3人" in text_of(papers["3-4"])
    assert "尚在核查1件" in text_of(papers["3-4"])
    fonts_are_embedded(papers["3-4"])
    listed, information = Sheet(papers["3-5"]), Sheet(papers["3-6"])
    for sheet in (listed, information):
        assert sheet.is_roster()
        assert held.name not in sheet.values
        assert [value for value in sheet.values if value in everybody(j)] == [person.name for person in going]
        chinese(sheet.values)
    for person in going:
        assert information.cell(person.id_number).data_type == "s"
    photographs = names_in_zip(papers["3-6-photos"])
    assert len(photographs) == REPORTED
    assert all(name in information.values for name in photographs)
    results.decide(j.reviewer, j.approver, pk, REPORTED)
    document = certify.document(j.reviewer, j.approver)
    j.visitor.open("/results/").seen("results").open(f"/results/{document}/").says(j.person.name).seen("result")
    paper = j.visitor.download(f"/results/{document}/document/")
    assert "丽人社〔2026〕1号" in text_of(paper)
    assert held.name not in text_of(paper)
    for person in going:
        assert person.name in text_of(paper)
        drawn(paper, person.name)
    fonts_are_embedded(paper)
    return document


def certified(j: Journey, document: int) -> None:
    """Released with the number typed, downloaded by the holder, verified by anybody in both ways."""
    certify.release(j.reviewer, j.approver, document, REPORTED)
    j.approver.says("第 1 批")  # its place in the document, not the key of the row
    sheet = certify.own(j.applicant)
    text = text_of(sheet)
    assert j.person.name in text
    assert j.person.id_number not in text
    drawn(sheet, j.person.name)
    fonts_are_embedded(sheet)
    token = re.search(r"/c/[A-Z2-7]{26}/", text)
    number = re.search(r"3311002026\d{11}[\dX]", text)
    code = re.search(r"Checkcode([A-Z2-7]{6})", text)
    assert token
    assert number
    assert code
    j.visitor.open(token.group()).says(j.person.name, "工程师", number.group()).seen("verdict-token")
    assert j.person.id_number[:6] not in j.visitor.text()
    certify.verify_by_hand(j.visitor, number.group(), j.person.name, code.group(1))
    j.visitor.says(j.person.name, "林业")
    wrong = "AAAAAA" if code.group(1) != "AAAAAA" else "BBBBBB"
    j.visitor.fill(number=number.group(), name=j.person.name, code=wrong).press("Check the certificate")
    assert j.world.unit.name not in j.visitor.text()
    j.applicant.open(f"/my/declarations/{j.pk}/").seen("progress-certified")


def follow_the_objection(j: Journey, code: str) -> None:
    """Whoever objected can follow it without an account."""
    j.visitor.open(f"/objections/{code}/").seen("objection-still-open")
