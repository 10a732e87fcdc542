"""Tables of the catalogue's lists."""

from datetime import timedelta

import django_tables2 as tables
from django.db.models.functions import Upper
from django.template.defaultfilters import floatformat
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from catalog.models import (
    AccountClass,
    AccountClassification,
    FeeGroup,
    Product,
    ProductBrand,
    ProductCategory,
    ProductFamily,
    ProductType,
    SalesBundle,
    Technology,
)
from catalog.queries.products import list_audiences, list_validities
from config.shared.day_text import day_text
from config.shared.tables import NumberColumn, PeriodColumn, RatebookTable, StateColumn
from config.shared.templatetags.ui_tags import days

# Deeper branches of a tree are indented no further.
DEEPEST = 6
NOWRAP = {"td": {"class": "nowrap"}}


class NamedTable(RatebookTable):
    """A table whose names sort whatever their letter case."""

    class Meta(RatebookTable.Meta):
        pass

    def order_name(self, queryset, is_descending):
        """Order by the name in capitals."""
        name = Upper("name")
        return queryset.order_by(name.desc() if is_descending else name.asc()), True


class LinkedTable(NamedTable):
    """A table whose names lead to the page of the record, which everybody may see who sees it."""

    name = tables.Column(linkify=True)

    class Meta(RatebookTable.Meta):
        pass


class ProductTable(RatebookTable):
    """Products, from catalog.queries.products.products."""

    code = tables.Column(linkify=True)
    sort_order = NumberColumn()
    type = tables.Column(order_by=("type__name",))
    family = tables.Column(order_by=("family__name",))
    brand = tables.Column(order_by=("brand__name",))
    availability = StateColumn()
    validity = tables.Column(
        accessor="listed_periods",
        orderable=False,
        empty_values=(),
        verbose_name="Validity",
        attrs={"td": {"class": "nowrap"}},
    )

    class Meta(RatebookTable.Meta):
        model = Product
        fields = (
            "code",
            "name",
            "sort_order",
            "type",
            "family",
            "brand",
            "availability",
            "validity",
        )

    @classmethod
    def read_more(cls, records):
        """Read the periods of validity; one query."""
        list_validities(records)

    def render_validity(self, record):
        """Write the periods, one below the other, or that there are none."""
        periods = [(days(period),) for period in record.listed_periods]
        return format_html_join(mark_safe("<br>"), "{}", periods) or "always"

    def value_validity(self, record):
        """Give exports the periods in one line."""
        return "; ".join(days(period) for period in record.listed_periods) or "always"


class ProductTypeTable(LinkedTable):
    """Product types."""

    classification = tables.Column()
    kind = tables.Column(
        accessor="service_type",
        order_by=("service_type", "good_type"),
        empty_values=(),
        verbose_name="Kind",
    )
    composition = tables.Column()
    provisioned = tables.BooleanColumn(yesno="Yes,No")
    product_count = NumberColumn(verbose_name="Products")

    class Meta(RatebookTable.Meta):
        model = ProductType
        fields = (
            "name",
            "code",
            "classification",
            "kind",
            "composition",
            "provisioned",
            "product_count",
        )

    def render_kind(self, record):
        """Write the service type or the physical good type."""
        return record.get_service_type_display() or record.get_good_type_display()

    def render_provisioned(self, value):
        """Write the word, which a tick would hide from some readers."""
        return "Yes" if value else "No"


class TreeTable(NamedTable):
    """Branches of a tree: indented, or with their whole path where they are not shown as a tree.

    `tree` are the branches by id, `totals` the numbers of products with all below for the rows
    that are shown (catalog.queries.trees).
    """

    name = tables.Column(attrs={"td": {"class": "branch"}})
    own = NumberColumn(empty_values=(), orderable=False, verbose_name="Products")
    total = NumberColumn(empty_values=(), orderable=False, verbose_name="With all below")
    place = tables.Column(empty_values=(), orderable=False, verbose_name="Order")

    class Meta(RatebookTable.Meta):
        sequence = ("name", "own", "total", "code", "place")

    def __init__(self, *args, tree, is_tree, **kwargs):
        super().__init__(*args, **kwargs)
        self.tree = tree
        self.totals = {}
        self.is_tree = is_tree

    def render_name(self, record, value):
        """Link the name, indented by its depth; or after the names above it."""
        branch = self.tree[record.pk]
        link = format_html('<a href="{}">{}</a>', record.get_absolute_url(), value)
        if self.is_tree:
            depth = min(branch.depth, DEEPEST)
            return format_html(
                '<span id="branch-{}" class="depth-{}">{}</span>', record.pk, depth, link
            )
        above = "".join(f"{name} › " for name in branch.path[:-1])
        return format_html('<span class="quiet">{}</span>{}', above, link)

    def render_own(self, record):
        """Write how many products it has itself."""
        return f"{self.tree[record.pk].own:,}"

    def render_total(self, record):
        """Write how many products it has with all below it."""
        return f"{self.totals[record.pk]:,}"

    def render_place(self, record):
        """Draw the buttons that move it among its siblings."""
        branch = self.tree[record.pk]
        return render_to_string(
            "catalog/partials/move_buttons.html", {"branch": branch, "entry": record}
        )


