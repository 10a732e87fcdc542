"""Models of pricing, one file a topic."""

from .conditions import PlanCondition, PlanConditionValue
from .currencies import Currency
from .decks import (
    DeckFormat,
    DeckImportMode,
    DeckTimeBand,
    RateDeck,
    RateDeckImport,
    RateDeckRow,
    RateDeckVersion,
    RejectedDeckRow,
)
from .discounts import (
    AdditiveDiscount,
    DiscountApplication,
    DiscountedProduct,
    DiscountOption,
    DiscountRenewal,
    DiscountScope,
    DiscountState,
    HeldProduct,
)
from .plans import EffectiveFrom, PlanKind, PlanState, PricePlan, PricePlanRate, RatePhase
from .rate_tiers import RateTier
from .tax_places import (
    LocationRule,
    LocationRuleCode,
    ProductExemption,
    ProductTaxClass,
    Rounding,
    TaxClass,
    TaxGroup,
    TaxGroupItem,
    TaxRegion,
    TypeTaxClass,
)
from .taxes import (
    ProductTax,
    ProductTypeTax,
    RateDate,
    TaxCode,
    TaxKind,
    TaxRate,
    TaxRateVersion,
)
from .tier_plans import TierPlan, TierPlanTier
from .usage_catalogs import ProductUsagePlan, UsageCatalog, UsageCatalogRow
from .voice import CallClass, VoicePlan, VoicePlanClass

__all__ = [
    "AdditiveDiscount",
    "CallClass",
    "Currency",
    "DeckFormat",
    "DeckImportMode",
    "DeckTimeBand",
    "DiscountApplication",
    "DiscountOption",
    "DiscountRenewal",
    "DiscountScope",
    "DiscountState",
    "DiscountedProduct",
    "EffectiveFrom",
    "HeldProduct",
    "LocationRule",
    "LocationRuleCode",
    "PlanCondition",
    "PlanConditionValue",
    "PlanKind",
    "PlanState",
    "PricePlan",
    "PricePlanRate",
    "ProductExemption",
    "ProductTax",
    "ProductTaxClass",
    "ProductTypeTax",
    "ProductUsagePlan",
    "RateDate",
    "RateDeck",
    "RateDeckImport",
    "RateDeckRow",
    "RateDeckVersion",
    "RatePhase",
    "RateTier",
    "RejectedDeckRow",
    "Rounding",
    "TaxClass",
    "TaxCode",
    "TaxGroup",
    "TaxGroupItem",
    "TaxKind",
    "TaxRate",
    "TaxRateVersion",
    "TaxRegion",
    "TierPlan",
    "TierPlanTier",
    "TypeTaxClass",
    "UsageCatalog",
    "UsageCatalogRow",
    "VoicePlan",
    "VoicePlanClass",
]
