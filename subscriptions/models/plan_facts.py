"""What conditional prices look at: past classes of accounts, and values of plans' conditions."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from subscriptions.models.accounts import Account
from subscriptions.models.schemes import BillingTermScheme, Frequency, SubscriptionType


class PastAccountClasses(models.Model):
    """The class and classification that an account had on days before those that it has now.

    What the account itself says holds from the end of the last row on, or always where there is
    none. Days that are rated again are priced by what held on them.
    """

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="past_classes", db_index=False
    )
    period = DateRangeField(help_text="The first row has no beginning; each has an end.")
    account_class = models.ForeignKey(
        "catalog.AccountClass", models.PROTECT, null=True, blank=True, related_name="+"
    )
    classification = models.ForeignKey(
        "catalog.AccountClassification", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name_plural = "past account classes"
        constraints = [
            models.CheckConstraint(
                name="past_classes_days",
                condition=Q(period__isempty=False, period__upper_inf=False),
            ),
            ExclusionConstraint(
                name="past_classes_overlap",
                expressions=[(F("account"), "="), (F("period"), "&&")],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.period}"


class PlanConditionTerm(models.Model):
    """One value of a price plan's condition on billing terms; frozen with the plan."""

    condition = models.ForeignKey(
        "pricing.PlanCondition", models.CASCADE, related_name="term_values"
    )
    subscription_type = models.ForeignKey(
        SubscriptionType, models.PROTECT, null=True, blank=True, related_name="+"
    )
    scheme = models.ForeignKey(
        BillingTermScheme, models.PROTECT, null=True, blank=True, related_name="+"
    )
    frequency = models.CharField(max_length=9, choices=Frequency, blank=True, default="")

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="plan_condition_term_once",
                fields=["condition", "subscription_type", "scheme", "frequency"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="plan_condition_one_term",
                condition=Q(subscription_type__isnull=False, scheme=None, frequency="")
                | Q(subscription_type=None, scheme__isnull=False, frequency="")
                | Q(subscription_type=None, scheme=None) & ~Q(frequency=""),
            ),
        ]

    def __str__(self) -> str:
        return str(self.subscription_type or self.scheme or self.get_frequency_display())
