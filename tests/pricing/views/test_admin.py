"""The plain admin of prices: it opens, shows history, and keeps the freeze."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse

from pricing.models import (
    Currency,
    DeckTimeBand,
    PricePlan,
    PricePlanRate,
    ProductTax,
    ProductUsagePlan,
    RateDeck,
    RateDeckVersion,
    TaxCode,
    TaxRate,
    TierPlan,
    TierPlanTier,
    UsageCatalog,
    UsageCatalogRow,
    VoicePlan,
    VoicePlanClass,
)
from pricing.operations.decks import BandRow
from pricing.operations.plans import mark_used
from pricing.operations.tier_plans import TierRow
from pricing.operations.usage_catalogs import add_usage_rate
from pricing.operations.voice_plans import ClassRow, set_usage_plan
from tests.catalog.factories import ProductFactory, ProductTypeFactory
from tests.pricing.factories import (
    RateDeckFactory,
    RateFactory,
    TierPlanFactory,
    UsageCatalogFactory,
    VoicePlanFactory,
    read_deck,
    vat,
)

pytestmark = pytest.mark.django_db
MODELS = [Currency, PricePlan, PricePlanRate, ProductTax, TaxCode, TaxRate]
USAGE_MODELS = [
    *(DeckTimeBand, ProductUsagePlan, RateDeck, RateDeckVersion, TierPlan, TierPlanTier),
    *(UsageCatalog, UsageCatalogRow, VoicePlan, VoicePlanClass),
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_lists_and_records_open(admin: Client, model: type[models.Model]) -> None:
    vat(RateFactory().product)
    name = f"admin:pricing_{model._meta.model_name}"
    record = model._default_manager.first()

    assert admin.get(reverse(f"{name}_changelist")).status_code == 200
    assert admin.get(reverse(f"{name}_change", args=[record.pk])).status_code == 200


@pytest.mark.parametrize("model", USAGE_MODELS, ids=lambda model: model.__name__)
def test_lists_and_records_of_usage_open(admin: Client, model: type[models.Model]) -> None:
    deck = RateDeckFactory(bands=[BandRow("night", [0], 0, 360)])
    read_deck(deck, "Prefix,Rate\n49,0.03\n")
    voice = VoicePlanFactory(deck=deck, classes=[ClassRow("LOCAL", "Local", ["1"], "FREE")])
    TierPlanFactory(style="MARGINAL", tiers=[TierRow(None, Decimal(1))])
    set_usage_plan(ProductFactory(), voice)
    film = ProductFactory(type=ProductTypeFactory(usage=True))
    add_usage_rate(UsageCatalogFactory(), product=film, rate=Decimal(1))
    name = f"admin:pricing_{model._meta.model_name}"
    record = model._default_manager.first()

    assert admin.get(reverse(f"{name}_changelist")).status_code == 200
    assert admin.get(reverse(f"{name}_change", args=[record.pk])).status_code == 200


def test_a_plan_has_a_history(admin: Client) -> None:
    plan = RateFactory().plan

    page = admin.get(reverse("admin:pricing_priceplan_history", args=[plan.pk]))

    assert page.status_code == 200


def test_a_used_plan_and_its_rates_are_read_only(admin: Client) -> None:
    rate = RateFactory()
    mark_used([rate.plan_id], now=datetime(2026, 1, 15, tzinfo=UTC))

    for name, pk in (("priceplan", rate.plan_id), ("priceplanrate", rate.pk)):
        response = admin.post(reverse(f"admin:pricing_{name}_change", args=[pk]), {})
        assert response.status_code == 403
