"""Providers: their list, the page of one with its distributors, putting them into use."""

from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy

from config.shared.history_panel import HistoryPanel
from config.shared.views.form_pages import ConfirmView, RatebookCreateView, RatebookUpdateView
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Action, Alert, Fact, ObjectPageView
from provisioning.filters import ProviderFilter
from provisioning.forms import ProviderForm
from provisioning.models import Distributor, Provider
from provisioning.operations.providers import ProviderError, remove_distributor, set_effective
from provisioning.panels import ProviderDistributors, ProviderProducts
from provisioning.queries.distributions import listed_providers
from provisioning.tables import ProviderTable

PROVIDERS = ("Providers", reverse_lazy("provisioning:provider_list"))


class ProviderList(RatebookListView):
    """All providers."""

    permission_required = "provisioning.view_provider"
    queryset = listed_providers()
    filterset_class = ProviderFilter
    table_class = ProviderTable
    title = "Providers"
    empty_text = "A provider is a head-end or platform that switches services on and off."
    new_action = ("New provider", "provisioning:provider_new", "provisioning.add_provider")


class CreateProvider(RatebookCreateView):
    """A new provider; its distributors follow on its page."""

    permission_required = "provisioning.add_provider"
    model = Provider
    form_class = ProviderForm
    parents = (PROVIDERS,)
    lead = "Save it, add its distributors, then set it as effective."


class ProviderMixin:
    """A page of the provider that the address names."""

    model = Provider
    slug_field = slug_url_kwarg = "code"


class ProviderPage(ProviderMixin, ObjectPageView):
    """A provider: connection, distributors, products."""

    permission_required = "provisioning.view_provider"
    own_panels = (ProviderDistributors, ProviderProducts, HistoryPanel)
    tabs = (("overview", "Overview"), ("history", "History"))

    def get_number(self):
        """Show the code."""
        return self.object.code

    def get_state(self):
        """Show whether it is in use."""
        effective = self.object.effective
        return ("EFFECTIVE", "Effective") if effective else ("OFF", "Not effective")

    def get_parents(self):
        """Lead back to the list."""
        return [PROVIDERS]

    def get_facts(self):
        """Return how it is reached."""
        provider = self.object
        return [
            Fact("Protocol", provider.get_protocol_display()),
            Fact("Address", provider.url),
            Fact("Time-out", f"{provider.timeout_seconds} s"),
            Fact("Asked", provider.get_method_display()),
        ]

    def get_alerts(self):
        """Say what is missing."""
        if self.object.effective:
            return []
        return [Alert("Not effective: it is asked nothing.", "info")]

    def get_actions(self):
        """Offer to put it into use or out of it, to change it, and to see its requests."""
        provider = self.object
        requests = reverse("provisioning:request_list")
        return [
            Action(
                "Set as not effective" if provider.effective else "Set as effective",
                reverse("provisioning:provider_switch", args=[provider.code]),
                "provisioning.change_provider",
                primary=True,
            ),
            Action(
                "Change",
                reverse("provisioning:provider_change", args=[provider.code]),
                "provisioning.change_provider",
                primary=True,
            ),
            Action(
                "Requests",
                f"{requests}?provider={provider.pk}",
                "provisioning.view_provisioningrequest",
            ),
        ]


class ChangeProvider(ProviderMixin, RatebookUpdateView):
    """Change how a provider is reached."""

    permission_required = "provisioning.change_provider"
    form_class = ProviderForm

    def get_parents(self):
        """Lead back to the provider."""
        address = reverse("provisioning:provider_detail", args=[self.kwargs["code"]])
        return [PROVIDERS, (str(self.object), address)]


class SwitchProvider(ConfirmView):
    """Put a provider into use, or out of it."""

    permission_required = "provisioning.change_provider"
    danger = False
    refusals = (ProviderError,)

    @property
    def provider(self):
        """The provider, read once."""
        if not hasattr(self, "_provider"):
            self._provider = get_object_or_404(Provider, code=self.kwargs["code"])
        return self._provider

    @property
    def submit_label(self):
        """Say what is done."""
        return "Set as not effective" if self.provider.effective else "Set as effective"

    def get_title(self):
        """Name the provider."""
        return f"{self.submit_label}: {self.provider}"

    def get_lead(self):
        """Say what follows."""
        if self.provider.effective:
            return "From now on it is asked nothing; requests already made are still delivered."
        return "From now on it is asked whenever a service goes on or off that it carries."

    def get_parents(self):
        """Lead back to the provider."""
        return [PROVIDERS, (str(self.provider), self.provider.get_absolute_url())]

    def act(self, form):
        """Switch it."""
        return set_effective(self.provider, effective=not self.provider.effective)

    def get_success_message(self):
        """Say how it stands."""
        return f"{self.result} is {'' if self.result.effective else 'not '}effective now."


class RemoveDistributor(ConfirmView):
    """Remove a distributor that no product uses."""

    permission_required = "provisioning.delete_distributor"
    submit_label = "Remove"
    refusals = (ProviderError,)

    @property
    def distributor(self):
        """The distributor, read once."""
        if not hasattr(self, "_distributor"):
            self._distributor = get_object_or_404(
                Distributor.objects.select_related("provider"),
                provider__code=self.kwargs["code"],
                code=self.kwargs["distributor"],
            )
        return self._distributor

    def get_title(self):
        """Name it."""
        return f"Remove {self.distributor} from {self.distributor.provider}"

    def get_parents(self):
        """Lead back to the provider."""
        provider = self.distributor.provider
        return [PROVIDERS, (str(provider), provider.get_absolute_url())]

    def act(self, form):
        """Remove it."""
        remove_distributor(self.distributor)
        return self.distributor

    def get_success_message(self):
        """Say so."""
        return f"{self.result} was removed."
