"""The tables of this stage and what each transition writes."""

from .declaration import DECLARATION
from .extension import EXTENSION
from .lifting import LIFTING
from .originals import ORIGINALS
from .recusal import CASE_RECUSAL
from .sanction import SANCTION
from .spot_check import SPOT_CHECK
from .spot_check_item import SPOT_CHECK_ITEM
from .unit_publicity import UNIT_PUBLICITY

__all__ = [
    "CASE_RECUSAL",
    "DECLARATION",
    "EXTENSION",
    "LIFTING",
    "ORIGINALS",
    "SANCTION",
    "SPOT_CHECK",
    "SPOT_CHECK_ITEM",
    "UNIT_PUBLICITY",
]
