"""Subscriptions: their list, and the page of one."""

from django.db.models import Prefetch
from django.urls import reverse

from config.shared.operations.clock import today
from config.shared.templatetags.ui_tags import day
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Action, Fact, ObjectPageView
from subscriptions.filters import SubscriptionFilter
from subscriptions.models import BillingTerms, Subscription
from subscriptions.operations.transitions import CLOSED_STATES
from subscriptions.panels.accounts import Notes
from subscriptions.panels.discounts import SubscriptionDiscounts
from subscriptions.panels.subscriptions import (
    ACT,
    Actions,
    Expenses,
    Services,
    Terms,
    possible_acts,
)
from subscriptions.queries.subscriptions import services, subscriptions
from subscriptions.tables import SubscriptionTable
from subscriptions.views.accounts import ACCOUNTS, RECORD_PAGE
from subscriptions.views.users import account_link, user_link


class SubscriptionList(RatebookListView):
    """All subscriptions."""

    permission_required = "subscriptions.view_subscription"
    queryset = subscriptions()
    filterset_class = SubscriptionFilter
    table_class = SubscriptionTable
    title = "Subscriptions"
    empty_text = (
        "A subscription is what a user takes under one set of billing terms. Open an account and "
        "add a service to its user."
    )


class SubscriptionMixin:
    """A page of the subscription that the address names, with services and terms at hand."""

    slug_field = slug_url_kwarg = "number"

    def get_queryset(self):
        """Join what the pages show."""
        terms = BillingTerms.objects.select_related("scheme", "plan").order_by("period", "pk")
        return Subscription.objects.select_related("account", "user", "type").prefetch_related(
            Prefetch("services", services()), Prefetch("terms", terms)
        )


def terms_today(subscription):
    """Return the terms that hold today, as prefetched; None if it has none."""
    found, on = None, today()
    for terms in subscription.terms.all():
        if found is None or terms.period.lower <= on:
            found = terms
    return found


def parents_of(subscription):
    """Return the breadcrumbs of a subscription: account and user."""
    account, user = subscription.account, subscription.user
    return [
        ACCOUNTS,
        (str(account), account.get_absolute_url()),
        (str(user), user.get_absolute_url()),
    ]


class SubscriptionPage(SubscriptionMixin, ObjectPageView):
    """A subscription: services, acts, billing terms, and what upper apps add."""

    permission_required = "subscriptions.view_subscription"
    template_name = RECORD_PAGE
    panel_setting = "SUBSCRIPTION_PANELS"
    own_panels = (Services, Expenses, Actions, Terms, SubscriptionDiscounts, Notes)
    tabs = (
        ("overview", "Overview"),
        ("billing", "Billing"),
        ("provisioning", "Provisioning"),
        ("history", "History"),
    )

    def get_title(self):
        """Show the type."""
        return str(self.object.type)

    def get_number(self):
        """Show the number beside it."""
        return self.object.number

    def get_state(self):
        """Show the state."""
        return self.object.state, self.object.get_state_display()

    def get_parents(self):
        """Lead back to account and user."""
        return parents_of(self.object)

    def get_facts(self):
        """Show whose it is and on what terms."""
        subscription = self.object
        facts = [
            Fact("Account", account_link(subscription.account)),
            Fact("User", user_link(subscription.user)),
            Fact("Since", day(subscription.first_activated_on)),
        ]
        if subscription.reason:
            facts.insert(0, Fact("Reason", subscription.get_reason_display()))
        terms = terms_today(subscription)
        if terms is not None:
            facts += [
                Fact("Scheme", terms.scheme),
                Fact("Price plan", terms.plan),
                Fact("Billed", f"{terms.get_frequency_display().lower()}, day {terms.billing_day}"),
            ]
        return facts

    def get_actions(self):
        """Offer what the states of the services allow."""
        subscription = self.object
        if subscription.state in CLOSED_STATES:
            return []
        number = subscription.number
        add = reverse("subscriptions:add_service", args=[subscription.user.number])
        return [
            Action(
                "Add service",
                f"{add}?onto={number}",
                "subscriptions.add_subscribedservice",
                primary=True,
                icon="plus",
                key="a",
            ),
            *(
                Action(label, reverse(f"subscriptions:subscription_{name}", args=[number]), ACT)
                for name, label in possible_acts(subscription)
            ),
            Action(
                "Add expense",
                reverse("subscriptions:subscription_add_expense", args=[number]),
                "subscriptions.add_addedexpense",
                group="expense",
            ),
        ]
