"""Voice plans: which calls an allowance of minutes covers, and what the others cost."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from config.shared.db import choices_of, rate_field
from pricing.kernel.voice_plans import Covered, Treatment


class CallClass(models.TextChoices):
    """Kinds of numbers, by the names that reports use."""

    LOCAL = "LOCAL", "Local"
    TOLL_FREE = "TOLL_FREE", "Toll free"
    PREMIUM = "PREMIUM", "Premium"
    N11 = "N11", "Service code (N11)"
    OPERATOR = "OPERATOR", "Operator"
    INTERNATIONAL = "INTERNATIONAL", "International"


class VoicePlan(models.Model):
    """How calls are billed beside the price of a service. Amounts are in the deck's currency.

    Calls of no class are long distance: rated by the deck, and plan calls where its rate is 0.
    From `used_at` on a trigger refuses every change but that of name, code, notes and
    `do_not_bill`.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    deck = models.ForeignKey("pricing.RateDeck", models.PROTECT, related_name="voice_plans")
    plan_minutes = models.PositiveIntegerField(
        default=0, help_text="Minutes of plan calls a period that the price covers."
    )
    covers = models.CharField(
        max_length=8,
        choices=choices_of(Covered),
        default=Covered.OUTBOUND.value,
        help_text="Which plan calls use up the minutes.",
    )
    pooled = models.BooleanField(
        default=False, help_text="Shared by all lines of a package; else each line has its own."
    )
    overage_rate = rate_field(
        default=0,
        validators=[MinValueValidator(0)],
        help_text="Per minute of plan calls beyond the plan minutes.",
    )
    minimum_seconds = models.PositiveIntegerField(default=0, help_text="Of a plan call.")
    increment_seconds = models.PositiveIntegerField(
        default=1, validators=[MinValueValidator(1)], help_text="Of a plan call."
    )
    long_distance_minimum = models.PositiveIntegerField(
        default=0, help_text="Seconds; for rows of the deck that name no minimum."
    )
    inbound_rate = rate_field(
        default=0,
        validators=[MinValueValidator(0)],
        help_text="Per minute of inbound calls that the plan minutes do not cover.",
    )
    do_not_bill = models.BooleanField(
        default=False, help_text="Calls are rated and shown, but not billed."
    )
    used_at = models.DateTimeField(null=True, blank=True, editable=False)
    description = models.TextField(blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="voice_plan_figures",
                condition=Q(overage_rate__gte=0, inbound_rate__gte=0, increment_seconds__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("pricing:voice_plan_detail", args=[self.code])


class VoicePlanClass(models.Model):
    """Numbers that a plan treats in their own way; the longest prefix wins.

    A prefix that ends in "$" stands for the whole number (911$). The rate and what follows it are
    read where the treatment is a rate of its own.
    """

    plan = models.ForeignKey(VoicePlan, models.CASCADE, related_name="classes")
    position = models.PositiveSmallIntegerField()
    call_class = models.CharField(max_length=13, choices=CallClass)
    name = models.CharField(max_length=60, help_text="Such as a country.")
    prefixes = ArrayField(models.CharField(max_length=19))
    treatment = models.CharField(max_length=9, choices=choices_of(Treatment))
    rate = rate_field(default=0)
    minimum_seconds = models.PositiveIntegerField(default=0)
    increment_seconds = models.PositiveIntegerField(default=1)
    connect_fee = rate_field(default=0)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="voice_class_position", fields=["plan", "position"]),
            models.CheckConstraint(
                name="voice_class_figures",
                condition=Q(rate__gte=0, connect_fee__gte=0, increment_seconds__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.name
