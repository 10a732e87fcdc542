"""What would it cost, and why: the preview's figures and steps, and that runs bill the same."""

from datetime import date
from decimal import Decimal

import pytest

from billing.models import Bill, RatedBillingItem
from billing.operations.preview_question import PreviewRefused, PricePreview, PriceQuestion
from billing.operations.price_preview import price_preview
from billing.queries.steps import steps_of
from catalog.models import SalesBundle
from catalog.operations.bundles import ComponentRow, set_components
from catalog.operations.fees import FeeRow, set_dependent_fees
from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import Basis, Phase
from pricing.models import PricePlan, ProductUsagePlan
from pricing.operations.plans import add_rate
from pricing.operations.usage_catalogs import add_usage_rate
from pricing.templatetags.step_tags import step_words
from subscriptions.models import BillingTerms
from tests.billing.factories import bill_run
from tests.billing.previews import plan_with_tiers
from tests.catalog.factories import ProductFactory
from tests.pricing.discounts import amount_off, by_hand, discount, only_for
from tests.pricing.factories import (
    CurrencyFactory,
    PricePlanFactory,
    RateFactory,
    TierPlanFactory,
    UsageCatalogFactory,
    VoicePlanFactory,
    basis_for,
    vat,
)
from tests.subscriptions.factories import AccountFactory, SchemeFactory, subscribe

pytestmark = pytest.mark.django_db

JANUARY, JAN_15 = date(2026, 1, 1), date(2026, 1, 15)


def figures(found: PricePreview) -> list[tuple[str, str]]:
    return [(line.title, f"{line.gross:.2f}") for line in found.lines]


def words(found: PricePreview, line: int = 0) -> list[str]:
    return [step_words(step, found.currency) for step in found.lines[line].steps]


def test_a_conditional_plan_with_tiers_two_discounts_a_part_and_inclusive_vat() -> None:
    seats = ProductFactory(name="Seats")
    vat(seats, "0.10")
    asked = PriceQuestion(
        seats,
        JAN_15,
        plan_with_tiers(seats, holds_from=JANUARY),
        quantity=Decimal(3),
        billing_day=1,
        discounts=(discount("loyal", "10"), amount_off("welcome", "5.00")),
    )

    found = price_preview(asked)

    assert found.notes == [
        "Set-up fee and minimum are those of Summer's own rate, not of Standard."
    ]
    assert words(found) == [
        "The conditions of the conditional plan hold: its own rate",
        "2 tiers of the quantity",
        "Tier 1 (above 0 up to 2): 2 × 10.00",
        "Tier 2 (above 2): 1 × 8.00",
        "The base plan asks 36.00; the conditional plan 8.00 less",
        "Loyal: 10 % of 28.00 = 2.80 less",
        "Welcome: 5.00 less",
        "× 17 ÷ 31: 17 of 31 days are charged",
        "Rounded half up to 0.01",
        "VAT 10 % is included: 11.08 × 10 ÷ 110 = 1.01",
    ]
    assert [f"{step.amount:.4f}" for step in found.lines[0].steps[2:]] == [
        "20.0000",
        "28.0000",
        "28.0000",
        "25.2000",
        "20.2000",
        "11.0774",
        "11.0800",
        "11.0800",
    ]
    assert (found.net, found.tax, found.gross) == (
        Decimal("10.07"),
        Decimal("1.01"),
        Decimal("11.08"),
    )


def test_the_base_plans_rate_is_asked_where_a_condition_fails_and_the_reason_is_named() -> None:
    seats = ProductFactory(name="Seats")
    plan = plan_with_tiers(seats, holds_from=date(2026, 6, 1))

    found = price_preview(PriceQuestion(seats, JANUARY, plan, quantity=Decimal(3)))

    assert found.gross == 36
    assert words(found)[0].endswith("do not hold: its base plan's rate")
    assert len(found.notes) == 1
    assert "It asks that the day is" in found.notes[0]


