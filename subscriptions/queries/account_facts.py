"""What accounts were on each day: prices of days that are rated again look at it."""

from collections.abc import Collection
from datetime import date

from config.shared.db import among
from pricing.kernel.conditions import DatedClasses
from pricing.kernel.periods import shared_period
from subscriptions.models import Account, PastAccountClasses


def classes_of(account_ids: Collection[int]) -> dict[int, tuple[DatedClasses, ...]]:
    """Return class and classification of each account, in order, for all days; two queries."""
    past: dict[int, list[DatedClasses]] = {}
    rows = PastAccountClasses.objects.filter(account_id__in=among(account_ids))
    for account_id, start, end, account_class, classification in rows.order_by(
        "account_id", "period"
    ).values_list(
        "account_id", "period__startswith", "period__endswith", "account_class", "classification"
    ):
        days = shared_period(start or date.min, end)
        past.setdefault(account_id, []).append(DatedClasses(days, account_class, classification))
    found: dict[int, tuple[DatedClasses, ...]] = {}
    now = Account.objects.filter(pk__in=among(account_ids)).order_by("pk")
    for account_id, account_class, classification in now.values_list(
        "pk", "account_class_id", "classification_id"
    ):
        before = tuple(past.get(account_id, ()))
        since = before[-1].period.end if before else None
        days = shared_period(since or date.min, None)
        found[account_id] = (*before, DatedClasses(days, account_class, classification))
    return found
