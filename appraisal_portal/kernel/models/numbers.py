"""Counters of number series without gaps."""

from django.db import models


class NumberSeries(models.Model):
    """The last number drawn of a series in a period; raised only in the transaction that stores the numbered row."""

    series = models.CharField(max_length=40)
    period = models.CharField(max_length=10)
    scope = models.CharField(max_length=40, blank=True)
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "period", "scope"], name="number_series_once")]

    def __str__(self) -> str:
        return f"{self.series} {self.period} {self.scope}: {self.last}"
