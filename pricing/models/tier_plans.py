"""Usage tier plans: how samples become one number, and what that number costs."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from config.shared.db import choices_of, rate_field
from pricing.kernel.usage import Direction, Reduction, Style

CURRENCY_CODE = Q(currency__regex=r"^[A-Z]{3}$")


def units_field(**options: Any) -> "models.DecimalField[Decimal, Decimal]":
    """Return a column for measured units: 24 digits, 8 of them decimals."""
    return models.DecimalField(max_digits=24, decimal_places=8, **options)


class TierPlan(models.Model):
    """How measured usage of a period is reduced and priced.

    `units` is a label only, nothing is converted. From `used_at` on (set by whoever first rates
    with the plan) a trigger refuses every change but that of name, code and notes.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3, help_text="ISO 4217 code.")
    reduction = models.CharField(
        max_length=10,
        choices=choices_of(Reduction),
        default=Reduction.SUM.value,
        help_text="How the samples of a period become one number.",
    )
    percentile = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=Decimal(95),
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(100)],
        help_text="For the percentile only: the value that so many per cent do not exceed.",
    )
    direction = models.CharField(
        max_length=6,
        choices=choices_of(Direction),
        default=Direction.BOTH.value,
        help_text="Which values of a sample count.",
    )
    units = models.CharField(max_length=20, blank=True, help_text="A label, such as GB.")
    free_units = units_field(default=0, validators=[MinValueValidator(0)])
    style = models.CharField(max_length=10, choices=choices_of(Style), default=Style.LINEAR.value)
    unit_price = rate_field(
        default=0, validators=[MinValueValidator(0)], help_text="For the linear style only."
    )
    can_go_down = models.BooleanField(
        default=True,
        help_text="Whether a service may later be priced in a lower tier than it has reached.",
    )
    used_at = models.DateTimeField(null=True, blank=True, editable=False)
    description = models.TextField(blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(name="tier_plan_currency", condition=CURRENCY_CODE),
            models.CheckConstraint(
                name="tier_plan_figures",
                condition=Q(percentile__gt=0, percentile__lte=100)
                & Q(free_units__gte=0, unit_price__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("pricing:tier_plan_detail", args=[self.code])


class TierPlanTier(models.Model):
    """Units up to and including `up_to` (empty: without end): a rate each, or a fixed price."""

    plan = models.ForeignKey(TierPlan, models.CASCADE, related_name="tiers")
    position = models.PositiveSmallIntegerField()
    up_to = units_field(null=True, blank=True)
    rate = rate_field(default=0)
    fixed = rate_field(default=0)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="tier_plan_position", fields=["plan", "position"]),
            models.CheckConstraint(name="tier_plan_prices", condition=Q(rate__gte=0, fixed__gte=0)),
        ]

    def __str__(self) -> str:
        return f"tier {self.position}"
