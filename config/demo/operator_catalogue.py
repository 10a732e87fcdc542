"""The generated operator's catalogue: internet, telephony and TV at two VAT rates."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.models import (
    AccountClass,
    Product,
    ProductFamily,
    ProductType,
    SalesBundle,
    Technology,
)
from catalog.operations.bundles import ComponentRow, set_components
from catalog.operations.characteristics import CharacteristicRow, set_characteristics
from catalog.operations.lists import (
    create_account_class,
    create_category,
    create_family,
    create_technology,
)
from catalog.operations.products import create_product
from catalog.operations.sales_bundles import ItemRow, create_sales_bundle
from catalog.operations.types import create_type
from config.demo.business import business_prices
from config.demo.company_zx import BEGINNING, CompanyZx, Selling
from config.demo.sports import add_connection_fees, add_sports, price_extras
from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import AfterLast, Phase
from pricing.models import PricePlan, TaxRate
from pricing.operations.plan_records import create_plan
from pricing.operations.plans import make_effective
from pricing.operations.rates import add_rate
from pricing.operations.taxes import add_tax_rate, set_product_tax
from pricing.operations.type_taxes import TypeTaxRow, set_type_taxes
from provisioning.operations.providers import distribute_product
from subscriptions.models import BillingTermScheme, Frequency, Seller, SubscriptionType
from subscriptions.operations.schemes import (
    add_product_to_type,
    create_scheme,
    create_subscription_type,
)

MONTH = Duration(1, Unit.MONTH)
# Code, name, type, family, tax rate, further fields of the product.
Row = tuple[str, str, ProductType, ProductFamily | None, TaxRate, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Offer:
    """What the generated operator sells, by short name."""

    seller: Seller
    plan: PricePlan
    scheme: BillingTermScheme
    subscription_type: SubscriptionType
    products: dict[str, Product]
    welcome: SalesBundle
    classes: dict[str, AccountClass]
    technologies: dict[str, Technology]


def build_offer(company: CompanyZx, selling: Selling) -> Offer:
    """Make the operator's catalogue, prices, terms and provider ids."""
    classes = {name: create_account_class(name=name) for name in ("Residential", "Business")}
    technologies = {name: create_technology(name=name) for name in ("Fibre", "Cable", "Wireless")}
    standard = company.vat_10
    reduced = add_tax_rate(
        standard.tax_code,
        code="vat-5",
        name="VAT 5 %",
        fraction=Decimal("0.05"),
        starts_on=BEGINNING,
    )
    products = _products(_rows(company, selling, standard, reduced, classes, technologies))
    products |= add_sports(company, reduced)
    products |= add_connection_fees(
        products["fibre-300"], kind=products["installation"].type, tax=standard
    )
    plan = _prices(products)
    business = business_prices(plan, products, classes["Business"])
    scheme = create_scheme(
        code="rt-monthly",
        name="Monthly in advance",
        frequencies=[Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.ANNUAL],
        default_plan=plan,
        plans=[plan, business],
    )
    subscription_type = create_subscription_type(
        code="rt-home", name="Home and office", schemes=[scheme]
    )
    for name, product in products.items():
        add_product_to_type(
            subscription_type, product, exclude_from_deactivation=name == "free-to-air"
        )
    welcome = create_sales_bundle(
        name="Triple play",
        items=[
            ItemRow(product=products["fibre-300"]),
            ItemRow(product=products["tv-start"]),
            ItemRow(product=products["line"]),
        ],
    )
    distributor = selling.provider.distributors.get()
    for place, (name, product) in enumerate(products.items()):
        if product.type.provisioned and name != "free-to-air":
            distribute_product(
                product,
                provider=selling.provider,
                external_id=f"{2000 + place}",
                distributors=[distributor],
            )
    seller = Seller.objects.create(
        code="RT",
        name="Ratebook Telecom",
        address="12 Harbour Road\n3010 Limassol\nCyprus",
        tax_number="CY10234567X",
        email="billing@rt.example",
    )
    return Offer(seller, plan, scheme, subscription_type, products, welcome, classes, technologies)


