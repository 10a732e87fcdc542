"""Panels of the pages of tier plans and voice plans."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from config.shared.operations.clock import today
from config.shared.panels import Panel
from pricing.forms.voice_plans import TryCallForm
from pricing.kernel.money import round_money
from pricing.kernel.voice import DeckEntry
from pricing.kernel.voice_plans import Call, rate_call
from pricing.models import TierPlan, TierPlanTier, VoicePlan
from pricing.queries.currencies import coin_of
from pricing.queries.decks import entry_of, row_for, version_on
from pricing.queries.usage_plans import classes_of, products_of_plan, voice_rules_of


class TierPlanPanel(Panel):
    """What a tier plan says."""

    title = "Plan"
    slug = "plan"
    order = 10
    template_name = "pricing/partials/tier_plan.html"

    def context(self, obj: TierPlan, request: HttpRequest) -> Mapping[str, Any]:
        """Return the tiers, each with the end of the one before it."""
        above: Decimal | None = Decimal(0)
        tiers: list[tuple[Decimal | None, TierPlanTier]] = []
        for tier in obj.tiers.order_by("position"):
            tiers.append((above, tier))
            above = tier.up_to
        return {"tiers": tiers}


class VoicePlanPanel(Panel):
    """What a voice plan says."""

    title = "Plan"
    slug = "plan"
    order = 10
    template_name = "pricing/partials/voice_plan.html"

    def context(self, obj: VoicePlan, request: HttpRequest) -> Mapping[str, Any]:
        """Return the classes."""
        return {"classes": list(classes_of(obj))}


class PlanProductsPanel(Panel):
    """The products whose usage a plan bills."""

    title = "Products"
    slug = "products"
    order = 30
    template_name = "pricing/partials/plan_products.html"
    permission = "catalog.view_product"

    def context(self, obj: TierPlan | VoicePlan, request: HttpRequest) -> Mapping[str, Any]:
        """Return the products, at most 200 of them."""
        rows = list(products_of_plan(obj)[:201])
        return {
            "rows": rows[:200],
            "is_cut": len(rows) > 200,
            "count": "200+" if len(rows) > 200 else len(rows),
        }


class TryCallPanel(Panel):
    """What a call would cost under a voice plan. Nothing is stored."""

    title = "Try a call"
    slug = "try"
    order = 20
    template_name = "pricing/partials/try_call.html"

    def context(self, obj: VoicePlan, request: HttpRequest) -> Mapping[str, Any]:
        """Return the form, and the price where a call was asked for."""
        if "number" not in request.GET:
            return {"call_form": TryCallForm()}
        form = TryCallForm(request.GET)
        if not form.is_valid():
            return {"call_form": form}
        data = form.cleaned_data
        day = data["on"] or today()
        version = version_on(obj.deck, day)

        def find(number: str) -> DeckEntry | None:
            row = row_for(version, number) if version else None
            return entry_of(row) if row else None

        call = Call(data["number"], data["seconds"], moment(day, data["at"]), data["inbound"])
        used = int((data["minutes_used"] or 0) * 60)
        rated = rate_call(voice_rules_of(obj), call, find, used_seconds=used)
        return {
            "call_form": form,
            "call": call,
            "rated": rated,
            "outcome": rated.outcome.replace("_", " ").capitalize(),
            "version": version,
            "rounded": round_money(rated.amount, coin_of(obj.deck.currency)),
        }


def moment(day: date, minute: int) -> datetime:
    """Return a minute of a day as local time."""
    return datetime.combine(day, time.min) + timedelta(minutes=minute)
