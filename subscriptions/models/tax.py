"""Accounts that are not taxed, with their certificates."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from simple_history.models import HistoricalRecords

from subscriptions.models.accounts import Account


class AccountExemption(models.Model):
    """Days on which an account is not taxed; without a code, by none."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="tax_exemptions")
    tax_code = models.ForeignKey(
        "pricing.TaxCode",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="account_exemptions",
        help_text="Every tax, where empty.",
    )
    period = DateRangeField()
    certificate_number = models.CharField(max_length=40)

    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="account_exemption_days", condition=Q(period__isempty=False)
            ),
            ExclusionConstraint(
                name="account_exemption_overlap",
                expressions=[
                    (F("account"), "="),
                    (Coalesce("tax_code", Value(0)), "="),
                    (F("period"), "&&"),
                ],
                violation_error_message="The account is exempt on some of these days.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tax_code or 'all taxes'} ({self.certificate_number})"
