"""The papers of this stage; importing this package registers them."""

from . import unit

__all__ = ["unit"]
