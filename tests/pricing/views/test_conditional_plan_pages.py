"""Pages of conditional plans: their kind, their conditions, and comparing, cloning, replacing."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from pricing.kernel.conditions import ConditionKind
from pricing.kernel.periods import Duration, Unit
from pricing.kernel.rates import Phase
from pricing.models import PlanKind, PlanState, PricePlan
from pricing.operations.plans import (
    add_condition,
    create_plan,
    draft_replacement,
    make_effective,
    mark_used,
)
from tests.catalog.factories import (
    AccountClassFactory,
    AccountClassificationFactory,
    ProductFactory,
)
from tests.pricing.factories import PricePlanFactory, RateFactory
from tests.subscriptions.factories import SchemeFactory, SubscriptionTypeFactory, subscribe

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
ACTS = ["plan_clone", "plan_condition_new"]


@pytest.fixture
def reader(client: Client) -> Client:
    """Somebody who may read plans, and nothing else."""
    user = User.objects.create_user("reader")
    user.user_permissions.set(Permission.objects.filter(codename="view_priceplan"))
    client.force_login(user)
    return client


@pytest.fixture
def plan() -> PricePlan:
    """A draft for the account class Staff."""
    base = PricePlanFactory(name="Retail")
    made = create_plan(
        code="staff", name="Staff", currency="EUR", kind=PlanKind.CONDITIONAL, base=base
    )
    staff = AccountClassFactory(name="Employees")
    add_condition(made, use="RATES", kind="ACCOUNT_CLASS", values=[f"account_class:{staff.pk}"])
    return made


def text_of(client: Client, address: str) -> str:
    """Return a page as text with single spaces."""
    response = client.get(address, follow=True)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_changing_conditions_cloning_and_replacing_need_a_permission(
    reader: Client, plan: PricePlan
) -> None:
    condition = plan.conditions.get()
    addresses = [reverse(f"pricing:{act}", args=[plan.code]) for act in ACTS]
    addresses += [
        reverse(f"pricing:plan_condition_{act}", args=[plan.code, condition.pk])
        for act in ("change", "remove")
    ]

    assert {reader.get(address).status_code for address in addresses} == {403}
    assert "add a condition" not in text_of(reader, plan.get_absolute_url()).lower()


def test_a_conditional_plan_is_made_with_its_base(admin: Client) -> None:
    base = PricePlanFactory(name="Retail")
    form = {
        "name": "Staff",
        "code": "staff",
        "currency": "EUR",
        "kind": "CONDITIONAL",
        "base": base.code,
    }

    admin.post(reverse("pricing:plan_new"), form)

    made = PricePlan.objects.get(code="staff")
    assert (made.kind, made.base, made.state) == (PlanKind.CONDITIONAL, base, PlanState.DRAFT)
    assert "No conditions yet" in text_of(admin, made.get_absolute_url())


@pytest.mark.parametrize(
    ("kind", "names_base", "told"),
    [
        pytest.param("CONDITIONAL", False, "Choose the base plan", id="none"),
        pytest.param("BASE", True, "leave this empty", id="too much"),
    ],
)
def test_a_wrong_base_is_told_at_its_field(
    admin: Client, kind: str, told: str, *, names_base: bool
) -> None:
    base = PricePlanFactory()
    form = {"name": "Staff", "code": "staff", "currency": "EUR", "kind": kind}
    form["base"] = base.code if names_base else ""

    response = admin.post(reverse("pricing:plan_new"), form)

    assert told in response.context["form"].errors["base"][0]


@pytest.mark.parametrize("kind", list(ConditionKind))
def test_a_condition_of_any_kind_has_a_page(
    admin: Client, plan: PricePlan, kind: ConditionKind
) -> None:
    address = reverse("pricing:plan_condition_new", args=[plan.code])
    AccountClassificationFactory()
    SchemeFactory()
    SubscriptionTypeFactory()

    page = text_of(admin, f"{address}?kind={kind.value}")

    assert "Add condition" in page
    assert ("At least" in page) is (kind in {ConditionKind.BINDING, ConditionKind.SERVICES})


def test_where_there_is_nothing_to_choose_it_says_where_it_is_made(
    admin: Client, plan: PricePlan
) -> None:
    address = f"{reverse('pricing:plan_condition_new', args=[plan.code])}?kind=CLASSIFICATION"

    told = text_of(admin, address)

    assert "There are no classifications to choose from yet." in told
    assert f'<a href="{reverse("catalog:classification_new")}">Make one</a>' in told
    assert "Add condition" not in told


def test_a_condition_of_no_kind_has_no_page(admin: Client, plan: PricePlan) -> None:
    address = reverse("pricing:plan_condition_new", args=[plan.code])

    assert admin.get(address).status_code == 404
    assert admin.get(f"{address}?kind=MOON").status_code == 404


def test_conditions_are_added_changed_and_removed(admin: Client, plan: PricePlan) -> None:
    product = ProductFactory(name="Sports")
    new = reverse("pricing:plan_condition_new", args=[plan.code])

    admin.post(f"{new}?kind=SERVICES", {"use": "RATES", "product1": product.code, "least": "2"})
    page = text_of(admin, plan.get_absolute_url())
    assert "The account class is Employees" in page
    assert "The subscription has at least 2 of Sports" in page

    added = plan.conditions.get(kind="SERVICES")
    change = reverse("pricing:plan_condition_change", args=[plan.code, added.pk])
    assert product.code in text_of(admin, change)
    admin.post(change, {"use": "SELECTION", "product1": product.code, "most": "3"})
    assert "at most 3 of Sports" in text_of(admin, plan.get_absolute_url())

    admin.post(reverse("pricing:plan_condition_remove", args=[plan.code, added.pk]))
    assert plan.conditions.count() == 1
    assert "Value of a condition" in text_of(admin, f"{plan.get_absolute_url()}?tab=history")


def test_a_refused_condition_is_told_at_its_field(admin: Client, plan: PricePlan) -> None:
    new = reverse("pricing:plan_condition_new", args=[plan.code])

    for typed, field, told in (
        ({"least": "12", "most": "6"}, "most", "The most is less than the least."),
        ({"least": "1.5"}, "least", "Give whole months."),
        ({"least": "0"}, "least", "At least 0 always holds: ask for more, or leave it empty."),
    ):
        response = admin.post(f"{new}?kind=BINDING", {"use": "RATES", **typed})
        assert response.context["form"].errors == {field: [told]}


def test_a_used_plan_offers_no_change_of_its_conditions(admin: Client, plan: PricePlan) -> None:
    make_effective(plan)
    mark_used([plan.pk], now=NOW)

    page = text_of(admin, plan.get_absolute_url())

    assert "The account class is Employees" in page
    assert "Add a condition" not in page


def test_a_base_plan_shows_what_rests_on_it_and_a_product_both_prices(
    admin: Client, plan: PricePlan
) -> None:
    product = ProductFactory()
    RateFactory(plan=plan.base, product=product)
    RateFactory(plan=plan, product=product)
    assert plan.base is not None

    assert "The account class is Employees" in text_of(admin, plan.base.get_absolute_url())
    page = text_of(admin, f"{product.get_absolute_url()}?tab=pricing")
    assert "conditional on Retail" in page


def test_plans_are_found_by_kind_and_base_plans_for_the_form(
    admin: Client, plan: PricePlan
) -> None:
    assert "staff" in text_of(admin, reverse("pricing:plan_list") + "?kind=CONDITIONAL")
    found = admin.get(reverse("pricing:choose_plan") + "?for=base").json()["choices"]
    assert plan.base is not None
    assert [choice["value"] for choice in found] == [plan.base.code]


def test_a_plan_is_cloned(admin: Client, plan: PricePlan) -> None:
    admin.post(reverse("pricing:plan_clone", args=[plan.code]), {"name": "Copy", "code": "copy"})

    assert PricePlan.objects.get(code="copy").conditions.count() == 1


def test_two_plans_are_compared_rate_by_rate(admin: Client) -> None:
    old, new = PricePlanFactory(code="old"), PricePlanFactory(code="new")
    month = Duration(1, Unit.MONTH)
    same, dearer, gone, added = (ProductFactory(name=name) for name in ("A", "B", "C", "D"))
    for plan, product, amount in (
        (old, same, "10"),
        (new, same, "10"),
        (old, dearer, "10"),
        (new, dearer, "12.50"),
        (old, gone, "7"),
    ):
        RateFactory(plan=plan, product=product, base_amount=Decimal(amount))
    phases = [Phase(month, 3, Decimal(5)), Phase(month, 0, Decimal(9))]
    RateFactory(plan=new, product=added, phases=phases)
    address = reverse("pricing:plan_compare") + "?old=old&new=new"

    page = text_of(admin, address)
    lines = b"".join(admin.get(f"{address}&export=csv").streaming_content).decode()

    assert "1 changed, 1 added, 1 gone, 1 same" in page
    assert "+2.50" in page
    assert f"{dearer.code},B,,changed,10.0000000000,12.5000000000,2.5000000000" in lines
    assert "5.00 per month, 3 times; 9.00 per month, until cancelled" in lines
    assert text_of(admin, f"{address}&every=on").count("per month") == 7


def test_what_a_conditional_plan_does_not_name_is_compared_as_in_its_base(
    admin: Client, plan: PricePlan
) -> None:
    base = PricePlanFactory(code="retail-2")
    staff = PricePlanFactory(code="staff-2", kind=PlanKind.CONDITIONAL, base=base)
    named, unnamed = ProductFactory(name="A"), ProductFactory(name="B")
    for product, amount in ((named, "10"), (unnamed, "7")):
        RateFactory(plan=base, product=product, base_amount=Decimal(amount))
    RateFactory(plan=staff, product=named, base_amount=Decimal(8))
    address = reverse("pricing:plan_compare") + "?old=retail-2&new=staff-2"

    page = text_of(admin, address)
    lines = b"".join(admin.get(f"{address}&export=csv").streaming_content).decode()

    assert "1 changed, 0 added, 0 gone, 0 same, 1 as in the base" in page
    assert unnamed.code not in page
    assert f"{unnamed.code},B,,as in the base,7.0000000000,7.0000000000,0," in lines
    assert "as in the base; 7.00 per month" in lines


def test_comparing_starts_with_the_plan_of_the_link(admin: Client, plan: PricePlan) -> None:
    page = text_of(admin, reverse("pricing:plan_compare") + "?old=staff")

    assert 'value="staff"' in page
    assert "required" in page


def test_before_a_plan_takes_over_it_says_who_moves_and_who_stays(admin: Client) -> None:
    plan = PricePlanFactory(name="Retail")
    scheme = SchemeFactory(name="Monthly", default_plan=plan)
    service = subscribe(ProductFactory(), on=date(2026, 1, 1), scheme=scheme)
    new = draft_replacement(plan, code="new", name="New")

    page = text_of(admin, reverse("pricing:plan_take_over", args=[new.code]))
    used = text_of(admin, f"{plan.get_absolute_url()}?tab=use")

    assert "0 of 1 rate differ" in page
    assert "Billing term schemes that offer it: <strong>1</strong>" in page
    assert "Subscriptions, whose terms were agreed: <strong>1</strong>" in page
    assert service.subscription.number in page
    assert service.subscription.number in used
    assert "Monthly" in used
