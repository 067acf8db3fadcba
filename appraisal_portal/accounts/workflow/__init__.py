"""Tables of accounts: who takes part, who works where, which seal a unit uses."""

from .employment import EMPLOYMENT
from .organisation import ORGANISATION
from .seal import UNIT_SEAL

__all__ = ["EMPLOYMENT", "ORGANISATION", "UNIT_SEAL"]
