"""Settings: secure unless the environment asks otherwise; see README, "Settings"."""

from importlib.util import find_spec
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from config import menus
from config.embedded.paths import embedded_database, embedded_redis_url, secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# Where the embedded servers, the generated secret key and uploaded files live.
DATA_DIR = Path(env.str("RATEBOOK_DATA", default=str(BASE_DIR / ".data")))

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or secret_key(DATA_DIR)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# What the ribbon on every page says: demo, test or production.
ENVIRONMENT = env.str("ENVIRONMENT", default="production")
# The business clock may be moved on demo and test installations only.
BUSINESS_CLOCK_MOVABLE = env.bool("BUSINESS_CLOCK_MOVABLE", default=False)
OPERATOR_TIME_ZONE = env.str("OPERATOR_TIME_ZONE", default="Europe/Nicosia")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "csp",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "heroicons",
    "simple_history",
    "config.shared",
    "catalog",
    "pricing",
    "inventory",
    "subscriptions",
    "provisioning",
    "billing",
    "config.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.shared.middleware.UnreachableServerMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.shared.context_processors.page_frame",
            ],
        },
    },
]

# One database engine everywhere; without DATABASE_URL the embedded PostgreSQL.
DATABASES = {
    "default": env.db("DATABASE_URL")
    if env.str("DATABASE_URL", "")
    else embedded_database(DATA_DIR)
}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("application_name", "ratebook")

REDIS_URL = env.str("REDIS_URL", "") or embedded_redis_url(DATA_DIR)

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = OPERATOR_TIME_ZONE
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
# bootstrap-wrapper ships Bootstrap's built files, but not as a Django app.
_BOOTSTRAP = find_spec("bootstrap")
STATICFILES_DIRS: list[Path | tuple[str, str]] = [BASE_DIR / "static"]
if _BOOTSTRAP and _BOOTSTRAP.submodule_search_locations:
    STATICFILES_DIRS.append(("bootstrap", next(iter(_BOOTSTRAP.submodule_search_locations))))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# No address leads to MEDIA_ROOT: views hand out what is in it.
MEDIA_ROOT = DATA_DIR / "media"
# Largest uploads. Pixels bound the memory that decoding an image may take.
IMAGE_MAX_BYTES = env.int("IMAGE_MAX_BYTES", default=8 * 1024 * 1024)
IMAGE_MAX_PIXELS = env.int("IMAGE_MAX_PIXELS", default=40_000_000)
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", default=25 * 1024 * 1024)

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False
FORM_RENDERER = "config.shared.form_renderer.DirectRenderer"
FILTERS_EMPTY_CHOICE_LABEL = "Any"
DJANGO_TABLES2_TEMPLATE = "components/table.html"

# Off only where no TLS stands in front: the demo on 127.0.0.1 and the tests.
HTTPS = env.bool("HTTPS", default=True)
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
SESSION_COOKIE_AGE = 12 * 60 * 60
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = OPERATOR_TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# One tick drives everything: due schedules, runs left undone, requests left undelivered.
TICK_SECONDS = env.float("TICK_SECONDS", default=60.0)
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "config.shared.tasks.tick", "schedule": TICK_SECONDS},
}
# Accounts in one chunk of a run, and how long a stopped worker may hold one.
RUN_CHUNK_SIZE = env.int("RUN_CHUNK_SIZE", default=500)
RUN_WORKERS = env.int("RUN_WORKERS", default=2)
RUN_IDLE_TIMEOUT_SECONDS = env.int("RUN_IDLE_TIMEOUT_SECONDS", default=10)

# The left rail, the "+ New" menu and the keys that go to an entry of the rail.
NAVIGATION = menus.NAVIGATION
NEW_MENU = menus.NEW_MENU
GO_KEYS = menus.GO_KEYS

