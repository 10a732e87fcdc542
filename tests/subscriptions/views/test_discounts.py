"""Pages of discounts on subscriptions: giving, deciding, withdrawing, previewing."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from pricing.models import DiscountOption
from pricing.operations.discounts import Parts
from subscriptions.models import GivenDiscount
from subscriptions.operations.discounts import give_discount
from tests.catalog.factories import AccountClassFactory, ProductFactory
from tests.people import person
from tests.pricing.discounts import by_hand, discount, only_for
from tests.subscriptions.factories import noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(shop) -> GivenDiscount:
    """A discount that somebody asked for and that waits."""
    return give_discount(
        by_hand(needs_approval=True),
        shop.subscription,
        starts_on=date(2026, 1, 15),
        reason="Loyal",
        by=person("CSR"),
        now=noon(date(2026, 1, 15)),
    )


def pages(shop, asked: GivenDiscount) -> list[str]:
    return [
        reverse("subscriptions:given_list"),
        reverse("subscriptions:give_discount", args=[shop.subscription.number]),
        reverse("subscriptions:discount_preview"),
        *(
            reverse(f"subscriptions:given_{act}", args=[asked.number])
            for act in ("approve", "reject", "withdraw")
        ),
    ]


def acts_in(page: str, given: GivenDiscount, act: str) -> bool:
    return f'href="{reverse(f"subscriptions:given_{act}", args=[given.number])}?' in page


def test_strangers_see_none_of_it(stranger_client: Client, shop, asked: GivenDiscount) -> None:
    for address in pages(shop, asked):
        assert stranger_client.get(address).status_code == 403, address


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        pytest.param("CSR", [200, 200, 200, 403, 403, 200], id="asks and does not decide"),
        pytest.param("Billing operator", [200, 403, 200, 200, 200, 200], id="decides"),
        pytest.param("Auditor", [200, 403, 200, 403, 403, 403], id="looks"),
    ],
)
def test_each_role_does_its_part(
    client: Client, shop, asked: GivenDiscount, role: str, expected: list[int]
) -> None:
    client.force_login(asked.requested_by if role == "CSR" else person(role))

    assert [client.get(address).status_code for address in pages(shop, asked)] == expected


def test_a_discount_is_given_from_the_page_of_a_subscription(client: Client, shop) -> None:
    client.force_login(person("CSR"))
    by_hand()

    response = client.post(
        reverse("subscriptions:give_discount", args=[shop.subscription.number]),
        {"discount": "goodwill", "service": "", "starts_on": "2026-01-20", "ends_on": "2026-01-31"},
    )

    given = GivenDiscount.objects.get()
    assert response.status_code == 302
    assert (given.state, given.period.upper) == ("GRANTED", date(2026, 2, 1))
    page = client.get(f"{shop.subscription.get_absolute_url()}?tab=billing").content.decode()
    assert given.number in page
    assert "Goodwill" in page


def test_what_does_not_suit_is_refused_at_the_field(client: Client, shop) -> None:
    client.force_login(person("CSR"))
    by_hand("five", "5", option=DiscountOption.AMOUNT)
    by_hand("gold", parts=Parts(account_classes=[AccountClassFactory(name="Gold")]))
    address = reverse("subscriptions:give_discount", args=[shop.subscription.number])

    no_service = client.post(address, {"discount": "five", "starts_on": "2026-01-20"})
    wrong_class = client.post(address, {"discount": "gold", "starts_on": "2026-01-20"})

    assert no_service.context["form"].errors == {
        "service": ["An amount is taken off one service: say which."]
    }
    assert wrong_class.context["form"].errors == {
        "discount": ["Gold cannot be given: the account class is Residential, not Gold."]
    }


def test_what_waits_is_listed_and_approved_by_somebody_else(
    client: Client, asked: GivenDiscount
) -> None:
    listed = reverse("subscriptions:given_list")
    client.force_login(person("Billing operator"))

    waiting = client.get(listed, {"state": "WAITING"}).content.decode()
    approve = reverse("subscriptions:given_approve", args=[asked.number])
    address = f"{approve}?list=state%3DWAITING"
    answer = client.post(address, {"reason": "Agreed"})

    assert f'href="{address}"' in waiting
    assert answer.headers["Location"] == f"{listed}?state=WAITING"
    asked.refresh_from_db()
    assert (asked.state, asked.decision_reason) == ("GRANTED", "Agreed")


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        pytest.param("Billing operator", ["approve", "reject"], id="those who decide"),
        pytest.param("Auditor", [], id="those who look"),
    ],
)
def test_what_waits_is_decided_from_its_row(
    client: Client, asked: GivenDiscount, role: str, offered: list[str]
) -> None:
    client.force_login(person(role))

    page = client.get(reverse("subscriptions:given_list")).content.decode()

    assert [
        act for act in ("approve", "reject", "withdraw") if acts_in(page, asked, act)
    ] == offered


def test_nobody_is_offered_to_approve_what_they_asked_for(
    client: Client, asked: GivenDiscount
) -> None:
    operator = person("Billing operator")
    GivenDiscount.objects.update(requested_by=operator)
    client.force_login(operator)

    page = client.get(reverse("subscriptions:given_list")).content.decode()

    assert not acts_in(page, asked, "approve")
    assert acts_in(page, asked, "reject")


def test_what_is_decided_offers_nothing_more(client: Client, asked: GivenDiscount) -> None:
    client.force_login(person("Billing operator"))
    reject = reverse("subscriptions:given_reject", args=[asked.number])
    client.post(reject, {"reason": "Not loyal"})

    page = client.get(reverse("subscriptions:given_list"))
    exported = client.get(reverse("subscriptions:given_list"), {"export": "csv"})

    assert not acts_in(page.content.decode(), asked, "reject")
    assert asked.number in b"".join(exported.streaming_content).decode()


def test_a_rejection_needs_its_reason(client: Client, asked: GivenDiscount) -> None:
    client.force_login(person("Billing operator"))
    address = reverse("subscriptions:given_reject", args=[asked.number])

    refused = client.post(address, {"reason": " "})
    client.post(address, {"reason": "Not loyal"})

    assert refused.context["form"].errors == {"reason": ["Say why it is rejected."]}
    asked.refresh_from_db()
    assert asked.state == "REJECTED"


def test_one_that_was_given_is_withdrawn(client: Client, asked: GivenDiscount) -> None:
    client.force_login(asked.requested_by)

    client.post(reverse("subscriptions:given_withdraw", args=[asked.number]), {"on": "2026-01-20"})

    asked.refresh_from_db()
    assert asked.state == "WITHDRAWN"


def test_the_preview_says_which_discounts_an_account_gets_and_why_not_the_others(
    client: Client, shop
) -> None:
    client.force_login(person("CSR"))
    discount("all", "10")
    discount("gold", parts=Parts(account_classes=[AccountClassFactory(name="Gold")]))
    discount("other", parts=only_for(ProductFactory()))
    by_hand()

    page = client.get(
        reverse("subscriptions:discount_preview"), {"account": shop.account.number.lower()}
    )

    found = {answer.discount.code: answer.reasons for answer, _ in page.context["answers"]}
    assert found == {
        "all": (),
        "gold": ("the account class is Residential, not Gold",),
        "other": ("it is not for this product",),
        "goodwill": ("nobody has given it",),
    }
    assert "all its criteria hold" in page.content.decode()


def test_the_preview_of_one_discount_and_of_an_unknown_account(client: Client, shop) -> None:
    client.force_login(person("CSR"))
    discount("all", "10")
    discount("two", "10")
    address = reverse("subscriptions:discount_preview")

    one = client.get(address, {"account": shop.account.number, "discount": "two"})
    unknown = client.get(address, {"account": "A-nobody"})

    assert [answer.discount.code for answer, _ in one.context["answers"]] == ["two"]
    assert "There is no account with the number" in unknown.content.decode()


def test_the_billing_terms_of_a_discount_are_set_on_its_page(client: Client, shop) -> None:
    client.force_login(person("Catalogue admin"))
    made = discount()
    scheme = shop.type.schemes.get()

    client.post(
        made.get_absolute_url(),
        {
            "panel": "terms",
            "terms-schemes": [scheme.pk],
            "terms-frequencies": ["MONTHLY"],
            "terms-binding_months": "12",
        },
    )

    made.refresh_from_db()
    assert list(made.terms.schemes.all()) == [scheme]
    page = client.get(made.get_absolute_url()).content.decode()
    assert "at least 12 months" in page
    assert "Monthly" in page
