"""The generated operator's extras: sports to pick from, and fees that come with what is sold.

Pick your sports is a flexible bundle, 2 to 4 of Sports, all of one family; the rights fee runs as
long as it does. Fibre 300 comes with a connection fee that the user's city picks.
"""

from decimal import Decimal

from catalog.models import Product, ProductType
from catalog.operations.bundles import ComponentRow, set_components, set_restrictions
from catalog.operations.fees import (
    CATCH_ALL,
    FeeRow,
    GroupRow,
    create_fee_group,
    set_dependent_fees,
)
from catalog.operations.lists import create_family
from catalog.operations.products import create_product
from catalog.operations.types import create_type
from config.demo.company_zx import CompanyZx
from pricing.models import PricePlan, TaxRate
from pricing.operations.rates import add_rate
from pricing.operations.taxes import set_product_tax

PICK, RIGHTS_FEE = "sports-pick", "rights-fee"
CHANNELS = {
    "Football": ("Football One", "Football Two", "Football Extra", "Football Classics"),
    "Motor sports": ("Motor One", "Motor Two", "Rally Live"),
}
MONTHLY = {PICK: "11.90", RIGHTS_FEE: "1.50"}
ALONE = "5.50"
# By code: the city that picks it, its name, its amount.
CONNECTION_FEES = {
    "connection-nicosia": ("Nicosia", "Connection in Nicosia", "20.00"),
    "connection-limassol": ("Limassol", "Connection in Limassol", "25.00"),
    "connection": (CATCH_ALL, "Connection elsewhere", "35.00"),
}


def channel_code(name: str) -> str:
    """Return the code of a channel."""
    return name.lower().replace(" ", "-")


def add_sports(company: CompanyZx, tax: TaxRate) -> dict[str, Product]:
    """Make the channels, the bundle to pick them for and its fee; return them by code."""
    sports = create_family(name="Sports")
    choices = create_type(
        name="Channel Choices",
        classification="SERVICE",
        service_type="TERMED",
        composition="FLEXIBLE_BUNDLE",
        provisioned=True,
    )
    fees = create_type(name="Recurring Fees", classification="SERVICE", service_type="TERMED")
    made = {}
    for name, channels in CHANNELS.items():
        family = create_family(name=name, parent=sports)
        for channel in channels:
            code = channel_code(channel)
            made[code] = create_product(
                code=code, name=channel, type=company.termed, family=family, sort_order=20
            )
    pick = create_product(
        code=PICK, name="Pick your sports", type=choices, family=company.pay_tv, sort_order=15
    )
    fee = create_product(code=RIGHTS_FEE, name="Sports rights fee", type=fees, sort_order=30)
    made |= {PICK: pick, RIGHTS_FEE: fee}
    for product in made.values():
        set_product_tax(product, tax)
    set_components(pick, [ComponentRow(family=sports, minimum=2, maximum=4)])
    set_restrictions(pick, most_families=1)
    set_dependent_fees(pick, [FeeRow(fee=fee)])
    return made


def add_connection_fees(parent: Product, *, kind: ProductType, tax: TaxRate) -> dict[str, Product]:
    """Let a one-time fee come with `parent`, picked by the user's city; return them by code."""
    made = {}
    for code, (_, name, _) in CONNECTION_FEES.items():
        made[code] = create_product(code=code, name=name, type=kind, sort_order=40)
        set_product_tax(made[code], tax)
    rows = [GroupRow(made[code], city) for code, (city, _, _) in CONNECTION_FEES.items()]
    group = create_fee_group(name="Connection by city", match_on="CITY", rows=rows)
    set_dependent_fees(parent, [FeeRow(group=group)])
    return made


def price_extras(plan: PricePlan, products: dict[str, Product]) -> None:
    """Price the bundle, its fee, each channel alone (in the bundle they cost nothing more) and the
    connection fees.
    """
    channels = {channel_code(name): ALONE for names in CHANNELS.values() for name in names}
    for code, amount in (MONTHLY | channels).items():
        add_rate(plan, product=products[code], basis="MATURITY", base_amount=Decimal(amount))
    for code, (_, _, amount) in CONNECTION_FEES.items():
        add_rate(plan, product=products[code], basis="FLAT_FEE", base_amount=Decimal(amount))
