"""The catalogue in Django's admin: for superusers; every change is kept in the history.

Rules of operations are not asked here, the database's own constraints are.
"""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from catalog.models import (
    AccountClass,
    AccountClassification,
    BundleComponent,
    Product,
    ProductBrand,
    ProductFamily,
    ProductType,
    ProductValidity,
    SalesBundle,
    SalesBundleItem,
    Technology,
)


@admin.register(AccountClass, AccountClassification, ProductBrand, Technology)
class EntryAdmin(SimpleHistoryAdmin):
    """A short list."""

    list_display = ("name", "code")
    search_fields = ("name", "code")
    ordering = ("name", "id")


@admin.register(ProductFamily)
class ProductFamilyAdmin(SimpleHistoryAdmin):
    """The family tree."""

    list_display = ("name", "code", "parent")
    list_select_related = ("parent",)
    search_fields = ("name", "code")
    autocomplete_fields = ("parent",)
    ordering = ("name", "id")


@admin.register(ProductType)
class ProductTypeAdmin(SimpleHistoryAdmin):
    """Product types."""

    list_display = ("name", "classification", "service_type", "good_type", "composition")
    list_filter = ("classification", "service_type", "good_type", "composition", "provisioned")
    search_fields = ("name", "code")
    ordering = ("name", "id")


class ValidityInline(admin.TabularInline):
    """Periods of validity of a product."""

    model = ProductValidity
    extra = 0


class ComponentInline(admin.TabularInline):
    """Components of a bundle product."""

    model = BundleComponent
    fk_name = "bundle"
    extra = 0
    autocomplete_fields = ("product", "type", "family")


@admin.register(Product)
class ProductAdmin(SimpleHistoryAdmin):
    """Products."""

    list_display = ("code", "name", "type", "family", "brand", "availability")
    list_filter = ("availability", "type")
    list_select_related = ("type", "family", "brand")
    search_fields = ("code", "alternative_code", "name")
    autocomplete_fields = ("type", "family", "brand", "account_classes", "technologies")
    inlines = (ValidityInline, ComponentInline)
    ordering = ("sort_order", "name", "id")


@admin.register(ProductValidity)
class ProductValidityAdmin(SimpleHistoryAdmin):
    """Periods of validity, for their history."""

    list_display = ("product", "period")
    list_select_related = ("product",)
    search_fields = ("product__code", "product__name")
    autocomplete_fields = ("product",)
    ordering = ("product__name", "id")


@admin.register(BundleComponent)
class BundleComponentAdmin(SimpleHistoryAdmin):
    """Components, for their history."""

    list_display = ("bundle", "product", "type", "family", "quantity", "minimum", "maximum")
    list_select_related = ("bundle", "product", "type", "family")
    search_fields = ("bundle__code", "bundle__name", "product__code", "product__name")
    autocomplete_fields = ("bundle", "product", "type", "family")
    ordering = ("bundle__name", "sort_order", "id")


class ItemInline(admin.TabularInline):
    """Items of a sales bundle."""

    model = SalesBundleItem
    extra = 0
    autocomplete_fields = ("product",)


@admin.register(SalesBundle)
class SalesBundleAdmin(SimpleHistoryAdmin):
    """Sales bundles."""

    list_display = ("code", "name", "availability", "validity")
    list_filter = ("availability",)
    search_fields = ("code", "name")
    autocomplete_fields = ("account_classes", "technologies")
    inlines = (ItemInline,)
    ordering = ("sort_order", "name", "id")


@admin.register(SalesBundleItem)
class SalesBundleItemAdmin(SimpleHistoryAdmin):
    """Items of sales bundles, for their history."""

    list_display = ("bundle", "product", "quantity")
    list_select_related = ("bundle", "product")
    search_fields = ("bundle__code", "bundle__name", "product__code", "product__name")
    autocomplete_fields = ("bundle", "product")
    ordering = ("bundle__name", "sort_order", "id")
