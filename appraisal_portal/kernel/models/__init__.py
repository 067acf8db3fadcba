"""Rows of the kernel; abstract shapes of the stages (Period, Snapshot) stand here too."""

from .calendar import CalendarDay, CalendarYear
from .chain import ChainEntry, ChainHead
from .numbers import NumberSeries
from .outbox import Outbox
from .periods import Period
from .snapshots import Snapshot
from .storage import Export, FormToken, Reveal, StoredDocument, Upload

__all__ = [
    "CalendarDay",
    "CalendarYear",
    "ChainEntry",
    "ChainHead",
    "Export",
    "FormToken",
    "NumberSeries",
    "Outbox",
    "Period",
    "Reveal",
    "Snapshot",
    "StoredDocument",
    "Upload",
]
