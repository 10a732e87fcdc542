"""Billing in Django's admin: to look things up. What moved money is written by operations only."""

from django.contrib import admin

from billing.models import (
    AccountBalance,
    Allocation,
    Bill,
    CreditNote,
    CreditNoteLine,
    CreditNoteTax,
    Invoice,
    InvoiceLine,
    InvoiceTax,
    LedgerEntry,
    OpenItem,
    Payment,
    RatedBillingItem,
    RatingMark,
    RatingOverride,
    TaxMonth,
)


class ReadOnly:
    """Nothing is added, changed or deleted here."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request, obj=None):
        """Refuse."""
        return False

    def has_change_permission(self, request, obj=None):
        """Refuse."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Refuse."""
        return False


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    """Rows of a document."""

    extra = 0


class InvoiceLines(ReadOnlyInline):
    """Lines of an invoice."""

    model = InvoiceLine
    raw_id_fields = ("item", "product", "tax_rate")


class InvoiceTaxes(ReadOnlyInline):
    """Taxes of an invoice."""

    model = InvoiceTax


class CreditNoteLines(ReadOnlyInline):
    """Lines of a credit note."""

    model = CreditNoteLine
    raw_id_fields = ("item", "product", "tax_rate")


class CreditNoteTaxes(ReadOnlyInline):
    """Taxes of a credit note."""

    model = CreditNoteTax


@admin.register(Bill)
class BillAdmin(ReadOnly, admin.ModelAdmin):
    """Bills."""

    list_display = ("number", "account", "state", "issued_on", "due_on", "to_be_paid", "currency")
    list_select_related = ("account",)
    search_fields = ("=number", "=account__number")


@admin.register(Invoice)
class InvoiceAdmin(ReadOnly, admin.ModelAdmin):
    """Invoices with their lines."""

    list_display = ("number", "account", "state", "issued_on", "due_on", "gross_amount", "currency")
    list_select_related = ("account",)
    search_fields = ("=number", "=account__number")
    inlines = (InvoiceLines, InvoiceTaxes)


@admin.register(CreditNote)
class CreditNoteAdmin(ReadOnly, admin.ModelAdmin):
    """Credit notes with their lines."""

    list_display = ("number", "account", "state", "issued_on", "gross_amount", "currency")
    list_select_related = ("account",)
    search_fields = ("=number", "=account__number")
    inlines = (CreditNoteLines, CreditNoteTaxes)


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnly, admin.ModelAdmin):
    """Ledger entries."""

    list_display = ("number", "account", "kind", "posted_on", "due_on", "amount", "currency")
    list_select_related = ("account",)
    search_fields = ("=number", "=account__number")


@admin.register(OpenItem)
class OpenItemAdmin(ReadOnly, admin.ModelAdmin):
    """What is open of entries."""

    list_display = ("entry", "account", "debit", "due_on", "open_amount")
    list_select_related = ("entry", "account")
    search_fields = ("=account__number",)


@admin.register(Allocation)
class AllocationAdmin(ReadOnly, admin.ModelAdmin):
    """What paid what."""

    list_display = ("account", "credit", "debit", "amount", "allocated_at")
    list_select_related = ("account", "credit", "debit")
    search_fields = ("=account__number",)


@admin.register(AccountBalance)
class AccountBalanceAdmin(ReadOnly, admin.ModelAdmin):
    """Balances."""

    list_display = ("account", "balance")
    list_select_related = ("account",)
    search_fields = ("=account__number",)


@admin.register(Payment)
class PaymentAdmin(ReadOnly, admin.ModelAdmin):
    """Payments."""

    list_display = ("number", "account", "state", "amount", "currency", "method", "received_on")
    list_select_related = ("account",)
    search_fields = ("=number", "=account__number", "=reference")


@admin.register(RatedBillingItem)
class RatedBillingItemAdmin(ReadOnly, admin.ModelAdmin):
    """Rated items."""

    list_display = ("id", "service", "kind", "period", "amount", "currency", "directive")
    list_select_related = ("service__product",)
    search_fields = ("=service__number",)


@admin.register(TaxMonth)
class TaxMonthAdmin(ReadOnly, admin.ModelAdmin):
    """What monthly tax rules counted."""

    list_display = ("account", "tax_rate", "month", "base_amount", "taxed_amount")
    list_select_related = ("account", "tax_rate")
    search_fields = ("=account__number",)
    ordering = ("-month", "-id")


@admin.register(RatingMark)
class RatingMarkAdmin(ReadOnly, admin.ModelAdmin):
    """How far services are rated."""

    list_display = ("service", "rated_up_to", "rerate_from", "finished")
    list_select_related = ("service__product",)
    search_fields = ("=service__number",)


@admin.register(RatingOverride)
class RatingOverrideAdmin(ReadOnly, admin.ModelAdmin):
    """People's decisions about charges."""

    list_display = ("service", "item_kind", "period", "kind", "amount", "reason", "decided_by")
    list_select_related = ("service__product", "decided_by")
    search_fields = ("=service__number",)
