"""Panels of the product page about what a bundle is made of."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from catalog.forms.bundles import ComponentsForm, RestrictionsForm
from catalog.models import Composition, GoodType, Product
from catalog.operations.bundles import set_components, set_restrictions
from catalog.operations.errors import CatalogError
from catalog.panels.sections import SECTIONS, SectionPanel
from catalog.queries.bundles import kind_of, part_serials
from catalog.queries.choices import flexible_bundle, row_label, row_text
from catalog.queries.products import components_of


class BundleComponents(SectionPanel):
    """What a bundle product is made of."""

    section = SECTIONS["components"]
    template_name = "catalog/partials/components_panel.html"
    form_class = ComponentsForm
    form_permission = "catalog.change_product"
    submit_label = "Save components"
    refusals = (CatalogError,)

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the components; for a flexible bundle whether a choice is possible, for a kit its
        serial numbers.
        """
        if obj.type.composition == Composition.FLEXIBLE_BUNDLE:
            flexible = flexible_bundle(obj)
            components = list(flexible.rows)
            more: dict[str, Any] = {
                "obstacle": flexible.obstacle(),
                "sentence": sentence(components),
            }
        else:
            components = components_of([obj.pk]).get(obj.pk, [])
            more = {"serial_text": serial_text(obj, components)}
        shown = [(row, row_label(row)) for row in components]
        form = self.fresh_form(request, bundle=obj, components=components)
        return {"components": shown, "count": len(shown), "form": form, **more}

    def form_kwargs(self, obj: Product, request: HttpRequest) -> dict[str, Any]:
        """Offer what the bundle may contain."""
        return {"bundle": obj, "components": components_of([obj.pk]).get(obj.pk, [])}

    def submit(self, obj: Product, request: HttpRequest, form: Any) -> str:
        """Set the components."""
        set_components(obj, form.component_rows())
        return f"The components of {obj} were saved."


class BundleRestrictions(SectionPanel):
    """From how many families and types the components of a flexible bundle may come."""

    section = SECTIONS["restrictions"]
    template_name = "catalog/partials/restrictions_panel.html"
    form_class = RestrictionsForm
    form_permission = "catalog.change_product"
    submit_label = "Save restrictions"
    refusals = (CatalogError,)

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return what keeps every choice from being right, None if one can be; and whether there is
        anything to choose from.
        """
        restrictions = (obj.most_families, obj.most_types)
        flexible = flexible_bundle(obj)
        return {
            "obstacle": flexible.obstacle(),
            "is_empty": not flexible.rows,
            "count": sum(most is not None for most in restrictions),
        }

    def form_kwargs(self, obj: Product, request: HttpRequest) -> dict[str, Any]:
        """Start with what is stored; what is typed is checked while one types."""
        return {
            "initial": {"most_families": obj.most_families, "most_types": obj.most_types},
            "check_url": reverse("catalog:restrictions_check", args=[obj.code]),
        }

    def submit(self, obj: Product, request: HttpRequest, form: Any) -> str:
        """Set the restrictions."""
        set_restrictions(obj, **form.cleaned_data)
        return f"The restrictions of {obj} were saved."


def sentence(components: list[Any]) -> str:
    """Return what a flexible bundle is in a few words: "News, choose 2–4 of Sports"."""
    return ", ".join(row_text(row) for row in components)


def serial_text(kit: Product, components: list[Any]) -> str:
    """Return which serial numbers there are of a kit, in words; "" for a bundle of services."""
    kind = kind_of(kit.type)
    if kind == GoodType.NON_TRACEABLE:
        return "No serial numbers are kept for this kit and its parts."
    if kind != GoodType.TRACEABLE:
        return ""
    parts = part_serials(components)
    if not parts:
        return "Each kit has a serial number of its own; its parts have none."
    names = ", ".join(str(part) if count == 1 else f"{count} × {part}" for part, count in parts)
    total = 1 + sum(count for _, count in parts)
    return (
        f"Each kit has a serial number of its own, which people use in place of those of its parts "
        f"({names}): {total} numbers in all."
    )
