"""URLs of the catalogue. A code begins with a letter or digit, so "+new" is no code."""

from django.urls import URLPattern, URLResolver, path

from catalog.views import (
    bundles,
    choices,
    definitions,
    fee_groups,
    images,
    lists,
    new_product,
    new_type,
    product_acts,
    products,
    sales_bundles,
    trees,
    types,
)

app_name = "catalog"

urlpatterns: list[URLPattern | URLResolver] = [
    path("products/", products.ProductList.as_view(), name="product_list"),
    path("products/+new/", new_product.ProductCreate.as_view(), name="product_new"),
    path("products/+parts/", new_product.NewProductParts.as_view(), name="new_product_parts"),
    path("products/+choose/", choices.ChooseProduct.as_view(), name="choose_product"),
    path("product-types/+choose/", choices.ChooseType.as_view(), name="choose_type"),
    path("product-families/+choose/", choices.ChooseFamily.as_view(), name="choose_family"),
    path("product-brands/+choose/", choices.ChooseBrand.as_view(), name="choose_brand"),
    path("product-categories/+choose/", choices.ChooseCategory.as_view(), name="choose_category"),
    path(
        "product-images/<str:digest>.webp", images.ProductImageView.as_view(), name="product_image"
    ),
    path(
        "products/<str:code>/restrictions-check/",
        bundles.RestrictionCheck.as_view(),
        name="restrictions_check",
    ),
    path("products/<str:code>/choices/", bundles.ChoiceRows.as_view(), name="choice_rows"),
    path("products/<str:code>/", products.ProductPage.as_view(), name="product_detail"),
    path(
        "products/<str:code>/type-change/",
        new_type.TypeChangePreview.as_view(),
        name="type_change",
    ),
    path("products/<str:code>/delete/", products.ProductDelete.as_view(), name="product_delete"),
    path("products/<str:code>/clone/", product_acts.ProductClone.as_view(), name="product_clone"),
    path(
        "products/<str:code>/availability/",
        product_acts.ProductAvailability.as_view(),
        name="product_availability",
    ),
    path("product-types/", types.TypeList.as_view(), name="type_list"),
    path("product-types/+new/", new_type.NewType.as_view(), name="type_new"),
    path("product-types/+sheet/", new_type.TypeSheet.as_view(), name="type_sheet"),
    path(
        "product-types/+for-product/",
        new_type.KeepForNewType.as_view(),
        name="keep_for_new_type",
    ),
    path("product-types/+kinds/", types.TypeKinds.as_view(), name="type_kinds"),
    path("product-types/<slug:code>/", types.TypePage.as_view(), name="type_edit"),
    path("product-types/<slug:code>/delete/", types.TypeDelete.as_view(), name="type_delete"),
    path("product-families/", trees.FamilyList.as_view(), name="family_list"),
    path("product-families/+new/", trees.FamilyCreate.as_view(), name="family_new"),
    path("product-families/<slug:code>/", trees.FamilyPage.as_view(), name="family_edit"),
    path("product-families/<slug:code>/merge/", trees.FamilyMerge.as_view(), name="family_merge"),
    path(
        "product-families/<slug:code>/delete/", trees.FamilyDelete.as_view(), name="family_delete"
    ),
    path("product-categories/", trees.CategoryList.as_view(), name="category_list"),
    path("product-categories/+new/", trees.CategoryCreate.as_view(), name="category_new"),
    path("product-categories/<slug:code>/", trees.CategoryPage.as_view(), name="category_edit"),
    path(
        "product-categories/<slug:code>/merge/",
        trees.CategoryMerge.as_view(),
        name="category_merge",
    ),
    path(
        "product-categories/<slug:code>/delete/",
        trees.CategoryDelete.as_view(),
        name="category_delete",
    ),
    path("product-brands/", lists.BrandList.as_view(), name="brand_list"),
    path("product-brands/+new/", lists.BrandCreate.as_view(), name="brand_new"),
    path("product-brands/<slug:code>/", lists.BrandPage.as_view(), name="brand_edit"),
    path("product-brands/<slug:code>/merge/", lists.BrandMerge.as_view(), name="brand_merge"),
    path("product-brands/<slug:code>/delete/", lists.BrandDelete.as_view(), name="brand_delete"),
    path("sales-bundles/", sales_bundles.SalesBundleList.as_view(), name="sales_bundle_list"),
    path("sales-bundles/+new/", sales_bundles.SalesBundleCreate.as_view(), name="sales_bundle_new"),
    path(
        "sales-bundles/<slug:code>/",
        sales_bundles.SalesBundlePage.as_view(),
        name="sales_bundle_detail",
    ),
    path(
        "sales-bundles/<slug:code>/change/",
        sales_bundles.SalesBundleEdit.as_view(),
        name="sales_bundle_edit",
    ),
    path(
        "sales-bundles/<slug:code>/delete/",
        sales_bundles.SalesBundleDelete.as_view(),
        name="sales_bundle_delete",
    ),
    path("definitions/one-time/", definitions.OneTimeList.as_view(), name="one_time_list"),
    path(
        "definitions/recurring-fees/",
        definitions.RecurringFeeList.as_view(),
        name="recurring_fee_list",
    ),
    path(
        "definitions/recurring-services/",
        definitions.RecurringServiceList.as_view(),
        name="recurring_service_list",
    ),
    path(
        "definitions/recurring-packages/",
        definitions.RecurringPackageList.as_view(),
        name="recurring_package_list",
    ),
    path("fee-groups/", fee_groups.FeeGroupList.as_view(), name="fee_group_list"),
    path("fee-groups/+new/", fee_groups.FeeGroupCreate.as_view(), name="fee_group_new"),
    path("fee-groups/+choose/", choices.ChooseFeeGroup.as_view(), name="choose_fee_group"),
    path("fee-groups/<slug:code>/", fee_groups.FeeGroupPage.as_view(), name="fee_group_detail"),
    path(
        "fee-groups/<slug:code>/change/", fee_groups.FeeGroupEdit.as_view(), name="fee_group_edit"
    ),
    path(
        "fee-groups/<slug:code>/delete/",
        fee_groups.FeeGroupDelete.as_view(),
        name="fee_group_delete",
    ),
    path("account-classes/", lists.AccountClassList.as_view(), name="account_class_list"),
    path("account-classes/+new/", lists.AccountClassCreate.as_view(), name="account_class_new"),
    path(
        "account-classes/<slug:code>/", lists.AccountClassPage.as_view(), name="account_class_edit"
    ),
    path(
        "account-classes/<slug:code>/delete/",
        lists.AccountClassDelete.as_view(),
        name="account_class_delete",
    ),
    path("technologies/", lists.TechnologyList.as_view(), name="technology_list"),
    path("technologies/+new/", lists.TechnologyCreate.as_view(), name="technology_new"),
    path("technologies/<slug:code>/", lists.TechnologyPage.as_view(), name="technology_edit"),
    path(
        "technologies/<slug:code>/delete/",
        lists.TechnologyDelete.as_view(),
        name="technology_delete",
    ),
    path(
        "account-classifications/", lists.ClassificationList.as_view(), name="classification_list"
    ),
    path(
        "account-classifications/+new/",
        lists.ClassificationCreate.as_view(),
        name="classification_new",
    ),
    path(
        "account-classifications/<slug:code>/",
        lists.ClassificationPage.as_view(),
        name="classification_edit",
    ),
    path(
        "account-classifications/<slug:code>/delete/",
        lists.ClassificationDelete.as_view(),
        name="classification_delete",
    ),
]
