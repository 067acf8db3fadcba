"""The demonstration year, relative to today: every state of the procedure is occupied, beside a closed cycle of 2018.

Each chapter tells one committee's year by the story's stretches, on their real days, and touches no other committee's
people,
so that chapters can be told by several processes at once. ``CHAPTERS`` lists them, the longest first.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils import translation

from applications.models import Declaration, Extension
from applications.services import closing
from applications.workflow import DECLARATION, EXTENSION
from appraisal_portal.home.story import (
    appoint,
    autonomy,
    certify,
    claims,
    county,
    declare,
    determine,
    entrust,
    procedure,
    results,
    sanctions,
    seals,
    spot_check,
    supervise,
    unit,
)
from appraisal_portal.home.story.almanac import ensure_known
from appraisal_portal.home.story.city import City, build_city, found_own_units
from appraisal_portal.home.story.cycle import Cycle, announce_the_year, open_cycle
from appraisal_portal.home.story.hours import publish_hours
from appraisal_portal.kernel import calendar, clock
from appraisal_portal.kernel.access import SYSTEM
from certificates.models import Certificate
from committees.plans.models import Channel, Level, PlanLine
from committees.reviews.models import Meeting

OPENED = 190  # days ago
STILL_OPEN = 35  # days from today
OLD_OPENED = dt.date(2018, 6, 4)
OLD_COMMITTEES = ("agriculture",)
REASONS = ("因病住院，附医院证明。", "受单位派遣援外，附派遣函。")


@dataclass
class Year:
    """The city and its cycle, seen from ``today``."""

    city: City
    cycle: Cycle
    today: dt.date
    opened: dt.date

    def line(self, committee: str) -> PlanLine:
        """The regular intermediate line of the committee."""
        return self.cycle.line(committee)

    def back(self, working_days: int) -> dt.date:
        """The working day that lies so many working days before today (today itself, or the one before, at 0)."""
        day, left = self.today, working_days
        while left or not calendar.is_working_day(day):
            day -= dt.timedelta(days=1)
            left -= calendar.is_working_day(day) and left > 0
        return day

    def examined(
        self, committee: str, first_seed: int, people: int, day: dt.date, *, refused: tuple[int, ...] = ()
    ) -> list[Declaration]:
        """People of one committee from the declaration to the examination, beginning on ``day``."""
        rows = procedure.declared(
            self.city, self.cycle, range(first_seed, first_seed + people), [self.line(committee)], day
        )
        day = procedure.verified(rows, procedure.working_days_after(day, 1))
        day = procedure.recommended(rows, procedure.working_day(procedure.publicised(rows, day)))
        procedure.examined(rows, procedure.accepted(rows, day), refused=refused)
        return rows

    def meeting(self, committee: str, applied: dt.date, *, by_draw: bool = False) -> Meeting:
        """Applied for on the day, approved on the next working day; the jury called up, or drawn from the pool."""
        row = procedure.applied(self.city, self.cycle, self.line(committee), applied)
        procedure.approved(row, procedure.working_days_after(applied, 1), by_draw=by_draw)
        return row


def foundation(today: dt.date, committees: Iterable[str] | None = None) -> Year:
    """City, calendar and cycle; what exists already is found again.

    ``committees``: keys of the offices that take part this year; all that have a scope when none are given.
    """
    opened = today - dt.timedelta(days=OPENED)
    ensure_known(*{opened.year, today.year, (today + dt.timedelta(days=STILL_OPEN + 60)).year})
    opened = procedure.working_day(opened)
    with clock.travel(clock.at(OLD_OPENED, 8)), calendar.remembered():
        # In the order of time: a standard of 2018 cannot follow one of today.
        city = build_city()
        seals.registered(city.unit(0))
        open_cycle(city, OLD_OPENED.year, committees=OLD_COMMITTEES, window_days=45)
    with clock.travel(clock.at(opened, 8)), calendar.remembered():
        cycle = open_cycle(
            city, opened.year, committees=committees, window_days=OPENED + STILL_OPEN, first_titles=("enterprise",)
        )
        announce_the_year(city, opened.year, opened, opened + dt.timedelta(days=OPENED + STILL_OPEN))
        publish_hours(city, range(opened.year - 3, opened.year))
        for body in list(city.counties.values())[:4]:
            county.in_force(city, body, cycle.plan)
    return Year(city, cycle, today, opened)


def old_cycle(year: Year) -> None:
    """2018, under the rules of its day: four people from June to their certificates in August, the archive,
    and the supervision of the next spring."""
    with clock.travel(clock.at(OLD_OPENED, 8)):
        cycle = open_cycle(year.city, OLD_OPENED.year, committees=OLD_COMMITTEES)
    old = Year(year.city, cycle, dt.date(2018, 9, 3), OLD_OPENED)
    rows = old.examined("agriculture", 100, 4, dt.date(2018, 6, 11))
    bundles = procedure.originals_at_office(rows[:2], dt.date(2018, 7, 9))
    row = old.meeting("agriculture", dt.date(2018, 7, 9))
    publicity = procedure.results_public(row, procedure.held(row))
    report = procedure.reported(publicity)
    day = procedure.working_days_after(publicity.ends_on, 3)
    procedure.issued([report], day)
    procedure.originals_back(bundles, procedure.working_days_after(day, 1))
    procedure.archived(row, procedure.working_days_after(day, 2))
    with clock.travel(clock.at(dt.date(2019, 3, 18), 10)):
        supervise.closed(supervise.answered(supervise.sent(row.committee, 2018, {"recusals": supervise.DEFECT})))


def certified(year: Year) -> None:
    """Agriculture: finished months ago; one person failed, one was not eligible, one certificate was revoked since and
    one corrected; the holder of another one is barred for false material, the revocation is open. The office has one
    person's paper originals still, long after they were due back."""
    rows = year.examined("agriculture", 1000, 14, procedure.working_days_after(year.opened, 5), refused=(6,))
    row = year.meeting("agriculture", procedure.working_days_after(year.opened, 16))
    procedure.originals_at_office(rows[:1], procedure.working_days_after(year.opened, 17))
    publicity = procedure.results_public(row, procedure.held(row, {rows[4].pk: "not_passed"}))
    report = procedure.reported(publicity)
    procedure.issued([report], procedure.working_days_after(publicity.ends_on, 4))
    with clock.travel(clock.at(year.back(12), 10)):
        certify.revoke(Certificate.objects.get(declaration=rows[9]))
        certify.correct(Certificate.objects.get(declaration=rows[8]))
    with clock.travel(clock.at(year.back(10), 10)):
        sanctions.banned(rows[5])
    with clock.travel(clock.at(year.back(9), 10)):
        valid = Certificate.objects.filter(declaration__in=rows, status="valid").order_by("pk")
        for row in valid.filter(declaration__unit__employer_kind="public_institution")[:3]:
            appoint.appoint(row, row.declaration.unit)


