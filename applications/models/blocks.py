"""The blocks of the declaration form 2-1 that hold several rows, and the files that prove them."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.querysets import OfDeclaration
from appraisal_portal.kernel.models import Upload
from appraisal_portal.kernel.portrait import FINDINGS, Crop

from .declaration import Declaration


class Block(models.Model):
    """A row of one block of a declaration; concrete classes add ``declaration``."""

    objects = OfDeclaration.as_manager()

    class Meta:
        abstract = True


@pghistory.track()
class Education(Block):
    """A degree or diploma (学历学位)."""

    class Level(models.TextChoices):
        SECONDARY = "secondary", _("secondary vocational school")
        COLLEGE = "college", _("junior college")
        BACHELOR = "bachelor", _("undergraduate")
        MASTER = "master", _("postgraduate, master")
        DOCTOR = "doctor", _("postgraduate, doctor")

    class Degree(models.TextChoices):
        NONE = "none", _("no degree")
        BACHELOR = "bachelor", _("bachelor")
        MASTER = "master", _("master")
        DOCTOR = "doctor", _("doctor")

    class Mode(models.TextChoices):
        FULL_TIME = "full_time", _("full time")
        IN_SERVICE = "in_service", _("in service")

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="educations")
    level = models.CharField(max_length=10, choices=Level.choices)
    degree = models.CharField(max_length=10, choices=Degree.choices, default=Degree.NONE)
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.FULL_TIME)
    schooling_years = models.DecimalField(
        max_digits=3, decimal_places=1, null=True, blank=True
    )  # 学制: 2.5 years exist
    school = models.CharField(max_length=100, blank=True)
    major = models.CharField(max_length=60, blank=True)
    finished_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["finished_on", "pk"]

    def __str__(self) -> str:
        return f"{self.school} {self.get_level_display()}"


@pghistory.track()
class HeldTitle(Block):
    """A title held so far (现任专业技术资格): the current one decides which may be asked for next."""

    class Level(models.TextChoices):
        NONE = "none", _("no title yet")
        TECHNICIAN = "technician", _("technician level")
        ASSISTANT = "assistant", _("assistant level")
        INTERMEDIATE = "intermediate", _("intermediate level")
        ASSOCIATE_SENIOR = "associate_senior", _("associate senior level")
        SENIOR = "senior", _("senior level")

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="held_titles")
    level = models.CharField(max_length=18, choices=Level.choices)
    name = models.CharField(max_length=60, blank=True)
    obtained_on = models.DateField(null=True, blank=True)
    authority = models.CharField(max_length=100, blank=True)
    series = models.CharField(max_length=60, blank=True)  # 系列 as on the certificate; transfers compare it
    by_exam = models.BooleanField(default=False)  # obtained by examination (以考代评)
    appointed_on = models.DateField(null=True, blank=True)
    certificate_number = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["obtained_on", "pk"]

    def __str__(self) -> str:
        return self.name or str(self.get_level_display())


@pghistory.track()
class Training(Block):
    """Study and training (学习培训经历)."""

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="trainings")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    organiser = models.CharField(max_length=100, blank=True)
    content = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="training_ends_later")]

    def __str__(self) -> str:
        return self.content


@pghistory.track()
class WorkHistory(Block):
    """A job (工作经历). Jobs overlap only where one is a secondary job: a rule, not a constraint."""

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="work_history")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    unit_name = models.CharField(max_length=100, blank=True)
    post = models.CharField(max_length=60, blank=True)
    work = models.TextField(max_length=500, blank=True)
    secondary = models.BooleanField(default=False)

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="work_ends_later")]

    def __str__(self) -> str:
        return f"{self.unit_name} {self.post}"


@pghistory.track()
class Assessment(Block):
    """The annual assessment of a year (年度考核)."""

    class Result(models.TextChoices):
        EXCELLENT = "excellent", _("excellent")
        QUALIFIED = "qualified", _("competent")
        BASIC = "basic", _("basically competent")
        FAILED = "failed", _("not competent")
        NOT_GRADED = "not_graded", _("not graded")

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="assessments")
    year = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=10, choices=Result.choices)

    class Meta:
        ordering = ["year"]
        constraints = [models.UniqueConstraint(fields=["declaration", "year"], name="assessment_once")]

    def __str__(self) -> str:
        return f"{self.year} {self.get_result_display()}"


@pghistory.track()
class LearningHours(Block):
    """Continuing-education class hours of a year (继续教育学时), by kind of subject."""

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="learning_hours")
    year = models.PositiveSmallIntegerField()
    professional = models.PositiveSmallIntegerField(default=0)
    industry = models.PositiveSmallIntegerField(default=0)
    general = models.PositiveSmallIntegerField(default=0)
    other = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["declaration", "year"], name="hours_once"),
            models.CheckConstraint(
                condition=Q(professional__gte=0, industry__gte=0, general__gte=0, other__gte=0),
                name="hours_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.total}"

    @property
    def total(self) -> int:
        """All class hours of the year."""
        return self.professional + self.industry + self.general + self.other

    @property
    def common(self) -> int:
        """Industry and general subjects together (行业公需 and 一般公需, R-11)."""
        return self.industry + self.general


@pghistory.track()
class Achievement(Block):
    """A performance or achievement (业绩成果) with its proof; the unit notes what it saw of the original."""

    class Kind(models.TextChoices):
        PROJECT = "project", _("project")
        PAPER = "paper", _("paper, book or report")
        PATENT = "patent", _("patent")
        AWARD = "award", _("award")
        STANDARD = "standard", _("standard or regulation")
        OTHER = "other", _("other achievement")

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="achievements")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=60, blank=True)
    rank = models.CharField(max_length=30, blank=True)  # e.g. 2/5: second of five
    reached_on = models.DateField(null=True, blank=True)
    level = models.CharField(max_length=60, blank=True)  # e.g. 省级, 核心期刊
    before_title = models.BooleanField(default=False)  # reached before the present title
    # this row is the use of that entry in one declaration (AchievementUse of the design), with its own frozen copy
    archived = models.ForeignKey(
        "applications.ArchivedAchievement", models.PROTECT, null=True, blank=True, related_name="uses"
    )

    class Meta:
        ordering = ["reached_on", "pk"]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Material(models.Model):
    """A file that proves something (佐证材料). A new version replaces the one before, which stays."""

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="materials")
    # what it proves: "education-12", "achievement-7", "representative", or a code of the standard's list
    code = models.CharField(max_length=60)
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="materials")
    version = models.PositiveIntegerField(default=1)
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="supersedes")
    removed = models.BooleanField(default=False)
    required_by = models.CharField(max_length=60, blank=True)

    objects = OfDeclaration.as_manager()

    class Meta:
        ordering = ["code", "version"]
        constraints = [models.UniqueConstraint(fields=["declaration", "code", "version"], name="material_once")]

    def __str__(self) -> str:
        return f"{self.code}: {self.upload}"

    @property
    def counts(self) -> bool:
        """Neither replaced nor taken away."""
        return self.superseded_by_id is None and not self.removed


@pghistory.track()
class Photo(models.Model):
    """The certificate photo (证件照). ``upload``: what is printed, 358 × 441 JPEG, and ``sha256`` of its bytes;
    ``original``: what it was cut from. ``turn`` … ``down``: where the frame lies on it (``kernel.portrait.Crop``);
    ``findings``: what is worth another look (keys of ``kernel.portrait.FINDINGS``), at the moment it was cut.
    """

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="photos")
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="+")
    original = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")  # null: taken before it was kept
    sha256 = models.CharField(max_length=64)
    turn = models.PositiveSmallIntegerField(default=0)
    width = models.PositiveSmallIntegerField(default=100)
    across = models.PositiveSmallIntegerField(default=50)
    down = models.PositiveSmallIntegerField(default=40)
    findings = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    current = models.BooleanField(default=True)

    objects = OfDeclaration.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["declaration"], condition=Q(current=True), name="photo_current_once"),
            models.CheckConstraint(
                condition=Q(turn__in=(0, 90, 180, 270), width__range=(1, 100), across__lte=100, down__lte=100),
                name="photo_crop_inside",
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:8]

    @property
    def source(self) -> Upload:
        """What can be cut anew: the original, of an older photo the print itself."""
        return self.original or self.upload

    @property
    def crop(self) -> Crop:
        """Where the frame lies."""
        return Crop(self.turn, self.width, self.across, self.down)

    @property
    def please_look(self) -> str:
        """What is worth another look, in words for whoever checks the photo; empty when nothing is."""
        return " ".join(str(FINDINGS[key][0]) for key in self.findings)


@pghistory.track()
class ExamResult(Block):
    """The unified examination before an appraisal (考评结合): its result is recorded, then the committee appraises."""

    declaration = models.OneToOneField(Declaration, models.PROTECT, related_name="exam_result")
    name = models.CharField(max_length=100, blank=True)
    passed_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    score = models.CharField(max_length=20, blank=True)
    certificate_number = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.score}"


@pghistory.track()
class ExpertRecommendation(Block):
    """An expert of the field recommends an exceptional application in writing (破格专家推荐); two are needed (R-24)."""

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="expert_recommendations")
    name = models.CharField(max_length=50, blank=True)
    title = models.CharField(max_length=60, blank=True)
    unit_name = models.CharField(max_length=100, blank=True)
    specialty = models.CharField(max_length=60, blank=True)
    reason = models.TextField(max_length=1000, blank=True)
    signed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
