"""Price plans and their rates."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from config.shared.addresses import address_of
from config.shared.db import choices_of, rate_field
from pricing.kernel.periods import Unit
from pricing.kernel.rates import (
    RECURRING_BASES,
    AfterLast,
    BasePer,
    Basis,
    SetUpFee,
    TimeUnit,
)
from pricing.kernel.tiers import TierRule


class PlanKind(models.TextChoices):
    BASE = "BASE", "Base"
    CONDITIONAL = "CONDITIONAL", "Conditional"


class PlanState(models.TextChoices):
    DRAFT = "DRAFT", "Draft"
    EFFECTIVE = "EFFECTIVE", "Effective"
    EXPIRED = "EXPIRED", "Expired"


class EffectiveFrom(models.TextChoices):
    """The day from which maturity is counted."""

    SERVICE = "SERVICE", "First day of the service"
    AGREEMENT = "AGREEMENT", "Agreement date of the billing terms"
    BINDING = "BINDING", "Start of the binding period"


class PricePlan(models.Model):
    """A list of prices in one currency.

    From `used_at` on (set by the operation that first uses the plan) a trigger refuses every
    change of its rates and conditions but rates for products that are not in it yet. A trigger
    sees to it that the base of a conditional plan is a base plan in the same currency.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    currency = models.CharField(max_length=3, help_text="ISO 4217 code.")
    kind = models.CharField(max_length=11, choices=PlanKind, default=PlanKind.BASE)
    base = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="conditional_plans",
        verbose_name="base plan",
        help_text="Its rates hold where the conditions do not.",
    )
    state = models.CharField(max_length=9, choices=PlanState, default=PlanState.DRAFT)
    validity = DateRangeField(null=True, blank=True, help_text="Always, where empty.")
    used_at = models.DateTimeField(null=True, blank=True, editable=False)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="replaces"
    )
    description = models.TextField(blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="price_plan_currency", condition=Q(currency__regex=r"^[A-Z]{3}$")
            ),
            models.CheckConstraint(
                name="price_plan_has_base",
                condition=Q(kind=PlanKind.BASE, base=None)
                | Q(kind=PlanKind.CONDITIONAL, base__isnull=False),
                violation_error_message="A conditional plan has a base plan, a base plan none.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address_of("pricing:plan_detail", self.code)


class PricePlanRate(models.Model):
    """The price of one product in a plan, alone or as a component of a bundle.

    `base_amount` is the price of one `per_count` × `per_unit`; untiered maturity rates and flat
    fees use it alone, tiered ones take their price from phases or quantity tiers.
    """

    plan = models.ForeignKey(PricePlan, models.CASCADE, related_name="rates")
    product = models.ForeignKey("catalog.Product", models.PROTECT, related_name="rates")
    bundle = models.ForeignKey(
        "catalog.Product",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="component_rates",
        help_text="Only where the product is a component of this bundle.",
    )
    basis = models.CharField(max_length=21, choices=choices_of(Basis))
    tiered = models.BooleanField(default=False)
    per_count = models.PositiveSmallIntegerField(default=1)
    per_unit = models.CharField(max_length=5, choices=choices_of(Unit), default=Unit.MONTH.value)
    base_amount = rate_field(default=0)
    tax_inclusive = models.BooleanField(default=False)
    setup_fee = rate_field(default=0)
    setup = models.CharField(
        "set-up fee is asked",
        max_length=7,
        choices=choices_of(SetUpFee),
        default=SetUpFee.CHARGE.value,
        help_text="With the first charge, never, or on the first day in service.",
    )
    deposit = rate_field(default=0)
    tier_rule = models.CharField(
        max_length=9, choices=choices_of(TierRule), default=TierRule.GRADUATED.value
    )
    minimum = rate_field(default=0, help_text="The least that is asked by quantity for a period.")
    base_per = models.CharField(
        "amount is asked per",
        max_length=15,
        choices=choices_of(BasePer),
        default=BasePer.PERIOD_AND_ITEM.value,
    )
    time_unit = models.CharField(
        max_length=6,
        choices=choices_of(TimeUnit),
        default=TimeUnit.HOUR.value,
        help_text="What a price by duration is for.",
    )
    effective_from = models.CharField(
        max_length=9, choices=EffectiveFrom, default=EffectiveFrom.SERVICE
    )
    after_last = models.CharField(
        max_length=6,
        choices=choices_of(AfterLast),
        default=AfterLast.KEEP.value,
        help_text="What follows the last phase.",
    )

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="price_plan_rate_once",
                fields=["plan", "product", "bundle"],
                nulls_distinct=False,
                violation_error_message="The plan already has a rate for this product.",
            ),
            models.CheckConstraint(
                name="price_plan_rate_amounts",
                condition=Q(base_amount__gte=0, setup_fee__gte=0, deposit__gte=0, per_count__gte=1),
            ),
            models.CheckConstraint(name="price_plan_rate_minimum", condition=Q(minimum__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.product}"

    @property
    def is_once(self) -> bool:
        """Whether the product is paid once rather than for each period."""
        return self.basis not in RECURRING_BASES


class RatePhase(models.Model):
    """A maturity tier: `times` cycles of a duration at an amount each; 0 times = for ever."""

    rate = models.ForeignKey(PricePlanRate, models.CASCADE, related_name="phases")
    position = models.PositiveSmallIntegerField()
    count = models.PositiveSmallIntegerField(default=1)
    unit = models.CharField(max_length=5, choices=choices_of(Unit), default=Unit.MONTH.value)
    times = models.PositiveSmallIntegerField(help_text="0 = until cancelled; last phase only.")
    amount = rate_field()

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="rate_phase_position", fields=["rate", "position"]),
            models.CheckConstraint(
                name="rate_phase_amounts", condition=Q(amount__gte=0, count__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.times or 'until cancelled'} × {self.count} {self.unit}: {self.amount}"
