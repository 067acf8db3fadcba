"""Rows of the kernel; abstract shapes of the stages (Period, Snapshot) stand here too."""

from .bulk import BulkAction
from .calendar import CalendarDay, CalendarYear
from .chain import ChainEntry, ChainHead, DailyHead
from .numbers import NumberSeries
from .outbox import Outbox
from .periods import Period
from .publiclog import LogEntry, LogHead, LogNode, LogSignature, LogState, PortalPublicKey
from .shown import ShownContent
from .snapshots import Snapshot
from .storage import Export, FormToken, KeptFile, Reveal, StoredDocument, Upload

__all__ = [
    "BulkAction",
    "CalendarDay",
    "CalendarYear",
    "ChainEntry",
    "ChainHead",
    "DailyHead",
    "Export",
    "FormToken",
    "KeptFile",
    "LogEntry",
    "LogHead",
    "LogNode",
    "LogSignature",
    "LogState",
    "NumberSeries",
    "Outbox",
    "Period",
    "PortalPublicKey",
    "Reveal",
    "ShownContent",
    "Snapshot",
    "StoredDocument",
    "Upload",
]