@pytest.mark.case("crmcom:A4")
def test_the_run_bills_what_the_preview_says_with_the_same_steps() -> None:
    seats = ProductFactory(name="Seats")
    vat(seats, "0.10")
    plan = plan_with_tiers(seats, holds_from=JANUARY)
    loyal, welcome = discount("loyal", "10"), amount_off("welcome", "5.00")
    scheme = SchemeFactory(default_plan=plan)
    service = subscribe(
        seats, on=JAN_15, scheme=scheme, price=None, addition={"quantity": Decimal(3)}
    )
    account = service.subscription.account
    terms = BillingTerms.objects.get()

    found = price_preview(
        PriceQuestion(
            seats,
            JAN_15,
            plan,
            quantity=Decimal(3),
            billing_day=terms.billing_day,
            account=account,
        )
    )
    bill_run(JAN_15)

    item = RatedBillingItem.objects.select_related("rate", "reverses").earliest("pk")
    assert Bill.objects.get().total_billed == found.gross == Decimal("11.08")
    assert steps_of(item) == found.lines[0].steps[:-1]
    for given in (loyal, welcome):
        given.refresh_from_db()
        assert given.used_at is not None


def test_plain_items_are_explained_by_the_steps_that_the_preview_shows() -> None:
    product = ProductFactory()
    service = subscribe(product, on=JAN_15, price="31.00", addition={"quantity": Decimal(2)})
    terms = BillingTerms.objects.get()
    bill_run(JAN_15)

    found = price_preview(
        PriceQuestion(
            product,
            JAN_15,
            terms.plan,
            quantity=Decimal(2),
            billing_day=terms.billing_day,
            account=service.subscription.account,
        )
    )

    item = RatedBillingItem.objects.select_related("rate", "reverses").earliest("pk")
    assert item.steps is None
    assert steps_of(item) == found.lines[0].steps
    assert words(found) == [
        "Price per month",
        "× 2 (quantity)",
        "× 17 ÷ 31: 17 of 31 days are charged",
    ]


def test_a_package_comes_with_components_at_their_own_rate_and_its_fees() -> None:
    package, news = ProductFactory(name="Family TV", fixed_bundle=True), ProductFactory(name="News")
    films, rental = ProductFactory(name="Films"), ProductFactory(name="Box rental")
    install = ProductFactory(name="Installation", expense=True)
    set_components(package, [ComponentRow(news, quantity=1), ComponentRow(films, quantity=1)])
    set_dependent_fees(package, [FeeRow(rental), FeeRow(install)])
    plan = PricePlanFactory()
    for product, amount in ((package, 30), (rental, 5), (install, 25)):
        add_rate(plan, product=product, basis=basis_for(product), base_amount=Decimal(amount))
    add_rate(plan, product=films, bundle=package, basis=Basis.MATURITY, base_amount=Decimal(4))

    found = price_preview(PriceQuestion(package, JANUARY, plan))

    assert figures(found) == [
        ("Family TV", "30.00"),
        ("News", "0.00"),
        ("Films", "4.00"),
        ("Box rental", "5.00"),
        ("Installation", "25.00"),
    ]
    assert words(found, 1) == ["The package's price covers it"]
    assert found.gross == 64


def test_a_sales_bundle_costs_what_its_products_do() -> None:
    plan = PricePlanFactory()
    bundle = SalesBundle.objects.create(code="start", name="Starter")
    for name, quantity in (("Line", 1), ("Extension", 3)):
        product = RateFactory(plan=plan, product=ProductFactory(name=name)).product
        bundle.items.create(product=product, quantity=quantity, sort_order=quantity)

    found = price_preview(PriceQuestion(bundle, JANUARY, plan))

    assert figures(found) == [("Line", "30.00"), ("Extension", "90.00")]


def test_a_phase_a_longer_frequency_and_a_set_up_fee_are_named() -> None:
    month = Duration(1, Unit.MONTH)
    rate = RateFactory(
        base_amount=Decimal(0),
        setup_fee=Decimal(15),
        phases=[Phase(month, 3, Decimal(10)), Phase(month, 0, Decimal(20))],
    )

    found = price_preview(PriceQuestion(rate.product, JANUARY, rate.plan, frequency="QUARTERLY"))

    assert figures(found) == [
        (f"{rate.product}: set-up fee", "15.00"),
        (str(rate.product), "30.00"),
    ]
    assert words(found, 1) == [
        "Phase 1 of 2: price per month",
        "× 3: the cycle is 3 months long",
    ]


