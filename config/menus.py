"""What leads to pages: the left rail, the “+ New” menu and keys; every entry has its permission."""

# The left rail: (group, heroicon, [(label, url name, permission)]). An entry is shown to those who
# have the permission ("" = everybody signed in), and a group if it has an entry to show.
NAVIGATION: list[tuple[str, str, list[tuple[str, str, str]]]] = [
    ("Home", "home", [("Home", "home", "")]),
    (
        "Customers",
        "users",
        [
            ("Accounts", "subscriptions:account_list", "subscriptions.view_account"),
            (
                "Subscriptions",
                "subscriptions:subscription_list",
                "subscriptions.view_subscription",
            ),
            ("Discounts given", "subscriptions:given_list", "subscriptions.view_givendiscount"),
        ],
    ),
    (
        "Catalogue",
        "book-open",
        [
            ("Products", "catalog:product_list", "catalog.view_product"),
            ("Types", "catalog:type_list", "catalog.view_producttype"),
            ("Families", "catalog:family_list", "catalog.view_productfamily"),
            ("Categories", "catalog:category_list", "catalog.view_productcategory"),
            ("Brands", "catalog:brand_list", "catalog.view_productbrand"),
            ("Price plans", "pricing:plan_list", "pricing.view_priceplan"),
            ("Price preview", "billing:price_preview", "pricing.view_priceplan"),
            ("Discounts", "pricing:discount_list", "pricing.view_additivediscount"),
            ("Usage catalogues", "pricing:catalog_list", "pricing.view_usagecatalog"),
            ("Tier plans", "pricing:tier_plan_list", "pricing.view_tierplan"),
            ("Voice plans", "pricing:voice_plan_list", "pricing.view_voiceplan"),
            ("Rate decks", "pricing:deck_list", "pricing.view_ratedeck"),
            ("Imports", "imports:batch_list", "shared.view_importbatch"),
        ],
    ),
    (
        "Definitions",
        "rectangle-stack",
        [
            ("One-time items & fees", "catalog:one_time_list", "catalog.view_product"),
            ("Recurring fees", "catalog:recurring_fee_list", "catalog.view_product"),
            ("Recurring services", "catalog:recurring_service_list", "catalog.view_product"),
            ("Recurring packages", "catalog:recurring_package_list", "catalog.view_product"),
            ("Bundles", "catalog:sales_bundle_list", "catalog.view_salesbundle"),
            ("Fee groups", "catalog:fee_group_list", "catalog.view_feegroup"),
        ],
    ),
    (
        "Billing",
        "banknotes",
        [
            ("Bills", "billing:bill_list", "billing.view_bill"),
            ("Payments", "billing:payment_list", "billing.view_payment"),
            ("Rated items", "billing:rated_item_list", "billing.view_ratedbillingitem"),
            ("Runs", "runs:run_list", "shared.view_run"),
            ("Parked items", "runs:parked_list", "shared.view_parkeditem"),
        ],
    ),
    (
        "Service",
        "server-stack",
        [
            (
                "Provisioning requests",
                "provisioning:request_list",
                "provisioning.view_provisioningrequest",
            ),
            ("Providers", "provisioning:provider_list", "provisioning.view_provider"),
        ],
    ),
    ("Inventory", "cube", []),
    ("Reports", "chart-bar", []),
    (
        "Setup",
        "cog-6-tooth",
        [
            (
                "Billing term schemes",
                "subscriptions:scheme_list",
                "subscriptions.view_billingtermscheme",
            ),
            (
                "Subscription types",
                "subscriptions:type_list",
                "subscriptions.view_subscriptiontype",
            ),
            ("Sellers", "subscriptions:seller_list", "subscriptions.view_seller"),
            ("Account classes", "catalog:account_class_list", "catalog.view_accountclass"),
            (
                "Account classifications",
                "catalog:classification_list",
                "catalog.view_accountclassification",
            ),
            ("Technologies", "catalog:technology_list", "catalog.view_technology"),
            ("Tax codes", "pricing:tax_code_list", "pricing.view_taxcode"),
            ("Tax groups", "pricing:tax_groups", "pricing.view_taxgroup"),
            ("Tax classes", "pricing:tax_class_list", "pricing.view_taxclass"),
            ("Tax regions", "pricing:tax_region_list", "pricing.view_taxregion"),
            ("Location rules", "pricing:location_rule_list", "pricing.view_locationrule"),
            ("Check tax setup", "pricing:tax_check", "pricing.view_taxcode"),
            ("Currencies", "pricing:currency_list", "pricing.view_currency"),
            ("Run definitions", "runs:definition_list", "shared.view_rundefinition"),
            ("Business clock", "business_clock", "shared.change_businessclock"),
        ],
    ),
]
# The "+ New" menu: (label, url name, permission).
NEW_MENU: list[tuple[str, str, str]] = [
    ("Account", "subscriptions:account_new", "subscriptions.add_account"),
    ("Payment", "billing:payment_new", "billing.add_payment"),
    ("Product", "catalog:product_new", "catalog.add_product"),
    ("Price plan", "pricing:plan_new", "pricing.add_priceplan"),
    ("Discount", "pricing:discount_new", "pricing.add_additivediscount"),
    ("Provider", "provisioning:provider_new", "provisioning.add_provider"),
]
# `g` and then this letter goes to the entry of the rail with this url name.
GO_KEYS: dict[str, str] = {
    "h": "home",
    "a": "subscriptions:account_list",
    "p": "catalog:product_list",
    "b": "billing:bill_list",
    "r": "runs:run_list",
    "w": "billing:price_preview",  # what if
}
