"""Products: codes, types and validity."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from catalog.models import Product, ProductValidity
from catalog.operations.errors import (
    CodeNotUsable,
    CodeTaken,
    StillInUse,
    TypeInUse,
    ValidityNotPossible,
)
from catalog.operations.lists import create_brand, create_family, delete_unused
from catalog.operations.products import create_product, set_validity, update_product
from catalog.operations.types import create_type
from catalog.queries.products import is_valid_on
from config.shared.db import days
from pricing.kernel.tax_rules import TaxLayer
from pricing.operations.taxes import add_tax_rate, create_tax_code, set_product_tax
from tests.catalog.factories import (
    ProductFactory,
    ProductTypeFactory,
    SalesBundleItemFactory,
    TechnologyFactory,
)
from tests.pricing.home_taxes import home_taxes

pytestmark = pytest.mark.django_db

JANUARY_TO_MARCH = (date(2026, 1, 1), date(2026, 4, 1))


@pytest.mark.case("crmcom:C2")
def test_products_of_company_zx_are_accepted() -> None:
    pay_tv = create_family(name="Pay TV")
    samsung, thomson = create_brand(name="Samsung"), create_brand(name="Thomson")
    termed = create_type(name="Termed Services", classification="SERVICE", service_type="TERMED")
    usage = create_type(name="Usage Services", classification="SERVICE", service_type="USAGE")
    cards = create_type(name="Smartcards", classification="PHYSICAL_GOOD", good_type="TRACEABLE")
    boxes = create_type(name="Decoders", classification="PHYSICAL_GOOD", good_type="TRACEABLE")
    vat = create_tax_code(code="VAT", name="VAT")
    standard = add_tax_rate(
        vat, code="10", name="VAT 10 %", fraction=Decimal("0.10"), starts_on=date(2026, 1, 1)
    )

    made = [
        create_product(code="PPV Service", type=termed, family=pay_tv),
        create_product(code="PPV Movies", type=usage, family=pay_tv),
        create_product(code="Smartcard", type=cards, family=pay_tv, brand=samsung),
        create_product(code="Decoder", type=boxes, family=pay_tv, brand=thomson),
    ]
    for product in made:
        set_product_tax(product, standard)

    assert list(
        Product.objects.order_by("id").values_list(
            "code", "alternative_code", "name", "type__name", "family__name", "brand__name"
        )
    ) == [
        ("PPV Service", "PPV Service", "PPV Service", "Termed Services", "Pay TV", None),
        ("PPV Movies", "PPV Movies", "PPV Movies", "Usage Services", "Pay TV", None),
        ("Smartcard", "Smartcard", "Smartcard", "Smartcards", "Pay TV", "Samsung"),
        ("Decoder", "Decoder", "Decoder", "Decoders", "Pay TV", "Thomson"),
    ]
    taxes = [home_taxes(product, on=date(2026, 1, 15)) for product in made]
    assert taxes == [(TaxLayer(standard.pk, Decimal("0.10")),)] * 4


def test_an_empty_alternative_code_is_made_of_the_code_and_free() -> None:
    ProductFactory(code="OLD", alternative_code="sport")

    created = create_product(code="SPORT", type=ProductTypeFactory())

    assert created.alternative_code == "SPORT-2"


@pytest.mark.parametrize("field", ["code", "alternative_code"])
def test_codes_are_unique_whatever_their_case(field: str) -> None:
    ProductFactory(code="SPORT", alternative_code="SP")
    codes = {"code": "NEWS", "alternative_code": "NW"}
    codes[field] = {"code": "Sport", "alternative_code": "sp"}[field]

    with pytest.raises(CodeTaken) as refusal:
        create_product(type=ProductTypeFactory(), **codes)
    assert refusal.value.field == field
    assert Product.objects.count() == 1


@pytest.mark.parametrize("code", ["A/B", "/", "..", "-1", "tab\there", "back\\slash"])
def test_a_code_can_stand_in_an_address(code: str) -> None:
    with pytest.raises(CodeNotUsable) as refusal:
        create_product(code=code, type=ProductTypeFactory())
    assert refusal.value.field == "code"


def test_a_refused_product_leaves_nothing_behind() -> None:
    with pytest.raises(ValidityNotPossible):
        create_product(
            code="SPORT",
            type=ProductTypeFactory(),
            validity=[JANUARY_TO_MARCH, (date(2026, 3, 31), None)],
        )

    assert not Product.objects.exists()
    assert not ProductValidity.objects.exists()


def test_a_used_product_stays_the_kind_of_thing_it_is() -> None:
    product = SalesBundleItemFactory().product
    usage = ProductTypeFactory(usage=True)

    with pytest.raises(TypeInUse) as refusal:
        update_product(product, type=usage, name="Changed")
    product.refresh_from_db()
    assert refusal.value.field == "type"
    assert product.name != "Changed"


def test_a_used_product_may_take_another_type_of_the_same_kind() -> None:
    product = SalesBundleItemFactory().product
    other = ProductTypeFactory()

    assert update_product(product, type=other).type == other


def test_an_unused_product_may_become_another_kind_of_thing() -> None:
    usage = ProductTypeFactory(usage=True)

    assert update_product(ProductFactory(), type=usage).type == usage


def test_a_product_in_use_cannot_be_deleted() -> None:
    product = SalesBundleItemFactory().product

    with pytest.raises(StillInUse, match="used by sales bundle items"):
        delete_unused(product)
    assert Product.objects.filter(pk=product.pk).exists()


def test_a_list_entry_that_products_name_cannot_be_deleted() -> None:
    fibre = TechnologyFactory()
    ProductFactory(technologies=[fibre])

    with pytest.raises(StillInUse, match="used by products"):
        delete_unused(fibre)


def test_an_unused_product_is_deleted_with_its_validity() -> None:
    product = ProductFactory()
    set_validity(product, [JANUARY_TO_MARCH])

    delete_unused(product)

    assert not Product.objects.exists()
    assert Product.history.filter(code=product.code, history_type="-").exists()


def test_without_periods_a_product_is_always_valid() -> None:
    assert is_valid_on(ProductFactory(), date(1990, 1, 1))


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 3, 31), True),
        (date(2026, 4, 1), False),
        (date(2026, 6, 1), True),
        (date(2036, 6, 1), True),
    ],
)
def test_validity_covers_the_days_of_its_periods(on: date, expected) -> None:
    product = ProductFactory()
    set_validity(product, [JANUARY_TO_MARCH, (date(2026, 6, 1), None)])

    assert is_valid_on(product, on) is expected


@pytest.mark.parametrize(
    ("second", "field"),
    [
        pytest.param((date(2026, 3, 31), date(2026, 5, 1)), "first_day", id="overlap"),
        pytest.param((date(2025, 6, 1), None), "first_day", id="open period before another"),
        pytest.param((date(2026, 5, 2), date(2026, 5, 2)), "last_day", id="no day"),
        pytest.param((date(2026, 5, 2), date(2026, 5, 1)), "last_day", id="backwards"),
    ],
)
def test_periods_have_days_and_do_not_overlap(second: tuple[date, date | None], field: str) -> None:
    product = ProductFactory()
    set_validity(product, [(date(2030, 1, 1), None)])

    with pytest.raises(ValidityNotPossible) as refusal:
        set_validity(product, [JANUARY_TO_MARCH, second])
    assert (refusal.value.row, refusal.value.field) == (1, field)
    assert product.validities.get().period == days(date(2030, 1, 1), None)


def test_setting_the_same_validity_again_writes_nothing() -> None:
    product = ProductFactory()
    set_validity(product, [JANUARY_TO_MARCH])

    set_validity(product, [JANUARY_TO_MARCH])

    assert ProductValidity.history.count() == 1


def test_the_database_refuses_overlapping_validity() -> None:
    product = ProductFactory()
    set_validity(product, [JANUARY_TO_MARCH])

    with pytest.raises(IntegrityError, match="product_validity_overlap"), transaction.atomic():
        ProductValidity.objects.create(product=product, period=days(date(2026, 3, 31), None))


def test_every_change_of_a_product_is_in_its_history() -> None:
    product = ProductFactory(name="Sport")

    update_product(product, name="Sports", sort_order=5)

    assert list(
        Product.history.filter(id=product.pk).order_by("history_id").values_list("name", flat=True)
    ) == ["Sport", "Sports"]
