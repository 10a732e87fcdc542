"""Panels of a subscription's page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from config.shared.operations.clock import today
from config.shared.panels import Panel
from subscriptions.models import ActionKind, ServiceState, Subscription
from subscriptions.operations.transitions import next_state
from subscriptions.panels.accounts import shows_closed
from subscriptions.queries.shown_services import shown_subscriptions
from subscriptions.queries.subscriptions import acts_of, expenses_of

MOST_ACTS = 50
ACT = "subscriptions.add_subscriptionaction"
# Kind of act, the end of its page's url name, and what its button says.
ACTS = (
    (ActionKind.ACTIVATE, "activate", "Activate"),
    (ActionKind.DEACTIVATE, "deactivate", "Deactivate"),
    (ActionKind.SET_END_DATE, "end_date", "Set end date"),
    (ActionKind.CANCEL, "cancel", "Cancel"),
)


def possible_acts(subscription: Subscription) -> list[tuple[str, str]]:
    """Return (end of url name, label) of the acts that lead on from a service's state now.

    Reads the services as prefetched.
    """
    states = {
        ServiceState(each.state) for each in subscription.services.all() if each.parent_id is None
    }
    return [
        (name, label)
        for kind, name, label in ACTS
        if any(next_state(kind, state) is not None for state in states)
    ]


class Services(Panel):
    """The services with their components; some can be chosen for an act."""

    title = "Services"
    slug = "services"
    template_name = "subscriptions/partials/subscription_services_panel.html"
    tab = "overview"
    order = 10

    def context(self, obj: Subscription, request: HttpRequest) -> Mapping[str, Any]:
        """Return the services and the acts that can be done on some; two queries."""
        with_closed = shows_closed(request)
        (shown,) = shown_subscriptions([obj], on=today(), with_closed=with_closed)
        return {
            "shown": shown,
            "count": len(shown.services),
            "with_closed": with_closed,
            "closed_count": shown.closed_count,
            "acts": possible_acts(obj) if request.user.has_perm(ACT) else [],
        }


class Expenses(Panel):
    """One-time charges put on the subscription."""

    title = "One-time charges"
    slug = "expenses"
    template_name = "subscriptions/partials/expenses_panel.html"
    tab = "overview"
    order = 20

    def context(self, obj: Subscription, request: HttpRequest) -> Mapping[str, Any]:
        """Return the charges; one query."""
        expenses = list(expenses_of(obj))
        return {"expenses": expenses, "count": len(expenses)}


class Actions(Panel):
    """What was done, and what is noted down for a later day."""

    title = "Actions"
    slug = "actions"
    template_name = "subscriptions/partials/actions_panel.html"
    tab = "overview"
    order = 30

    def context(self, obj: Subscription, request: HttpRequest) -> Mapping[str, Any]:
        """Return the newest acts; two queries."""
        acts = list(acts_of(obj)[: MOST_ACTS + 1])
        return {
            "acts": acts[:MOST_ACTS],
            "is_cut": len(acts) > MOST_ACTS,
            "count": f"{MOST_ACTS}+" if len(acts) > MOST_ACTS else len(acts),
            "may_take_back": request.user.has_perm("subscriptions.change_subscriptionaction"),
        }


class Terms(Panel):
    """The billing terms, stretch by stretch."""

    title = "Billing terms"
    slug = "terms"
    template_name = "subscriptions/partials/terms_panel.html"
    tab = "billing"
    order = 10

    def context(self, obj: Subscription, request: HttpRequest) -> Mapping[str, Any]:
        """Return the terms as prefetched, the newest first."""
        terms = list(reversed(obj.terms.all()))
        return {"terms": terms, "count": len(terms)}
