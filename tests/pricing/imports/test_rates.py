"""Rates from files and spreadsheets: read, refused at the cell, put in whole or not at all."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from config.shared.imports.drafts import RowReport
from config.shared.imports.files import Line
from config.shared.models import RowOutcome
from pricing.imports.paste import PastedRow, RowsRefused, apply_pasted, preview_pasted
from pricing.imports.rates import RateResource
from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import Basis, Phase, SetUpFee
from pricing.kernel.tiers import Tier, TierRule
from pricing.models import PricePlan
from pricing.operations.rates import terms_of
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import PricePlanFactory, RateFactory

pytestmark = pytest.mark.django_db
D = Decimal
MONTH = Duration(1, Unit.MONTH)
SEATS = (Tier(D(3), D(99)), Tier(D(6), D(89), D(5)), Tier(None, D("2.5"), block=D(100)))


@pytest.fixture
def plan() -> PricePlan:
    """A plan that has not been used, and three products."""
    for code in ("TV-1", "TV-2", "SEATS"):
        ProductFactory(code=code, name=code)
    ProductFactory(code="VISIT", name="Visit", one_time=True)
    return PricePlanFactory(code="home")


def pasted(plan: PricePlan, *rows: str) -> list[PastedRow]:
    return preview_pasted(plan, "\n".join(rows), by=None)


def processed(*rows: dict[str, str]) -> list[RowReport]:
    resource = RateResource()
    resource.begin(list(rows[0]))
    lines = [Line(number, row) for number, row in enumerate(rows, start=2)]
    return resource.process(lines, dry_run=False)


HEAD = "product\tbasis\tamount\tset-up fee\tset-up\tminimum\ttier rule\ttiers\tphases"
GOOD = [
    HEAD,
    "TV-1\t\t1,024.90\t15\twaive",
    "TV-2\tmaturity\t\t\t\t\t\t\t3 x month: 6.00; month: 12.00",
    "SEATS\tquantity and maturity\t\t\t\t50\tvolume\t3: 99; 6: 89 + 5; *: 2.5 / 100",
    "VISIT\tduration\t40",
]


def test_rows_of_a_spreadsheet_become_rates(plan: PricePlan) -> None:
    assert {row.outcome for row in pasted(plan, *GOOD)} == {RowOutcome.NEW}
    assert not plan.rates.exists()

    count = apply_pasted(plan, "\r\n".join(GOOD), by=None)

    found = {rate.product.code: terms_of(rate) for rate in plan.rates.all()}
    assert count == 4
    assert (found["TV-1"].base_amount, found["TV-1"].setup) == (D("1024.90"), SetUpFee.WAIVE)
    assert found["TV-2"].phases == (Phase(MONTH, 3, D(6)), Phase(MONTH, 0, D(12)))
    assert (found["SEATS"].tiers, found["SEATS"].tier_rule) == (SEATS, TierRule.VOLUME)
    assert (found["SEATS"].minimum, found["VISIT"].basis) == (50, Basis.DURATION)


def test_rows_without_names_are_read_in_the_usual_order(plan: PricePlan) -> None:
    apply_pasted(plan, "TV-1\tMaturity\t24.90\t3 months\t15\n\nTV-2\t\t5\tmonth\t", by=None)

    found = {rate.product.code: rate for rate in plan.rates.all()}
    assert (found["TV-1"].per_count, found["TV-1"].setup_fee) == (3, 15)
    assert found["TV-2"].base_amount == 5


def test_a_rate_that_is_there_changes_in_what_the_rows_name(plan: PricePlan) -> None:
    apply_pasted(plan, "\n".join(GOOD), by=None)

    rows = pasted(plan, "product\tamount", "TV-1\t1024.9", "VISIT\t45")

    assert [row.outcome for row in rows] == [RowOutcome.SAME, RowOutcome.CHANGED]
    assert rows[1].changes == (("amount", "40", "45"),)


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        pytest.param("TV-9\t\t1", "product", "no product with the code", id="unknown"),
        pytest.param("TV-1\tmaturity\t-1", "amount", "less than 0", id="negative"),
        pytest.param("TV-1\tmaturity\tmuch", "amount", "Enter a number", id="no number"),
        pytest.param("TV-1\tflat fee\t1", "basis", "is priced by maturity", id="basis"),
        pytest.param("VISIT\t\t1\t5", "set-up fee", "paid once has no", id="set-up of a visit"),
        pytest.param(
            "SEATS\tquantity and maturity\t\t\t\t\t\t*: 1; 3: 2", "tiers", "Only the last", id="gap"
        ),
        pytest.param(
            "SEATS\tquantity and maturity\t\t\t\t\t\t3: 1; 3: 2", "tiers", "Tier 2: ", id="order"
        ),
        pytest.param("SEATS\t\t\t\t\t\t\t99", "tiers", "is no tier", id="no tier"),
        pytest.param("TV-1\t\t\t\t\t\t\t\t3 x moon: 1", "phases", "no period", id="no period"),
        pytest.param(
            "TV-1\t\t\t\t\t\t\t\tmonth: 1; month: 2", "phases", "Only the last", id="endless"
        ),
    ],
)
def test_a_row_that_cannot_stand_is_refused_at_its_cell_and_none_is_put_in(
    plan: PricePlan, row: str, column: str, why: str
) -> None:
    rows = [HEAD, "TV-2\t\t1", row]

    found = pasted(plan, *rows)
    with pytest.raises(RowsRefused, match="1 of 2 rows cannot stand"):
        apply_pasted(plan, "\n".join(rows), by=None)

    assert [each.outcome for each in found] == [RowOutcome.NEW, RowOutcome.REJECTED]
    assert found[1].errors[0][0] == column
    assert why in found[1].errors[0][1]
    assert not plan.rates.exists()


def test_a_used_plan_refuses_what_is_in_it_and_takes_what_is_not(plan: PricePlan) -> None:
    apply_pasted(plan, "TV-1\t\t5", by=None)
    PricePlan.objects.filter(pk=plan.pk).update(used_at="2026-01-15T09:00Z")

    rows = pasted(plan, "TV-1\t\t6", "TV-2\t\t6")

    assert [row.outcome for row in rows] == [RowOutcome.REJECTED, RowOutcome.NEW]
    assert "has been used" in rows[0].errors[0][1]


@pytest.mark.parametrize("head", [(), ("product\tbasis\tamount",)], ids=["no head", "head"])
def test_rows_are_named_by_their_place_among_the_rows(
    plan: PricePlan, head: tuple[str, ...]
) -> None:
    rows = pasted(plan, *head, "TV-1\t\t5", "", "TV-2\t\t5", "TV-2\t\t6")

    assert [row.number for row in rows] == [1, 2, 3]
    assert rows[2].errors == (("product", "Row 2 has the same product."),)


def test_a_plan_takes_no_rate_by_usage(plan: PricePlan) -> None:
    [row] = pasted(plan, "TV-1\tusage\t5")

    assert "“usage” is none of Flat fee; Quantity; Maturity" in row.errors[0][1]


def test_a_row_of_another_plan_is_refused(plan: PricePlan) -> None:
    rows = pasted(plan, "plan\tproduct\tamount", "office\tTV-1\t1", "HOME\tTV-2\t1")

    assert [row.outcome for row in rows] == [RowOutcome.REJECTED, RowOutcome.NEW]


def test_what_is_exported_says_the_same_when_it_is_read(plan: PricePlan) -> None:
    phases = (Phase(MONTH, 2, D(1)), Phase(MONTH, 0, D(0), SEATS))
    RateFactory(plan=plan, basis=Basis.QUANTITY_AND_MATURITY, phases=phases, deposit=D("9.99"))
    apply_pasted(plan, "\n".join(GOOD), by=None)
    resource = RateResource()
    head = resource.export_head()
    texts = [
        dict(zip(head, map(str, row), strict=True))
        for row in resource.export_rows(resource.all_records())
    ]

    reports = processed(*texts)

    assert [report.outcome for report in reports] == [RowOutcome.SAME] * 5
    assert "2> 6: 89 + 5" in next(text["tiers"] for text in texts if text["deposit"] == "9.99")


def test_the_page_shows_what_rows_become_before_it_puts_them_in(
    plan: PricePlan, client: Client, admin_user: User
) -> None:
    client.force_login(admin_user)
    address = reverse("pricing:plan_rates_paste", args=[plan.code])

    wrong = client.post(address, {"rows": "TV-1\t\t-5"}).content.decode()
    shown = client.post(address, {"rows": "TV-1\t\t5"}).content.decode()
    refused = client.post(address, {"rows": "TV-1\t\t-5", "act": "apply"}).content.decode()
    is_empty = not plan.rates.exists()
    response = client.post(address, {"rows": "TV-1\t\t5", "act": "apply"}, follow=True)

    assert "1 of 1 rows cannot stand" in wrong
    assert 'value="apply"' in shown
    assert 'value="apply"' not in wrong
    assert "none was put in" in refused
    assert is_empty
    assert "1 rate was put into" in response.content.decode()
    assert plan.rates.get().base_amount == 5


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("3,50", "3.50"),
        ("0,035", "0.035"),
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1,234", "1234"),
    ],
)
@pytest.mark.parametrize("between", ["\t", ";"])
def test_amounts_may_have_a_decimal_comma(plan: PricePlan, between, cell, amount) -> None:
    apply_pasted(plan, between.join(["TV-1", "", cell]), by=None)

    assert plan.rates.get().base_amount == Decimal(amount)


def test_a_comma_before_three_digits_is_in_doubt_beside_decimal_commas(plan: PricePlan) -> None:
    plain, doubtful = pasted(plan, "TV-1\t\t3,50", "TV-2\t\t1,234")

    assert plain.errors == ()
    assert doubtful.errors == (("amount", "“1,234” may be 1.234 or 1234: write one of these."),)


def test_who_may_not_change_rates_may_not_paste(plan: PricePlan, client: Client) -> None:
    client.force_login(User.objects.create_user("reader"))

    assert client.get(reverse("pricing:plan_rates_paste", args=[plan.code])).status_code == 403
