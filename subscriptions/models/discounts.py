"""Discounts on subscriptions: those given by hand, and criteria that look at billing terms."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from subscriptions.models.schemes import Frequency


class DiscountTerms(models.Model):
    """What billing terms a discount is for; empty: any. Frozen with the discount."""

    discount = models.OneToOneField(
        "pricing.AdditiveDiscount", models.CASCADE, primary_key=True, related_name="terms"
    )
    schemes = models.ManyToManyField(
        "subscriptions.BillingTermScheme", blank=True, related_name="discounts"
    )
    subscription_types = models.ManyToManyField(
        "subscriptions.SubscriptionType", blank=True, related_name="discounts"
    )
    frequencies: "ArrayField[Any, Any]" = ArrayField(
        models.CharField(max_length=9, choices=Frequency), default=list, blank=True
    )
    binding_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Bound for at least so many months."
    )

    history = HistoricalRecords(m2m_fields=[schemes, subscription_types])

    class Meta:
        verbose_name_plural = "discount terms"

    def __str__(self) -> str:
        return str(self.discount)


class GivenState(models.TextChoices):
    WAITING = "WAITING", "Waiting for approval"
    GRANTED = "GRANTED", "Granted"
    REJECTED = "REJECTED", "Rejected"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"


class GivenDiscount(models.Model):
    """A discount that somebody gave to a subscription, or to one of its services, for some days.

    Only a granted one counts, and one withdrawn up to the day `withdrawn_on`. It is its own
    history: who asked, who decided, who took it back.
    """

    number = models.CharField(max_length=20, unique=True)
    discount = models.ForeignKey("pricing.AdditiveDiscount", models.PROTECT, related_name="given")
    subscription = models.ForeignKey(
        "subscriptions.Subscription", models.PROTECT, related_name="discounts"
    )
    service = models.ForeignKey(
        "subscriptions.SubscribedService",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="discounts",
        help_text="Empty: all services that the discount is for.",
    )
    period = DateRangeField()
    state = models.CharField(max_length=9, choices=GivenState)
    reason = models.CharField(max_length=200, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(max_length=200, blank=True)
    withdrawn_on = models.DateField(
        null=True, blank=True, help_text="The first day it does not count any more."
    )
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        permissions = [("approve_givendiscount", "Can approve or reject discounts asked for")]
        constraints = [
            models.CheckConstraint(name="given_discount_days", condition=Q(period__isempty=False)),
            models.CheckConstraint(
                name="given_discount_decided",
                condition=Q(state=GivenState.WAITING, decided_at=None)
                | Q(state__in=[GivenState.GRANTED, GivenState.REJECTED], decided_at__isnull=False)
                | Q(state=GivenState.WITHDRAWN),
            ),
            models.CheckConstraint(
                name="given_discount_withdrawn",
                condition=Q(state=GivenState.WITHDRAWN, withdrawn_on__isnull=False)
                | ~Q(state=GivenState.WITHDRAWN) & Q(withdrawn_on=None),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="given_discount_waiting", condition=Q(state="WAITING"))
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.discount}"

    def get_absolute_url(self) -> str:
        """Return the address of the subscription's page, where it is shown."""
        return reverse("subscriptions:subscription_detail", args=[self.subscription.number])
