"""Panels of the pages of fee groups and sales bundles: to read; other pages change them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest

from catalog.models import FeeGroup, SalesBundle
from catalog.panels.records import RecordMain
from catalog.queries.places import MOST_PLACES, Place
from catalog.queries.uses import use_counts
from config.shared.panels import Panel
from config.shared.templatetags.ui_tags import days


class FeeGroupMain(RecordMain):
    """What picks one of the fees."""

    def details(self, obj: Any) -> Iterable[tuple[str, Any]]:
        """Return the fields as people read them."""
        return (
            ("Name", obj.name),
            ("Alternative code", obj.code),
            ("Picked by", f"the user's {obj.get_match_on_display().lower()}"),
            ("Without a match", "cannot be added" if obj.match_required else "comes without a fee"),
            ("Description", obj.description or "–"),
        )


class FeeGroupFees(Panel):
    """Which value picks which fee."""

    title = "Fees"
    slug = "fees"
    template_name = "catalog/partials/fee_group_fees_panel.html"
    order = 20

    def context(self, obj: FeeGroup, request: HttpRequest) -> Mapping[str, Any]:
        """Return the rows; one query."""
        rows = list(obj.rows.select_related("fee__type").order_by("sort_order", "id"))
        return {"rows": rows, "count": len(rows)}


class FeeGroupUse(Panel):
    """The products that have the group."""

    title = "Where used"
    slug = "where-used"
    template_name = "catalog/partials/where_used_panel.html"
    order = 30

    def context(self, obj: FeeGroup, request: HttpRequest) -> Mapping[str, Any]:
        """Return the first hundred; two queries."""
        rows = obj.dependent_fees.select_related("parent").order_by("parent__name", "id")
        places = [
            Place(
                row.parent.name,
                f"{row.parent.get_absolute_url()}?tab=components#fees",
                "Product with this fee group",
                f"× {row.quantity.normalize():f}",
            )
            for row in rows[:MOST_PLACES]
        ]
        return {"places": places, "count": rows.count()}


class SalesBundleMain(RecordMain):
    """What the bundle is called, and to whom and when it is offered."""

    def details(self, obj: Any) -> Iterable[tuple[str, Any]]:
        """Return the fields as people read them."""
        offered = [*obj.account_classes.order_by("name"), *obj.technologies.order_by("name")]
        return (
            ("Name", obj.name),
            ("Alternative code", obj.code),
            ("Description", obj.description or "–"),
            ("Availability", obj.get_availability_display()),
            ("Valid", days(obj.validity) if obj.validity else "always"),
            ("Offered to", ", ".join(map(str, offered)) or "everybody"),
            ("Sort order", obj.sort_order),
        )


class SalesBundleItems(Panel):
    """What is added in one act, with what is chosen beforehand."""

    title = "Items"
    slug = "items"
    template_name = "catalog/partials/sales_bundle_items_panel.html"
    order = 20

    def context(self, obj: SalesBundle, request: HttpRequest) -> Mapping[str, Any]:
        """Return the items; two queries."""
        items = list(
            obj.items.select_related("product__type")
            .prefetch_related("choices__product")
            .order_by("sort_order", "id")
        )
        return {"items": items, "count": len(items)}


class SalesBundleUse(Panel):
    """What was sold with the bundle."""

    title = "Where used"
    slug = "where-used"
    template_name = "catalog/partials/where_used_panel.html"
    order = 30

    def context(self, obj: SalesBundle, request: HttpRequest) -> Mapping[str, Any]:
        """Return how much of what names the bundle; a query for each kind of it."""
        places = [
            Place(label.capitalize(), "", "Sold with this bundle", count)
            for label, count in use_counts(obj)
        ]
        return {"places": places, "count": len(places)}
