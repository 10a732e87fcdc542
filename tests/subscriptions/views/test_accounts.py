"""Pages of accounts and users."""

import pytest
from django.urls import reverse

from config.shared.operations.notes import write_note
from subscriptions.models import Account, AccountStatus
from subscriptions.operations.accounts import create_user
from tests.catalog.factories import ProductFactory
from tests.subscriptions.factories import AccountFactory, SellerFactory, subscribe
from tests.subscriptions.views.conftest import DAY

pytestmark = pytest.mark.django_db

LIST = "subscriptions:account_list"


def shown(answer) -> list[str]:
    return [row.record.name for row in answer.context["table"].page.object_list]


def new_account(**changes):
    return {
        "name": "Maria Ioannou",
        "seller": SellerFactory().pk,
        "currency": "EUR",
        "billing_day": "5",
        "street": "1 Harbour Road",
        "city": "Limassol",
        **changes,
    }


def test_the_list_counts_services_without_their_components(csr_client, shop):
    bundle = ProductFactory(fixed_bundle=True, name="Package")
    subscribe(bundle, on=DAY, user=shop.user)

    answer = csr_client.get(reverse(LIST))

    (row,) = answer.context["table"].page.object_list
    assert row.record.service_count == 2


def test_the_list_asks_the_same_number_of_queries_for_1_and_20_rows(
    csr_client, shop, django_assert_num_queries
):
    csr_client.get(reverse(LIST))
    with django_assert_num_queries(10):
        csr_client.get(reverse(LIST))
    for number in range(19):
        AccountFactory(name=f"Account {number}")

    with django_assert_num_queries(10):
        csr_client.get(reverse(LIST))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("99 123-456", ["Søren Möller"], id="phone, whatever stands between digits"),
        pytest.param(
            "soren", ["Søren Möller", "Anna Sorensen"], id="names that begin with it first"
        ),
        pytest.param("MOLLER", ["Søren Möller"], id="any word, without accents"),
        pytest.param("anna soren", ["Anna Sorensen"], id="all words"),
        pytest.param("nobody", [], id="nobody"),
    ],
)
def test_search_finds_who_is_meant(csr_client, db, text, expected):
    AccountFactory(name="Anna Sorensen")
    AccountFactory(name="Søren Möller", phone="99 123456")

    answer = csr_client.get(reverse(LIST), {"q": text})

    assert shown(answer) == expected


@pytest.mark.parametrize(
    "text", ["99 507585", "99507585", "507585", "+35799507585", "00357 99-507 585", "+357 99 5"]
)
def test_a_phone_number_is_found_however_it_is_typed(csr_client, db, text):
    AccountFactory(name="Eleni", phone="+357 99 507585")
    AccountFactory(name="Nikos", phone="+357 96 111222")

    assert shown(csr_client.get(reverse(LIST), {"q": text})) == ["Eleni"]


def test_a_whole_phone_number_comes_before_a_part_of_a_longer_one(csr_client, db):
    AccountFactory(name="Eleni", phone="+357 99 507585")
    AccountFactory(name="Nikos", phone="507585")

    assert shown(csr_client.get(reverse(LIST), {"q": "507 585"})) == ["Nikos"]


@pytest.mark.parametrize("text", ["O'Brien", "o\u2019brien", "obrien"])
@pytest.mark.parametrize("name", ["Sean O'Brien", "Sean O\u2019Brien"])
def test_a_name_is_found_with_any_apostrophe_and_without(csr_client, db, text, name):
    AccountFactory(name=name)

    assert shown(csr_client.get(reverse(LIST), {"q": text})) == [name]


@pytest.mark.parametrize("what", ["account", "user", "subscription"])
def test_search_by_a_number_finds_the_account_alone(csr_client, shop, what):
    AccountFactory(name=f"{getattr(shop, what).number} is not my number")

    answer = csr_client.get(reverse(LIST), {"q": getattr(shop, what).number.lower()})

    assert shown(answer) == [shop.account.name]


def test_the_list_is_exported_with_its_columns(csr_client, shop):
    answer = csr_client.get(reverse(LIST), {"export": "csv"})

    text = b"".join(answer.streaming_content).decode()
    assert "Number,Name,Class,State,Services,Phone,City" in text
    assert f"{shop.account.number},{shop.account.name},Residential,Active,1" in text


def test_an_account_is_opened_with_its_user_and_address(csr_client, csr):
    answer = csr_client.post(reverse("subscriptions:account_new"), new_account())

    account = Account.objects.get()
    assert answer.url == account.get_absolute_url()
    assert (account.name, account.billing_day, account.opened_on) == ("Maria Ioannou", 5, DAY)
    assert account.users.get().street == "1 Harbour Road"
    assert account.history.get().history_user == csr


def test_opening_may_lead_straight_to_the_first_service(csr_client):
    answer = csr_client.post(
        reverse("subscriptions:account_new"), new_account(add_service="yes"), follow=True
    )

    user = Account.objects.get().users.get()
    assert answer.redirect_chain[-1][0] == reverse("subscriptions:add_service", args=[user.number])


