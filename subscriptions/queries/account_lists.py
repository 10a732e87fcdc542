"""The accounts list and its search."""

import re
import unicodedata

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from subscriptions.models import Account, AccountUser, ServiceState, SubscribedService, Subscription

_LIVE = (ServiceState.EFFECTIVE, ServiceState.NOT_EFFECTIVE, ServiceState.DRAFT)
# Letters that Unicode does not take apart into a plain one and its mark.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)
# Apostrophes as people type them, and what stands for one on a keyboard.
_APOSTROPHES = str.maketrans("", "", "'’‘ʼʹ`´＇")
_PHONE = re.compile(r"\+?[\d\s()./-]+")
_FEWEST_DIGITS = 5
_NUMBER = re.compile(r"[a-z]-\d+", re.IGNORECASE)


def listed_accounts() -> QuerySet[Account]:
    """Return all accounts by name, with class and `service_count`: services that are not closed,
    packages counted once.
    """
    services = (
        SubscribedService.objects.filter(
            subscription__account=OuterRef("pk"), parent=None, state__in=_LIVE
        )
        .order_by()
        .values("subscription__account")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return (
        Account.objects.select_related("account_class")
        .annotate(service_count=Coalesce(Subquery(services), 0, output_field=IntegerField()))
        .order_by("sort_name", "pk")
    )


def search_key(text: str) -> str:
    """Return the text as names are stored to be searched by: casefolded, without accents and
    apostrophes.
    """
    plain = text.translate(_APOSTROPHES).casefold().translate(_LETTERS)
    decomposed = unicodedata.normalize("NFKD", plain)
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark)).strip()


def search_accounts(accounts: QuerySet[Account], text: str) -> QuerySet[Account]:
    """Narrow accounts to those that a caller may mean; up to two queries before the list's own.

    A number (of the account, a user or a subscription) or a phone number that somebody has, or
    else a part of one, finds these alone. Otherwise all words have to occur in the name; names
    that begin with the text come first.
    """
    text = text.strip()
    for condition in _numbers(text):
        found = accounts.filter(condition)
        if found.exists():
            return found
    key = search_key(text)
    words = Q()
    for word in key.split():
        words &= Q(sort_name__contains=word)
    place = Case(
        When(sort_name__startswith=key, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return accounts.filter(words).annotate(place=place).order_by("place", "sort_name", "pk")


def _numbers(text: str) -> list[Q]:
    """Return the conditions that the text, if it is a number, sets: the closest first."""
    if _NUMBER.fullmatch(text):
        number = text.upper()
        users = AccountUser.objects.filter(account=OuterRef("pk"), number=number)
        subscriptions = Subscription.objects.filter(account=OuterRef("pk"), number=number)
        return [Q(number=number) | Exists(users) | Exists(subscriptions)]
    digits = re.sub(r"\D", "", text).removeprefix("00")
    if _PHONE.fullmatch(text) and len(digits) >= _FEWEST_DIGITS:
        return [_has_phone(digits=digits), _has_phone(digits__contains=digits)]
    return []


def _has_phone(**condition: str) -> Q:
    """Return the condition on the digits of an account's phone number, or a user's."""
    digits = Func(
        F("phone"),
        Value(r"\D"),
        Value(""),
        Value("g"),
        function="regexp_replace",
        output_field=CharField(),
    )
    own = Account.objects.annotate(digits=digits).filter(**condition)
    users = AccountUser.objects.annotate(digits=digits).filter(**condition)
    return Q(pk__in=own.values("pk")) | Q(pk__in=users.values("account_id"))
