"""What monthly tax rules have to know of the documents before."""

from django.db import models
from django.db.models import Q

from config.shared.db import money_field


class TaxMonth(models.Model):
    """What an account was charged at a tax rate in a calendar month, and what of it was taxed.

    Kept for rates with a monthly rule only. Written when documents are posted, under the lock of
    the account; a reversal takes its part back from the month of what it reverses.
    """

    account = models.ForeignKey(
        "subscriptions.Account", models.PROTECT, related_name="+", db_index=False
    )
    tax_rate = models.ForeignKey(
        "pricing.TaxRate", models.PROTECT, related_name="+", db_index=False
    )
    month = models.DateField(help_text="Its first day.")
    base_amount = money_field()
    taxed_amount = money_field()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="tax_month_once", fields=["account", "tax_rate", "month"]),
            models.CheckConstraint(name="tax_month_first_day", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}, {self.tax_rate_id}, {self.month:%m/%Y}: {self.base_amount}"
