"""A cycle of the story: plan, terms, standards and notices, all decided by two people of the bureau as on the pages.

Everything is dated from the portal's clock: whoever tells the year 2018 travels there first and asks for ``rule_set``
of that day.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from appraisal_portal.accounts.models import User
from appraisal_portal.home.story import people
from appraisal_portal.home.story.city import City, publish_posts
from appraisal_portal.home.story.standards import standard_of
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.workflow import Workflow
from committees.plans import services
from committees.plans.models import (
    SENIOR_LEVELS,
    Channel,
    Committee,
    CommitteeMember,
    CommitteeScope,
    CommitteeTerm,
    Level,
    Notice,
    PlanLine,
    ReviewPlan,
    Series,
    StandardVersion,
)
from committees.plans.workflow import COMMITTEE_TERM, NOTICE, REVIEW_PLAN, STANDARD_VERSION

CHANNELS = {
    CommitteeScope.Action.REVIEW: (
        Channel.REGULAR,
        Channel.PRELIMINARY,
        Channel.EXCEPTIONAL,
        Channel.TRANSFER,
        Channel.CONFIRMATION,
        Channel.SPECIAL,
    ),
    CommitteeScope.Action.RECOMMEND: (Channel.RECOMMEND,),
}
SENIOR_CHANNELS = (Channel.EXAM_PLUS, Channel.EXCEPTIONAL, Channel.SPECIAL)
"""Senior titles of an examination series reviewed here: the examination comes first."""
WINDOW_DAYS = 60
UNIT_DAYS = 15
MEETING_AFTER_DAYS = 120
PRE_REVIEW = ("103",)
"""Committees (here: water) whose plan lines foresee a publicity before the meeting."""

MATERIALS = (
    "附件1 申报材料清单\n1. 学历、学位证书\n2. 现专业技术资格证书\n3. 继续教育学时证明（近三年）\n"
    "4. 年度考核结果（近三年）\n5. 业绩成果证明：论文、项目、专利、获奖、标准\n6. 近期证件照\n"
    "以上均为电子件，由所在单位与原件核对。"
)
CHECKING = (
    "附件2 用人单位审核要点\n1. 逐项核对原件，注明核对人\n2. 在单位内公示不少于五个工作日\n3. 在岗位结构比例内推荐\n"
    "4. 与申报人共同签署真实性保证书"
)
OWN_RULE = "本标准第四条（经市人力社保局批准）"
TILTS = {
    "farming": [
        {
            "code": "remote",
            "text": "长期在艰苦边远乡镇工作",
            "years_less": 1,
            "hours_less": 0,
            "free_of": ["papers"],
            "evidence": "乡镇人民政府出具的工作证明",
            "document": OWN_RULE,
        },
        {
            "code": "frontline",
            "text": "基层农技推广一线",
            "years_less": 0,
            "hours_less": 12,
            "free_of": [],
            "evidence": "县级农业部门出具的在岗证明",
            "document": OWN_RULE,
        },
    ],
}
CLASSES = {
    "farming": [
        {
            "code": "business",
            "text": "新型农业经营主体",
            "hint": "家庭农场、农民合作社、农业企业中从事生产经营的技术人员。",
            "level_from": "none",
            "years": 5,
            "evidence": "营业执照或家庭农场、合作社登记证明",
            "document": OWN_RULE,
        },
        {
            "code": "returning",
            "text": "返乡创业人员、大学生农创客",
            "hint": "返乡从事农业生产经营的人员和高校毕业生。",
            "level_from": "assistant",
            "years": 2,
            "evidence": "创业项目登记证明",
            "document": OWN_RULE,
        },
    ],
}
"""By committee: relief and classes of its standards; the documents of the city's bureau name none (domain.md §5.1)."""


@dataclass
class Cycle:
    """One year's plan in force with its committees, by key of the city ("forestry") or by code ("109")."""

    year: int
    plan: ReviewPlan
    committees: dict[str, Committee]
    _lines: dict[tuple[int, str, str], PlanLine] = field(default_factory=dict)

    def committee(self, code: str) -> Committee:
        """By key or three-digit code; KeyError when it does not take part."""
        found = self.committees.get(code) or next((c for c in self.committees.values() if c.code == code), None)
        if found is None:
            raise KeyError(code)
        return found

    def line(self, code: str, level: str = Level.INTERMEDIATE, channel: str = Channel.REGULAR) -> PlanLine:
        """The line of the plan; KeyError when there is none."""
        if not self._lines:
            rows = self.plan.lines.select_related("plan", "committee__office")
            self._lines = {(line.committee_id, line.level, line.channel): line for line in rows}
        return self._lines[self.committee(code).pk, level, channel]

    def series(self) -> Series:
        """The engineering series, in which all committees of the notice review."""
        return Series.objects.get(number=5)

    def standard(self, code: str, level: str = Level.INTERMEDIATE) -> StandardVersion | None:
        """The version of the standard by which the line is judged."""
        committee = self.committee(code)
        line = self.plan.lines.filter(committee=committee, level=level).first()
        series = committee.scopes.values_list("series", flat=True).first()
        found: StandardVersion | None = StandardVersion.objects.for_line(line, series) if line else None
        return found

    def term(self, code: str, day: dt.date | None = None) -> CommitteeTerm | None:
        """The committee's term on the day (today)."""
        return self.committee(code).term_on(day or clock.today())


