"""Currencies: how many digits the minor unit has (ISO 4217)."""

from django.db import models
from simple_history.models import HistoricalRecords


class Currency(models.Model):
    """A currency the operator bills in; amounts are rounded to its minor unit."""

    code = models.CharField(max_length=3, primary_key=True)
    name = models.CharField(max_length=60)
    minor_digits = models.PositiveSmallIntegerField(default=2)

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "currencies"

    def __str__(self) -> str:
        return self.code
