"""Models of pricing, one file a topic."""

from .currencies import Currency
from .plans import EffectiveFrom, PlanKind, PlanState, PricePlan, PricePlanRate, RatePhase
from .taxes import (
    ProductTax,
    ProductTypeTax,
    RateDate,
    TaxCode,
    TaxKind,
    TaxRate,
    TaxRateVersion,
)

__all__ = [
    "Currency",
    "EffectiveFrom",
    "PlanKind",
    "PlanState",
    "PricePlan",
    "PricePlanRate",
    "ProductTax",
    "ProductTypeTax",
    "RateDate",
    "RatePhase",
    "TaxCode",
    "TaxKind",
    "TaxRate",
    "TaxRateVersion",
]
