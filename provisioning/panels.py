"""What provisioning shows on pages: its own, and those of products, customers, runs and home."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest

from catalog.models import Product
from catalog.panels.sections import SECTIONS, SectionPanel
from config.shared.models import Run
from config.shared.panels import Panel
from config.shared.views.object_page import Alert
from provisioning.forms import DistributorForm, ProductProvidersForm
from provisioning.models import Provider, ProvisioningRequest, RequestState
from provisioning.operations.providers import (
    ProviderError,
    add_distributor,
    change_distribution,
)
from provisioning.queries.distributions import (
    distributions_at,
    distributions_by_provider,
    distributors_of,
    providers_with_distributors,
)
from provisioning.queries.requests import (
    FAILED_STATES,
    acts_of_run,
    failed_requests,
    request_states,
    requests_of,
    requests_of_account,
)
from provisioning.queries.shown_json import shown_json
from subscriptions.models import Account, Subscription

SHOWN = 50
ON_HOME = 5
# Runs of billing that switch services off and on; they work on accounts.
SWITCHING_KINDS = frozenset({"deactivation", "activation"})


class RequestDelivery(Panel):
    """How the delivery of a request went."""

    title = "Delivery"
    slug = "delivery"
    order = 10
    template_name = "provisioning/partials/request_delivery.html"


class RequestPayload(Panel):
    """What is sent."""

    title = "Request"
    slug = "request"
    order = 20
    wide = False
    template_name = "provisioning/partials/json.html"

    def context(self, obj: ProvisioningRequest, request: HttpRequest) -> Mapping[str, Any]:
        """Return it as text."""
        return {"text": shown_json(obj.payload)}


class RequestAnswer(Panel):
    """What the provider answered last."""

    title = "Answer"
    slug = "answer"
    order = 30
    wide = False
    template_name = "provisioning/partials/json.html"

    def context(self, obj: ProvisioningRequest, request: HttpRequest) -> Mapping[str, Any]:
        """Return it as text; "" before the first answer."""
        return {"text": "" if obj.response is None else shown_json(obj.response)}


class ProviderDistributors(Panel):
    """The distributors of a provider; new ones are added here."""

    title = "Distributors"
    slug = "distributors"
    order = 10
    template_name = "provisioning/partials/distributors.html"
    form_class = DistributorForm
    form_permission = "provisioning.add_distributor"
    submit_label = "Add distributor"
    refusals = (ProviderError,)

    def context(self, obj: Provider, request: HttpRequest) -> Mapping[str, Any]:
        """Return the distributors."""
        distributors = list(distributors_of(obj))
        return {
            "distributors": distributors,
            "count": len(distributors),
            "may_remove": request.user.has_perm("provisioning.delete_distributor"),
        }

    def submit(self, obj: Provider, request: HttpRequest, form: Any) -> str:
        """Add a distributor."""
        added = add_distributor(obj, **form.cleaned_data)
        return f"{added} was added."


class ProviderProducts(Panel):
    """The products that a provider carries."""

    title = "Products"
    slug = "products"
    order = 20
    template_name = "provisioning/partials/provider_products.html"

    def context(self, obj: Provider, request: HttpRequest) -> Mapping[str, Any]:
        """Return the products with their ids and distributors."""
        distributions = list(distributions_at(obj))
        return {"distributions": distributions, "count": len(distributions)}


class ProductProviders(SectionPanel):
    """The product page: where the product is provisioned, and by which distributors."""

    section = SECTIONS["providers"]
    template_name = "provisioning/partials/product_providers.html"
    permission = "provisioning.view_productdistribution"
    form_class = ProductProvidersForm
    form_permission = "provisioning.change_productdistribution"
    submit_label = "Save providers"
    refusals = (ProviderError,)

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return where the product is now; the form has a row for every provider."""
        distributions = distributions_by_provider(obj)
        return {
            "distributions": list(distributions.values()),
            "count": len(distributions),
            "is_provisioned": obj.type.provisioned,
        }

    def form_kwargs(self, obj: Product, request: HttpRequest) -> dict[str, Any]:
        """Offer all providers."""
        return {
            "providers": providers_with_distributors(),
            "distributions": distributions_by_provider(obj),
        }

    def submit(self, obj: Product, request: HttpRequest, form: Any) -> str:
        """Put the product on providers, change it there, or take it off."""
        for provider, external_id, distributors in form.changed_rows():
            change_distribution(
                obj, provider=provider, external_id=external_id, distributors=distributors
            )
        return f"The providers of {obj} were saved."


