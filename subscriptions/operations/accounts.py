"""Accounts and their users."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.module_loading import import_string

from catalog.models import Technology
from config.shared.operations.numbers import new_number
from config.shared.operations.signing import sign
from pricing.models import Currency
from subscriptions.models import Account, AccountStatus, AccountUser, Seller, UserStatus
from subscriptions.operations.past_classes import keep_past_classes
from subscriptions.queries.account_lists import search_key

BILLING_DAYS: Final = range(1, 32)


class AccountError(Exception):
    """An account or user cannot be kept as asked; `field` names the form field at fault."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class WrongBillingDay(AccountError):
    """The billing day is no day of the month."""


class WrongAccountData(AccountError):
    """A value that an account cannot have."""


class CurrencyFixed(AccountError):
    """An account keeps its currency for life."""


class AccountIsClosed(AccountError):
    """A closed account gets no users."""


# What the caller may set; number, sort name and status have acts of their own.
ACCOUNT_FIELDS: Final = frozenset(
    {
        "name",
        "account_class",
        "classification",
        "billing_day",
        "payment_terms_days",
        "credit_limit",
        "grace_until",
        "immune",
        "taxable",
        "exemption_number",
        "tax_region",
        "email",
        "phone",
        "street",
        "postal_code",
        "city",
        "country",
    }
)
USER_FIELDS: Final = frozenset(
    {
        "name",
        "technology",
        "tax_region",
        "email",
        "phone",
        "street",
        "postal_code",
        "city",
        "country",
    }
)


def sort_key(name: str) -> str:
    """Return what names sort and are searched by: casefolded, no accents or apostrophes.

    The server may have no ICU collation, so the key is stored.
    """
    return search_key(name)[:120]


@transaction.atomic
def create_account(
    *,
    name: str,
    seller: Seller,
    currency: Currency | str,
    billing_day: int = 1,
    opened_on: date,
    by: User | None,
    user_name: str | None = None,
    technology: Technology | None = None,
    **fields: Any,
) -> Account:
    """Open an account with its first user, in one act (BillMax: enter account).

    The user takes the account's contact details, and its name unless `user_name` is given.
    `fields` are further fields of the account.

    Raises WrongBillingDay or WrongAccountData.
    """
    fields = {"name": name, "billing_day": billing_day, **fields}
    _check_account(fields)
    pk, number = new_number(Account, "A")
    account = Account(
        pk=pk,
        number=number,
        seller=seller,
        currency_id=currency if isinstance(currency, str) else currency.pk,
        opened_on=opened_on,
        sort_name=sort_key(name),
        **fields,
    )
    sign(account, by)
    account.save(force_insert=True)
    contact = ("email", "phone", "street", "postal_code", "city", "country")
    create_user(
        account,
        name=user_name or name,
        technology=technology,
        by=by,
        **{each: getattr(account, each) for each in contact},
    )
    return account


@transaction.atomic
def update_account(account: Account, *, by: User | None, on: date, **fields: Any) -> Account:
    """Change fields of an account; a changed billing day holds for subscriptions made later.

    Another class or classification holds from the day `on`: prices of earlier days go on looking
    at what it was. Handlers in settings.ACCOUNT_CHANGED_HANDLERS are told.

    Raises WrongBillingDay, WrongAccountData or CurrencyFixed.
    """
    account = Account.objects.select_for_update(of=("self",), no_key=True).get(pk=account.pk)
    currency = fields.pop("currency", None)
    if currency is not None and str(currency) != account.currency_id:
        raise CurrencyFixed(
            f"{account.number} is kept in {account.currency_id}: open another account for "
            f"{currency}.",
            field="currency",
        )
    _check_account(fields)
    if "name" in fields:
        fields["sort_name"] = sort_key(fields["name"])
    reclassified = keep_past_classes(account, fields, on=on)
    for field, value in fields.items():
        setattr(account, field, value)
    sign(account, by)
    account.save(update_fields=list(fields))
    if reclassified:
        for path in settings.ACCOUNT_CHANGED_HANDLERS:
            import_string(path)().classes_changed(account, on=on)
    return account


@transaction.atomic
def create_user(account: Account, *, name: str, by: User | None, **fields: Any) -> AccountUser:
    """Add a user, a service location or person, to an account.

    Raises AccountIsClosed or WrongAccountData.
    """
    if account.status == AccountStatus.CLOSED:
        raise AccountIsClosed(f"{account.number} is closed.")
    fields = {"name": name, **fields}
    _check_user(fields)
    pk, number = new_number(AccountUser, "U")
    user = AccountUser(pk=pk, number=number, account=account, status=UserStatus.ACTIVE, **fields)
    sign(user, by)
    user.save(force_insert=True)
    return user


@transaction.atomic
def update_user(user: AccountUser, *, by: User | None, **fields: Any) -> AccountUser:
    """Change fields of a user. What it takes stays, whatever its technology becomes.

    Raises WrongAccountData.
    """
    _check_user(fields)
    user = AccountUser.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
    for field, value in fields.items():
        setattr(user, field, value)
    sign(user, by)
    user.save(update_fields=list(fields))
    return user


def _check_account(fields: Mapping[str, Any]) -> None:
    _check_names(fields, ACCOUNT_FIELDS)
    day = fields.get("billing_day", 1)
    if day not in BILLING_DAYS:
        raise WrongBillingDay(
            f"The billing day is a day of the month, 1 to 31, not {day}.", field="billing_day"
        )
    limit = fields.get("credit_limit")
    if limit is not None and limit < 0:
        raise WrongAccountData("A credit limit is 0 or more.", field="credit_limit")


def _check_user(fields: Mapping[str, Any]) -> None:
    _check_names(fields, USER_FIELDS)


def _check_names(fields: Mapping[str, Any], known: frozenset[str]) -> None:
    unknown = sorted(set(fields) - known)
    if unknown:
        raise TypeError(f"not a field that can be set: {', '.join(unknown)}")
    if "name" in fields and not fields["name"].strip():
        raise WrongAccountData("Give a name.", field="name")
