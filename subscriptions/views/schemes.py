"""Billing term schemes: the list, a new one, its page."""

from django.urls import reverse, reverse_lazy

from config.shared.history_panel import HistoryPanel
from config.shared.views.form_pages import RatebookCreateView, RatebookUpdateView
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Action, ObjectPageView
from subscriptions.filters import SchemeFilter
from subscriptions.forms.schemes import SchemeForm
from subscriptions.models import BillingTermScheme
from subscriptions.operations.schemes import SchemeError, create_scheme, update_scheme
from subscriptions.panels.schemes import ProductsOfScheme, SchemeSettings
from subscriptions.queries.schemes import listed_schemes
from subscriptions.tables import SchemeTable
from subscriptions.views.accounts import RECORD_PAGE

SCHEMES = ("Billing term schemes", reverse_lazy("subscriptions:scheme_list"))


class SchemeList(RatebookListView):
    """All schemes."""

    permission_required = "subscriptions.view_billingtermscheme"
    queryset = listed_schemes()
    filterset_class = SchemeFilter
    table_class = SchemeTable
    title = "Billing term schemes"
    empty_text = (
        "A scheme says how subscriptions are billed: when, how often, at which prices. Make the "
        "first one."
    )
    new_action = ("New scheme", "subscriptions:scheme_new", "subscriptions.add_billingtermscheme")


class SchemeCreate(RatebookCreateView):
    """A new scheme; its products are added on its page."""

    permission_required = "subscriptions.add_billingtermscheme"
    model = BillingTermScheme
    form_class = SchemeForm
    title = "New billing term scheme"
    parents = (SCHEMES,)
    refusals = (SchemeError,)

    def act(self, form):
        """Set it up."""
        self.object = create_scheme(**form.cleaned_data)
        return self.object


class SchemeMixin:
    """A page of the scheme that the address names."""

    slug_field = slug_url_kwarg = "code"

    def get_queryset(self):
        """Join what the header shows."""
        return BillingTermScheme.objects.select_related("default_plan")


class SchemePage(SchemeMixin, ObjectPageView):
    """A scheme with its products."""

    permission_required = "subscriptions.view_billingtermscheme"
    template_name = RECORD_PAGE
    own_panels = (SchemeSettings, ProductsOfScheme, HistoryPanel)
    tabs = (("overview", "Overview"), ("history", "History"))

    def get_number(self):
        """Show the code."""
        return self.object.code

    def get_state(self):
        """Show the state."""
        return self.object.state, self.object.get_state_display()

    def get_parents(self):
        """Lead back to the list."""
        return [SCHEMES]

    def get_actions(self):
        """Offer to change it."""
        url = reverse("subscriptions:scheme_edit", args=[self.object.code])
        permission = "subscriptions.change_billingtermscheme"
        return [Action("Change scheme", url, permission, primary=True, key="e")]


class SchemeUpdate(SchemeMixin, RatebookUpdateView):
    """Change a scheme."""

    permission_required = "subscriptions.change_billingtermscheme"
    form_class = SchemeForm
    lead = "Holds for subscriptions made from now on: what was agreed stays as it is."
    refusals = (SchemeError,)

    def get_object(self, queryset=None):
        """Keep the stored name: the form writes the typed one on the object."""
        scheme = super().get_object(queryset)
        self.stored = str(scheme)
        return scheme

    def get_title(self):
        """Name the scheme as it is stored."""
        return f"Change {self.stored}"

    def get_parents(self):
        """Lead back to the scheme."""
        return [SCHEMES, (self.stored, reverse("subscriptions:scheme_detail", kwargs=self.kwargs))]

    def act(self, form):
        """Change it."""
        self.object = update_scheme(self.object, **form.cleaned_data)
        return self.object
