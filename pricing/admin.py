"""Prices and taxes in the plain admin; the freeze of used plans holds here too."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from config.shared.admin import LargeTableAdmin
from pricing.models import (
    AdditiveDiscount,
    Currency,
    DeckTimeBand,
    DiscountedProduct,
    HeldProduct,
    LocationRule,
    LocationRuleCode,
    PlanCondition,
    PlanConditionValue,
    PricePlan,
    PricePlanRate,
    ProductExemption,
    ProductTax,
    ProductTaxClass,
    ProductTypeTax,
    ProductUsagePlan,
    RateDeck,
    RateDeckVersion,
    RatePhase,
    RateTier,
    TaxClass,
    TaxCode,
    TaxGroup,
    TaxGroupItem,
    TaxRate,
    TaxRateVersion,
    TaxRegion,
    TierPlan,
    TierPlanTier,
    TypeTaxClass,
    UsageCatalog,
    UsageCatalogRow,
    VoicePlan,
    VoicePlanClass,
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
    list_display = ["code", "name", "currency", "kind", "base", "state", "used_at"]
    list_filter = ["state", "kind", "currency"]
    list_select_related = ["base"]
    search_fields = ["code", "name"]
    readonly_fields = ["state", "used_at", "replaced_by"]
    raw_id_fields = ["base"]
    ordering = ["code"]
    actions = None


class PlanConditionValueInline(admin.TabularInline):
    model = PlanConditionValue
    extra = 0
    raw_id_fields = ["account_class", "classification", "product", "family"]


@admin.register(PlanCondition)
class PlanConditionAdmin(UsedPlanAdmin):
    list_display = ["plan", "position", "use", "kind"]
    list_filter = ["use", "kind"]
    list_select_related = ["plan"]
    search_fields = ["plan__code", "plan__name"]
    raw_id_fields = ["plan"]
    inlines = [PlanConditionValueInline]
    ordering = ["plan", "position", "pk"]
    actions = None

    def plan_of(self, obj):
        """Return the plan of a condition."""
        return obj.plan


class RatePhaseInline(admin.TabularInline):
    model = RatePhase
    extra = 0
    ordering = ["position"]


class RateTierInline(admin.TabularInline):
    model = RateTier
    extra = 0
    ordering = ["phase", "position"]


@admin.register(PricePlanRate)
class PricePlanRateAdmin(UsedPlanAdmin):
    list_display = ["plan", "product", "bundle", "basis", "base_amount"]
    list_filter = ["basis", "plan"]
    list_select_related = ["plan", "product", "bundle"]
    search_fields = ["product__code", "product__name"]
    autocomplete_fields = []
    raw_id_fields = ["plan", "product", "bundle"]
    inlines = [RatePhaseInline, RateTierInline]
    ordering = ["plan", "product", "pk"]
    actions = None

    def plan_of(self, obj):
        """Return the plan of a rate."""
        return obj.plan


@admin.register(TaxCode)
class TaxCodeAdmin(SimpleHistoryAdmin):
    list_display = ["code", "name", "kind", "rate_date"]
    search_fields = ["code", "name"]
    ordering = ["code"]


class TaxRateVersionInline(admin.TabularInline):
    model = TaxRateVersion
    extra = 0
    ordering = ["period"]


@admin.register(TaxRate)
class TaxRateAdmin(SimpleHistoryAdmin):
    list_display = ["tax_code", "code", "name"]
    list_select_related = ["tax_code"]
    search_fields = ["code", "name"]
    inlines = [TaxRateVersionInline]
    ordering = ["tax_code", "code"]


@admin.register(ProductTax)
class ProductTaxAdmin(SimpleHistoryAdmin):
    list_display = ["product", "tax_code", "tax_rate", "applied"]
    list_select_related = ["product", "tax_code", "tax_rate"]
    raw_id_fields = ["product"]
    ordering = ["product", "tax_code", "pk"]


@admin.register(ProductTypeTax)
class ProductTypeTaxAdmin(LargeTableAdmin, SimpleHistoryAdmin):
    list_display = ["type", "tax_code", "tax_rate", "applied"]
    list_select_related = ["type", "tax_code", "tax_rate"]
    search_fields = ["type__code", "type__name"]
    ordering = ["type__name", "id"]


@admin.register(TaxRegion, TaxClass)
class TaxPlaceAdmin(SimpleHistoryAdmin):
    list_display = ["code", "name"]
    search_fields = ["code", "name"]
    ordering = ["code"]


class TaxGroupItemInline(admin.TabularInline):
    model = TaxGroupItem
    extra = 0
    ordering = ["level", "pk"]


@admin.register(TaxGroup)
class TaxGroupAdmin(SimpleHistoryAdmin):
    list_display = ["tax_class", "tax_region", "period", "rounding"]
    list_select_related = ["tax_class", "tax_region"]
    inlines = [TaxGroupItemInline]
    ordering = ["tax_class", "tax_region", "period"]


class LocationRuleCodeInline(admin.TabularInline):
    model = LocationRuleCode
    extra = 0
    ordering = ["pk"]


@admin.register(LocationRule)
class LocationRuleAdmin(SimpleHistoryAdmin):
    list_display = ["position", "name", "country", "postal_prefix", "tax_region", "period"]
    list_display_links = ["name"]
    list_select_related = ["tax_region"]
    search_fields = ["name"]
    inlines = [LocationRuleCodeInline]
    ordering = ["position", "pk"]


@admin.register(ProductTaxClass)
class ProductTaxClassAdmin(LargeTableAdmin, SimpleHistoryAdmin):
    list_display = ["product", "tax_class"]
    list_select_related = ["product", "tax_class"]
    raw_id_fields = ["product"]
    ordering = ["product"]


@admin.register(TypeTaxClass)
class TypeTaxClassAdmin(LargeTableAdmin, SimpleHistoryAdmin):
    list_display = ["type", "tax_class"]
    list_select_related = ["type", "tax_class"]
    raw_id_fields = ["type"]
    ordering = ["type"]


@admin.register(ProductExemption)
class ProductExemptionAdmin(LargeTableAdmin, SimpleHistoryAdmin):
    list_display = ["product", "tax_code", "period", "reason"]
    list_select_related = ["product", "tax_code"]
    raw_id_fields = ["product"]
    ordering = ["product", "pk"]


@admin.register(Currency)
class CurrencyAdmin(SimpleHistoryAdmin):
    list_display = ["code", "name", "minor_digits"]
    search_fields = ["code", "name"]
    ordering = ["code"]


class UsedPartAdmin(UsedPlanAdmin):
    """A part of a plan, deck or catalogue that is frozen with it."""

    parent = "plan"

    def plan_of(self, obj):
        """Return what the part belongs to."""
        return getattr(obj, self.parent)


@admin.register(TierPlan)
class TierPlanAdmin(UsedPlanAdmin):
    list_display = ["code", "name", "style", "currency", "used_at"]
    list_filter = ["style", "reduction"]
    search_fields = ["code", "name"]
    readonly_fields = ["used_at"]
    ordering = ["code"]
    actions = None


@admin.register(TierPlanTier)
class TierPlanTierAdmin(UsedPartAdmin):
    list_display = ["plan", "position", "up_to", "rate", "fixed"]
    list_select_related = ["plan"]
    search_fields = ["plan__code", "plan__name"]
    autocomplete_fields = ["plan"]
    ordering = ["plan", "position"]
    actions = None


@admin.register(VoicePlan)
class VoicePlanAdmin(UsedPlanAdmin):
    list_display = ["code", "name", "deck", "plan_minutes", "used_at"]
    list_select_related = ["deck"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["deck"]
    readonly_fields = ["used_at"]
    ordering = ["code"]
    actions = None


@admin.register(VoicePlanClass)
class VoicePlanClassAdmin(UsedPartAdmin):
    list_display = ["plan", "call_class", "name", "treatment"]
    list_select_related = ["plan"]
    search_fields = ["plan__code", "name"]
    autocomplete_fields = ["plan"]
    ordering = ["plan", "position"]
    actions = None


@admin.register(RateDeck)
class RateDeckAdmin(UsedPlanAdmin):
    list_display = ["code", "name", "currency", "used_at"]
    search_fields = ["code", "name"]
    readonly_fields = ["used_at"]
    ordering = ["code"]
    actions = None


@admin.register(DeckTimeBand)
class DeckTimeBandAdmin(UsedPartAdmin):
    parent = "deck"
    list_display = ["deck", "code", "weekdays", "start_minute", "end_minute"]
    list_select_related = ["deck"]
    search_fields = ["deck__code", "code"]
    autocomplete_fields = ["deck"]
    ordering = ["deck", "code"]
    actions = None


@admin.register(RateDeckVersion)
class RateDeckVersionAdmin(UsedPlanAdmin):
    list_display = ["deck", "starts_on", "row_count", "used_at"]
    list_select_related = ["deck"]
    search_fields = ["deck__code", "deck__name"]
    autocomplete_fields = ["deck"]
    readonly_fields = ["row_count", "created_at", "used_at"]
    ordering = ["deck", "-starts_on"]
    actions = None

    def has_add_permission(self, request):
        """Versions come from files only."""
        return False


@admin.register(UsageCatalog)
class UsageCatalogAdmin(UsedPlanAdmin):
    list_display = ["code", "name", "currency", "used_at"]
    search_fields = ["code", "name"]
    readonly_fields = ["used_at"]
    ordering = ["code"]
    actions = None


@admin.register(UsageCatalogRow)
class UsageCatalogRowAdmin(UsedPartAdmin):
    parent = "catalog"
    list_display = ["catalog", "product", "rate", "validity", "pre_rated"]
    list_select_related = ["catalog", "product"]
    search_fields = ["product__code", "product__name", "catalog__code"]
    autocomplete_fields = ["catalog", "product"]
    ordering = ["catalog", "product", "pk"]
    actions = None


@admin.register(ProductUsagePlan)
class ProductUsagePlanAdmin(SimpleHistoryAdmin):
    list_display = ["product", "tier_plan", "voice_plan"]
    list_select_related = ["product", "tier_plan", "voice_plan"]
    search_fields = ["product__code", "product__name"]
    autocomplete_fields = ["product", "tier_plan", "voice_plan"]
    ordering = ["product", "pk"]


class DiscountedProductInline(admin.TabularInline):
    model = DiscountedProduct
    extra = 0
    raw_id_fields = ["product"]
    ordering = ["position"]


class HeldProductInline(admin.TabularInline):
    model = HeldProduct
    extra = 0
    raw_id_fields = ["product"]
    ordering = ["position"]


@admin.register(AdditiveDiscount)
class AdditiveDiscountAdmin(UsedPlanAdmin):
    list_display = ["code", "name", "state", "option", "value", "currency", "used_at"]
    list_filter = ["state", "application", "option"]
    search_fields = ["code", "name", "alternative_code"]
    readonly_fields = ["state", "effective_on", "ended_on", "used_at", "replaced_by"]
    inlines = [DiscountedProductInline, HeldProductInline]
    ordering = ["code"]
    actions = None
