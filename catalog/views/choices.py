"""What searching fields of the catalogue find."""

from catalog.models import (
    Composition,
    Product,
    ProductBrand,
    ProductCategory,
    ProductFamily,
    ProductType,
    ServiceType,
)
from catalog.queries.bundles import allowed_components, allowed_items
from catalog.queries.fees import allowed_fees, fee_groups
from catalog.queries.products import products
from config.shared.views.choices import ChoicesView


class ChooseProduct(ChoicesView):
    """Products; `for` narrows them: component (of the `bundle` with this code), item, fee, bundle,
    sold (all that customers may have), priced (all that has a price in a plan).
    """

    permission_required = "catalog.view_product"
    searched = ("code", "name", "alternative_code")

    def get_queryset(self):
        """Return the products that fit the purpose; the operation says what is refused."""
        purpose = self.request.GET.get("for", "")
        if purpose == "component":
            code = self.request.GET.get("bundle", "")
            bundle = Product.objects.select_related("type").filter(code__iexact=code).first()
            return allowed_components(bundle) if bundle else Product.objects.none()
        if purpose == "item":
            return allowed_items()
        if purpose == "fee":
            return allowed_fees()
        if purpose == "bundle":
            return products().exclude(type__composition=Composition.FLAT)
        if purpose == "sold":
            return products().exclude(
                type__service_type__in=(ServiceType.USAGE, ServiceType.ONE_TIME)
            )
        if purpose == "priced":
            return products().exclude(type__service_type=ServiceType.USAGE)
        return products()


class ChooseType(ChoicesView):
    """Product types; `kind=termed-flat` narrows them to flat termed services."""

    permission_required = "catalog.view_producttype"

    def get_queryset(self):
        """Return the types."""
        types = ProductType.objects.order_by("name", "id")
        if self.request.GET.get("kind") == "termed-flat":
            return types.filter(service_type="TERMED", composition="FLAT")
        return types


class ChooseFeeGroup(ChoicesView):
    """Fee groups."""

    permission_required = "catalog.view_feegroup"
    queryset = fee_groups()


class ChooseFamily(ChoicesView):
    """Product families."""

    permission_required = "catalog.view_productfamily"
    queryset = ProductFamily.objects.order_by("name", "id")


class ChooseBrand(ChoicesView):
    """Brands."""

    permission_required = "catalog.view_productbrand"
    queryset = ProductBrand.objects.order_by("name", "id")


class ChooseCategory(ChoicesView):
    """Product categories."""

    permission_required = "catalog.view_productcategory"
    queryset = ProductCategory.objects.order_by("name", "id")
