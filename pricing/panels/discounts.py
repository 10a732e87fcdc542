"""Discounts on the pages of discounts and of products."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from catalog.models import Product
from catalog.panels.sections import SECTIONS, SectionPanel
from config.shared.operations.clock import today
from config.shared.panels import Panel
from pricing.models import AdditiveDiscount
from pricing.operations.discounts import parts_of
from pricing.queries.discount_words import charges_text, discount_text, what_text, when_text
from pricing.queries.discounts import MOST_LISTED, discounts_of_product


class DiscountMain(Panel):
    """What a discount gives, and how."""

    title = "Discount"
    slug = "discount"
    order = 10
    template_name = "pricing/partials/discount_main.html"

    def context(self, obj: AdditiveDiscount, request: HttpRequest) -> Mapping[str, Any]:
        """Return it in words, and the version before it; one query."""
        return {
            "what": what_text(obj),
            "charges": charges_text(obj),
            "when": when_text(obj),
            "replaces": obj.replaces.order_by("pk").first(),
        }


class DiscountCriteria(Panel):
    """Which products it is taken off, and who gets it."""

    title = "Products and criteria"
    slug = "criteria"
    order = 20
    template_name = "pricing/partials/discount_criteria.html"

    def context(self, obj: AdditiveDiscount, request: HttpRequest) -> Mapping[str, Any]:
        """Return the lists; four queries."""
        return {"parts": parts_of(obj)}


class DiscountsOfProduct(SectionPanel):
    """A product's page: the discounts in force that are taken off what it costs."""

    section = SECTIONS["discounts"]
    template_name = "pricing/partials/product_discounts.html"
    permission = "pricing.view_additivediscount"

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the discounts, each with what it gives; two queries."""
        rows = discounts_of_product(obj, on=today())
        may_add = request.user.has_perm("pricing.add_additivediscount")
        return {
            "discounts": [(row, discount_text(row)) for row in rows[:MOST_LISTED]],
            "is_cut": len(rows) > MOST_LISTED,
            "count": f"{MOST_LISTED}+" if len(rows) > MOST_LISTED else len(rows),
            "new_url": reverse("pricing:discount_new") if may_add else "",
        }
