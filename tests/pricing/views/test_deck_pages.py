"""Pages of rate decks: which row rates a call, files that are read, and two versions compared."""

from datetime import date
from io import BytesIO

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from pricing.models import RateDeck
from pricing.operations.decks import BandRow
from tests.pricing.factories import CurrencyFactory, RateDeckFactory, read_deck
from tests.pricing.views.form_rows import rows

pytestmark = pytest.mark.django_db
BANDS = "Prefix,Description,Rate,Minimum seconds,Increment seconds\n"


@pytest.mark.case("billmax:C14")
def test_the_deck_says_which_row_rates_a_number(admin: Client) -> None:
    deck = RateDeckFactory()
    read_deck(deck, BANDS + "1,USA,0.02,0,6\n1817446,Fort Worth finer,0.01,30,6\n")

    page = admin.get(
        reverse("pricing:deck_detail", args=[deck.code]),
        {"number": "18174461234", "seconds": "10", "on": "2026-01-15", "at": "12:00"},
    )

    text = " ".join(page.content.decode().split())
    assert "<strong>1817446</strong> (Fort Worth finer)" in text
    assert "30 seconds are billed" in text
    assert "0.005" in text


def test_a_deck_is_made_with_time_bands(admin: Client) -> None:
    data = {
        "name": "World",
        "code": "world",
        "minimum_seconds": "0",
        "currency": CurrencyFactory().code,
        **rows({"code": "work", "weekdays": "Mon-Fri", "starts_at": "08:00", "ends_at": "24:00"}),
    }

    admin.post(reverse("pricing:deck_new"), data)

    band = RateDeck.objects.get(code="world").bands.get()
    assert (band.weekdays, band.start_minute, band.end_minute) == ([0, 1, 2, 3, 4], 480, 1440)


def test_a_file_is_read_and_its_rejects_are_handed_out(admin: Client) -> None:
    deck = RateDeckFactory()
    file = BytesIO((BANDS + "49,Germany,0.03,60,6\n4x,=1+1,0.03,60,6\n").encode())
    file.name = "rates.csv"

    response = admin.post(
        reverse("pricing:deck_import", args=[deck.code]),
        {"starts_on": "2026-02-01", "mode": "GOOD", "file": file},
    )

    version = deck.versions.get()
    assert version.row_count == 1
    result = admin.get(response.url).content.decode()
    assert "not made of 1 to 18 digits" in result
    done = deck.imports.get()
    rejects = admin.get(reverse("pricing:deck_rejects", args=[deck.code, done.pk]))
    assert b"4x,'=1+1,0.03,60,6,3,The prefix" in b"".join(rejects.streaming_content)
    rows_page = admin.get(version.get_absolute_url(), {"prefix": "4"})
    assert "Germany" in rows_page.content.decode()


@pytest.mark.parametrize(
    ("mode", "tag", "said"),
    [
        ("GOOD", "success", "1 row was read, 1 rejected."),
        ("ALL", "error", "Nothing was taken. Rows at fault: 1 of 2."),
    ],
)
def test_an_import_of_which_nothing_is_taken_is_not_done(
    admin: Client, mode: str, tag: str, said: str
) -> None:
    file = BytesIO((BANDS + "49,Germany,0.03,60,6\n4x,Mars,0.03,60,6\n").encode())
    file.name = "rates.csv"

    response = admin.post(
        reverse("pricing:deck_import", args=[RateDeckFactory().code]),
        {"starts_on": "2026-02-01", "mode": mode, "file": file},
    )

    [message] = get_messages(response.wsgi_request)
    assert (message.level_tag, str(message)) == (tag, said)


def test_an_export_and_rejected_rows_can_be_read_again(admin: Client) -> None:
    deck = RateDeckFactory(bands=[BandRow("work", [0, 1, 2, 3, 4], 480, 1080)])
    version = read_deck(deck, "Prefix,Rate,Rate work\n49,0.03,0.04\n43,0.05,\n").version

    export = admin.get(version.get_absolute_url(), {"export": "csv"})
    text = b"".join(export.streaming_content).decode()
    again = read_deck(deck, text, starts_on=date(2026, 2, 1))

    assert again.rejected_count == 0
    compared = admin.get(
        reverse("pricing:deck_compare"), {"old": version.pk, "new": again.version.pk, "kind": ""}
    )
    assert "Nothing differs" in compared.content.decode()


def test_two_versions_are_compared_and_exported(admin: Client) -> None:
    deck = RateDeckFactory()
    old = read_deck(deck, BANDS + "49,Germany,0.04,60,6\n").version
    new = read_deck(deck, BANDS + "49,Germany,0.05,60,6\n", starts_on=date(2026, 2, 1)).version
    asked = {"old": old.pk, "new": new.pk, "kind": ""}

    page = admin.get(reverse("pricing:deck_compare"), asked).content.decode()
    export = admin.get(reverse("pricing:deck_compare"), {**asked, "export": "csv"})

    assert "25.00 %" in page
    assert b"CHANGED,49,Germany,0.0400000000,0.0500000000,25.00" in b"".join(
        export.streaming_content
    )


def test_decks_in_two_currencies_are_not_compared(admin: Client) -> None:
    versions = [
        read_deck(RateDeckFactory(currency=currency.code), BANDS + "49,x,1,0,1\n").version
        for currency in (CurrencyFactory(), CurrencyFactory(yen=True))
    ]

    page = admin.get(
        reverse("pricing:deck_compare"), {"old": versions[0].pk, "new": versions[1].pk, "kind": ""}
    )

    assert page.context["form"].errors["new"] == ["Its rates are in JPY, not EUR."]
