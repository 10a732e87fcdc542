"""A second, slow opinion on what a service should be charged: day by day, with fractions.

It shares no code with Ratebook and reads plain values only, so that a mistake would have to be
made twice to go unseen. Everything is spelled out; nothing is clever.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.calendar import DAY, month_length, plus, size
from tests.oracle.facts import (
    Group,
    Item,
    Length,
    PlainConditional,
    PlainDecision,
    PlainDiscount,
    PlainRate,
    PlainSpell,
    PlainTerms,
    PlainVisit,
    Priced,
)


@dataclass
class Calculator:
    """The facts of one service; `items()` says what should be live on the horizon."""

    spells: list[PlainSpell]
    terms: list[PlainTerms]
    rates: dict[tuple[int, int], PlainRate | PlainConditional]
    decisions: list[PlainDecision]
    maturity: date
    horizon: date
    discounts: list[PlainDiscount] = field(default_factory=list)
    visits: list[PlainVisit] = field(default_factory=list)
    digits: int = 2
    found: list[Item] = field(default_factory=list)

    def items(self) -> list[Item]:
        self.found = []
        firsts = [(terms, self.first_day(terms)) for terms in self.terms]
        starts = [(terms, first) for terms, first in firsts if first is not None]
        for terms, first in starts:
            for product in (7, 8):
                if self.bills(terms, product):
                    self.add_product(terms, first, product, starts)
        if starts:
            self.add_setup(*min(starts, key=lambda each: each[1]))
        self.add_visits()
        return sorted(self.found)

    # -- which day is charged

    def spell_on(self, day: date) -> PlainSpell | None:
        for spell in self.spells:
            if spell.start <= day and (spell.end is None or day < spell.end):
                return spell
        return None

    def days_of(self, start: date, end: date | None) -> list[date]:
        last = self.horizon + timedelta(days=800) if end is None else end
        return [start + timedelta(days=i) for i in range((last - start).days)]

    def first_day(self, terms: PlainTerms) -> date | None:
        for day in self.days_of(terms.start, terms.end):
            spell = self.spell_on(day)
            if spell is not None and spell.mode == "BILL":
                return day
        return None

    def bills(self, terms: PlainTerms, product: int) -> bool:
        for day in self.days_of(terms.start, terms.end):
            spell = self.spell_on(day)
            if spell is not None and spell.mode == "BILL" and spell.product == product:
                return True
        return False

    def service_end(self) -> date | None:
        """The day after the last day charged or kept, if the last spell has an end."""
        ordered = sorted(self.spells, key=lambda spell: spell.start)
        if not ordered or ordered[-1].end is None:
            return None
        ends = [spell.end for spell in ordered if spell.mode != "NONE"]
        return ends[-1] if ends else None

    # -- cycles

    def add_product(
        self,
        terms: PlainTerms,
        first: date,
        product: int,
        starts: list[tuple[PlainTerms, date]],
    ) -> None:
        chosen = self.chosen_on(first, terms, product, starts)
        if chosen is None:
            return
        rate, priced = chosen
        length = priced[1]
        start, kept = first, first.day
        if terms.method != "ASYNCHRONOUS" and length[1] in ("MONTH", "YEAR"):
            kept = terms.billing_day
            while start.day != min(kept, month_length(start)):
                start += DAY
        has_stub = start > first
        if has_stub:
            before = plus(start, (-length[0], length[1]), kept) if terms.prorate else first
            self.add_cell(terms, product, rate, first, start, before, start, priced)
        number = 0
        while start <= self.horizon or (number == 0 and has_stub):
            chosen = self.chosen_on(start, terms, product, starts)
            if chosen is None:
                return
            rate, priced = chosen
            own_day = kept if start.day == min(kept, month_length(start)) else start.day
            end = plus(start, priced[1], own_day)
            early = first if number == 0 and has_stub and terms.next_term else None
            self.add_cell(terms, product, rate, start, end, start, end, priced, early)
            start, number = end, number + 1

    def chosen_on(
        self, day: date, terms: PlainTerms, product: int, starts: list[tuple[PlainTerms, date]]
    ) -> tuple[PlainRate, Priced] | None:
        """The rate of what begins on a day, and its price: the first that asks something."""
        found = self.rates[terms.plan, product]
        rates = [found] if isinstance(found, PlainRate) else [found.base]
        if isinstance(found, PlainConditional) and found.own and within(day, found.holds):
            rates.insert(0, found.own)
        for rate in rates:
            priced = price_on(rate, day, self.settled(rate, starts), terms.frequency)
            if priced is not None:
                return rate, priced
        return None

    def settled(self, rate: PlainRate, starts: list[tuple[PlainTerms, date]]) -> date:
        for terms, first in starts:
            if not rate.phases or first > self.maturity:
                continue
            priced = price_on(rate, self.maturity, self.maturity, terms.frequency)
            by_days = priced is None or priced[1][1] in ("DAY", "WEEK")
            if terms.method == "ASYNCHRONOUS" or by_days:
                continue
            anchor = first
            while anchor.day != min(terms.billing_day, month_length(anchor)):
                anchor += DAY
            if self.maturity < anchor:
                return anchor
        return self.maturity

    def add_cell(
        self,
        terms: PlainTerms,
        product: int,
        rate: PlainRate,
        start: date,
        end: date,
        cycle_start: date,
        cycle_end: date,
        priced: Priced,
        early: date | None = None,
    ) -> None:
        if terms.end is not None:
            end = min(end, terms.end)
        if start >= end:
            return
        stop = self.service_end()
        if terms.pre_bill:
            due = (early or start) <= self.horizon
        else:
            due = (end if stop is None else min(end, stop)) <= self.horizon
        if not due or (stop is not None and start >= stop):
            return
        groups = self.groups(start, end, product)
        cycle_days = (cycle_end - cycle_start).days
        prices = [
            self.discounted(full_price(rate, priced, spell), active)
            for _, _, spell, _, active in groups
        ]
        amounts = [
            self.rounded(price * (group[1] - group[0]).days / cycle_days)
            for price, group in zip(prices, groups, strict=True)
        ]
        charged = sum((group[1] - group[0]).days for group in groups)
        if charged == cycle_days and len(set(prices)) == 1:
            amounts[-1] = self.rounded(prices[0]) - sum(amounts[:-1])
        for number, decision in enumerate(self.decisions):
            mine = [i for i, group in enumerate(groups) if group[3] == number]
            if not mine or decision.amount is None:
                continue
            all_days = (decision.end - decision.start).days
            days = [(groups[i][1] - groups[i][0]).days for i in mine]
            shares = [self.rounded(decision.amount * each / all_days) for each in days]
            if sum(days) == all_days:
                shares[-1] = self.rounded(decision.amount) - sum(shares[:-1])
            for i, share in zip(mine, shares, strict=True):
                amounts[i] = share
        for (begin, last, spell, number, _), amount in zip(groups, amounts, strict=True):
            if number is None or self.decisions[number].amount is not None:
                self.found.append(
                    ("RECURRING", begin, last, product, spell.quantity, amount, spell.account)
                )

    def groups(self, start: date, end: date, product: int) -> list[Group]:
        """Runs of days with the same charge, the same decision and the same discounts on it."""
        groups: list[Group] = []
        yesterday: PlainSpell | None = None
        first: date | None = None
        for day in self.days_of(start, end):
            spell = self.spell_on(day)
            owner: PlainSpell | None = None
            if spell is not None and spell.mode == "BILL" and spell.product == product:
                owner = spell
            elif spell is not None and spell.mode == "KEEP":
                owner = yesterday
            if owner is not None and yesterday is not None and alike(owner, yesterday):
                owner = yesterday
            if owner is not None:
                first = first or day
                decision = self.decision_on(day)
                active = self.discounts_on(day, product, first) if decision is None else []
                same = groups and owner is yesterday and groups[-1][3:] == (decision, active)
                if same:
                    groups[-1] = (groups[-1][0], day + DAY, *groups[-1][2:])
                else:
                    groups.append((day, day + DAY, owner, decision, active))
            yesterday = owner
        return groups

    def discounts_on(self, day: date, product: int, first: date) -> list[int]:
        """The places of the discounts that act on a day of a charge that begins on `first`."""
        return [
            place
            for place, each in enumerate(self.discounts)
            if product in each.products
            and "RECURRING" in each.kinds
            and within(day, [(each.start, each.end)])
            and within(max(first, each.given), each.holds)
        ]

    def discounted(self, price: Fraction, active: list[int]) -> Fraction:
        """All shares are of the whole price; then the amounts; never below nothing."""
        discounts = [self.discounts[place] for place in active]
        shares = sum((each.share for each in discounts), Fraction(0))
        amounts = sum((each.amount for each in discounts), Fraction(0))
        return max(price - price * min(shares, Fraction(1)) - amounts, Fraction(0))

    def decision_on(self, day: date) -> int | None:
        for number in reversed(range(len(self.decisions))):
            decision = self.decisions[number]
            if decision.kind == "RECURRING" and decision.start <= day < decision.end:
                return number
        return None

    # -- the set-up fee

    def add_setup(self, terms: PlainTerms, day: date) -> None:
        spell = self.spell_on(day)
        if spell is None or day > self.horizon:
            return
        rate = self.rates[terms.plan, spell.product]
        if isinstance(rate, PlainConditional):
            rate = rate.own if rate.own and within(day, rate.holds) else rate.base
        if not rate.setup:
            return
        fee: Fraction | None = self.paid_once(rate.setup, "SETUP", spell.product, day, [])
        for decision in self.decisions:
            if decision.kind == "SETUP":
                fee = decision.amount
        if fee is not None:
            row = ("SETUP", day, day + DAY, spell.product, Fraction(1), self.rounded(fee))
            self.found.append((*row, spell.account))

    # -- what is paid once

    def add_visits(self) -> None:
        """Go through the visits as they come; a discount that comes once is crossed out then."""
        crossed_out: list[int] = []
        for visit in sorted(self.visits, key=lambda each: (each.day, each.key)):
            price: Fraction | None = None
            decided = False
            for decision in self.decisions:
                if decision.kind == "ONE_TIME" and decision.start <= visit.day < decision.end:
                    price, decided = decision.amount, True
            if not decided:
                price = self.paid_once(
                    visit.amount, "ONE_TIME", visit.product, visit.day, crossed_out
                )
            if price is not None and visit.day <= self.horizon:
                days = (visit.day, visit.day + DAY)
                what = (visit.product, visit.quantity, self.rounded(price))
                self.found.append(("ONE_TIME", *days, *what, self.payer_on(visit.day)))

    def paid_once(
        self, price: Fraction, kind: str, product: int, day: date, crossed_out: list[int]
    ) -> Fraction:
        """Take off all discounts that are good on the day and not crossed out."""
        if price == 0:
            return price
        good = []
        for place, each in enumerate(self.discounts):
            is_for = kind in each.kinds and product in each.products
            in_time = within(day, [(each.start, each.end)]) and within(day, each.holds)
            if is_for and in_time and place not in crossed_out:
                good.append(place)
                if each.once:
                    crossed_out.append(place)
        return self.discounted(price, good)

    def payer_on(self, day: date) -> int:
        """Who pays on the day, or paid last before it, or is the first to pay."""
        while day >= min(spell.start for spell in self.spells):
            spell = self.spell_on(day)
            if spell is not None:
                return spell.account
            day -= DAY
        return min(self.spells, key=lambda spell: spell.start).account

    def rounded(self, amount: Fraction) -> Fraction:
        """Half up: count whole coins, and one more if at least half a coin is left."""
        coins = amount * 10**self.digits
        whole = coins.numerator // coins.denominator
        if coins - whole >= Fraction(1, 2):
            whole += 1
        return Fraction(whole, 10**self.digits)


def within(day: date, periods: list[tuple[date, date | None]]) -> bool:
    return any(start <= day and (end is None or day < end) for start, end in periods)


def alike(one: PlainSpell, other: PlainSpell) -> bool:
    return (one.quantity, one.price, one.account) == (other.quantity, other.price, other.account)


def full_price(rate: PlainRate, priced: Priced, spell: PlainSpell) -> Fraction:
    unit, _, times = priced
    if spell.price is not None:
        unit = spell.price
    return unit * times * (1 if rate.flat else spell.quantity)


def price_on(rate: PlainRate, day: date, maturity: date, frequency: Length) -> Priced | None:
    """The unit price, the cycle's length, and how many rate periods it holds."""
    per, unit = rate.per, rate.amount
    if rate.phases:
        phase = phase_on(rate, day, maturity)
        if phase is None:
            return None
        per, _, unit = phase
    kind, asked = size(frequency)
    own_kind, own = size(per)
    if kind == own_kind and asked % own == 0:
        return unit, frequency, asked // own
    return unit, per, 1


def phase_on(rate: PlainRate, day: date, maturity: date) -> tuple[Length, int, Fraction] | None:
    """Walk through the phases term by term, as a clerk with a calendar would."""
    start, kept = maturity, maturity.day
    while True:
        for number, phase in enumerate(rate.phases):
            length, times, _ = phase
            is_last = number == len(rate.phases) - 1
            if times == 0 or (is_last and rate.after_last == "KEEP"):
                return phase
            for _ in range(times):
                start = plus(start, length, kept)
                if length[1] in ("DAY", "WEEK"):
                    kept = start.day
                if day < start:
                    return phase
        if rate.after_last == "STOP":
            return None
