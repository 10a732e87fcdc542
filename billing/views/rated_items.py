"""Rated items: their list, and the page that explains one."""

from django.urls import reverse_lazy
from django.utils.formats import date_format

from billing.filters import RatedItemFilter
from billing.panels.rated_items import HowItWasPriced
from billing.queries.rated_items import items_to_explain, rated_items
from billing.tables import RatedItemTable
from config.shared.templatetags.ui_tags import days, money
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Alert, Fact, ObjectPageView

ITEMS = ("Rated items", reverse_lazy("billing:rated_item_list"))


class RatedItemList(RatebookListView):
    """All rated items, the newest first."""

    permission_required = "billing.view_ratedbillingitem"
    queryset = rated_items()
    filterset_class = RatedItemFilter
    table_class = RatedItemTable
    title = "Rated items"
    empty_text = "Nothing is rated yet. A billing run rates what services ask for."


class RatedItemPage(ObjectPageView):
    """A rated item, explained: plan, rate, phase, days, tax, document."""

    permission_required = "billing.view_ratedbillingitem"
    own_panels = (HowItWasPriced,)

    def get_queryset(self):
        """Join what the page shows."""
        return items_to_explain()

    def get_title(self):
        """Name the product."""
        return str(self.object.product)

    def get_number(self):
        """Show which item it is."""
        return f"Rated item {self.object.pk}"

    def get_state(self):
        """Show what billing does with it."""
        return self.object.directive, self.object.get_directive_display()

    def get_parents(self):
        """Lead back to the list and the account."""
        account = self.object.account
        return [ITEMS, (account.number, account.get_absolute_url())]

    def get_facts(self):
        """Return what and how much."""
        item = self.object
        return [
            Fact("Kind", item.get_kind_display()),
            Fact("Days", days(item.period)),
            Fact("Amount", money(item.amount, item.currency)),
        ]

    def get_alerts(self):
        """Say that it was reversed."""
        item = self.object
        if item.reversed_at is None:
            return []
        return [Alert(f"Reversed on {date_format(item.reversed_at)}.")]
