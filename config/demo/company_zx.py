"""Company ZX: the example of the product manual, and what it needs beside it to be sold.

`set_up` makes exactly what the example names: four product types, two families, two brands, four
products, all at 10 % VAT. `add_what_sells` adds prices, a fixed package, a bundle, billing terms
and a head-end; they are additions of ours and named so.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog.models import Product, ProductFamily, ProductType, SalesBundle
from catalog.operations.bundles import ComponentRow, set_components
from catalog.operations.lists import create_brand, create_family
from catalog.operations.products import create_product
from catalog.operations.sales_bundles import ItemRow, create_sales_bundle
from catalog.operations.types import create_type
from pricing.models import PricePlan, TaxRate
from pricing.operations.plan_records import create_plan
from pricing.operations.plans import make_effective
from pricing.operations.rates import add_rate
from pricing.operations.taxes import add_tax_rate, create_tax_code, set_product_tax
from provisioning.models import Distributor, Provider
from provisioning.operations.providers import distribute_product, set_effective
from subscriptions.models import BillingTermScheme, Seller, SubscriptionType
from subscriptions.operations.schemes import (
    add_product_to_type,
    create_scheme,
    create_subscription_type,
)

BEGINNING = date(2020, 1, 1)
ADDITION = "An addition to Company ZX's example."


@dataclass(frozen=True, slots=True)
class CompanyZx:
    """What the example names, for what is built on it."""

    seller: Seller
    termed: ProductType
    pay_tv: ProductFamily
    ppv_service: Product
    ppv_movies: Product
    smartcard: Product
    decoder: Product
    vat_10: TaxRate


@dataclass(frozen=True, slots=True)
class Selling:
    """The additions that make Company ZX's products sellable."""

    plan: PricePlan
    scheme: BillingTermScheme
    subscription_type: SubscriptionType
    family_tv: Product
    sports: Product
    movies: Product
    sales_bundle: SalesBundle
    provider: Provider


def set_up() -> CompanyZx:
    """Set Company ZX up exactly as the example says."""
    seller = Seller.objects.create(
        code="ZX",
        name="Company ZX",
        address="1 Example Street\n1010 Nicosia\nCyprus",
        tax_number="CY10000000Z",
        email="billing@zx.example",
    )
    usage = create_type(
        name="Usage Services", classification="SERVICE", service_type="USAGE", provisioned=True
    )
    termed = create_type(
        name="Termed Services", classification="SERVICE", service_type="TERMED", provisioned=True
    )
    smartcards = create_type(
        name="Smartcards",
        classification="PHYSICAL_GOOD",
        good_type="TRACEABLE",
        provisioned=True,
    )
    decoders = create_type(
        name="Decoders", classification="PHYSICAL_GOOD", good_type="TRACEABLE", provisioned=True
    )
    pay_tv = create_family(name="Pay TV")
    create_family(name="Telephony")
    samsung = create_brand(name="Samsung")
    thomson = create_brand(name="Thomson")
    vat = create_tax_code(code="vat", name="VAT")
    vat_10 = add_tax_rate(
        vat, code="vat-10", name="VAT 10 %", fraction=Decimal("0.10"), starts_on=BEGINNING
    )
    ppv_service = create_product(
        code="PPV Service",
        name="PPV Service",
        type=termed,
        family=pay_tv,
        description="Authorises the addition of pay-per-view movies to the subscription.",
    )
    ppv_movies = create_product(
        code="PPV Movies",
        name="PPV Movies",
        type=usage,
        family=pay_tv,
        description="One product for each pay-per-view movie; priced in a usage catalogue.",
    )
    smartcard = create_product(
        code="Smartcard", name="Smartcard", type=smartcards, brand=samsung, family=pay_tv
    )
    decoder = create_product(
        code="Decoder", name="Decoder", type=decoders, brand=thomson, family=pay_tv
    )
    for product in (ppv_service, ppv_movies, smartcard, decoder):
        set_product_tax(product, vat_10)
    return CompanyZx(seller, termed, pay_tv, ppv_service, ppv_movies, smartcard, decoder, vat_10)


def add_what_sells(company: CompanyZx, *, head_end_url: str) -> Selling:
    """Add prices, the package "Family TV", a bundle, billing terms and a head-end."""
    packages = create_type(
        name="Termed Packages",
        classification="SERVICE",
        service_type="TERMED",
        composition="FIXED_BUNDLE",
        provisioned=True,
        description=ADDITION,
    )
    sports = _channel(company, "Sports Channels")
    movies = _channel(company, "Movie Channels")
    family_tv = create_product(
        code="Family TV",
        name="Family TV",
        type=packages,
        family=company.pay_tv,
        description=f"{ADDITION} Sports and movie channels in one package.",
    )
    set_components(
        family_tv,
        [ComponentRow(product=sports, quantity=1), ComponentRow(product=movies, quantity=1)],
    )
    set_product_tax(family_tv, company.vat_10)
    prices = {
        company.ppv_service: "3.10",
        sports: "12.00",
        movies: "9.00",
        family_tv: "18.60",
    }
    plan = _price_plan(prices)
    scheme = create_scheme(
        code="zx-monthly",
        name="ZX Monthly",
        default_plan=plan,
        plans=[plan],
        description=ADDITION,
    )
    subscription_type = create_subscription_type(
        code="zx-pay-tv", name="ZX Pay TV", schemes=[scheme], description=ADDITION
    )
    for product in prices:
        add_product_to_type(subscription_type, product)
    sales_bundle = create_sales_bundle(
        name="ZX Welcome",
        code="zx-welcome",
        description=ADDITION,
        items=[ItemRow(product=family_tv), ItemRow(product=company.ppv_service)],
    )
    provider = _head_end(head_end_url)
    distributor = provider.distributors.get()
    carried = {company.ppv_service: "1001", sports: "1002", movies: "1003", family_tv: "1100"}
    for product, external_id in carried.items():
        distribute_product(
            product, provider=provider, external_id=external_id, distributors=[distributor]
        )
    return Selling(
        plan, scheme, subscription_type, family_tv, sports, movies, sales_bundle, provider
    )


def _price_plan(prices: dict[Product, str]) -> PricePlan:
    plan = create_plan(code="zx-standard", name="ZX Standard", currency="EUR", description=ADDITION)
    for product, amount in prices.items():
        add_rate(plan, product=product, basis="MATURITY", base_amount=Decimal(amount))
    make_effective(plan)
    return plan


def _channel(company: CompanyZx, name: str) -> Product:
    channel = create_product(
        code=name, name=name, type=company.termed, family=company.pay_tv, description=ADDITION
    )
    set_product_tax(channel, company.vat_10)
    return channel


def _head_end(url: str) -> Provider:
    provider = Provider.objects.create(code="head-end", name="Head-end", url=url)
    Distributor.objects.create(provider=provider, code="cable", name="Cable network")
    return set_effective(provider, effective=True)
