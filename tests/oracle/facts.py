"""What the slow calculator reads: plain values, with fractions for numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

Length = tuple[int, str]
Priced = tuple[Fraction, Length, int]
"""The unit price, the cycle's length, and how many rate periods the cycle holds."""
Item = tuple[str, date, date, int, Fraction, Fraction, int]
"""Kind, first day, first day after, product, quantity, amount, account."""
Group = tuple[date, date, "PlainSpell", int | None, list[int]]
"""First day, first day after, the spell charged, the decision and the discounts on these days."""


@dataclass(frozen=True)
class PlainSpell:
    start: date
    end: date | None
    mode: str
    product: int
    quantity: Fraction
    price: Fraction | None
    account: int


@dataclass(frozen=True)
class PlainTerms:
    start: date
    end: date | None
    method: str
    billing_day: int
    frequency: Length
    prorate: bool
    next_term: bool
    pre_bill: bool
    plan: int


@dataclass(frozen=True)
class PlainRate:
    per: Length
    amount: Fraction
    phases: list[tuple[Length, int, Fraction]]
    after_last: str
    flat: bool
    setup: Fraction


@dataclass(frozen=True)
class PlainDecision:
    start: date
    end: date
    kind: str
    amount: Fraction | None


@dataclass(frozen=True)
class PlainConditional:
    """A conditional plan's rate, its base plan's, and the days on which the conditions hold."""

    own: PlainRate | None
    base: PlainRate
    holds: list[tuple[date, date | None]]


@dataclass(frozen=True)
class PlainVisit:
    """What is paid once, on a day."""

    key: str
    day: date
    product: int
    quantity: Fraction
    amount: Fraction


@dataclass(frozen=True)
class PlainDiscount:
    """`share` of the price, or `amount` a cycle, on the days from `start` to `end`, for a product.

    A charge goes without if its first day, or that on which the discount was `given` if later, is
    not in `holds`.
    `kinds` are those of the charges it is taken off; one that comes `once` is for the first visit.
    """

    share: Fraction
    amount: Fraction
    start: date
    end: date | None
    products: list[int]
    holds: list[tuple[date, date | None]]
    given: date
    kinds: frozenset[str]
    once: bool
