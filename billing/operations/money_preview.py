"""What an act on a subscription puts on the next bill: the run's own steps, on what is planned."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from billing.models import RatingMark
from billing.operations.expense_discounts import Buyer
from billing.operations.invoicing import Line, make_bills
from billing.operations.marking import expense_items
from billing.operations.rating import Horizon, compare
from billing.queries.billed_accounts import billed_accounts, document_facts
from billing.queries.due import DueMark
from billing.queries.items import Item, rates_returned
from billing.queries.tax_facts import place_of
from pricing.kernel.tax_setup import TaxPlace
from subscriptions.models import BillingTerms, SchemeProduct
from subscriptions.operations.requests import Change, PlannedAction, PreviewLine
from subscriptions.queries.timeline import (
    Histories,
    ProductTerms,
    ServiceRow,
    SpellRow,
    TermsRow,
    histories,
)


def next_bill_lines(planned: PlannedAction) -> list[PreviewLine]:
    """Return what the next bill holds of the services an act touches, with tax, and the sum.

    The next bill is taken to be made on the act's day, or on the first day of what it adds if
    that is later. Days of these services that are not billed yet are part of it; the account's
    other services are not.

    Raises NoRate, ExpenseWithoutRate or PricingError.
    """
    account = planned.account
    on = max([planned.request.performed_on, *(each.from_day for each in planned.changes)])
    items = _items(planned, on)
    if not items:
        return []
    facts = document_facts(
        billed_accounts([account.pk]),
        product_ids={item.product_id for item in items},
        subscription_ids=(),
        tax_rate_ids=rates_returned(items),
        places={items[0].subscription_id: _place(planned)},
        on=on,
    )
    currency = account.currency_id
    lines: list[PreviewLine] = []
    (bill,) = make_bills(items, facts, issued_on=on)
    for document in bill.documents:
        sign = -1 if document.is_credit else 1
        for line in document.lines:
            lines.append(PreviewLine(_text(line), sign * line.taxed.gross, currency))
    tax = bill.tax.quantize(bill.account.coin)
    lines.append(PreviewLine(_sum_text(tax, on), bill.total_billed, currency))
    return lines


def _place(planned: PlannedAction) -> TaxPlace:
    """Return where what is planned is taken."""
    account = planned.account
    user = planned.subscription.user if planned.subscription else planned.request.account_user
    at_home = (account.country, account.postal_code, account.tax_region_id)
    if user is None:
        return place_of(user=at_home, account=at_home)
    return place_of(user=(user.country, user.postal_code, user.tax_region_id), account=at_home)


def _sum_text(tax: Decimal, on: date) -> str:
    text = f"On a bill of {on:%-d %b %Y}"
    if tax > 0:
        return f"{text}, tax of {tax} included"
    return f"{text}, tax of {-tax} given back" if tax else text


def _items(planned: PlannedAction, on: date) -> list[Item]:
    """Return the items the act will make the run rate; all on one subscription."""
    account = planned.account
    subscription_id = planned.subscription.pk if planned.subscription else 0
    facts = _planned_facts(planned, subscription_id)
    ids = [row.service_id for row in facts.services]
    stand = {
        pk: DueMark(pk, rated_up_to, rerate_from)
        for pk, rated_up_to, rerate_from in RatingMark.objects.filter(pk__in=ids).values_list(
            "pk", "rated_up_to", "rerate_from"
        )
    }
    marks = [
        _touched(stand.get(pk, DueMark(pk, None, None)), change)
        for pk, change in zip(ids, _billed_changes(planned), strict=True)
    ]
    coin = billed_accounts([account.pk])[account.pk].coin
    ratings = compare(
        facts,
        marks,
        Horizon(pre_bill=on, post_bill=on),
        coins={account.pk: coin},
        currencies={account.pk: account.currency_id},
    )
    items = ratings.new
    charged = [each for each in planned.expenses if not each.waits]
    if charged:
        items += expense_items(
            charged,
            account,
            planned.terms,
            Buyer(subscription_id, account.pk, lambda: facts),
            on=planned.request.performed_on,
            subscription_type_id=next(iter(_planned_type(planned).values()), None),
        )
    for item in items:
        item.subscription_id = subscription_id
    return items


def _billed_changes(planned: PlannedAction) -> list[Change]:
    """Return the changes of what has days: drafts that wait for an activation have none."""
    return [each for each in planned.changes if each.service is not None or each.mode is not None]


def _touched(mark: DueMark, change: Change) -> DueMark:
    if mark.rated_up_to is None or change.from_day >= mark.rated_up_to:
        return mark
    return mark._replace(rerate_from=min(mark.rerate_from or change.from_day, change.from_day))


def _planned_facts(planned: PlannedAction, subscription_id: int) -> Histories:
    """Return the timeline as it will be; services that are only planned get negative ids."""
    changes = _billed_changes(planned)
    older = [change.service.pk for change in changes if change.service is not None]
    account_id = planned.account.pk
    facts = histories([account_id], service_ids=older)
    services: list[ServiceRow] = []
    spells: dict[int, list[SpellRow]] = {}
    for place, change in enumerate(changes, start=1):
        service_id = change.service.pk if change.service is not None else -place
        bundle = change.bundle
        services.append(
            ServiceRow(
                service_id,
                change.service.number if change.service is not None else change.product.name,
                subscription_id,
                account_id,
                change.product.pk,
                None if bundle is None else bundle.pk,
                change.new_state,
                None,
                None if change.fee_of is None else change.fee_of.pk,
            )
        )
        spells[service_id] = _recut(
            facts.spells.get(service_id, []), service_id, change, account_id
        )
    products = SchemeProduct.objects.filter(scheme=planned.terms.scheme)
    timings = {
        (row.scheme_id, row.product_id): ProductTerms(row.timing, row.exclude_from_deactivation)
        for row in products
    }
    return replace(
        facts,
        services=tuple(services),
        spells=spells,
        terms={subscription_id: _terms(planned, facts.terms.get(subscription_id, []))},
        products={**facts.products, **timings},
        subscription_types=_planned_type(planned),
    )


def _planned_type(planned: PlannedAction) -> dict[int, int]:
    """Return the type of the subscription, 0 for one that is only planned."""
    if planned.subscription is not None:
        return {planned.subscription.pk: planned.subscription.type_id}
    kind = planned.request.subscription_type
    return {} if kind is None else {0: kind.pk}


def _recut(
    spells: list[SpellRow], service_id: int, change: Change, account_id: int
) -> list[SpellRow]:
    """Return the spells with the change, as performing it will cut them."""
    day, end = change.from_day, change.until_day
    kept = [
        spell if spell.end is not None and spell.end <= day else spell._replace(end=day)
        for spell in spells
        if spell.start < day
    ]
    if change.mode is not None and (end is None or end > day):
        kept.append(
            SpellRow(
                service_id,
                day,
                end,
                change.new_state,
                change.mode,
                change.product.pk,
                change.quantity,
                change.price_override,
                account_id,
            )
        )
    return kept


def _terms(planned: PlannedAction, known: list[TermsRow]) -> list[TermsRow]:
    """Return the subscription's terms with those of the act in place of what they were."""
    terms = planned.terms
    others = known
    if not known and planned.subscription is not None:
        others = [
            _terms_row(each)
            for each in BillingTerms.objects.filter(
                subscription=planned.subscription
            ).select_related("scheme")
        ]
    rows = [row for row in others if row.terms_id != terms.pk]
    return sorted([*rows, _terms_row(terms)], key=lambda row: row.start)


def _terms_row(terms: BillingTerms) -> TermsRow:
    scheme = terms.scheme
    return TermsRow(
        subscription_id=terms.subscription_id or 0,
        terms_id=terms.pk or 0,
        start=terms.period.lower,
        end=terms.period.upper,
        scheme_id=scheme.pk,
        scheme_kind=scheme.kind,
        method=scheme.method,
        prorate=scheme.prorate,
        plan_id=terms.plan_id,
        frequency=terms.frequency,
        billing_day=terms.billing_day,
        bill_next_term=terms.bill_next_term,
        agreed_on=terms.agreed_on,
        binding_start=terms.binding.lower if terms.binding else None,
        binding_end=terms.binding.upper if terms.binding else None,
        base_plan_id=terms.plan.base_id,
    )


def _text(line: Line) -> str:
    last = line.item.end - timedelta(days=1)
    days = f"{line.item.start:%-d %b %Y}"
    if last != line.item.start:
        days = f"{days} – {last:%-d %b %Y}"
    return f"{line.text}, {days}"