def decide(table: Workflow, row: Any, *, owner: User, reviewer: User, approver: User) -> None:
    """Submitted by its owner, proposed by a reviewer, confirmed by another person over the same content."""
    table.fire(row, "submit", actor=owner)
    table.fire(row, "propose", actor=reviewer, content_hash=row.content_hash())
    table.fire(row, "approve", actor=approver, content_hash=row.content_hash())


def open_cycle(
    city: City,
    year: int,
    *,
    committees: Iterable[str] | None = None,
    window_days: int = WINDOW_DAYS,
    first_titles: Iterable[str] = (),
) -> Cycle:
    """The plan of ``year``, its windows open from today for ``window_days`` days; what exists already is found again.

    ``committees``: keys of the city's offices; all that have a scope when none are given. ``first_titles``: in whose
    field the bureau determines first titles of the assistant level too, below what the committee reviews.
    """
    publish_posts(city, year)
    if not Series.objects.exists():
        services.load_register()
    by_office = {office.pk: key for key, office in city.offices.items()}
    known = {by_office[c.office_id]: c for c in Committee.objects.select_related("office") if c.office_id in by_office}
    wanted = list(committees) if committees is not None else list(known)
    taking_part = {key: known[key] for key in wanted}
    plan = ReviewPlan.objects.of_year(year)
    if plan is not None:
        return Cycle(year, plan, {key: known[key] for key in known})
    story = _Year(city, year, window_days)
    for key, committee in taking_part.items():
        story.term(key, committee)
        story.standards(key, committee)
    plan = story.plan(taking_part, [taking_part[key] for key in first_titles if key in taking_part])
    for key, committee in taking_part.items():
        story.notice(key, committee)
    return Cycle(year, plan, taking_part)


class _Year:
    def __init__(self, city: City, year: int, window_days: int) -> None:
        self.city, self.year = city, year
        self.today = clock.today()
        self.closes_on = self.today + dt.timedelta(days=window_days)
        self.reviewer = city.user("bureau_reviewer")
        self.approver = city.user("bureau_approver")
        self.directors: dict[str, User] = {}

    def _decide(self, table: Workflow, row: Any, owner: User) -> None:
        decide(table, row, owner=owner, reviewer=self.reviewer, approver=self.approver)

    def _director(self, key: str) -> User:
        if key not in self.directors:
            self.directors[key] = self.city.user("committee_director", key)
        return self.directors[key]

    def term(self, key: str, committee: Committee) -> None:
        """Fifteen members from the city's jurors, for three years; a term that covers the year stays."""
        if committee.terms.valid_on(self.today).filter(ends_on__gte=self.today + dt.timedelta(days=365)).exists():
            return
        offices = [CommitteeMember.Office.CHAIR, *[CommitteeMember.Office.VICE_CHAIR] * 2]
        jurors = self.city.users("juror", key)[:15]
        offices += [CommitteeMember.Office.MEMBER] * len(jurors)
        members = [(user, office, "", "丽水市工程系列专家库") for user, office in zip(jurors, offices, strict=False)]
        last = committee.terms.in_force().order_by("-ends_on").first()
        starts_on = max(self.today, last.ends_on + dt.timedelta(days=1)) if last else self.today
        term = services.draft_term(
            committee,
            starts_on,
            _years_on(starts_on, 3) - dt.timedelta(days=1),
            approval_document=f"丽人社〔{self.year}〕组建备案",
            members=members,
        )
        self._decide(COMMITTEE_TERM, term, self._director(key))

    def standards(self, key: str, committee: Committee) -> None:
        """One standard for each level the committee reviews or recommends, effective from today."""
        pairs = committee.scopes.order_by("series", "level").values_list("series", "level").distinct()
        for series_id, level in pairs:
            if committee.standards.filter(
                series=series_id, level=level, versions__in=StandardVersion.objects.effective_on(self.today)
            ).exists():
                continue
            version = services.draft_version(
                committee,
                Series.objects.get(pk=series_id),
                level,
                effective_from=self.today,
                summary=_summary(committee, Series.objects.get(pk=series_id), level),
                **standard_of(key),
                tilts=TILTS.get(key, []),
                classes=CLASSES.get(key, []),
            )
            self._decide(STANDARD_VERSION, version, self._director(key))

    def plan(self, committees: dict[str, Committee], first_titles: Iterable[Committee]) -> ReviewPlan:
        """A line for each committee, level and channel, and for first titles; approved and published."""
        plan = services.draft_plan(self.year)
        for committee in committees.values():
            pairs = committee.scopes.order_by("level", "action").values_list("level", "action").distinct()
            for level, action in pairs:
                senior = action == CommitteeScope.Action.REVIEW and level in SENIOR_LEVELS
                for channel in SENIOR_CHANNELS if senior else CHANNELS[CommitteeScope.Action(action)]:
                    services.save_line(self._line(plan, committee, level, channel))
        for committee in first_titles:
            services.save_line(self._line(plan, committee, Level.ASSISTANT, Channel.PRELIMINARY))
        self._decide(REVIEW_PLAN, plan, self.reviewer)
        REVIEW_PLAN.fire(plan, "publish", actor=self.reviewer)
        return plan

    def _line(self, plan: ReviewPlan, committee: Committee, level: str, channel: str) -> PlanLine:
        line = services.new_line(plan)
        line.committee, line.level, line.channel = committee, level, channel
        line.decided_by = services.decider_of(channel)
        line.opens_on, line.closes_on = self.today, self.closes_on
        if channel == Channel.SPECIAL:  # case by case, on any day of the year
            line.closes_on = max(self.closes_on, dt.date(self.year, 12, 31))
        line.unit_deadline = line.closes_on + dt.timedelta(days=UNIT_DAYS)
        line.counted_to = dt.date(self.year, 12, 31)
        meeting = max(self.today + dt.timedelta(days=MEETING_AFTER_DAYS), line.unit_deadline)
        line.meeting_month = meeting.replace(day=1)
        line.pre_review_days = line.pre_review_days if committee.code in PRE_REVIEW else 0
        return line

    def notice(self, key: str, committee: Committee) -> None:
        """The committee's notice of the year, published by the bureau after its approval."""
        title = f"关于开展{self.year}年度{committee.name.removesuffix('评审委员会')}评审工作的通知"
        if committee.notices.filter(title=title).exists():
            return
        notice = services.draft_notice(committee, title, _body(committee, self.today, self.closes_on))
        self._decide(NOTICE, notice, self._director(key))
        NOTICE.fire(notice, "publish", actor=self.reviewer)


