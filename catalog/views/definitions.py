"""Products as BillMax lists them: one list for each kind of definition."""

from urllib.parse import urlencode

from django.urls import reverse

from catalog.filters import DefinitionFilter
from catalog.queries.definitions import Definition, definitions, only_type_code
from catalog.tables import DefinitionTable
from config.shared.views.lists import ColumnsMixin, RatebookListView


class DefinitionList(ColumnsMixin, RatebookListView):
    """The definitions of one kind; a new one opens with its type where only one fits."""

    permission_required = "catalog.view_product"
    table_class = DefinitionTable
    filterset_class = DefinitionFilter
    column_setting = "PRODUCT_COLUMNS"
    kind: Definition
    left_out: tuple[str, ...] = ()

    @property
    def queryset(self):
        """The definitions of the kind."""
        return definitions(self.kind)

    def get_table_kwargs(self):
        """Leave out what the kind has not; what upper apps add stands before the counts."""
        options = super().get_table_kwargs()
        added = [name for name, _ in options["extra_columns"]]
        sequence = ("...", *added, "fee_count", "element_count")
        left_out = (*self.left_out, *options.get("exclude", ()))
        return {
            **options,
            "exclude": left_out,
            "sequence": tuple(name for name in sequence if name not in left_out),
        }

    def get_new_action(self):
        """Preselect the type where only one fits; among several the user chooses."""
        action = super().get_new_action()
        if action is None:
            return None
        code = only_type_code(self.kind)
        query = f"?{urlencode({'type': code})}" if code else ""
        return action[0], reverse("catalog:product_new") + query


class OneTimeList(DefinitionList):
    """What is sold once: expenses, goods, one-time services."""

    kind = Definition.ONE_TIME
    title = "One-time items & fees"
    empty_text = "Installation, a remote control, an hour of work: what is charged once."
    new_action = ("New one-time item or fee", "catalog:product_new", "catalog.add_product")
    left_out = ("fee_count", "element_count")


class RecurringFeeList(DefinitionList):
    """Recurring fees: flat services that come with another product."""

    kind = Definition.RECURRING_FEE
    title = "Recurring fees"
    empty_text = (
        "A flat service is listed here once it is a dependent fee of a product or in a fee group."
    )
    new_action = ("New recurring fee", "catalog:product_new", "catalog.add_product")
    left_out = ("type", "fee_count", "element_count")


class RecurringServiceList(DefinitionList):
    """Recurring services: flat ones that are sold alone."""

    kind = Definition.SERVICE
    title = "Recurring services"
    empty_text = "Services that are sold alone or as elements of packages. Add the first one."
    new_action = ("New recurring service", "catalog:product_new", "catalog.add_product")
    left_out = ("type", "element_count")


class RecurringPackageList(DefinitionList):
    """Recurring packages: fixed and flexible bundles of services."""

    kind = Definition.PACKAGE
    title = "Recurring packages"
    empty_text = "A package has elements: services that come with it or can be chosen."
    new_action = ("New recurring package", "catalog:product_new", "catalog.add_product")
    left_out = ("type",)
