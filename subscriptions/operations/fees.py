"""Dependent fees: what comes with an addition, for as long as it runs or once."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from catalog.models import MatchOn, Product, ServiceType
from catalog.operations.errors import FeeNotMatched
from catalog.operations.fees import pick_fee
from catalog.queries.fees import dependent_fees_of, recurring_fees
from subscriptions.models import AccountUser, AddedExpense, ServiceState
from subscriptions.operations.refusals import ProductRefused
from subscriptions.operations.requests import Addition, Change, ExpenseAddition
from subscriptions.queries.products import part_faults


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee of an addition; `place` is the addition's among those of the act."""

    place: int
    parent: Product
    product: Product
    quantity: Decimal

    @property
    def is_recurring(self) -> bool:
        """Whether it runs as long as its parent; else it is charged once."""
        return self.product.type.service_type == ServiceType.TERMED


def fees_of(additions: Sequence[Addition], user: AccountUser) -> tuple[Fee, ...]:
    """Return the fees that come with what is added for a user; two queries at most.

    Those of the products themselves: components of a package bring none, as its price covers
    them. What is free has none.

    Raises ProductRefused where a fee group requires a match and has none.
    """
    charged = {each.product.pk for each in additions if each.product and not each.free}
    found = dependent_fees_of(charged) if charged else {}
    fees: list[Fee] = []
    for place, addition in enumerate(additions):
        parent = addition.product
        if parent is None or addition.free:
            continue
        for row in found.get(parent.pk, ()):
            product = row.fee
            if row.group is not None:
                try:
                    product = pick_fee(row.group, value_of(user, row.group.match_on))
                except FeeNotMatched as refusal:
                    raise ProductRefused(f"{parent} cannot be added: {refusal}") from refusal
            if product is not None:
                fees.append(Fee(place, parent, product, row.quantity * addition.quantity))
    return tuple(fees)


def value_of(user: AccountUser, match_on: str) -> str:
    """Return the value of a user that fee groups match on; "" where there is none.

    Parts of the address are the account's where the user has none; of lists it is the code.
    """
    if match_on == MatchOn.TECHNOLOGY:
        return user.technology.code if user.technology else ""
    if match_on == MatchOn.ACCOUNT_CLASS:
        account_class = user.account.account_class
        return account_class.code if account_class else ""
    name = match_on.lower()
    return str(getattr(user, name) or getattr(user.account, name))


def check_fees(fees: Iterable[Fee], products: Collection[Product], on: date) -> None:
    """Refuse a recurring fee that is asked for by itself, and fees that are not sold any more.

    `products` are the services asked for. Two or three queries.

    Raises ProductRefused.
    """
    alone = recurring_fees({each.pk for each in products})
    for product in products:
        if product.pk in alone:
            raise ProductRefused(
                f"{product} is a fee of {alone[product.pk]}: it comes with it only."
            )
    parents: dict[int, Product] = {}
    brought: dict[int, list[Product]] = {}
    for fee in fees:
        parents[fee.parent.pk] = fee.parent
        brought.setdefault(fee.parent.pk, []).append(fee.product)
    for pk, faults in part_faults(brought, on).items():
        raise ProductRefused(f"{parents[pk]} comes with the fee {faults[0]}.")


def planned_fees(
    changes: Sequence[Change], fees: Iterable[Fee]
) -> tuple[tuple[Change, ...], tuple[ExpenseAddition, ...]]:
    """Return the changes of recurring fees, to follow `changes`, and the one-time ones.

    A recurring fee is in service as its parent is. A one-time fee of a draft waits for it.
    """
    heads = [place for place, change in enumerate(changes) if change.addition is not None]
    recurring: list[Change] = []
    once: list[ExpenseAddition] = []
    for fee in fees:
        place = heads[fee.place]
        head = changes[place]
        if fee.is_recurring:
            recurring.append(
                replace(
                    head,
                    product=fee.product,
                    quantity=fee.quantity,
                    price_override=None,
                    fee_of=head.product,
                    parent=place,
                    addition=None,
                )
            )
        else:
            waits = head.new_state == ServiceState.DRAFT
            day = None if waits else head.from_day
            once.append(
                ExpenseAddition(
                    fee.product, fee.quantity, parent=place, waits=waits, incurred_on=day
                )
            )
    return tuple(recurring), tuple(once)


def opened_expenses(changes: Sequence[Change]) -> tuple[ExpenseAddition, ...]:
    """Return the one-time fees that waited for services which the changes open; one query, none
    where no draft is opened.
    """
    opened = {
        change.service.pk: place
        for place, change in enumerate(changes)
        if change.service is not None
        and change.old_state == ServiceState.DRAFT
        and change.new_state == ServiceState.EFFECTIVE
    }
    if not opened:
        return ()
    waiting = AddedExpense.objects.filter(service_id__in=opened, incurred_on=None)
    return tuple(
        ExpenseAddition(
            row.product,
            row.quantity,
            row.price_override,
            parent=opened[row.service_id],
            incurred_on=changes[opened[row.service_id]].from_day,
            waiting=row,
        )
        for row in waiting.select_related("product__type").order_by("pk")
        if row.service_id is not None
    )
