"""Which accounts and services a normal run has something to do for."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from billing.models import (
    Bill,
    Directive,
    DocumentState,
    RatedBillingItem,
    RatingMark,
)
from config.shared.db import among
from config.shared.models import LIVE_STATES, Run
from subscriptions.models import Account, BillingTerms, Subscription


class DueMark(NamedTuple):
    """Where the rating of a service stands that may have something to rate."""

    service_id: int
    rated_up_to: date | None
    rerate_from: date | None

    @property
    def looks_back(self) -> bool:
        """Say whether what is rated already has to be compared."""
        return self.rerate_from is not None or self.rated_up_to is None

    @property
    def since(self) -> date | None:
        """Return the day from which rating has to look; None is from the beginning."""
        if self.rerate_from is None or self.rated_up_to is None:
            return self.rated_up_to
        return min(self.rerate_from, self.rated_up_to)


def subscriptions_taken(criteria: Mapping[str, Any], *, as_of: date) -> Q:
    """Return which subscriptions a run takes, as a condition on `Subscription`.

    Schemes are those of the billing terms in force on `as_of`. Without criteria: all.
    """
    taken = Q()
    if types := criteria.get("subscription_types"):
        taken &= Q(type_id__in=types)
    if schemes := criteria.get("schemes"):
        terms = BillingTerms.objects.filter(
            subscription=OuterRef("pk"), period__contains=as_of, scheme_id__in=schemes
        )
        taken &= Q(Exists(terms))
    return taken


def accounts_taken(criteria: Mapping[str, Any]) -> Q:
    """Return which accounts a run takes, as a condition on `Account`."""
    taken = Q()
    if numbers := criteria.get("accounts"):
        taken &= Q(number__in=numbers)
    if classes := criteria.get("account_classes"):
        taken &= Q(account_class_id__in=classes)
    if classifications := criteria.get("classifications"):
        taken &= Q(classification_id__in=classifications)
    return taken


def due_marks(horizon: date) -> QuerySet[RatingMark]:
    """Return the marks of services with something to rate up to `horizon`.

    Source: CRM.COM, services whose rated-up-to date is not after the bill-as-of date are billed.
    """
    return RatingMark.objects.filter(
        Q(rerate_from__isnull=False) | Q(rated_up_to=None) | Q(rated_up_to__lte=horizon),
        finished=False,
    )


def items_to_bill(run: Run | None) -> QuerySet[RatedBillingItem]:
    """Return the items a run may put on documents: its own, and those no other live run holds."""
    held = Run.objects.filter(state__in=LIVE_STATES)
    if run is not None:
        held = held.exclude(pk=run.pk)
    return RatedBillingItem.objects.filter(directive=Directive.NOT_BILLED).exclude(
        run_id__isnull=False, run_id__in=held.values("pk")
    )


def account_keys(run: Run, horizon: date) -> Iterable[int]:
    """Return the ids of the accounts the run has something to do for, ascending."""
    narrow = subscriptions_taken(run.criteria, as_of=run.as_of)
    marks = due_marks(horizon)
    items = items_to_bill(run)
    if narrow:
        taken = Subscription.objects.filter(narrow).values("pk")
        marks = marks.filter(service__subscription__in=taken)
        items = items.filter(subscription__in=taken)
    accounts = Account.objects.filter(accounts_taken(run.criteria))
    found = accounts.filter(
        Q(pk__in=marks.values("account_id")) | Q(pk__in=items.values("account_id"))
    )
    return found.order_by("pk").values_list("pk", flat=True)


def marks_to_rate(run: Run, account_ids: Sequence[int], horizon: date) -> list[DueMark]:
    """Return where the services of these accounts stand that the run has to look at."""
    marks = due_marks(horizon).filter(account_id__in=among(account_ids))
    narrow = subscriptions_taken(run.criteria, as_of=run.as_of)
    if narrow:
        taken = Subscription.objects.filter(narrow, account_id__in=among(account_ids)).values("pk")
        marks = marks.filter(service__subscription__in=taken)
    found = marks.order_by("pk").values_list("pk", "rated_up_to", "rerate_from")
    return [DueMark(*row) for row in found]


def accounts_posted(run: Run, account_ids: Sequence[int]) -> set[int]:
    """Return which of the accounts the run has posted a bill for already."""
    bills = Bill.objects.filter(
        run=run, account_id__in=among(account_ids), state=DocumentState.POSTED
    )
    return set(bills.values_list("account_id", flat=True))
