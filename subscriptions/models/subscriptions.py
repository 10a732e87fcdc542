"""Who has what: subscriptions, their terms, services and the spells that billing reads."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q

from config.shared.addresses import address_of
from config.shared.db import rate_field
from subscriptions.models.schemes import Frequency


class ServiceState(models.TextChoices):
    """States of subscriptions and services; operations/transitions.py says how they change."""

    DRAFT = "DRAFT", "Draft"
    EFFECTIVE = "EFFECTIVE", "Effective"
    NOT_EFFECTIVE = "NOT_EFFECTIVE", "Not effective"
    IN_RESTING = "IN_RESTING", "In resting"
    SHORT_TERM_EFFECTIVE = "SHORT_TERM_EFFECTIVE", "Short-term effective"
    SHORT_TERM_NOT_EFFECTIVE = "SHORT_TERM_NOT_EFFECTIVE", "Short-term not effective"
    CANCELLED = "CANCELLED", "Cancelled"
    REGRETTED = "REGRETTED", "Regretted"
    SWAPPED = "SWAPPED", "Swapped"
    REMOVED = "REMOVED", "Removed"


class StateReason(models.TextChoices):
    """Why something is not effective, or not yet."""

    NONE = "", "–"
    FUTURE_START = "FUTURE_START", "Future start date"
    WAIT_ACTIVATION = "WAIT_ACTIVATION", "Wait for activation"
    OVERDUE = "OVERDUE", "Overdue"
    CUSTOMER = "CUSTOMER", "Customer's wish"
    END_DATE = "END_DATE", "End date reached"
    OPERATOR = "OPERATOR", "Operator's decision"


class Subscription(models.Model):
    """The services of one AccountUser under one set of billing terms (TMF637 Product)."""

    number = models.CharField(max_length=20, unique=True)
    account = models.ForeignKey(
        "subscriptions.Account", models.PROTECT, related_name="subscriptions"
    )
    user = models.ForeignKey(
        "subscriptions.AccountUser", models.PROTECT, related_name="subscriptions"
    )
    type = models.ForeignKey(
        "subscriptions.SubscriptionType", models.PROTECT, related_name="subscriptions"
    )
    state = models.CharField(max_length=24, choices=ServiceState, default=ServiceState.DRAFT)
    reason = models.CharField(max_length=15, choices=StateReason, blank=True)
    first_activated_on = models.DateField(null=True, blank=True)
    created_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["state", "id"], name="subscription_state")]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Return the address of the subscription's page."""
        return address_of("subscriptions:subscription_detail", self.number)


