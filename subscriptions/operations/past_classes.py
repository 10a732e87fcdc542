"""What an account was stays known when its class or classification changes."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from config.shared.db import days
from subscriptions.models import Account, PastAccountClasses

DATED: Final = ("account_class", "classification")


def keep_past_classes(account: Account, fields: Mapping[str, Any], *, on: date) -> bool:
    """Note down what a locked account was on the days before `on`; return whether it changes.

    `account` holds the values that are to be replaced by those in `fields`. What was noted for
    days from `on` on is replaced too.
    """
    changed = [name for name in DATED if name in fields and fields[name] != getattr(account, name)]
    if not changed:
        return False
    rows = PastAccountClasses.objects.filter(account=account)
    rows.filter(period__startswith__gte=on).delete()
    last = rows.order_by("-period").first()
    if last is not None and last.period.upper >= on:
        if last.period.upper > on:
            last.period = days(last.period.lower, on)
            last.save(update_fields=["period"])
        return True
    PastAccountClasses.objects.create(
        account=account,
        period=days(None if last is None else last.period.upper, on),
        account_class=account.account_class,
        classification=account.classification,
    )
    return True
