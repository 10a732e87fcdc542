"""Discounts for tests: minimal, valid, fixed; through the operations."""

from datetime import date
from decimal import Decimal
from typing import Any

from catalog.models import Product
from pricing.models import AdditiveDiscount, DiscountApplication, DiscountOption
from pricing.operations.discounts import (
    Parts,
    ProductRow,
    create_discount,
    make_discount_effective,
)
from tests.pricing.factories import CurrencyFactory

EFFECTIVE_ON = date(2025, 1, 1)


def draft_discount(
    code: str = "loyal", value: str | None = "20", **fields: Any
) -> AdditiveDiscount:
    """Draft 20 % off every billing period, which applies by itself to everything."""
    fields.setdefault("name", code.replace("-", " ").capitalize())
    if value is not None:
        fields["value"] = Decimal(value)
    if str(fields.get("option", "")).startswith("AMOUNT"):
        fields.setdefault("currency", CurrencyFactory().code)
    return create_discount(code=code, **fields)


def discount(
    code: str = "loyal", value: str | None = "20", *, on: date = EFFECTIVE_ON, **fields: Any
) -> AdditiveDiscount:
    """Return the same, effective since 1 January 2025."""
    return make_discount_effective(draft_discount(code, value, **fields), on=on)


def amount_off(code: str, value: str, **fields: Any) -> AdditiveDiscount:
    """Return an amount off every billing period, in euros."""
    return discount(code, value, option=DiscountOption.AMOUNT_PER_PERIOD, **fields)


def by_hand(code: str = "goodwill", value: str | None = "20", **fields: Any) -> AdditiveDiscount:
    """Return a discount that is given by hand."""
    return discount(code, value, application=DiscountApplication.AD_HOC, **fields)


def only_for(*products: Product) -> Parts:
    """Return parts that name the discounted products."""
    return Parts(products=[ProductRow(product=each) for each in products])
