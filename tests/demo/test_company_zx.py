"""Company ZX is what the product manual's example says; what is beside it says that it is not."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import transaction

from catalog.models import Product, ProductBrand, ProductFamily, ProductType
from config.demo.company_zx import ADDITION
from config.demo.loading import load_demo
from tests.pricing.factories import CurrencyFactory

pytestmark = pytest.mark.django_db

TYPES = [
    # name, classification, physical good type, service type, composition, used for provisioning
    ("Decoders", "PHYSICAL_GOOD", "TRACEABLE", "", "FLAT", True),
    ("Smartcards", "PHYSICAL_GOOD", "TRACEABLE", "", "FLAT", True),
    ("Termed Services", "SERVICE", "", "TERMED", "FLAT", True),
    ("Usage Services", "SERVICE", "", "USAGE", "FLAT", True),
]
PRODUCTS = [
    # product, brand, family, type, VAT
    ("Decoder", "Thomson", "Pay TV", "Decoders", Decimal("0.10")),
    ("PPV Movies", None, "Pay TV", "Usage Services", Decimal("0.10")),
    ("PPV Service", None, "Pay TV", "Termed Services", Decimal("0.10")),
    ("Smartcard", "Samsung", "Pay TV", "Smartcards", Decimal("0.10")),
]


@pytest.fixture(scope="module")
def company(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The demo without the generated operator's customers, loaded once: the tests only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        CurrencyFactory()
        load_demo(accounts=0, seed=1, head_end_url="http://127.0.0.1:9", progress=lambda _: None)
        yield
        transaction.set_rollback(True)


def test_product_types_are_those_of_the_example(company: None) -> None:
    types = ProductType.objects.filter(name__in=[name for name, *_ in TYPES]).order_by("name")

    assert (
        list(
            types.values_list(
                "name", "classification", "good_type", "service_type", "composition", "provisioned"
            )
        )
        == TYPES
    )


def test_products_have_the_brand_family_type_and_vat_of_the_example(company: None) -> None:
    products = Product.objects.filter(name__in=[name for name, *_ in PRODUCTS])

    assert (
        list(
            products.order_by("name").values_list(
                "name",
                "brand__name",
                "family__name",
                "type__name",
                "taxes__tax_rate__versions__fraction",
            )
        )
        == PRODUCTS
    )


def test_families_and_brands_of_the_example_are_there(company: None) -> None:
    families = set(ProductFamily.objects.values_list("name", flat=True))
    brands = set(ProductBrand.objects.values_list("name", flat=True))

    assert families >= {"Pay TV", "Telephony"}
    assert brands == {"Samsung", "Thomson"}


def test_what_makes_it_sellable_is_named_an_addition(company: None) -> None:
    for name in ("Sports Channels", "Movie Channels", "Family TV"):
        assert Product.objects.get(name=name).description.startswith(ADDITION)
