"""What later stages are told in the same transaction, and what they are asked."""

from django.dispatch import Signal

sanction_decided = Signal()
"""A ban after false material is in force: ``sanction``, ``act`` and ``record`` of the decision. A receiver that raises
undoes it."""

unit_waits = Signal()
"""Asked by the dashboard of a work unit (key ``unit``): each receiver answers a tuple of ``unit_overview.Waiting``. The
kept page is as old as these answers."""
