"""Subscription types: the list, a new one, its page, and adding a product."""

from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property

from config.shared.history_panel import HistoryPanel
from config.shared.views.form_pages import (
    ActionFormView,
    RatebookCreateView,
    RatebookUpdateView,
)
from config.shared.views.lists import RatebookListView
from config.shared.views.object_page import Action, ObjectPageView
from subscriptions.filters import SubscriptionTypeFilter
from subscriptions.forms.schemes import (
    NewSubscriptionTypeForm,
    SubscriptionTypeForm,
    TypeProductForm,
    also_added,
)
from subscriptions.models import SubscriptionType
from subscriptions.operations.schemes import (
    SchemeError,
    add_product_to_type,
    create_subscription_type,
    schemes_lacking,
)
from subscriptions.panels.schemes import ProductsOfType, SchemesOfType
from subscriptions.queries.schemes import listed_types
from subscriptions.tables import SubscriptionTypeTable
from subscriptions.views.accounts import RECORD_PAGE
from subscriptions.views.previews import PreviewMixin

TYPES = ("Subscription types", reverse_lazy("subscriptions:type_list"))
CHANGE = "subscriptions.change_subscriptiontype"


class TypeList(RatebookListView):
    """All subscription types."""

    permission_required = "subscriptions.view_subscriptiontype"
    queryset = listed_types()
    filterset_class = SubscriptionTypeFilter
    table_class = SubscriptionTypeTable
    title = "Subscription types"
    empty_text = (
        "A subscription type says which products and schemes go together. Make the first one."
    )
    new_action = (
        "New subscription type",
        "subscriptions:type_new",
        "subscriptions.add_subscriptiontype",
    )


class TypeCreate(RatebookCreateView):
    """A new type with its schemes; its products are added on its page."""

    permission_required = "subscriptions.add_subscriptiontype"
    model = SubscriptionType
    form_class = NewSubscriptionTypeForm
    title = "New subscription type"
    parents = (TYPES,)
    refusals = (SchemeError,)

    def act(self, form):
        """Set it up."""
        self.object = create_subscription_type(**form.cleaned_data)
        return self.object


class TypeMixin:
    """A page of the type that the address names."""

    model = SubscriptionType
    slug_field = slug_url_kwarg = "code"


class TypePage(TypeMixin, ObjectPageView):
    """A type with its products and schemes."""

    permission_required = "subscriptions.view_subscriptiontype"
    template_name = RECORD_PAGE
    own_panels = (ProductsOfType, SchemesOfType, HistoryPanel)
    tabs = (("overview", "Overview"), ("history", "History"))

    def get_number(self):
        """Show the code."""
        return self.object.code

    def get_state(self):
        """Show whether it can be used."""
        return ("ACTIVE", "Active") if self.object.active else ("INACTIVE", "Not active")

    def get_parents(self):
        """Lead back to the list."""
        return [TYPES]

    def get_actions(self):
        """Offer a product, and to change it."""
        code = self.object.code
        add = reverse("subscriptions:type_add_product", args=[code])
        change = reverse("subscriptions:type_edit", args=[code])
        return [
            Action("Add product", add, CHANGE, primary=True, icon="plus", key="a"),
            Action("Change type", change, CHANGE, key="e"),
        ]


class TypeUpdate(TypeMixin, RatebookUpdateView):
    """Change a type's own fields."""

    permission_required = CHANGE
    form_class = SubscriptionTypeForm

    def get_object(self, queryset=None):
        """Keep the stored name: the form writes the typed one on the object."""
        found = super().get_object(queryset)
        self.stored = str(found)
        return found

    def get_title(self):
        """Name the type as it is stored."""
        return f"Change {self.stored}"

    def get_parents(self):
        """Lead back to the type."""
        return [TYPES, (self.stored, reverse("subscriptions:type_detail", kwargs=self.kwargs))]


class AddProductToType(PreviewMixin, ActionFormView):
    """Allow a product on a type; says first which of its schemes get the product too."""

    permission_required = CHANGE
    template_name = "subscriptions/act_form.html"
    form_class = TypeProductForm
    refusals = (SchemeError,)
    check_template = "subscriptions/partials/type_check.html"
    submit_label = "Add product"

    @cached_property
    def type(self):
        """The type that the address names."""
        return get_object_or_404(SubscriptionType, code=self.kwargs["code"])

    def get_title(self):
        """Name the type."""
        return f"Add product – {self.type}"

    def get_parents(self):
        """Lead back to the type."""
        return [TYPES, (str(self.type), self.type.get_absolute_url())]

    def check_of(self, form):
        """Say which schemes get the product."""
        product = form.cleaned_data["product"]
        return (
            f"Allows {product} on {self.type}; {also_added(schemes_lacking(self.type, product))}."
        )

    def act(self, form):
        """Allow it."""
        data = dict(form.cleaned_data)
        self.product = data.pop("product")
        return add_product_to_type(self.type, self.product, **data)

    def get_success_message(self):
        """Say which schemes got it too."""
        also = f", and to {', '.join(map(str, self.result))}" if self.result else ""
        return f"{self.product} was added to {self.type}{also}."
