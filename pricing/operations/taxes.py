"""Tax codes, their dated percentages, and which of them a product takes."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from catalog.models import Product
from config.shared.day_text import day_text
from config.shared.db import days, refused_by
from pricing.kernel.tax_rules import WHOLE, RuleKind, TaxRule
from pricing.models import ProductTax, RateDate, TaxCode, TaxKind, TaxRate, TaxRateVersion
from pricing.queries.errors import PricingError


class TaxCodeTaken(PricingError):
    """Another tax code, or another rate of the tax code, has the code."""

    field = "code"


class WrongPercentage(PricingError):
    """A percentage is below 0 or above 100, or has too many digits."""

    field = "percentage"


class WrongTaxRule(PricingError):
    """A tax rule needs a sum, or a share of the charge."""

    field = "rule_value"


class WrongExemptRate(PricingError):
    """An exempt code has one rate, of 0 %."""

    field = "percentage"


class PercentageInForce(PricingError):
    """The past stays: a percentage changes from a day to come."""

    field = "starts_on"


class NoPercentageYet(PricingError):
    """A product cannot take a rate that has no percentage."""

    field = "add"


class OneRateApplied(PricingError):
    """Of the rates of a code on a product exactly one is applied."""


@transaction.atomic
def create_tax_code(
    *, code: str, name: str, kind: str = TaxKind.VAT, rate_date: str = RateDate.POSTING
) -> TaxCode:
    """Create a tax code; its rates are added one by one.

    Raises TaxCodeTaken.
    """
    tax_code = TaxCode(code=code, name=name, kind=kind, rate_date=rate_date)
    taken = TaxCodeTaken(f"Another tax code has the code {code}.")
    with refused_by("pricing_taxcode_code_key", taken):
        tax_code.save()
    return tax_code


@transaction.atomic
def update_tax_code(tax_code: TaxCode, *, code: str, name: str) -> TaxCode:
    """Rename a tax code.

    Raises TaxCodeTaken.
    """
    tax_code.code, tax_code.name = code, name
    taken = TaxCodeTaken(f"Another tax code has the code {code}.")
    with refused_by("pricing_taxcode_code_key", taken):
        tax_code.save(update_fields=["code", "name"])
    return tax_code


@transaction.atomic
def add_tax_rate(
    tax_code: TaxCode,
    *,
    code: str,
    name: str,
    fraction: Decimal | None = None,
    rule: TaxRule = WHOLE,
    starts_on: date,
) -> TaxRate:
    """Add a level to a tax code, with its first percentage if `fraction` (0.10 is 10 %) is given.

    `rule` says what part of a charge the percentage falls on. Raises TaxCodeTaken,
    WrongPercentage, WrongTaxRule or WrongExemptRate.
    """
    if tax_code.kind == TaxKind.EXEMPT and tax_code.rates.exists():
        raise WrongExemptRate(f"{tax_code} is exempt: it has one rate.")
    tax_rate = TaxRate(tax_code=tax_code, code=code, name=name)
    taken = TaxCodeTaken(f"{tax_code} already has a rate with the code {code}.")
    with refused_by("tax_rate_code", taken):
        tax_rate.save()
    if fraction is not None:
        set_percentage(tax_rate, fraction, rule=rule, starts_on=starts_on, on=starts_on)
    return tax_rate


@transaction.atomic
def rename_tax_rate(tax_rate: TaxRate, *, name: str) -> TaxRate:
    """Give a level another name."""
    tax_rate.name = name
    tax_rate.save(update_fields=["name"])
    return tax_rate


@transaction.atomic
def set_percentage(
    tax_rate: TaxRate,
    fraction: Decimal,
    *,
    rule: TaxRule | None = None,
    starts_on: date,
    on: date,
) -> TaxRateVersion:
    """Let a level have a percentage (0.10 is 10 %) from `starts_on` until another follows.

    `rule` says what part of a charge it falls on; None keeps the rule of the one before.

    The first may start on any day. A later one starts after the last and not before `on`, the
    business day, so that what was billed stays explained; one that has not started yet is
    corrected by setting it again for the same day.

    Raises WrongPercentage, WrongTaxRule, WrongExemptRate or PercentageInForce.
    """
    if fraction and tax_rate.tax_code.kind == TaxKind.EXEMPT:
        raise WrongExemptRate(f"{tax_rate.tax_code} is exempt: its percentage is 0.")
    if not fraction.is_finite() or not 0 <= fraction <= 1:
        raise WrongPercentage("A percentage lies between 0 and 100.")
    if fraction != fraction.quantize(Decimal("1E-8")):
        raise WrongPercentage("A percentage has at most 6 digits after the point.")
    TaxRate.objects.select_for_update(of=("self",)).get(pk=tax_rate.pk)
    last = TaxRateVersion.objects.filter(tax_rate=tax_rate).order_by("-period").first()
    if rule is None:
        rule = WHOLE if last is None else last.tax_rule
    _check_rule(rule)
    new = TaxRateVersion(
        tax_rate=tax_rate,
        fraction=fraction,
        rule=rule.kind.value,
        rule_value=rule.value,
        period=days(starts_on, None),
    )
    if last is None:
        new.save()
        return new
    last_start: date = last.period.lower
    if starts_on == last_start and on < last_start:
        last.fraction, last.rule, last.rule_value = fraction, new.rule, new.rule_value
        last.save(update_fields=["fraction", "rule", "rule_value"])
        return last
    if starts_on < on or starts_on <= last_start:
        earliest = max(on, last_start)
        raise PercentageInForce(
            f"{tax_rate} has {last} from {day_text(last_start)}; "
            f"another percentage can start {'after' if earliest == last_start else 'on'} "
            f"{day_text(earliest)} at the earliest."
        )
    last.period = days(last_start, starts_on)
    last.save(update_fields=["period"])
    new.save()
    return new


def _check_rule(rule: TaxRule) -> None:
    if rule.kind is RuleKind.EVERYTHING and rule.value:
        raise WrongTaxRule("Everything is taxed: leave the sum empty.")
    if rule.is_monthly and not rule.value:
        raise WrongTaxRule("Give the sum per month.")
    if rule.value != rule.value.quantize(Decimal("1E-4")):
        raise WrongTaxRule("A sum has at most 4 digits after the point, a share 2.")


@transaction.atomic
def set_product_tax(product: Product, tax_rate: TaxRate, *, applied: bool = True) -> ProductTax:
    """Offer a tax rate on a product; the one applied per tax code is what is billed.

    The first rate of a code is applied in any case. Applying one takes the mark from the others
    of its code.

    Raises NoPercentageYet or OneRateApplied.
    """
    _lock(product)
    if not tax_rate.versions.exists():
        raise NoPercentageYet(f"{tax_rate} has no percentage yet.")
    row = ProductTax.objects.filter(product=product, tax_rate=tax_rate).first()
    others = ProductTax.objects.filter(product=product, tax_code=tax_rate.tax_code_id)
    others = others.exclude(tax_rate=tax_rate)
    if not applied and row is not None and row.applied:
        raise OneRateApplied(f"Apply another rate instead of {tax_rate}: exactly one is applied.")
    applied = applied or not others.exists()
    if applied:
        for other in others.filter(applied=True):
            other.applied = False
            other.save(update_fields=["applied"])
    if row is None:
        return ProductTax.objects.create(
            product=product, tax_code=tax_rate.tax_code, tax_rate=tax_rate, applied=applied
        )
    row.applied = applied
    row.save(update_fields=["applied"])
    return row


@transaction.atomic
def remove_product_tax(row: ProductTax) -> None:
    """Take a tax rate off a product.

    Raises OneRateApplied for the applied one while the product has others of its code.
    """
    _lock(row.product)
    row = ProductTax.objects.select_related("tax_rate").get(pk=row.pk)
    same_code = ProductTax.objects.filter(product=row.product_id, tax_code=row.tax_code_id)
    if row.applied and same_code.exclude(pk=row.pk).exists():
        raise OneRateApplied(f"Apply another rate before {row.tax_rate} is taken off.")
    row.delete()


@transaction.atomic
def clear_product_taxes(product: Product) -> None:
    """Take all tax rates off a product: it is billed without tax."""
    _lock(product)
    for row in ProductTax.objects.filter(product=product):
        row.delete()


def _lock(product: Product) -> None:
    Product.objects.select_for_update(of=("self",), no_key=True).get(pk=product.pk)
