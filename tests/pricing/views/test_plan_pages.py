"""Pages of price plans: who may open them, what they do, what they refuse."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import Phase
from pricing.models import PlanState, PricePlan
from pricing.operations.plans import draft_replacement, mark_used
from tests.catalog.factories import ProductFactory
from tests.pricing.factories import CurrencyFactory, PricePlanFactory, RateFactory

pytestmark = pytest.mark.django_db
MONTH = Duration(1, Unit.MONTH)
PHASES = (Phase(MONTH, 3, Decimal(10)), Phase(MONTH, 0, Decimal(20)))
ACTS = ["change", "effective", "replace", "take_over", "delete", "rate_new"]


@pytest.fixture
def reader(client: Client) -> Client:
    """Somebody who may read plans and products, and nothing else."""
    user = User.objects.create_user("reader")
    codenames = ["view_priceplan", "view_product", "view_producttax"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return client


def use(plan: PricePlan) -> None:
    mark_used([plan.pk], now=datetime(2026, 1, 15, 9, tzinfo=UTC))


@pytest.mark.parametrize("act", ACTS)
def test_acts_on_a_plan_need_a_permission(reader: Client, act: str) -> None:
    plan = PricePlanFactory()

    assert reader.get(reverse(f"pricing:plan_{act}", args=[plan.code])).status_code == 403


@pytest.mark.parametrize("act", ACTS)
def test_the_pages_of_acts_open(admin: Client, act: str) -> None:
    plan = draft_replacement(RateFactory().plan, code="next", name="Next")

    assert admin.get(reverse(f"pricing:plan_{act}", args=[plan.code])).status_code == 200


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_takes_the_same_queries_for_any_number(
    admin: Client, count: int, django_assert_num_queries
) -> None:
    for _ in range(count):
        RateFactory()

    with django_assert_num_queries(4):
        response = admin.get(reverse("pricing:plan_list"))

    assert len(response.context["table"].rows) == count


@pytest.mark.parametrize("count", [1, 20])
def test_a_plan_takes_the_same_queries_for_any_number_of_rates(
    admin: Client, count: int, django_assert_max_num_queries
) -> None:
    plan = PricePlanFactory()
    for _ in range(count):
        RateFactory(plan=plan, phases=PHASES)

    with django_assert_max_num_queries(12):
        response = admin.get(plan.get_absolute_url())

    assert response.content.count(b"10.00 per month, 3 times") == count


def test_a_plan_is_made_as_a_draft(admin: Client) -> None:
    CurrencyFactory()
    typed = {
        "name": "TV",
        "code": "tv",
        "currency": "EUR",
        "valid_from": "2026-01-01",
        "valid_until": "2026-12-31",
    }

    response = admin.post(reverse("pricing:plan_new"), typed)

    plan = PricePlan.objects.get(code="tv")
    assert response["Location"] == plan.get_absolute_url()
    assert (plan.state, str(plan.validity.upper)) == (PlanState.DRAFT, "2027-01-01")


def test_a_taken_code_and_a_backward_validity_are_told_at_the_field(admin: Client) -> None:
    PricePlanFactory(code="tv")
    typed = {
        "name": "TV",
        "code": "tv",
        "currency": "EUR",
        "valid_from": "2026-01-02",
        "valid_until": "2026-01-01",
    }

    form = admin.post(reverse("pricing:plan_new"), typed).context["form"]

    assert set(form.errors) == {"code", "valid_until"}
    assert PricePlan.objects.count() == 1


NO_TIERS = {"rows-TOTAL_FORMS": "0", "rows-INITIAL_FORMS": "0"}


def test_a_product_is_added_with_its_phases(admin: Client) -> None:
    plan, product = PricePlanFactory(), ProductFactory()
    typed = {
        "product": product.code,
        "phase1_amount": "10.00",
        "phase1_times": "3",
        "phase1_count": "1",
        "phase1_unit": "MONTH",
        "phase2_amount": "1,020.00",
        **NO_TIERS,
    }

    response = admin.post(reverse("pricing:plan_rate_new", args=[plan.code]), typed)

    assert response.status_code == 302
    phases = plan.rates.get(product=product).phases.order_by("position")
    assert [(phase.amount, phase.times) for phase in phases] == [(10, 3), (1020, 0)]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        pytest.param({}, "base_amount", id="no price"),
        pytest.param({"base_amount": "-1"}, "base_amount", id="negative"),
        pytest.param({"phase1_times": "3"}, "phase1_amount", id="phase without amount"),
        pytest.param(
            {"phase1_amount": "1", "phase2_amount": "2"}, "__all__", id="endless first phase"
        ),
    ],
)
def test_a_price_that_cannot_stand_is_told_on_the_form(
    admin: Client, typed: dict[str, str], field: str
) -> None:
    plan = PricePlanFactory()

    response = admin.post(
        reverse("pricing:plan_rate_new", args=[plan.code]),
        {"product": ProductFactory().code, **NO_TIERS, **typed},
    )

    assert set(response.context["form"].errors) == {field}
    assert not plan.rates.exists()


def test_a_usage_service_is_refused_at_the_product(admin: Client) -> None:
    plan = PricePlanFactory()
    movies = ProductFactory(usage=True)

    response = admin.post(
        reverse("pricing:plan_rate_new", args=[plan.code]),
        {"product": movies.code, "base_amount": "5"},
    )

    assert "usage catalogues only" in str(response.context["form"].errors["product"])


def test_a_rate_is_changed_on_its_page(admin: Client) -> None:
    rate = RateFactory(phases=PHASES)
    address = reverse("pricing:plan_rate_change", args=[rate.plan.code, rate.pk])
    initial = admin.get(address).context["form"].initial

    admin.post(
        address,
        {"product": rate.product.code, "base_amount": "25.00", "tax_inclusive": "on", **NO_TIERS},
    )

    assert (initial["phase1_amount"], initial["phase2_times"]) == (Decimal("10.00"), 0)
    rate.refresh_from_db()
    assert (rate.base_amount, rate.tiered, rate.tax_inclusive) == (25, False, True)


def test_a_used_plan_refuses_a_change_with_a_reason(admin: Client) -> None:
    rate = RateFactory(base_amount=Decimal(30))
    use(rate.plan)
    address = reverse("pricing:plan_rate_change", args=[rate.plan.code, rate.pk])

    response = admin.post(
        address, {"product": rate.product.code, "base_amount": "25.00", **NO_TIERS}
    )

    assert "has been used, so its rates stay as they are" in response.content.decode()
    rate.refresh_from_db()
    assert rate.base_amount == 30


def test_a_used_plan_says_so_and_offers_no_change_of_its_rates(admin: Client) -> None:
    rate = RateFactory(base_amount=Decimal(30))
    use(rate.plan)

    page = admin.get(rate.plan.get_absolute_url()).content.decode()

    assert "Used: the rates stay as they are." in page
    assert f"rate-{rate.pk}" not in page.replace(f"rate-row-{rate.pk}", "")


def test_a_plan_is_replaced_in_two_steps(admin: Client) -> None:
    old = RateFactory().plan
    use(old)

    admin.post(
        reverse("pricing:plan_replace", args=[old.code]), {"name": "TV 2026", "code": "tv-2026"}
    )
    draft = PricePlan.objects.get(code="tv-2026")
    response = admin.post(reverse("pricing:plan_take_over", args=["tv-2026"]), follow=True)

    old.refresh_from_db()
    assert (draft.state, old.state, old.replaced_by) == (PlanState.DRAFT, "EXPIRED", draft)
    assert "TV 2026 has taken over." in response.content.decode()


def test_a_draft_is_made_effective_and_another_deleted(admin: Client) -> None:
    kept, dropped = PricePlanFactory(draft=True), PricePlanFactory(draft=True)

    admin.post(reverse("pricing:plan_effective", args=[kept.code]))
    admin.post(reverse("pricing:plan_delete", args=[dropped.code]))

    assert list(PricePlan.objects.values_list("code", "state")) == [(kept.code, "EFFECTIVE")]


def test_a_plan_is_changed_and_its_code_moves_its_page(admin: Client) -> None:
    plan = PricePlanFactory()

    response = admin.post(
        reverse("pricing:plan_change", args=[plan.code]),
        {"name": "New name", "code": "new-code", "currency": "EUR"},
    )

    assert response["Location"] == reverse("pricing:plan_detail", args=["new-code"])


@pytest.mark.parametrize("filters", ["?q=tv", "?state=DRAFT", "?used=false", "?currency=eur"])
def test_the_list_is_filtered(admin: Client, filters: str) -> None:
    PricePlanFactory(code="tv", draft=True)
    other = PricePlanFactory(currency="USD")
    use(other)

    table = admin.get(reverse("pricing:plan_list") + filters).context["table"]

    assert [row.record.code for row in table.page.object_list] == ["tv"]
