"""What the seeder copies is, row by row, what the operations make of the same customers."""

import re
from collections import Counter
from dataclasses import asdict
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, models

from billing.models import RatedBillingItem
from pricing.operations.plans import mark_used
from subscriptions.models import Account, ActionKind
from subscriptions.operations.accounts import create_account
from subscriptions.operations.actions import ActionRequest, Addition, perform
from tests.benchmarks.offer import Offer, build_offer
from tests.benchmarks.seeder import customer, seed
from tests.subscriptions.factories import noon

pytestmark = pytest.mark.django_db

ON = date(2026, 1, 1)
ACCOUNTS = 200
NUMBER = re.compile(r"([A-Z])-(\d{6,})")


def by_operations(offer: Offer, count: int, *, by: User) -> None:
    """Make the seeder's customers as the pages do."""
    for place in range(count):
        account = create_account(
            seller=offer.seller, currency="EUR", opened_on=ON, by=by, **asdict(customer(place))
        )
        perform(
            ActionRequest(
                kind=ActionKind.BECOME_SUBSCRIBER,
                performed_on=ON,
                by=by,
                account_user=account.users.get(),
                subscription_type=offer.subscription_type,
                scheme=offer.scheme,
                additions=tuple(Addition(product) for product in offer.products),
            ),
            now=noon(ON),
        )


def table_counts() -> Counter[str]:
    """Return how many rows each table of the database has."""
    counts: Counter[str] = Counter()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def keys_of(model: type[models.Model]) -> list[Any]:
    """Return the primary keys of a model, ascending."""
    return list(model._default_manager.order_by("pk").values_list("pk", flat=True))


class Masked:
    """The newest rows of some tables, where each key is the place of its row among them.

    So are the numbers made of keys. The instant at which history was written is left out.
    """

    def __init__(self, grown: dict[type[models.Model], int]) -> None:
        self.keys = {model: keys_of(model)[-count:] for model, count in grown.items()}
        self.places = {
            model: {pk: place for place, pk in enumerate(keys)} for model, keys in self.keys.items()
        }

    def rows(self, model: type[models.Model]) -> list[str]:
        """Return the rows of one table as text, sorted: order is no part of what they say."""
        found = model._default_manager.filter(pk__in=self.keys[model]).values()
        fields = {field.attname: field for field in model._meta.concrete_fields}
        told = [
            {name: self._value(model, fields[name], value) for name, value in row.items()}
            for row in found
        ]
        return sorted(str(row) for row in told)

    def _value(self, model: type[models.Model], field: models.Field, value: Any) -> Any:
        if field.name == "history_date":
            return "then"
        if field.primary_key and field.remote_field is None:
            return "key"
        target = field.related_model
        if field.name == "id":  # of history: the key of the row it is about
            target = model.instance_type
        if target in self.places and value is not None:
            return f"#{self.places[target][value]}"
        number = NUMBER.fullmatch(value) if field.name == "number" else None
        if number is not None:
            owner = getattr(model, "instance_type", model)
            return f"{number[1]}-#{self.places[owner][int(number[2])]}"
        return value


def test_seeded_accounts_are_row_by_row_what_the_operations_make() -> None:
    offer = build_offer()
    by = User.objects.create_user("bench")
    mark_used([offer.plan.pk], now=noon(ON))  # by its first customer, whoever makes that
    models_of = {
        model._meta.db_table: model for model in apps.get_models(include_auto_created=True)
    }
    before = table_counts()

    by_operations(offer, ACCOUNTS, by=by)
    made = table_counts() - before
    expected = Masked({models_of[table]: count for table, count in made.items()})
    rows = {model: expected.rows(model) for model in expected.keys}
    seed(offer, ACCOUNTS, on=ON, by=by, now=noon(ON))

    assert table_counts() - before - made == made
    seeded = Masked({models_of[table]: count for table, count in made.items()})
    assert len(rows) == 11
    for model, expected_rows in rows.items():
        assert seeded.rows(model) == expected_rows, model._meta.db_table


def test_seeding_uses_the_plan_and_bills_nothing() -> None:
    offer = build_offer()

    seed(offer, 3, on=ON, by=None, now=noon(ON))

    offer.plan.refresh_from_db()
    assert offer.plan.used_at == noon(ON)
    assert Account.objects.count() == 3
    assert not RatedBillingItem.objects.exists()