class BillingTerms(models.Model):
    """The contract of one subscription for one stretch of days; stretches never overlap."""

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="terms")
    period = DateRangeField()
    scheme = models.ForeignKey(
        "subscriptions.BillingTermScheme", models.PROTECT, related_name="terms"
    )
    plan = models.ForeignKey("pricing.PricePlan", models.PROTECT, related_name="+")
    frequency = models.CharField(max_length=9, choices=Frequency)
    billing_day = models.PositiveSmallIntegerField(
        help_text="1 to 31: the day of the month on which cycles begin."
    )
    bill_next_term = models.BooleanField(
        default=False, help_text="The first part is billed together with the next full term."
    )
    agreed_on = models.DateField(verbose_name="agreement date")
    binding = DateRangeField(null=True, blank=True, verbose_name="binding period")

    class Meta:
        verbose_name_plural = "billing terms"
        constraints = [
            models.CheckConstraint(
                name="billing_terms_day", condition=Q(billing_day__gte=1, billing_day__lte=31)
            ),
            models.CheckConstraint(name="billing_terms_days", condition=Q(period__isempty=False)),
            ExclusionConstraint(
                name="billing_terms_overlap",
                expressions=[(F("subscription"), "="), (F("period"), "&&")],
                violation_error_message="The subscription has other billing terms in this period.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id}: {self.period}"


class SubscribedService(models.Model):
    """A product on a subscription, alone, as a component of a bundle, or as a dependent fee.

    What and when to bill is in its spells; `state` is where it stands now.
    """

    number = models.CharField(max_length=20, unique=True)
    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="services")
    product = models.ForeignKey("catalog.Product", models.PROTECT, related_name="+")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="components"
    )
    is_fee = models.BooleanField(
        default=False,
        db_default=False,
        verbose_name="dependent fee",
        help_text="Came with its parent as a fee: priced as if sold alone.",
    )
    sales_bundle = models.ForeignKey(
        "catalog.SalesBundle",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    state = models.CharField(max_length=24, choices=ServiceState, default=ServiceState.DRAFT)
    reason = models.CharField(max_length=15, choices=StateReason, blank=True)
    quantity = models.DecimalField(max_digits=12, decimal_places=4, default=1)
    price_override = rate_field(null=True, blank=True)
    override_reason = models.CharField(max_length=200, blank=True)
    free = models.BooleanField(default=False)
    starts_on = models.DateField(
        null=True, blank=True, help_text="A draft with a start date opens on that day."
    )
    ends_on = models.DateField(
        null=True, blank=True, help_text="The day after the last day of service."
    )
    reopens_on = models.DateField(null=True, blank=True)
    first_activated_on = models.DateField(null=True, blank=True)
    provisioning_values = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="service_quantity", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="service_fee_has_parent", condition=Q(is_fee=False) | Q(parent__isnull=False)
            ),
        ]
        permissions = [("override_price", "Can give a service a price of its own")]
        indexes = [
            models.Index(fields=["starts_on"], name="service_to_open", condition=Q(state="DRAFT")),
            models.Index(
                fields=["reopens_on"],
                name="service_to_reopen",
                condition=Q(reopens_on__isnull=False),
            ),
            models.Index(
                fields=["ends_on"],
                name="service_to_end",
                condition=Q(ends_on__isnull=False)
                & ~Q(state__in=["CANCELLED", "REGRETTED", "SWAPPED", "REMOVED"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.product}"


class BillMode(models.TextChoices):
    """What the days of a spell cost: billed, the cycle's charge kept, or nothing."""

    BILL = "BILL", "Billed"
    KEEP = "KEEP", "Charge kept"
    NONE = "NONE", "Not billed"


class ServiceSpell(models.Model):
    """A stretch of days on which nothing about a service changed: the timeline billing reads."""

    service = models.ForeignKey(
        SubscribedService, models.PROTECT, related_name="spells", db_index=False
    )
    period = DateRangeField()
    state = models.CharField(max_length=24, choices=ServiceState)
    mode = models.CharField(max_length=4, choices=BillMode)
    product = models.ForeignKey("catalog.Product", models.PROTECT, related_name="+", db_index=False)
    quantity = models.DecimalField(max_digits=12, decimal_places=4)
    price_override = rate_field(null=True, blank=True)
    account = models.ForeignKey(
        "subscriptions.Account", models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="service_spell_days", condition=Q(period__isempty=False)),
            ExclusionConstraint(
                name="service_spell_overlap",
                expressions=[(F("service"), "="), (F("period"), "&&")],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id}: {self.period} {self.state}"


class AddedExpense(models.Model):
    """A one-time charge put on a subscription (an expense: a fixed amount).

    One that came with a `service` as its fee waits, without a day, until the service opens.
    """

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="expenses")
    service = models.ForeignKey(
        SubscribedService,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="fee_expenses",
        help_text="The service that it came with.",
    )
    product = models.ForeignKey("catalog.Product", models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=12, decimal_places=4, default=1)
    price_override = rate_field(null=True, blank=True)
    incurred_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="expense_quantity", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="expense_waits_for_service",
                condition=Q(incurred_on__isnull=False) | Q(service__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id}: {self.product}"
