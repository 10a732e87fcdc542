"""Prices and taxes in the plain admin; the freeze of used plans holds here too."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from pricing.models import (
    Currency,
    PricePlan,
    PricePlanRate,
    ProductTax,
    RatePhase,
    TaxCode,
    TaxRate,
    TaxRateVersion,
)


class UsedPlanAdmin(SimpleHistoryAdmin):
    """Refuses changes where the plan has been used, before the database does."""

    def plan_of(self, obj):
        """Return the plan a record belongs to."""
        return obj

    def has_change_permission(self, request, obj=None):
        """Refuse what belongs to a used plan."""
        is_frozen = obj is not None and self.plan_of(obj).used_at is not None
        return not is_frozen and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        """Refuse what belongs to a used plan."""
        is_frozen = obj is not None and self.plan_of(obj).used_at is not None
        return not is_frozen and super().has_delete_permission(request, obj)


@admin.register(PricePlan)
class PricePlanAdmin(UsedPlanAdmin):
    list_display = ["code", "name", "currency", "state", "used_at"]
    list_filter = ["state", "currency"]
    search_fields = ["code", "name"]
    readonly_fields = ["state", "used_at", "replaced_by"]
    ordering = ["code"]
    actions = None


class RatePhaseInline(admin.TabularInline):
    model = RatePhase
    extra = 0
    ordering = ["position"]


@admin.register(PricePlanRate)
class PricePlanRateAdmin(UsedPlanAdmin):
    list_display = ["plan", "product", "bundle", "basis", "base_amount"]
    list_filter = ["basis", "plan"]
    list_select_related = ["plan", "product", "bundle"]
    search_fields = ["product__code", "product__name"]
    autocomplete_fields = []
    raw_id_fields = ["plan", "product", "bundle"]
    inlines = [RatePhaseInline]
    ordering = ["plan", "product", "pk"]
    actions = None

    def plan_of(self, obj):
        """Return the plan of a rate."""
        return obj.plan


@admin.register(TaxCode)
class TaxCodeAdmin(SimpleHistoryAdmin):
    list_display = ["code", "name", "kind", "rate_date"]
    ordering = ["code"]


class TaxRateVersionInline(admin.TabularInline):
    model = TaxRateVersion
    extra = 0
    ordering = ["period"]


@admin.register(TaxRate)
class TaxRateAdmin(SimpleHistoryAdmin):
    list_display = ["tax_code", "code", "name"]
    list_select_related = ["tax_code"]
    inlines = [TaxRateVersionInline]
    ordering = ["tax_code", "code"]


@admin.register(ProductTax)
class ProductTaxAdmin(SimpleHistoryAdmin):
    list_display = ["product", "tax_code", "tax_rate", "applied"]
    list_select_related = ["product", "tax_code", "tax_rate"]
    raw_id_fields = ["product"]
    ordering = ["product", "tax_code", "pk"]


@admin.register(Currency)
class CurrencyAdmin(admin.ModelAdmin):
    list_display = ["code", "name", "minor_digits"]
    search_fields = ["code", "name"]
    ordering = ["code"]