# What a lower app's page shows of an upper app, and what an upper app does when something
# changes below it: lists of dotted paths, read in order, in the way of MIDDLEWARE.
RUN_KINDS: list[str] = [
    "subscriptions.runs.scheduled.ScheduledActions",
    "catalog.runs.availability.ProductAvailability",
    "catalog.runs.availability.SalesBundleAvailability",
    "billing.runs.normal.NormalBilling",
    "billing.runs.overdue.Deactivation",
    "billing.runs.overdue.Activation",
]
TICK_TASKS: list[str] = ["provisioning.tasks.deliver"]
PRODUCT_PANELS: list[str] = [
    "catalog.panels.main.MainInformation",
    "catalog.panels.main.TypeCharacteristics",
    "catalog.panels.main.Categories",
    "catalog.panels.main.Validity",
    "catalog.panels.media.ImagesAndAttachments",
    "catalog.panels.bundles.BundleComponents",
    "catalog.panels.bundles.BundleRestrictions",
    "catalog.panels.fees.DependentFees",
    "catalog.panels.use.WhereUsed",
    "catalog.panels.use.ProductHistory",
    "pricing.panels.taxes.TaxRatesPanel",
    "pricing.panels.tax_places.TaxClassPanel",
    "pricing.panels.tax_places.ProductExemptionsPanel",
    "pricing.panels.plans.PricePlansPanel",
    "pricing.panels.usage_catalogs.UsageCatalogsPanel",
    "pricing.panels.usage_catalogs.UsageBillingPanel",
    "pricing.panels.discounts.DiscountsOfProduct",
    "pricing.panels.elements.PackageElements",
    "subscriptions.panels.schemes.BillingTermSchemes",
    "subscriptions.panels.schemes.SubscriptionTypes",
    "provisioning.panels.ProductProviders",
]
TYPE_PANELS: list[str] = [
    "catalog.panels.types.TypeMain",
    "catalog.panels.types.TypeCharacteristics",
    "catalog.panels.records.TypeProducts",
    "pricing.panels.types.DefaultTaxes",
    "pricing.panels.tax_places.TypeTaxClassPanel",
]
PLAN_PANELS: list[str] = [
    "subscriptions.panels.plans.SchemesOfPlan",
    "subscriptions.panels.plans.SubscriptionsOfPlan",
]
# What a new product starts with: handler.product_created(product).
PRODUCT_CREATED_HANDLERS: list[str] = ["pricing.handlers.DefaultTaxes"]
# Who has a product: holder.count(product), holder.what. Until none is left it is not discontinued.
PRODUCT_HOLDERS: list[str] = ["subscriptions.handlers.LiveServices"]
# Where a product is used: functions that return catalog.queries.places.Place rows.
PRODUCT_PLACES: list[str] = [
    "pricing.queries.places.places_of",
    "subscriptions.queries.places_of_product.places_of",
    "provisioning.queries.places.places_of",
]
# What is wrong with the fees that come with a product: functions that return texts.
PRODUCT_FEE_FAULTS: list[str] = ["pricing.queries.fee_prices.fees_without_price"]
# What a clone of a product may get of other apps: subclasses of ClonedPart.
PRODUCT_CLONED_PARTS: list[str] = [
    "pricing.handlers.ClonedTaxes",
    "pricing.handlers.ClonedPrices",
    "subscriptions.handlers.ClonedSchemes",
    "subscriptions.handlers.ClonedTypes",
    "provisioning.handlers.ClonedProviders",
]
# Parts of the new-product page that other apps add: tax, price, where it is sold.
PRODUCT_NEW_SECTIONS: list[str] = [
    "pricing.panels.new_product.NewProductTax",
    "pricing.panels.new_product.NewProductPrice",
]
# Kinds of files that can be imported and exported, in the order in which one needs the other.
IMPORTS: list[str] = [
    "catalog.imports.TypeResource",
    "catalog.imports.CharacteristicResource",
    "catalog.imports.FamilyResource",
    "catalog.imports.CategoryResource",
    "catalog.imports.BrandResource",
    "catalog.imports.ProductResource",
    "catalog.imports.ComponentResource",
    "pricing.imports.plans.PlanResource",
    "pricing.imports.tax_setup.TaxCodeResource",
    "pricing.imports.tax_rates.TaxRateResource",
    "pricing.imports.tax_setup.TaxRegionResource",
    "pricing.imports.tax_setup.TaxClassResource",
    "pricing.imports.tax_groups.TaxGroupResource",
    "pricing.imports.location_rules.LocationRuleResource",
    "pricing.imports.product_taxes.ProductTaxResource",
    "pricing.imports.product_taxes.TypeTaxClassResource",
    "pricing.imports.product_taxes.ProductTaxClassResource",
    "pricing.imports.product_taxes.ExemptionResource",
    "pricing.imports.rates.RateResource",
    "pricing.imports.conditions.ConditionResource",
    "pricing.imports.discounts.DiscountResource",
    "pricing.imports.usage_plans.TierPlanResource",
    "pricing.imports.decks.DeckResource",
    "pricing.imports.voice_plans.VoicePlanResource",
    "pricing.imports.voice_plans.VoiceClassResource",
    "pricing.imports.usage_plans.ProductUsagePlanResource",
    "pricing.imports.usage_catalogs.UsageCatalogResource",
    "pricing.imports.usage_catalogs.UsageRateResource",
]
ACCOUNT_PANELS: list[str] = [
    "billing.panels.accounts.LastBills",
    "billing.panels.accounts.AccountBills",
    "billing.panels.accounts.AccountLedger",
    "billing.panels.accounts.AccountPayments",
    "provisioning.panels.AccountRequests",
]
PRODUCT_COLUMNS: list[str] = [
    "pricing.tables.prices.PriceColumn",
    "pricing.tables.prices.SetupFeeColumn",
]
ACCOUNT_COLUMNS: list[str] = ["billing.tables.BalanceColumn"]
SUBSCRIPTION_PANELS: list[str] = ["provisioning.panels.SubscriptionRequests"]
RUN_PANELS: list[str] = [
    "billing.panels.home.BillsOfRun",
    "provisioning.panels.SwitchedByRun",
]
HOME_PANELS: list[str] = [
    "config.shared.panels.BusinessClockPanel",
    "config.shared.runs.panels.ParkedOnHomePanel",
    "billing.panels.home.OverdueOnHome",
    "provisioning.panels.FailedOnHome",
    "config.shared.runs.panels.LastRunsPanel",
]
# Parts whose changes belong to a record's history: lists of HistoryPart.
HISTORY_PARTS: list[str] = [
    "config.shared.queries.files.HISTORY_PARTS",
    "catalog.queries.history.HISTORY_PARTS",
    "pricing.queries.history.HISTORY_PARTS",
    "subscriptions.queries.history.HISTORY_PARTS",
    "provisioning.queries.history.HISTORY_PARTS",
]
# The page that answers what a product would cost; it takes `product` and `plan` by their codes.
PRICE_PREVIEW = "billing:price_preview"
# What follows when an account gets another class or classification:
# handler.classes_changed(account, on=).
ACCOUNT_CHANGED_HANDLERS: list[str] = ["billing.handlers.RerateAccount"]
# Who keeps the values of price plans' conditions: subclasses of ConditionValues.
PLAN_CONDITION_VALUES: list[str] = [
    "pricing.handlers.CatalogueConditions",
    "subscriptions.handlers.TermsConditions",
]
# What follows when a price plan is replaced: handler.plan_replaced(old, new, by=, on=).
PLAN_REPLACED_HANDLERS: list[str] = ["subscriptions.handlers.FollowReplacedPlan"]
# Who still needs a discount: holder.count(discount), holder.what. Until none is left it stays.
DISCOUNT_HOLDERS: list[str] = [
    "subscriptions.handlers.GivenDiscounts",
    "billing.handlers.ItemsToBill",
]
# What a new version of a discount takes along: handler.version_drafted(old, new).
DISCOUNT_VERSION_HANDLERS: list[str] = ["subscriptions.handlers.CopyDiscountTerms"]
# What follows when a discount is given or taken back: handler.discount_changed(services, …).
DISCOUNT_GIVEN_HANDLERS: list[str] = ["billing.handlers.RateDiscounted"]
# What other apps show and keep of a discount.
DISCOUNT_PANELS: list[str] = [
    "subscriptions.panels.discounts.TermsOfDiscount",
    "subscriptions.panels.discounts.PreviewOnAccount",
    "subscriptions.panels.discounts.GivenTo",
]
SUBSCRIPTION_ACTION_HANDLERS: list[str] = [
    "billing.handlers.MarkForRating",
    "provisioning.handlers.RequestProvisioning",
]

# Where tax is rounded: once per rate on the sum of a document's lines, or on every LINE.
TAX_ROUNDING = env.str("TAX_ROUNDING", default="DOCUMENT")

# Offer lists follow account class and technology (presentation only); off shows everything.
OFFER_FILTER = env.bool("OFFER_FILTER", default=True)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
