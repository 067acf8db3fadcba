"""The papers of this stage; importing this package registers them."""

from . import declaration, unit

__all__ = ["declaration", "unit"]
