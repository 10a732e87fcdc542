"""Tax groups, location rules and exemptions: what is refused, and at which row."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import User

from catalog.models import Product
from pricing.kernel.tax_rules import RuleKind, TaxRule
from pricing.models import (
    LocationRule,
    ProductExemption,
    TaxClass,
    TaxCode,
    TaxGroup,
    TaxKind,
    TaxRate,
    TaxRegion,
)
from pricing.operations.tax_exemptions import (
    WrongExemption,
    end_product_exemption,
    exempt_product,
)
from pricing.operations.tax_places import (
    GroupTax,
    TaxPlaceTaken,
    WrongCountry,
    WrongEnd,
    WrongGroupItem,
    WrongLocationRule,
    WrongStart,
    add_location_rule,
    end_location_rule,
    save_tax_class,
    save_tax_region,
    set_product_tax_class,
    set_tax_group,
    set_type_tax_class,
)
from pricing.operations.taxes import (
    WrongExemptRate,
    WrongTaxRule,
    add_tax_rate,
    create_tax_code,
    set_percentage,
    set_product_tax,
)
from pricing.queries.tax_check import check_tax_setup
from pricing.queries.tax_setup import tax_setup
from subscriptions.operations import exemptions
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import RateFactory
from tests.subscriptions.factories import AccountFactory

pytestmark = pytest.mark.django_db

D = Decimal
TODAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


def rate(
    name: str, *, kind: str = TaxKind.SALES_TAX, starts_on: date = date(2020, 1, 1)
) -> TaxRate:
    code = create_tax_code(code=name.lower(), name=name, kind=kind)
    fraction = D(0) if kind == TaxKind.EXEMPT else D("0.10")
    return add_tax_rate(code, code="full", name=name, fraction=fraction, starts_on=starts_on)


@pytest.fixture
def sales() -> TaxClass:
    return save_tax_class(TaxClass(), code="sales", name="Sales")


@pytest.fixture
def region() -> TaxRegion:
    return save_tax_region(TaxRegion(), code="a", name="Region A")


def test_codes_of_places_are_unique(region: TaxRegion) -> None:
    with pytest.raises(TaxPlaceTaken, match="Another tax region has the code a"):
        save_tax_region(TaxRegion(), code="a", name="Other")


def test_a_group_holds_until_the_next_and_what_was_in_force_stays(
    sales: TaxClass, region: TaxRegion
) -> None:
    state, city = rate("State"), rate("City")
    set_tax_group(sales, region, [GroupTax(state)], starts_on=TODAY, on=TODAY)
    set_tax_group(sales, region, [GroupTax(city)], starts_on=JULY, on=TODAY)
    set_tax_group(sales, region, [GroupTax(state), GroupTax(city, 2)], starts_on=JULY, on=JUNE)

    assert [
        (group.period.lower, group.period.upper, group.items.count())
        for group in TaxGroup.objects.order_by("period")
    ] == [(TODAY, JULY, 1), (JULY, None, 2)]
    with pytest.raises(WrongStart, match="holds from 1 Jul 2026"):
        set_tax_group(sales, region, [], starts_on=JUNE, on=JUNE)
    product = ProductFactory()
    set_type_tax_class(product.type, sales)
    setup = tax_setup([product.pk], on=JULY)
    assert setup.products[product.pk].class_id == sales.pk
    assert [item.level for item in setup.groups[sales.pk, region.pk].items] == [1, 2]


@pytest.mark.parametrize(
    ("rates", "level", "message", "field"),
    [
        (["State", "State"], 1, "already has this tax", "tax_rate"),
        (["State", "City"], 10, "A level is 1 to 9, not 10", "level"),
        (["State", "City"], 3, "No tax has level 2", "level"),
        (["VAT", "Other VAT"], 1, "one VAT at most", "tax_rate"),
        (["State", "Late"], 1, "Late has no percentage on 1 May 2026", "tax_rate"),
    ],
)
def test_a_group_is_refused_at_the_row(
    sales: TaxClass, region: TaxRegion, rates: list[str], level: int, message: str, field: str
) -> None:
    known = {
        "State": rate("State"),
        "City": rate("City"),
        "VAT": rate("VAT", kind=TaxKind.VAT),
        "Other VAT": rate("Other-VAT", kind=TaxKind.VAT),
        "Late": rate("Late", starts_on=JULY),
    }
    first, second = (known[name] for name in rates)

    with pytest.raises(WrongGroupItem, match=message) as refused:
        set_tax_group(
            sales, region, [GroupTax(first), GroupTax(second, level)], starts_on=TODAY, on=TODAY
        )

    assert (refused.value.row, refused.value.field) == (1, field)


def location_rule(*codes: TaxCode, starts_on: date = TODAY, on: date = TODAY) -> LocationRule:
    return add_location_rule(
        name="Cyprus", country="cy", tax_codes=codes, starts_on=starts_on, on=on
    )


def test_a_location_rule_names_codes_that_go_together() -> None:
    vat, other = rate("VAT", kind=TaxKind.VAT), rate("Other", kind=TaxKind.VAT)
    free, late = rate("Exempt", kind=TaxKind.EXEMPT), rate("Late", starts_on=JULY)

    for codes, message in (
        ((), "Name the tax codes"),
        ((vat.tax_code, other.tax_code), "one VAT at most"),
        ((vat.tax_code, free.tax_code), "stands alone"),
        ((late.tax_code,), "Late has no rate on 1 May 2026"),
    ):
        with pytest.raises(WrongLocationRule, match=message):
            location_rule(*codes)
    with pytest.raises(WrongCountry, match="no country “QQ”"):
        add_location_rule(
            name="Q", country="qq", tax_codes=[vat.tax_code], starts_on=TODAY, on=TODAY
        )
    assert location_rule(vat.tax_code).country == "CY"


def test_location_rules_begin_and_end_from_today() -> None:
    vat = rate("VAT", kind=TaxKind.VAT)
    with pytest.raises(WrongStart, match="A rule can start on 1 Jun 2026 at the earliest"):
        location_rule(vat.tax_code, starts_on=TODAY, on=JUNE)
    rule = location_rule(vat.tax_code)
    coming = location_rule(vat.tax_code, starts_on=JULY)

    with pytest.raises(WrongStart, match="on 1 Jun 2026 at the earliest"):
        location_rule(vat.tax_code, starts_on=TODAY, on=JUNE)
    with pytest.raises(WrongEnd, match="at the earliest"):
        end_location_rule(rule, ends_on=TODAY, on=JUNE)
    end_location_rule(rule, ends_on=JUNE, on=JUNE)
    end_location_rule(coming, ends_on=JUNE, on=JUNE)

    assert LocationRule.objects.get().period.upper == date(2026, 6, 2)
    with pytest.raises(WrongEnd, match="has ended"):
        end_location_rule(rule, ends_on=JULY, on=JULY)


def test_an_exempt_code_has_one_rate_of_nothing() -> None:
    free = create_tax_code(code="free", name="Free", kind=TaxKind.EXEMPT)

    with pytest.raises(WrongExemptRate, match="its percentage is 0"):
        add_tax_rate(free, code="full", name="Full", fraction=D("0.1"), starts_on=TODAY)
    add_tax_rate(free, code="zero", name="Zero", fraction=D(0), starts_on=TODAY)
    with pytest.raises(WrongExemptRate, match="it has one rate"):
        add_tax_rate(free, code="other", name="Other", starts_on=TODAY)


def test_a_rule_changes_with_the_percentage_from_a_day_on() -> None:
    state = rate("State")
    exempt = TaxRule(RuleKind.MONTHLY_EXEMPTION, D(25))

    set_percentage(state, D("0.10"), rule=exempt, starts_on=JULY, on=TODAY)

    set_percentage(state, D("0.12"), starts_on=date(2026, 8, 1), on=TODAY)

    assert list(state.versions.order_by("period").values_list("fraction", "rule")) == [
        (D("0.10"), "EVERYTHING"),
        (D("0.10"), "MONTHLY_EXEMPTION"),
        (D("0.12"), "MONTHLY_EXEMPTION"),
    ]
    with pytest.raises(WrongTaxRule, match="Give the sum per month"):
        set_percentage(
            state,
            D(0),
            rule=TaxRule(RuleKind.MONTHLY_MAXIMUM),
            starts_on=date(2026, 9, 1),
            on=TODAY,
        )


def test_exemptions_do_not_overlap_and_end_yesterday() -> None:
    product, account = ProductFactory(), AccountFactory()
    exempt_product(product, reason="Emergency line", starts_on=TODAY)
    certificate = exemptions.exempt_account(
        account, certificate_number="CY-1", starts_on=TODAY, by=None
    )

    with pytest.raises(WrongExemption, match="exempt on some of these days"):
        exempt_product(product, reason="Again", starts_on=JUNE, ends_on=JULY)
    for fields, message in (
        ({"starts_on": JUNE}, "some of these days"),
        ({"starts_on": JULY, "ends_on": JUNE}, "ends after it starts"),
        ({"starts_on": JUNE, "certificate_number": " "}, "number of the certificate"),
    ):
        with pytest.raises(exemptions.WrongExemption, match=message):
            exemptions.exempt_account(
                account, **{"certificate_number": "CY-2", "by": None, **fields}
            )
    end_product_exemption(ProductExemption.objects.get(), on=JUNE)
    exemptions.end_exemption(certificate, on=TODAY, by=None)

    assert ProductExemption.objects.get().period.upper == JUNE
    assert not account.tax_exemptions.exists()


def test_the_check_names_what_billing_would_refuse(
    sales: TaxClass, region: TaxRegion, admin_user: User
) -> None:
    internet = save_tax_class(TaxClass(), code="net", name="Internet")
    home, abroad = rate("VAT-CY", kind=TaxKind.VAT), rate("VAT-ES", kind=TaxKind.VAT)
    late = rate("Late", starts_on=JULY)
    ruled = rate("Ruled")
    ruled.versions.update(rule=RuleKind.MONTHLY_MAXIMUM.value, rule_value=25)
    phone: Product = ProductFactory(name="Phone")
    set_product_tax_class(phone, internet)
    for each in (home, late, ruled):
        set_product_tax(phone, each)
    RateFactory(product=phone, tax_inclusive=True)
    set_tax_group(sales, region, [], starts_on=TODAY, on=TODAY)
    location_rule(abroad.tax_code)

    found = {(each.subject, each.text.split(":")[0]) for each in check_tax_setup(on=TODAY)}

    assert {text for _, text in found} == {
        "There is no tax group",
        "The rate has no percentage on 1 May 2026, but is in use.",
        "No rule is without conditions",
        "It has no rate of VAT-ES, which a location rule asks for.",
        "The price includes its tax, whose rule hangs on the month",
    }
    assert len(found) == 5
