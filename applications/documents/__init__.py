"""The papers of this stage; importing this package registers them."""

from . import declaration, receipt, unit

__all__ = ["declaration", "receipt", "unit"]
