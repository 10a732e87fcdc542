"""Bills, and the invoices and credit notes inside them.

Posted documents never change; triggers keep it so. Drafts exist only in a run that was stopped
between invoicing and posting: they have no number yet, and are made anew when it goes on.
"""

from typing import ClassVar

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from config.shared.db import money_field, rate_field


class DocumentState(models.TextChoices):
    DRAFT = "DRAFT", "Draft"
    POSTED = "POSTED", "Posted"


class Bill(models.Model):
    """What an account is asked to pay after one run: one invoice or credit note a subscription."""

    number = models.CharField(max_length=24, unique=True, null=True, blank=True)
    account = models.ForeignKey("subscriptions.Account", models.PROTECT, related_name="bills")
    run = models.ForeignKey(
        "shared.Run",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bills",
        db_constraint=False,
    )
    state = models.CharField(max_length=6, choices=DocumentState)
    as_of = models.DateField(help_text="The business day the run billed up to.")
    issued_on = models.DateField(help_text="The posting date of its documents.")
    due_on = models.DateField(help_text="The latest due date of its invoices.")
    period = DateRangeField(help_text="From the first day billed to the last.")
    currency = models.CharField(max_length=3)
    net_amount = money_field()
    tax_amount = money_field()
    total_debit = money_field(help_text="Sum of the invoices, tax included.")
    total_credit = money_field(help_text="Sum of the credit notes, tax included.")
    total_billed = money_field(help_text="Debits minus credits.")
    brought_forward = money_field(help_text="Outstanding on the account when the bill was made.")
    credits_between = money_field(
        help_text="What is left of credits posted before: the earlier debits did not use it up."
    )
    to_be_paid = money_field(help_text="Billed plus brought forward minus those credits.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="bill_posted_number", condition=Q(state="DRAFT") | Q(number__isnull=False)
            ),
            models.UniqueConstraint(name="bill_once_per_run", fields=["run", "account"]),
            models.CheckConstraint(
                name="bill_totals",
                condition=Q(
                    total_billed=F("total_debit") - F("total_credit"),
                    to_be_paid=F("total_billed") + F("brought_forward") - F("credits_between"),
                )
                & Q(total_billed=F("net_amount") + F("tax_amount")),
            ),
        ]
        indexes = [models.Index(fields=["issued_on", "id"], name="bill_by_day")]

    def __str__(self) -> str:
        return self.number or "draft bill"

    def get_absolute_url(self) -> str:
        """Return the address of the bill's page; a draft has no number yet."""
        return reverse("billing:bill_detail", args=[self.number or f"draft-{self.pk}"])


class Document(models.Model):
    """What invoices and credit notes have in common; amounts are positive in both."""

    number = models.CharField(max_length=24, unique=True, null=True, blank=True)
    account = models.ForeignKey("subscriptions.Account", models.PROTECT, related_name="+")
    subscription = models.ForeignKey(
        "subscriptions.Subscription",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    bill = models.ForeignKey(Bill, models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    run = models.ForeignKey(
        "shared.Run",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    state = models.CharField(max_length=6, choices=DocumentState)
    issued_on = models.DateField()
    currency = models.CharField(max_length=3)
    net_amount = money_field()
    tax_amount = money_field()
    gross_amount = money_field()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number or "draft"


class DocumentLine(models.Model):
    """One rated item on a document. In a credit note, amounts are what is given back.

    Lines are written before their document, whose insertion checks that they add up to it.
    """

    item = models.OneToOneField(
        "billing.RatedBillingItem",
        models.PROTECT,
        related_name="%(class)s",
        db_constraint=False,
    )
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(
        "catalog.Product", models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    text = models.CharField(max_length=200)
    period = DateRangeField()
    quantity = models.DecimalField(max_digits=12, decimal_places=4)
    rate_amount = rate_field()
    tax_rate = models.ForeignKey(
        "pricing.TaxRate",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    tax_fraction = models.DecimalField(max_digits=9, decimal_places=8, default=0)
    taxes = models.JSONField(
        null=True,
        blank=True,
        help_text="Its taxes one by one, where there are several, or a rule.",
    )
    net_amount = money_field()
    tax_amount = money_field()
    gross_amount = money_field()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text


class DocumentTax(models.Model):
    """The tax of a document at one rate, on the sum of its lines."""

    tax_rate = models.ForeignKey(
        "pricing.TaxRate",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    name = models.CharField(max_length=80)
    fraction = models.DecimalField(max_digits=9, decimal_places=8)
    net_amount = money_field()
    tax_amount = money_field()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Invoice(Document):
    """A posted debit of an account for one subscription (TMF678 CustomerBill part)."""

    due_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="invoice_posted_number", condition=Q(state="DRAFT") | Q(number__isnull=False)
            ),
            models.CheckConstraint(
                name="invoice_sum",
                condition=Q(gross_amount=F("net_amount") + F("tax_amount")),
            ),
        ]


class InvoiceLine(DocumentLine):
    document = models.ForeignKey(Invoice, models.CASCADE, related_name="lines", db_constraint=False)


class InvoiceTax(DocumentTax):
    document = models.ForeignKey(Invoice, models.CASCADE, related_name="taxes", db_constraint=False)


class CreditNote(Document):
    """A posted credit of an account for one subscription."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="credit_note_posted_number",
                condition=Q(state="DRAFT") | Q(number__isnull=False),
            ),
            models.CheckConstraint(
                name="credit_note_sum",
                condition=Q(gross_amount=F("net_amount") + F("tax_amount")),
            ),
        ]


class CreditNoteLine(DocumentLine):
    document = models.ForeignKey(
        CreditNote, models.CASCADE, related_name="lines", db_constraint=False
    )


class CreditNoteTax(DocumentTax):
    document = models.ForeignKey(
        CreditNote, models.CASCADE, related_name="taxes", db_constraint=False
    )


class BillPrint(models.Model):
    """What a bill is printed from, stored at posting, and its PDF once it was first made."""

    bill = models.OneToOneField(
        Bill, models.PROTECT, primary_key=True, related_name="print", db_constraint=False
    )
    content = models.JSONField()
    template_version = models.CharField(max_length=20)
    pdf = models.BinaryField(null=True, blank=True)
    pdf_made_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"print of {self.bill_id}"
