"""What a discount gives, in words."""

from typing import Final

from config.shared.money_format import figure_text
from pricing.models import AdditiveDiscount, DiscountOption, DiscountRenewal
from pricing.models.discounts import AMOUNTS, ONCE, PERCENTAGES

PRICES: Final = "prices for each period"


def what_text(discount: AdditiveDiscount) -> str:
    """Return what is taken off: 20 %, 5.00 EUR, 2 units of usage, everything."""
    value = discount.value
    if value is None:
        return "everything"
    number = f"{value.normalize():f}"
    if discount.option in PERCENTAGES:
        return f"{number}\N{NO-BREAK SPACE}%"
    if discount.option in AMOUNTS:
        return f"{figure_text(value, discount.currency)}\N{NO-BREAK SPACE}{discount.currency}"
    return f"{number} {'unit' if value == 1 else 'units'} of usage"


def when_text(discount: AdditiveDiscount) -> str:
    """Return when it is given: once; every billing period; for 3 months, again every year; off
    what has no periods each time.
    """
    if discount.option in ONCE:
        return "once"
    if not discount.on_recurring and discount.renewal == DiscountRenewal.EVERY_CYCLE:
        return "each time"
    length = "billing period"
    if discount.for_count is not None:
        length = _duration(discount.for_count, discount.for_unit)
    if discount.renewal == DiscountRenewal.EVERY_CYCLE:
        if discount.for_count is None:
            return "every billing period"
        return f"for {length} of every billing period"
    again = ""
    if discount.renewal == DiscountRenewal.EVERY and discount.renewal_count is not None:
        again = f", again every {_duration(discount.renewal_count, discount.renewal_unit, one='')}"
    return f"for {'one ' if discount.for_count is None else ''}{length}{again}"


def discount_text(discount: AdditiveDiscount) -> str:
    """Return both: 20 % off, every billing period; 50 % off set-up fees, once."""
    charges = charges_text(discount)
    if charges == PRICES:
        charges = ""
    if discount.option == DiscountOption.FREE_PERIOD:
        return f"{charges} free, {when_text(discount)}".strip()
    off = "free" if discount.option == DiscountOption.FREE_USAGE else "off"
    gives = f"{what_text(discount)} {off} {charges}".strip()
    return f"{gives}, {when_text(discount)}"


def taken_text(discount: AdditiveDiscount) -> str:
    """Return what it takes off, and off what, where not prices alone: 50 % off set-up fees."""
    charges = charges_text(discount)
    what = what_text(discount)
    return what if charges == PRICES else f"{what} off {charges}"


def charges_text(discount: AdditiveDiscount) -> str:
    """Return what it is taken off: prices for each period; set-up fees and one-time charges."""
    words = [
        word
        for word, is_meant in (
            (PRICES, discount.on_recurring),
            ("set-up fees", discount.on_setup),
            ("one-time charges", discount.on_once),
        )
        if is_meant
    ]
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def _duration(count: int, unit: str, *, one: str = "1 ") -> str:
    word = unit.lower()
    return f"{one}{word}" if count == 1 else f"{count} {word}s"
