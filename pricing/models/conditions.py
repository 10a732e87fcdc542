"""Conditions of conditional price plans: when they may be chosen, and when their rates hold."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from pricing.kernel.conditions import ConditionKind, ConditionUse
from pricing.models.plans import PricePlan

USES = [
    (ConditionUse.SELECTION.value, "To choose the plan"),
    (ConditionUse.RATES.value, "To use its rates"),
]
KINDS = [
    (ConditionKind.ACCOUNT_CLASS.value, "Account class"),
    (ConditionKind.CLASSIFICATION.value, "Account classification"),
    (ConditionKind.SUBSCRIPTION_TYPE.value, "Subscription type"),
    (ConditionKind.SCHEME.value, "Billing term scheme"),
    (ConditionKind.FREQUENCY.value, "Billing frequency"),
    (ConditionKind.BINDING.value, "Months of the binding period"),
    (ConditionKind.SERVICES.value, "Services on the subscription"),
    (ConditionKind.DAYS.value, "Days"),
]
_COUNTED = [ConditionKind.BINDING.value, ConditionKind.SERVICES.value]


class PlanCondition(models.Model):
    """One condition of a conditional plan; it holds if any of its values does.

    All conditions of a use have to hold. `least` and `most` bound the months of the binding
    period or the number of services. Frozen with the plan.
    """

    plan = models.ForeignKey(PricePlan, models.CASCADE, related_name="conditions")
    position = models.PositiveSmallIntegerField()
    use = models.CharField(max_length=9, choices=USES)
    kind = models.CharField(max_length=17, choices=KINDS)
    least = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    most = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    days = DateRangeField(null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="plan_condition_position", fields=["plan", "position"]),
            models.CheckConstraint(
                name="plan_condition_days",
                condition=Q(kind=ConditionKind.DAYS.value, days__isempty=False)
                | ~Q(kind=ConditionKind.DAYS.value) & Q(days=None),
            ),
            models.CheckConstraint(
                name="plan_condition_bounds",
                condition=Q(kind__in=_COUNTED)
                & (Q(least__isnull=False) | Q(most__isnull=False))
                & (Q(least=None) | Q(least__gte=0))
                & (Q(most=None) | Q(least=None) & Q(most__gte=0) | Q(most__gte=models.F("least")))
                | ~Q(kind__in=_COUNTED) & Q(least=None, most=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_use_display()}: {self.get_kind_display()}"


class PlanConditionValue(models.Model):
    """One value of a condition, of those that the catalogue knows."""

    condition = models.ForeignKey(PlanCondition, models.CASCADE, related_name="values")
    account_class = models.ForeignKey(
        "catalog.AccountClass", models.PROTECT, null=True, blank=True, related_name="+"
    )
    classification = models.ForeignKey(
        "catalog.AccountClassification", models.PROTECT, null=True, blank=True, related_name="+"
    )
    product = models.ForeignKey(
        "catalog.Product", models.PROTECT, null=True, blank=True, related_name="+"
    )
    family = models.ForeignKey(
        "catalog.ProductFamily",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="With the families below it.",
    )

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="plan_condition_value_once",
                fields=["condition", "account_class", "classification", "product", "family"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="plan_condition_one_value",
                condition=Q(
                    account_class__isnull=False, classification=None, product=None, family=None
                )
                | Q(account_class=None, classification__isnull=False, product=None, family=None)
                | Q(account_class=None, classification=None, product__isnull=False, family=None)
                | Q(account_class=None, classification=None, product=None, family__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.account_class or self.classification or self.product or self.family)
