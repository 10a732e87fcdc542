"""Tables of accounts, subscriptions and set-up."""

from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html_join

from config.shared.tables import DayColumn, NumberColumn, PeriodColumn, RatebookTable, StateColumn
from subscriptions.models import (
    Account,
    BillingTermScheme,
    GivenDiscount,
    GivenState,
    Seller,
    Subscription,
    SubscriptionType,
)


class AccountTable(RatebookTable):
    """Accounts; upper apps add columns (settings.ACCOUNT_COLUMNS)."""

    number = tables.Column(linkify=True, attrs={"td": {"class": "nowrap"}})
    name = tables.Column(linkify=True, order_by=("sort_name",))
    account_class = tables.Column(order_by=("account_class__name",), verbose_name="Class")
    status = StateColumn(verbose_name="State")
    service_count = NumberColumn(verbose_name="Services")
    phone = tables.Column(attrs={"td": {"class": "nowrap"}})

    class Meta(RatebookTable.Meta):
        model = Account
        fields = ("number", "name", "account_class", "status", "service_count", "phone", "city")


class SubscriptionTable(RatebookTable):
    """Subscriptions with their account and user."""

    number = tables.Column(linkify=True, attrs={"td": {"class": "nowrap"}})
    account = tables.Column(linkify=True, order_by=("account__sort_name",))
    user = tables.Column(linkify=True, orderable=False)
    type = tables.Column(order_by=("type__name",))
    state = StateColumn()
    first_activated_on = DayColumn(verbose_name="Since")

    class Meta(RatebookTable.Meta):
        model = Subscription
        fields = ("number", "account", "user", "type", "state", "first_activated_on")


class SchemeTable(RatebookTable):
    """Billing term schemes."""

    name = tables.Column(linkify=True)
    state = StateColumn()
    default_plan = tables.Column(linkify=True, order_by=("default_plan__name",))
    product_count = NumberColumn(verbose_name="Products")

    class Meta(RatebookTable.Meta):
        model = BillingTermScheme
        fields = (
            "name",
            "code",
            "kind",
            "method",
            "default_frequency",
            "default_plan",
            "product_count",
            "state",
        )


class SubscriptionTypeTable(RatebookTable):
    """Subscription types."""

    name = tables.Column(linkify=True)
    product_count = NumberColumn(verbose_name="Products")
    scheme_count = NumberColumn(verbose_name="Schemes")
    active = tables.BooleanColumn(yesno="Yes,No")

    class Meta(RatebookTable.Meta):
        model = SubscriptionType
        fields = ("name", "code", "product_count", "scheme_count", "active")


class SellerTable(RatebookTable):
    """Sellers."""

    name = tables.Column(linkify=True)
    account_count = NumberColumn(verbose_name="Accounts")

    class Meta(RatebookTable.Meta):
        model = Seller
        fields = ("name", "code", "tax_number", "phone", "email", "account_count")


class GivenDiscountTable(RatebookTable):
    """Discounts given by hand; the number opens the subscription.

    `acts` is for those who may decide; nobody approves what was asked for by themselves.
    """

    number = tables.Column(
        linkify=lambda record: f"{record.get_absolute_url()}?tab=billing",
        attrs={"td": {"class": "nowrap"}},
    )
    discount = tables.Column(linkify=True, order_by=("discount__name",))
    account = tables.Column(
        accessor="subscription__account",
        linkify=True,
        order_by=("subscription__account__sort_name",),
    )
    service = tables.Column(orderable=False, default="all")
    period = PeriodColumn(verbose_name="Days")
    state = StateColumn()
    requested_by = tables.Column(verbose_name="Asked for by", orderable=False)
    reason = tables.Column(orderable=False)
    decided_by = tables.Column(orderable=False)
    acts = tables.Column(
        verbose_name="",
        empty_values=(),
        orderable=False,
        exclude_from_export=True,
        attrs={"td": {"class": "nowrap position-relative"}},
    )

    class Meta(RatebookTable.Meta):
        model = GivenDiscount
        fields = (
            *("number", "discount", "account", "subscription", "service", "period", "state"),
            *("requested_by", "reason", "decided_by", "acts"),
        )

    def render_acts(self, record):
        """Offer to decide on what waits."""
        if record.state != GivenState.WAITING:
            return ""
        is_own = record.requested_by_id == self.request.user.pk
        offered = ("reject",) if is_own else ("approve", "reject")
        back = urlencode({"list": self.request.GET.urlencode()})
        return format_html_join(
            " ",
            '<a href="{}" aria-label="{} {}">{}</a>',
            (
                (
                    f"{reverse(f'subscriptions:given_{act}', args=[record.number])}?{back}",
                    act.capitalize(),
                    record.number,
                    act.capitalize(),
                )
                for act in offered
            ),
        )
