"""What this stage says to whoever comes later in the procedure; receivers run in the same transaction."""

from django.dispatch import Signal

period_moved = Signal()  # row, before, after: a corrected calendar counted an open period anew (domain.md §8, 13)
