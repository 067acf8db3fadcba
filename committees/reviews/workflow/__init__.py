"""The tables of the review stage (评审): meetings and ballot rounds."""

from .ballot import BALLOT_ROUND
from .meeting import MEETING

TABLES = (MEETING, BALLOT_ROUND)
"""Every table of the app, for the status triggers."""

__all__ = ["BALLOT_ROUND", "MEETING", "TABLES"]