def test_discounts_that_apply_by_themselves_come_with_an_account() -> None:
    rate = RateFactory()
    account = AccountFactory()
    discount("all", "20")
    discount("other", "50", parts=only_for(ProductFactory()))

    alone = price_preview(PriceQuestion(rate.product, JANUARY, rate.plan))
    found = price_preview(PriceQuestion(rate.product, JANUARY, rate.plan, account=account))

    assert (alone.gross, found.gross) == (Decimal(30), Decimal(24))


def test_a_chosen_discount_acts_on_what_it_is_for_alone() -> None:
    rate, other = RateFactory(base_amount=Decimal(30)), ProductFactory(name="Router")
    add_rate(rate.plan, product=other, base_amount=Decimal(10), basis=basis_for(other))
    both = SalesBundle.objects.create(code="both", name="Both")
    both.items.create(product=rate.product)
    both.items.create(product=other)
    half = discount("half", "50", parts=only_for(other))

    found = price_preview(PriceQuestion(both, JANUARY, rate.plan, discounts=(half,)))

    assert [amount for _, amount in figures(found)] == ["30.00", "5.00"]


def test_a_chosen_discount_that_is_not_for_the_product_is_refused_at_its_own_field() -> None:
    rate = RateFactory(product=ProductFactory(name="Fibre 100"))
    ten = discount("eyes-ten", "10", parts=only_for(ProductFactory(name="Fibre 300")))
    asked = PriceQuestion(rate.product, JANUARY, rate.plan, discounts=(None, ten))

    with pytest.raises(PreviewRefused, match="Eyes ten is not for Fibre 100") as refusal:
        price_preview(asked)

    assert refusal.value.field == "discount_2"


def test_a_chosen_discount_that_takes_nothing_off_is_named() -> None:
    rate, given = RateFactory(), RateFactory(base_amount=Decimal(0))
    free = discount("two-free", "2", option="FREE_USAGE")
    ten = discount("ten", "10")

    no_usage = price_preview(PriceQuestion(rate.product, JANUARY, rate.plan, discounts=(ten, free)))
    nothing = price_preview(PriceQuestion(given.product, JANUARY, given.plan, discounts=(ten,)))

    assert no_usage.notes == [
        "Two free takes nothing off: it gives units of usage, and no usage is asked about."
    ]
    assert nothing.notes == [
        "Ten takes nothing off: it is for prices for each period, and none here costs anything."
    ]


def sold_with_a_visit() -> tuple[SalesBundle, PricePlan]:
    """Return a bundle of a service with a set-up fee, a visit and a box, and its price plan."""
    fibre, visit = ProductFactory(name="Fibre"), ProductFactory(name="Visit", expense=True)
    box = ProductFactory(name="Box", traceable=True)
    rate = RateFactory(product=fibre, base_amount=Decimal(30), setup_fee=Decimal(25))
    bundle = SalesBundle.objects.create(code="all", name="All")
    bundle.items.create(product=fibre)
    for place, product in enumerate((visit, box), start=1):
        add_rate(rate.plan, product=product, base_amount=Decimal(40), basis=basis_for(product))
        bundle.items.create(product=product, sort_order=place)
    return bundle, rate.plan


def test_setup_fees_and_one_time_charges_are_discounted_and_the_price_adds_up() -> None:
    bundle, plan = sold_with_a_visit()
    fees = discount("fees", "50", on_recurring=False, on_setup=True)
    voucher = by_hand("voucher", "5.00", option="AMOUNT", on_recurring=False, on_once=True)
    asked = PriceQuestion(bundle, JANUARY, plan, discounts=(fees, voucher))

    found = price_preview(asked)

    assert figures(found) == [
        ("Fibre: set-up fee", "12.50"),
        ("Fibre", "30.00"),
        ("Visit", "35.00"),
        ("Box", "40.00"),
    ]
    assert found.gross == Decimal("117.50")
    assert words(found) == ["Set-up fee, once", "Fees: 50 % of 25.00 = 12.50 less"]
    assert words(found, 2) == ["Price once", "Voucher: 5.00 less"]
    assert found.notes == []


