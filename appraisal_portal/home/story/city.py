"""The city of the story: bureaus, departments, committee offices and units with everybody who works there.

``build_city()`` is idempotent: a second call finds what the first one made. Names of bodies are those of 2018.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from django.db import transaction

from appraisal_portal.accounts.models import Employment, Membership, Organisation, PostInformation, PostStructure, User
from appraisal_portal.accounts.rules import credit_check
from appraisal_portal.accounts.services import founded
from appraisal_portal.accounts.workflow import EMPLOYMENT, ORGANISATION
from appraisal_portal.home.story import people
from appraisal_portal.kernel import clock

PASSWORD = "demo-2018-Lishui"  # noqa: S105 - printed by `demo`; synthetic people only
Role, Kind, Employer = Membership.Role, Organisation.Kind, Organisation.EmployerKind
SINCE = dt.date(2018, 1, 2)

COUNTIES = ("莲都区", "龙泉市", "青田县", "云和县", "庆元县", "缙云县", "遂昌县", "松阳县", "景宁畲族自治县")

# code → (field as in the name of the committee, department it sits in)
OFFICES: dict[str, tuple[str, str]] = {
    "agriculture": ("农业工程", "丽水市农业局"),
    "traffic": ("交通工程", "丽水市交通运输局"),
    "water": ("水利工程", "丽水市水利局"),
    "quality": ("质量技术监督工程", "丽水市质量技术监督局"),
    "special_equipment": ("特种设备工程", "丽水市特种设备检测院"),
    "safety": ("安全工程", "丽水市安全生产监督管理局"),
    "pharmacy": ("医药工程", "丽水市食品药品监督管理局"),
    "broadcasting": ("广播电视工程", "丽水市文化广电新闻出版局"),
    "forestry": ("林业工程", "丽水市林业局"),
    "enterprise": ("企业工程", "丽水市经济和信息化委员会"),
    "farming": ("农业", "丽水市农业局"),
    "accounting": ("会计专业", "丽水市财政局"),
}
SENIOR_OFFICES = frozenset({"accounting"})
"""Committees that review senior titles here."""

DEPARTMENTS = (
    "丽水市农业局",
    "丽水市林业局",
    "丽水市水利局",
    "丽水市交通运输局",
    "丽水市教育局",
    "丽水市国有资产监督管理委员会",
)

# name, kind of employer, county ("" = municipal), forwarder (a county, a department, "" = straight to the office)
UNITS: tuple[tuple[str, str, str, str], ...] = (
    ("丽水市农业科学研究院", Employer.PUBLIC_INSTITUTION, "", "丽水市农业局"),
    ("丽水市林业科学研究院", Employer.PUBLIC_INSTITUTION, "", "丽水市林业局"),
    ("丽水市水利工程管理中心", Employer.PUBLIC_INSTITUTION, "", "丽水市水利局"),
    ("莲都区农业技术推广中心", Employer.PUBLIC_INSTITUTION, "莲都区", "莲都区"),
    ("龙泉市凤阳山林场", Employer.PUBLIC_INSTITUTION, "龙泉市", "龙泉市"),
    ("青田县交通工程质量监督站", Employer.PUBLIC_INSTITUTION, "青田县", "青田县"),
    ("遂昌县水利水电勘测设计所", Employer.PUBLIC_INSTITUTION, "遂昌县", "遂昌县"),
    ("浙江瓯江交通建设有限公司", Employer.ENTERPRISE, "莲都区", "莲都区"),
    ("浙江云和木制玩具装备有限公司", Employer.ENTERPRISE, "云和县", "云和县"),
    ("浙江缙云机床制造有限公司", Employer.ENTERPRISE, "缙云县", "缙云县"),
    ("庆元香菇生物科技股份有限公司", Employer.ENTERPRISE, "庆元县", "庆元县"),
    ("松阳茶叶机械有限公司", Employer.ENTERPRISE, "松阳县", "松阳县"),
    ("丽水绿谷药业有限公司", Employer.ENTERPRISE, "", ""),
    ("景宁畲族自治县广播电视台", Employer.PUBLIC_INSTITUTION, "景宁畲族自治县", "景宁畲族自治县"),
    ("丽水市特种设备行业协会", Employer.SOCIAL, "", ""),
    ("丽水市安全生产执法支队", Employer.REFERENCE_MANAGED, "", ""),
)
OWN_UNITS = {"university": "丽水学院", "hospital": "丽水市中心医院", "school": "丽水市实验学校"}
"""Municipal units that appraise their own staff, by kind of the delegation; founded where they are needed only."""
AGENCY = "丽水市人才服务中心"
JURORS = 15


def bureau_name(county: str) -> str:
    """``莲都区人力资源和社会保障局``."""
    return f"{county}人力资源和社会保障局"


def committee_name(code: str) -> str:
    """``丽水市农业工程技术人员中级职务任职资格评审委员会``."""
    level = "高级" if code in SENIOR_OFFICES else "中级"
    return f"丽水市{OFFICES[code][0]}技术人员{level}职务任职资格评审委员会"


POSTS = (("junior", 60, 21), ("intermediate", 60, 18), ("associate_senior", 40, 9), ("senior", 6, 2))
"""Level of posts, approved, taken."""


@dataclass
class City:
    """Bodies and people by name; what ``user()`` gives acts in the role asked for."""

    bureau: Organisation
    discipline: Organisation
    agency: Organisation
    counties: dict[str, Organisation] = field(default_factory=dict)  # 莲都区 → its bureau
    departments: dict[str, Organisation] = field(default_factory=dict)  # 丽水市农业局 → it
    offices: dict[str, Organisation] = field(default_factory=dict)  # committee code → its office
    units: list[Organisation] = field(default_factory=list)
    encoded: str = ""  # the hash of PASSWORD, made once

    def users(self, role: str, organisation: Organisation | str | None = None) -> list[User]:
        """Everybody who holds the role (in the organisation, or the office with that committee code), acting in it."""
        if isinstance(organisation, str):
            organisation = self.offices[organisation]
        rows = Membership.objects.active().filter(role=role).select_related("user", "organisation").order_by("pk")
        if organisation is not None:
            rows = rows.filter(organisation=organisation)
        return [row.user.act_as(row) for row in rows]

    def user(self, role: str, organisation: Organisation | str | None = None, place: int = 0) -> User:
        """The ``place``-th of :meth:`users`, e.g. ``city.user("office_clerk", "agriculture", 1)``."""
        return self.users(role, organisation)[place]

    def unit(self, place: int) -> Organisation:
        """A unit by number, round and round."""
        return self.units[place % len(self.units)]

    def applicant(self, seed: int | str) -> User:
        """The registered person of this seed, acting as applicant."""
        user = people.register(seed, encoded=self.encoded)
        return user.act_as(user.memberships.filter(role=Role.APPLICANT).first())

    def employ(self, user: User, unit: Organisation, *, kind: str = Employment.StaffKind.STAFF) -> Employment:
        """The person asks the unit, its clerk confirms; what is confirmed already stays."""
        known = Employment.objects.filter(person=user.person, unit=unit, status=Employment.Status.CONFIRMED).first()
        if known is not None:
            return known
        since = max(
            SINCE.replace(year=SINCE.year - 6),
            user.person.birth_date.replace(day=1, year=user.person.birth_date.year + 22),
        )
        row = Employment(person=user.person, unit=unit, starts_on=min(since, clock.today()))
        EMPLOYMENT.fire(row, "ask", actor=user)
        EMPLOYMENT.fire(row, "confirm", actor=self.user(Role.UNIT_CLERK, unit), confirmed_kind=kind)
        return row


def build_city() -> City:
    """Make what is missing, return all of it."""
    with transaction.atomic():
        bureau = founded(Kind.CITY_BUREAU, "丽水市人力资源和社会保障局", "市人力社保局")
        discipline = founded(Kind.DISCIPLINE, "丽水市纪委市监委派驻市人力社保局纪检监察组", "派驻纪检监察组")
        staff = _Staff()
        for role, login, count in (
            (Role.BUREAU_REVIEWER, "reviewer", 2),
            (Role.BUREAU_APPROVER, "approver", 2),
            (Role.OPERATOR, "operator", 1),
        ):
            staff.hire(role, bureau, login, count)
        staff.hire(Role.OBSERVER, discipline, "observer", 2)
        staff.hire(Role.SUPERVISOR, discipline, "supervisor", 1)
        staff.flush()
        reviewer = staff.acting("reviewer1", Role.BUREAU_REVIEWER)
        city = City(bureau, discipline, bureau, encoded=staff.encoded)
        for place, county in enumerate(COUNTIES, start=1):
            body = _registered(reviewer, Kind.COUNTY_BUREAU, bureau_name(county), f"{county}人力社保局", county=county)
            city.counties[county] = body
            staff.hire(Role.FORWARDER, body, f"county{place}-", 1)
        for place, name in enumerate(DEPARTMENTS, start=1):
            city.departments[name] = _registered(reviewer, Kind.COMPETENT_DEPARTMENT, name, name.removeprefix("丽水"))
            staff.hire(Role.FORWARDER, city.departments[name], f"department{place}-", 1)
        for code, (subject, _department) in OFFICES.items():
            name = f"{committee_name(code)}办公室"
            office = _registered(reviewer, Kind.COMMITTEE_OFFICE, name, f"{subject}评委会办公室")
            city.offices[code] = office
            login = code.replace("_", "-")
            staff.hire(
                Role.OFFICE_CLERK, office, f"{login}-clerk", 3
            )  # one prepares the meeting, two count the ballots
            staff.hire(Role.COMMITTEE_DIRECTOR, office, f"{login}-director", 1)
            staff.hire(Role.JUROR, office, f"{login}-juror", JURORS)
        city.agency = _registered(
            reviewer, Kind.AGENCY, AGENCY, AGENCY, employer_kind=Employer.SOCIAL, credit_code=_credit_code(99)
        )
        for place, (name, employer, county, through) in enumerate(UNITS, start=1):
            forwarder = city.counties.get(through) or city.departments.get(through)
            unit = _registered(
                reviewer,
                Kind.UNIT,
                name,
                name,
                employer_kind=employer,
                county=county,
                forwarder=forwarder,
                credit_code=_credit_code(place),
            )
            city.units.append(unit)
            if employer == Employer.PUBLIC_INSTITUTION:
                _structured(unit, forwarder or bureau)
            staff.hire(Role.UNIT_CLERK, unit, f"unit{place}-clerk", 1)
            staff.hire(Role.UNIT_HEAD, unit, f"unit{place}-head", 1)
        staff.hire(Role.UNIT_CLERK, city.agency, "agency-clerk", 1)
        staff.hire(Role.UNIT_HEAD, city.agency, "agency-head", 1)
        staff.flush()
    return city


def found_own_units(city: City) -> dict[str, Organisation]:
    """:data:`OWN_UNITS` with clerk and head (``university-clerk``, …); what is there already stays."""
    staff = _Staff()
    reviewer, units = staff.acting("reviewer1", Role.BUREAU_REVIEWER), {}
    for place, (kind, name) in enumerate(OWN_UNITS.items(), start=60):
        units[kind] = _registered(
            reviewer, Kind.UNIT, name, name, employer_kind=Employer.PUBLIC_INSTITUTION, credit_code=_credit_code(place)
        )
        _structured(units[kind], city.bureau)
        staff.hire(Role.UNIT_CLERK, units[kind], f"{kind}-clerk", 1)
        staff.hire(Role.UNIT_HEAD, units[kind], f"{kind}-head", 1)
    staff.flush()
    return units


def _registered(reviewer: User, kind: str, name: str, short: str, **fields: object) -> Organisation:
    """Registered by the first reviewer, approved by the second, as on the pages."""
    known = Organisation.objects.filter(kind=kind, name=name).first()
    if known is not None:
        return known
    body = Organisation(kind=kind, name=name, short_name=short, **fields)
    ORGANISATION.fire(body, "register", actor=reviewer)
    second = Membership.objects.select_related("user").get(user__username="reviewer2", role=Role.BUREAU_REVIEWER)
    ORGANISATION.fire(body, "approve", actor=second.user.act_as(second))
    return body


def _structured(unit: Organisation, authority: Organisation) -> None:
    """Posts of every level, approved years ago, with room for the whole year."""
    if not unit.post_structures.exists():
        PostStructure.objects.bulk_create(
            PostStructure(
                unit=unit, level=level, approved=approved, used=used, document="丽人社岗〔2017〕18号", decided_on=SINCE,
                authority=authority, valid_from=SINCE,
            )
            for level, approved, used in POSTS
        )  # fmt: skip


def publish_posts(city: City, year: int) -> None:
    """The post information of the year (岗位信息), which public institutions publish before anybody declares."""
    today = clock.today()
    for unit in city.units:
        if unit.employer_kind == Employer.PUBLIC_INSTITUTION and not unit.post_information.filter(year=year).exists():
            PostInformation.objects.create(
                unit=unit,
                year=year,
                posts="专业技术初级、中级、副高级、正高级岗位的空缺数以岗位结构核准文件为准。",
                place="本单位公告栏",
                posted_on=min(today, dt.date(year, 1, 2)),
            )


def _credit_code(place: int) -> str:
    body = f"9133110{place:02d}MA2E1D{place:02d}"
    return body + credit_check(body)


class _Staff:
    """Accounts of staff, gathered and written together; one password hash for all (a slow hasher takes 80 ms each)."""

    def __init__(self) -> None:
        first = User.objects.filter(username="reviewer1").first()
        self.encoded = first.password if first else make_password(PASSWORD)
        self.known = set(User.objects.values_list("username", flat=True))
        self.waiting: list[tuple[User, str, Organisation]] = []

    def hire(self, role: str, organisation: Organisation, login: str, count: int) -> None:
        """``count`` people with login names ``<login>1``, …; a single one without number and closing hyphen."""
        for place in range(1, count + 1):
            username = login.rstrip("-") if count == 1 else f"{login}{place}"
            if username in self.known:
                continue
            self.known.add(username)
            name = people.someone(2_000_000 + len(self.known)).name
            user = User(username=username, full_name=name, email=f"{username}@example.com", password=self.encoded)
            self.waiting.append((user, role, organisation))

    def flush(self) -> None:
        """Write accounts and roles."""
        User.objects.bulk_create(user for user, _role, _body in self.waiting)
        Membership.objects.bulk_create(
            Membership(user=user, role=role, organisation=body, starts_on=SINCE, reason="演示")
            for user, role, body in self.waiting
        )
        self.waiting = []

    @staticmethod
    def acting(username: str, role: str) -> User:
        """That account in that role."""
        user = User.objects.get(username=username)
        return user.act_as(user.memberships.get(role=role))


def logins(city: City) -> Iterable[tuple[str, str]]:
    """(role in words, login name) of one account a role, for the lines ``demo`` prints."""
    examples = {
        Role.UNIT_CLERK: city.units[0],
        Role.UNIT_HEAD: city.units[0],
        Role.FORWARDER: city.units[0].forwarder,
        Role.OFFICE_CLERK: city.offices["agriculture"],
        Role.COMMITTEE_DIRECTOR: city.offices["agriculture"],
        Role.JUROR: city.offices["agriculture"],
    }
    for role in Role:
        if role == Role.APPLICANT:
            continue
        yield str(role.label), city.user(role, examples.get(role)).username