def publicity_running(year: Year, people: int = 9) -> None:
    """Forestry: results public for two working days, one of ``people`` (four at least) failed, one objection open."""
    rows = year.examined("forestry", 2000, people, year.back(34))
    row = year.meeting("forestry", year.back(10))
    publicity = procedure.results_public(row, procedure.held(row, {rows[3].pk: "not_passed"}))
    procedure.objected(publicity, rows[2], year.back(1))


def reported(year: Year) -> None:
    """Enterprises: the report lies with the bureau; one person was taken off the list after an objection."""
    rows = year.examined("enterprise", 3000, 6, year.back(46))
    row = year.meeting("enterprise", year.back(22))
    publicity = procedure.results_public(row, procedure.held(row, {rows[2].pk: "not_passed"}))
    objection = procedure.objected(publicity, rows[1], procedure.working_days_after(publicity.starts_on, 1))
    with clock.travel(clock.at(procedure.working_days_after(publicity.starts_on, 3), 15)):
        results.conclude(objection, upheld=True)
    procedure.reported(publicity)


def approved(year: Year) -> None:
    """Quality supervision: approved and announced but for one person; the certificates wait for release."""
    rows = year.examined("quality", 4000, 4, year.back(54))
    row = year.meeting("quality", year.back(30))
    publicity = procedure.results_public(row, procedure.held(row))
    report = procedure.reported(publicity)
    with clock.travel(clock.at(year.back(6), 9)):
        decided = results.decide(report, reject={rows[2].pk: "任职年限材料前后不一致，不予确认。"})
        document = certify.document([decided])
    with clock.travel(clock.at(year.back(1), 9)):
        certify.propose_batch(document)


