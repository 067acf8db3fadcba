"""Rows of the review stage (评审): meetings and their papers, admissions, ballots, verdicts."""

from .absence import Absence
from .archive_book import ArchiveBook, ArchiveBookRecord, ArchiveCheck
from .ballot import BallotRound, BallotRoundRecord, PaperCount, RollEntry, RoundItem
from .conflict import ConflictAnswer, NamedMember, RecusalProposal, RecusalProposalRecord
from .determination import Determination, DeterminationItem, DeterminationPaper, DeterminationRecord
from .entrustment import (
    EntrustmentItem,
    EntrustmentLetter,
    EntrustmentPaper,
    EntrustmentRecord,
    ExternalResult,
    ExternalResultItem,
    ExternalResultRecord,
)
from .envelope import Ballot, Envelope, RollMember
from .expert import Draw, DrawRecord, Expert, ExpertImport, Invitation, InvitationRecord
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
from .panel import Panel, PanelSeat
from .panel_work import (
    DefenceAttendance,
    PanelOpinion,
    PanelOpinionRecord,
    Score,
    ScoreSheet,
    ScoreSheetRecord,
)
from .publicity import ResultPublicity, ResultPublicityItem, ResultPublicityRecord
from .report import ReportItem, ReportPaper, ResultReport, ResultReportRecord
from .verdict import Verdict

__all__ = [
    "Absence",
    "Admission",
    "ArchiveBook",
    "ArchiveBookRecord",
    "ArchiveCheck",
    "Attendee",
    "Ballot",
    "BallotRound",
    "BallotRoundRecord",
    "Determination",
    "DeterminationItem",
    "DeterminationPaper",
    "DeterminationRecord",
    "Draw",
    "DrawRecord",
    "EntrustmentItem",
    "EntrustmentLetter",
    "EntrustmentPaper",
    "EntrustmentRecord",
    "Envelope",
    "Expert",
    "ExpertImport",
    "ExternalResult",
    "ExternalResultItem",
    "ExternalResultRecord",
    "Invitation",
    "InvitationRecord",
    "ConflictAnswer",
    "NamedMember",
    "RecusalProposal",
    "RecusalProposalRecord",
    "Meeting",
    "MeetingPaper",
    "MeetingRecord",
    "MeetingSnapshot",
    "Objection",
    "ObjectionAnswer",
    "ObjectionFile",
    "ObjectionRecord",
    "Panel",
    "PanelSeat",
    "DefenceAttendance",
    "PanelOpinion",
    "PanelOpinionRecord",
    "Score",
    "ScoreSheet",
    "ScoreSheetRecord",
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
    "RollMember",
    "RoundItem",
    "Verdict",
]
