"""Cells of rates in files and spreadsheets: amounts, periods, phases, tiers."""

import re
from collections.abc import Collection
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from config.shared.db import choices_of
from config.shared.imports.columns import Cell, ChoiceCell, DecimalCell, join, split
from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import Phase
from pricing.operations.lengths import fault_of_length
from pricing.operations.rate_checks import RateTierRow

_GROUPED: Final = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?")
# Where a comma cannot part thousands it is a decimal one: 3,50, 0,035, 1.234,50.
_WITH_COMMA: Final = re.compile(r"[-+]?(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+),\d+")
_PERIOD: Final = re.compile(r"(?:(\d{1,3})\s*)?(day|week|month|year)s?", re.IGNORECASE)
_PHASE: Final = re.compile(r"(?:(\d{1,4})\s*x\s*)?([^:]+):\s*(\S+)", re.IGNORECASE)
_NUMBER: Final = r"[\d.,]+"
_TIER: Final = re.compile(
    rf"(?:(\d{{1,3}})\s*>\s*)?({_NUMBER}|\*)\s*:\s*({_NUMBER})?"
    rf"(?:\s*\+\s*({_NUMBER}))?(?:\s*/\s*({_NUMBER}))?"
)
_DOUBTFUL: Final = re.compile(r"[1-9]\d{0,2},\d{3}")
_ENDLESS: Final = "*"


class AmountCell(DecimalCell):
    """A price or a number of units, also with groups, 1,234.50, or a decimal comma, 3,50.

    A comma before three digits parts thousands.
    """

    def __init__(self, *, decimals: int = 10, empty: Decimal | None = None) -> None:
        super().__init__(digits=14 + decimals, decimals=decimals)
        self.empty: Any = empty

    def read(self, text: str) -> Decimal:
        """Return the number."""
        if _GROUPED.fullmatch(text):
            text = text.replace(",", "")
        elif _WITH_COMMA.fullmatch(text):
            text = text.replace(".", "").replace(",", ".")
        return super().read(text)


def has_decimal_comma(text: str) -> bool:
    """Return whether a comma in one of the numbers of a cell can only be a decimal one."""
    return any(
        _WITH_COMMA.fullmatch(number) and not _GROUPED.fullmatch(number)
        for number in re.findall(_NUMBER, text)
    )


def find_doubtful(text: str) -> str:
    """Return the first number of a cell whose comma may part thousands or decimals, or ""."""
    numbers = re.findall(_NUMBER, text)
    return next((each for each in numbers if _DOUBTFUL.fullmatch(each)), "")


class EnumCell(ChoiceCell):
    """One of the kernel's choices but for `but`, by its value or its label."""

    def __init__(
        self, choices: type[StrEnum], *, empty: Any = None, but: Collection[str] = ()
    ) -> None:
        Cell.__init__(self)
        self.empty = empty
        self.labels = {value: text for value, text in choices_of(choices) if value not in but}
        self.values = {value.casefold(): value for value in self.labels}
        self.values |= {label.casefold(): value for value, label in self.labels.items()}
        self.choices = choices

    def read(self, text: str) -> Any:
        """Return the choice."""
        return self.choices(super().read(text))


class PeriodCell(Cell):
    """A period: month, 3 months, 7 days."""

    empty: Any = Duration(1, Unit.MONTH)

    def read(self, text: str) -> Duration:
        """Return the period."""
        match = _PERIOD.fullmatch(text.strip())
        if match is None or (match[1] is not None and int(match[1]) == 0):
            raise ValueError(f"“{text}” is no period; write month, 3 months or 7 days.")
        period = Duration(int(match[1] or 1), Unit(match[2].upper()))
        if fault := fault_of_length(period.count, period.unit):
            raise ValueError(fault)
        return period

    def write(self, value: Any) -> Any:
        """Return the period in words."""
        word = value.unit.value.lower()
        return word if value.count == 1 else f"{value.count} {word}s"


class PhasesCell(Cell):
    """Price phases: 3 x month: 10.00; month: 20.00. The last without times is until cancelled."""

    empty: Any = ()

    def __init__(self) -> None:
        super().__init__()
        self.period, self.amount = PeriodCell(), AmountCell()

    def read(self, text: str) -> tuple[Phase, ...]:
        """Return the phases, without tiers."""
        return tuple(self._phase(part) for part in split(text))

    def write(self, value: Any) -> Any:
        """Return the phases in one cell."""
        return join(
            (f"{phase.times} x " if phase.times else "")
            + f"{self.period.write(phase.duration)}: {self.amount.write(phase.amount)}"
            for phase in value
        )

    def _phase(self, text: str) -> Phase:
        match = _PHASE.fullmatch(text)
        if match is None:
            raise ValueError(f"“{text}” is no phase; write 3 x month: 10.00, or month: 20.00.")
        return Phase(
            self.period.read(match[2].strip()), int(match[1] or 0), self.amount.read(match[3])
        )


class TiersCell(Cell):
    """Quantity tiers: 3: 99.00; 6: 89.00 + 5.00; *: 59.00; of the second phase 2> 3: 99.00.

    After the bound comes the price of a unit, + a fixed price, / the units of a block.
    """

    empty: Any = ()

    def __init__(self) -> None:
        super().__init__()
        self.amount, self.units = AmountCell(), AmountCell(decimals=8)

    def read(self, text: str) -> tuple[RateTierRow, ...]:
        """Return the tiers as rows."""
        return tuple(self._tier(part) for part in split(text))

    def write(self, value: Any) -> Any:
        """Return the tiers in one cell."""
        return join(map(self._text, value))

    def _tier(self, text: str) -> RateTierRow:
        match = _TIER.fullmatch(text)
        if match is None or not (match[3] or match[4]):
            raise ValueError(f"“{text}” is no tier; write 3: 99.00, 6: 89.00 + 5.00, or *: 59.00.")
        phase, bound, rate, fixed, block = match.groups()
        return RateTierRow(
            up_to=None if bound == _ENDLESS else self.units.read(bound),
            rate=self.amount.read(rate) if rate else Decimal(0),
            fixed=self.amount.read(fixed) if fixed else Decimal(0),
            block=self.units.read(block) if block else Decimal(1),
            phase=int(phase or 0),
        )

    def _text(self, row: RateTierRow) -> str:
        bound = _ENDLESS if row.up_to is None else self.units.write(row.up_to)
        text = f"{bound}: {self.amount.write(row.rate)}"
        if row.fixed:
            text += f" + {self.amount.write(row.fixed)}"
        if row.block != 1:
            text += f" / {self.units.write(row.block)}"
        return f"{row.phase}> {text}" if row.phase else text
