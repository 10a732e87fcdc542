"""Billing term schemes and subscription types: what may be agreed."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from simple_history.utils import bulk_create_with_history

from catalog.models import Product, ServiceType
from config.shared.operations.signing import sign
from pricing.kernel.periods import Duration
from pricing.models import PricePlan
from pricing.operations.lengths import fault_of_length
from subscriptions.models import (
    BillingTermScheme,
    BillTiming,
    Frequency,
    SchemeKind,
    SchemeProduct,
    SubscribedService,
    SubscriptionType,
)

_FIXED_BY_USE = ("kind", "method", "prorate")


class SchemeError(Exception):
    """A scheme or subscription type cannot be kept as asked; `field` names the field at fault."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class SchemeCodeTaken(SchemeError):
    """Another scheme or subscription type has the code."""


class WrongFrequencies(SchemeError):
    """No frequency is allowed, or the default is not among the allowed ones."""


class SchemeInUse(SchemeError):
    """Billing re-reads these settings for past days: they stay once terms were agreed."""


class NotOnScheme(SchemeError):
    """The scheme does not have the product."""


class NotAgreedHere(SchemeError):
    """The scheme is of a kind that has no such setting."""


class SchemeStillBills(SchemeError):
    """Subscriptions under the scheme have the product, so it stays on it."""


class NotForSubscriptions(SchemeError):
    """The product is nothing that goes on a subscription."""


@transaction.atomic
def create_scheme(
    *,
    code: str,
    name: str,
    frequencies: Collection[str] = (Frequency.MONTHLY,),
    default_frequency: str | None = None,
    default_plan: PricePlan | None = None,
    plans: Iterable[PricePlan] = (),
    **fields: Any,
) -> BillingTermScheme:
    """Set up a billing term scheme; the default frequency is the first one unless given.

    Raises WrongFrequencies or SchemeCodeTaken.
    """
    allowed = list(frequencies)
    default = default_frequency or (allowed[0] if allowed else "")
    _check_frequencies(allowed, default)
    if BillingTermScheme.objects.filter(code=code).exists():
        raise SchemeCodeTaken(f"Another scheme has the code “{code}”.", field="code")
    scheme = BillingTermScheme.objects.create(
        code=code,
        name=name,
        frequencies=allowed,
        default_frequency=default,
        default_plan=default_plan,
        **fields,
    )
    scheme.plans.set(plans)
    return scheme


@transaction.atomic
def update_scheme(
    scheme: BillingTermScheme, *, plans: Iterable[PricePlan] | None = None, **fields: Any
) -> BillingTermScheme:
    """Change a scheme; what was agreed on terms (plan, frequency, billing day) stays.

    Kind, method and proration stay once terms were agreed, because billing reads them for past
    days too. What deactivated services cost is settled by each deactivation, so a change of that
    holds for later ones.

    Raises WrongFrequencies or SchemeInUse.
    """
    scheme = BillingTermScheme.objects.select_for_update(of=("self",)).get(pk=scheme.pk)
    fixed = [
        name for name in _FIXED_BY_USE if fields.get(name) not in (None, getattr(scheme, name))
    ]
    if fixed and scheme.terms.exists():
        raise SchemeInUse(
            f"{scheme} is in use: make another scheme for another {fixed[0].replace('_', ' ')}.",
            field=fixed[0],
        )
    for field, value in fields.items():
        setattr(scheme, field, value)
    _check_frequencies(scheme.frequencies, scheme.default_frequency)
    scheme.save()
    if plans is not None:
        scheme.plans.set(plans)
    return scheme


@transaction.atomic
def create_subscription_type(
    *,
    code: str,
    name: str,
    schemes: Iterable[BillingTermScheme] = (),
    products: Iterable[Product] = (),
    description: str = "",
) -> SubscriptionType:
    """Set up a subscription type; its schemes get the products that they lack.

    Raises SchemeCodeTaken or NotForSubscriptions.
    """
    if SubscriptionType.objects.filter(code=code).exists():
        raise SchemeCodeTaken(f"Another subscription type has the code “{code}”.", field="code")
    subscription_type = SubscriptionType.objects.create(
        code=code, name=name, description=description
    )
    subscription_type.schemes.set(schemes)
    for product in products:
        add_product_to_type(subscription_type, product)
    return subscription_type


@transaction.atomic
def add_schemes_to_type(
    subscription_type: SubscriptionType, schemes: Iterable[BillingTermScheme]
) -> None:
    """Let subscriptions of the type choose the schemes, which get the products they lack."""
    subscription_type.schemes.add(*schemes)
    for product in subscription_type.products.select_related("type").order_by("pk"):
        _add_to_schemes(subscription_type, product, {})


@transaction.atomic
def add_product_to_type(
    subscription_type: SubscriptionType,
    product: Product,
    *,
    timing: str = BillTiming.PRE_BILL,
    exclude_from_deactivation: bool = False,
) -> list[BillingTermScheme]:
    """Allow a product on subscriptions of the type, and add it to the type's schemes that lack it.

    Returns those schemes; a scheme that has the product keeps its own settings for it.
    Source: CRM.COM, product page, Subscription Types.

    Raises NotForSubscriptions.
    """
    kind = product.type
    if kind.service_type not in (ServiceType.TERMED, ServiceType.EXPENSE) and not kind.good_type:
        raise NotForSubscriptions(
            f"{product} is neither a termed service, an expense nor a physical good.",
            field="product",
        )
    subscription_type.products.add(product)
    flags = {"timing": timing, "exclude_from_deactivation": exclude_from_deactivation}
    return _add_to_schemes(subscription_type, product, flags)


