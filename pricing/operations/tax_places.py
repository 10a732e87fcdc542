"""Tax regions and classes, the groups of a class in a region, and location rules.

What decides about taxes changes from a day on, today at the earliest: what was in force stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db import transaction

from catalog.models import Product, ProductType
from config.shared.countries import unknown_country
from config.shared.day_text import day_text
from config.shared.db import days, refused_by
from pricing.models import (
    LocationRule,
    LocationRuleCode,
    ProductTaxClass,
    Rounding,
    TaxClass,
    TaxCode,
    TaxGroup,
    TaxGroupItem,
    TaxKind,
    TaxRate,
    TaxRegion,
    TypeTaxClass,
)
from pricing.queries.errors import PricingError

HIGHEST_LEVEL = 9


class TaxPlaceTaken(PricingError):
    """Another tax region or class has the code."""

    field = "code"


class WrongStart(PricingError):
    """What decides about taxes changes from today at the earliest."""

    field = "starts_on"


class WrongEnd(PricingError):
    """What is in force ends after it began, and not in the past."""

    field = "ends_on"


class WrongGroupItem(PricingError):
    """A tax of a group is at fault; `row` is its place, from 0."""

    def __init__(self, message: str, *, field: str, row: int) -> None:
        super().__init__(message)
        self.field = field
        self.row = row


class WrongLocationRule(PricingError):
    """The tax codes of a location rule do not go together, or one has no percentage."""

    field = "tax_codes"


class WrongCountry(PricingError):
    """No country has the two letters."""

    field = "country"


@dataclass(frozen=True, slots=True)
class GroupTax:
    """A tax of a group; one of a higher level is charged on those below it too."""

    tax_rate: TaxRate
    level: int = 1


Place = TypeVar("Place", TaxRegion, TaxClass)


@transaction.atomic
def save_tax_region(region: TaxRegion, *, code: str, name: str) -> TaxRegion:
    """Create a tax region, or rename one.

    Raises TaxPlaceTaken.
    """
    return _save_place(region, code, name, "pricing_taxregion_code_key")


@transaction.atomic
def save_tax_class(tax_class: TaxClass, *, code: str, name: str) -> TaxClass:
    """Create a tax class, or rename one.

    Raises TaxPlaceTaken.
    """
    return _save_place(tax_class, code, name, "pricing_taxclass_code_key")


def _save_place(place: Place, code: str, name: str, constraint: str) -> Place:
    place.code, place.name = code, name
    taken = TaxPlaceTaken(f"Another {place._meta.verbose_name} has the code {code}.")
    with refused_by(constraint, taken):
        place.save()
    return place


@transaction.atomic
def set_product_tax_class(product: Product, tax_class: TaxClass | None) -> None:
    """Give a product a tax class of its own; None leaves it to its type."""
    if tax_class is None:
        for row in ProductTaxClass.objects.filter(product=product):
            row.delete()
    else:
        ProductTaxClass.objects.update_or_create(product=product, defaults={"tax_class": tax_class})


@transaction.atomic
def set_type_tax_class(product_type: ProductType, tax_class: TaxClass | None) -> None:
    """Give the products of a type, but those with one of their own, a tax class, or none."""
    if tax_class is None:
        for row in TypeTaxClass.objects.filter(type=product_type):
            row.delete()
    else:
        TypeTaxClass.objects.update_or_create(type=product_type, defaults={"tax_class": tax_class})


@transaction.atomic
def set_tax_group(
    tax_class: TaxClass,
    tax_region: TaxRegion,
    taxes: Sequence[GroupTax],
    *,
    rounding: str = Rounding.DOCUMENT,
    starts_on: date,
    on: date,
) -> TaxGroup:
    """Let a class be taxed so in a region from `starts_on` until another group follows.

    Without taxes it is not taxed there. The first group may start on any day, as nothing is billed
    without one; a later one not before `on`, the business day. One that has not started yet is set
    again for the same day.

    Raises WrongStart or WrongGroupItem.
    """
    TaxClass.objects.select_for_update(of=("self",)).get(pk=tax_class.pk)
    for place, tax in enumerate(taxes):
        _check_item(taxes, tax, place, starts_on)
    known = TaxGroup.objects.filter(tax_class=tax_class, tax_region=tax_region)
    last = known.order_by("-period").first()
    if last is not None:
        last_start: date = last.period.lower
        if starts_on < max(on, last_start) or starts_on == last_start <= on:
            raise WrongStart(
                f"{last} holds from {day_text(last_start)}; another group can start "
                f"on {day_text(on)} at the earliest, and after that day."
            )
        if starts_on == last_start:
            for item in last.items.all():
                item.delete()
            last.delete()
        else:
            last.period = days(last_start, starts_on)
            last.save(update_fields=["period"])
    group = TaxGroup.objects.create(
        tax_class=tax_class,
        tax_region=tax_region,
        rounding=rounding,
        period=days(starts_on, None),
    )
    for tax in taxes:
        TaxGroupItem.objects.create(group=group, tax_rate=tax.tax_rate, level=tax.level)
    return group


def _check_item(taxes: Sequence[GroupTax], tax: GroupTax, row: int, on: date) -> None:
    rate = tax.tax_rate
    if rate.pk in {other.tax_rate.pk for other in taxes[:row]}:
        raise WrongGroupItem("The group already has this tax.", field="tax_rate", row=row)
    if not 1 <= tax.level <= HIGHEST_LEVEL:
        raise WrongGroupItem(
            f"A level is 1 to {HIGHEST_LEVEL}, not {tax.level}.", field="level", row=row
        )
    below = tax.level - 1
    if below and below not in {other.level for other in taxes}:
        raise WrongGroupItem(
            f"No tax has level {below}: levels have no gap.", field="level", row=row
        )
    is_vat = rate.tax_code.kind == TaxKind.VAT
    if is_vat and any(other.tax_rate.tax_code.kind == TaxKind.VAT for other in taxes[:row]):
        raise WrongGroupItem("A line takes one VAT at most.", field="tax_rate", row=row)
    if not rate.versions.filter(period__contains=on).exists():
        raise WrongGroupItem(
            f"{rate} has no percentage on {day_text(on)}.", field="tax_rate", row=row
        )


@transaction.atomic
def add_location_rule(
    *,
    name: str,
    tax_codes: Sequence[TaxCode],
    country: str = "",
    postal_prefix: str = "",
    tax_region: TaxRegion | None = None,
    position: int = 100,
    starts_on: date,
    ends_on: date | None = None,
    on: date,
) -> LocationRule:
    """Let a place take tax codes from `starts_on`; `ends_on` is the last day.

    Raises WrongLocationRule, WrongCountry, WrongStart or WrongEnd.
    """
    if starts_on < on:
        raise WrongStart(f"A rule can start on {day_text(on)} at the earliest.")
    if country and unknown_country(country):
        raise WrongCountry(unknown_country(country))
    if ends_on is not None and ends_on < starts_on:
        raise WrongEnd("A rule ends after it starts.")
    _check_codes(tax_codes, starts_on)
    rule = LocationRule.objects.create(
        name=name,
        position=position,
        country=country.upper(),
        postal_prefix=postal_prefix,
        tax_region=tax_region,
        period=days(starts_on, _day_after(ends_on)),
    )
    for tax_code in tax_codes:
        LocationRuleCode.objects.create(rule=rule, tax_code=tax_code)
    return rule


@transaction.atomic
def end_location_rule(rule: LocationRule, *, ends_on: date, on: date) -> None:
    """Let a location rule hold until `ends_on`, its last day; one not begun yet is deleted.

    Raises WrongEnd.
    """
    rule = LocationRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
    if rule.period.lower > on and ends_on < rule.period.lower:
        for code in rule.codes.all():
            code.delete()
        rule.delete()
        return
    if ends_on < max(on, rule.period.lower):
        raise WrongEnd(f"{rule} can end on {day_text(max(on, rule.period.lower))} at the earliest.")
    if rule.period.upper is not None and rule.period.upper <= on:
        raise WrongEnd(f"{rule} has ended.")
    rule.period = days(rule.period.lower, _day_after(ends_on))
    rule.save(update_fields=["period"])


def _check_codes(tax_codes: Sequence[TaxCode], on: date) -> None:
    if not tax_codes:
        raise WrongLocationRule("Name the tax codes of the place; an exempt code taxes nothing.")
    kinds = [code.kind for code in tax_codes]
    if kinds.count(TaxKind.VAT) > 1:
        raise WrongLocationRule("A place has one VAT at most.")
    if TaxKind.EXEMPT in kinds and len(kinds) > 1:
        raise WrongLocationRule("An exempt code stands alone.")
    for code in tax_codes:
        has_rate = TaxRate.objects.filter(tax_code=code, versions__period__contains=on).exists()
        if code.kind != TaxKind.EXEMPT and not has_rate:
            raise WrongLocationRule(f"{code} has no rate on {day_text(on)}.")


def _day_after(day: date | None) -> date | None:
    return None if day is None else date.fromordinal(day.toordinal() + 1)
