"""Stretches of the procedure on their days, for the rehearsal and the demonstration year.

Each function travels to ``day``, lets everybody act through the story's modules and returns the first day on which
the next
stretch can begin. Days are legal days in Asia/Shanghai; "working day" is what the bureau's calendar says.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from applications.models import Declaration, Originals, SpotCheck
from appraisal_portal.home.story import (
    appoint,
    archive,
    certify,
    claims,
    declare,
    determine,
    entrust,
    meeting,
    originals,
    panels,
    results,
    spot_check,
    unit,
)
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import calendar, clock
from appraisal_portal.law import value
from certificates.models import Appointment, Certificate, Claim, IssueBatch
from committees.plans.models import Channel, PlanLine
from committees.reviews.models import ArchiveBook, Meeting, Objection, ResultPublicity, ResultReport

SEEDS = "rehearsal-"
FIRST_SEED = f"{SEEDS}0"
"""People of a rehearsal: the same in every database."""


def working_days_after(day: dt.date, n: int) -> dt.date:
    """The n-th working day after the day."""
    return calendar.add_working_days(day, n).ends_on


def working_day(day: dt.date) -> dt.date:
    """The day itself, or the first working day after it."""
    return day if calendar.is_working_day(day) else working_days_after(day, 1)


def declared(
    city: City, cycle: Cycle, seeds: Iterable[int | str], lines: Sequence[PlanLine], day: dt.date, *, units: int = 3
) -> list[Declaration]:
    """One declaration a seed, the lines taken in turn, signed and handed in; a line's people work in a few
    ``units``."""
    found, homes = [], {}
    for place, seed in enumerate(seeds):
        line = lines[place % len(lines)]
        with clock.travel(clock.at(day, 9 + place % 8, place * 7 % 60)):
            if line.pk not in homes:
                known = declare.units_for(city, line)
                first = int(line.committee.code) % len(known)
                homes[line.pk] = (known[first:] + known[:first])[:units]
            unit_ = homes[line.pk][place // len(lines) % len(homes[line.pk])]
            found.append(declare.submit(declare.draft(city, cycle, seed, unit=unit_, line=line)))
    return found


def verified(declarations: Iterable[Declaration], day: dt.date) -> dt.date:
    """The units verify; publicity can start the same day."""
    with clock.travel(clock.at(day, 10)):
        for declaration in declarations:
            unit.verify(declaration)
    return day


def publicised(declarations: Sequence[Declaration], day: dt.date) -> dt.date:
    """The units start their publicity; returns the first day after the last of them has ended."""
    with clock.travel(clock.at(day, 11)):
        rows = unit.publicise(declarations)
    return max(row.ends_on for row in rows) + dt.timedelta(days=1)


def recommended(declarations: Iterable[Declaration], day: dt.date) -> dt.date:
    """The heads sign and recommend."""
    with clock.travel(clock.at(day, 9)):
        for declaration in declarations:
            unit.recommend(declaration)
    return day


def accepted(declarations: Iterable[Declaration], day: dt.date) -> dt.date:
    """Forwarded where the unit has a forwarder, then taken on by the office."""
    with clock.travel(clock.at(day, 14)):
        for declaration in declarations:
            unit.forward(declaration)
            unit.accept(declaration)
    return day


def examined(
    declarations: Sequence[Declaration],
    day: dt.date,
    *,
    supplements: Collection[int] = (),
    refused: Collection[int] = (),
) -> dt.date:
    """Everybody is examined. ``supplements`` and ``refused`` are places in the list; supplements come two working
    days later."""
    with clock.travel(clock.at(day, 15)):
        for place, declaration in enumerate(declarations):
            if place in supplements:
                unit.ask_supplement(declaration)
            elif place in refused:
                unit.disqualify(declaration)
            else:
                unit.qualify(declaration)
    if not supplements:
        return day
    answered = working_days_after(day, 2)
    with clock.travel(clock.at(answered, 10)):
        for place in supplements:
            unit.supply(declarations[place])
            unit.qualify(declarations[place])
    return answered


def applied(
    city: City, cycle: Cycle, line: PlanLine, day: dt.date, *, spare: int = 2, method: str = Meeting.Method.VOTE
) -> Meeting:
    """The office prepares the meeting and the director applies, ``spare`` working days more than the lead time
    ahead."""
    meets_on = working_days_after(day, value("meeting.lead_days", day) + spare)
    with clock.travel(clock.at(day, 10)):
        return meeting.apply(meeting.prepare(city, cycle, line, [], meets_on, method=method))


def approved(row: Meeting, day: dt.date, *, by_draw: bool = False) -> dt.date:
    """Two people of the bureau approve, the jury is called up, and divided into panels where the meeting scores;
    returns the day of the meeting."""
    with clock.travel(clock.at(day, 15)):
        meeting.approve(row, by_draw=by_draw)
        if row.method == Meeting.Method.SCORED:
            panels.divide(row)
    return row.meets_on


def held(row: Meeting, outcomes: Mapping[int, str] | None = None, *, electronic: bool = False) -> dt.date:
    """The meeting on its day, with paper or electronic ballots; returns the next working day."""
    with clock.travel(clock.at(row.meets_on, 9)):
        meeting.hold(row, outcomes, electronic=electronic)
    return working_days_after(row.meets_on, 1)


def panels_at_work(row: Meeting) -> None:
    """In session: on the first person the panel has signed, of the others every sheet but the head's is in."""
    with clock.travel(clock.at(row.meets_on, 9)):
        meeting.open_meeting(row)
        meeting.declare_no_conflict(row)
        first, *others = row.admissions.exclude(panel=None).order_by("seq")
        panels.advise(first)
        for case in others:
            panels.score(case, but_the_head=True)


