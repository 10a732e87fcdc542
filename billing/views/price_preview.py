"""What would it cost, and why: the price preview, and what its fields find."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.views.generic import TemplateView

from billing.forms import PricePreviewForm, discount_label
from billing.operations.errors import BillingError
from billing.operations.price_preview import price_preview
from catalog.models import SalesBundle
from config.shared.operations.clock import today
from config.shared.views.choices import ChoicesView
from config.shared.views.form_pages import show_refusal
from pricing.models import AdditiveDiscount, PricePlan
from pricing.queries.errors import PricingError
from subscriptions.models import Account

ASKED = "ask"


class PricePreviewPage(PermissionRequiredMixin, TemplateView):
    """A question in the address, and the price with every step that leads to it."""

    permission_required = "pricing.view_priceplan"
    template_name = "billing/price_preview.html"

    def get_context_data(self, **kwargs):
        """Add the form, and the answer once something is asked."""
        form = self.get_form()
        answer = self.answer(form) if form.is_bound and form.is_valid() else None
        return super().get_context_data(form=form, answer=answer, title="Price preview", **kwargs)

    def get_form(self):
        """Return the form as it was sent, or, from a link, with what the address names."""
        request = self.request
        may_see_accounts = request.user.has_perm("subscriptions.view_account")
        if ASKED in request.GET:
            return PricePreviewForm(request.GET, may_see_accounts=may_see_accounts)
        named = {name: request.GET[name] for name in ("product", "plan") if name in request.GET}
        return PricePreviewForm(initial={"on": today(), **named}, may_see_accounts=may_see_accounts)

    def answer(self, form):
        """Return the price; a refusal is shown at its field."""
        try:
            return price_preview(form.question())
        except (BillingError, PricingError) as refusal:
            show_refusal(form, refusal)
            return None


class ChoosePreviewPlan(ChoicesView):
    """Price plans, drafts too: one asks before a plan is made effective."""

    permission_required = "pricing.view_priceplan"
    queryset = PricePlan.objects.order_by("name", "id")


class ChoosePreviewDiscount(ChoicesView):
    """Additive discounts, drafts too."""

    permission_required = "pricing.view_additivediscount"
    queryset = AdditiveDiscount.objects.order_by("name", "id")

    def choice(self, row):
        """Say which are drafts."""
        shown = super().choice(row)
        return {**shown, "label": discount_label(row, shown["label"])}


class ChoosePreviewBundle(ChoicesView):
    """Sales bundles."""

    permission_required = "catalog.view_salesbundle"
    queryset = SalesBundle.objects.order_by("name", "id")


class ChoosePreviewAccount(ChoicesView):
    """Accounts."""

    permission_required = "subscriptions.view_account"
    queryset = Account.objects.order_by("name", "id")
    code_field = "number"
    searched = ("number", "name")