class RequestsPanel(Panel):
    """The requests of something, newest first, with those that wait for somebody named on top."""

    title = "Provisioning"
    slug = "provisioning"
    tab = "provisioning"
    template_name = "provisioning/partials/requests.html"
    permission = "provisioning.view_provisioningrequest"

    def requests(self, obj: Any) -> Any:
        """Return the requests."""
        raise NotImplementedError

    def context(self, obj: Any, request: HttpRequest) -> Mapping[str, Any]:
        """Return the newest requests, and whether there are more."""
        found = list(self.requests(obj)[: SHOWN + 1])
        return {"requests": found[:SHOWN], "more": len(found) > SHOWN}

    def alerts(self, obj: Any, request: HttpRequest) -> Iterable[Alert]:
        """Say which requests failed."""
        failed = self.requests(obj).filter(state__in=FAILED_STATES)
        numbers = list(failed.values_list("number", flat=True)[: ON_HOME + 1])
        if numbers:
            shown = ", ".join(numbers[:ON_HOME])
            more = " and more" if len(numbers) > ON_HOME else ""
            yield Alert(f"Provisioning failed and waits for somebody: {shown}{more}.", "error")


class SubscriptionRequests(RequestsPanel):
    """The subscription page: its requests."""

    def requests(self, obj: Subscription) -> Any:
        """Return those of the subscription."""
        return requests_of(obj)

    def context(self, obj: Subscription, request: HttpRequest) -> Mapping[str, Any]:
        """Say that the subscription is clear from the page."""
        return {**super().context(obj, request), "shows_subscription": False}


class AccountRequests(RequestsPanel):
    """The account page: the requests of all its subscriptions."""

    def requests(self, obj: Account) -> Any:
        """Return those of the account's subscriptions."""
        return requests_of_account(obj)

    def context(self, obj: Account, request: HttpRequest) -> Mapping[str, Any]:
        """Tell the requests apart by subscription."""
        return {**super().context(obj, request), "shows_subscription": True}


class FailedOnHome(Panel):
    """The home page: requests that wait for somebody."""

    title = "Failed provisioning"
    slug = "failed-provisioning"
    order = 26
    wide = False
    template_name = "provisioning/partials/failed_on_home.html"
    permission = "provisioning.view_provisioningrequest"

    def context(self, obj: Any, request: HttpRequest) -> Mapping[str, Any]:
        """Return the newest failed requests and how many there are."""
        failed = failed_requests()
        return {"failed": failed[:ON_HOME], "count": failed.count()}


class SwitchedByRun(Panel):
    """The page of a deactivation or activation run: what it touched, and what providers said."""

    title = "Subscriptions touched"
    slug = "touched"
    order = 25
    template_name = "provisioning/partials/run_touched.html"
    permission = "provisioning.view_provisioningrequest"

    def suits(self, obj: Run) -> bool:
        """Show it for runs that switch services off or on."""
        return obj.kind in SWITCHING_KINDS

    def context(self, obj: Run, request: HttpRequest) -> Mapping[str, Any]:
        """Return the first acts with their requests, and all requests by state."""
        acts = acts_of_run(obj)
        return {
            "acts": acts[:SHOWN],
            "count": acts.count(),
            "shown": SHOWN,
            "states": [
                (state, RequestState(state).label, count) for state, count in request_states(acts)
            ],
        }
