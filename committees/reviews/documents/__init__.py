"""The papers of the review stage; importing this package registers them."""

from . import meeting

__all__ = ["meeting"]