class FamilyTable(TreeTable):
    """Product families."""

    class Meta(TreeTable.Meta):
        model = ProductFamily
        fields = ("name", "code")


class CategoryTable(TreeTable):
    """Product categories."""

    class Meta(TreeTable.Meta):
        model = ProductCategory
        fields = ("name", "code")


class BrandTable(LinkedTable):
    """Brands."""

    product_count = NumberColumn(verbose_name="Products")

    class Meta(RatebookTable.Meta):
        model = ProductBrand
        fields = ("name", "code", "product_count")


class AccountClassTable(LinkedTable):
    """Account classes."""

    product_count = NumberColumn(verbose_name="Products for it")

    class Meta(RatebookTable.Meta):
        model = AccountClass
        fields = ("name", "code", "product_count")


class TechnologyTable(LinkedTable):
    """Technologies."""

    product_count = NumberColumn(verbose_name="Products for it")

    class Meta(RatebookTable.Meta):
        model = Technology
        fields = ("name", "code", "product_count")


class ClassificationTable(LinkedTable):
    """Account classifications."""

    class Meta(RatebookTable.Meta):
        model = AccountClassification
        fields = ("name", "code")


class DefinitionTable(RatebookTable):
    """Definitions, from catalog.queries.definitions."""

    name = tables.Column(linkify=True)
    type = tables.Column(order_by=("type__name",))
    billing_display = tables.Column(verbose_name="Billing display")
    charge_type = tables.Column(verbose_name="Charge type")
    availability = StateColumn()
    start = tables.Column(
        "Start", accessor="listed_periods", orderable=False, empty_values=(), attrs=NOWRAP
    )
    last_day = tables.Column(
        "Last day", accessor="listed_periods", orderable=False, empty_values=(), attrs=NOWRAP
    )
    account_class = tables.Column(
        "Account class", accessor="listed_classes", orderable=False, empty_values=()
    )
    technology = tables.Column(
        "Technology", accessor="listed_technologies", orderable=False, empty_values=()
    )
    fee_count = NumberColumn(verbose_name="Fees")
    element_count = NumberColumn(verbose_name="Elements")

    class Meta(RatebookTable.Meta):
        model = Product
        fields = ("name", "type", "billing_display", "charge_type", "availability")
        sequence = (*fields, "start", "last_day", "account_class", "technology", "...")

    @classmethod
    def read_more(cls, records):
        """Read the periods of validity, and to whom they are offered; three queries."""
        list_validities(records)
        list_audiences(records)

    def render_start(self, record):
        """Write the first day on which it may be sold."""
        first = next(iter(record.listed_periods), None)
        return "–" if first is None else day_text(first.lower)

    def render_last_day(self, record):
        """Write the last day on which it may be sold."""
        periods = record.listed_periods
        after = periods[-1].upper if periods else None
        return "–" if after is None else day_text(after - timedelta(days=1))

    def render_account_class(self, record):
        """Write the classes it is offered to, "all" where it names none."""
        return ", ".join(record.listed_classes) or "all"

    def render_technology(self, record):
        """Write the technologies it is offered for, "all" where it names none."""
        return ", ".join(record.listed_technologies) or "all"


class FeeGroupTable(LinkedTable):
    """Fee groups."""

    match_on = tables.Column(verbose_name="Picked by")
    match_required = tables.BooleanColumn(yesno="Yes,No")
    fee_count = NumberColumn(verbose_name="Fees")
    parent_count = NumberColumn(verbose_name="Products with it")

    class Meta(RatebookTable.Meta):
        model = FeeGroup
        fields = ("name", "code", "match_on", "match_required", "fee_count", "parent_count")

    def render_match_required(self, value):
        """Write the word, which a tick would hide from some readers."""
        return "Yes" if value else "No"


class SalesBundleTable(LinkedTable):
    """Sales bundles."""

    contents = tables.Column(
        accessor="items__all", orderable=False, empty_values=(), verbose_name="Contents"
    )
    offered_to = tables.Column(
        accessor="account_classes__all", orderable=False, empty_values=(), verbose_name="Offered to"
    )
    availability = StateColumn()
    validity = PeriodColumn(empty_values=(), orderable=False)

    class Meta(RatebookTable.Meta):
        model = SalesBundle
        fields = ("name", "code", "contents", "offered_to", "availability", "validity")

    def render_contents(self, record):
        """Write the items with their quantities."""
        return ", ".join(
            item.product.name
            if item.quantity == 1
            else f"{floatformat(item.quantity, -4)} × {item.product.name}"
            for item in record.items.all()
        )

    def render_offered_to(self, record):
        """Write the classes and technologies, or that it is offered to all."""
        lists = [*record.account_classes.all(), *record.technologies.all()]
        return ", ".join(map(str, lists)) or "everybody"

    def render_validity(self, value):
        """Write the period, or that there is none."""
        return days(value) if value else "always"
