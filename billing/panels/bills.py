"""The panels of a bill's page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from billing.models import Bill
from billing.queries.bills import allocations_of, documents_of
from config.shared.panels import Panel


class BillDocuments(Panel):
    """The invoices and credit notes, line by line, with their taxes."""

    title = "Invoices and credit notes"
    slug = "documents"
    order = 10
    template_name = "billing/partials/bill_documents.html"

    def context(self, obj: Bill, request: HttpRequest) -> Mapping[str, Any]:
        """Return the documents with lines and taxes."""
        documents = documents_of(obj)
        may_explain = request.user.has_perm("billing.view_ratedbillingitem")
        return {"documents": documents, "count": len(documents), "may_explain": may_explain}


class BillTotals(Panel):
    """How what is to be paid comes about."""

    title = "Totals"
    slug = "totals"
    order = 20
    wide = False
    template_name = "billing/partials/bill_totals.html"


class BillAllocations(Panel):
    """What paid the bill's invoices, and what its credit notes paid."""

    title = "Payments and credits"
    slug = "allocations"
    order = 30
    wide = False
    template_name = "billing/partials/bill_allocations.html"

    def context(self, obj: Bill, request: HttpRequest) -> Mapping[str, Any]:
        """Return the allocations."""
        allocations = list(allocations_of(obj))
        return {"allocations": allocations, "count": len(allocations)}
