"""Rows of this stage: the declaration with its blocks, undertaking and bans; what unit and office do with it."""

from .blocks import (
    Achievement,
    Assessment,
    Education,
    HeldTitle,
    LearningHours,
    Material,
    Photo,
    Training,
    WorkHistory,
)
from .declaration import Declaration, DeclarationPaper, DeclarationRecord, DeclarationSnapshot
from .sanction import Sanction, SanctionRecord
from .undertaking import Signature, Undertaking

__all__ = [
    "Achievement",
    "Assessment",
    "Declaration",
    "DeclarationPaper",
    "DeclarationRecord",
    "DeclarationSnapshot",
    "Education",
    "HeldTitle",
    "LearningHours",
    "Material",
    "Photo",
    "Sanction",
    "SanctionRecord",
    "Signature",
    "Training",
    "Undertaking",
    "WorkHistory",
]
