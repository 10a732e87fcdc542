"""What a discount gives, in words."""

from config.shared.money_format import figure_text
from pricing.models import AdditiveDiscount, DiscountOption, DiscountRenewal
from pricing.models.discounts import AMOUNTS, ONCE, PERCENTAGES


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
    """Return when it is given: once; every billing period; for 3 months, again every year."""
    if discount.option in ONCE:
        return "once"
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
    """Return both: 20 % off, every billing period."""
    off = "free" if discount.option == DiscountOption.FREE_USAGE else "off"
    if discount.option == DiscountOption.FREE_PERIOD:
        return f"free, {when_text(discount)}"
    return f"{what_text(discount)} {off}, {when_text(discount)}"


def _duration(count: int, unit: str, *, one: str = "1 ") -> str:
    word = unit.lower()
    return f"{one}{word}" if count == 1 else f"{count} {word}s"
