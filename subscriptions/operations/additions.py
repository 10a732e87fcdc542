"""Planning what is added: sales bundles expanded, products checked, packages with their parts.

Account class and technology are never looked at: they only filter what a CSR is offered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from catalog.models import (
    Availability,
    Product,
    SalesBundle,
    SalesBundleItem,
    ServiceType,
)
from subscriptions.models import (
    AccountUser,
    BillingTerms,
    ServiceState,
    StateReason,
    SubscriptionType,
)
from subscriptions.operations.components import check_choices, component_changes, parts_of
from subscriptions.operations.fees import Fee, check_fees, fees_of
from subscriptions.operations.refusals import (
    IncompleteRequest,
    OverrideNeedsReason,
    PlanRefused,
    ProductRefused,
    WrongDay,
)
from subscriptions.operations.requests import (
    ActionRequest,
    Addition,
    Change,
    ExpenseAddition,
)
from subscriptions.operations.transitions import bill_mode
from subscriptions.queries.products import (
    component_faults,
    not_allowed_on,
    not_valid_on,
    without_rate,
)


@dataclass(frozen=True, slots=True)
class Added:
    """What is added, with sales bundles taken apart, expenses on their own and dependent fees."""

    additions: tuple[Addition, ...]
    expenses: tuple[ExpenseAddition, ...]
    fees: tuple[Fee, ...] = ()


def expanded(request: ActionRequest, user: AccountUser) -> Added:
    """Return the additions and expenses of a request, sales bundles replaced by their items, and
    the fees that come with them for the user.

    Raises ProductRefused, IncompleteRequest or OverrideNeedsReason.
    """
    additions: list[Addition] = []
    expenses = list(request.expenses)
    for asked in request.additions:
        for product, addition in _members(asked, request.performed_on):
            if addition.price_override is not None and not addition.override_reason.strip():
                raise OverrideNeedsReason(f"Say why {product} gets a price of its own.")
            if product.type.service_type == ServiceType.EXPENSE:
                expenses.append(
                    ExpenseAddition(product, addition.quantity, addition.price_override)
                )
            else:
                additions.append(addition)
    return Added(tuple(additions), tuple(expenses), fees_of(additions, user))


def check_products(
    added: Added, *, subscription_type: SubscriptionType, terms: BillingTerms, on: date
) -> None:
    """Refuse what cannot be on a subscription of the type, or has no price; nine queries at most.

    A fixed package is sold with all its components or not at all, a flexible one with a choice that
    it allows; a flexible one costs a few queries more.

    Raises ProductRefused, PlanRefused or WrongDay.
    """
    services = [_product(each) for each in added.additions]
    charges = [each.product for each in added.expenses]
    _check_kinds(services, charges)
    _check_values(added, on)
    products = {each.pk: each for each in (*services, *charges)}
    for product in products.values():
        if product.availability != Availability.AVAILABLE:
            state = product.get_availability_display().lower()
            raise ProductRefused(f"{product} is not sold any more ({state}).")
    for pk in sorted(not_allowed_on(subscription_type, products)):
        raise ProductRefused(f"{products[pk]} cannot be on a {subscription_type} subscription.")
    for pk in sorted(not_valid_on(products, on)):
        raise ProductRefused(f"{products[pk]} is not valid on {on:%-d %b %Y}.")
    for package, faults in component_faults(products.values(), on).items():
        raise ProductRefused(f"{products[package]} contains {faults[0]}.")
    check_choices(added.additions, on)
    check_fees(added.fees, services, on)
    products |= {fee.product.pk: fee.product for fee in added.fees}
    priced = {_product(each).pk for each in added.additions if not each.free}
    priced |= {each.product.pk for each in added.expenses if each.price_override is None}
    priced |= {fee.product.pk for fee in added.fees}
    for pk in sorted(without_rate(terms.plan_id, priced)):
        named = _as_it_came(added, products[pk])
        raise PlanRefused(f"Price plan {terms.plan} has no rate for {named}.")


def _as_it_came(added: Added, product: Product) -> str:
    """Return the product's name, with what it is a fee of where nobody asked for it."""
    asked = {_product(each).pk for each in added.additions}
    asked |= {each.product.pk for each in added.expenses}
    for fee in added.fees:
        if fee.product == product and product.pk not in asked:
            return f"{product}, a fee of {fee.parent}"
    return str(product)


