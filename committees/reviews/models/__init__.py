"""Rows of the review stage (评审): meetings and their papers, admissions, ballots, verdicts."""

from .ballot import BallotRound, BallotRoundRecord, PaperCount, RollEntry, RoundItem, Verdict
from .meeting import (
    Admission,
    Attendee,
    Meeting,
    MeetingPaper,
    MeetingRecord,
    MeetingSnapshot,
    Recusal,
)

__all__ = [
    "Admission",
    "Attendee",
    "BallotRound",
    "BallotRoundRecord",
    "Meeting",
    "MeetingPaper",
    "MeetingRecord",
    "MeetingSnapshot",
    "PaperCount",
    "Recusal",
    "RollEntry",
    "RoundItem",
    "Verdict",
]
