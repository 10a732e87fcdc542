"""What belongs to the history of accounts, schemes, and of the products that are on schemes."""

from typing import Final

from catalog.models import Product
from config.shared.queries.history import HistoryPart
from pricing.models import AdditiveDiscount, PricePlan
from subscriptions.models import (
    Account,
    AccountExemption,
    AccountUser,
    BillingTermScheme,
    DiscountTerms,
    PlanConditionTerm,
    SchemeProduct,
)

HISTORY_PARTS: Final = (
    HistoryPart(DiscountTerms, "Billing terms", AdditiveDiscount, "discount"),
    HistoryPart(SchemeProduct, "Billing term scheme", Product, "product", named_by=("scheme",)),
    HistoryPart(SchemeProduct, "Product", BillingTermScheme, "scheme", named_by=("product",)),
    HistoryPart(
        AccountExemption,
        "Tax exemption",
        Account,
        "account",
        named_by=("tax_code", "certificate_number"),
    ),
    HistoryPart(
        PlanConditionTerm,
        "Value of a condition",
        PricePlan,
        "condition__plan",
        named_by=("subscription_type", "scheme", "frequency"),
    ),
    HistoryPart(
        AccountUser, "User", Account, "account", named_by=("number", "name"), hidden=("number",)
    ),
)
