"""Database expressions for spans of days in exclusion constraints."""

from django.contrib.postgres.fields import DateRangeField, RangeBoundary
from django.db.models import F, Func


class Days(Func):
    """``daterange(first, last, '[]')``; an empty last day has no end."""

    function = "DATERANGE"
    output_field = DateRangeField()

    def __init__(self, first: str, last: str) -> None:
        super().__init__(F(first), F(last), RangeBoundary(inclusive_lower=True, inclusive_upper=True))
