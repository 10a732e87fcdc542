"""The dated facts of services as the kernel's values: thousands a second pass through here."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from billing.kernel.history import (
    BillingMethod,
    BillMode,
    RateOf,
    ServiceHistory,
    Spell,
    Terms,
)
from pricing.kernel.periods import Duration, Unit, shared_period
from pricing.kernel.versions import AnyRate, ConditionalRate
from pricing.models import EffectiveFrom, PricePlanRate
from pricing.queries.rates import kernel_rates
from subscriptions.models import BillTiming, Frequency, SchemeKind
from subscriptions.queries.discounts import discounts_of
from subscriptions.queries.plan_days import plan_days
from subscriptions.queries.timeline import Histories, ServiceRow, SpellRow, TermsRow

CYCLES: Mapping[str, Duration] = {
    Frequency.DAILY: Duration(1, Unit.DAY),
    Frequency.WEEKLY: Duration(1, Unit.WEEK),
    Frequency.MONTHLY: Duration(1, Unit.MONTH),
    Frequency.QUARTERLY: Duration(3, Unit.MONTH),
    Frequency.BIANNUAL: Duration(6, Unit.MONTH),
    Frequency.ANNUAL: Duration(12, Unit.MONTH),
}

_METHODS = {method.value: method for method in BillingMethod}
_MODES = {mode.value: mode for mode in BillMode}


class ComponentRates(dict[tuple[int, int], AnyRate | None]):
    """The rates of one package's components; a component without one costs nothing."""

    def __missing__(self, key: tuple[int, int]) -> None:
        return None


class Prices:
    """The rates that the terms of some services point at; three queries, more for conditional
    plans.
    """

    def __init__(self, facts: Histories) -> None:
        rows = [row for terms in facts.terms.values() for row in terms]
        plan_ids = {row.plan_id for row in rows}
        plan_ids |= {row.base_plan_id for row in rows if row.base_plan_id is not None}
        products = {spell.product_id for spells in facts.spells.values() for spell in spells}
        products |= {row.bundle_product_id for row in facts.services if row.bundle_product_id}
        self._alone: dict[tuple[int, int], AnyRate | None] = {}
        self._in_bundle: dict[int, ComponentRates] = defaultdict(ComponentRates)
        self._rates = kernel_rates(plan_ids, product_ids=products)
        for (plan_id, product_id, bundle_id), rate in self._rates.items():
            rates = self._alone if bundle_id is None else self._in_bundle[bundle_id]
            rates[plan_id, product_id] = rate
        self._days = plan_days(facts)
        self._maturity = dict(
            PricePlanRate.objects.filter(plan_id__in=plan_ids)
            .exclude(effective_from=EffectiveFrom.SERVICE)
            .values_list("pk", "effective_from")
        )

    def rates(
        self, bundle_id: int | None, terms: Sequence[TermsRow] = (), spells: Sequence[Spell] = ()
    ) -> RateOf:
        """Return the rates of services sold alone, or of a package's components.

        Those of conditional plans come with their base plan's, for the products of `spells`.
        """
        shared = self._alone if bundle_id is None else self._in_bundle[bundle_id]
        if all(row.base_plan_id is None for row in terms):
            return shared
        own: dict[tuple[int, int], AnyRate | None] = type(shared)()
        for row in terms:
            for product_id in {spell.product_id for spell in spells}:
                found = self._rate(row, product_id, bundle_id)
                if found is not None:
                    own[row.plan_id, product_id] = found
        return own

    def _rate(self, row: TermsRow, product_id: int, bundle_id: int | None) -> AnyRate | None:
        rate = self._rates.get((row.plan_id, product_id, bundle_id))
        if row.base_plan_id is None:
            return rate
        base = self._rates.get((row.base_plan_id, product_id, bundle_id))
        if rate is None and base is None:
            return None
        days = self._days.get((row.subscription_id, row.plan_id), ())
        return ConditionalRate(rate, base, days, is_covered=bundle_id is not None)

    def maturity_from(
        self, terms: TermsRow, spells: Sequence[Spell], bundle_id: int | None
    ) -> date:
        """Return the day price phases count from, as the rate says; a conditional plan's own."""
        first = next((each for each in spells if each.mode is BillMode.BILL), spells[0])
        if self._maturity:
            plan_ids = [terms.plan_id, *([terms.base_plan_id] if terms.base_plan_id else [])]
            found = (self._rates.get((each, first.product_id, bundle_id)) for each in plan_ids)
            rate = next((each for each in found if each is not None), None)
            counted_from = self._maturity.get(rate.rate_id) if rate else None
            if counted_from == EffectiveFrom.AGREEMENT:
                return terms.agreed_on
            if counted_from == EffectiveFrom.BINDING and terms.binding_start is not None:
                return terms.binding_start
        return first.period.start


def kernel_histories(facts: Histories, coins: Mapping[int, Decimal]) -> dict[int, ServiceHistory]:
    """Return the history of each service; those without normal terms are left out.

    One that was cancelled from its very first day has no days, but may have items to reverse.
    `coins` gives the smallest amount of each account's currency. Prepaid terms do not count
    here: they are debited elsewhere.
    """
    prices = Prices(facts)
    discounts = discounts_of(facts)
    found: dict[int, ServiceHistory] = {}
    shared: dict[tuple[int, date, bool], Terms] = {}
    for service in facts.services:
        rows = [
            row
            for row in facts.terms.get(service.subscription_id, ())
            if row.scheme_kind == SchemeKind.NORMAL
        ]
        spells = tuple(map(_spell, facts.spells.get(service.service_id, ())))
        if not rows:
            continue
        bundle_id = service.bundle_product_id
        found[service.service_id] = ServiceHistory(
            service_id=service.service_id,
            spells=spells,
            terms=tuple(_terms(row, service, facts, shared) for row in rows),
            rates=prices.rates(bundle_id, rows, spells),
            maturity_from=prices.maturity_from(rows[0], spells, bundle_id) if spells else date.min,
            coin=coins[service.account_id],
            discounts=discounts.get(service.service_id, ()),
        )
    return found


def is_pre_billed(row: TermsRow, service: ServiceRow, facts: Histories) -> bool:
    """Say whether the scheme bills the service before its use; a component or a dependent fee as
    what it came with.
    """
    found = facts.products.get((row.scheme_id, service.head_product_id))
    return found is None or found.timing == BillTiming.PRE_BILL


def _spell(row: SpellRow) -> Spell:
    return Spell(
        shared_period(row.start, row.end),
        _MODES[row.mode],
        row.product_id,
        row.quantity,
        row.price_override,
        row.account_id,
    )


def _terms(
    row: TermsRow,
    service: ServiceRow,
    facts: Histories,
    shared: dict[tuple[int, date, bool], Terms],
) -> Terms:
    """Return the terms as the service has them, one value for all that have the same."""
    pre_bill = is_pre_billed(row, service, facts)
    key = (row.subscription_id, row.start, pre_bill)
    found = shared.get(key)
    if found is None:
        found = shared[key] = _kernel_terms(row, pre_bill=pre_bill)
    return found


def _kernel_terms(row: TermsRow, *, pre_bill: bool) -> Terms:
    return Terms(
        shared_period(row.start, row.end),
        _METHODS[row.method],
        row.billing_day,
        CYCLES[row.frequency],
        row.prorate,
        row.bill_next_term,
        pre_bill,
        row.plan_id,
    )
