"""Rows of the app: people with their accounts, organisations, dated memberships, messages."""

from .looks import Look
from .messages import ContactProof, LoginAttempt, Message, SentMail
from .organisations import Employment, EmploymentRecord, Membership, Organisation, OrganisationRecord
from .people import Person, User
from .posts import PostHolding, PostInformation, PostStructure
from .seals import UnitSeal, UnitSealRecord

__all__ = [
    "ContactProof",
    "Employment",
    "EmploymentRecord",
    "LoginAttempt",
    "Look",
    "Membership",
    "Message",
    "Organisation",
    "OrganisationRecord",
    "Person",
    "PostHolding",
    "PostInformation",
    "PostStructure",
    "SentMail",
    "UnitSeal",
    "UnitSealRecord",
    "User",
]
