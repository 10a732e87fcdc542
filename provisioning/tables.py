"""Tables of provisioning's lists."""

import django_tables2 as tables
from django_tables2.utils import A

from config.shared.tables import NumberColumn, RatebookTable, StateColumn
from config.shared.templatetags.ui_tags import badge
from provisioning.models import Provider, ProvisioningRequest


class RequestTable(RatebookTable):
    """Requests to providers."""

    caption = "Provisioning requests"
    number = tables.Column(linkify=True, attrs={"td": {"class": "nowrap"}})
    provider = tables.Column(order_by=("provider__name",))
    subscription = tables.Column(linkify=True, order_by=("subscription__number",))
    account = tables.Column(
        verbose_name="Account",
        accessor="subscription__account__number",
        linkify=("subscriptions:account_detail", [A("subscription__account__number")]),
    )
    state = StateColumn()
    attempts = NumberColumn()
    created_at = tables.DateTimeColumn(verbose_name="Made", short=True)
    last_error = tables.Column(default="", orderable=False)

    class Meta(RatebookTable.Meta):
        model = ProvisioningRequest
        fields = (
            "number",
            "kind",
            "provider",
            "subscription",
            "account",
            "state",
            "attempts",
            "created_at",
            "last_error",
        )


class ProviderTable(RatebookTable):
    """Providers."""

    caption = "Providers"
    name = tables.Column(linkify=True)
    effective = tables.Column(verbose_name="State")
    distributor_count = NumberColumn(verbose_name="Distributors")
    product_count = NumberColumn(verbose_name="Products")
    failed_count = NumberColumn(verbose_name="Failed requests")

    class Meta(RatebookTable.Meta):
        model = Provider
        fields = (
            "name",
            "code",
            "protocol",
            "url",
            "method",
            "distributor_count",
            "product_count",
            "failed_count",
            "effective",
        )

    def render_effective(self, value):
        """Draw whether it is in use."""
        return effective_badge(value)

    def value_effective(self, value):
        """Give the word to exports."""
        return "Effective" if value else "Not effective"


def effective_badge(is_effective):
    """Return the badge of a provider in use, or out of it."""
    return badge("EFFECTIVE", "Effective") if is_effective else badge("OFF", "Not effective")
