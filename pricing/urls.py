"""URLs of the pricing app."""

from django.urls import URLPattern, URLResolver, path

from pricing.views import plans, rates, taxes

app_name = "pricing"

PLAN = "price-plans/<slug:code>/"
TAX_CODE = "tax-codes/<slug:code>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("price-plans/", plans.PricePlanList.as_view(), name="plan_list"),
    path("price-plans/+new/", plans.CreatePricePlan.as_view(), name="plan_new"),
    path(PLAN, plans.PricePlanDetail.as_view(), name="plan_detail"),
    path(f"{PLAN}change/", plans.UpdatePricePlan.as_view(), name="plan_change"),
    path(f"{PLAN}effective/", plans.MakePlanEffective.as_view(), name="plan_effective"),
    path(f"{PLAN}replace/", plans.ReplacePricePlan.as_view(), name="plan_replace"),
    path(f"{PLAN}take-over/", plans.TakeOverPricePlan.as_view(), name="plan_take_over"),
    path(f"{PLAN}delete/", plans.DeletePricePlan.as_view(), name="plan_delete"),
    path(f"{PLAN}rates/+new/", rates.AddRate.as_view(), name="plan_rate_new"),
    path(f"{PLAN}rates/<int:pk>/", rates.ChangeRate.as_view(), name="plan_rate_change"),
    path(f"{PLAN}rates/<int:pk>/remove/", rates.RemoveRate.as_view(), name="plan_rate_remove"),
    path("tax-codes/", taxes.TaxCodeList.as_view(), name="tax_code_list"),
    path("tax-codes/+new/", taxes.CreateTaxCode.as_view(), name="tax_code_new"),
    path(TAX_CODE, taxes.TaxCodeDetail.as_view(), name="tax_code_detail"),
    path(f"{TAX_CODE}change/", taxes.UpdateTaxCode.as_view(), name="tax_code_change"),
    path("currencies/", taxes.CurrencyList.as_view(), name="currency_list"),
]
