"""What the taxes of documents are computed with: the setup, places, exemptions, months so far."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from billing.models import TaxMonth
from config.shared.db import among
from pricing.kernel.periods import Period
from pricing.kernel.tax_rules import MonthSum
from pricing.kernel.tax_setup import (
    UNTAXED,
    Exemption,
    LineFacts,
    LineTaxes,
    TaxPlace,
    TaxSetup,
)
from pricing.queries.tax_setup import line_taxes, tax_setup
from subscriptions.models import AccountExemption, Subscription

_NOWHERE = TaxPlace()
_Key = tuple[int, TaxPlace, tuple[Exemption, ...]]


class TaxedAccount(Protocol):
    """An account as taxes need it; its place is where no user's address is known."""

    @property
    def account_id(self) -> int: ...
    @property
    def taxable(self) -> bool: ...
    @property
    def place(self) -> TaxPlace: ...


@dataclass(slots=True)
class TaxFacts:
    """The tax setup on the posting date, and what is known of the accounts.

    `places` by subscription: that of its user, filled up from the account. `months` holds, by
    account and rate, what was charged in the month of the posting date.
    """

    setup: TaxSetup
    posted_on: date
    places: Mapping[int, TaxPlace]
    exemptions: Mapping[int, tuple[Exemption, ...]]
    months: Mapping[int, Mapping[int, MonthSum]]
    _known: dict[_Key, LineTaxes] = field(default_factory=dict)

    @property
    def month(self) -> date:
        """The first day of the month that monthly rules count in."""
        return self.posted_on.replace(day=1)

    @property
    def names(self) -> dict[int, str]:
        """The names of the tax rates by id."""
        return {rate.rate_id: rate.name for rate in self.setup.rates.values()}

    def taxes_of(self, product_id: int, subscription_id: int, account: TaxedAccount) -> LineTaxes:
        """Return the taxes of a line.

        Raises NoPercentage if the setup does not tell.
        """
        if not account.taxable:
            return UNTAXED
        place = _NOWHERE
        if self.setup.heeds_places:
            place = self.places.get(subscription_id, account.place)
        key = (product_id, place, self.exemptions.get(account.account_id, ()))
        found = self._known.get(key)
        if found is None:
            line = LineFacts(product_id, place, self.posted_on, key[2])
            found = self._known[key] = line_taxes(line, self.setup)
        return found


def tax_facts(
    accounts: Mapping[int, TaxedAccount],
    *,
    product_ids: Collection[int],
    subscription_ids: Collection[int],
    tax_rate_ids: Collection[int] = (),
    places: Mapping[int, TaxPlace] | None = None,
    on: date,
) -> TaxFacts:
    """Return what the taxes of documents posted on a day are computed with; ten queries at most.

    `tax_rate_ids` are rates that reversals name. `places` are those of subscriptions that are
    only planned.
    """
    setup = tax_setup(product_ids, on=on, rate_ids=tax_rate_ids)
    known = dict(places or {})
    if setup.heeds_places:
        known.update(_places(subscription_ids))
    return TaxFacts(
        setup=setup,
        posted_on=on,
        places=known,
        exemptions=_exemptions(accounts),
        months=_months(accounts, on.replace(day=1)) if setup.has_monthly_rules else {},
    )


def place_of(
    *,
    user: tuple[str, str, int | None],
    account: tuple[str, str, int | None],
) -> TaxPlace:
    """Return where a service is taken: country, postal code and tax region of its user.

    The account's address stands in for a user without a country, its tax region for a user
    without one.
    """
    country, postal_code, region_id = user
    if not country:
        country, postal_code = account[:2]
    return TaxPlace(country, postal_code, region_id or account[2])


def _places(subscription_ids: Collection[int]) -> dict[int, TaxPlace]:
    rows = Subscription.objects.filter(pk__in=among(subscription_ids)).values_list(
        "pk",
        "user__country",
        "user__postal_code",
        "user__tax_region_id",
        "account__country",
        "account__postal_code",
        "account__tax_region_id",
    )
    return {row[0]: place_of(user=row[1:4], account=row[4:7]) for row in rows}


def _exemptions(account_ids: Collection[int]) -> dict[int, tuple[Exemption, ...]]:
    found: defaultdict[int, list[Exemption]] = defaultdict(list)
    for account_id, code_id, period in (
        AccountExemption.objects.filter(account_id__in=among(account_ids))
        .order_by("pk")
        .values_list("account_id", "tax_code_id", "period")
    ):
        found[account_id].append(Exemption(Period(period.lower, period.upper), code_id))
    return {account_id: tuple(rows) for account_id, rows in found.items()}


def _months(account_ids: Collection[int], month: date) -> dict[int, dict[int, MonthSum]]:
    found: defaultdict[int, dict[int, MonthSum]] = defaultdict(dict)
    rows = TaxMonth.objects.filter(account_id__in=among(account_ids), month=month)
    sums: tuple[int, int, Decimal, Decimal]
    for sums in rows.values_list("account_id", "tax_rate_id", "base_amount", "taxed_amount"):
        account_id, rate_id, base, taxed = sums
        found[account_id][rate_id] = MonthSum(base, taxed)
    return dict(found)
