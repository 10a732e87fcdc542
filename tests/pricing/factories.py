"""Prices and taxes for tests: minimal, valid, fixed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import factory
from factory.django import DjangoModelFactory

from catalog.models import Product, ServiceType
from config.shared.db import days
from pricing.kernel.rates import Basis
from pricing.kernel.usage import Style
from pricing.models import (
    Currency,
    DeckImportMode,
    PlanState,
    PricePlan,
    PricePlanRate,
    ProductTax,
    RateDeck,
    RateDeckImport,
    TaxCode,
    TaxRate,
    TaxRateVersion,
    TierPlan,
    UsageCatalog,
    VoicePlan,
)
from pricing.operations.deck_imports import import_deck
from pricing.operations.decks import create_deck
from pricing.operations.plans import add_rate
from pricing.operations.tier_plans import create_tier_plan
from pricing.operations.usage_catalogs import create_catalog
from pricing.operations.voice_plans import create_voice_plan
from tests.catalog.factories import ProductFactory


class CurrencyFactory(DjangoModelFactory):
    """EUR with two digits; traits for others."""

    class Meta:
        model = Currency
        django_get_or_create = ("code",)

    code = "EUR"
    name = "Euro"
    minor_digits = 2

    class Params:
        yen = factory.Trait(code="JPY", name="Japanese yen", minor_digits=0)
        kuwaiti_dinar = factory.Trait(code="KWD", name="Kuwaiti dinar", minor_digits=3)


class PricePlanFactory(DjangoModelFactory):
    """An effective plan in euros that has not been used."""

    class Meta:
        model = PricePlan

    code = factory.Sequence(lambda number: f"plan-{number}")
    name = factory.LazyAttribute(lambda plan: plan.code.replace("-", " ").capitalize())
    currency = factory.LazyFunction(lambda: CurrencyFactory().code)
    state = PlanState.EFFECTIVE

    class Params:
        draft = factory.Trait(state=PlanState.DRAFT)


class RateFactory(DjangoModelFactory):
    """30.00 a month for a termed service, once for anything else; through the operation."""

    class Meta:
        model = PricePlanRate

    plan = factory.SubFactory(PricePlanFactory)
    product = factory.SubFactory(ProductFactory)
    basis = factory.LazyAttribute(lambda rate: basis_for(rate.product))
    base_amount = Decimal("30.00")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return add_rate(kwargs.pop("plan"), **kwargs)


class TaxCodeFactory(DjangoModelFactory):
    """A VAT without rates."""

    class Meta:
        model = TaxCode
        django_get_or_create = ("code",)

    code = "vat"
    name = "VAT"


def basis_for(product: Product) -> Basis:
    """Return what a product's rate depends on."""
    is_termed = product.type.service_type == ServiceType.TERMED
    return Basis.MATURITY if is_termed else Basis.FLAT_FEE


def vat_rate(fraction: str = "0.10") -> TaxRate:
    """Return the level of the one VAT with this fraction, in force since 2000."""
    tax_rate, is_new = TaxRate.objects.get_or_create(
        tax_code=TaxCodeFactory(),
        code="vat-" + fraction.replace(".", "-"),
        defaults={"name": f"VAT {Decimal(fraction) * 100:.0f} %"},
    )
    if is_new:
        TaxRateVersion.objects.create(
            tax_rate=tax_rate, period=days(date(2000, 1, 1), None), fraction=Decimal(fraction)
        )
    return tax_rate


def vat(product: Product, fraction: str = "0.10") -> ProductTax:
    """Let a product take VAT of this fraction since 2000."""
    tax_rate = vat_rate(fraction)
    return ProductTax.objects.create(
        product=product, tax_code=tax_rate.tax_code, tax_rate=tax_rate, applied=True
    )


class TierPlanFactory(DjangoModelFactory):
    """A linear plan: 0.60 a unit in euros, 10 units free; through the operation."""

    class Meta:
        model = TierPlan

    code = factory.Sequence(lambda number: f"tiers-{number}")
    name = factory.LazyAttribute(lambda plan: plan.code.capitalize())
    currency = factory.LazyFunction(lambda: CurrencyFactory().code)
    style = Style.LINEAR.value
    unit_price = Decimal("0.60")
    free_units = Decimal(10)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return create_tier_plan(**kwargs)


class RateDeckFactory(DjangoModelFactory):
    """A deck in euros without versions; through the operation."""

    class Meta:
        model = RateDeck

    code = factory.Sequence(lambda number: f"deck-{number}")
    name = factory.LazyAttribute(lambda deck: deck.code.capitalize())
    currency = factory.LazyFunction(lambda: CurrencyFactory().code)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return create_deck(**kwargs)


class VoicePlanFactory(DjangoModelFactory):
    """500 minutes outbound, 0.03 a minute beyond; through the operation."""

    class Meta:
        model = VoicePlan

    code = factory.Sequence(lambda number: f"voice-{number}")
    name = factory.LazyAttribute(lambda plan: plan.code.capitalize())
    deck = factory.SubFactory(RateDeckFactory)
    plan_minutes = 500
    overage_rate = Decimal("0.03")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return create_voice_plan(**kwargs)


class UsageCatalogFactory(DjangoModelFactory):
    """An empty catalogue in euros; through the operation."""

    class Meta:
        model = UsageCatalog

    code = factory.Sequence(lambda number: f"catalog-{number}")
    name = factory.LazyAttribute(lambda catalog: catalog.code.capitalize())
    currency = factory.LazyFunction(lambda: CurrencyFactory().code)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return create_catalog(**kwargs)


def read_deck(deck: RateDeck, text: str, **options: Any) -> RateDeckImport:
    """Read rows from text into a version of the deck, by default from 1 January 2026 on."""
    given = {
        "starts_on": date(2026, 1, 1),
        "mode": DeckImportMode.ALL_OR_NOTHING,
        "by": None,
        "now": datetime(2026, 1, 1, tzinfo=UTC),
        **options,
    }
    return import_deck(deck, BytesIO(text.encode()), **given)
