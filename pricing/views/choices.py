"""What searching fields of pricing find."""

from config.shared.views.choices import ChoicesView
from pricing.models import PricePlan, RateDeck, TierPlan, UsageCatalog, VoicePlan
from pricing.queries.plans import base_plans
from pricing.queries.usage_plans import usage_services


class ChoosePlan(ChoicesView):
    """Price plans; with for=base those that a conditional plan may rest on."""

    permission_required = "pricing.view_priceplan"

    def get_queryset(self):
        """Return the plans."""
        if self.request.GET.get("for") == "base":
            return base_plans()
        return PricePlan.objects.order_by("name", "id")


class ChooseTierPlan(ChoicesView):
    """Tier plans."""

    permission_required = "pricing.view_tierplan"
    queryset = TierPlan.objects.order_by("name", "id")


class ChooseVoicePlan(ChoicesView):
    """Voice plans."""

    permission_required = "pricing.view_voiceplan"
    queryset = VoicePlan.objects.order_by("name", "id")


class ChooseDeck(ChoicesView):
    """Rate decks."""

    permission_required = "pricing.view_ratedeck"
    queryset = RateDeck.objects.order_by("name", "id")


class ChooseUsageCatalog(ChoicesView):
    """Usage catalogues."""

    permission_required = "pricing.view_usagecatalog"
    queryset = UsageCatalog.objects.order_by("name", "id")


class ChooseUsageService(ChoicesView):
    """Products that a usage catalogue takes."""

    permission_required = "catalog.view_product"

    def get_queryset(self):
        """Return the usage services."""
        return usage_services()
