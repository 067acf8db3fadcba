"""Which page asks which part of the form."""

from applications.views.relief import ClassPage, ReliefPage
from applications.views.rows import AchievementsPage, EducationPage, ExperiencePage, TitlePage, WayPage
from applications.views.sections import (
    AssessmentsPage,
    AttachmentsPage,
    HoursPage,
    Page,
    PersonPage,
    PhotoPage,
    RepresentativePage,
)
from applications.views.standard_sections import QuestionsPage, SheetPage

PAGES: dict[str, type[Page]] = {
    "person": PersonPage,
    "education": EducationPage,
    "title": TitlePage,
    "way": WayPage,
    "class": ClassPage,
    "relief": ReliefPage,
    "hours": HoursPage,
    "experience": ExperiencePage,
    "achievements": AchievementsPage,
    "assessments": AssessmentsPage,
    "representative": RepresentativePage,
    "questions": QuestionsPage,
    "self_scoring": SheetPage,
    "attachments": AttachmentsPage,
    "photo": PhotoPage,
}
