"""Bills: their list, the page of one, its PDF."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils.formats import date_format
from django.views import View

from billing.filters import BillFilter
from billing.models import Bill, DocumentState
from billing.operations.printing import NotPosted, bill_pdf
from billing.panels.bills import BillAllocations, BillDocuments, BillTotals
from billing.queries.bills import Settlement, bills
from billing.tables import BillTable
from config.shared.operations.clock import today
from config.shared.templatetags.ui_tags import money
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Action, Alert, Fact, ObjectPageView

BILLS = ("Bills", reverse_lazy("billing:bill_list"))
DRAFT_PREFIX = "draft-"


class BillList(RatebookListView):
    """All bills, the newest first."""

    permission_required = "billing.view_bill"
    queryset = bills()
    filterset_class = BillFilter
    table_class = BillTable
    title = "Bills"
    empty_text = "No bill yet. A billing run makes them."
    new_action = ("Start a billing run", "runs:definition_list", "shared.add_run")


class BillPage(ObjectPageView):
    """A bill: its documents line by line, totals, and what paid it."""

    permission_required = "billing.view_bill"
    own_panels = (BillDocuments, BillTotals, BillAllocations)

    def get_object(self, queryset=None):
        """Return the bill of this number, or the draft of this key."""
        number = self.kwargs["number"]
        if number.startswith(DRAFT_PREFIX):
            pk = number.removeprefix(DRAFT_PREFIX)
            if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
                raise Http404
            return get_object_or_404(bills(), pk=pk, state=DocumentState.DRAFT)
        return get_object_or_404(bills(), number=number)

    def get_title(self):
        """Say whose bill it is."""
        return f"Bill for {self.object.account.name}"

    def get_number(self):
        """Show the number beside it."""
        return str(self.object)

    def get_state(self):
        """Show how far it is paid."""
        return self.object.settlement, Settlement(self.object.settlement).label

    def get_parents(self):
        """Lead back to the list and the account."""
        account = self.object.account
        return [BILLS, (account.number, account.get_absolute_url())]

    def get_facts(self):
        """Return what a caller asks about a bill."""
        bill = self.object
        return [
            Fact("Issued", date_format(bill.issued_on)),
            Fact("Due", date_format(bill.due_on)),
            Fact("Billed", money(bill.total_billed, bill.currency)),
            Fact("To be paid", money(bill.to_be_paid, bill.currency)),
            Fact("Remaining", money(bill.remaining, bill.currency)),
        ]

    def get_alerts(self):
        """Say that it is overdue, or only a draft."""
        bill = self.object
        if bill.state == DocumentState.DRAFT:
            return [Alert("A draft: it gets its number when the run posts it.", "info")]
        if bill.remaining and bill.due_on < today():
            return [Alert(f"Overdue since {date_format(bill.due_on)}.", "error")]
        return []

    def get_actions(self):
        """Offer the PDF, and taking a payment."""
        bill = self.object
        if bill.state == DocumentState.DRAFT:
            return []
        return [
            Action(
                "PDF",
                reverse("billing:bill_pdf", args=[bill.number]),
                primary=True,
                icon="document-text",
            ),
            Action(
                "Take payment",
                reverse("billing:take_payment", args=[bill.account.number]),
                "billing.add_payment",
                primary=True,
                key="$",
            ),
        ]


class BillPdf(PermissionRequiredMixin, View):
    """A bill as PDF: the same bytes whenever it is asked for."""

    permission_required = "billing.view_bill"

    def get(self, request, number):
        """Answer with the stored PDF; it is made the first time."""
        bill = get_object_or_404(Bill, number=number)
        try:
            content = bill_pdf(bill)
        except NotPosted as refusal:
            raise Http404(str(refusal)) from refusal
        return HttpResponse(
            content,
            content_type="application/pdf",
            headers={"Content-Disposition": f'inline; filename="{bill.number}.pdf"'},
        )
