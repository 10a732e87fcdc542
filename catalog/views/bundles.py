"""What sections and forms about flexible bundles ask while somebody types."""

import re

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views import View

from catalog.forms.bundles import RestrictionsForm
from catalog.forms.choosing import BundleChooser
from catalog.models import Composition, Product
from catalog.panels.sections import SECTIONS
from catalog.queries.choices import flexible_bundle
from config.shared.operations.clock import today


class RestrictionCheck(PermissionRequiredMixin, View):
    """Says whether the pool of a flexible bundle can satisfy restrictions that are not saved."""

    permission_required = "catalog.change_product"

    def get(self, request, code):
        """Answer with the line below the fields."""
        bundle = _flexible_or_404(code)
        form = RestrictionsForm(request.GET, prefix=SECTIONS["restrictions"].slug)
        context = {"form": form}
        if form.is_valid():
            flexible = flexible_bundle(bundle)
            limits = flexible.limits_of(**form.cleaned_data)
            context |= {"obstacle": flexible.obstacle(limits), "is_empty": not flexible.rows}
        return render(request, "catalog/partials/restriction_check.html", context)


class ChoiceRows(PermissionRequiredMixin, View):
    """The services to tick in a choice of components that match what is searched."""

    permission_required = "catalog.view_product"

    def get(self, request, code):
        """Answer with the rows; what is ticked stays."""
        prefix = request.GET.get("prefix", "")
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,60}", prefix):
            raise BadRequest("No such choice on the page.")
        bundle = _flexible_or_404(code)
        chooser = BundleChooser(bundle, on=today(), prefix=prefix, data=request.GET)
        context = {"chooser": chooser, "rows": chooser.rows}
        return render(request, "catalog/partials/choice_rows.html", context)


def _flexible_or_404(code):
    bundle = get_object_or_404(Product.objects.select_related("type"), code__iexact=code)
    if bundle.type.composition != Composition.FLEXIBLE_BUNDLE:
        raise Http404("Nothing is chosen for this product.")
    return bundle
