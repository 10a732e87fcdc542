"""What a product would cost, and why: the run's own steps for a service that nobody has yet."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from billing.kernel.history import BillMode, Charge, ChargeKind, ServiceHistory, Spell
from billing.kernel.reconcile import reconcile
from billing.models import ItemKind
from billing.operations.preview_conditions import PlanAnswer, own_terms_note, plan_answer
from billing.operations.preview_discounts import chosen_discounts, idle_notes, with_automatic
from billing.operations.preview_parts import Part, parts_of, product_ids
from billing.operations.preview_question import (
    PreviewedLine,
    PreviewRefused,
    PricePreview,
    PriceQuestion,
)
from billing.operations.preview_taxes import payer, taxes_on
from billing.operations.preview_usage import catalog_usage, tier_plan_usage, voice_plan_usage
from billing.queries.billed_accounts import BilledAccount
from billing.queries.histories import CYCLES
from billing.queries.items import Item
from catalog.models import ServiceType
from pricing.kernel.discount_days import ChargedOnce, DatedDiscount, Taken, once_discounts
from pricing.kernel.money import round_money
from pricing.kernel.periods import Period
from pricing.kernel.pricer import CyclePrice, Given, once_price, part_steps
from pricing.kernel.rates import Rate
from pricing.kernel.steps import Rule, Step
from pricing.kernel.versions import AnyRate, ConditionalRate, MissingRate
from pricing.models import PricePlan
from pricing.queries.discounts import is_paid_once
from pricing.queries.rates import RateKey, kernel_rates
from pricing.queries.usage_plans import plan_of_product, usage_rate_on
from subscriptions.models import Account, Frequency, SchemeKind, ServiceState
from subscriptions.queries.discounts import SoldOnce
from subscriptions.queries.timeline import Histories, ServiceRow, SpellRow, TermsRow

ZERO = Decimal(0)
ALWAYS = (Period(date.min, None),)


def price_preview(asked: PriceQuestion) -> PricePreview:
    """Return what the first bill for a product would hold, with every step; nothing is written.

    Raises PreviewRefused, or a PricingError where taxes are not set up.
    """
    _check(asked)
    account = payer(asked.account, asked.currency)
    parts, notes = parts_of(asked.product, asked.quantity)
    found = PricePreview(asked.currency, asked.posted_on or asked.on, notes=notes)
    found.lines += _Preview(asked, parts, account, found.notes).lines()
    found.notes += idle_notes(asked, found.lines)
    items = [line.item for line in found.lines if line.item is not None]
    taxed = iter(taxes_on(items, account, posted_on=found.posted_on))
    for line in found.lines:
        if line.item is not None:
            amounts, steps = next(taxed)
            line.net, line.tax, line.gross = amounts.net, amounts.tax, amounts.gross
            line.steps = (*line.steps, *steps)
    return found


def _check(asked: PriceQuestion) -> None:
    if asked.quantity <= 0:
        raise PreviewRefused("Ask about more than 0.", field="quantity")
    if asked.units is not None and asked.units < 0:
        raise PreviewRefused("Usage is 0 or more.", field="units")
    currency = asked.currency
    if asked.account is not None and asked.account.currency_id != currency:
        raise PreviewRefused(
            f"{asked.account} pays in {asked.account.currency_id}, these prices are in {currency}.",
            field="account",
        )
    if asked.catalog is not None and asked.catalog.currency != currency:
        raise PreviewRefused(
            f"{asked.catalog} is in {asked.catalog.currency}, the plan in {currency}.",
            field="catalog",
        )
    for field, discount in asked.chosen:
        if discount.currency not in ("", currency):
            raise PreviewRefused(
                f"{discount} is in {discount.currency}, these prices are in {currency}.",
                field=field,
            )


class _Preview:
    """Prices the parts of what is asked about in its plan."""

    def __init__(
        self, asked: PriceQuestion, parts: list[Part], account: BilledAccount, notes: list[str]
    ) -> None:
        self.asked, self.parts, self.account = asked, parts, account
        self.rates: Mapping[RateKey, Rate] = {}
        self.answer = PlanAnswer(holds=True)
        plan = asked.plan
        if plan is not None:
            plan_ids = [plan.pk, *([plan.base_id] if plan.base_id else [])]
            self.rates = kernel_rates(plan_ids, product_ids=product_ids(parts))
            self.answer = plan_answer(
                plan,
                account=asked.account,
                held=[(part.product.pk, part.quantity) for part in parts],
                frequency=asked.frequency,
                on=asked.on,
            )
        notes += self.answer.notes
        if plan is not None and plan.base_id is not None and self._has_own_rates(plan):
            notes.append(own_terms_note(plan))
        chosen = chosen_discounts(asked, product_ids(parts))
        self.discounts = dict.fromkeys(range(len(parts)), chosen)
        if asked.account is not None and plan is not None:
            sold = {
                -place - 1: SoldOnce(part.product.pk, part.quantity, asked.on)
                for place, part in enumerate(parts)
                if is_paid_once(part.product.type)
            }
            facts = self._facts(asked.account, plan)
            automatic = with_automatic(chosen, facts, sold, asked.account)
            self.discounts = {-pk - 1: found for pk, found in automatic.items()}
        self.taken: list[Taken] = []

    def _has_own_rates(self, plan: PricePlan) -> bool:
        """Say whether a conditional plan's own rates price any of the parts."""
        keys = ((plan.pk, part.product.pk, part.bundle_id) for part in self.parts)
        return self.answer.holds and any(key in self.rates for key in keys)

    def lines(self) -> Iterable[PreviewedLine]:
        """Yield the prices of all parts, set-up fees and usage among them."""
        for place, part in enumerate(self.parts):
            discounts = self.discounts.get(place, ())
            kind = part.product.type.service_type
            if kind == ServiceType.USAGE:
                yield self._usage_service(part, discounts)
                continue
            if self.asked.plan is None:
                raise PreviewRefused("Choose a price plan.", field="plan")
            if kind == ServiceType.TERMED:
                yield from self._termed(self.asked.plan, part, discounts)
            else:
                yield self._goods(self.asked.plan, part, discounts)
            if self.asked.units is not None and place == 0:
                yield self._usage(part, discounts)

    def _usage_service(self, part: Part, discounts: tuple[DatedDiscount, ...]) -> PreviewedLine:
        """Return what usage costs that is priced in a catalogue."""
        asked = self.asked
        if asked.catalog is None:
            raise PreviewRefused(
                f"{part.product} is priced in usage catalogues: name one.", field="catalog"
            )
        row = usage_rate_on(asked.catalog, part.product, asked.on)
        if row is None:
            raise PreviewRefused(
                f"{asked.catalog} has no rate for {part.product} on that day.", field="catalog"
            )
        units = part.quantity if asked.units is None else asked.units
        price = catalog_usage(row, units, _given(discounts, part.product.pk))
        return _once(part, str(part.product), price, asked, self.account)

    def _termed(
        self, plan: PricePlan, part: Part, discounts: tuple[DatedDiscount, ...]
    ) -> Iterable[PreviewedLine]:
        asked = self.asked
        rate = self._rate(plan, part)
        if rate is None:
            covered = Step(Rule.COVERED_BY_BUNDLE, ZERO)
            yield PreviewedLine(part, str(part.product), (covered,))
            return
        history = ServiceHistory(
            service_id=0,
            spells=(
                Spell(
                    Period(asked.on, None),
                    BillMode.BILL,
                    part.product.pk,
                    part.quantity,
                    None,
                    self.account.account_id,
                ),
            ),
            terms=(asked.terms(plan),),
            rates={(plan.pk, part.product.pk): rate},
            maturity_from=asked.on,
            coin=self.account.coin,
            discounts=discounts,
            explained=True,
        )
        try:
            charges = reconcile(history, horizon=asked.on).charges
        except MissingRate as missing:
            raise _no_rate(plan, part) from missing
        for charge in charges:
            yield self._charged(part, charge)

    def _charged(self, part: Part, charge: Charge) -> PreviewedLine:
        is_setup = charge.kind.value == ItemKind.SETUP
        steps = charge.steps or (Step(Rule.SETUP_FEE, charge.amount),)
        title = f"{part.product}: set-up fee" if is_setup else str(part.product)
        return PreviewedLine(part, title, steps, _item(charge, self.account))

    def _goods(
        self, plan: PricePlan, part: Part, discounts: tuple[DatedDiscount, ...]
    ) -> PreviewedLine:
        found = self._rate(plan, part)
        rate = found.on(self.asked.on) if isinstance(found, ConditionalRate) else found
        if rate is None:
            if part.bundle_id is None:
                raise _no_rate(plan, part)
            covered = Step(Rule.COVERED_BY_BUNDLE, ZERO)
            return PreviewedLine(part, str(part.product), (covered,))
        price = once_price(rate, part.quantity, discounts=self._given_once(part, rate, discounts))
        return _once(part, str(part.product), price, self.asked, self.account, rate)

    def _given_once(
        self, part: Part, rate: Rate, discounts: tuple[DatedDiscount, ...]
    ) -> tuple[Given, ...]:
        """Return the discounts on what is paid once; one that comes once only on the first part."""
        if once_price(rate, part.quantity).amount <= 0:
            return ()
        length = CYCLES[Frequency(self.asked.frequency)]
        charged = ChargedOnce(part.product.pk, self.asked.on, length)
        found = once_discounts(discounts, charged, self.taken)
        self.taken += [(each.discount.key, charged.on) for each in found if each.recurrence.once]
        return tuple((each.discount, each.name) for each in found)

    def _usage(self, part: Part, discounts: tuple[DatedDiscount, ...]) -> PreviewedLine:
        """Return what usage costs beside the service."""
        found = plan_of_product(part.product)
        units: Decimal = self.asked.units or ZERO
        given = _given(discounts, part.product.pk)
        if found is None:
            raise PreviewRefused(f"{part.product} has no usage plan.", field="units")
        if found.tier_plan is not None:
            price = tier_plan_usage(found.tier_plan, units, given)
        elif found.voice_plan is not None:
            price = voice_plan_usage(found.voice_plan, units, given)
        return _once(part, f"{part.product}: usage by {found}", price, self.asked, self.account)

    def _rate(self, plan: PricePlan, part: Part) -> AnyRate | None:
        """Return the part's rate in the plan; None where a package covers it.

        Raises PreviewRefused.
        """
        own = self.rates.get((plan.pk, part.product.pk, part.bundle_id))
        base = None
        if plan.base_id is not None:
            base = self.rates.get((plan.base_id, part.product.pk, part.bundle_id))
        if own is None and base is None:
            if part.bundle_id is None:
                raise _no_rate(plan, part)
            return None
        if plan.base_id is None:
            return own
        covered = part.bundle_id is not None
        return ConditionalRate(own, base, ALWAYS if self.answer.holds else (), is_covered=covered)

    def _facts(self, account: Account, plan: PricePlan) -> Histories:
        """Return the parts as services of the account, the first as -1, the next as -2."""
        asked, terms = self.asked, self.asked.terms(plan)
        services, spells = [], {}
        for place, part in enumerate(self.parts):
            if is_paid_once(part.product.type):
                continue
            key = -place - 1
            services.append(
                ServiceRow(
                    key,
                    "",
                    0,
                    account.pk,
                    part.product.pk,
                    part.bundle_id,
                    ServiceState.EFFECTIVE,
                    asked.on,
                    self.parts[0].product.pk if part.is_fee else None,
                )
            )
            spells[key] = [
                SpellRow(
                    key,
                    asked.on,
                    None,
                    ServiceState.EFFECTIVE,
                    BillMode.BILL,
                    part.product.pk,
                    part.quantity,
                    None,
                    account.pk,
                )
            ]
        row = TermsRow(
            subscription_id=0,
            terms_id=0,
            start=asked.on,
            end=None,
            scheme_id=0,
            scheme_kind=SchemeKind.NORMAL,
            method=terms.method.value,
            prorate=terms.prorate,
            plan_id=plan.pk,
            frequency=asked.frequency,
            billing_day=terms.billing_day,
            bill_next_term=terms.bill_next_term,
            agreed_on=asked.on,
            binding_start=None,
            base_plan_id=plan.base_id,
        )
        return Histories(tuple(services), spells, {0: [row]}, {}, {}, {0: 0})


