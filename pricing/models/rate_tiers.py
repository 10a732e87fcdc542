"""Quantity tiers of a plan's rate."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from config.shared.db import rate_field
from pricing.models.plans import PricePlanRate
from pricing.models.tier_plans import units_field


class RateTier(models.Model):
    """Units up to and including `up_to` (empty: without end) at a rate each, or per started block.

    A tier begins where the one before it ends. It belongs to a phase of the rate, or with phase 0
    to the rate itself; `fixed` is asked when the tier is reached.
    """

    rate = models.ForeignKey(PricePlanRate, models.CASCADE, related_name="tiers")
    phase = models.PositiveSmallIntegerField(
        default=0, help_text="Number of the price phase; 0 = the rate has no phases."
    )
    position = models.PositiveSmallIntegerField()
    up_to = models.DecimalField(max_digits=24, decimal_places=8, null=True, blank=True)
    unit_rate = rate_field(default=0)
    fixed = rate_field(default=0)
    block = units_field(default=1, help_text="Units of a package; read by that rule only.")

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="rate_tier_position", fields=["rate", "phase", "position"]
            ),
            models.CheckConstraint(
                name="rate_tier_figures",
                condition=Q(unit_rate__gte=0, fixed__gte=0, block__gt=0)
                & (Q(up_to=None) | Q(up_to__gt=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"tier {self.position}"
