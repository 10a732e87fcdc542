"""The normal run: what it takes, where it may stop, and that repeating it adds nothing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Max

from billing.models import (
    Bill,
    CreditNote,
    Directive,
    DocumentState,
    Invoice,
    LedgerEntry,
    OpenItem,
    RatedBillingItem,
    RatingMark,
)
from billing.operations.posting import ensure_document_series
from billing.queries.outstanding import balances
from billing.runs.normal import PostingDateGoesBack
from catalog.operations.bundles import ComponentRow, set_components
from config.shared.models import NumberSeries, ParkedItem, Run, RunChunk, RunDefinition, RunState
from config.shared.operations.chunks import run_here
from config.shared.operations.runs import NoActiveDefinition, discard_run, resume_run
from pricing.kernel.rates import Basis
from pricing.operations.plans import add_rate
from subscriptions.models import ActionKind, BillTiming, SchemeProduct, SubscribedService
from tests.billing.factories import bill_run, definition, pay
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import PricePlanFactory, vat
from tests.subscriptions.factories import AccountFactory, SchemeFactory, act, noon, subscribe

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


def row_counts() -> dict[str, int]:
    """Return how many rows each table has, but those of the runs."""
    labels = ("shared", "catalog", "pricing", "subscriptions", "provisioning", "billing")
    return {
        model._meta.db_table: model._default_manager.count()
        for label in labels
        for model in apps.get_app_config(label).get_models()
        if model not in (Run, RunChunk)
    }


def sell(on: date = JANUARY, price: str = "31.00", **options: Any) -> SubscribedService:
    """Sell a service of 31.00 a month."""
    return subscribe(ProductFactory(), on=on, price=price, **options)


def rated_up_to(service: SubscribedService) -> date | None:
    """Return how far the service is rated."""
    return RatingMark.objects.get(service=service).rated_up_to


@pytest.mark.case("crmcom:N1")
def test_without_an_active_definition_no_run_is_made() -> None:
    definition("normal-billing")
    RunDefinition.objects.update(state="INACTIVE")

    with pytest.raises(NoActiveDefinition, match="not active"):
        bill_run(JANUARY)

    assert not Run.objects.exists()


@pytest.mark.case("crmcom:N2")
def test_a_service_rated_up_to_the_bill_day_is_billed() -> None:
    service = sell(on=date(2026, 5, 30), billing_day=30)
    bill_run(date(2026, 5, 30))
    assert rated_up_to(service) == date(2026, 6, 30)

    bill_run(date(2026, 6, 30))

    assert Bill.objects.count() == 2
    assert rated_up_to(service) == date(2026, 7, 30)


@pytest.mark.case("crmcom:N3")
def test_a_service_rated_beyond_the_bill_day_is_not_billed() -> None:
    service = sell(on=date(2026, 6, 1))
    bill_run(date(2026, 6, 1))
    assert rated_up_to(service) == date(2026, 7, 1)

    run = bill_run(date(2026, 6, 30))

    assert (run.state, run.counts) == (RunState.COMPLETED, {})
    assert Bill.objects.count() == 1


def test_days_to_bill_in_advance_move_the_day_up_to_which_is_rated() -> None:
    service = sell(on=date(2026, 6, 1))

    bill_run(date(2026, 6, 1), parameters={"advance_days": 30})

    assert Bill.objects.get().total_billed == 62
    assert rated_up_to(service) == date(2026, 8, 1)


@pytest.mark.case("crmcom:N4")
def test_a_run_up_to_rating_leaves_items_and_no_invoices_and_can_go_on() -> None:
    sell()

    run = bill_run(JANUARY, stop_after="rate")

    assert (run.state, run.step_reached) == (RunState.STOPPED, "rate")
    item = RatedBillingItem.objects.get()
    assert (item.amount, item.directive) == (31, Directive.NOT_BILLED)
    assert Invoice.objects.count() == Bill.objects.count() == 0

    resume_run(run, now=noon(JANUARY), wake=False)
    run = run_here(run, now=noon(JANUARY))

    assert run.state == RunState.COMPLETED
    assert Bill.objects.get().total_billed == 31
    assert RatedBillingItem.objects.get().directive == Directive.BILLED


@pytest.mark.parametrize("step", ["identify", "rate", "invoice", "assemble", "post"])
def test_a_run_may_stop_after_any_step_and_ends_as_if_it_had_not(step: str) -> None:
    product = ProductFactory()
    vat(product)
    subscribe(product, on=JANUARY, price="31.00")

    run = bill_run(JANUARY, stop_after=step)
    assert run.state == RunState.STOPPED
    drafts = Invoice.objects.filter(state=DocumentState.DRAFT).count()
    assert drafts == (1 if step in ("invoice", "assemble") else 0)
    assert Bill.objects.count() == (1 if step in ("assemble", "post") else 0)
    resume_run(run, now=noon(JANUARY), wake=False)
    run = run_here(run, now=noon(JANUARY))

    assert run.state == RunState.COMPLETED
    bill = Bill.objects.get()
    assert (bill.state, bill.total_billed) == (DocumentState.POSTED, Decimal("34.10"))
    invoice = Invoice.objects.get()
    assert (invoice.state, invoice.bill, invoice.lines.count()) == ("POSTED", bill, 1)
    assert LedgerEntry.objects.get().amount == Decimal("34.10")
    assert RatedBillingItem.objects.get().directive == Directive.BILLED


def test_what_changes_during_a_review_is_rated_again() -> None:
    service = sell()
    run = bill_run(JANUARY, stop_after="assemble")

    act(ActionKind.CANCEL, service.subscription, on=date(2026, 1, 11))
    resume_run(run, now=noon(JANUARY), wake=False)
    run_here(run, now=noon(JANUARY))

    assert Bill.objects.get().total_billed == 10
    directives = RatedBillingItem.objects.order_by("pk").values_list("amount", "directive")
    assert list(directives) == [(31, Directive.CANCELLED), (10, Directive.BILLED)]


@pytest.mark.parametrize("step", ["rate", "invoice", "assemble"])
def test_a_discarded_run_leaves_nothing_and_the_next_bills_the_same(step: str) -> None:
    service = sell()
    definition("normal-billing")
    ensure_document_series([service.subscription.account.seller_id])
    before = row_counts()
    run = bill_run(JANUARY, stop_after=step)

    discard_run(run, now=noon(JANUARY), wake=False)
    run = run_here(run, now=noon(JANUARY))

    assert run.state == RunState.DISCARDED
    assert row_counts() == before
    assert rated_up_to(service) is None
    bill_run(JANUARY)
    assert Bill.objects.get().total_billed == 31


def test_discarding_takes_reversals_back() -> None:
    service = sell()
    bill_run(JANUARY)
    act(ActionKind.CANCEL, service.subscription, on=date(2026, 1, 11))
    run = bill_run(FEBRUARY, stop_after="assemble")
    assert RatedBillingItem.objects.filter(reversed_at__isnull=False).count() == 1

    discard_run(run, now=noon(FEBRUARY), wake=False)
    run_here(run, now=noon(FEBRUARY))

    item = RatedBillingItem.objects.get()
    assert (item.reversed_at, rated_up_to(service)) == (None, FEBRUARY)
    bill_run(FEBRUARY)
    assert CreditNote.objects.get().gross_amount == 21


@pytest.mark.case("crmcom:N6")
def test_a_run_limited_to_a_scheme_ignores_subscriptions_on_others() -> None:
    account, taken, ignored = AccountFactory(), SchemeFactory(), SchemeFactory()
    sell(account=account, scheme=taken, price="10.00")
    sell(account=account, scheme=ignored, price="20.00")

    bill_run(JANUARY, criteria={"schemes": [taken.pk]})

    assert Bill.objects.get().total_billed == 10
    bill_run(JANUARY)
    assert Bill.objects.aggregate(last=Max("total_billed"))["last"] == 20


def test_the_same_run_again_adds_nothing() -> None:
    sell()
    bill_run(JANUARY)
    before = row_counts()

    run = bill_run(JANUARY)

    assert run.state == RunState.COMPLETED
    assert row_counts() == before


def test_two_subscriptions_make_two_invoices_on_one_bill() -> None:
    account = AccountFactory(payment_terms_days=10)
    sell(account=account, price="50.00")
    sell(account=account, price="30.00")

    bill_run(JANUARY)

    bill = Bill.objects.get()
    assert sorted(bill.invoices.values_list("gross_amount", flat=True)) == [30, 50]
    assert (bill.total_debit, bill.due_on) == (80, date(2026, 1, 11))
    assert balances([account.pk]) == {account.pk: 80}


def test_a_cancellation_gives_back_the_unused_days_with_their_tax() -> None:
    product = ProductFactory()
    vat(product)
    service = subscribe(product, on=JANUARY, price="31.00")
    account = service.subscription.account
    bill_run(JANUARY)

    act(ActionKind.CANCEL, service.subscription, on=date(2026, 1, 11))
    bill_run(FEBRUARY)

    note = CreditNote.objects.get()
    assert (note.net_amount, note.tax_amount, note.gross_amount) == (
        21,
        Decimal("2.10"),
        Decimal("23.10"),
    )
    lines = note.lines.order_by("position").values_list("net_amount", "tax_amount")
    assert list(lines) == [(31, Decimal("3.10")), (-10, -1)]
    assert balances([account.pk]) == {account.pk: 11}
    open_amounts = OpenItem.objects.order_by("pk").values_list("debit", "open_amount")
    assert list(open_amounts) == [(True, 11), (False, 0)]
    assert RatingMark.objects.get().finished
    before = row_counts()
    bill_run(MARCH)
    assert row_counts() == before


def test_a_service_cancelled_on_its_first_day_is_given_back_in_full() -> None:
    service = sell()
    bill_run(JANUARY)

    act(ActionKind.CANCEL, service.subscription, on=JANUARY)
    bill_run(FEBRUARY)

    assert CreditNote.objects.get().gross_amount == 31
    assert balances([service.subscription.account_id]) == {service.subscription.account_id: 0}
    assert not RatedBillingItem.objects.filter(reversed_at=None, reverses=None).exists()


def test_the_parts_of_a_package_cost_nothing_unless_they_have_a_rate_in_it() -> None:
    package = ProductFactory(name="Family TV", type__fixed_bundle=True)
    covered, priced = ProductFactory(name="News"), ProductFactory(name="Movies")
    set_components(package, [ComponentRow(covered, 1), ComponentRow(priced, 1)])
    scheme = SchemeFactory()
    add_rate(
        scheme.default_plan,
        product=priced,
        bundle=package,
        basis=Basis.MATURITY,
        base_amount=Decimal("4.00"),
    )

    subscribe(package, on=JANUARY, price="20.00", scheme=scheme)
    bill_run(JANUARY)

    lines = Invoice.objects.get().lines.order_by("position").values_list("text", "net_amount")
    assert list(lines) == [("Family TV", 20), ("Movies", 4)]
    finished = RatingMark.objects.values_list("service__product__name", "finished")
    assert dict(finished) == {"Family TV": False, "News": True, "Movies": False}


def test_an_exempt_account_pays_no_tax() -> None:
    product = ProductFactory()
    vat(product)
    subscribe(product, on=JANUARY, price="31.00", account=AccountFactory(taxable=False))

    bill_run(JANUARY)

    assert (Bill.objects.get().total_billed, Bill.objects.get().tax_amount) == (31, 0)


def test_a_bill_brings_forward_what_is_past_due_and_takes_off_unused_credits() -> None:
    account = AccountFactory(payment_terms_days=10)
    sell(account=account, price="31.00")
    bill_run(JANUARY)
    pay(account, "16.00", on=date(2026, 1, 20))

    bill_run(FEBRUARY)
    pay(account, "100.00", on=date(2026, 2, 5))
    bill_run(MARCH)

    bills = Bill.objects.order_by("pk").values_list(
        "total_billed", "brought_forward", "credits_between", "to_be_paid"
    )
    assert list(bills) == [(31, 0, 0, 31), (31, 15, 0, 46), (31, 0, 54, -23)]
    assert balances([account.pk]) == {account.pk: -23}


@pytest.mark.case("crmcom:N13")
def test_the_totals_of_a_bill() -> None:
    account = AccountFactory(payment_terms_days=10)
    cancelled = sell(account=account, price="20.00")
    bill_run(JANUARY)
    pay(account, "5.00", on=date(2026, 1, 20))
    sell(on=FEBRUARY, account=account, price="50.00")
    sell(on=FEBRUARY, account=account, price="30.00")
    act(ActionKind.CANCEL, cancelled.subscription, on=JANUARY)

    bill_run(FEBRUARY)

    bill = Bill.objects.latest("pk")
    assert (bill.total_debit, bill.total_credit, bill.brought_forward) == (80, 20, 15)
    assert (bill.total_billed, bill.to_be_paid) == (60, 75)


def test_a_service_billed_after_its_use_is_billed_when_the_month_is_over() -> None:
    service = sell()
    SchemeProduct.objects.update(timing=BillTiming.POST_BILL)

    assert bill_run(JANUARY).counts.get("bills", 0) == 0
    bill_run(FEBRUARY)

    bill = Bill.objects.get()
    assert (bill.total_billed, bill.period.lower, bill.period.upper) == (31, JANUARY, FEBRUARY)
    assert rated_up_to(service) == FEBRUARY


def test_an_account_whose_product_has_no_rate_is_parked_and_the_others_are_billed() -> None:
    broken, sound = sell(), sell()
    plan = PricePlanFactory()
    broken.subscription.terms.update(plan=plan)

    run = bill_run(JANUARY)

    assert run.state == RunState.COMPLETED_WITH_ERRORS
    parked = ParkedItem.objects.get()
    assert (parked.label, parked.step) == (broken.subscription.account.number, "rate")
    assert parked.reason == (
        f"Service {broken.number}: the price plan “{plan}” has no rate for “{broken.product}”."
    )
    assert Bill.objects.get().account == sound.subscription.account


def test_a_run_cannot_post_before_what_is_issued() -> None:
    sell()
    bill_run(FEBRUARY)

    with pytest.raises(PostingDateGoesBack, match="1 Feb 2026"):
        bill_run(JANUARY)


def test_numbers_have_no_gaps() -> None:
    for _ in range(3):
        sell()
    bill_run(JANUARY)
    bill_run(FEBRUARY)

    numbers = sorted(Bill.objects.values_list("number", flat=True))
    seller_id = Bill.objects.earliest("pk").account.seller_id
    assert numbers == [f"B{seller_id}-{value:06d}" for value in range(1, 7)]
    assert NumberSeries.objects.get(code=f"invoice:{seller_id}").next_value == 7