def test_those_that_apply_by_themselves_come_with_an_account_to_one_time_charges_too() -> None:
    bundle, plan = sold_with_a_visit()
    discount("two", "50", on_recurring=False, on_once=True, least_quantity=Decimal(2))
    discount("all", "10", on_once=True, on_setup=True)
    account = AccountFactory()

    one = price_preview(PriceQuestion(bundle, JANUARY, plan, account=account))
    two = price_preview(PriceQuestion(bundle, JANUARY, plan, account=account, quantity=Decimal(2)))

    assert [amount for _, amount in figures(one)] == ["22.50", "27.00", "36.00", "36.00"]
    assert [amount for _, amount in figures(two)] == ["22.50", "54.00", "16.00", "16.00"]


@pytest.mark.case("crmcom:A9")
def test_free_usage_is_taken_off_the_units_of_a_usage_service() -> None:
    film, catalog = ProductFactory(usage=True), UsageCatalogFactory()
    add_usage_rate(catalog, product=film, rate=Decimal("5.00"))
    free = discount("two-free", "2", option="FREE_USAGE")

    found = price_preview(
        PriceQuestion(film, JANUARY, catalog=catalog, units=Decimal(3), discounts=(free,))
    )

    assert found.gross == 5
    assert words(found) == [
        "Two free: 2 units free",
        "3 less 2 free = 1 to be priced",
        "Price per unit",
        "× 1 (quantity)",
    ]


def test_usage_of_a_service_is_priced_by_its_tier_plan_or_voice_plan() -> None:
    line, link = RateFactory(), RateFactory()
    ProductUsagePlan.objects.create(product=line.product, voice_plan=VoicePlanFactory())
    ProductUsagePlan.objects.create(product=link.product, tier_plan=TierPlanFactory())

    calls = price_preview(PriceQuestion(line.product, JANUARY, line.plan, units=Decimal(600)))
    traffic = price_preview(PriceQuestion(link.product, JANUARY, link.plan, units=Decimal(15)))

    assert [amount for _, amount in figures(calls)] == ["30.00", "3.00"]
    assert [amount for _, amount in figures(traffic)] == ["30.00", "3.00"]
    assert words(calls, 1)[0] == "600 less 500 free = 100 to be priced"


def test_tax_is_added_to_prices_without_it() -> None:
    rate = RateFactory()
    vat(rate.product, "0.10")

    found = price_preview(PriceQuestion(rate.product, JANUARY, rate.plan))

    assert words(found)[-1] == "VAT 10 %: 10 % of 30.00 = 3.00 more"
    assert (found.net, found.gross) == (Decimal(30), Decimal(33))


def test_what_does_not_fit_is_refused_at_its_field() -> None:
    rate, usage = RateFactory(), ProductFactory(usage=True)
    yen = AccountFactory(currency=CurrencyFactory(yen=True))
    euros = amount_off("welcome", "5.00")
    yen_plan = PricePlanFactory(currency="JPY")
    ask = PriceQuestion
    for field, asked in {
        "plan": ask(ProductFactory(), JANUARY, rate.plan),
        "account": ask(rate.product, JANUARY, rate.plan, account=yen),
        "discount_1": ask(rate.product, JANUARY, yen_plan, discounts=(euros,)),
        "catalog": ask(usage, JANUARY, rate.plan),
        "units": ask(rate.product, JANUARY, rate.plan, units=Decimal(1)),
        "quantity": ask(rate.product, JANUARY, rate.plan, quantity=Decimal(0)),
    }.items():
        with pytest.raises(PreviewRefused) as refusal:
            price_preview(asked)
        assert refusal.value.field == field
