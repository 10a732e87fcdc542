"""What should be charged for a service: the one half of reconciliation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.kernel.charges import once_charge, recurring_charges
from billing.kernel.coverage import (
    Stretch,
    covered_until,
    first_days,
    ordered_spells,
    stretches,
)
from billing.kernel.grid import Cell, cells, settled_maturity
from billing.kernel.history import (
    BillMode,
    Charge,
    ChargeKind,
    OneTime,
    Override,
    Rated,
    ServiceHistory,
    Spell,
    Terms,
)
from pricing.kernel.discount_days import (
    ActingDiscount,
    ChargedDays,
    ChargedOnce,
    DatedDiscount,
    Taken,
    acting_discounts,
    once_discounts,
)
from pricing.kernel.periods import Duration, Period, Unit, merge
from pricing.kernel.rates import Rate, SetUpFee
from pricing.kernel.versions import AnyRate, ConditionalRate, MissingRate


@dataclass(slots=True)
class Wanted:
    """The charges that should be live, and how far the service is rated with them."""

    charges: list[Charge]
    rated_up_to: date | None = None
    not_due_from: date | None = None

    def postpone(self, day: date) -> None:
        """Note a day to be charged that is not due yet."""
        if self.not_due_from is None or day < self.not_due_from:
            self.not_due_from = day

    def mark(self, reached: date | None) -> date | None:
        """Return the first day that is not rated yet; `reached` if no cycle is due."""
        reached = self.rated_up_to or reached
        if reached is None or self.not_due_from is None:
            return reached
        return min(reached, self.not_due_from)


class Facts:
    """One service's history, made ready to be asked what should be charged."""

    def __init__(
        self,
        history: ServiceHistory,
        overrides: Sequence[Override],
        rated: Sequence[Rated],
        horizon: date,
    ) -> None:
        self.history = history
        self.overrides = overrides
        self.recurring_overrides = [each for each in overrides if each.kind is ChargeKind.RECURRING]
        self.keys = {item.source_key for item in rated}
        self.rated_days = [item.period for item in rated if item.kind is ChargeKind.RECURRING]
        self.rated_products = [
            (item.period, item.product_id) for item in rated if item.kind is ChargeKind.RECURRING
        ]
        self.horizon = horizon
        self.limit = max([horizon, *(each.end or date.max for each in self.rated_days)])
        self.spells = ordered_spells(history)
        self.starts = first_days(self.spells, history.terms)
        self.ends = covered_until(self.spells)

    def wanted(self, floor: date) -> Wanted:
        """Return the charges that end after `floor`."""
        wanted = Wanted([])
        for terms, first in self.starts:
            if first > self.limit:
                wanted.postpone(first)
                break
            for product_id in self._products(terms):
                rate = self._rate(terms.plan_id, product_id)
                if rate is not None:
                    self._add_recurring(wanted, terms, rate, first, product_id, floor)
        for charge in (*self._setup(), *self._one_time()):
            if charge.period.end is None or charge.period.end > floor:
                wanted.charges.append(charge)
        return wanted

    def _products(self, terms: Terms) -> list[int]:
        """Return the products charged under the terms, by first appearance."""
        start, end = terms.period.start, terms.period.end or date.max
        products = (
            spell.product_id
            for first, last, spell in self.spells
            if spell.mode is BillMode.BILL and first < end and last > start
        )
        return list(dict.fromkeys(products))

    def _rate(self, plan_id: int, product_id: int) -> AnyRate | None:
        rates = self.history.rates
        if callable(rates):
            return rates(plan_id, product_id)
        try:
            return rates[plan_id, product_id]
        except KeyError:
            raise MissingRate(
                f"price plan {plan_id} has no rate for product {product_id}"
            ) from None

    def _rate_on(self, plan_id: int, product_id: int, day: date) -> Rate | None:
        rate = self._rate(plan_id, product_id)
        return rate.on(day) if isinstance(rate, ConditionalRate) else rate

    def _add_recurring(
        self,
        wanted: Wanted,
        terms: Terms,
        rate: AnyRate,
        first: date,
        product_id: int,
        floor: date,
    ) -> None:
        """Add the charges of one product under one set of terms, whose `first` day is given."""
        rated_days = [days for days, product in self.rated_products if product == product_id]
        for cell in cells(terms, rate, first=first, maturity=self._maturity, floor=floor):
            due = self._due(terms, cell, first)
            if cell.start >= self.ends:
                break
            if cell.start > self.limit and not due:
                self._postpone(wanted, terms, product_id, cell.start)
                break
            covered = stretches(self.spells, cell.start, cell.end, product_id, rated_days)
            if not covered:
                continue
            end = covered[-1][1]
            if due or self._rated_ahead(cell, covered):
                for charge in recurring_charges(
                    terms,
                    cell,
                    covered,
                    self.recurring_overrides,
                    acting=self._acting(terms, rate, first, product_id, cell, covered)
                    if self.history.discounts
                    else (),
                    maturity=self._maturity,
                    coin=self.history.coin,
                    explained=self.history.explained,
                ):
                    if charge.period.end is None or charge.period.end > floor:
                        wanted.charges.append(charge)
                if end > floor:
                    wanted.rated_up_to = max(wanted.rated_up_to or end, end)
            else:
                wanted.postpone(covered[0][0])

    def _postpone(self, wanted: Wanted, terms: Terms, product_id: int, day: date) -> None:
        """Note where the product is charged next under the terms, from `day` on."""
        for start, end, spell in self.spells:
            billed = spell.mode is BillMode.BILL and spell.product_id == product_id
            if billed and end > day and start < (terms.period.end or date.max):
                wanted.postpone(max(start, day))
                return

    def _due(self, terms: Terms, cell: Cell, first: date) -> bool:
        if not terms.pre_bill:
            return min(cell.end, self.ends) <= self.horizon
        with_stub = terms.bill_next_term and cell.rank == 1
        return (first if with_stub else cell.start) <= self.horizon

    def _rated_ahead(self, cell: Cell, covered: Sequence[Stretch]) -> bool:
        """Say whether all charged days of the cell are rated already, by items of that cell."""
        inside = merge(
            each
            for each in self.rated_days
            if cell.start <= each.start and (each.end or date.max) <= cell.end
        )
        return bool(inside) and all(
            any(days.start <= start and end <= (days.end or date.max) for days in inside)
            for start, end, _ in covered
        )

    def _acting(
        self,
        terms: Terms,
        rate: AnyRate,
        first: date,
        product_id: int,
        cell: Cell,
        covered: Sequence[Stretch],
    ) -> tuple[ActingDiscount, ...]:
        """Return the discounts on the days of a cell."""

        def next_start(day: date) -> date:
            found = cells(terms, rate, first=first, maturity=self._maturity, floor=day)
            return next((each.start for each in found if each.start >= day), date.max)

        charged = ChargedDays(
            product_id=product_id,
            days=Period(cell.start, cell.end),
            cycle=cell.cycle,
            length=cell.priced.length,
            first=covered[0][0],
            next_start=next_start,
        )
        return acting_discounts(self.history.discounts, charged)

    def _maturity(self, rate: Rate) -> date:
        """Return the day from which a rate's phases count."""
        return settled_maturity(rate, self.starts, self.history.maturity_from)

    def _setup(self) -> Iterator[Charge]:
        """Yield the set-up fee: on the first day that is charged, or on the first day at all."""
        if not self.history.charge_setup:
            return
        terms, day = self._opened() or (self.starts[0] if self.starts else (None, None))
        if terms is None or day is None:
            return
        spell = next(one for start, end, one in self.spells if start <= day < end)
        rate = self._rate_on(terms.plan_id, spell.product_id, day)
        if rate is not None and rate.setup is not SetUpFee.WAIVE and rate.setup_fee > 0:
            yield from self._setup_on(day, rate, spell)

    def _opened(self) -> tuple[Terms, date] | None:
        """Return the first day in service, where it is not billed but its set-up fee is asked."""
        if not self.spells or self.spells[0][2].mode is BillMode.BILL:
            return None
        day, _, spell = self.spells[0]
        for terms in self.history.terms:
            if terms.period.contains(day):
                with suppress(MissingRate):
                    rate = self._rate_on(terms.plan_id, spell.product_id, day)
                    if rate is not None and rate.setup is SetUpFee.ON_OPEN:
                        return terms, day
        return None

    def _setup_on(self, day: date, rate: Rate, spell: Spell) -> Iterator[Charge]:
        key = f"setup:{self.history.service_id}"
        fee = OneTime(
            source_key=key,
            product_id=spell.product_id,
            quantity=Decimal(1),
            amount=rate.setup_fee,
            on=day,
            tax_inclusive=rate.tax_inclusive,
            rate_id=rate.rate_id,
            account_id=spell.account_id,
        )
        yield from self._charged_once(fee, ChargeKind.SETUP, [])

    def _one_time(self) -> Iterator[Charge]:
        """Yield what is to be charged once. A discount that comes once is taken off the first, by
        day, due or not, so that it stays there.
        """
        taken: list[Taken] = []
        for once in sorted(self.history.one_time, key=lambda each: (each.on, each.source_key)):
            yield from self._charged_once(once, ChargeKind.ONE_TIME, taken)

    def _charged_once(
        self, once: OneTime, kind: ChargeKind, taken: list[Taken]
    ) -> Iterator[Charge]:
        """Yield the charge if it is due, or rated already, and nobody waived it; add to `taken` the
        discounts that have come with it.

        A decision takes the place of the price, so no discount acts on it.
        """
        decided: Override | None = None
        for override in self.overrides:
            meant = override.kind is kind and override.source_key in (None, once.source_key)
            if meant and (kind is ChargeKind.SETUP or override.period.contains(once.on)):
                decided = override
        discounts: tuple[DatedDiscount, ...] = ()
        if decided is None and self.history.discounts and once.amount > 0:
            length = self._frequency_on(once.on)
            charged = ChargedOnce(once.product_id, once.on, length, kind is ChargeKind.SETUP)
            discounts = once_discounts(self.history.discounts, charged, taken)
            taken += [(each.discount.key, once.on) for each in discounts if each.recurrence.once]
        if once.on > self.horizon and once.source_key not in self.keys:
            return
        if decided is not None and decided.amount is None:
            return
        payer = once.account_id
        yield once_charge(
            once,
            kind,
            account_id=self._payer_on(once.on) if payer is None else payer,
            coin=self.history.coin,
            discounts=[(each.discount, each.name) for each in discounts],
            decided=None if decided is None else decided.amount,
        )

    def _frequency_on(self, day: date) -> Duration:
        """Return how long a billing period is under the terms of a day; else a month."""
        terms = (each for each in self.history.terms if each.period.contains(day))
        return next((each.frequency for each in terms), Duration(1, Unit.MONTH))

    def _payer_on(self, day: date) -> int:
        """Return the account of the spell on `day`, of the one before it, or of the first."""
        if not self.spells:
            raise ValueError(f"service {self.history.service_id} has no spell to find a payer in")
        before = [spell for start, _, spell in self.spells if start <= day]
        return (before[-1] if before else self.spells[0][2]).account_id
