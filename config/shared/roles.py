"""The six roles as Django groups, and what each may do.

A role is a list of patterns of `app.codename`, with the wildcards of `fnmatch`. `sync_roles`
makes the groups hold exactly the permissions that match; `manage.py sync_roles` and the demo
call it, and it is to be called after each migration that adds models.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Final

from django.contrib.auth.models import Group, Permission
from django.db import transaction

_SEES_CATALOGUE: Final = ("catalog.view_*", "pricing.view_*")
_SEES_CUSTOMERS: Final = ("subscriptions.view_*", "shared.view_note", "shared.add_note")
_SEES_MONEY: Final = ("billing.view_*",)
_SEES_SERVICE: Final = ("inventory.view_*", "provisioning.view_*")
_SEES_RUNS: Final = tuple(
    f"shared.view_{model}"
    for model in ("run", "runchunk", "rundefinition", "parkeditem", "schedule", "numberseries")
)
_KEEPS_SCHEMES: Final = (
    "subscriptions.*_billingtermscheme",
    "subscriptions.*_schemeproduct",
    "subscriptions.*_subscriptiontype",
    "subscriptions.*_discountterms",
)
# What a file may change is asked for besides.
_IMPORTS: Final = tuple(f"shared.{verb}_importbatch" for verb in ("view", "add", "change"))
_KEEPS_PROVIDERS: Final = (
    "provisioning.*_provider",
    "provisioning.*_distributor",
    "provisioning.*_productdistribution",
)

ROLES: Final[dict[str, tuple[str, ...]]] = {
    "Auditor": ("*.view_*",),
    "CSR": (
        *_SEES_CATALOGUE,
        *_SEES_CUSTOMERS,
        *_SEES_MONEY,
        *_SEES_SERVICE,
        *(
            f"subscriptions.{verb}_{model}"
            for verb in ("add", "change")
            for model in (
                "account",
                "accountuser",
                "subscription",
                "billingterms",
                "subscribedservice",
                "subscriptionaction",
                "addedexpense",
                "givendiscount",
            )
        ),
        "billing.add_payment",
    ),
    "Technician": (
        *_SEES_CATALOGUE,
        *_SEES_CUSTOMERS,
        *_SEES_SERVICE,
        "inventory.add_*",
        "inventory.change_*",
        "provisioning.change_provisioningrequest",
    ),
    "Catalogue admin": (
        "catalog.*",
        "pricing.*",
        "subscriptions.view_*",
        *_SEES_SERVICE,
        *_KEEPS_SCHEMES,
        *_KEEPS_PROVIDERS,
        *_IMPORTS,
    ),
    "Billing operator": (
        *_SEES_CATALOGUE,
        *_SEES_CUSTOMERS,
        *_SEES_SERVICE,
        *_SEES_RUNS,
        "billing.view_*",
        "billing.add_*",
        "billing.change_*",
        "subscriptions.add_accountexemption",
        "subscriptions.change_accountexemption",
        "shared.add_run",
        "shared.change_run",
        "shared.add_rundefinition",
        "shared.change_rundefinition",
        "shared.change_parkeditem",
        "shared.*_schedule",
        "subscriptions.approve_givendiscount",
        "subscriptions.change_givendiscount",
        "provisioning.change_provisioningrequest",
    ),
    "Configurator": (
        "catalog.*",
        *_SEES_CATALOGUE,
        *_SEES_CUSTOMERS,
        *_SEES_SERVICE,
        *_SEES_RUNS,
        *_KEEPS_SCHEMES,
        *_KEEPS_PROVIDERS,
        *_IMPORTS,
        "pricing.*_taxcode",
        "pricing.*_taxrate",
        "pricing.*_taxrateversion",
        "pricing.*_producttax",
        "pricing.*_producttypetax",
        "pricing.*_taxregion",
        "pricing.*_taxclass",
        "pricing.*_taxgroup",
        "pricing.*_taxgroupitem",
        "pricing.*_locationrule",
        "pricing.*_locationrulecode",
        "pricing.*_producttaxclass",
        "pricing.*_typetaxclass",
        "pricing.*_productexemption",
        "pricing.*_currency",
        "subscriptions.*_seller",
        "provisioning.change_provisioningrequest",
        "shared.*_numberseries",
        "shared.*_rundefinition",
        "shared.*_schedule",
        "shared.change_businessclock",
    ),
}

# What a role never gets from a pattern: keys of the kingdom, and what nobody edits.
_NEVER: Final = (
    "admin.*",
    "auth.*",
    "contenttypes.*",
    "sessions.*",
    "*.add_historical*",
    "*.change_historical*",
    "*.delete_historical*",
    "*_formtoken",
)


def allows(role: str, permission: str) -> bool:
    """Return whether a role has a permission, given as `app.codename`."""
    return _matches(permission, ROLES[role]) and not _matches(permission, _NEVER)


@transaction.atomic
def sync_roles() -> dict[str, int]:
    """Make each role's group hold exactly its permissions; return how many each has.

    Groups with other names are left alone.
    """
    permissions = list(Permission.objects.select_related("content_type"))
    counts = {}
    for role in ROLES:
        group, _ = Group.objects.get_or_create(name=role)
        allowed = [
            permission
            for permission in permissions
            if allows(role, f"{permission.content_type.app_label}.{permission.codename}")
        ]
        group.permissions.set(allowed)
        counts[role] = len(allowed)
    return counts


def _matches(permission: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(permission, pattern) for pattern in patterns)
