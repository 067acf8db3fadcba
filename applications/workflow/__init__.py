"""The tables of this stage and what each transition writes."""

from .declaration import DECLARATION
from .extension import EXTENSION
from .originals import ORIGINALS
from .recusal import CASE_RECUSAL
from .sanction import SANCTION
from .unit_publicity import UNIT_PUBLICITY

__all__ = ["CASE_RECUSAL", "DECLARATION", "EXTENSION", "ORIGINALS", "SANCTION", "UNIT_PUBLICITY"]
