"""The papers of this stage; importing this package registers them."""

from . import declaration, originals, receipt, sanction, spot_check, unit

__all__ = ["declaration", "originals", "receipt", "sanction", "spot_check", "unit"]
