"""What the section of bundle restrictions asks while somebody types."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views import View

from catalog.forms.bundles import RestrictionsForm
from catalog.models import Composition, Product
from catalog.panels.sections import SECTIONS
from catalog.queries.choices import flexible_bundle


class RestrictionCheck(PermissionRequiredMixin, View):
    """Says whether the pool of a flexible bundle can satisfy restrictions that are not saved."""

    permission_required = "catalog.change_product"

    def get(self, request, code):
        """Answer with the line below the fields."""
        bundle = get_object_or_404(Product.objects.select_related("type"), code__iexact=code)
        if bundle.type.composition != Composition.FLEXIBLE_BUNDLE:
            raise Http404("Only flexible bundles have restrictions.")
        form = RestrictionsForm(request.GET, prefix=SECTIONS["restrictions"].slug)
        context = {"form": form}
        if form.is_valid():
            flexible = flexible_bundle(bundle)
            limits = flexible.limits_of(**form.cleaned_data)
            context["obstacle"] = flexible.obstacle(limits)
        return render(request, "catalog/partials/restriction_check.html", context)
