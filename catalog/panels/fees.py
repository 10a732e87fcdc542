"""The panel of the product page about the fees that come with a product."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from catalog.forms.fees import DependentFeesForm
from catalog.models import Product, ServiceType
from catalog.operations.errors import CatalogError
from catalog.operations.fees import set_dependent_fees
from catalog.queries.fees import dependent_fees_of
from config.shared.panels import Panel


class DependentFees(Panel):
    """Fees that are added with a termed product, packages among them."""

    title = "Dependent fees"
    slug = "fees"
    template_name = "catalog/partials/fees_panel.html"
    tab = "components"
    order = 30
    form_class = DependentFeesForm
    form_permission = "catalog.change_dependentfee"
    submit_label = "Save fees"
    refusals = (CatalogError,)

    def suits(self, obj: Product) -> bool:
        """Show it for what runs: termed services, flat and bundles."""
        return bool(obj.type.service_type == ServiceType.TERMED)

    def context(self, obj: Product, request: HttpRequest) -> Mapping[str, Any]:
        """Return the fees and what other apps find wrong with them; one query without fees."""
        fees = dependent_fees_of([obj.pk]).get(obj.pk, [])
        faults = [
            fault
            for path in (settings.PRODUCT_FEE_FAULTS if fees else ())
            for fault in import_string(path)(obj)
        ]
        form = self.fresh_form(request, fees=fees)
        return {"fees": fees, "count": len(fees), "faults": faults, "form": form}

    def form_kwargs(self, obj: Product, request: HttpRequest) -> dict[str, Any]:
        """Show the stored fees."""
        return {"fees": dependent_fees_of([obj.pk]).get(obj.pk, [])}

    def submit(self, obj: Product, request: HttpRequest, form: Any) -> str:
        """Set the fees."""
        set_dependent_fees(obj, form.fee_rows())
        return f"The fees of {obj} were saved."
