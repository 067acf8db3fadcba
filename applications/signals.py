"""What later stages are told in the same transaction."""

from django.dispatch import Signal

sanction_decided = Signal()
"""A ban after false material is in force: ``sanction``, ``act`` and ``record`` of the decision. A receiver that raises
undoes it."""
