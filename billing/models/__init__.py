"""Models of billing, one file a topic."""

from .documents import (
    Bill,
    BillPrint,
    CreditNote,
    CreditNoteLine,
    CreditNoteTax,
    DocumentState,
    Invoice,
    InvoiceLine,
    InvoiceTax,
)
from .ledger import (
    AccountBalance,
    Allocation,
    EntryKind,
    LedgerEntry,
    OpenItem,
    Payment,
    PaymentMethod,
    PaymentState,
)
from .rating import (
    Directive,
    ItemKind,
    OverrideKind,
    RatedBillingItem,
    RatingMark,
    RatingOverride,
)
from .taxes import TaxMonth

__all__ = [
    "AccountBalance",
    "Allocation",
    "Bill",
    "BillPrint",
    "CreditNote",
    "CreditNoteLine",
    "CreditNoteTax",
    "Directive",
    "DocumentState",
    "EntryKind",
    "Invoice",
    "InvoiceLine",
    "InvoiceTax",
    "ItemKind",
    "LedgerEntry",
    "OpenItem",
    "OverrideKind",
    "Payment",
    "PaymentMethod",
    "PaymentState",
    "RatedBillingItem",
    "RatingMark",
    "RatingOverride",
    "TaxMonth",
]
