"""What other parts of the portal are told in the same transaction."""

from django.dispatch import Signal

unit_changed = Signal()
"""A person changed the unit (变更单位): ``old`` and ``new`` are Employments, ``act`` the new unit's confirmation,
``record`` its record. ``old`` may never have been confirmed (refused, taken back). A receiver that raises undoes the
confirmation."""
