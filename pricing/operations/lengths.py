"""How long a number of calendar units may be: what lasts longer leaves the calendar."""

from typing import Final

from pricing.kernel.periods import Unit

_MOST: Final = {Unit.DAY: 36_500, Unit.WEEK: 5_200, Unit.MONTH: 1_200, Unit.YEAR: 100}


def fault_of_length(count: int, unit: str) -> str:
    """Return why so many units are too long, or ""."""
    most = _MOST[Unit(unit)]
    if count <= most:
        return ""
    years = "" if unit == Unit.YEAR else ", which is 100 years"
    return f"At most {most:,} {unit.lower()}s{years}."
