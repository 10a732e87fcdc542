"""The ledger of each account: entries, what is still open of them, what paid what."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from config.shared.db import money_field


class EntryKind(models.TextChoices):
    INVOICE = "INVOICE", "Invoice"
    CREDIT_NOTE = "CREDIT_NOTE", "Credit note"
    PAYMENT = "PAYMENT", "Payment"
    PAYMENT_CANCELLATION = "PAYMENT_CANCELLATION", "Payment cancellation"


class LedgerEntry(models.Model):
    """A posted debit (positive) or credit (negative) of an account. Entries never change."""

    account = models.ForeignKey(
        "subscriptions.Account", models.PROTECT, related_name="ledger_entries"
    )
    kind = models.CharField(max_length=20, choices=EntryKind)
    number = models.CharField(max_length=24, help_text="The document's number.")
    posted_on = models.DateField()
    due_on = models.DateField(null=True, blank=True, help_text="Debits only.")
    amount = money_field(help_text="Debit positive, credit negative.")
    currency = models.CharField(max_length=3)
    invoice = models.OneToOneField(
        "billing.Invoice", models.PROTECT, null=True, blank=True, related_name="entry"
    )
    credit_note = models.OneToOneField(
        "billing.CreditNote", models.PROTECT, null=True, blank=True, related_name="entry"
    )
    payment = models.ForeignKey(
        "billing.Payment", models.PROTECT, null=True, blank=True, related_name="entries"
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal"
    )

    class Meta:
        verbose_name_plural = "ledger entries"
        constraints = [
            models.CheckConstraint(
                name="ledger_entry_side",
                condition=(
                    Q(kind__in=["INVOICE", "PAYMENT_CANCELLATION"], amount__gt=0)
                    | Q(kind__in=["CREDIT_NOTE", "PAYMENT"], amount__lt=0)
                ),
            ),
        ]
        indexes = [models.Index(fields=["account", "posted_on", "id"], name="ledger_by_account")]

    def __str__(self) -> str:
        return f"{self.number}: {self.amount}"


class OpenItem(models.Model):
    """What is left of an entry: unpaid of a debit, unused of a credit. Always positive."""

    entry = models.OneToOneField(
        LedgerEntry,
        models.PROTECT,
        primary_key=True,
        related_name="open_item",
        db_constraint=False,
    )
    account = models.ForeignKey(
        "subscriptions.Account",
        models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    debit = models.BooleanField()
    due_on = models.DateField(null=True, blank=True)
    open_amount = money_field()

    class Meta:
        constraints = [models.CheckConstraint(name="open_item", condition=Q(open_amount__gte=0))]
        indexes = [
            models.Index(
                fields=["account", "debit", "due_on"],
                name="open_item_open",
                condition=Q(open_amount__gt=0),
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}: {self.open_amount}"


class Allocation(models.Model):
    """A part of a credit that paid a part of a debit of the same account.

    A taken-back allocation is a second row with the opposite amount.
    """

    account = models.ForeignKey(
        "subscriptions.Account", models.PROTECT, related_name="+", db_constraint=False
    )
    credit = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="spent")
    debit = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="paid")
    amount = money_field()
    allocated_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="allocation_amount", condition=~Q(amount=0))]

    def __str__(self) -> str:
        return f"{self.credit_id} → {self.debit_id}: {self.amount}"


class AccountBalance(models.Model):
    """The sum of an account's entries, kept beside them for lists; positive is owed."""

    account = models.OneToOneField(
        "subscriptions.Account", models.PROTECT, primary_key=True, related_name="account_balance"
    )
    balance = money_field(default=0)

    def __str__(self) -> str:
        return f"{self.account_id}: {self.balance}"


class PaymentState(models.TextChoices):
    DRAFT = "DRAFT", "Draft"
    POSTED = "POSTED", "Posted"
    REJECTED = "REJECTED", "Rejected"
    CANCELLED = "CANCELLED", "Cancelled"


class PaymentMethod(models.TextChoices):
    CASH = "CASH", "Cash"
    CARD = "CARD", "Card terminal"
    BANK = "BANK", "Bank transfer"
    CHEQUE = "CHEQUE", "Cheque"


class Payment(models.Model):
    """Money received from an account. Posted payments are cancelled, never edited."""

    number = models.CharField(max_length=24, unique=True)
    account = models.ForeignKey("subscriptions.Account", models.PROTECT, related_name="payments")
    state = models.CharField(max_length=9, choices=PaymentState)
    amount = money_field()
    currency = models.CharField(max_length=3)
    method = models.CharField(max_length=6, choices=PaymentMethod)
    reference = models.CharField(max_length=80, blank=True)
    received_on = models.DateField()
    posted_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True, help_text="Why rejected or cancelled.")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="payment_amount",
                condition=Q(amount__gt=0),
                violation_error_message="A payment is more than 0.",
            ),
            models.CheckConstraint(
                name="payment_posted_on",
                condition=Q(state__in=["DRAFT", "REJECTED"], posted_on=None)
                | Q(state__in=["POSTED", "CANCELLED"], posted_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.amount} {self.currency}"

    def get_absolute_url(self) -> str:
        """Return the address of the payment's page."""
        return reverse("billing:payment_detail", args=[self.number])
