"""Rows of the plans: the register of titles, committees, yearly plans, standards, notices."""

from .committees import (
    Committee,
    CommitteeMember,
    CommitteeRecord,
    CommitteeScope,
    CommitteeTerm,
    TermRecord,
)
from .decisions import EDITABLE, BureauDecision, Decision
from .deployments import Deployment, DeploymentDay, DeploymentRecord
from .hours import HoursRequirement, Industry
from .notices import Notice, NoticeAttachment, NoticeRecord
from .plans import Channel, DecidedBy, PlanLine, PlanRecord, ReviewPlan
from .register import SENIOR_LEVELS, Level, Series, Subfield, Title
from .standards import Standard, StandardRecord, StandardVersion
from .standing import SeatKind, StandingSeat, kinds_on

__all__ = [
    "EDITABLE",
    "SENIOR_LEVELS",
    "BureauDecision",
    "Channel",
    "Committee",
    "CommitteeMember",
    "CommitteeRecord",
    "CommitteeScope",
    "CommitteeTerm",
    "DecidedBy",
    "Decision",
    "Deployment",
    "DeploymentDay",
    "DeploymentRecord",
    "HoursRequirement",
    "Industry",
    "Level",
    "Notice",
    "NoticeAttachment",
    "NoticeRecord",
    "PlanLine",
    "PlanRecord",
    "ReviewPlan",
    "SeatKind",
    "Series",
    "Standard",
    "StandardRecord",
    "StandardVersion",
    "StandingSeat",
    "Subfield",
    "TermRecord",
    "Title",
    "kinds_on",
]
