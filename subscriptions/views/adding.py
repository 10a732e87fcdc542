"""Add a package, service or sales bundle for a user: pick, configure, check on one page."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import RedirectView

from catalog.models import Product
from config.shared.operations.clock import now, today
from config.shared.views.form_pages import ActionFormView
from subscriptions.forms.adding import AddServiceForm
from subscriptions.models import AccountUser, UserStatus
from subscriptions.operations.actions import perform
from subscriptions.queries.accounts import users_of
from subscriptions.queries.offers import find_item, offers_for
from subscriptions.queries.places import places_for
from subscriptions.views.accounts import ACCOUNTS, account_or_404
from subscriptions.views.previews import PreviewMixin


class AddServiceToAccount(PermissionRequiredMixin, RedirectView):
    """Leads to the page of the account's first user that is not closed."""

    permission_required = "subscriptions.add_subscribedservice"

    def get_redirect_url(self, number):
        """Return the page's address."""
        users = users_of(account_or_404(number)).exclude(status=UserStatus.CLOSED)
        user = users.first()
        if user is None:
            raise Http404("The account has no open user.")
        return reverse("subscriptions:add_service", args=[user.number])


class AddService(PreviewMixin, ActionFormView):
    """Add something for a user."""

    permission_required = "subscriptions.add_subscribedservice"
    form_class = AddServiceForm
    template_name = "subscriptions/add_service.html"
    title = "Add service"
    partials = {"steps": "subscriptions/partials/add_steps.html"}

    def get(self, request, *args, **kwargs):
        """Show the page, or the offers alone when htmx asks while somebody searches."""
        if request.htmx and request.htmx.target == "offers":
            context = {**self.offer_context(), "item_key": request.GET.get("item", "")}
            return render(request, "subscriptions/partials/offers.html", context)
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        """Refuse a price of one's own where the person may not set one; go on with the act."""
        if request.POST.get("price_override", "").strip() and not self.may_override:
            raise PermissionDenied("You may not set a price of one's own.")
        if self.item is None:
            messages.error(request, "Pick something to add first.")
            return redirect(request.path)
        return super().post(request, *args, **kwargs)

    @cached_property
    def user(self):
        """The user that the address names."""
        users = AccountUser.objects.select_related("account__account_class", "technology")
        return get_object_or_404(users, number=self.kwargs["number"])

    @cached_property
    def day(self):
        """The business day."""
        return today()

    @cached_property
    def places(self):
        """Where things can go, with what they cost there if something was picked."""
        places = places_for(self.user, on=self.day)
        picked = {product.pk for product in self.products()}
        return places.knowing(picked) if picked else places

    @cached_property
    def item(self):
        """The product or sales bundle that was picked, or None."""
        sent = self.request.POST.get("item_key") or self.request.GET.get("item", "")
        return find_item(sent)

    @property
    def may_override(self):
        """Whether the person may set a price of one's own."""
        return self.request.user.has_perm("subscriptions.override_price")

    def products(self):
        """Return the products of what was picked."""
        if self.item is None:
            return []
        if isinstance(self.item, Product):
            return [self.item]
        return [row.product for row in self.item.items.all()]

    def get_form(self, form_class=None):
        """Return the form, or None as long as nothing is picked."""
        return None if self.item is None else super().get_form(form_class)

    def get_form_kwargs(self):
        """Say what was picked and where it can go."""
        return {
            **super().get_form_kwargs(),
            "item": self.item,
            "places": self.places.taking({product.pk for product in self.products()}),
            "today": self.day,
            "may_override": self.may_override,
        }

    def get_initial(self):
        """Keep what the address says."""
        return {
            "item_key": self.request.GET.get("item", ""),
            "onto": self.request.GET.get("onto", ""),
        }

    def request_of(self, form):
        """Return the act."""
        return form.request(user=self.user, by=self.request.user)

    def act(self, form):
        """Add it."""
        return perform(self.request_of(form), now=now())

    def get_success_message(self):
        """Say what was added."""
        return f"{self.item} was added ({self.result.number})."

    def get_success_url(self):
        """Go on to the user, or stay for the next."""
        if "add_another" in self.request.POST:
            return self.request.path
        return self.user.get_absolute_url()

    def get_parents(self):
        """Lead back to account and user."""
        user = self.user
        return [
            ACCOUNTS,
            (str(user.account), user.account.get_absolute_url()),
            (str(user), user.get_absolute_url()),
        ]

    def offer_context(self):
        """Return the offers and the filter in words."""
        text = self.request.GET.get("q", "").strip()[:100]
        offers = offers_for(
            self.user, self.places, on=self.day, text=text, filtered=settings.OFFER_FILTER
        )
        return {"offers": offers, "q": text, "filter_text": self.filter_text()}

    def filter_text(self):
        """Return the filter in words; "" where the installation shows everything."""
        if not settings.OFFER_FILTER:
            return ""
        account_class = self.user.account.account_class or "none"
        return f"class {account_class}, technology {self.user.technology or 'none'}"

    def get_context_data(self, **kwargs):
        """Add the three steps."""
        context = super().get_context_data(**kwargs)
        form = context["form"]
        context |= {
            "user_of_service": self.user,
            "item": self.item,
            "item_key": self.request.POST.get("item_key") or self.request.GET.get("item", ""),
            "prices": self.prices(form) if form else [],
        }
        if not self.request.htmx:
            context |= self.offer_context()
            context["users"] = [
                each
                for each in users_of(self.user.account)
                if each.status != UserStatus.CLOSED or each == self.user
            ]
        return context

    def prices(self, form):
        """Return the products picked, their prices at the chosen place, or why there is none."""
        place = form.place
        return [
            (
                product,
                place and self.places.price(product.pk, place, on=self.day),
                self.places.why_no_price(product.pk),
            )
            for product in self.products()
        ]
