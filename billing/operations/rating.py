"""Rating: what services ask for up to a day, compared with what is rated, as new items.

Nothing is written before `write_items`: a run first computes a whole slice of accounts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from json import dumps

from django.db import connection

from billing.kernel.history import BillMode, Charge, Reconciled, ServiceHistory
from billing.kernel.reconcile import reconcile
from billing.models import Directive, RatedBillingItem
from billing.operations.errors import BillingError
from billing.queries.due import DueMark
from billing.queries.histories import ComponentRates, kernel_histories
from billing.queries.items import Item, live_items, overrides_of
from catalog.models import Product
from config.shared.db import array_of, copy_rows, take_ids
from pricing.kernel.steps import discounts_in, step_rows
from pricing.kernel.versions import MissingRate
from pricing.models import PricePlan
from pricing.operations.discounts import mark_given
from subscriptions.models import SubscribedService
from subscriptions.queries.timeline import Histories, ServiceRow, histories


class RatingError(BillingError):
    """A service cannot be rated."""


class NoRate(RatingError):
    """The price plan of a service has no rate for its product."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """Up to which day services are rated: those billed before their use, and those after."""

    pre_bill: date
    post_bill: date


@dataclass(slots=True)
class Ratings:
    """What rating found: items to write, items that no longer hold, where services now stand.

    `reversed_ids` are billed items, for each of which `new` holds a reversal; `cancelled_ids`
    were not billed yet, and simply end. `marks` are (service, rated up to, finished).
    """

    new: list[Item] = field(default_factory=list)
    reversed_ids: list[int] = field(default_factory=list)
    cancelled_ids: list[int] = field(default_factory=list)
    marks: list[tuple[int, date | None, bool]] = field(default_factory=list)


def rate_services(
    account_ids: Sequence[int],
    due: Sequence[DueMark],
    horizon: Horizon,
    *,
    coins: Mapping[int, Decimal],
    currencies: Mapping[int, str],
) -> Ratings:
    """Return what has to be rated so that all that is due is rated; nothing is written.

    `coins` and `currencies` are those of the accounts. Raises NoRate.
    """
    ids = [mark.service_id for mark in due]
    if not ids:
        return Ratings()
    facts = histories(account_ids, service_ids=ids)
    ratings = compare(facts, due, horizon, coins=coins, currencies=currencies)
    item_ids = take_ids(RatedBillingItem, len(ratings.new))
    for item, item_id in zip(ratings.new, item_ids, strict=True):
        item.item_id = item_id
    return ratings


def compare(
    facts: Histories,
    due: Sequence[DueMark],
    horizon: Horizon,
    *,
    coins: Mapping[int, Decimal],
    currencies: Mapping[int, str],
) -> Ratings:
    """Return the difference between what `facts` ask for and what is rated; ids are not given.

    Raises NoRate.
    """
    ratings = Ratings()
    rows = {row.service_id: row for row in facts.services}
    found = kernel_histories(facts, coins)
    live = live_items([mark.service_id for mark in due if mark.looks_back])
    overrides = overrides_of([mark.service_id for mark in due])
    for mark in due:
        history = found.get(mark.service_id)
        if history is None:
            continue
        row = rows[mark.service_id]
        items = live.get(mark.service_id, [])
        pre_bill = any(terms.pre_bill for terms in history.terms)
        try:
            result = reconcile(
                history,
                overrides=overrides.get(mark.service_id, ()),
                rated=[item.as_rated() for item in items],
                horizon=horizon.pre_bill if pre_bill else horizon.post_bill,
                since=mark.since,
            )
        except MissingRate as missing:
            raise _no_rate(row, history) from missing
        _take(ratings, result, row, items, currencies[row.account_id])
        _move_mark(ratings, mark, history, result)
    return ratings


def _take(
    ratings: Ratings, result: Reconciled, row: ServiceRow, items: Iterable[Item], currency: str
) -> None:
    if result.reversals:
        gone = {reversal.item_id for reversal in result.reversals}
        for item in items:
            if item.item_id not in gone:
                continue
            if item.directive == Directive.BILLED:
                ratings.reversed_ids.append(item.item_id)
                ratings.new.append(_reversal(item))
            else:
                ratings.cancelled_ids.append(item.item_id)
    for charge in result.charges:
        ratings.new.append(_item(charge, row, currency))


def _item(charge: Charge, row: ServiceRow, currency: str) -> Item:
    period, cycle = charge.period, charge.cycle
    return Item(
        0,
        charge.account_id,
        row.subscription_id,
        row.service_id,
        charge.kind.value,
        charge.source_key,
        period.start,
        period.until,
        cycle.start,
        cycle.until,
        charge.product_id,
        charge.quantity,
        charge.rate_id,
        charge.rate_amount,
        charge.amount,
        charge.tax_inclusive,
        currency,
        Directive.NOT_BILLED.value,
        None,
        steps=charge.steps,
    )


def _reversal(item: Item) -> Item:
    """Return the item that gives a billed one back, with the tax that was charged."""
    return Item(
        0,
        item.account_id,
        item.subscription_id,
        item.service_id,
        item.kind,
        item.source_key,
        item.start,
        item.end,
        item.cycle_start,
        item.cycle_end,
        item.product_id,
        item.quantity,
        item.rate_id,
        -item.rate_amount,
        -item.amount,
        item.tax_inclusive,
        item.currency,
        Directive.NOT_BILLED.value,
        item.item_id,
        None if item.taxed is None else item.taxed.opposite(),
    )


def _move_mark(
    ratings: Ratings, mark: DueMark, history: ServiceHistory, result: Reconciled
) -> None:
    """Note where the service stands now, unless it stands where it stood."""
    reached = result.rated_up_to
    finished = not any(
        spell.mode is BillMode.BILL
        and (reached is None or spell.period.end is None or spell.period.end > reached)
        for spell in history.spells
    ) or (reached is None and _costs_nothing(history))
    if finished or reached != mark.rated_up_to or mark.rerate_from is not None:
        ratings.marks.append((mark.service_id, reached, finished))


def _costs_nothing(history: ServiceHistory) -> bool:
    """Say whether the package that the service is a part of covers its price."""
    rates = history.rates
    return isinstance(rates, ComponentRates) and not any(
        rates[terms.plan_id, spell.product_id]
        for terms in history.terms
        for spell in history.spells
    )


def _no_rate(row: ServiceRow, history: ServiceHistory) -> NoRate:
    known = history.rates
    for terms in history.terms:
        for spell in history.spells:
            if not callable(known) and (terms.plan_id, spell.product_id) not in known:
                plan = PricePlan.objects.get(pk=terms.plan_id)
                product = Product.objects.get(pk=spell.product_id)
                return NoRate(
                    f"Service {row.number}: the price plan “{plan}” has no rate for “{product}”."
                )
    return NoRate(f"Service {row.number}: its price plan has no rate for it.")


_ITEM_COLUMNS = (
    "id",
    "account_id",
    "subscription_id",
    "service_id",
    "run_id",
    "kind",
    "source_key",
    "period",
    "cycle",
    "product_id",
    "quantity",
    "rate_id",
    "rate_amount",
    "amount",
    "steps",
    "tax_inclusive",
    "currency",
    "fixed_tax_amount",
    "directive",
    "rated_at",
    "reverses_id",
)


def write_ratings(
    ratings: Ratings, *, run_id: int | None, directive: Directive, now: datetime
) -> None:
    """Write new items with the given directive, end the old ones, and move the marks.

    Discounts that are given with them stay as they are from now on. The database refuses a second
    live item for the same days of a service.
    """
    end_items(ratings, now=now)
    copy_rows(
        RatedBillingItem,
        _ITEM_COLUMNS,
        (
            (
                item.item_id,
                item.account_id,
                item.subscription_id,
                item.service_id,
                run_id,
                item.kind,
                item.source_key,
                f"[{item.start},{item.end})",
                f"[{item.cycle_start},{item.cycle_end})",
                item.product_id,
                item.quantity,
                item.rate_id,
                item.rate_amount,
                item.amount,
                None if item.steps is None else dumps(step_rows(item.steps)),
                item.tax_inclusive,
                item.currency,
                item.taxed.tax if item.reverses_id and item.taxed else None,
                directive.value,
                now,
                item.reverses_id,
            )
            for item in ratings.new
        ),
    )
    if given := {key for item in ratings.new for key in discounts_in(item.steps or ())}:
        mark_given(given, now=now)
    move_marks(ratings.marks)


def end_items(ratings: Ratings, *, now: datetime) -> None:
    """Mark items reversed; those that were never billed are cancelled besides."""
    if ratings.reversed_ids:
        RatedBillingItem.objects.filter(pk__in=ratings.reversed_ids).update(reversed_at=now)
    if ratings.cancelled_ids:
        RatedBillingItem.objects.filter(pk__in=ratings.cancelled_ids).update(
            reversed_at=now, directive=Directive.CANCELLED
        )


def move_marks(marks: Sequence[tuple[int, date | None, bool]]) -> None:
    """Store where services are rated up to; what reached back is compared now."""
    if not marks:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE billing_ratingmark m "
            "SET rated_up_to = n.rated_up_to, rerate_from = NULL, finished = n.finished "
            "FROM unnest(%s::bigint[], %s::date[], %s::boolean[]) "
            "     AS n (service_id, rated_up_to, finished) "
            "WHERE m.service_id = n.service_id",
            [array_of(column) for column in zip(*marks, strict=True)],
        )


def mark_services(services: Iterable[tuple[SubscribedService, date]], account_id: int) -> None:
    """Note that services changed from a day on, so that the next run looks at them.

    A change that reaches into rated days makes it compare them from that day.
    """
    rows = [(service.pk, account_id, day) for service, day in services]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO billing_ratingmark AS m (service_id, account_id, finished) "
            "SELECT DISTINCT service_id, account_id, false "
            "FROM unnest(%(ids)s::bigint[], %(accounts)s::bigint[]) AS n (service_id, account_id) "
            "ON CONFLICT (service_id) DO NOTHING",
            {"ids": [row[0] for row in rows], "accounts": [row[1] for row in rows]},
        )
        cursor.execute(
            "UPDATE billing_ratingmark m SET finished = false, rerate_from = "
            "  CASE WHEN n.day < m.rated_up_to THEN least(m.rerate_from, n.day) "
            "       ELSE m.rerate_from END "
            "FROM (SELECT service_id, min(day) AS day "
            "      FROM unnest(%s::bigint[], %s::date[]) AS c (service_id, day) GROUP BY 1) n "
            "WHERE m.service_id = n.service_id",
            [[row[0] for row in rows], [row[2] for row in rows]],
        )