def own_notice(city: City, title: str, body: str, *, attachments: Iterable[str] = ()) -> Notice:
    """A notice of the bureau itself, approved and published; ``attachments``: papers to download, of each the heading
    and below it the text."""
    reviewer, approver = city.user("bureau_reviewer"), city.user("bureau_approver")
    notice = services.draft_notice(None, title, body)
    for text in attachments:
        name = text.partition("\n")[0]
        file = SimpleUploadedFile(f"{name}.pdf", people.evidence_pdf(text), content_type="application/pdf")
        services.add_attachment(notice, name, file=file, owner=reviewer)
    decide(NOTICE, notice, owner=reviewer, reviewer=reviewer, approver=approver)
    NOTICE.fire(notice, "publish", actor=reviewer)
    return notice


def announce_the_year(city: City, year: int, opens_on: dt.date, closes_on: dt.date) -> None:
    """The bureau's notice that opens the year, with what is to be handed in; published once."""
    title = f"关于做好{year}年度职称评审工作的通知"
    if not Notice.objects.filter(title=title).exists():
        body = (
            "各县（市、区）人力资源和社会保障局，市直各单位，各评委会办公室：\n"
            f"{year}年度职称评审自{_day(opens_on)}起网上申报，至{_day(closes_on)}止。\n"
            "一、本年度评审计划、各评委会评审标准和评审通知均在本平台公布。\n"
            "二、申报、审核、公示、评审和发证全部在线办理，不再提交纸质证书复印件。\n"
            "三、需提供的材料见附件。"
        )
        own_notice(city, title, body, attachments=(MATERIALS, CHECKING))


def _years_on(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return dt.date(day.year + years, 3, 1)


def _summary(committee: Committee, series: Series, level: str) -> str:
    names = series.titles_on(clock.today()).filter(level=level).values_list("name", flat=True)
    above = Level.values.index(level) > Level.values.index(committee.top_level)
    target = "、".join(names) + ("（推荐）" if above else "")
    return (
        f"本标准适用于{committee.name}{target}职务任职资格评审。\n"
        "一、思想品德：遵守国家法律法规和职业道德，近年年度考核合格。\n"
        "二、继续教育：每年不少于 90 学时，其中专业科目不少于 60 学时，行业公需和一般公需科目不少于 18 学时。\n"
        "三、业绩成果：以业绩和成果为主要评价依据，任现职以来主持或主要参加本专业技术工作。\n"
        "四、长期在艰苦边远地区和基层一线工作的人员，同等条件下适当倾斜。"
    )


def _body(committee: Committee, opens_on: dt.date, closes_on: dt.date) -> str:
    return (
        "各县（市、区）人力资源和社会保障局，市直有关单位：\n"
        f"根据年度评审计划，现就{committee.name}评审工作通知如下。\n"
        f"一、申报时间：{_day(opens_on)}至{_day(closes_on)}，逾期不予受理。\n"
        "二、申报人员对申报材料的真实性负责，所在单位核对原件、公示后推荐。\n"
        "三、公务员（含参照公务员法管理的单位工作人员）不得参加职称评审。\n"
        "四、申报表和真实性保证书一律在本平台填写，评审标准见“评审标准”栏目。"
    )


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