def meeting_held(year: Year) -> None:
    """Traffic: the committee voted on the portal on the last working day; no list yet, one person deferred."""
    rows = year.examined("traffic", 5000, 6, year.back(30))
    row = year.meeting("traffic", year.back(8))
    procedure.held(row, {rows[1].pk: "not_passed", rows[4].pk: "deferred"}, electronic=True)


def panels_at_work(year: Year) -> None:
    """Agricultural technology: in session since this morning, in two panels that score; one opinion is signed."""
    year.examined("farming", 13000, 3, year.back(30))
    row = procedure.applied(year.city, year.cycle, year.line("farming"), year.back(7), method=Meeting.Method.SCORED)
    procedure.approved(row, year.back(6))
    procedure.panels_at_work(row)


def meeting_ahead(year: Year) -> None:
    """Water: approved, the jury drawn from the pool, one expert declined; the meeting is next week."""
    year.examined("water", 6000, 6, year.back(24), refused=(5,))
    year.meeting("water", year.back(2), by_draw=True)


def meeting_asked_for(year: Year) -> None:
    """Pharmacy: the application waits for the bureau's reviewer."""
    year.examined("pharmacy", 7000, 4, year.back(26))
    procedure.applied(year.city, year.cycle, year.line("pharmacy"), year.back(1), spare=5)


def under_examination(year: Year) -> None:
    """Safety: the office at work; supplements asked for, one given up, some waiting to be accepted. The bureau drew a
    spot check: one defect, one clear, the others still to be checked."""
    line = [year.line("safety")]
    rows = procedure.declared(year.city, year.cycle, range(8000, 8016), line, year.back(24))
    day = procedure.verified(rows, year.back(23))
    day = procedure.recommended(rows, procedure.working_day(procedure.publicised(rows, day)))
    at_office, forwarded = rows[:13], rows[13:]
    procedure.originals_at_office(at_office[4:6], procedure.accepted(at_office, day))
    with clock.travel(clock.at(year.back(12), 10)):
        unit.ask_supplement(at_office[0])
    check = procedure.spot_check_announced(line, year.back(9), share=30)
    with clock.travel(clock.at(year.back(9), 16)):
        unit.qualify(at_office[7])
    with clock.travel(clock.at(year.back(5), 0, 5)):
        DECLARATION.fire(at_office[0], "deem_abandoned", actor=SYSTEM)
    with clock.travel(clock.at(year.back(4), 9)):
        spot_check.draw(check)
        doubtful, clear = check.items.select_related("declaration__applicant").order_by("pk")[:2]
        spot_check.find(doubtful, "劳动合同与社会保险缴纳单位不一致，须再核。")
        spot_check.find(clear)
    with clock.travel(clock.at(year.back(2), 10)):
        unit.ask_supplement(at_office[1])
        unit.ask_supplement(at_office[2])
        unit.disqualify(at_office[3])
        for row in at_office[4:7]:
            unit.qualify(row)
        for row in forwarded:
            unit.forward(row)
        sanctions.opened(at_office[11], unit_responsible=True)


def at_the_units(year: Year) -> None:
    """Broadcasting and special equipment: everything a work unit has on its desk, an objection it checks and one it
    found unfounded, and drafts."""
    lines = [year.line("broadcasting"), year.line("special_equipment")]
    rows = procedure.declared(year.city, year.cycle, range(9000, 9026), lines, year.back(9))
    procedure.verified(rows[:14], year.back(8))
    procedure.publicised(rows[:5], year.back(8))
    procedure.recommended(rows[:5], year.back(1))
    procedure.publicised(rows[5:11], year.back(2))
    with clock.travel(clock.at(year.back(1), 11)):
        for row in rows[14:16]:
            unit.give_back(row)
        unit.refuse(rows[16])
        unit.object_in_unit(rows[5])
        unit.settle_objection(unit.object_in_unit(rows[6]))
        DECLARATION.fire(rows[17], "withdraw", actor=rows[17].applicant.user, reason="本人计划明年申报。")
    with clock.travel(clock.at(year.back(0), 10)):
        for place, seed in enumerate(range(9100, 9120)):
            declare.draft(year.city, year.cycle, seed, line=lines[place % 2])


