"""People declare: drafts filled in and handed in through the services the pages of the applicant use."""

import datetime as dt
import functools
import random
from collections.abc import Callable
from typing import Any

from django.contrib.auth.hashers import check_password
from django.core.files.uploadedfile import SimpleUploadedFile

from applications.models import (
    Achievement,
    Assessment,
    Declaration,
    Education,
    ExamResult,
    ExpertRecommendation,
    HeldTitle,
    LearningHours,
    Signature,
    WorkHistory,
)
from applications.models.content import WAY_FIELDS
from applications.rules.form import counted_years, evidence_of
from applications.rules.relief import CLASS
from applications.services import drafts, files, signing
from applications.workflow import DECLARATION
from appraisal_portal.accounts.models import Organisation, User
from appraisal_portal.home.story import people
from appraisal_portal.home.story.city import PASSWORD, City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import clock
from committees.plans.models import CommitteeScope, Level, PlanLine, Series, Title
from committees.plans.questions import Kind, Question
from committees.plans.scoring import Counted

Employer = Organisation.EmployerKind
SCHOOLS = (
    "浙江大学",
    "浙江工业大学",
    "浙江农林大学",
    "丽水学院",
    "中国计量大学",
    "杭州电子科技大学",
    "河海大学",
    "长安大学",
)
ETHNIC = ("汉族",) * 8 + ("畲族", "回族")
LADDER = ("none", *Level.values)
CIVIL = (Employer.CIVIL_SERVICE, Employer.REFERENCE_MANAGED, Employer.AUTONOMOUS)
WORKS = (
    ("project", "{field}项目技术改造", "技术负责人", "1/6"),
    ("paper", "{field}关键技术应用研究", "第一作者", "1/3"),
    ("standard", "{field}作业规程编制", "主要起草人", "2/5"),
    ("award", "{field}质量改进成果奖", "完成人", "3/7"),
    ("patent", "一种用于{field}的检测装置", "发明人", "2/4"),
)


def draft(
    city: City,
    cycle: Cycle,
    seed: int | str,
    *,
    unit: Organisation | None = None,
    line: PlanLine | None = None,
    applicant_class: str = "",
) -> Declaration:
    """A complete draft of the person of this seed, ready to be signed; unit and line are chosen to fit when not
    given. ``applicant_class``: a class of the standard, for people the agency declares for.
    """
    dice = random.Random(f"declare-{seed}")  # noqa: S311 - believable, not secret
    line = line or _some_line(cycle, dice)
    scope, unit = _place(city, line, unit, dice)
    user = city.applicant(seed)
    city.employ(user, unit)
    title = Title.objects.valid_on(clock.today()).filter(series=scope.series, level=line.level).first()
    asked = {"title": title, "subfield": scope.subfield, "unit": unit, "channel": line.channel}
    declaration = drafts.start(user, **asked, applicant_class=applicant_class)
    return complete(declaration, seed, dice)


def complete(declaration: Declaration, seed: int | str, dice: random.Random | None = None) -> Declaration:
    """Every section of a draft filled in as the person of this seed would."""
    chosen = dice or random.Random(f"complete-{seed}")  # noqa: S311 - believable, not secret
    return _Filler(declaration, _acting(declaration), seed, chosen).fill()


def submit(declaration: Declaration) -> Declaration:
    """The applicant signs 2-9 and hands the declaration in."""
    user = _acting(declaration)
    sign(declaration, Signature.Mark.APPLICANT, user)
    DECLARATION.fire(declaration, "submit", actor=user)
    return declaration


def sign(declaration: Declaration, mark: str, user: User) -> None:
    """A mark on 2-9. All accounts of the story share one password and its hash, so that it is checked once, not 300
    times.
    """
    if not _is_the_password(user.password):
        raise ValueError(f"{user} has another password than the story's")
    signing.sign_confirmed(declaration, mark, user)


@functools.lru_cache(maxsize=8)
def _is_the_password(encoded: str) -> bool:
    return check_password(PASSWORD, encoded)


def _acting(declaration: Declaration) -> User:
    user: User = declaration.applicant.user
    return user.act_as(user.memberships.filter(role="applicant").first())


def _some_line(cycle: Cycle, dice: random.Random) -> PlanLine:
    open_today = PlanLine.objects.open_for(clock.today(), level=Level.INTERMEDIATE, channel="regular")
    rows = list(open_today.filter(plan=cycle.plan).select_related("plan", "committee"))
    return dice.choice(rows)


def _place(
    city: City, line: PlanLine, unit: Organisation | None, dice: random.Random
) -> tuple[CommitteeScope, Organisation]:
    """A field of the committee and a unit whose kind of employer it covers."""
    return dice.choice(_fitting(city, line, unit))


def units_for(city: City, line: PlanLine) -> list[Organisation]:
    """The units whose staff the committee reviews on this line, in the order of the city."""
    return list(dict.fromkeys(body for _scope, body in _fitting(city, line)))


