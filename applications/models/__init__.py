"""Rows of this stage: the declaration with its blocks, undertaking and bans; what unit and office do with it."""

from .archive import ArchivedAchievement, ArchiveFile
from .blocks import (
    Achievement,
    Assessment,
    Education,
    ExamResult,
    ExpertRecommendation,
    HeldTitle,
    LearningHours,
    Material,
    Photo,
    Training,
    WorkHistory,
)
from .closing import Extension, ExtensionRecord, Outage, Receipt
from .counts import CaseCount, StepTime
from .declaration import Declaration, DeclarationPaper, DeclarationRecord, DeclarationSnapshot
from .examination import CorrectionItem, CorrectionSlip, ForwardingOpinion, ItemCheck
from .originals import HandOver, Originals, OriginalsRecord
from .recusal import CaseRecusal, CaseRecusalRecord
from .sanction import Heard, Lifting, LiftingRecord, Sanction, SanctionFile, SanctionRecord
from .spot_check import SpotCheck, SpotCheckItem, SpotCheckItemRecord, SpotCheckPaper, SpotCheckRecord
from .undertaking import Signature, Undertaking
from .unit import (
    Recommendation,
    UnitObjection,
    UnitPublicity,
    UnitPublicityItem,
    UnitPublicityPaper,
    UnitPublicityRecord,
)
from .whole import read_whole

__all__ = [
    "Achievement",
    "ArchiveFile",
    "ArchivedAchievement",
    "Assessment",
    "CaseCount",
    "CaseRecusal",
    "CaseRecusalRecord",
    "CorrectionItem",
    "CorrectionSlip",
    "Declaration",
    "DeclarationPaper",
    "DeclarationRecord",
    "DeclarationSnapshot",
    "Education",
    "ExamResult",
    "ExpertRecommendation",
    "Extension",
    "ExtensionRecord",
    "ForwardingOpinion",
    "HandOver",
    "Heard",
    "HeldTitle",
    "ItemCheck",
    "LearningHours",
    "Lifting",
    "LiftingRecord",
    "Material",
    "Originals",
    "OriginalsRecord",
    "Outage",
    "Photo",
    "Receipt",
    "Recommendation",
    "Sanction",
    "SanctionFile",
    "SanctionRecord",
    "Signature",
    "SpotCheck",
    "SpotCheckItem",
    "SpotCheckItemRecord",
    "SpotCheckPaper",
    "SpotCheckRecord",
    "StepTime",
    "Training",
    "Undertaking",
    "UnitObjection",
    "UnitPublicity",
    "UnitPublicityItem",
    "UnitPublicityPaper",
    "UnitPublicityRecord",
    "WorkHistory",
    "read_whole",
]
