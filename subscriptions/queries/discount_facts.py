"""What the criteria of discounts look at, for the services of a chunk: read only where asked."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from config.shared.db import among
from pricing.kernel.conditions import DatedClasses, HeldService
from pricing.kernel.periods import shared_period
from subscriptions.models import (
    Account,
    BillingTermScheme,
    SchemePricing,
    Subscription,
)
from subscriptions.queries.account_facts import classes_of
from subscriptions.queries.plan_days import held_services
from subscriptions.queries.timeline import Histories, SpellRow


@dataclass
class DiscountFacts:
    """Facts about accounts and subscriptions that `histories` does not read, one query each."""

    histories: Histories
    account_ids: frozenset[int] = field(init=False)
    subscription_ids: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        self.account_ids = frozenset(row.account_id for row in self.histories.services)
        self.subscription_ids = frozenset(row.subscription_id for row in self.histories.services)

    @cached_property
    def currencies(self) -> Mapping[int, str]:
        """The currency of each account."""
        rows = Account.objects.filter(pk__in=among(self.account_ids))
        return dict(rows.values_list("pk", "currency_id"))

    @cached_property
    def fixed_schemes(self) -> frozenset[int]:
        """The schemes, of all, that allow no discounts."""
        rows = BillingTermScheme.objects.filter(pricing=SchemePricing.FIXED)
        return frozenset(rows.values_list("pk", flat=True))

    @cached_property
    def subscription_types(self) -> Mapping[int, int]:
        """The type of each subscription."""
        rows = Subscription.objects.filter(pk__in=among(self.subscription_ids))
        return {**dict(rows.values_list("pk", "type_id")), **self.histories.subscription_types}

    @cached_property
    def classes(self) -> Mapping[int, tuple[DatedClasses, ...]]:
        """Class and classification of each account, day by day; two queries."""
        return classes_of(self.account_ids)

    @cached_property
    def held(self) -> Mapping[int, tuple[HeldService, ...]]:
        """What each subscription has in service, all of its services counted."""
        found = held_services(self.histories, self.subscription_ids)
        return {pk: tuple(services) for pk, services in found.items()}

    @cached_property
    def held_products(self) -> frozenset[int]:
        """The products that any of the subscriptions has."""
        return frozenset(each.product_id for rows in self.held.values() for each in rows)

    @cached_property
    def products(self) -> frozenset[int]:
        """The products of the services themselves."""
        spells = self.histories.spells.values()
        return frozenset(row.product_id for rows in spells for row in rows)


def own_services(spells: Iterable[SpellRow]) -> tuple[HeldService, ...]:
    """Return a service's own quantities, day by day."""
    return tuple(
        HeldService(shared_period(row.start, row.end), row.product_id, row.quantity)
        for row in spells
    )


def ids_of(values: Collection[int]) -> frozenset[int | str]:
    """Return ids as the values of a condition."""
    return frozenset[int | str](values)
