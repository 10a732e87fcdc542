"""What billing shows on the home page and on the pages of runs."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from billing.queries.bills import totals_of_run
from billing.queries.home import overdue_totals
from billing.runs.normal import NormalBilling
from config.shared.models import Run
from config.shared.operations.clock import today
from config.shared.panels import Panel


class OverdueOnHome(Panel):
    """What is past due in all, by currency."""

    title = "Past due"
    slug = "past-due"
    order = 25
    wide = False
    template_name = "billing/partials/overdue_on_home.html"
    permission = "billing.view_bill"

    def context(self, obj: Any, request: HttpRequest) -> Mapping[str, Any]:
        """Return the totals; one query."""
        return {"totals": overdue_totals(on=today())}


class BillsOfRun(Panel):
    """The page of a billing run: its bills and their sums, by currency."""

    title = "Bills"
    slug = "bills"
    order = 25
    template_name = "billing/partials/run_bills.html"
    permission = "billing.view_bill"

    def suits(self, obj: Run) -> bool:
        """Show it for billing runs."""
        return obj.kind == NormalBilling.slug

    def context(self, obj: Run, request: HttpRequest) -> Mapping[str, Any]:
        """Return the sums; one query."""
        return {"totals": totals_of_run(obj)}
