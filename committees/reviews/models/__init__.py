"""Rows of the review stage (评审): meetings and their papers, admissions, ballots, verdicts."""

from .ballot import BallotRound, BallotRoundRecord, PaperCount, RollEntry, RoundItem, Verdict
from .determination import Determination, DeterminationItem, DeterminationPaper, DeterminationRecord
from .meeting import (
    Admission,
    Attendee,
    Meeting,
    MeetingPaper,
    MeetingRecord,
    MeetingSnapshot,
    Recusal,
)
from .objection import Objection, ObjectionAnswer, ObjectionFile, ObjectionRecord
from .outcome import PersonalFile, PersonalFileRecord
from .publicity import ResultPublicity, ResultPublicityItem, ResultPublicityRecord
from .report import ReportItem, ReportPaper, ResultReport, ResultReportRecord

__all__ = [
    "Admission",
    "Attendee",
    "BallotRound",
    "BallotRoundRecord",
    "Determination",
    "DeterminationItem",
    "DeterminationPaper",
    "DeterminationRecord",
    "Meeting",
    "MeetingPaper",
    "MeetingRecord",
    "MeetingSnapshot",
    "Objection",
    "ObjectionAnswer",
    "ObjectionFile",
    "ObjectionRecord",
    "PaperCount",
    "Recusal",
    "PersonalFile",
    "PersonalFileRecord",
    "ReportItem",
    "ReportPaper",
    "ResultPublicity",
    "ResultPublicityItem",
    "ResultPublicityRecord",
    "ResultReport",
    "ResultReportRecord",
    "RollEntry",
    "RoundItem",
    "Verdict",
]
