"""The steps that lead to an amount: what a preview shows and a rated item keeps.

A step names the rule that was applied, the figures it was applied to, and the amount that stood
after it, so that a person can redo the computation on paper.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any


class Rule(StrEnum):
    """What a step applied. The words shown for it are the edge's."""

    BASE_PRICE = "BASE_PRICE"
    COVERED_BY_BUNDLE = "COVERED_BY_BUNDLE"
    PRICE_OVERRIDE = "PRICE_OVERRIDE"
    PHASE = "PHASE"
    MULTIPLE = "MULTIPLE"
    QUANTITY = "QUANTITY"
    TIER = "TIER"
    MINIMUM = "MINIMUM"
    PLAN_CONDITION = "PLAN_CONDITION"
    PLAN_DISCOUNT = "PLAN_DISCOUNT"
    FREE_USAGE = "FREE_USAGE"
    PERCENTAGE_DISCOUNT = "PERCENTAGE_DISCOUNT"
    AMOUNT_DISCOUNT = "AMOUNT_DISCOUNT"
    FREE_PERIOD = "FREE_PERIOD"
    PRORATION = "PRORATION"
    ROUNDING = "ROUNDING"
    REST = "REST"
    DECIDED = "DECIDED"
    SETUP_FEE = "SETUP_FEE"
    UNITS = "UNITS"
    TAX = "TAX"
    TAX_INCLUDED = "TAX_INCLUDED"


Figure = str | int | Decimal | None
"""A number, a name or an ISO day."""


@dataclass(frozen=True, slots=True)
class Step:
    """One rule applied: `amount` in major currency units, unrounded, is what stood after it.

    `figures` are the named numbers and names that it took, in the order a reader wants them.
    """

    rule: Rule
    amount: Decimal
    figures: tuple[tuple[str, Figure], ...] = ()


_TEXTS = frozenset({"name", "per", "rule", "discount"})
Row = list[Any]
"""A step as JSON holds it: rule, amount, and its figures as pairs."""


def step_rows(steps: Iterable[Step]) -> list[Row]:
    """Return steps as lists of texts and whole numbers, amounts as texts."""
    return [
        [
            step.rule.value,
            str(step.amount),
            [[name, _plain(value)] for name, value in step.figures],
        ]
        for step in steps
    ]


def steps_of_rows(rows: Iterable[Row]) -> tuple[Step, ...]:
    """Return the steps that `step_rows` made rows of."""
    return tuple(
        Step(
            Rule(rule),
            Decimal(amount),
            tuple((name, _figure(name, value)) for name, value in figures),
        )
        for rule, amount, figures in rows
    )


def discounts_in(steps: Iterable[Step]) -> set[int]:
    """Return the keys of the discounts that took something off, which are whole numbers."""
    return {int(str(value)) for step in steps for name, value in step.figures if name == "discount"}


def _plain(value: Figure) -> str | int | None:
    return str(value) if isinstance(value, Decimal) else value


def _figure(name: str, value: str | int | None) -> Figure:
    return Decimal(value) if isinstance(value, str) and name not in _TEXTS else value