def _products(rows: Iterable[Row]) -> dict[str, Product]:
    products = {}
    for order, (code, name, kind, family, tax, more) in enumerate(rows):
        product = create_product(
            code=code, name=name, type=kind, family=family, sort_order=order, **more
        )
        set_product_tax(product, tax)
        products[code] = product
    set_components(
        products["tv-start"],
        [
            ComponentRow(product=products["cinema"], quantity=1),
            ComponentRow(product=products["kids"], quantity=1),
        ],
    )
    return products


def _rows(
    company: CompanyZx,
    selling: Selling,
    standard: TaxRate,
    reduced: TaxRate,
    classes: dict[str, AccountClass],
    technologies: dict[str, Technology],
) -> tuple[Row, ...]:
    termed = company.termed
    packages: ProductType = selling.family_tv.type
    fees = create_type(name="Fees", classification="SERVICE", service_type="EXPENSE")
    internet, telephony = create_family(name="Internet"), create_family(name="Voice")
    fibre = [technologies["Fibre"]]
    business = [classes["Business"]]
    lines = _internet_lines(standard)
    homes, offices = create_category(name="For homes"), create_category(name="For offices")
    both, one = {"categories": [homes, offices]}, {"categories": [homes]}
    return (
        *(
            (
                f"fibre-{speed}",
                f"Fibre {speed}",
                lines,
                internet,
                standard,
                {
                    "technologies": fibre,
                    "values": {"Download": f"{speed}", "Upload": f"{speed // 2}"},
                    **(one if speed == 100 else both),
                },
            )
            for speed in (100, 300, 1000)
        ),
        (
            "static-ip",
            "Static IP address",
            termed,
            internet,
            standard,
            {"account_classes": business},
        ),
        ("line", "Telephone line", termed, telephony, standard, {}),
        ("sports-now", "Sports Now", termed, company.pay_tv, reduced, {}),
        ("cinema", "Cinema", termed, company.pay_tv, reduced, {}),
        ("kids", "Kids", termed, company.pay_tv, reduced, {}),
        ("free-to-air", "Free-to-air channels", termed, company.pay_tv, reduced, {}),
        ("tv-start", "TV Start", packages, company.pay_tv, reduced, {}),
        ("installation", "Installation", fees, None, standard, {}),
        ("visit", "Technician's visit", fees, None, standard, {}),
    )


def _internet_lines(standard: TaxRate) -> ProductType:
    """Make the type of internet lines: it asks for speeds, and its products start with VAT."""
    lines = create_type(
        name="Internet Lines", classification="SERVICE", service_type="TERMED", provisioned=True
    )
    set_characteristics(
        lines,
        [
            CharacteristicRow("Download", "NUMBER", unit="Mbit/s", required=True),
            CharacteristicRow("Upload", "NUMBER", unit="Mbit/s", required=True),
            CharacteristicRow(
                "Address", "CHOICE", choices=["Dynamic", "Static"], default="Dynamic"
            ),
            CharacteristicRow("Router included", "YES_NO", default="NO"),
        ],
    )
    set_type_taxes(lines, [TypeTaxRow(standard, applied=True)])
    return lines


def _prices(products: dict[str, Product]) -> PricePlan:
    plan = create_plan(code="rt-standard", name="Standard prices", currency="EUR")
    monthly = {
        "fibre-100": "24.90",
        "fibre-300": "32.90",
        "fibre-1000": "49.90",
        "static-ip": "5.00",
        "line": "9.95",
        "cinema": "8.50",
        "kids": "4.25",
        "free-to-air": "0.99",
        "tv-start": "14.90",
    }
    for code, amount in monthly.items():
        add_rate(plan, product=products[code], basis="MATURITY", base_amount=Decimal(amount))
    add_rate(
        plan,
        product=products["sports-now"],
        basis="MATURITY",
        phases=[Phase(MONTH, 3, Decimal("6.00")), Phase(MONTH, 0, Decimal("12.00"))],
        after_last=AfterLast.KEEP,
    )
    add_rate(plan, product=products["installation"], basis="FLAT_FEE", base_amount=Decimal("40.00"))
    add_rate(plan, product=products["visit"], basis="FLAT_FEE", base_amount=Decimal("25.00"))
    price_extras(plan, products)
    return make_effective(plan)