def schemes_lacking(
    subscription_type: SubscriptionType, product: Product
) -> list[BillingTermScheme]:
    """Return the type's schemes that would get the product with it, by code."""
    if product.type.good_type:
        return []
    return list(subscription_type.schemes.exclude(products__product=product).order_by("code", "pk"))


@transaction.atomic
def add_product_to_scheme(
    scheme: BillingTermScheme,
    product: Product,
    *,
    timing: str = BillTiming.PRE_BILL,
    exclude_from_deactivation: bool = False,
    advance: Duration | None = None,
) -> SchemeProduct:
    """Put a product on a scheme, or change how the scheme bills it.

    Normal schemes may exclude it from deactivation; on prepaid ones what is paid before its use
    may be paid for `advance` at a time. Raises NotForSubscriptions, or NotAgreedHere at the field.
    """
    if product.type.service_type not in (ServiceType.TERMED, ServiceType.EXPENSE):
        raise NotForSubscriptions(
            f"{product} is neither a termed service nor an expense.", field="product"
        )
    _check_settings(scheme, timing, advance, is_excluded=exclude_from_deactivation)
    row, _ = SchemeProduct.objects.update_or_create(
        scheme=scheme,
        product=product,
        defaults={
            "timing": timing,
            "exclude_from_deactivation": exclude_from_deactivation,
            "advance_count": advance.count if advance else None,
            "advance_unit": advance.unit.value if advance else "",
        },
    )
    return row


@transaction.atomic
def remove_product_from_scheme(row: SchemeProduct) -> None:
    """Take a product off a scheme under which nobody has or had it.

    Raises SchemeStillBills: billing reads how it is billed for past days too.
    """
    sold = SubscribedService.objects.filter(
        product=row.product_id, subscription__terms__scheme=row.scheme_id
    )
    if sold.exists():
        raise SchemeStillBills(
            f"Subscriptions under {row.scheme} have or had {row.product}: it stays on it.",
            field="scheme",
        )
    row.delete()


@transaction.atomic
def exclude_from_deactivation(
    scheme: BillingTermScheme, product: Product, *, excluded: bool = True
) -> SchemeProduct:
    """Keep a product on while an account is overdue (free-to-air channels), or no longer.

    Raises NotOnScheme.
    """
    row = SchemeProduct.objects.select_for_update().filter(scheme=scheme, product=product).first()
    if row is None:
        raise NotOnScheme(f"{scheme} does not have {product}.", field="product")
    row.exclude_from_deactivation = excluded
    row.save(update_fields=["exclude_from_deactivation"])
    return row


@transaction.atomic
def follow_replaced_plan(old: PricePlan, new: PricePlan, *, by: User | None, on: date) -> int:
    """Let schemes that offer a replaced price plan offer the new one; return how many.

    For subscriptions made from now on: terms that were agreed keep their plan.
    """
    defaults = BillingTermScheme.objects.filter(default_plan=old)
    offering = BillingTermScheme.objects.filter(plans=old)
    changed = (defaults | offering).distinct().order_by("pk")
    reason = f"Price plan {old.code} replaced by {new.code} from {on:%-d %b %Y}."
    count = 0
    for scheme in list(changed):
        if scheme.plans.filter(pk=old.pk).exists():
            scheme.plans.remove(old)
            scheme.plans.add(new)
        if scheme.default_plan_id == old.pk:
            scheme.default_plan = new
        sign(scheme, by, reason=reason)
        scheme.save(update_fields=["default_plan"])
        count += 1
    return count


def _add_to_schemes(
    subscription_type: SubscriptionType, product: Product, flags: dict[str, Any]
) -> list[BillingTermScheme]:
    lacking = schemes_lacking(subscription_type, product)
    rows = [
        SchemeProduct(scheme=scheme, product=product, **_flags_on(scheme, flags))
        for scheme in lacking
    ]
    bulk_create_with_history(rows, SchemeProduct)
    return lacking


def _flags_on(scheme: BillingTermScheme, flags: dict[str, Any]) -> dict[str, Any]:
    """Return the settings that a scheme of its kind has."""
    if scheme.kind == SchemeKind.PREPAID:
        return {**flags, "exclude_from_deactivation": False}
    return flags


def _check_settings(
    scheme: BillingTermScheme, timing: str, advance: Duration | None, *, is_excluded: bool
) -> None:
    if scheme.kind == SchemeKind.PREPAID and is_excluded:
        raise NotAgreedHere(
            f"{scheme} is prepaid: nothing on it is excluded from deactivation.",
            field="exclude_from_deactivation",
        )
    if advance is None:
        return
    if scheme.kind != SchemeKind.PREPAID:
        raise NotAgreedHere(
            f"{scheme} is no prepaid scheme: nothing on it is paid in advance.",
            field="advance_count",
        )
    if timing != BillTiming.PRE_BILL:
        raise NotAgreedHere(
            "Only what is paid before its use is paid in advance.", field="advance_count"
        )
    if fault := fault_of_length(advance.count, advance.unit):
        raise NotAgreedHere(fault, field="advance_count")


def _check_frequencies(allowed: Collection[str], default: str) -> None:
    if not allowed:
        raise WrongFrequencies("Allow at least one billing frequency.", field="frequencies")
    unknown = [each for each in allowed if each not in Frequency.values]
    if unknown:
        raise WrongFrequencies(f"{unknown[0]} is no billing frequency.", field="frequencies")
    if default not in allowed:
        raise WrongFrequencies(
            f"{Frequency(default).label} is the default, but not allowed.",
            field="default_frequency",
        )
