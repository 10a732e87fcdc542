"""Rated items as plain values, with how a billed one was taxed."""

import json
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from billing.kernel.history import ChargeKind, Override, Rated
from billing.models import Directive, OverrideKind, RatedBillingItem, RatingOverride
from billing.queries.due import items_to_bill
from config.shared.db import among, array_of
from config.shared.models import Run
from pricing.kernel.periods import Period
from pricing.kernel.steps import Step, discounts_in, steps_of_rows
from subscriptions.models import AddedExpense

KINDS = {kind.value: kind for kind in ChargeKind}


class TaxPart(NamedTuple):
    """One of several taxes of a line: `tax` on `taxed`, which is the taxable part of `base`.

    `month` is the first day of the month in which a monthly rule counted it.
    """

    tax_rate_id: int
    fraction: Decimal
    base: Decimal
    taxed: Decimal
    tax: Decimal
    month: date | None = None

    def opposite(self) -> "TaxPart":
        """Return what gives the same tax back."""
        return self._replace(base=-self.base, taxed=-self.taxed, tax=-self.tax)

    def as_json(self) -> dict[str, object]:
        """Return the part as a document line stores it."""
        return {
            "rate": self.tax_rate_id,
            "fraction": str(self.fraction),
            "base": str(self.base),
            "taxed": str(self.taxed),
            "tax": str(self.tax),
            "month": self.month.isoformat() if self.month else None,
        }


@dataclass(frozen=True, slots=True)
class Taxed:
    """A document line's amounts, as the item's sign has them, and its tax rate.

    A line with several taxes, or under a tax rule, has them in `parts`; its rate is named only
    if it is the one of all.
    """

    net: Decimal
    tax: Decimal
    gross: Decimal
    tax_rate_id: int | None
    fraction: Decimal
    parts: tuple[TaxPart, ...] = ()

    def opposite(self) -> "Taxed":
        """Return what gives the same amounts back."""
        return Taxed(
            -self.net,
            -self.tax,
            -self.gross,
            self.tax_rate_id,
            self.fraction,
            tuple(part.opposite() for part in self.parts),
        )


@dataclass(slots=True)
class Item:
    """A rated item; `taxed` is how its line was taxed, or, of a reversal, has to be. `steps` are
    those of an item that is not written yet.
    """

    item_id: int
    account_id: int
    subscription_id: int
    service_id: int | None
    kind: str
    source_key: str
    start: date
    end: date
    cycle_start: date
    cycle_end: date
    product_id: int
    quantity: Decimal
    rate_id: int | None
    rate_amount: Decimal
    amount: Decimal
    tax_inclusive: bool
    currency: str
    directive: str
    reverses_id: int | None
    taxed: Taxed | None = None
    steps: tuple[Step, ...] | None = None

    def as_rated(self) -> Rated:
        """Return the item as reconciliation reads it."""
        return Rated(
            self.item_id,
            KINDS[self.kind],
            Period(self.start, self.end),
            self.source_key,
            self.product_id,
            self.quantity,
            self.amount,
            self.account_id,
        )


# The line of a reversed item says how its reversal is taxed.
_ITEMS = """
    SELECT r.id, r.account_id, r.subscription_id, r.service_id, r.kind, r.source_key,
           lower(r.period), upper(r.period), lower(r.cycle), upper(r.cycle), r.product_id,
           r.quantity, r.rate_id, r.rate_amount, r.amount, r.tax_inclusive, r.currency,
           r.directive, r.reverses_id,
           coalesce(i.net_amount, -c.net_amount), coalesce(i.tax_amount, -c.tax_amount),
           coalesce(i.gross_amount, -c.gross_amount), coalesce(i.tax_rate_id, c.tax_rate_id),
           coalesce(i.tax_fraction, c.tax_fraction),
           coalesce(i.taxes, c.taxes), c.id IS NOT NULL
    FROM billing_ratedbillingitem r
    LEFT JOIN billing_invoiceline i ON i.item_id = coalesce(r.reverses_id, r.id)
    LEFT JOIN billing_creditnoteline c ON c.item_id = coalesce(r.reverses_id, r.id)
"""


