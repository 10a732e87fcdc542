"""Tables of tax codes, regions, classes and location rules, and of currencies."""

import django_tables2 as tables

from config.shared.tables import NumberColumn, PeriodColumn, RatebookTable
from pricing.models import Currency, LocationRule, TaxClass, TaxCode, TaxRegion


class TaxCodeTable(RatebookTable):
    """Tax codes; the code opens it."""

    code = tables.Column(linkify=True)
    rate_count = NumberColumn(verbose_name="Rates")

    class Meta(RatebookTable.Meta):
        model = TaxCode
        fields = ["code", "name", "kind", "rate_date", "rate_count"]


class TaxRegionTable(RatebookTable):
    """Tax regions; the name opens one."""

    name = tables.Column(linkify=True)
    class_count = NumberColumn(verbose_name="Classes with a group")

    class Meta(RatebookTable.Meta):
        model = TaxRegion
        fields = ["name", "code", "class_count"]


class TaxClassTable(RatebookTable):
    """Tax classes; the name opens one."""

    name = tables.Column(linkify=True)
    product_count = NumberColumn(verbose_name="Products")
    type_count = NumberColumn(verbose_name="Types")

    class Meta(RatebookTable.Meta):
        model = TaxClass
        fields = ["name", "code", "product_count", "type_count"]


class LocationRuleTable(RatebookTable):
    """Location rules in the order in which they are asked; the name opens one."""

    position = NumberColumn()
    name = tables.Column(linkify=True)
    country = tables.Column(default="any", empty_values=("", None))
    postal_prefix = tables.Column(
        verbose_name="Postal code begins with", default="any", empty_values=("", None)
    )
    tax_region = tables.Column(default="any")
    taxes = tables.Column(accessor="codes", orderable=False)
    period = PeriodColumn(verbose_name="Days")

    class Meta(RatebookTable.Meta):
        model = LocationRule
        fields = ["position", "name", "country", "postal_prefix", "tax_region", "taxes", "period"]

    def render_taxes(self, value):
        """Name the codes."""
        return ", ".join(str(code) for code in value.all())


class CurrencyTable(RatebookTable):
    """Currencies with the digits of their minor units."""

    minor_digits = NumberColumn(verbose_name="Digits after the point")

    class Meta(RatebookTable.Meta):
        model = Currency
        fields = ["code", "name", "minor_digits"]
