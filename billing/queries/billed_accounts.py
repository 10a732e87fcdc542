"""What documents say about accounts, sellers and products, as plain values."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.queries.outstanding import outstanding, unused_credits
from billing.queries.tax_facts import TaxFacts, tax_facts
from catalog.models import Product
from config.shared.db import among
from pricing.kernel.money import coin
from pricing.kernel.tax_setup import TaxPlace
from subscriptions.models import Account, Seller, Subscription


@dataclass(frozen=True, slots=True)
class BilledAccount:
    """An account as its documents need it."""

    account_id: int
    number: str
    name: str
    seller_id: int
    currency: str
    minor_digits: int
    payment_terms_days: int
    taxable: bool
    street: str
    postal_code: str
    city: str
    country: str
    exemption_number: str
    tax_region_id: int | None

    @property
    def place(self) -> TaxPlace:
        """Where it is taxed, but for services that a user takes elsewhere."""
        return TaxPlace(self.country, self.postal_code, self.tax_region_id)

    @property
    def coin(self) -> Decimal:
        """Return the smallest amount of its currency."""
        return coin(self.minor_digits)


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What the documents of some accounts are made with.

    `taxes` tells those of a line; `texts` are what bills call the products; `numbers` those
    of subscriptions; `brought_forward` and `credits` by account, before these documents.
    """

    accounts: Mapping[int, BilledAccount]
    taxes: TaxFacts
    tax_names: Mapping[int, str]
    texts: Mapping[int, str]
    numbers: Mapping[int, str]
    brought_forward: Mapping[int, Decimal]
    credits: Mapping[int, Decimal]


def billed_accounts(account_ids: Sequence[int]) -> dict[int, BilledAccount]:
    """Return the accounts by id; one query."""
    rows = Account.objects.filter(pk__in=among(account_ids)).values_list(
        "pk",
        "number",
        "name",
        "seller_id",
        "currency_id",
        "currency__minor_digits",
        "payment_terms_days",
        "taxable",
        "street",
        "postal_code",
        "city",
        "country",
        "exemption_number",
        "tax_region_id",
    )
    return {row[0]: BilledAccount(*row) for row in rows}


def document_facts(
    accounts: Mapping[int, BilledAccount],
    *,
    product_ids: Collection[int],
    subscription_ids: Collection[int],
    tax_rate_ids: Collection[int] = (),
    places: Mapping[int, TaxPlace] | None = None,
    on: date,
) -> DocumentFacts:
    """Return what documents of these accounts, issued on a day, are made with.

    A dozen queries. `tax_rate_ids` are rates that reversals name beside those the products take
    now; `places` are those of subscriptions that are only planned.
    """
    taxes = tax_facts(
        accounts,
        product_ids=product_ids,
        subscription_ids=subscription_ids,
        tax_rate_ids=tax_rate_ids,
        places=places,
        on=on,
    )
    products = Product.objects.filter(pk__in=product_ids)
    return DocumentFacts(
        accounts=accounts,
        taxes=taxes,
        tax_names=taxes.names,
        texts={
            pk: display or name
            for pk, display, name in products.values_list("pk", "billing_display", "name")
        },
        numbers=dict(
            Subscription.objects.filter(pk__in=among(subscription_ids)).values_list("pk", "number")
        ),
        brought_forward=outstanding(accounts, on=on),
        credits=unused_credits(accounts),
    )


def sellers_of(accounts: Mapping[int, BilledAccount]) -> dict[int, Seller]:
    """Return the sellers of the accounts by id; one query."""
    return Seller.objects.in_bulk({account.seller_id for account in accounts.values()})
