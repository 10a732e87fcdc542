"""Pages of discounts: permission, making and changing one, its acts, the product's section."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from pricing.models import AdditiveDiscount
from pricing.operations.discounts import Parts, mark_given, parts_of
from tests.catalog.factories import AccountClassFactory, FamilyFactory, ProductFactory
from tests.people import person
from tests.pricing.discounts import discount, draft_discount, only_for
from tests.pricing.factories import CurrencyFactory
from tests.subscriptions.factories import noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    """Somebody who keeps the catalogue."""
    client.force_login(person("Catalogue admin"))
    return client


def typed(**fields: str) -> dict[str, str]:
    """Return what is typed into the form: 20 % off every billing period."""
    return {
        "name": "Loyal",
        "code": "loyal",
        "sort_order": "0",
        "application": "AUTO_APPLY",
        "applies_to": "ANY",
        "option": "PERCENTAGE_PER_PERIOD",
        "value": "20",
        "on_recurring": "on",
        "renewal": "EVERY_CYCLE",
        "rows-TOTAL_FORMS": "0",
        "rows-INITIAL_FORMS": "0",
        **fields,
    }


def test_the_pages_need_a_permission(client: Client) -> None:
    made = draft_discount()
    client.force_login(User.objects.create_user("nobody"))

    for name in ("list", "new"):
        assert client.get(reverse(f"pricing:discount_{name}")).status_code == 403
    for name in ("detail", "change", "effective", "end", "version", "delete"):
        address = reverse(f"pricing:discount_{name}", args=[made.code])
        assert client.get(address).status_code == 403, name


def test_a_discount_is_made_with_products_and_criteria(admin: Client) -> None:
    product, family, gold = ProductFactory(), FamilyFactory(), AccountClassFactory()
    rows = {
        "rows-TOTAL_FORMS": "3",
        "rows-0-role": "OFF",
        "rows-0-product": product.code,
        "rows-1-role": "HELD",
        "rows-1-family": family.code,
        "rows-1-least_quantity": "2",
        "rows-2-role": "OFF",
    }

    response = admin.post(
        reverse("pricing:discount_new"),
        typed(account_classes=str(gold.pk), valid_from="2026-01-01", **rows),
    )

    made = AdditiveDiscount.objects.get()
    assert response.status_code == 302
    assert response["Location"] == made.get_absolute_url()
    parts = parts_of(made)
    assert [row.product for row in parts.products] == [product]
    assert [(row.family, row.least_quantity) for row in parts.held] == [(family, 2)]
    assert parts.account_classes == [gold]
    assert made.validity.lower == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"value": "101"}, "value", "A percentage is at most 100."),
        ({"value": ""}, "value", "Say how much is taken off: more than 0."),
        ({"option": "AMOUNT", "value": "5"}, "currency", "Say in which currency the amount is."),
        ({"for_count": "3"}, "for_unit", "Choose the unit of time."),
        ({"renewal": "EVERY"}, "renewal_count", "Say after how long it is given again."),
        (
            {"option": "FREE_USAGE", "applies_to": "NON_USAGE"},
            "applies_to",
            "Free usage is for usage services.",
        ),
        ({"on_recurring": ""}, "on_recurring", "Say what it is taken off: tick one or more."),
        (
            {"option": "PERCENTAGE", "on_setup": "on"},
            "on_recurring",
            "What comes once is taken off one of these: leave one ticked.",
        ),
        (
            {"on_recurring": "", "on_setup": "on", "applies_to": "USAGE"},
            "applies_to",
            "Usage services have no set-up fees and no one-time charges.",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_at_the_field(
    admin: Client, fields: dict[str, str], field: str, message: str
) -> None:
    response = admin.post(reverse("pricing:discount_new"), typed(**fields))

    assert response.status_code == 200
    assert response.context["form"].errors == {field: [message]}
    assert not AdditiveDiscount.objects.exists()


def test_what_the_option_does_not_ask_for_may_be_filled(admin: Client) -> None:
    CurrencyFactory()
    left = {"currency": "EUR", "for_count": "3", "renewal": "EVERY"}

    admin.post(reverse("pricing:discount_new"), typed(option="PERCENTAGE", **left))

    made = AdditiveDiscount.objects.get()
    assert (made.currency, made.for_count, made.renewal) == ("", None, "NEVER")


def test_a_product_that_is_paid_once_asks_for_one_time_charges(admin: Client) -> None:
    visit, internet = ProductFactory(name="Visit", expense=True), ProductFactory(name="Internet")
    rows = {"rows-TOTAL_FORMS": "1", "rows-0-role": "OFF"}
    once = {"on_recurring": "", "on_once": "on"}
    address = reverse("pricing:discount_new")

    for_prices = admin.post(address, typed(**rows, **{"rows-0-product": visit.code}))
    for_once = admin.post(address, typed(**rows, **once, **{"rows-0-type": internet.type.code}))
    made = admin.post(address, typed(**rows, **once, **{"rows-0-product": visit.code}))

    assert for_prices.context["form"].errors == {
        "on_once": ["Visit is paid once: tick “Taken off one-time charges”."]
    }
    assert list(for_once.context["form"].errors) == ["on_recurring"]
    assert made.status_code == 302


def test_free_usage_is_given_with_the_prices(admin: Client) -> None:
    admin.post(
        reverse("pricing:discount_new"),
        typed(option="FREE_USAGE", on_recurring="", on_setup="on", on_once="on"),
    )

    made = AdditiveDiscount.objects.get()
    assert (made.on_recurring, made.on_setup, made.on_once) == (True, False, False)


def test_names_are_unique_and_a_row_without_a_product_is_refused(admin: Client) -> None:
    draft_discount("other", name="Loyal")

    taken = admin.post(reverse("pricing:discount_new"), typed())
    empty = admin.post(
        reverse("pricing:discount_new"),
        typed(name="Other", **{"rows-TOTAL_FORMS": "1", "rows-0-role": "HELD"}),
    )

    assert "Another discount has this name." in taken.content.decode()
    assert "Row 1, Product: Name a product" in empty.content.decode()


def test_it_is_made_effective_versioned_and_ended(admin: Client) -> None:
    made = draft_discount(parts=only_for(ProductFactory()))

    admin.post(reverse("pricing:discount_effective", args=["loyal"]))
    admin.post(
        reverse("pricing:discount_version", args=["loyal"]),
        {"name": "Loyal 2026", "code": "loyal-2026"},
    )
    admin.post(reverse("pricing:discount_end", args=["loyal"]))

    made.refresh_from_db()
    assert (made.state, made.replaced_by and made.replaced_by.code) == (
        "NOT_EFFECTIVE",
        "loyal-2026",
    )


def test_one_that_was_given_asks_for_names_only(admin: Client) -> None:
    made = discount(parts=Parts(account_classes=[AccountClassFactory()]))
    mark_given([made.pk], now=noon(date(2026, 1, 1)))
    address = reverse("pricing:discount_change", args=["loyal"])

    page = admin.get(address)
    admin.post(address, {"name": "Renamed", "code": "loyal", "description": "Why."})

    assert set(page.context["form"].fields) == {"name", "code", "alternative_code", "description"}
    made.refresh_from_db()
    assert (made.name, made.value, made.account_classes.count()) == ("Renamed", 20, 1)
    page_text = admin.get(made.get_absolute_url()).content.decode()
    assert "make a new version" in page_text


def test_the_page_of_a_discount_shows_it_in_words(admin: Client) -> None:
    made = draft_discount(
        "summer",
        "5",
        option="AMOUNT_PER_PERIOD",
        for_count=3,
        for_unit="MONTH",
        renewal="EVERY",
        renewal_count=1,
        renewal_unit="YEAR",
    )

    page = admin.get(made.get_absolute_url()).content.decode()

    assert "5.00\N{NO-BREAK SPACE}EUR off, for 3 months, again every year" in page
    assert "every product" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"on_setup": True}, "20\N{NO-BREAK SPACE}% off prices for each period and set-up fees"),
        (
            {"on_recurring": False, "on_once": True, "on_setup": True},
            "20\N{NO-BREAK SPACE}% off set-up fees and one-time charges, each time",
        ),
        (
            {"option": "PERCENTAGE", "on_recurring": False, "on_once": True},
            "20\N{NO-BREAK SPACE}% off one-time charges, once",
        ),
        (
            {"option": "FREE_PERIOD", "on_recurring": False, "on_setup": True},
            "set-up fees free, each time",
        ),
    ],
)
def test_its_page_says_what_it_is_taken_off(
    admin: Client, fields: dict[str, object], words: str
) -> None:
    made = draft_discount(**fields)

    assert words in admin.get(made.get_absolute_url()).content.decode()
    assert words.split(",")[0].removesuffix(" free") in (
        admin.get(reverse("pricing:discount_list")).content.decode()
    )


def test_a_used_discount_cannot_be_deleted_from_its_page(admin: Client) -> None:
    made = discount()
    mark_given([made.pk], now=noon(date(2026, 1, 1)))

    page = admin.post(reverse("pricing:discount_delete", args=["loyal"])).content.decode()

    assert "End it instead" in page
    assert AdditiveDiscount.objects.filter(pk=made.pk).exists()


def test_a_product_shows_its_discounts(admin: Client) -> None:
    product = ProductFactory()
    discount(parts=only_for(product))
    discount("other", parts=only_for(ProductFactory()))
    discount("once", on_recurring=False, on_once=True)

    page = admin.get(f"{product.get_absolute_url()}?tab=pricing")

    (panel,) = [one for one in page.context["panels"] if one.slug == "discounts"]
    assert panel.count == 1
    assert "20\N{NO-BREAK SPACE}% off, every billing period" in page.content.decode()


def test_the_list_asks_as_many_queries_for_many_as_for_one(
    admin: Client, django_assert_max_num_queries
) -> None:
    for number in range(12):
        discount(f"d-{number}", str(number + 1), parts=only_for(ProductFactory()))

    with django_assert_max_num_queries(9):
        page = admin.get(reverse("pricing:discount_list"), {"q": "d-1"})

    assert [row.record.value for row in page.context["table"].rows] == [2, 11, 12]


def test_fields_say_what_asks_for_them(admin: Client) -> None:
    page = admin.get(reverse("pricing:discount_new"))

    assert b'data-shown-for="option: AMOUNT AMOUNT_PER_PERIOD"' in page.content
    assert b"js/shown_for" in page.content


@pytest.mark.parametrize(
    ("count", "unit", "fault"),
    [
        ("101", "YEAR", "At most 100 years."),
        ("30000", "MONTH", "At most 1,200 months, which is 100 years."),
        ("99999", "DAY", "Ensure this value is less than or equal to 32767."),
    ],
)
def test_no_discount_lasts_longer_than_a_hundred_years(
    admin: Client, count: str, unit: str, fault: str
) -> None:
    lasting = admin.post(
        reverse("pricing:discount_new"), typed(for_count=count, for_unit=unit)
    ).context["form"]
    again = admin.post(
        reverse("pricing:discount_new"),
        typed(renewal="EVERY", renewal_count=count, renewal_unit=unit),
    ).context["form"]

    assert lasting.errors == {"for_count": [fault]}
    assert again.errors == {"renewal_count": [fault]}
    assert not AdditiveDiscount.objects.exists()
