"""Reads about accounts and users."""

from collections.abc import Collection

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from pricing.models import Currency
from subscriptions.models import Account, AccountUser


def accounts() -> QuerySet[Account]:
    """Return all accounts by name, with class, classification and seller."""
    return Account.objects.select_related(
        "account_class", "classification", "seller", "currency", "tax_region"
    ).order_by("sort_name", "pk")


def users_of(account: Account) -> QuerySet[AccountUser]:
    """Return the account's users, the oldest first, with their technology."""
    return account.users.select_related("technology").order_by("pk")


def account_numbers(account_ids: Collection[int]) -> dict[int, str]:
    """Return the number of each account by primary key; one query."""
    rows = Account.objects.filter(pk__in=account_ids).order_by("pk")
    return dict(rows.values_list("pk", "number"))


def currencies_in_use_first(first: str = "") -> QuerySet[Currency]:
    """Return all currencies: `first` on top, then those that accounts pay in, each by code."""
    in_use = Exists(Account.objects.filter(currency=OuterRef("pk")))
    is_first = ExpressionWrapper(Q(pk=first), BooleanField())
    return Currency.objects.order_by(is_first.desc(), in_use.desc(), "code")