def more_time(year: Year) -> None:
    """Two drafts whose persons need longer: one extension is decided, one waits for its second person."""
    with clock.travel(clock.at(year.back(0), 11)):
        rows = [
            declare.draft(year.city, year.cycle, seed, line=year.line("special_equipment")) for seed in (9200, 9201)
        ]
        ill, _waiting = (_more_time(year, row, why) for row, why in zip(rows, REASONS, strict=True))
        EXTENSION.fire(ill, "approve", actor=year.city.user("bureau_approver"), content_hash=ill.content_hash())


def _more_time(year: Year, row: Declaration, reason: str) -> Extension:
    reviewer = year.city.user("bureau_reviewer")
    until = row.line.closes_on + dt.timedelta(days=5)
    return closing.propose_extension(reviewer, line=row.line, until=until, reason=reason, person=row.applicant)


def determined(year: Year) -> None:
    """Enterprises, determination without a vote: of the intermediate level two decided and public (one refused), one to
    be examined; of the assistant level, the first title of a graduate, the same without a refusal."""
    rows = []
    for level, seeds in ((Level.INTERMEDIATE, range(11000, 11004)), (Level.ASSISTANT, range(11004, 11006))):
        line = year.cycle.line("enterprise", level, Channel.PRELIMINARY)
        rows += procedure.declared(year.city, year.cycle, seeds, [line], year.back(14), units=1)
    day = procedure.verified(rows, year.back(13))
    day = procedure.recommended(rows, procedure.working_day(procedure.publicised(rows, day)))
    rows = list(Declaration.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk"))
    with clock.travel(clock.at(year.back(2), 10)):
        for row in (*rows[:3], rows[4]):
            determine.examine(year.city, row)
        refused = {rows[2].pk: "毕业后从事本专业工作的年限不足。"}
        determine.publicise(year.city, determine.decide(year.city, rows[:3], refuse=refused))
        determine.publicise(year.city, determine.decide(year.city, rows[4:5]))


def entrusted(year: Year) -> None:
    """Agriculture, senior titles: recommended and entrusted by letter; the higher committee has answered about one
    person, refused another, and has still to decide about the third."""
    line = year.cycle.line("agriculture", Level.ASSOCIATE_SENIOR, Channel.RECOMMEND)
    rows = procedure.declared(year.city, year.cycle, range(13000, 13003), [line], year.back(66))
    day = procedure.verified(rows, year.back(65))
    day = procedure.recommended(rows, procedure.working_day(procedure.publicised(rows, day)))
    procedure.examined(rows, procedure.accepted(rows, day))
    row = procedure.applied(year.city, year.cycle, line, year.back(40))
    procedure.approved(row, year.back(39))
    report = procedure.reported(procedure.results_public(row, procedure.held(row)))
    with clock.travel(clock.at(year.back(12), 10)):
        letter = entrust.issue(entrust.propose(entrust.prepare(results.decide(report))))
    with clock.travel(clock.at(year.back(3), 10)):
        entrust.register(entrust.answer(letter, refused=(1,), people=2))


def on_its_own(year: Year) -> None:
    """Who appraises the own staff: of a research institute a list of two waits for the bureau, of a university the
    plan, a hospital keeps its log, and what a school filed is on record and public."""
    city, home = year.city, year.city.unit(0)
    with clock.travel(clock.at(year.back(60), 10)):
        people = [city.employ(city.applicant(seed), home).person for seed in (14000, 14001)]
        plan = autonomy.open_plan(autonomy.delegate(home, kind="institute", series="自然科学研究"))
    with clock.travel(clock.at(year.back(50), 10)):
        plan = autonomy.consent(autonomy.submit(autonomy.fill(plan)))
    with clock.travel(clock.at(year.back(12), 10)):
        autonomy.log(plan, "院学术委员会评议，出席九人，形成书面意见。")
        autonomy.log(plan, "院内公示五个工作日，无异议。")
    with clock.travel(clock.at(year.back(3), 10)):
        autonomy.file(autonomy.enter(plan, people, "助理研究员"))
    others = found_own_units(city)
    with clock.travel(clock.at(year.back(45), 10)):
        pupil = city.employ(city.applicant(14002), others["school"]).person
        autonomy.submit(autonomy.fill(autonomy.open_plan(autonomy.delegate(others["university"]))))
        hospital = autonomy.open_plan(autonomy.delegate(others["hospital"], kind="hospital", series="卫生技术"))
        school = autonomy.open_plan(
            autonomy.delegate(others["school"], kind="school", series="中小学教师", levels=["assistant"])
        )
        hospital, school = (
            autonomy.consent(autonomy.submit(autonomy.fill(plan, procedure="个人申报、考核推荐、评委会评审、公示。")))
            for plan in (hospital, school)
        )
    with clock.travel(clock.at(year.back(20), 10)):
        autonomy.log(hospital, "院评聘委员会考核临床实绩，出席十一人。")
        autonomy.log(school, "学校评审委员会评审，出席七人；校内公示五个工作日，无异议。")
    with clock.travel(clock.at(year.back(8), 10)):
        autonomy.accept(autonomy.file(autonomy.enter(school, [pupil], "二级教师")))


def through_the_agency(year: Year) -> None:
    """Agricultural technology: farmers whom the talent agency declares for, one publicised there, one handed in."""
    line = year.line("farming")
    agency = year.city.agency
    with clock.travel(clock.at(year.back(6), 9)):
        rows = [
            declare.submit(
                declare.draft(year.city, year.cycle, seed, unit=agency, line=line, applicant_class="business")
            )
            for seed in (12000, 12001)
        ]
    procedure.verified(rows[:1], year.back(5))
    procedure.publicised(rows[:1], year.back(2))


def by_examination(year: Year) -> None:
    """Examination certificates in every state, and what a unit makes of those that are registered; one paper
    certificate of 2012 entered from the archive, one that waits to be compared with it."""
    city, home = year.city, year.city.unit(0)
    with clock.travel(clock.at(year.back(40), 10)):
        ready = [claims.register(claims.enter(city, seed, unit=home)).certificate for seed in range(10000, 10004)]
    with clock.travel(clock.at(year.back(30), 10)):
        first, _second = [appoint.appoint(certificate, home) for certificate in ready[:2]]
        refused = claims.propose(claims.submit(claims.enter(city, 10004, unit=home)), refuse="证书编号查无此证")
        claims.decide(refused, refuse="经向发证机构核实，证书编号查无此证。")
    with clock.travel(clock.at(year.back(4), 10)):
        appoint.end(first, "调任管理岗位")
        appoint.propose(ready[2], home)
        rows = [claims.submit(claims.enter(city, seed, unit=city.unit(seed))) for seed in range(10005, 10010)]
        claims.enter(city, 10010)
        claims.register(claims.enter_paper(city, 10011, unit=city.unit(1)))
        claims.submit(claims.enter_paper(city, 10012, unit=city.unit(1)))
    with clock.travel(clock.at(year.back(2), 10)):
        claims.give_back(rows[0], "证书编号与上传的证书不一致，请核对后重新填写。")
        claims.propose(rows[1])


CHAPTERS: tuple[Callable[[Year], None], ...] = (
    at_the_units, under_examination, certified, publicity_running, reported, meeting_held, approved, meeting_ahead,
    panels_at_work, entrusted, on_its_own, meeting_asked_for, determined, by_examination, old_cycle,
    through_the_agency, more_time, seals.of_the_county,
)  # fmt: skip


def tell(year: Year, chapters: tuple[Callable[[Year], None], ...] = CHAPTERS) -> None:
    """Tell the chapters in Chinese: what people write and what the portal writes to them."""
    with translation.override("zh-hans"), calendar.remembered():
        for chapter in chapters:
            chapter(year)