def results_public(row: Meeting, day: dt.date) -> ResultPublicity:
    """The list is made, signed and started."""
    with clock.travel(clock.at(day, 9)):
        return results.publicise(row)


def objected(publicity: ResultPublicity, declaration: Declaration, day: dt.date, *, admit: bool = True) -> Objection:
    """Somebody objects to one person on the list."""
    with clock.travel(clock.at(day, 16)):
        return results.object_to(publicity.items.get(declaration=declaration), admit=admit)


def reported(publicity: ResultPublicity, *, close: bool = True) -> ResultReport:
    """The day after the last day: the list is closed, the report made and sent."""
    with clock.travel(clock.at(working_day(publicity.ends_on + dt.timedelta(days=1)), 9)):
        if close:
            results.close(publicity)
        return results.report(publicity.meeting)


def issued(reports: Sequence[ResultReport], day: dt.date, *, deliver: bool = True) -> IssueBatch:
    """Decided, announced in a document, released; with ``deliver`` the certificates are made in this process."""
    with clock.travel(clock.at(day, 9)):
        document = certify.document([results.decide(report) for report in reports])
        batch = certify.batch(document)
        return certify.issue(batch) if deliver else batch


def spot_check_announced(lines: Iterable[PlanLine], day: dt.date, *, share: int = 10) -> SpotCheck:
    """Rule and population of a spot check stand on record; the seed is the head of the next working day."""
    with clock.travel(clock.at(day, 14, 30)):
        return spot_check.announce(lines, share=share)


def spot_checked(check: SpotCheck, day: dt.date) -> dt.date:
    """Drawn on ``day``, after the seed's day; one case of two or more has a defect and is examined again on the next
    working day, then the check is closed."""
    with clock.travel(clock.at(day, 16)):
        spot_check.draw(check)
        cases = check.items.filter(declaration__status="qualified").order_by("pk").values_list("declaration", flat=True)
        defects = {pk: "学历证书编号与发证单位的登记不一致，须再核。" for pk in cases[1:2]}
        spot_check.complete(check, defects)
        if defects:
            spot_check.order(check)
    settled = working_days_after(day, 1)
    with clock.travel(clock.at(settled, 10)):
        spot_check.settle(check)
    return settled


def originals_at_office(declarations: Iterable[Declaration], day: dt.date) -> list[Originals]:
    """These people's paper originals lie with the office."""
    with clock.travel(clock.at(day, 11)):
        return originals.taken_to_the_office(declarations)


def originals_back(bundles: Iterable[Originals], day: dt.date) -> None:
    """They are with their people again."""
    with clock.travel(clock.at(day, 11)):
        originals.given_back(bundles)


def archived(row: Meeting, day: dt.date) -> ArchiveBook:
    """The office has the archive book of the meeting made."""
    with clock.travel(clock.at(day, 14)):
        return archive.made(row, holder("office_clerk", row.committee.office))


def _has_sheet(line: PlanLine) -> bool:
    return any(row.sheet for row in line.declarations.filter(status="qualified").select_related("standard_version"))


