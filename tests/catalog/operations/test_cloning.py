"""A clone begins as its source is."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import ProductCategory
from catalog.operations.bundles import ComponentRow, set_components
from catalog.operations.cloning import clone_product, cloned_parts
from catalog.operations.errors import CodeTaken
from catalog.operations.products import set_validity, update_product
from pricing.models import PricePlan
from pricing.operations.plans import add_rate
from subscriptions.operations.schemes import add_product_to_type, create_subscription_type
from tests.catalog.factories import (
    AccountClassFactory,
    BrandFactory,
    FamilyFactory,
    ProductFactory,
    TechnologyFactory,
)
from tests.pricing.factories import PricePlanFactory, vat
from tests.provisioning.factories import carry, make_provider
from tests.subscriptions.factories import SchemeFactory

pytestmark = pytest.mark.django_db
EVERYTHING = (
    "validity",
    "components",
    "fees",
    "taxes",
    "prices",
    "schemes",
    "subscription-types",
    "providers",
)


def test_a_clone_has_the_main_information_and_lists_of_its_source():
    category = ProductCategory.objects.create(name="Sport", code="sport")
    source = ProductFactory(
        family=FamilyFactory(code="pay-tv"),
        brand=BrandFactory(),
        description="All goals.",
        availability="DISCONTINUED",
        account_classes=[AccountClassFactory()],
        technologies=[TechnologyFactory()],
    )
    update_product(source, categories=[category])

    clone = clone_product(source, name="Sport HD")

    assert (clone.code, clone.name, clone.availability) == ("PAYTV-0001", "Sport HD", "AVAILABLE")
    assert (clone.type, clone.family, clone.brand) == (source.type, source.family, source.brand)
    assert clone.description == "All goals."
    for name in ("account_classes", "technologies", "categories"):
        assert list(getattr(clone, name).all()) == list(getattr(source, name).all())


def test_only_what_is_ticked_is_copied():
    source = ProductFactory(fixed_bundle=True)
    set_components(source, [ComponentRow(ProductFactory(), 2)])
    set_validity(source, [(date(2026, 1, 1), date(2026, 7, 1))])

    bare = clone_product(source)
    whole = clone_product(source, parts=["validity", "components"])

    assert [part.slug for part, _ in cloned_parts(source)] == ["validity", "components"]
    assert not bare.components.exists()
    assert whole.components.get().product == source.components.get().product
    assert whole.components.get().quantity == 2
    assert whole.validities.get().period == source.validities.get().period


def test_taxes_prices_schemes_types_and_providers_follow():
    source, plan, provider = ProductFactory(), PricePlanFactory(), make_provider()
    tax = vat(source)
    add_rate(plan, product=source, basis="MATURITY", base_amount=Decimal("30"))
    scheme = SchemeFactory()
    subscription_type = create_subscription_type(code="tv", name="TV", schemes=[scheme])
    add_product_to_type(
        subscription_type, source, timing="POST_BILL", exclude_from_deactivation=True
    )
    carried = carry(source, provider, "17")
    PricePlan.objects.filter(pk=plan.pk).update(used_at=timezone.now())

    clone = clone_product(source, code="COPY", parts=EVERYTHING)

    assert clone.taxes.get().tax_rate == tax.tax_rate
    assert clone.rates.get().base_amount == Decimal("30")
    row = clone.schemes.get()
    assert (row.scheme, row.timing, row.exclude_from_deactivation) == (scheme, "POST_BILL", True)
    assert list(clone.subscription_types.all()) == [subscription_type]
    distribution = clone.distributions.get()
    assert (distribution.provider, distribution.external_id) == (provider, "COPY")
    assert list(distribution.distributors.all()) == list(carried.distributors.all())


def test_a_taken_code_is_refused():
    source = ProductFactory(code="SPORT")

    with pytest.raises(CodeTaken) as refusal:
        clone_product(source, code="sport")

    assert refusal.value.field == "code"
