"""Sellers: the legal entities that sell and invoice."""

from django.urls import reverse_lazy

from config.shared.views.form_pages import RatebookCreateView, RatebookUpdateView
from config.shared.views.lists import RatebookListView
from subscriptions.filters import SellerFilter
from subscriptions.forms.accounts import SellerForm
from subscriptions.models import Seller
from subscriptions.queries.schemes import listed_sellers
from subscriptions.tables import SellerTable


class SellerList(RatebookListView):
    """All sellers."""

    permission_required = "subscriptions.view_seller"
    queryset = listed_sellers()
    filterset_class = SellerFilter
    table_class = SellerTable
    title = "Sellers"
    empty_text = "A seller is the legal entity on the bill. Add the first one."
    new_action = ("New seller", "subscriptions:seller_new", "subscriptions.add_seller")


class SellerPages:
    """What the pages of one seller share."""

    model = Seller
    form_class = SellerForm
    slug_field = slug_url_kwarg = "code"
    parents = (("Sellers", reverse_lazy("subscriptions:seller_list")),)

    def get_success_url(self):
        """Return to the list."""
        return self.get_cancel_url()


class SellerCreate(SellerPages, RatebookCreateView):
    """A new seller."""

    permission_required = "subscriptions.add_seller"


class SellerUpdate(SellerPages, RatebookUpdateView):
    """A seller; bills that were posted keep what they say."""

    permission_required = "subscriptions.change_seller"
    lead = "Holds for bills made from now on."