def live_items(service_ids: Sequence[int]) -> dict[int, list[Item]]:
    """Return the items of each service that are neither reversed nor reversals; one query."""
    found: dict[int, list[Item]] = {}
    if not service_ids:
        return found
    for item in _items(
        "WHERE r.service_id = ANY(%s::bigint[])"
        " AND r.reversed_at IS NULL AND r.reverses_id IS NULL",
        list(service_ids),
    ):
        found.setdefault(item.service_id or 0, []).append(item)
    return found


def has_unbilled_items(run: Run, account_ids: Sequence[int]) -> bool:
    """Say whether the accounts have items rated before that the run may put on documents."""
    return items_to_bill(run).filter(account_id__in=among(account_ids)).exists()


def unbilled_items(run: Run, account_ids: Sequence[int]) -> list[Item]:
    """Return the accounts' items that the run may put on documents; none is on a draft."""
    waiting = items_to_bill(run).filter(
        account_id__in=among(account_ids), invoiceline=None, creditnoteline=None
    )
    ids = list(waiting.values_list("pk", flat=True))
    return _items("WHERE r.id = ANY(%s::bigint[])", ids) if ids else []


def rates_returned(items: Iterable[Item]) -> set[int]:
    """Return the ids of the tax rates that reversals give back."""
    taxed = [item.taxed for item in items if item.taxed is not None]
    rates = {each.tax_rate_id for each in taxed if each.tax_rate_id is not None}
    return rates | {part.tax_rate_id for each in taxed for part in each.parts}


def unbilled_items_with(discount_id: int) -> int:
    """Return how many items that are not billed yet were rated less a discount; one query."""
    step = [[[["discount", str(discount_id)]]]]
    waiting = RatedBillingItem.objects.filter(directive=Directive.NOT_BILLED)
    return waiting.filter(steps__contains=step).count()


def discounts_taken_once(subscription_id: int) -> list[tuple[Hashable, date]]:
    """Return which discounts were taken off the expenses of a subscription, with their days; two
    queries. Expenses that were given back do not count.
    """
    expenses = AddedExpense.objects.filter(subscription_id=subscription_id)
    keys = [f"expense:{pk}" for pk in expenses.order_by("pk").values_list("pk", flat=True)]
    rows = RatedBillingItem.objects.filter(
        source_key__in=keys, reversed_at=None, reverses=None, steps__isnull=False
    ).exclude(source_key="")
    return [
        (key, start)
        for start, steps in rows.order_by("pk").values_list("period__startswith", "steps")
        for key in sorted(discounts_in(steps_of_rows(steps or ())))
    ]


def overrides_of(service_ids: Sequence[int]) -> dict[int, list[Override]]:
    """Return what people decided about the services' charges, in the order decided."""
    found: dict[int, list[Override]] = {}
    for service_id, kind, period, what, amount in (
        RatingOverride.objects.filter(service_id__in=among(service_ids))
        .order_by("pk")
        .values_list("service_id", "item_kind", "period", "kind", "amount")
    ):
        waived = what == OverrideKind.WAIVED
        found.setdefault(service_id, []).append(
            Override(Period(period.lower, period.upper), KINDS[kind], None if waived else amount)
        )
    return found


def _items(where: str, ids: list[int]) -> list[Item]:
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS + where + " ORDER BY r.id", [array_of(ids)])
        return [_item(row) for row in cursor]


def _item(row: tuple[Any, ...]) -> Item:
    *values, net, tax, gross, tax_rate_id, fraction, taxes, is_credit = row
    item = Item(*values)
    if net is not None:
        parts = () if taxes is None else _parts(taxes, is_credit=is_credit)
        taxed = Taxed(net, tax, gross, tax_rate_id, fraction, parts)
        item.taxed = taxed if item.reverses_id is None else taxed.opposite()
    return item


def _parts(taxes: str, *, is_credit: bool) -> tuple[TaxPart, ...]:
    """Read the taxes of a line, with the item's sign."""
    parts = tuple(
        TaxPart(
            each["rate"],
            Decimal(each["fraction"]),
            Decimal(each["base"]),
            Decimal(each["taxed"]),
            Decimal(each["tax"]),
            date.fromisoformat(each["month"]) if each["month"] else None,
        )
        for each in json.loads(taxes)
    )
    return tuple(part.opposite() for part in parts) if is_credit else parts