def _fitting(city: City, line: PlanLine, unit: Organisation | None = None) -> list[tuple[CommitteeScope, Organisation]]:
    action = "recommend" if line.channel == "recommend" else "review"
    scopes = list(
        CommitteeScope.objects.valid_on(clock.today())
        .filter(committee=line.committee, action=action, **({"level": line.level} if line.by_vote else {}))
        .select_related("series", "subfield")
        .order_by("pk")
    )
    units = [unit] if unit else [body for body in city.units if body.employer_kind not in CIVIL]
    return [(scope, body) for scope in scopes for body in units if scope.employer_kind in ("", body.employer_kind)]


def row_asks(declaration: Declaration) -> bool:
    """Whether its way asks for something of its own."""
    return declaration.route in WAY_FIELDS


def _other_series(row: Declaration) -> Series:
    """The series a transfer of the story leaves."""
    return Series.objects.get(number=5 if row.series.number == 6 else 6)


class _Filler:
    """Fills in one draft, section by section, each saved over the version the one before left."""

    def __init__(self, declaration: Declaration, user: User, seed: int | str, dice: random.Random) -> None:
        self.declaration, self.user, self.seed, self.dice = declaration, user, seed, dice
        self.field = str(declaration.subfield or declaration.series)
        self.year = declaration.year
        born = declaration.applicant.birth_date
        self.graduated = dt.date(min(born.year + 22, self.year - 2), 6, 30)
        self.began = dt.date(self.graduated.year, 8, 1)

    def fill(self) -> Declaration:
        """Every section of the form."""
        for section, write in (
            ("person", self._person),
            ("education", self._education),
            ("title", self._title),
            *([("class", self._class)] if self.declaration.applicant_class else []),
            *([("way", self._way)] if row_asks(self.declaration) else []),
            ("hours", self._hours),
            ("experience", self._experience),
            ("achievements", self._achievements),
            ("assessments", self._assessments),
            ("representative", self._representative),
            *([("questions", self._questions)] if self.declaration.asked.questions else []),
            *([("self_scoring", self._self_scoring)] if self.declaration.sheet else []),
            ("attachments", self._attachments),
            ("photo", self._photo),
        ):
            self._save(section, write)
        return self.declaration

    def _save(self, section: str, write: Callable[[Declaration], None]) -> None:
        saved = drafts.save_section(
            self.declaration, section, self.declaration.form_version, user=self.user, write=write
        )
        self.declaration = saved

    def _person(self, row: Declaration) -> None:
        row.ethnicity = self.dice.choice(ETHNIC)
        row.birthplace = "浙江丽水"
        row.work_started_on = self.began
        row.current_post = self.dice.choice(("技术员", "项目负责人", "工程部副主任", "技术科科员"))
        row.current_post_since = self.began
        row.current_specialty = self.field
        row.specialty_years = max(self.year - self.began.year, 1)
        row.foreign_language = "英语四级"
        row.file_kept_at = row.unit.name
        row.health = "good"
        row.political_status = ("party", "masses", "masses", "")[row.applicant_id % 4]
        row.staff_kind = "staff"
        row.retired = False
        row.under_punishment = False
        row.save()

    def _education(self, row: Declaration) -> None:
        master = row.route == "preliminary" and row.line.level == "intermediate"
        level = "master" if master else "bachelor"
        if master:
            self.graduated = dt.date(self.year - 5, 6, 30)
        Education.objects.create(
            declaration=row,
            level=level,
            degree=level,
            schooling_years=3 if master else 4,
            school=self.dice.choice(SCHOOLS),
            major=self.field,
            finished_on=self.graduated,
        )

    def _title(self, row: Declaration) -> None:
        held = LADDER[LADDER.index(row.line.level) - (0 if row.route in ("transfer", "confirmation") else 1)]
        if held == "none" or row.route == "preliminary":
            HeldTitle.objects.create(declaration=row, level="none")
            return
        series = _other_series(row) if row.route == "transfer" else row.series
        name = series.titles.filter(level=held).values_list("name", flat=True).first()
        first = 6 if row.line.level in ("associate_senior", "senior") else 1
        obtained = dt.date(min(self.began.year + 1, self.year - first), 12, 20)
        HeldTitle.objects.create(
            declaration=row,
            level=held,
            name=name or "助理工程师",
            series=series.name,
            by_exam=series.by_exam(held),
            obtained_on=obtained,
            authority="丽水市人力资源和社会保障局",
            appointed_on=obtained,
        )

    def _class(self, row: Declaration) -> None:
        self._file(row, CLASS, "申报类别证明材料\n（复印件）", "类别证明.pdf")

    def _way(self, row: Declaration) -> None:
        """Experts, examination, proof: whatever the way asks for."""
        if row.route == "exceptional":
            row.exceptional_ground = "学历不具备规定条件，任现职以来业绩突出，由两名同行专家推荐。"
            for place, name in enumerate(("周正明", "沈国良")):
                expert = ExpertRecommendation.objects.create(
                    declaration=row, name=name, title="高级工程师", unit_name=SCHOOLS[place], specialty=self.field,
                    reason="业绩突出，同意推荐。",
                )  # fmt: skip
                self._file(row, f"expert-{expert.pk}", f"破格专家推荐\n{name}", "专家推荐.pdf")
        elif row.route == "exam_plus":
            passed = dt.date(self.year - 1, 9, 10)
            ExamResult.objects.create(declaration=row, name="高级资格考试", passed_on=passed, score="合格")
        elif row.route == "transfer":
            row.transfer_series = _other_series(row)
        elif row.route == "special":
            row.talent_kind, row.talent_reason = "urgent", "引进的急需紧缺专业技术人才。"
        row.save()
        if row.route != "exceptional":
            self._file(row, "way", "申报途径证明材料", "证明材料.pdf")

    def _hours(self, row: Declaration) -> None:
        for year in counted_years(row):
            LearningHours.objects.create(
                declaration=row,
                year=year,
                professional=self.dice.randint(64, 84),
                industry=self.dice.randint(12, 18),
                general=self.dice.randint(14, 20),
            )

    def _experience(self, row: Declaration) -> None:
        WorkHistory.objects.create(
            declaration=row,
            starts_on=self.began,
            unit_name=row.unit.name,
            post=row.current_post,
            work=f"从事{self.field}技术工作",
        )

    def _achievements(self, row: Declaration) -> None:
        for kind, title, role, rank in self.dice.sample(WORKS, 2):
            year = self.dice.randint(min(self.began.year + 1, self.year - 1), self.year - 1)
            achievement = Achievement.objects.create(
                declaration=row,
                kind=kind,
                title=title.format(field=self.field),
                role=role,
                rank=rank,
                reached_on=dt.date(year, self.dice.randint(1, 12), 15),
                level="市级",
            )
            self._file(row, f"achievement-{achievement.pk}", f"业绩证明\n{achievement.title}\n{role}", "业绩证明.pdf")

    def _assessments(self, row: Declaration) -> None:
        for year in counted_years(row):
            result = self.dice.choice(("qualified", "qualified", "excellent"))
            Assessment.objects.create(declaration=row, year=year, result=result)

    def _representative(self, row: Declaration) -> None:
        row.representative_title = f"{self.field}关键技术应用研究"
        row.representative_role = "主要完成人"
        row.representative_text = f"围绕{self.field}中的实际问题，完成方案设计、现场试验和推广应用，效果良好。"
        row.save()

    def _questions(self, row: Declaration) -> None:
        row.answers = {question.code: self._answer(question) for question in row.asked.questions}
        row.save()
        for entry in row.asked.evidence:
            if entry.question and entry.demanded(row.answers):
                for _copy in range(entry.files):
                    text, code = f"{entry.text}\n（复印件）", f"answer-{entry.code}"
                    self._file(row, code, text, f"{entry.text}.pdf", f"questions:{entry.question}")

    def _answer(self, question: Question) -> Any:
        """Something that fits the kind of the question and its bounds."""
        answers: dict[str, Any] = {
            Kind.TEXT: f"{self.field}技术岗位",
            Kind.INTEGER: str(self.dice.randint(2, 9)),
            Kind.DECIMAL: f"{self.dice.randint(20, 900)}.5",
            Kind.DATE: f"{self.year - 1}-{self.dice.randint(1, 12):02d}-20",
            Kind.YES_NO: self.dice.random() < 0.5,
            Kind.CHOICE: self.dice.choice(question.choices).text if question.choices else "",
            Kind.CHOICES: [choice.text for choice in question.choices[:2]],
            Kind.TABLE: [
                [f"{self.field}技术改造", f"{self.year - 2}年3月至{self.year - 1}年10月", "第二"][
                    : len(question.columns)
                ]
            ],
        }
        return answers.get(question.kind, f"本人在{self.field}工作中承担主要任务，解决了现场的技术问题。")

    def _self_scoring(self, row: Declaration) -> None:
        sheet = row.sheet
        row.self_scores = {line.code: str(self.dice.randint(0, 3)) for line in sheet.rows}
        row.self_scores |= {
            line.code: str(self.dice.randint(0, 1)) for line in sheet.rows if line.counted == Counted.YES_NO
        }
        row.self_scores[sheet.rows[0].code] = "2"
        row.save()
        for line in sheet.rows:
            if line.evidence and line.points(row.self_scores[line.code]) > 0:
                text, code = f"量化自评佐证\n{line.text}", f"score-{line.code}"
                self._file(row, code, text, f"{line.text}.pdf", f"self_scoring:{line.code}")

    def _attachments(self, row: Declaration) -> None:
        for entry in evidence_of(row):
            if entry.required and entry.code != "achievements":
                required_by = f"attachments:{entry.code}"
                self._file(row, entry.code, f"{entry.text}\n（复印件）", f"{entry.text}.pdf", required_by)

    def _photo(self, row: Declaration) -> None:
        picture = SimpleUploadedFile("照片.jpg", people.photo_jpeg(self.seed), "image/jpeg")
        files.set_photo(row, picture, owner=self.user)

    def _file(self, row: Declaration, code: str, text: str, name: str, required_by: str = "") -> Any:
        paper = SimpleUploadedFile(name, people.evidence_pdf(text), "application/pdf")
        return files.add_material(row, code, paper, owner=self.user, required_by=required_by)
