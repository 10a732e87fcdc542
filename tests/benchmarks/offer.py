"""What the benchmarks' customers take: three services at two VAT rates, through the operations."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog.models import Product
from catalog.operations.products import create_product
from catalog.operations.types import create_type
from pricing.models import PricePlan
from pricing.operations.plan_records import create_plan
from pricing.operations.plans import make_effective
from pricing.operations.rates import add_rate
from pricing.operations.taxes import add_tax_rate, create_tax_code, set_product_tax
from subscriptions.models import BillingTermScheme, Seller, SubscriptionType
from subscriptions.operations.schemes import (
    add_product_to_type,
    create_scheme,
    create_subscription_type,
)
from tests.pricing.factories import CurrencyFactory

BEGINNING = date(2020, 1, 1)
# Code, name, price a month, VAT: amounts whose tax does not come out even.
SERVICES = (
    ("bench-internet", "Internet 100", "24.99", "0.19"),
    ("bench-line", "Telephone line", "9.95", "0.19"),
    ("bench-tv", "TV channels", "13.33", "0.05"),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """Everything an account of the benchmarks is made with."""

    seller: Seller
    plan: PricePlan
    scheme: BillingTermScheme
    subscription_type: SubscriptionType
    products: tuple[Product, ...]


def build_offer() -> Offer:
    """Make the seller, products, prices and terms; nothing is provisioned."""
    CurrencyFactory()
    seller = Seller.objects.create(
        code="bench", name="Benchmark Telecom", address="1 Harbour Road\nLimassol", phone="25000000"
    )
    termed = create_type(name="Bench services", classification="SERVICE", service_type="TERMED")
    vat = create_tax_code(code="bench-vat", name="VAT")
    taxes = {
        fraction: add_tax_rate(
            vat,
            code=f"bench-vat-{fraction[2:]}",
            name=f"VAT {int(fraction[2:])} %",
            fraction=Decimal(fraction),
            starts_on=BEGINNING,
        )
        for fraction in ("0.19", "0.05")
    }
    plan = create_plan(code="bench-plan", name="Bench prices", currency="EUR")
    products = []
    for code, name, price, fraction in SERVICES:
        product = create_product(code=code, name=name, type=termed)
        set_product_tax(product, taxes[fraction])
        add_rate(plan, product=product, basis="MATURITY", base_amount=Decimal(price))
        products.append(product)
    plan = make_effective(plan)
    scheme = create_scheme(code="bench-monthly", name="Monthly", default_plan=plan, plans=[plan])
    subscription_type = create_subscription_type(code="bench-home", name="Home", schemes=[scheme])
    for product in products:
        add_product_to_type(subscription_type, product)
    return Offer(seller, plan, scheme, subscription_type, tuple(products))