@dataclass
class Rehearsal:
    """Fresh declarations through the whole procedure. ``seconds``: time of each stretch."""

    city: City
    cycle: Cycle
    lines: Sequence[PlanLine]
    start: dt.date
    declarations: list[Declaration] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    originals: list[Originals] = field(default_factory=list)
    books: list[ArchiveBook] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    spot_check: SpotCheck | None = None

    def declare(self, people: int) -> None:
        """Everybody hands in, a week after the window has opened."""
        self.day = working_day(self.start + dt.timedelta(days=7))
        seeds = (f"{SEEDS}{place}" for place in range(people))
        self.declarations = declared(self.city, self.cycle, seeds, self.lines, self.day)

    def unit(self) -> None:
        """Work units: one corrected, one not recommended where there are enough people; publicity; recommendation."""
        going_on = list(self.declarations)
        day = working_days_after(self.day, 1)
        if len(going_on) >= 10:
            with clock.travel(clock.at(day, 9)):
                unit.refuse(going_on.pop())
        verified(going_on, day)
        self.day = working_day(publicised(going_on, day))
        recommended(going_on, self.day)
        self.going_on = going_on

    def office(self) -> None:
        """Forwarding, acceptance, examination with supplements and refusals, and a spot check of the bureau."""
        self.by_bureau = [row for row in self.going_on if row.decider != "committee"]
        self.going_on = [row for row in self.going_on if row.decider == "committee"]
        self.determined, self.determined_on = (
            determine.determine(self.city, self.by_bureau, day=self.day) if self.by_bureau else ([], self.day)
        )
        accepted(self.going_on, self.day)
        self.originals = originals_at_office(self.going_on[:2], self.day)
        lines = {row.line_id: row.line for row in self.going_on}
        announced_on = self.day
        self.spot_check = spot_check_announced(lines.values(), announced_on)
        places = range(len(self.going_on))
        supplements = [place for place in places if place % 8 == 3]
        refused = [place for place in places if place % 13 == 7]
        self.day = examined(self.going_on, self.day, supplements=supplements, refused=refused)
        self.day = spot_checked(self.spot_check, max(self.day, working_days_after(announced_on, 2)))

    def meet(self) -> None:
        """One meeting a line that has somebody to review; every ninth person does not pass."""
        day = working_days_after(self.day, 1)
        lines = [line for line in self.lines if line.declarations.filter(status="qualified").exists()]
        self.meetings = [
            # Where the standard has a sheet, panels score by it.
            applied(self.city, self.cycle, line, day, method="scored" if _has_sheet(line) else "vote")
            for line in lines
        ]
        for turn, row in enumerate(self.meetings):  # one jury comes out of a draw
            approved(row, working_days_after(day, 1), by_draw=turn == 0)
        for turn, row in enumerate(self.meetings):  # every second committee votes on the portal
            people = (
                row.admissions.filter(exam_result="qualified").order_by("seq").values_list("declaration_id", flat=True)
            )
            failed = {pk: "not_passed" for place, pk in enumerate(people) if place % 9 == 4}
            self.day = held(row, failed, electronic=turn % 2 == 1)

    def publish(self) -> None:
        """Publicity with one objection, the reports, the document, the certificates; the held person follows in a
        supplement. Senior titles leave with a letter, and the higher committee answers."""
        lists = [results_public(row, self.day) for row in self.meetings]
        first = lists[0].items.order_by("seq").first()
        objection = (
            objected(lists[0], first.declaration, working_days_after(self.day, 1))
            if lists[0].items.count() > 1
            else None
        )
        reports = [reported(publicity) for publicity in lists]
        last = max(publicity.ends_on for publicity in lists)
        self.day = max(working_days_after(last, 2), working_days_after(self.determined_on, 1))
        reports += self.determined
        # Titles the province grants have no document and no certificate of the city.
        granted = [report for report in reports if report.source.line.channel != Channel.RECOMMEND]
        with clock.travel(clock.at(self.day, 8)):
            for report in reports:
                if report not in granted:
                    letter = entrust.issue(entrust.propose(entrust.prepare(results.decide(report))))
                    entrust.register(entrust.answer(letter, refused=(1,)))
        issued(granted, self.day)
        if objection is not None:
            with clock.travel(clock.at(self.day, 16)):
                objection.refresh_from_db()
                results.conclude(objection)
                supplement = results.report(lists[0].meeting)
            issued([supplement], working_days_after(self.day, 1))

    def close(self) -> None:
        """Paper originals go back to their people; the first meeting's archive book is made."""
        self.day = working_days_after(self.day, 2)
        originals_back(self.originals, self.day)
        self.books = [archived(row, self.day) for row in self.meetings[:1]]

    def register(self, people: int) -> None:
        """Examination certificates of so many people of one public institution: the last is refused."""
        public = [unit for unit in self.city.units if unit.employer_kind == "public_institution"]
        self.home = min(public, key=lambda unit: unit.post_holdings.count())
        first = Claim.objects.count()
        with clock.travel(clock.at(self.start, 10)):
            for place in range(first, first + people):
                row = claims.submit(claims.enter(self.city, f"rehearsal-exam-{place}", unit=self.home))
                self.claims.append(row)
            claims.decide(claims.propose(self.claims[-1], refuse="查无此证"), refuse="经核实查无此证。")
            for row in self.claims[:-1]:
                claims.decide(claims.propose(row))
            certify.deliver("certificates.issue")

    def appoint(self, people: int) -> None:
        """Holders of both kinds of certificate are appointed to posts: everybody registered, and so many appraised."""
        day = max(self.day, self.start)
        registered = Certificate.objects.filter(claim__in=self.claims)
        appraised = Certificate.objects.filter(
            declaration__in=self.declarations, declaration__unit__employer_kind="public_institution"
        )
        with clock.travel(clock.at(working_days_after(day, 1), 10)):
            for row in registered:
                self.appointments.append(appoint.appoint(row, self.home))
            for row in appraised.order_by("pk")[:people]:
                self.appointments.append(appoint.appoint(row, row.declaration.unit))
