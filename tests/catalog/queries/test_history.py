"""The history of the catalogue's records: what is shown, in which words, and how many queries."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.models import (
    BundleComponent,
    Characteristic,
    CharacteristicValue,
    DependentFee,
    FeeGroup,
    FeeGroupRow,
    ProductImage,
    ProductValidity,
    SalesBundleChoice,
    SalesBundleItem,
)
from config.shared.queries.history import history_of
from pricing.models import PricePlan, PricePlanRate, ProductTax, RatePhase, TaxCode, TaxRate
from tests.catalog.factories import (
    FamilyFactory,
    ProductFactory,
    ProductTypeFactory,
    SalesBundleFactory,
    TechnologyFactory,
)

pytestmark = pytest.mark.django_db


def lines(record, **options):
    """Return the history as (what, [changes]) pairs, newest first."""
    return [
        (f"{entry.subject} {entry.word}", [(c.label, c.old, c.new) for c in entry.changes])
        for entry in history_of(record, **options).entries
    ]


def test_a_change_has_the_old_and_the_new_value_in_words():
    product = ProductFactory(code="SPORT", name="Sport", family=FamilyFactory(name="Pay TV"))
    sport = FamilyFactory(name="Sport & news")
    product.history.update(history_date="2026-01-01T00:00Z")
    product.family, product.availability, product.sort_order = sport, "DISCONTINUED", 7
    product._history_user = User.objects.create_user("catherine")
    product.save()
    product.technologies.set([TechnologyFactory(name="Fiber"), TechnologyFactory(name="Cable")])

    latest, added = history_of(product).entries

    assert (latest.by, latest.subject, latest.word) == ("catherine", "Product", "changed")
    assert [(change.label, change.old, change.new) for change in latest.changes] == [
        ("Family", "Pay TV", "Sport & news"),
        ("Availability", "Available", "Discontinued"),
        ("Sort order", "0", "7"),
        ("Technologies", "–", "Cable, Fiber"),
    ]
    assert (added.by, added.word) == ("system", "added")
    assert ("Code", "", "SPORT") in [(c.label, c.old, c.new) for c in added.changes]


def test_what_is_gone_keeps_its_last_name():
    family = FamilyFactory(name="Pay TV")
    product = ProductFactory(family=family)
    product.family = None
    product._change_reason = "Import I-000001"
    product.save()
    family.delete()

    latest = history_of(product).entries[0]

    assert latest.source == "Import I-000001"
    assert [(c.label, c.old, c.new) for c in latest.changes] == [
        ("Family", "Pay TV, deleted since", "–")
    ]


def test_a_product_tells_of_its_parts_added_changed_and_removed():
    product = ProductFactory(name="TV", flexible_bundle=True)
    owner = {"product": product}
    validity = ProductValidity.objects.create(
        period=DateRange(date(2026, 1, 1), date(2026, 2, 1)), **owner
    )
    validity.delete()
    speed = Characteristic.objects.create(type=product.type, name="Speed", kind="NUMBER")
    CharacteristicValue.objects.create(characteristic=speed, value="100", **owner)
    sizes = {"place": 1, "file": "a", "thumbnail": "b", "width": 1, "height": 1}
    image = ProductImage.objects.create(alt_text="A red box", **sizes, **owner)
    component = BundleComponent.objects.create(bundle=product, family=FamilyFactory(name="Sports"))
    fee = DependentFee.objects.create(parent=product, fee=ProductFactory(name="Rent"))
    code = TaxCode.objects.create(code="vat", name="VAT")
    level = TaxRate.objects.create(tax_code=code, code="std", name="Standard")
    ProductTax.objects.create(tax_code=code, tax_rate=level, applied=True, **owner)
    plan = PricePlan.objects.create(code="a", name="Basic plan", currency="EUR")
    rate = PricePlanRate.objects.create(plan=plan, base_amount=Decimal("9.9"), **owner)
    phase = RatePhase.objects.create(rate=rate, position=1, times=3, amount=5)
    for changed, field, value in (
        (image, "alt_text", "A blue box"),
        (component, "minimum", 2),
        (fee, "quantity", Decimal("1.5")),
        (phase, "amount", Decimal(6)),
    ):
        changed.__class__.history.update(history_date="2026-01-01T00:00Z")
        setattr(changed, field, value)
        changed.save()

    told = lines(product)

    for expected in [
        ("Validity 1 Jan 2026 – 31 Jan 2026 added", []),
        ("Validity 1 Jan 2026 – 31 Jan 2026 removed", []),
        ("Characteristic Speed added", [("Value", "", "100")]),
        ("Image A blue box changed", [("Alt text", "A red box", "A blue box")]),
        ("Component Sports changed", [("Minimum", "0", "2")]),
        ("Dependent fee Rent changed", [("Quantity", "1", "1.5")]),
        ("Tax VAT · Standard added", [("Applied", "", "Yes")]),
        ("Phase of a price Basic plan · 1 changed", [("Amount", "5.00", "6.00")]),
    ]:
        assert expected in told
    assert ("Base amount", "", "9.90") in dict(told)["Price Basic plan added"]


def test_types_groups_and_sales_bundles_tell_of_their_rows():
    kind = ProductTypeFactory()
    Characteristic.objects.create(type=kind, name="Colour", kind="CHOICE", choices=["Red", "Blue"])
    group = FeeGroup.objects.create(name="Zones", code="zones", match_on="CITY")
    fee = ProductFactory(name="Zone fee")
    FeeGroupRow.objects.create(group=group, criterion="Nicosia", fee=fee)
    sale = SalesBundleFactory()
    pick = ProductFactory(name="Pick", flexible_bundle=True)
    item = SalesBundleItem.objects.create(bundle=sale, product=pick, quantity=2)
    SalesBundleChoice.objects.create(item=item, product=fee)
    item.delete()

    assert (
        "Characteristic Colour added",
        [("Kind", "", "Choice"), ("Choices", "", "Red, Blue")],
    ) in (lines(kind))
    assert ("Row Nicosia · Zone fee added", []) in lines(group)
    told = lines(sale)
    assert ("Choice Pick · Zone fee removed", []) in told
    assert ("Item Pick removed", [("Quantity", "2", "")]) in told


def test_parts_are_left_out_for_those_who_may_not_see_them():
    product = ProductFactory()
    plan = PricePlan.objects.create(code="a", name="Basic plan", currency="EUR")
    PricePlanRate.objects.create(plan=plan, product=product)

    told = lines(product, may_see=lambda permission: permission.startswith("catalog."))

    assert [what for what, _ in told] == ["Product added"]


def test_long_histories_come_in_pages():
    product = ProductFactory()
    for number in range(1, 60):
        product.sort_order = number
        product._history_date = f"2026-01-01T00:{number:02}:00Z"
        product.save()
    product.history.filter(history_type="+").update(history_date="2025-01-01T00:00Z")

    first = history_of(product)
    second = history_of(product, skip=first.older)

    assert (first.newer, first.older, len(first.entries)) == (None, 50, 50)
    assert (second.newer, second.older, len(second.entries)) == (0, None, 10)
    assert second.entries[0].changes[0].old == "8"
    assert second.entries[-1].word == "added"


@pytest.mark.parametrize("count", [1, 20])
def test_the_history_asks_as_often_for_many_acts(django_assert_num_queries, count):
    product = ProductFactory(flexible_bundle=True)
    history_of(product)
    for _ in range(count):
        BundleComponent.objects.create(bundle=product, family=FamilyFactory())

    with django_assert_num_queries(10):
        history_of(product)
