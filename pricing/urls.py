"""URLs of the pricing app."""

from django.urls import URLPattern, URLResolver, path

from pricing.views import (
    choices,
    deck_imports,
    decks,
    discounts,
    location_rules,
    paste,
    plan_comparison,
    plan_conditions,
    plans,
    rates,
    tax_groups,
    tax_places,
    taxes,
    tier_plans,
    usage_catalogs,
    voice_plans,
)

app_name = "pricing"

PLAN = "price-plans/<slug:code>/"
TAX_CODE = "tax-codes/<slug:code>/"
TAX_REGION = "tax-regions/<slug:code>/"
TAX_CLASS = "tax-classes/<slug:code>/"
LOCATION_RULE = "location-rules/<int:pk>/"
TIER_PLAN = "tier-plans/<slug:code>/"
VOICE_PLAN = "voice-plans/<slug:code>/"
DECK = "rate-decks/<slug:code>/"
CATALOG = "usage-catalogs/<slug:code>/"
DISCOUNT = "discounts/<slug:code>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("price-plans/", plans.PricePlanList.as_view(), name="plan_list"),
    path("price-plans/+new/", plans.CreatePricePlan.as_view(), name="plan_new"),
    path("price-plans/+choose/", choices.ChoosePlan.as_view(), name="choose_plan"),
    path("price-plans/+compare/", plan_comparison.ComparePlans.as_view(), name="plan_compare"),
    path(PLAN, plans.PricePlanDetail.as_view(), name="plan_detail"),
    path(f"{PLAN}change/", plans.UpdatePricePlan.as_view(), name="plan_change"),
    path(f"{PLAN}effective/", plans.MakePlanEffective.as_view(), name="plan_effective"),
    path(f"{PLAN}replace/", plans.ReplacePricePlan.as_view(), name="plan_replace"),
    path(f"{PLAN}clone/", plans.ClonePricePlan.as_view(), name="plan_clone"),
    path(
        f"{PLAN}conditions/+new/",
        plan_conditions.AddCondition.as_view(),
        name="plan_condition_new",
    ),
    path(
        f"{PLAN}conditions/<int:pk>/",
        plan_conditions.ChangeCondition.as_view(),
        name="plan_condition_change",
    ),
    path(
        f"{PLAN}conditions/<int:pk>/remove/",
        plan_conditions.RemoveCondition.as_view(),
        name="plan_condition_remove",
    ),
    path(f"{PLAN}take-over/", plans.TakeOverPricePlan.as_view(), name="plan_take_over"),
    path(f"{PLAN}delete/", plans.DeletePricePlan.as_view(), name="plan_delete"),
    path(f"{PLAN}rates/+new/", rates.AddRate.as_view(), name="plan_rate_new"),
    path(f"{PLAN}rates/+paste/", paste.PasteRates.as_view(), name="plan_rates_paste"),
    path(f"{PLAN}rates/<int:pk>/", rates.ChangeRate.as_view(), name="plan_rate_change"),
    path(f"{PLAN}rates/<int:pk>/remove/", rates.RemoveRate.as_view(), name="plan_rate_remove"),
    path("tax-codes/", taxes.TaxCodeList.as_view(), name="tax_code_list"),
    path("tax-codes/+new/", taxes.CreateTaxCode.as_view(), name="tax_code_new"),
    path(TAX_CODE, taxes.TaxCodeDetail.as_view(), name="tax_code_detail"),
    path(f"{TAX_CODE}change/", taxes.UpdateTaxCode.as_view(), name="tax_code_change"),
    path("tax-check/", tax_groups.CheckTaxSetup.as_view(), name="tax_check"),
    path("tax-groups/", tax_groups.TaxGroups.as_view(), name="tax_groups"),
    path(
        "tax-groups/<slug:tax_class>/<slug:tax_region>/",
        tax_groups.SetTaxGroup.as_view(),
        name="tax_group_set",
    ),
    path("tax-regions/", tax_places.TaxRegionList.as_view(), name="tax_region_list"),
    path("tax-regions/+new/", tax_places.CreateTaxRegion.as_view(), name="tax_region_new"),
    path(TAX_REGION, tax_places.TaxRegionDetail.as_view(), name="tax_region_detail"),
    path(f"{TAX_REGION}change/", tax_places.UpdateTaxRegion.as_view(), name="tax_region_change"),
    path("tax-classes/", tax_places.TaxClassList.as_view(), name="tax_class_list"),
    path("tax-classes/+new/", tax_places.CreateTaxClass.as_view(), name="tax_class_new"),
    path(TAX_CLASS, tax_places.TaxClassDetail.as_view(), name="tax_class_detail"),
    path(f"{TAX_CLASS}change/", tax_places.UpdateTaxClass.as_view(), name="tax_class_change"),
    path("location-rules/", location_rules.LocationRuleList.as_view(), name="location_rule_list"),
    path(
        "location-rules/+new/", location_rules.AddLocationRule.as_view(), name="location_rule_new"
    ),
    path(LOCATION_RULE, location_rules.LocationRuleDetail.as_view(), name="location_rule_detail"),
    path(
        f"{LOCATION_RULE}end/", location_rules.EndLocationRule.as_view(), name="location_rule_end"
    ),
    path("currencies/", taxes.CurrencyList.as_view(), name="currency_list"),
    path("tier-plans/", tier_plans.TierPlanList.as_view(), name="tier_plan_list"),
    path("tier-plans/+new/", tier_plans.CreateTierPlan.as_view(), name="tier_plan_new"),
    path("tier-plans/+choose/", choices.ChooseTierPlan.as_view(), name="choose_tier_plan"),
    path(TIER_PLAN, tier_plans.TierPlanDetail.as_view(), name="tier_plan_detail"),
    path(f"{TIER_PLAN}change/", tier_plans.ChangeTierPlan.as_view(), name="tier_plan_change"),
    path(f"{TIER_PLAN}clone/", tier_plans.CloneTierPlan.as_view(), name="tier_plan_clone"),
    path(f"{TIER_PLAN}delete/", tier_plans.DeleteTierPlan.as_view(), name="tier_plan_delete"),
    path(f"{TIER_PLAN}try/", tier_plans.TryTierPlan.as_view(), name="tier_plan_try"),
    path("voice-plans/", voice_plans.VoicePlanList.as_view(), name="voice_plan_list"),
    path("voice-plans/+new/", voice_plans.CreateVoicePlan.as_view(), name="voice_plan_new"),
    path("voice-plans/+choose/", choices.ChooseVoicePlan.as_view(), name="choose_voice_plan"),
    path(VOICE_PLAN, voice_plans.VoicePlanDetail.as_view(), name="voice_plan_detail"),
    path(f"{VOICE_PLAN}change/", voice_plans.ChangeVoicePlan.as_view(), name="voice_plan_change"),
    path(f"{VOICE_PLAN}clone/", voice_plans.CloneVoicePlan.as_view(), name="voice_plan_clone"),
    path(f"{VOICE_PLAN}delete/", voice_plans.DeleteVoicePlan.as_view(), name="voice_plan_delete"),
    path("rate-decks/", decks.RateDeckList.as_view(), name="deck_list"),
    path("rate-decks/+new/", decks.CreateDeck.as_view(), name="deck_new"),
    path("rate-decks/+choose/", choices.ChooseDeck.as_view(), name="choose_deck"),
    path("rate-decks/+compare/", deck_imports.CompareDecks.as_view(), name="deck_compare"),
    path(DECK, decks.DeckDetail.as_view(), name="deck_detail"),
    path(f"{DECK}change/", decks.ChangeDeck.as_view(), name="deck_change"),
    path(f"{DECK}delete/", decks.DeleteDeck.as_view(), name="deck_delete"),
    path(f"{DECK}import/", deck_imports.ImportDeck.as_view(), name="deck_import"),
    path(
        f"{DECK}imports/<int:pk>/", deck_imports.ImportResult.as_view(), name="deck_import_result"
    ),
    path(
        f"{DECK}imports/<int:pk>/rejects/", deck_imports.RejectedRows.as_view(), name="deck_rejects"
    ),
    path(f"{DECK}versions/<int:pk>/", decks.DeckVersionRows.as_view(), name="deck_version"),
    path(
        f"{DECK}versions/<int:pk>/delete/",
        decks.DeleteVersion.as_view(),
        name="deck_version_delete",
    ),
    path("usage-catalogs/", usage_catalogs.UsageCatalogList.as_view(), name="catalog_list"),
    path("usage-catalogs/+new/", usage_catalogs.CreateUsageCatalog.as_view(), name="catalog_new"),
    path("usage-catalogs/+choose/", choices.ChooseUsageCatalog.as_view(), name="choose_catalog"),
    path(
        "usage-catalogs/+choose-service/",
        choices.ChooseUsageService.as_view(),
        name="choose_usage_service",
    ),
    path(CATALOG, usage_catalogs.UsageCatalogDetail.as_view(), name="catalog_detail"),
    path(f"{CATALOG}change/", usage_catalogs.ChangeUsageCatalog.as_view(), name="catalog_change"),
    path(f"{CATALOG}clone/", usage_catalogs.CloneUsageCatalog.as_view(), name="catalog_clone"),
    path(f"{CATALOG}delete/", usage_catalogs.DeleteUsageCatalog.as_view(), name="catalog_delete"),
    path(
        f"{CATALOG}rates/<int:pk>/",
        usage_catalogs.ChangeUsageRate.as_view(),
        name="catalog_rate_change",
    ),
    path(
        f"{CATALOG}rates/<int:pk>/remove/",
        usage_catalogs.RemoveUsageRate.as_view(),
        name="catalog_rate_remove",
    ),
    path("discounts/", discounts.DiscountList.as_view(), name="discount_list"),
    path("discounts/+new/", discounts.CreateDiscount.as_view(), name="discount_new"),
    path("discounts/+choose/", discounts.ChooseDiscount.as_view(), name="choose_discount"),
    path(DISCOUNT, discounts.DiscountDetail.as_view(), name="discount_detail"),
    path(f"{DISCOUNT}change/", discounts.ChangeDiscount.as_view(), name="discount_change"),
    path(f"{DISCOUNT}effective/", discounts.MakeEffective.as_view(), name="discount_effective"),
    path(f"{DISCOUNT}end/", discounts.EndDiscount.as_view(), name="discount_end"),
    path(f"{DISCOUNT}version/", discounts.NewVersion.as_view(), name="discount_version"),
    path(f"{DISCOUNT}delete/", discounts.DeleteDiscount.as_view(), name="discount_delete"),
]
