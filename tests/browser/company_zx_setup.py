"""What the people of Company ZX set up on pages before anything is sold."""

from tests.browser.desk import Desk

TYPES = [
    {"Name": "Usage Services", "Classification": "Service", "Service type": "Usage"},
    {"Name": "Termed Services", "Classification": "Service", "Service type": "Termed"},
    {
        "Name": "Smartcards",
        "Classification": "Physical good",
        "Physical good type": "Traceable",
    },
    {"Name": "Decoders", "Classification": "Physical good", "Physical good type": "Traceable"},
]
PRODUCTS = [
    {"Code": "PPV Service", "Type": "Termed Services", "Family": "Pay TV"},
    {"Code": "PPV Movies", "Type": "Usage Services", "Family": "Pay TV"},
    {"Code": "Smartcard", "Type": "Smartcards", "Family": "Pay TV", "Brand": "Samsung"},
    {"Code": "Decoder", "Type": "Decoders", "Family": "Pay TV", "Brand": "Thomson"},
]


def move_clock(configurator: Desk, day: str, *, look: bool = False) -> None:
    """Move the business clock on its page."""
    configurator.go("Business clock")
    configurator.fill_in({"Business day": day})
    configurator.send("Move the clock")
    configurator.is_told("The business day is now")
    if look:
        configurator.look("business_clock")


def set_up_tax(configurator: Desk) -> None:
    """One tax code, VAT, with its rate of 10 %."""
    configurator.go("Tax codes", "New tax code")
    configurator.look("tax_code_new")
    configurator.fill_in({"Name": "VAT", "Code": "vat"})
    configurator.send("Save")
    configurator.fill_in(
        {"Name": "VAT 10 %", "Code": "vat-10", "Percentage": "10", "From": "2020-01-01"}
    )
    configurator.press("Add rate")
    configurator.is_told("VAT 10 %")
    configurator.look("tax_code")


def set_up_types(catalogue: Desk) -> None:
    """The four product types of Company ZX."""
    catalogue.go("Types")
    catalogue.look("types_empty")
    catalogue.follow("New product type")
    for product_type in TYPES:
        catalogue.fill_in({**product_type, "Used for provisioning": True})
        if product_type is TYPES[1]:
            catalogue.look("type_new")
        catalogue.send("Save and new")
        catalogue.is_told(f"{product_type['Name']} was added.")
    catalogue.go("Types")
    catalogue.look("types")


def set_up_families_and_brands(catalogue: Desk) -> None:
    """The two families and two brands of Company ZX."""
    for group, one, names in (
        ("Families", "New family", ("Pay TV", "Telephony")),
        ("Brands", "New brand", ("Samsung", "Thomson")),
    ):
        catalogue.go(group, one)
        for name in names:
            catalogue.fill_in({"Name": name})
            catalogue.send("Save and new")
            catalogue.is_told(f"{name} was added.")
    catalogue.go("Families")
    catalogue.look("families")


def set_up_products(catalogue: Desk) -> None:
    """The four products of Company ZX, each at 10 % VAT."""
    catalogue.go("Products")
    catalogue.look("products_empty")
    for product in PRODUCTS:
        catalogue.go("Products", "New product")
        catalogue.fill_in(product)
        if product is PRODUCTS[0]:
            catalogue.look("product_new")
        catalogue.send("Save")
        catalogue.is_told(f"{product['Code']} was added.")
        give_vat(catalogue, product["Code"])
    catalogue.go("Products")
    catalogue.look("products")


def give_vat(catalogue: Desk, code: str) -> None:
    """Apply VAT 10 % on the product's page at hand."""
    catalogue.follow("Pricing & billing")
    catalogue.fill_in({"Add a rate": "VAT 10 %"}, within=catalogue.panel("Tax rates"))
    catalogue.press("Save", within=catalogue.panel("Tax rates"))
    catalogue.is_told(f"VAT 10 % was added to {code}.")


