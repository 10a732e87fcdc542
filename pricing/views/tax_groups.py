"""Tax groups as a matrix, the taxes of one of its cells, and the check of the tax setup."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import get_object_or_404
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from config.shared.operations.clock import today
from config.shared.views.form_pages import ActionFormView
from pricing.forms.tax_places import TaxGroupForm
from pricing.models import Rounding, TaxClass, TaxRegion
from pricing.operations.tax_places import set_tax_group
from pricing.queries.errors import PricingError
from pricing.queries.tax_check import check_tax_setup
from pricing.queries.tax_places import groups_with_items, tax_matrix
from pricing.queries.taxes import rates_with_percentage

PARENTS = [("Tax groups", reverse_lazy("pricing:tax_groups"))]


class TaxGroups(PermissionRequiredMixin, TemplateView):
    """Every tax class in every tax region, with the taxes of today and those to come."""

    permission_required = "pricing.view_taxgroup"
    template_name = "pricing/tax_groups.html"

    def get_context_data(self, **kwargs):
        """Add the matrix."""
        regions, rows = tax_matrix(on=today())
        return super().get_context_data(title="Tax groups", regions=regions, rows=rows, **kwargs)


class SetTaxGroup(ActionFormView):
    """The taxes of a class in a region from a day on, with those of before."""

    permission_required = "pricing.add_taxgroup"
    form_class = TaxGroupForm
    template_name = "pricing/tax_group_form.html"
    submit_label = "Hold from that day on"
    narrow = False
    refusals = (PricingError,)
    success_message = "{result} was set."

    @cached_property
    def places(self):
        """The class and the region that the address names."""
        return (
            get_object_or_404(TaxClass, code=self.kwargs["tax_class"]),
            get_object_or_404(TaxRegion, code=self.kwargs["tax_region"]),
        )

    @cached_property
    def groups(self):
        """All groups of the cell, the latest first."""
        tax_class, tax_region = self.places
        return list(groups_with_items().filter(tax_class=tax_class, tax_region=tax_region))

    def get_title(self):
        """Name the cell."""
        return "{} in {}".format(*self.places)

    def get_lead(self):
        """Say what a group is."""
        return (
            "A tax of level 2 is charged on the amount and on the taxes of level 1, and so on. "
            "Without taxes the class is not taxed in the region."
        )

    def get_parents(self):
        """Lead back to the matrix."""
        return PARENTS

    def get_form_kwargs(self):
        """Start from the latest group."""
        latest = self.groups[0] if self.groups else None
        return {
            **super().get_form_kwargs(),
            "initial": {
                "starts_on": today(),
                "rounding": latest.rounding if latest else Rounding.DOCUMENT,
            },
            "items": list(latest.items.all()) if latest else (),
            "tax_rates": rates_with_percentage(),
        }

    def act(self, form):
        """Set the group."""
        tax_class, tax_region = self.places
        return set_tax_group(
            tax_class,
            tax_region,
            form.taxes(),
            rounding=form.cleaned_data["rounding"],
            starts_on=form.cleaned_data["starts_on"],
            on=today(),
        )

    def get_success_url(self):
        """Go back to the matrix."""
        return reverse("pricing:tax_groups")

    def get_context_data(self, **kwargs):
        """Add the groups of before."""
        return super().get_context_data(groups=self.groups, today=today(), **kwargs)


class CheckTaxSetup(PermissionRequiredMixin, TemplateView):
    """What the tax setup leaves unsaid today."""

    permission_required = "pricing.view_taxcode"
    template_name = "pricing/tax_check.html"

    def get_context_data(self, **kwargs):
        """Add the findings."""
        return super().get_context_data(
            title="Check tax setup", findings=check_tax_setup(on=today()), **kwargs
        )