def test_six_of_fourteen_fields_are_required(csr_client):
    form = csr_client.get(reverse("subscriptions:account_new")).context["form"]

    assert len(form.fields) == 14
    assert [name for name, field in form.fields.items() if field.required] == [
        "name",
        "seller",
        "currency",
        "billing_day",
        "street",
        "city",
    ]


def test_what_is_wrong_stands_at_its_field_and_nothing_is_opened(csr_client):
    answer = csr_client.post(
        reverse("subscriptions:account_new"), new_account(billing_day="32", city="")
    )

    assert set(answer.context["form"].errors) == {"billing_day", "city"}
    assert not Account.objects.exists()


def test_a_form_that_is_sent_twice_opens_one_account(csr_client):
    page = csr_client.get(reverse("subscriptions:account_new"))
    sent = new_account(form_token=page.context["form_token"])

    first = csr_client.post(reverse("subscriptions:account_new"), sent)
    second = csr_client.post(reverse("subscriptions:account_new"), sent)

    assert first.url == second.url
    assert Account.objects.count() == 1


def test_the_page_shows_users_services_and_prices(csr_client, shop, django_assert_max_num_queries):
    address = shop.account.get_absolute_url()
    csr_client.get(address)

    with django_assert_max_num_queries(25):
        answer = csr_client.get(address)

    (user,) = answer.context["panels"][0].context["users"]
    (subscription,) = user.subscriptions
    (service,) = subscription.services
    assert (service.service.product.name, str(service.price.amount)) == ("Sports", "30.0000000000")
    assert b"30.00" in answer.content


def test_closed_services_show_on_request_only(csr_client, shop):
    from subscriptions.models import ActionKind
    from tests.subscriptions.factories import act

    act(ActionKind.CANCEL, shop.subscription, on=DAY)
    address = shop.account.get_absolute_url()

    assert b"Show 1 closed service" in csr_client.get(address).content
    assert b"Cancelled" in csr_client.get(f"{address}?closed=shown").content


def test_a_pinned_note_stands_under_the_header(csr_client, shop, csr):
    write_note(shop.account, "Dog in the yard", by=csr, pinned=True)

    answer = csr_client.get(f"{shop.account.get_absolute_url()}?tab=billing")

    assert [alert.text for alert in answer.context["alerts"]] == ["Dog in the yard"]


def test_a_note_is_added_and_an_empty_one_is_refused_at_its_field(csr_client, shop):
    address = shop.account.get_absolute_url()

    refused = csr_client.post(address, {"panel": "notes", "notes-text": " "})
    csr_client.post(address, {"panel": "notes", "notes-text": "Called about the bill"})

    assert b"This field is required" in refused.content
    assert b"Called about the bill" in csr_client.get(address).content


def test_an_account_is_changed(csr_client, shop):
    page = csr_client.get(reverse("subscriptions:account_edit", args=[shop.account.number]))
    values = {
        name: "" if value is None else value for name, value in page.context["form"].initial.items()
    }

    csr_client.post(page.request["PATH_INFO"], {**values, "name": "Élan Ltd", "credit_limit": "50"})

    shop.account.refresh_from_db()
    assert (shop.account.name, shop.account.sort_name) == ("Élan Ltd", "elan ltd")
    assert shop.account.credit_limit == 50


def test_a_negative_credit_limit_is_refused_at_its_field(csr_client, shop):
    page = csr_client.get(reverse("subscriptions:account_edit", args=[shop.account.number]))
    values = {
        name: "" if value is None else value for name, value in page.context["form"].initial.items()
    }

    answer = csr_client.post(page.request["PATH_INFO"], {**values, "credit_limit": "-1"})

    assert list(answer.context["form"].errors) == ["credit_limit"]


def test_a_closed_account_is_only_read(csr_client, shop):
    Account.objects.update(status=AccountStatus.CLOSED)
    number = [shop.account.number]

    page = csr_client.get(reverse("subscriptions:account_detail", args=number))
    edit = csr_client.get(reverse("subscriptions:account_edit", args=number))
    new_user = csr_client.post(reverse("subscriptions:user_new", args=number), {"name": "Late"})

    assert page.context["primary_actions"] == []
    assert edit.status_code == 404
    assert b"is closed" in new_user.content


def test_a_user_is_added_and_changed(csr_client, shop):
    csr_client.post(
        reverse("subscriptions:user_new", args=[shop.account.number]), {"name": "Beach house"}
    )
    user = shop.account.users.get(name="Beach house")

    csr_client.post(
        reverse("subscriptions:user_edit", args=[user.number]),
        {"name": "Beach house", "technology": shop.fibre.pk},
    )

    user.refresh_from_db()
    assert user.technology == shop.fibre


def test_a_user_without_a_name_is_refused_at_the_field(csr_client, shop):
    answer = csr_client.post(
        reverse("subscriptions:user_edit", args=[shop.user.number]), {"name": ""}
    )

    assert list(answer.context["form"].errors) == ["name"]


def test_a_user_without_services_is_told_the_next_step(csr_client, shop):
    user = create_user(shop.account, name="Flat 2", by=None)

    answer = csr_client.get(user.get_absolute_url())

    assert b"Add the first service" in answer.content
