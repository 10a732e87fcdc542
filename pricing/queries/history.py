"""What belongs to the history of plans, taxes, and of the products and types that have them."""

from decimal import Decimal
from typing import Final

from catalog.models import Product, ProductType
from config.shared.money_format import figure_text
from config.shared.queries.history import HistoryPart
from pricing.models import (
    AdditiveDiscount,
    DeckTimeBand,
    DiscountedProduct,
    HeldProduct,
    LocationRule,
    LocationRuleCode,
    PlanCondition,
    PlanConditionValue,
    PricePlan,
    PricePlanRate,
    ProductExemption,
    ProductTax,
    ProductTaxClass,
    ProductTypeTax,
    ProductUsagePlan,
    RateDeck,
    RateDeckVersion,
    RatePhase,
    RateTier,
    TaxClass,
    TaxCode,
    TaxGroup,
    TaxGroupItem,
    TaxRate,
    TaxRateVersion,
    TaxRegion,
    TierPlan,
    TierPlanTier,
    TypeTaxClass,
    UsageCatalog,
    UsageCatalogRow,
    VoicePlan,
    VoicePlanClass,
)


def _percent(fraction: Decimal) -> str:
    return f"{(fraction * 100).normalize():f} %"


_AMOUNTS: Final = dict.fromkeys(
    ("base_amount", "setup_fee", "deposit", "minimum", "amount"), figure_text
)
_TIER_AMOUNTS: Final = dict.fromkeys(("unit_rate", "fixed"), figure_text)
_TAX: Final = ("tax_code", "tax_rate")

HISTORY_PARTS: Final = (
    HistoryPart(ProductTax, "Tax", Product, "product", named_by=_TAX),
    HistoryPart(
        PricePlanRate, "Price", Product, "product", named_by=("plan", "bundle"), texts=_AMOUNTS
    ),
    HistoryPart(
        RatePhase,
        "Phase of a price",
        Product,
        "rate__product",
        named_by=("rate__plan", "position"),
        texts=_AMOUNTS,
    ),
    HistoryPart(
        RateTier,
        "Tier of a price",
        Product,
        "rate__product",
        named_by=("rate__plan", "phase", "position"),
        texts=_TIER_AMOUNTS,
    ),
    HistoryPart(ProductTypeTax, "Default tax", ProductType, "type", named_by=_TAX),
    HistoryPart(
        PricePlanRate, "Price", PricePlan, "plan", named_by=("product", "bundle"), texts=_AMOUNTS
    ),
    HistoryPart(
        RatePhase,
        "Phase of a price",
        PricePlan,
        "rate__plan",
        named_by=("rate__product", "position"),
        texts=_AMOUNTS,
    ),
    HistoryPart(
        RateTier,
        "Tier of a price",
        PricePlan,
        "rate__plan",
        named_by=("rate__product", "phase", "position"),
        texts=_TIER_AMOUNTS,
    ),
    HistoryPart(ProductTaxClass, "Tax class", Product, "product", named_by=("tax_class",)),
    HistoryPart(
        ProductExemption, "Tax exemption", Product, "product", named_by=("tax_code", "period")
    ),
    HistoryPart(TypeTaxClass, "Tax class", ProductType, "type", named_by=("tax_class",)),
    HistoryPart(TaxGroup, "Tax group", TaxClass, "tax_class", named_by=("tax_region", "period")),
    HistoryPart(TaxGroup, "Tax group", TaxRegion, "tax_region", named_by=("tax_class", "period")),
    HistoryPart(
        TaxGroupItem,
        "Tax",
        TaxClass,
        "group__tax_class",
        named_by=("group", "tax_rate"),
    ),
    HistoryPart(
        TaxGroupItem,
        "Tax",
        TaxRegion,
        "group__tax_region",
        named_by=("group", "tax_rate"),
    ),
    HistoryPart(LocationRuleCode, "Tax code", LocationRule, "rule", named_by=("tax_code",)),
    HistoryPart(PlanCondition, "Condition", PricePlan, "plan", named_by=("use", "kind")),
    HistoryPart(
        PlanConditionValue,
        "Value of a condition",
        PricePlan,
        "condition__plan",
        named_by=("account_class", "classification", "product", "family"),
    ),
    HistoryPart(TaxRate, "Rate", TaxCode, "tax_code", named_by=("name",)),
    HistoryPart(
        TaxRateVersion,
        "Percentage",
        TaxCode,
        "tax_rate__tax_code",
        named_by=("tax_rate", "period"),
        texts={"fraction": _percent},
    ),
    HistoryPart(TierPlanTier, "Tier", TierPlan, "plan", named_by=("position",)),
    HistoryPart(VoicePlanClass, "Class", VoicePlan, "plan", named_by=("name",)),
    HistoryPart(DeckTimeBand, "Time band", RateDeck, "deck", named_by=("code",)),
    HistoryPart(RateDeckVersion, "Version", RateDeck, "deck", named_by=("starts_on",)),
    HistoryPart(UsageCatalogRow, "Rate", UsageCatalog, "catalog", named_by=("product",)),
    HistoryPart(UsageCatalogRow, "Usage rate", Product, "product", named_by=("catalog",)),
    HistoryPart(
        ProductUsagePlan, "Usage plan", Product, "product", named_by=("tier_plan", "voice_plan")
    ),
    HistoryPart(
        DiscountedProduct,
        "Discounted",
        AdditiveDiscount,
        "discount",
        named_by=("product", "type", "family"),
    ),
    HistoryPart(
        HeldProduct,
        "Required",
        AdditiveDiscount,
        "discount",
        named_by=("product", "type", "family"),
    ),
)
