"""The page of a rate: basis, tiers in rows, refusals at the row."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Product
from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import BasePer, Basis, Phase, SetUpFee
from pricing.kernel.tiers import Tier, TierRule
from pricing.models import PricePlan
from pricing.operations.rates import terms_of
from pricing.tables.prices import PriceColumn
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import PricePlanFactory, RateFactory

pytestmark = pytest.mark.django_db
D = Decimal
MONTH = Duration(1, Unit.MONTH)
TIERS = (Tier(D(3), D(99)), Tier(D(6), D(89), D(5)), Tier(None, D(59)))


def tier_rows(*rows: dict[str, str]) -> dict[str, str]:
    """Return what a browser sends for the rows of tiers."""
    cells = {
        f"rows-{place}-{name}": each for place, row in enumerate(rows) for name, each in row.items()
    }
    return {"rows-TOTAL_FORMS": str(len(rows)), "rows-INITIAL_FORMS": "0", **cells}


SEATS = [
    {"up_to": "3", "rate": "99.00"},
    {"above": "3", "up_to": "6", "rate": "89.00", "fixed": "5"},
    {"above": "6", "rate": "59"},
    {},
]


def add(admin: Client, plan: PricePlan, **typed: str):
    return admin.post(reverse("pricing:plan_rate_new", args=[plan.code]), typed)


def test_a_product_is_added_with_its_tiers(admin: Client) -> None:
    plan, product = PricePlanFactory(), ProductFactory()

    add(
        admin,
        plan,
        product=product.code,
        basis="QUANTITY_AND_MATURITY",
        tier_rule="VOLUME",
        minimum="1,000",
        setup_fee="25",
        setup="WAIVE",
        deposit="30",
        **tier_rows(*SEATS),
    )

    terms = terms_of(plan.rates.get())
    assert (terms.tiers, terms.tier_rule, terms.minimum) == (TIERS, TierRule.VOLUME, 1000)
    assert (terms.setup, terms.deposit) == (SetUpFee.WAIVE, 30)
    page = admin.get(plan.get_absolute_url()).content.decode()
    assert "above 3, up to 6: 89.00 each, of all + 5.00" in page
    assert "at least 1,000.00" in page
    assert "set-up waived" in page


def test_phases_have_tiers_of_their_own(admin: Client) -> None:
    plan, product = PricePlanFactory(), ProductFactory()

    add(
        admin,
        plan,
        product=product.code,
        basis="QUANTITY_AND_MATURITY",
        phase1_amount="0",
        phase1_times="2",
        phase2_times="0",
        **tier_rows(*({**row, "phase": "2"} if row else row for row in SEATS)),
    )

    assert terms_of(plan.rates.get()).phases == (
        Phase(MONTH, 2, D(0)),
        Phase(MONTH, 0, D(0), TIERS),
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param([SEATS[0], {"above": "4"}], "Row 2: It leaves a gap", id="gap"),
        pytest.param([SEATS[0], {"above": "2"}], "Row 2: It overlaps", id="overlap"),
        pytest.param([{}, {"rate": "59"}, SEATS[0]], "Row 2: Only the last", id="order"),
        pytest.param([{"rate": "-1"}], "Row 1, Price per unit or block: ", id="negative"),
        pytest.param([{"phase": "99", "rate": "1"}], "Row 1: There is no phase 99", id="phase"),
    ],
)
def test_a_tier_that_cannot_stand_is_told_at_its_row(
    admin: Client, rows: list[dict[str, str]], said: str
) -> None:
    plan = PricePlanFactory()
    given = {"product": ProductFactory().code, "basis": "QUANTITY_AND_MATURITY"}

    form = add(admin, plan, **given, **tier_rows(*rows)).context["form"]

    assert said in str(form.non_field_errors())
    assert any(row.errors for row in form.rows.forms)
    assert not plan.rates.exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"base_amount": "10", "per_count": "101", "per_unit": "YEAR"}, "per_count"),
        (
            {"phase1_amount": "10", "phase1_count": "999", "phase1_unit": "YEAR"},
            "phase1_count",
        ),
        (
            {
                "phase1_amount": "10",
                "phase1_count": "12",
                "phase1_unit": "MONTH",
                "phase1_times": "101",
            },
            "phase1_times",
        ),
    ],
)
def test_no_period_and_no_phase_is_longer_than_a_hundred_years(
    admin: Client, typed: dict[str, str], field: str
) -> None:
    plan, product = PricePlanFactory(), ProductFactory()

    form = add(admin, plan, product=product.code, **typed, **tier_rows()).context["form"]

    assert list(form.errors) == [field]
    assert not plan.rates.exists()


def test_a_rate_with_tiers_is_saved_again_as_it_was(admin: Client) -> None:
    rate = RateFactory(
        basis=Basis.QUANTITY_AND_MATURITY,
        base_amount=D(0),
        tiers=(Tier(None, D("2.5"), block=D(100)),),
        tier_rule=TierRule.PACKAGE,
        base_per=BasePer.PERIOD,
        minimum=D(5),
    )
    before = terms_of(rate)
    address = reverse("pricing:plan_rate_change", args=[rate.plan.code, rate.pk])
    form = admin.get(address).context["form"]
    shown = {
        field.html_name: field.value()
        for each in (form, *form.rows.forms)
        for field in each.visible_fields()
        if field.value() not in (None, False)
    }

    admin.post(address, {**shown, "product": rate.product.code, **tier_count(form)})

    rate.refresh_from_db()
    assert terms_of(rate) == before


def tier_count(form) -> dict[str, str]:
    counts = form.rows.management_form
    return {each.html_name: each.value() for each in counts if each.value() is not None}


def test_a_basis_that_the_product_does_not_have_is_told_at_the_field(admin: Client) -> None:
    plan = PricePlanFactory()
    installation = ProductFactory(one_time=True)

    form = add(
        admin, plan, product=installation.code, basis="MATURITY", base_amount="1", **tier_rows()
    ).context["form"]

    assert "flat fee or quantity or duration" in str(form.errors["basis"])


def test_the_page_names_what_only_some_bases_have(admin: Client) -> None:
    page = admin.get(reverse("pricing:plan_rate_new", args=[PricePlanFactory().code]))

    assert b'data-shown-for="basis!: DURATION QUANTITY QUANTITY_AND_MATURITY"' in page.content
    assert b"js/shown_for" in page.content


@pytest.mark.parametrize(
    ("rule", "price"),
    [(TierRule.GRADUATED, D(104)), (TierRule.STEP, D(5)), (TierRule.VOLUME, D(104))],
)
def test_lists_of_products_show_what_one_costs_by_tiers(rule: TierRule, price: Decimal) -> None:
    tiers = (Tier(D(3), D(99), D(5)), Tier(None, D(59)))
    rate = RateFactory(basis=Basis.QUANTITY_AND_MATURITY, tiers=tiers, tier_rule=rule)

    product = Product.objects.get(pk=rate.product_id)
    PriceColumn().read_more([product])

    shown = product.first_rate
    assert (Decimal(shown["price"]), shown["by_tiers"]) == (price, True)
