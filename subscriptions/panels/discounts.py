"""Discounts on the pages of discounts and of subscriptions."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from config.shared.operations.clock import today
from config.shared.panels import Panel
from config.shared.views.object_page import Action
from pricing.models import AdditiveDiscount
from pricing.queries.discount_words import discount_text
from pricing.queries.errors import PricingError
from subscriptions.forms.discounts import DiscountTermsForm, PreviewForm
from subscriptions.models import DiscountTerms, Frequency, GivenDiscount, GivenState, Subscription
from subscriptions.operations.discount_terms import set_discount_terms
from subscriptions.operations.transitions import CLOSED_STATES
from subscriptions.queries.given_discounts import given_of, given_to

MOST_SHOWN = 50


class TermsOfDiscount(Panel):
    """A discount's page: which billing terms it is for."""

    title = "Billing terms"
    slug = "terms"
    order = 30
    template_name = "subscriptions/partials/discount_terms.html"
    form_class = DiscountTermsForm
    form_permission = "subscriptions.change_discountterms"
    refusals = (PricingError,)

    def context(self, obj: AdditiveDiscount, request: HttpRequest) -> Mapping[str, Any]:
        """Return the terms there are; three queries."""
        terms = _terms(obj)
        labels = dict(Frequency.choices)
        return {
            "schemes": list(terms.schemes.all()) if terms else [],
            "types": list(terms.subscription_types.all()) if terms else [],
            "frequencies": [labels[each] for each in terms.frequencies] if terms else [],
            "binding_months": terms.binding_months if terms else None,
        }

    def form_kwargs(self, obj: AdditiveDiscount, request: HttpRequest) -> dict[str, Any]:
        """Start from what there is."""
        terms = _terms(obj)
        if terms is None:
            return {}
        return {
            "initial": {
                "schemes": list(terms.schemes.all()),
                "subscription_types": list(terms.subscription_types.all()),
                "frequencies": terms.frequencies,
                "binding_months": terms.binding_months,
            }
        }

    def submit(self, obj: AdditiveDiscount, request: HttpRequest, form: DiscountTermsForm) -> str:
        """Set them."""
        set_discount_terms(obj, **form.cleaned_data)
        return f"The billing terms of {obj} were saved."


class PreviewOnAccount(Panel):
    """A discount's page: would an account get it, and why, or why not."""

    title = "Preview on an account"
    slug = "preview"
    order = 40
    template_name = "subscriptions/partials/discount_preview_form.html"
    permission = "subscriptions.view_subscription"

    def context(self, obj: AdditiveDiscount, request: HttpRequest) -> Mapping[str, Any]:
        """Return the form that leads to the account's discounts."""
        return {
            "preview_form": PreviewForm(initial={"on": today()}, auto_id="id_preview_%s"),
            "action": reverse("subscriptions:discount_preview"),
        }


class GivenTo(Panel):
    """A discount's page: to whom it was given by hand."""

    title = "Given by hand"
    slug = "given"
    tab = "use"
    order = 10
    template_name = "subscriptions/partials/given_discounts.html"
    permission = "subscriptions.view_givendiscount"

    def context(self, obj: AdditiveDiscount, request: HttpRequest) -> Mapping[str, Any]:
        """Return the newest ones; one query."""
        return {**_shown(given_of(obj), request), "shows_subscription": True}


class SubscriptionDiscounts(Panel):
    """A subscription's page: the discounts it was given."""

    title = "Discounts"
    slug = "discounts"
    tab = "billing"
    order = 20
    template_name = "subscriptions/partials/given_discounts.html"
    permission = "subscriptions.view_givendiscount"

    def context(self, obj: Subscription, request: HttpRequest) -> Mapping[str, Any]:
        """Return the newest ones; one query."""
        return {**_shown(given_to(obj), request), "shows_subscription": False}

    def actions(self, obj: Subscription, request: HttpRequest) -> Iterable[Action]:
        """Offer to give one, and to see which apply."""
        preview = reverse("subscriptions:discount_preview") + f"?account={obj.account.number}"
        if obj.state not in CLOSED_STATES:
            give = reverse("subscriptions:give_discount", args=[obj.number])
            yield Action("Give discount", give, "subscriptions.add_givendiscount", group="discount")
        yield Action(
            "Which discounts apply", preview, "pricing.view_additivediscount", group="discount"
        )


def _terms(discount: AdditiveDiscount) -> DiscountTerms | None:
    rows = DiscountTerms.objects.filter(discount=discount)
    return rows.prefetch_related("schemes", "subscription_types").first()


def _shown(rows: QuerySet[GivenDiscount], request: HttpRequest) -> dict[str, Any]:
    found = list(rows[: MOST_SHOWN + 1])
    user = request.user
    may_decide = user.has_perm("subscriptions.approve_givendiscount")
    may_withdraw = user.has_perm("subscriptions.change_givendiscount")
    return {
        "given": [
            (
                row,
                discount_text(row.discount),
                may_decide and row.state == GivenState.WAITING,
                may_withdraw and row.state in (GivenState.WAITING, GivenState.GRANTED),
            )
            for row in found[:MOST_SHOWN]
        ],
        "is_cut": len(found) > MOST_SHOWN,
        "count": f"{MOST_SHOWN}+" if len(found) > MOST_SHOWN else len(found),
    }
