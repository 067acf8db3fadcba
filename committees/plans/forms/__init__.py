"""Forms of the plans: drafts of the office and the bureau, the calendar, the question "where do I apply?"."""

from .calendar import DayForm, HolidayNoticeForm, YearForm
from .drafts import AttachmentForm, NoticeForm, TermForm, VersionForm
from .plan import NewPlanForm, PlanLineForm, SuggestionForm
from .where import WhereForm

__all__ = [
    "AttachmentForm",
    "DayForm",
    "HolidayNoticeForm",
    "NewPlanForm",
    "NoticeForm",
    "PlanLineForm",
    "SuggestionForm",
    "TermForm",
    "VersionForm",
    "WhereForm",
    "YearForm",
]
