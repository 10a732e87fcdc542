"""Reads about accounts and users."""

from collections.abc import Collection

from django.db.models import QuerySet

from subscriptions.models import Account, AccountUser


def accounts() -> QuerySet[Account]:
    """Return all accounts by name, with class, classification and seller."""
    return Account.objects.select_related(
        "account_class", "classification", "seller", "currency"
    ).order_by("sort_name", "pk")


def users_of(account: Account) -> QuerySet[AccountUser]:
    """Return the account's users, the oldest first, with their technology."""
    return account.users.select_related("technology").order_by("pk")


def account_numbers(account_ids: Collection[int]) -> dict[int, str]:
    """Return the number of each account by primary key; one query."""
    rows = Account.objects.filter(pk__in=account_ids).order_by("pk")
    return dict(rows.values_list("pk", "number"))