def _no_rate(plan: PricePlan, part: Part) -> PreviewRefused:
    return PreviewRefused(f"{plan} has no rate for {part.product}.", field="plan")


def _given(discounts: Iterable[DatedDiscount], product_id: int) -> tuple[Given, ...]:
    """Return the discounts on a product's usage, whatever their days."""
    return tuple(
        (each.discount, each.name)
        for each in discounts
        if each.on_recurring and (each.product_ids is None or product_id in each.product_ids)
    )


def _once(
    part: Part,
    title: str,
    price: CyclePrice,
    asked: PriceQuestion,
    account: BilledAccount,
    rate: Rate | None = None,
) -> PreviewedLine:
    """Return the line of what is paid once, rounded once."""
    day = Period(asked.on, asked.on + timedelta(days=1))
    amount = round_money(price.amount, account.coin)
    steps = part_steps(price, amount, part=day, cycle=day, coin=account.coin)
    charge = Charge(
        kind=ChargeKind.ONE_TIME,
        period=day,
        cycle=day,
        source_key="",
        product_id=part.product.pk,
        quantity=part.quantity,
        rate_amount=price.plan_amount,
        amount=amount,
        tax_inclusive=rate is not None and rate.tax_inclusive,
        rate_id=None if rate is None else rate.rate_id,
        account_id=account.account_id,
    )
    return PreviewedLine(part, title, steps, _item(charge, account))


def _item(charge: Charge, account: BilledAccount) -> Item:
    cycle_end = charge.cycle.end or date.max
    return Item(
        item_id=0,
        account_id=account.account_id,
        subscription_id=0,
        service_id=None,
        kind=charge.kind.value,
        source_key=charge.source_key,
        start=charge.period.start,
        end=charge.period.end or cycle_end,
        cycle_start=charge.cycle.start,
        cycle_end=cycle_end,
        product_id=charge.product_id,
        quantity=charge.quantity,
        rate_id=charge.rate_id,
        rate_amount=charge.rate_amount,
        amount=charge.amount,
        tax_inclusive=charge.tax_inclusive,
        currency=account.currency,
        directive="",
        reverses_id=None,
    )
