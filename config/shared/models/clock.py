"""The business clock: which day the operator's business is on."""

from django.db import models
from django.db.models import Q


class BusinessClock(models.Model):
    """The one row that moves business dates on demo and test installations.

    Without a row, or with an offset of 0, business days are the operator's real days.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    offset_days = models.IntegerField(default=0, help_text="Days added to the real day.")
    moved_at = models.DateTimeField(auto_now=True)
    moved_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="business_clock_single_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"{self.offset_days:+d} days"
