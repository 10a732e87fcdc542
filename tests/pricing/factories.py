"""Prices and taxes for tests: minimal, valid, fixed."""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from catalog.models import Product, ServiceType
from config.shared.db import days
from pricing.kernel.rates import Basis
from pricing.models import (
    Currency,
    PlanState,
    PricePlan,
    PricePlanRate,
    ProductTax,
    TaxCode,
    TaxRate,
    TaxRateVersion,
)
from pricing.operations.plans import add_rate
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
