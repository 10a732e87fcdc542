"""Rated billing items, the marks that say how far a service is rated, and people's overrides."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from config.shared.db import money_field, rate_field


class ItemKind(models.TextChoices):
    RECURRING = "RECURRING", "Recurring"
    SETUP = "SETUP", "Set-up fee"
    ONE_TIME = "ONE_TIME", "One time"


class Directive(models.TextChoices):
    """What billing does with an item (CRM.COM: billing directive)."""

    NOT_BILLED = "NOT_BILLED", "To be billed"
    BILLED = "BILLED", "Billed"
    NOT_TO_BE_BILLED = "NOT_TO_BE_BILLED", "Not to be billed"
    CANCELLED = "CANCELLED", "Cancelled"


class RatedBillingItem(models.Model):
    """The price of one service for one span of days, or of one act (TMF678; CRM.COM: RBI).

    A correction reverses the item, by a new one with the opposite amount and the tax that was
    charged, and rates the days again. Once billed, only `reversed_at` ever changes. Live means
    neither reversed nor a reversal.
    """

    account = models.ForeignKey(
        "subscriptions.Account",
        models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    subscription = models.ForeignKey(
        "subscriptions.Subscription",
        models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    service = models.ForeignKey(
        "subscriptions.SubscribedService",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="rated_items",
        db_constraint=False,
        help_text="None for an expense of the subscription.",
    )
    run = models.ForeignKey(
        "shared.Run",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    kind = models.CharField(max_length=9, choices=ItemKind)
    source_key = models.CharField(
        max_length=60,
        blank=True,
        help_text="What it was rated for, where not a span of days.",
    )
    period = DateRangeField(help_text="Half-open: the last day is not covered.")
    cycle = DateRangeField(help_text="The whole billing cycle the period is part of.")
    product = models.ForeignKey(
        "catalog.Product", models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    quantity = models.DecimalField(max_digits=12, decimal_places=4)
    rate = models.ForeignKey(
        "pricing.PricePlanRate",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    rate_amount = rate_field(help_text="The price of the whole cycle, for the quantity.")
    amount = money_field(help_text="The price of the period, rounded; net or gross as the rate is.")
    steps = models.JSONField(
        null=True,
        blank=True,
        editable=False,
        help_text="What led to the amount, where more than base amount, quantity and days.",
    )
    tax_inclusive = models.BooleanField(default=False)
    currency = models.CharField(max_length=3)
    fixed_tax_amount = money_field(
        null=True, blank=True, help_text="The tax a reversal gives back: what was charged."
    )
    directive = models.CharField(max_length=16, choices=Directive, default=Directive.NOT_BILLED)
    rated_at = models.DateTimeField()
    reverses = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reversals",
        db_index=False,
    )
    reversed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rbi_days", condition=Q(period__isempty=False, cycle__isempty=False)
            ),
            models.CheckConstraint(
                name="rbi_service_or_source",
                condition=Q(service__isnull=False) | ~Q(source_key=""),
            ),
            ExclusionConstraint(
                name="rbi_no_double_rating",
                expressions=[(F("service"), "="), (F("period"), "&&")],
                condition=Q(kind=ItemKind.RECURRING, reversed_at=None, reverses=None),
            ),
            models.UniqueConstraint(
                name="rbi_reversed_once",
                fields=["reverses"],
                condition=Q(reverses__isnull=False),
            ),
            models.UniqueConstraint(
                name="rbi_source_once",
                fields=["source_key"],
                condition=~Q(source_key="") & Q(reversed_at=None, reverses=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["account"], name="rbi_to_bill", condition=Q(directive="NOT_BILLED")
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.amount} for {self.period}"

    def get_absolute_url(self) -> str:
        """Return the address of the page that explains the item."""
        return reverse("billing:rated_item_detail", args=[self.pk])


class RatingMark(models.Model):
    """How far a service is rated. A run looks forward from `rated_up_to`; it compares the past
    only from `rerate_from`, which every change that reaches back sets.
    """

    service = models.OneToOneField(
        "subscriptions.SubscribedService", models.CASCADE, primary_key=True, related_name="mark"
    )
    account = models.ForeignKey(
        "subscriptions.Account", models.PROTECT, related_name="+", db_constraint=False
    )
    rated_up_to = models.DateField(null=True, blank=True, help_text="The first day not yet rated.")
    rerate_from = models.DateField(null=True, blank=True)
    finished = models.BooleanField(default=False, help_text="Nothing more will ever be due.")

    def __str__(self) -> str:
        return f"{self.service_id}: {self.rated_up_to}"


class OverrideKind(models.TextChoices):
    WAIVED = "WAIVED", "Waived"
    AMOUNT = "AMOUNT", "Amount set"


class RatingOverride(models.Model):
    """A person's decision about a service's days that rating obeys ever after."""

    service = models.ForeignKey(
        "subscriptions.SubscribedService", models.PROTECT, related_name="rating_overrides"
    )
    item_kind = models.CharField(max_length=9, choices=ItemKind)
    period = DateRangeField()
    kind = models.CharField(max_length=6, choices=OverrideKind)
    amount = money_field(null=True, blank=True)
    reason = models.CharField(max_length=200)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="rating_override_amount",
                condition=Q(kind="AMOUNT", amount__isnull=False) | Q(kind="WAIVED", amount=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.service_id}: {self.kind}"
