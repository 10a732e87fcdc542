"""Panels of a rate deck's page."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from django.http import HttpRequest

from config.shared.operations.clock import today
from config.shared.panels import Panel
from pricing.forms.decks import LookupForm, clock_text, weekdays_text
from pricing.kernel.money import round_money
from pricing.kernel.voice import price_call
from pricing.models import RateDeck
from pricing.panels.usage_plans import moment
from pricing.queries.currencies import coin_of
from pricing.queries.decks import (
    bands_of,
    entry_of,
    imports_of,
    row_for,
    version_on,
    versions_of,
)


class DeckVersionsPanel(Panel):
    """The versions of a deck, by day."""

    title = "Versions"
    slug = "versions"
    order = 10
    template_name = "pricing/partials/deck_versions.html"

    def context(self, obj: RateDeck, request: HttpRequest) -> Mapping[str, Any]:
        """Return each version with the one before it, to compare with."""
        versions = list(versions_of(obj)[:101])
        pairs = list(zip_longest(versions, versions[1:]))
        return {"versions": pairs[:100], "count": len(versions), "today": today()}


class DeckLookupPanel(Panel):
    """Which row rates a number, and what the call would cost. Nothing is stored."""

    title = "Which row rates a number?"
    slug = "lookup"
    order = 20
    template_name = "pricing/partials/deck_lookup.html"

    def context(self, obj: RateDeck, request: HttpRequest) -> Mapping[str, Any]:
        """Return the form, and the row where a number was asked for."""
        if "number" not in request.GET:
            return {"call_form": LookupForm()}
        form = LookupForm(request.GET)
        if not form.is_valid():
            return {"call_form": form}
        data = form.cleaned_data
        day = data["on"] or today()
        version = version_on(obj, day)
        row = row_for(version, data["number"]) if version else None
        found = {"call_form": form, "asked": data["number"], "version": version, "row": row}
        if row is None:
            return found
        price = price_call(
            entry_of(row),
            60 if data["seconds"] is None else data["seconds"],
            plan_minimum=obj.minimum_seconds,
            started_at=moment(day, data["at"]),
            bands=bands_of(obj.pk),
        )
        return {
            **found,
            "price": price,
            "rounded": round_money(price.amount, coin_of(obj.currency)),
        }


class DeckBandsPanel(Panel):
    """The time bands of a deck."""

    title = "Time bands"
    slug = "bands"
    order = 30
    template_name = "pricing/partials/deck_bands.html"

    def suits(self, obj: RateDeck) -> bool:
        """Return whether the deck has any."""
        return obj.bands.exists()

    def context(self, obj: RateDeck, request: HttpRequest) -> Mapping[str, Any]:
        """Return the bands in words."""
        bands = [
            (
                band.code,
                weekdays_text(band.weekdays),
                f"{clock_text(band.start_minute)} – {clock_text(band.end_minute)}",
            )
            for band in obj.bands.order_by("pk")
        ]
        return {"bands": bands, "count": len(bands)}


class DeckImportsPanel(Panel):
    """The files that were read for a deck."""

    title = "Files"
    slug = "files"
    order = 40
    template_name = "pricing/partials/deck_imports.html"

    def context(self, obj: RateDeck, request: HttpRequest) -> Mapping[str, Any]:
        """Return the newest fifty."""
        return {"imports": list(imports_of(obj)[:50])}
