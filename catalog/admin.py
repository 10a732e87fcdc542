"""The catalogue in Django's admin: for superusers; every change is kept in the history.

Rules of operations are not asked here, the database's own constraints are. Usable with a hundred
thousand products: links are fields that search, and nothing is listed or counted in full.
"""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from catalog.models import (
    AccountClass,
    AccountClassification,
    BundleComponent,
    Characteristic,
    CharacteristicValue,
    DependentFee,
    FeeGroup,
    FeeGroupRow,
    Product,
    ProductBrand,
    ProductCategory,
    ProductFamily,
    ProductImage,
    ProductType,
    ProductValidity,
    SalesBundle,
    SalesBundleChoice,
    SalesBundleItem,
    Technology,
)
from config.shared.admin import LargeTableAdmin, LargeTableInline, ReadOnlyAdmin

OF_PRODUCT = ("product__code", "product__name")


class Large(LargeTableAdmin, SimpleHistoryAdmin):
    """A model of the catalogue with its history."""


class Rows(LargeTableInline, admin.TabularInline):
    """What belongs to a record, on its page."""


@admin.register(AccountClass, AccountClassification, ProductBrand, Technology)
class EntryAdmin(Large):
    """A short list."""

    list_display = ("name", "code")
    search_fields = ("name", "code")
    ordering = ("name", "id")


@admin.register(ProductFamily, ProductCategory)
class TreeAdmin(Large):
    """The trees of families and categories."""

    list_display = ("name", "code", "parent")
    list_select_related = ("parent",)
    search_fields = ("name", "code")
    ordering = ("name", "id")


class CharacteristicRows(Rows):
    """What a type asks of its products."""

    model = Characteristic


@admin.register(ProductType)
class ProductTypeAdmin(Large):
    """Product types."""

    list_display = ("name", "classification", "service_type", "good_type", "composition")
    list_filter = ("classification", "service_type", "good_type", "composition", "provisioned")
    search_fields = ("name", "code")
    inlines = (CharacteristicRows,)
    ordering = ("name", "id")


@admin.register(Characteristic)
class CharacteristicAdmin(Large):
    """Characteristics, for their history."""

    list_display = ("type", "name", "kind", "unit", "required")
    list_filter = ("kind", "required")
    list_select_related = ("type",)
    search_fields = ("name", "type__name", "type__code")
    ordering = ("type__name", "sort_order", "id")


@admin.register(CharacteristicValue)
class CharacteristicValueAdmin(Large):
    """What products answer, for its history."""

    list_display = ("product", "characteristic", "value")
    list_select_related = ("product", "characteristic")
    search_fields = OF_PRODUCT
    ordering = ("-id",)


class ValidityRows(Rows):
    """Periods of validity of a product."""

    model = ProductValidity


class ValueRows(Rows):
    """What a product answers to the characteristics of its type."""

    model = CharacteristicValue


class ComponentRows(Rows):
    """Components of a bundle product."""

    model = BundleComponent
    fk_name = "bundle"


class FeeRows(Rows):
    """Fees that come with a product."""

    model = DependentFee
    fk_name = "parent"


@admin.register(Product)
class ProductAdmin(Large):
    """Products."""

    list_display = ("code", "name", "type", "family", "brand", "availability")
    list_filter = ("availability", "type__service_type", "type__composition")
    list_select_related = ("type", "family", "brand")
    search_fields = ("code", "alternative_code", "name")
    inlines = (ValueRows, ValidityRows, ComponentRows, FeeRows)
    ordering = ("sort_order", "name", "id")


@admin.register(ProductValidity)
class ProductValidityAdmin(Large):
    """Periods of validity, for their history."""

    list_display = ("product", "period")
    list_select_related = ("product",)
    search_fields = OF_PRODUCT
    ordering = ("-id",)


@admin.register(BundleComponent)
class BundleComponentAdmin(Large):
    """Components, for their history."""

    list_display = ("bundle", "product", "type", "family", "quantity", "minimum", "maximum")
    list_select_related = ("bundle", "product", "type", "family")
    search_fields = ("bundle__code", "bundle__name", *OF_PRODUCT)
    ordering = ("-id",)


class GroupRows(Rows):
    """The fees of a group."""

    model = FeeGroupRow


@admin.register(FeeGroup)
class FeeGroupAdmin(Large):
    """Fee groups."""

    list_display = ("code", "name", "match_on", "match_required")
    list_filter = ("match_on", "match_required")
    search_fields = ("code", "name")
    inlines = (GroupRows,)
    ordering = ("name", "id")


@admin.register(FeeGroupRow)
class FeeGroupRowAdmin(Large):
    """Fees of groups, for their history."""

    list_display = ("group", "criterion", "fee")
    list_select_related = ("group", "fee")
    search_fields = ("group__code", "group__name", "fee__code", "fee__name")
    ordering = ("group__name", "sort_order", "id")


@admin.register(DependentFee)
class DependentFeeAdmin(Large):
    """Dependent fees, for their history."""

    list_display = ("parent", "fee", "group", "quantity")
    list_select_related = ("parent", "fee", "group")
    search_fields = ("parent__code", "parent__name", "fee__code", "fee__name")
    ordering = ("-id",)


@admin.register(ProductImage)
class ProductImageAdmin(LargeTableAdmin, ReadOnlyAdmin):
    """Images; they are changed on the product's page, where they are encoded anew."""

    list_display = ("product", "place", "alt_text", "is_default")
    list_select_related = ("product",)
    search_fields = OF_PRODUCT
    ordering = ("-id",)


class ItemRows(Rows):
    """Items of a sales bundle."""

    model = SalesBundleItem


@admin.register(SalesBundle)
class SalesBundleAdmin(Large):
    """Sales bundles."""

    list_display = ("code", "name", "availability", "validity")
    list_filter = ("availability",)
    search_fields = ("code", "name")
    inlines = (ItemRows,)
    ordering = ("sort_order", "name", "id")


class ChoiceRows(Rows):
    """Components that are chosen beforehand."""

    model = SalesBundleChoice


@admin.register(SalesBundleItem)
class SalesBundleItemAdmin(Large):
    """Items of sales bundles with what is chosen for them, and their history."""

    list_display = ("bundle", "product", "quantity")
    list_select_related = ("bundle", "product")
    search_fields = ("bundle__code", "bundle__name", *OF_PRODUCT)
    inlines = (ChoiceRows,)
    ordering = ("-id",)


@admin.register(SalesBundleChoice)
class SalesBundleChoiceAdmin(Large):
    """Components chosen beforehand, for their history."""

    list_display = ("item", "product", "quantity")
    list_select_related = ("item__product", "product")
    search_fields = OF_PRODUCT
    ordering = ("-id",)
