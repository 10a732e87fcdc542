"""A catalogue of a hundred thousand products in seconds: plain SQL, in a database of its own."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.db import connection, models, transaction

from catalog.models import (
    BundleComponent,
    Product,
    ProductBrand,
    ProductFamily,
    ProductType,
    ProductValidity,
)
from pricing.models import ProductTax, TaxRate
from tests.benchmarks.offer import Offer

STATEMENTS: Final = Path(__file__).with_name("catalogue.sql")
TRACKED: Final[tuple[type[models.Model], ...]] = (
    BundleComponent,
    Product,
    ProductBrand,
    ProductFamily,
    ProductType,
    ProductValidity,
)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is seeded."""

    products: int = 100_000
    families: int = 1_000


@transaction.atomic
def seed_catalogue(offer: Offer, size: Size, *, now: datetime) -> None:
    """Add products, families and what hangs on them to the catalogue of `offer`."""
    tax = TaxRate.objects.filter(pk__in=ProductTax.objects.values("tax_rate")).order_by("pk")[0]
    with connection.cursor() as cursor:
        cursor.execute(
            STATEMENTS.read_text(),
            {
                "products": size.products,
                "families": size.families,
                "plan": offer.plan.pk,
                "scheme": offer.scheme.pk,
                "subscription_type": offer.subscription_type.pk,
                "tax_code": tax.tax_code_id,
                "tax_rate": tax.pk,
            },
        )
        for model in TRACKED:
            _write_history(cursor, model, now)


def analyze() -> None:
    """Let the planner know what was seeded, and clean the pages of the indexes."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _write_history(cursor: Any, model: Any, now: datetime) -> None:
    history = model.history.model
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    cursor.execute(
        f"INSERT INTO {history._meta.db_table} ({columns}, history_date, history_type) "
        f"SELECT {columns}, %s, '+' FROM {model._meta.db_table} "
        f"WHERE id NOT IN (SELECT id FROM {history._meta.db_table})",
        [now],
    )
