"""What a discount cannot be, said at the field that is at fault."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from catalog.models import Product
from pricing.models import (
    AdditiveDiscount,
    DiscountApplication,
    DiscountOption,
    DiscountRenewal,
    DiscountScope,
)
from pricing.models.discounts import AMOUNTS, ONCE, PERCENTAGES
from pricing.operations.lengths import fault_of_length
from pricing.operations.usage_records import WrongFigure, check_rate
from pricing.queries.currencies import coin_of
from pricing.queries.discounts import is_paid_once
from pricing.queries.errors import PricingError

if TYPE_CHECKING:
    from pricing.operations.discounts import ProductRow

NOT_TICKED: Final = "Say what it is taken off: tick one or more."
TICKED_TWICE: Final = "What comes once is taken off one of these: leave one ticked."


class WrongDiscount(PricingError):
    """A value that a discount cannot have; `field` is at fault."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


def settle(discount: AdditiveDiscount) -> None:
    """Empty what the discount's option and renewal do not ask for."""
    if discount.option in ONCE:
        discount.renewal, discount.for_count = DiscountRenewal.NEVER, None
    if discount.option == DiscountOption.FREE_PERIOD:
        discount.value = None
    if discount.option == DiscountOption.FREE_USAGE:
        discount.on_recurring, discount.on_setup, discount.on_once = True, False, False
    if discount.option not in AMOUNTS:
        discount.currency = ""
    if discount.for_count is None:
        discount.for_unit = ""
    if discount.renewal != DiscountRenewal.EVERY:
        discount.renewal_count, discount.renewal_unit = None, ""
    if discount.application == DiscountApplication.AUTO_APPLY:
        discount.needs_approval = False


def check(discount: AdditiveDiscount) -> None:
    """Refuse what a discount cannot be.

    Raises WrongFigure, WrongDiscount or UnknownCurrency.
    """
    value = discount.value
    if discount.option != DiscountOption.FREE_PERIOD:
        if value is None or not value.is_finite() or value <= 0:
            raise WrongFigure("Say how much is taken off: more than 0.", field="value")
        if discount.option in PERCENTAGES and value > 100:
            raise WrongFigure("A percentage is at most 100.", field="value")
        check_rate(value, "value")
    if discount.option in AMOUNTS:
        if not discount.currency:
            raise WrongDiscount("Say in which currency the amount is.", field="currency")
        coin_of(discount.currency)
    if discount.option == DiscountOption.FREE_USAGE and (
        discount.applies_to == DiscountScope.NON_USAGE
    ):
        raise WrongDiscount("Free usage is for usage services.", field="applies_to")
    if discount.for_count is not None and (discount.for_count < 1 or not discount.for_unit):
        raise WrongDiscount("Say how many units of time it lasts, and which.", field="for_count")
    if discount.renewal == DiscountRenewal.EVERY and not (
        discount.renewal_count and discount.renewal_unit
    ):
        raise WrongDiscount("Say after how long it is given again.", field="renewal_count")
    for field, count, unit in (
        ("for_count", discount.for_count, discount.for_unit),
        ("renewal_count", discount.renewal_count, discount.renewal_unit),
    ):
        if count and (fault := fault_of_length(count, unit)):
            raise WrongDiscount(fault, field=field)
    _check_charges(discount)
    _check_ranges(discount)


def _check_charges(discount: AdditiveDiscount) -> None:
    kinds = discount.on_recurring + discount.on_setup + discount.on_once
    if kinds == 0:
        raise WrongDiscount(NOT_TICKED, field="on_recurring")
    if discount.option in ONCE and kinds > 1:
        raise WrongDiscount(TICKED_TWICE, field="on_recurring")
    if discount.applies_to == DiscountScope.USAGE and not discount.on_recurring:
        raise WrongDiscount(
            "Usage services have no set-up fees and no one-time charges.", field="applies_to"
        )


def check_products(discount: AdditiveDiscount, rows: Sequence[ProductRow]) -> None:
    """Refuse a product or type by name that the discount could never be taken off; one query.

    Raises WrongDiscount.
    """
    ids = [row.product.pk for row in rows if row.product is not None]
    products = Product.objects.filter(pk__in=ids).select_related("type").order_by("pk")
    named = [(str(each), each.type) for each in products]
    named += [(str(row.type), row.type) for row in rows if row.type is not None]
    kinds = ((what, is_paid_once(kind)) for what, kind in named)
    for what, paid_once in kinds:
        if paid_once and not discount.on_once:
            raise WrongDiscount(
                f"{what} is paid once: tick “Taken off one-time charges”.", field="on_once"
            )
        if not paid_once and not (discount.on_recurring or discount.on_setup):
            raise WrongDiscount(
                f"{what} is paid for each period: tick “Taken off prices for each period” or "
                "“Taken off set-up fees”.",
                field="on_recurring",
            )


def _check_ranges(discount: AdditiveDiscount) -> None:
    validity = discount.validity
    if validity and validity.lower and validity.upper and validity.upper <= validity.lower:
        raise WrongDiscount("The last day is before the first.", field="valid_until")
    least, most = discount.least_quantity, discount.most_quantity
    for field, number in (("least_quantity", least), ("most_quantity", most)):
        if number is not None and number < 0:
            raise WrongDiscount("A quantity is 0 or more.", field=field)
    if least is not None and most is not None and most < least:
        raise WrongDiscount("The most is below the least.", field="most_quantity")