def planned_additions(
    additions: Sequence[Addition], *, terms: BillingTerms, on: date
) -> tuple[Change, ...]:
    """Return the change that each addition makes, each package followed by its components."""
    changes: list[Change] = []
    for addition, parts in zip(additions, parts_of(additions, on), strict=True):
        head = _change(addition, _product(addition), terms, on)
        place = len(changes)
        changes += [head, *component_changes(head, parts, place)]
    return tuple(changes)


def _product(addition: Addition) -> Product:
    if addition.product is None:
        raise IncompleteRequest("Say which product to add.")
    return addition.product


def _members(asked: Addition, on: date) -> Iterable[tuple[Product, Addition]]:
    if asked.product is not None:
        yield asked.product, asked
        return
    bundle = asked.sales_bundle
    if bundle is None:
        raise IncompleteRequest("Say which product to add.")
    if asked.price_override is not None:
        raise ProductRefused(f"{bundle} has no price: give its members prices of their own.")
    _check_sales_bundle(bundle, on)
    items = SalesBundleItem.objects.filter(bundle=bundle).select_related("product__type")
    found = list(items.prefetch_related("choices__product").order_by("sort_order", "pk"))
    if not found:
        raise ProductRefused(f"{bundle} is empty.")
    for item in found:
        choices = tuple((each.product, each.quantity) for each in item.choices.all())
        quantity = item.quantity * asked.quantity
        member = replace(asked, product=item.product, quantity=quantity, choices=choices)
        yield item.product, member


def _check_sales_bundle(bundle: SalesBundle, on: date) -> None:
    if bundle.availability != Availability.AVAILABLE:
        state = bundle.get_availability_display().lower()
        raise ProductRefused(f"{bundle} is not sold any more ({state}).")
    if bundle.validity is not None and on not in bundle.validity:
        raise ProductRefused(f"{bundle} is not valid on {on:%-d %b %Y}.")


def _check_kinds(services: Iterable[Product], charges: Iterable[Product]) -> None:
    for product in services:
        if product.type.service_type != ServiceType.TERMED:
            raise ProductRefused(f"{product} is not a termed service.")
    for product in charges:
        if product.type.service_type != ServiceType.EXPENSE:
            raise ProductRefused(f"{product} is not an expense.")


def _check_values(added: Added, on: date) -> None:
    everything: list[Addition | ExpenseAddition] = [*added.additions, *added.expenses]
    for each in everything:
        if each.quantity <= 0:
            raise ProductRefused(f"The quantity of {each.product} is more than 0.")
        if each.price_override is not None and each.price_override < 0:
            raise ProductRefused(f"The price of {each.product} is 0 or more.")
    for addition in added.additions:
        start, end = addition.starts_on or on, addition.ends_on
        if end is not None and end <= start:
            raise WrongDay(f"{addition.product} ends on {end:%-d %b %Y}, before its first day.")


def _change(addition: Addition, product: Product, terms: BillingTerms, on: date) -> Change:
    """Return the change of a new service: effective from its day, or a draft with the reason."""
    start = addition.starts_on or on
    state, reason = ServiceState.EFFECTIVE, StateReason.NONE
    if start > on:
        state, reason = ServiceState.DRAFT, StateReason.FUTURE_START
    elif addition.draft:
        state, reason = ServiceState.DRAFT, StateReason.WAIT_ACTIVATION
    return Change(
        product=product,
        quantity=addition.quantity,
        old_state=None,
        new_state=state,
        from_day=start,
        until_day=addition.ends_on,
        reason=reason,
        mode=bill_mode(state, reason, scheme=terms.scheme, free=addition.free),
        price_override=addition.price_override,
        free=addition.free,
        addition=addition,
    )
