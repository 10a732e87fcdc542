"""Cells that name rates of taxes: vat/standard; 2: city/full."""

import re
from collections.abc import Iterable
from typing import Any, Final

from config.shared.imports.columns import Cell, join, split
from config.shared.imports.lookups import find_by_text
from pricing.models import TaxCode, TaxRate
from pricing.operations.tax_places import GroupTax

_LEVEL: Final = re.compile(r"(?:(\d{1,3})\s*:\s*)?(\S+)")


class TaxRateCell(Cell):
    """A rate of a tax: the code of the tax, a slash, the code of the rate."""

    empty: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, TaxRate] = {}

    def load(self, texts: Iterable[str]) -> None:
        """Look up what many cells name; no query if all is known."""
        wanted = {part.casefold() for text in texts for part in self.parts(text)}
        taxes = find_by_text(
            TaxCode, "code", {part.partition("/")[0] for part in wanted - self.found.keys()}
        )
        rates = TaxRate.objects.filter(tax_code__in=taxes.values()).select_related("tax_code")
        for rate in rates if taxes else ():
            self.found[self.name(rate).casefold()] = rate

    @staticmethod
    def name(rate: TaxRate) -> str:
        """Return how a rate is written."""
        return f"{rate.tax_code.code}/{rate.code}"

    def parts(self, text: str) -> list[str]:
        """Return the names in a cell."""
        return [text]

    def read(self, text: str) -> Any:
        """Return the rate."""
        rate = self.found.get(text.casefold())
        if rate is None:
            raise ValueError(
                f"There is no tax rate “{text}”. Rates are written tax/rate, such as vat/standard."
            )
        return rate

    def write(self, value: Any) -> str:
        """Return tax and rate."""
        return self.name(value)

    def hints(self) -> str:
        """Return how it is written."""
        return "TAX/RATE, as vat/standard"


class GroupTaxesCell(TaxRateCell):
    """The taxes of a group, with a level before those that are charged on others too."""

    empty = ()

    def parts(self, text: str) -> list[str]:
        """Return the names in a cell."""
        return [match[2] for part in split(text) if (match := _LEVEL.fullmatch(part))]

    def read(self, text: str) -> tuple[GroupTax, ...]:
        """Return the taxes, lower levels first."""
        taxes = []
        for part in split(text):
            match = _LEVEL.fullmatch(part)
            if match is None:
                raise ValueError(f"“{part}” is no tax; write {self.hints()}.")
            taxes.append(GroupTax(super().read(match[2]), int(match[1] or 1)))
        return in_order(taxes)

    def write(self, value: Any) -> str:
        """Return the taxes in one cell."""
        names = ((each.level, self.name(each.tax_rate)) for each in value)
        return join(name if level == 1 else f"{level}: {name}" for level, name in names)

    def hints(self) -> str:
        """Return how it is written."""
        return "vat/standard; 2: city/full"


def in_order(taxes: Iterable[GroupTax]) -> tuple[GroupTax, ...]:
    """Return taxes as they can be compared: by level and key."""
    return tuple(sorted(taxes, key=lambda tax: (tax.level, tax.tax_rate.pk)))