def set_up_package(catalogue: Desk) -> None:
    """An addition of ours, so that something is sold: the package Family TV."""
    catalogue.go("Types", "New product type")
    catalogue.fill_in({"Name": "Termed Packages", "Classification": "Service"})
    catalogue.fill_in({"Service type": "Termed", "Composition method": "Fixed bundle"})
    catalogue.fill_in({"Used for provisioning": True})
    catalogue.send("Save")
    catalogue.is_told("Termed Packages was added.")
    catalogue.go("Products", "New product")
    catalogue.fill_in({"Code": "Family TV", "Type": "Termed Packages", "Family": "Pay TV"})
    catalogue.send("Save")
    catalogue.look("product_main")
    catalogue.follow("Components")
    components = catalogue.panel("Bundle components")
    catalogue.fill_in({"Product": "PPV Service"}, within=components)
    catalogue.press("Save components", within=components)
    catalogue.is_told("saved")
    catalogue.look("product_components")
    give_vat(catalogue, "Family TV")


def set_up_prices(catalogue: Desk) -> None:
    """A price plan: 31.00 a month for the package, 6.20 for the service alone."""
    catalogue.go("Price plans")
    catalogue.follow("New price plan")
    catalogue.look("plan_new")
    catalogue.fill_in({"Name": "ZX Standard", "Code": "zx-standard", "Currency": "EUR – Euro"})
    catalogue.send("Save")
    for product, amount in (("Family TV", "31.00"), ("PPV Service", "6.20")):
        rates = catalogue.panel("Rates")
        if not rates.get_by_role("button", name="Add", exact=True).is_visible():
            rates.get_by_text("Add a product").click()
        catalogue.fill_in({"Product": product, "Amount": amount}, within=rates.locator("details"))
        catalogue.press("Add", within=rates)
        catalogue.is_told(f"{product} is in ZX Standard now.")
    catalogue.follow("Make effective")
    catalogue.send("Make effective")
    catalogue.look("plan")
    catalogue.go("Products", "Family TV", "Pricing & billing")
    catalogue.look("product_pricing")


def set_up_seller(configurator: Desk) -> None:
    """Who sells and invoices."""
    configurator.go("Sellers")
    configurator.follow("New seller")
    configurator.fill_in(
        {
            "Code": "ZX",
            "Name": "Company ZX",
            "Address": "1 Example Street\n1010 Nicosia\nCyprus",
            "Tax number": "CY10000000Z",
            "Email": "billing@zx.example",
        }
    )
    configurator.look("seller_new")
    configurator.send("Save")
    configurator.is_told("Company ZX was added.")


def set_up_terms(configurator: Desk) -> None:
    """How it is billed, and which products go together."""
    configurator.go("Billing term schemes", "New scheme")
    configurator.fill_in(
        {"Name": "ZX Monthly", "Code": "zx-monthly", "Default plan": "ZX Standard"}
    )
    configurator.look("scheme_new")
    configurator.send("Save")
    configurator.look("scheme_empty")
    configurator.go("Subscription types", "New subscription type")
    configurator.fill_in({"Name": "ZX Pay TV", "Code": "zx-pay-tv", "ZX Monthly": True})
    configurator.look("subscription_type_new")
    configurator.send("Save")
    for product in ("Family TV", "PPV Service"):
        configurator.follow("Add product")
        configurator.fill_in({"Product": product})
        if product == "Family TV":
            configurator.look("subscription_type_add_product")
        configurator.send("Add product")
        configurator.is_told(product)
    configurator.look("subscription_type")


def set_up_head_end(configurator: Desk, address: str) -> None:
    """The provider, its distributor, and the package and service on it."""
    configurator.go("Providers", "New provider")
    configurator.fill_in({"Name": "Head-end", "Code": "head-end", "Address": address})
    configurator.look("provider_new")
    configurator.send("Save")
    distributors = configurator.panel("Distributors")
    configurator.fill_in({"Name": "Cable network", "Code": "cable"}, within=distributors)
    configurator.press("Add distributor", within=distributors)
    configurator.is_told("Cable network was added.")
    configurator.follow("Set as effective")
    configurator.send("Set as effective")
    configurator.is_told("Head-end is effective now.")
    for product, external_id in (("Family TV", "1100"), ("PPV Service", "1001")):
        configurator.go("Products", product, "Delivery")
        providers = configurator.panel("Providers")
        configurator.fill_in(
            {"Head-end's id": external_id, "Cable network": True}, within=providers
        )
        configurator.press("Save providers", within=providers)
        configurator.is_told(f"The providers of {product} were saved.")
    configurator.look("product_delivery")
    configurator.go("Providers", "Head-end")
    configurator.look("provider")
