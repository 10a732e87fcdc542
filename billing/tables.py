"""Tables of billing's lists, and the columns it adds to other apps' lists."""

from decimal import Decimal

import django_tables2 as tables
from django.db.models import DecimalField
from django.db.models.functions import Coalesce
from django.utils.html import format_html
from django_tables2.utils import A

from billing.models import Bill, Payment, RatedBillingItem
from billing.queries.bills import Settlement
from config.shared.tables import (
    DayColumn,
    ListColumn,
    MoneyColumn,
    NumberColumn,
    PeriodColumn,
    RatebookTable,
    StateColumn,
)
from config.shared.templatetags.ui_tags import badge

NUMBER = {"td": {"class": "nowrap"}}


class BillTable(RatebookTable):
    """Bills with what is left to pay."""

    caption = "Bills"
    number = tables.Column(linkify=True, empty_values=(), attrs=NUMBER)
    account = tables.Column(
        verbose_name="Account",
        accessor="account__number",
        linkify=("subscriptions:account_detail", [A("account__number")]),
    )
    name = tables.Column(verbose_name="Name", accessor="account__name", orderable=False)
    issued_on = DayColumn(verbose_name="Issued")
    due_on = DayColumn(verbose_name="Due")
    period = PeriodColumn(orderable=False)
    total_billed = MoneyColumn(verbose_name="Billed", currency_accessor="currency")
    to_be_paid = MoneyColumn(verbose_name="To be paid", currency_accessor="currency")
    remaining = MoneyColumn(verbose_name="Remaining", currency_accessor="currency", orderable=False)
    settlement = tables.Column(verbose_name="State", orderable=False)

    class Meta(RatebookTable.Meta):
        model = Bill
        fields = (
            "number",
            "account",
            "name",
            "issued_on",
            "due_on",
            "period",
            "total_billed",
            "to_be_paid",
            "remaining",
            "settlement",
        )

    def render_number(self, record):
        """Write the number; a draft has none."""
        return record.number or "draft"

    def render_settlement(self, value):
        """Draw how far the bill is paid."""
        return badge(value, Settlement(value).label)

    def value_settlement(self, value):
        """Give the word to exports."""
        return Settlement(value).label


class PaymentTable(RatebookTable):
    """Payments."""

    caption = "Payments"
    number = tables.Column(linkify=True, attrs=NUMBER)
    account = tables.Column(
        verbose_name="Account",
        accessor="account__number",
        linkify=("subscriptions:account_detail", [A("account__number")]),
    )
    name = tables.Column(verbose_name="Name", accessor="account__name", orderable=False)
    received_on = DayColumn(verbose_name="Received")
    posted_on = DayColumn(verbose_name="Posted", default="–")
    amount = MoneyColumn(currency_accessor="currency")
    state = StateColumn()
    entered_by = tables.Column(verbose_name="By", default="Ratebook", orderable=False)

    class Meta(RatebookTable.Meta):
        model = Payment
        fields = (
            "number",
            "account",
            "name",
            "received_on",
            "posted_on",
            "method",
            "reference",
            "amount",
            "state",
            "entered_by",
        )


class RatedItemTable(RatebookTable):
    """Rated items."""

    caption = "Rated items"
    id = NumberColumn(verbose_name="Item", linkify=True)
    account = tables.Column(
        verbose_name="Account",
        accessor="account__number",
        linkify=("subscriptions:account_detail", [A("account__number")]),
    )
    service = tables.Column(
        verbose_name="Service", accessor="service__number", default="–", orderable=False
    )
    product = tables.Column(orderable=False)
    period = PeriodColumn(verbose_name="Days", orderable=False)
    quantity = NumberColumn(orderable=False)
    rate_amount = MoneyColumn(
        verbose_name="Full price", currency_accessor="currency", orderable=False
    )
    amount = MoneyColumn(currency_accessor="currency")
    directive = StateColumn()

    class Meta(RatebookTable.Meta):
        model = RatedBillingItem
        fields = (
            "id",
            "account",
            "service",
            "product",
            "kind",
            "period",
            "quantity",
            "rate_amount",
            "amount",
            "directive",
        )

    def render_quantity(self, value):
        """Write it without trailing zeros."""
        return f"{value.normalize():f}"

    def render_directive(self, value, record):
        """Draw what billing does with it, and whether it was reversed."""
        shown = badge(record.directive, value)
        if record.reversed_at is None:
            return shown
        return format_html("{} {}", shown, badge("REVERSED", "Reversed"))


class BalanceColumn(ListColumn):
    """The account list: what each account owes."""

    name = "balance"

    def column(self):
        """Return an amount with its currency; an account without a posting owes nothing."""
        return MoneyColumn(
            accessor="shown_balance",
            verbose_name="Balance",
            currency_accessor="currency_id",
        )

    def annotate(self, queryset):
        """Join the balance."""
        balance = Coalesce("account_balance__balance", Decimal(0), output_field=DecimalField())
        return queryset.annotate(shown_balance=balance)
