"""Rate decks: reading files, what is rejected and why, versions by day, look-ups."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction

from pricing.kernel.voice import price_call
from pricing.models import DeckFormat, DeckImportMode, RateDeck, RateDeckRow, RateDeckVersion
from pricing.operations.deck_imports import DeckFileRefused, WrongStart, import_deck
from pricing.operations.decks import (
    BandRow,
    WrongBand,
    change_deck,
    create_deck,
    delete_deck,
    delete_version,
)
from pricing.operations.usage_records import StillNeeded, UsagePlanInUse, mark_used
from pricing.queries.deck_differences import (
    DifferenceKind,
    all_differences,
    difference_counts,
    differences,
)
from pricing.queries.decks import entry_of, prefix_index, row_for, version_on, versions_of
from tests.pricing.factories import CurrencyFactory, RateDeckFactory, VoicePlanFactory, read_deck

pytestmark = pytest.mark.django_db
D = Decimal
NOW = datetime(2026, 1, 15, tzinfo=UTC)
BILLMAX = """Description,Destination,Rate,Minimum Duration,Increment,Connect Fee
USA,1,2.5,0,6,0
"Fort Worth, Texas",1817,3,60,6,0.00
Fort Worth finer,1817446,1.2345000000,30,6,0.05
Ontario,1905,3.75,60,6,0
"""
OWN = "Prefix,Rate\n"
WORK = BandRow("work", [0, 1, 2, 3, 4], 480, 1080)
# What a file may hold in a row, and the words under which it is rejected.
FAULTS = {
    "+49,0.03,,": "not made of 1 to 18 digits",
    "12a,0.03,,": "not made of 1 to 18 digits",
    ",0.03,,": "prefix is missing",
    "491,-0.03,,": "rate is negative",
    "492,,,": "rate is missing",
    "493,abc,,": "no number",
    "494,0.12345678901,,": "at most 10 decimals",
    "495,NaN,,": "no number",
    "496,0.03,0,": "increment",
    "497,0.03,,-1": "connect fee",
    "49,0.05,,": "already",
    "498,0.03": "ends after 2 of 4",
}


def test_billmax_writes_rates_in_cents_and_fees_in_full() -> None:
    done = read_deck(RateDeckFactory(), BILLMAX)

    row = RateDeckRow.objects.get(version=done.version, prefix="1817446")
    assert (done.file_format, done.row_count, done.rejected_count) == (DeckFormat.BILLMAX, 4, 0)
    assert (row.rate, row.connect_fee) == (D("0.012345"), D("0.05"))
    assert (row.minimum_seconds, row.increment_seconds) == (30, 6)
    assert row.description == "Fort Worth finer"


def test_our_own_format_has_rates_in_currency_and_rates_of_bands() -> None:
    deck = RateDeckFactory(bands=[WORK])

    read_deck(deck, "Prefix;Rate;Rate work;Description\n49;0.03;0.04;Germany\n43;0.05;;Austria\n")

    rows = {row.prefix: row for row in RateDeckRow.objects.filter(version__deck=deck)}
    assert rows["49"].band_rates == {"work": "0.04"}
    assert rows["43"].band_rates == {}
    assert entry_of(rows["49"]).rate_in("work") == D("0.04")


def test_a_good_row_stands_where_one_with_its_prefix_is_rejected() -> None:
    text = OWN + "49,dear\n49,0.03\n49,0.04\n"

    done = read_deck(RateDeckFactory(), text, mode=DeckImportMode.GOOD_ROWS)

    assert [(row.prefix, row.rate) for row in done.version.rows.all()] == [("49", D("0.03"))]
    assert dict(done.rejects.values_list("line", "reasons")) == {
        2: ["The rate “dear” is no number with at most 10 decimals."],
        4: ["The prefix stands on line 3 already."],
    }


@pytest.mark.parametrize("mode", DeckImportMode)
def test_every_rejected_row_is_kept_with_its_reason(mode: DeckImportMode) -> None:
    head = "Prefix,Rate,Increment seconds,Connect fee\n"
    text = head + "49,0.03,6,\n" + "\n".join(FAULTS) + "\n"

    done = read_deck(RateDeckFactory(), text, mode=mode)

    rejects = list(done.rejects.order_by("line"))
    assert (done.row_count, done.rejected_count) == (13, 12)
    assert [reject.line for reject in rejects] == list(range(3, 15))
    for reject, words in zip(rejects, FAULTS.values(), strict=True):
        assert words in " ".join(reject.reasons)
    assert rejects[0].values[:2] == ["+49", "0.03"]
    if mode == DeckImportMode.GOOD_ROWS:
        assert list(done.version.rows.values_list("prefix", flat=True)) == ["49"]
        assert done.version.row_count == 1
    else:
        assert done.version is None
        assert not RateDeckVersion.objects.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "empty", id="empty"),
        pytest.param("Prefix,Description\n49,x\n", "no column “Rate”", id="no rate"),
        pytest.param("Prefix,Rate,Price\n49,1,1\n", "“Price” is not known", id="unknown column"),
        pytest.param("Prefix,Rate,Rate night\n49,1,1\n", "not known", id="unknown band"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(text: str, words: str) -> None:
    with pytest.raises(DeckFileRefused, match=words):
        read_deck(RateDeckFactory(), text)


def test_a_character_that_cannot_be_stored_is_a_reason_too() -> None:
    text = "Prefix,Rate,Description\n" + "49,0.03,x\n" * 1_000 + "43,0.05,a\x00b\n"

    done = read_deck(RateDeckFactory(), text)

    assert done.rejects.get(line=1002).reasons == [
        "The row holds a character that cannot be stored."
    ]


def test_a_workbook_is_no_reason_to_fail() -> None:
    with pytest.raises(DeckFileRefused):
        import_deck(
            RateDeckFactory(),
            BytesIO(b"PK\x03\x04 nothing"),
            starts_on=date(2026, 1, 1),
            mode="ALL",
            by=None,
            now=NOW,
        )


@pytest.mark.parametrize(
    ("number", "prefix"),
    [
        pytest.param("18174461234", "1817446", marks=pytest.mark.case("billmax:C14")),
        pytest.param("18175551234", "1817", marks=pytest.mark.case("billmax:C15")),
        pytest.param("19055551234", "1905", marks=pytest.mark.case("billmax:C16")),
        pytest.param("12125551234", "1", marks=pytest.mark.case("billmax:C17")),
        pytest.param("442071234567", None, marks=pytest.mark.case("billmax:C18")),
    ],
)
def test_the_longest_prefix_wins_in_the_database_as_in_the_index(
    number: str, prefix: str | None, django_assert_num_queries
) -> None:
    version = read_deck(RateDeckFactory(), BILLMAX).version

    with django_assert_num_queries(1):
        row = row_for(version, number)
    found = prefix_index(version).find(number)

    assert (row.prefix if row else None) == prefix
    assert (found.prefix if found else None) == prefix


def test_a_stored_row_prices_a_call() -> None:
    version = read_deck(RateDeckFactory(), BILLMAX).version

    price = price_call(entry_of(row_for(version, "18175551234")), 61)

    assert price.seconds == 66
    assert price.amount == D("0.033")


def test_the_index_of_a_version_in_use_is_kept(django_assert_num_queries) -> None:
    version = read_deck(RateDeckFactory(), BILLMAX).version
    assert prefix_index(version) is not prefix_index(version)
    mark_used(RateDeckVersion, [version.pk], now=NOW)
    version.refresh_from_db()

    first = prefix_index(version)

    with django_assert_num_queries(0):
        assert prefix_index(version) is first


def test_versions_follow_each_other_by_day() -> None:
    deck = RateDeckFactory()
    old = read_deck(deck, OWN + "49,0.03\n").version
    new = read_deck(deck, OWN + "49,0.02\n", starts_on=date(2026, 3, 1)).version

    assert version_on(deck, date(2025, 12, 31)) is None
    assert version_on(deck, date(2026, 2, 28)) == old
    assert version_on(deck, date(2026, 3, 1)) == new
    assert [version.ends_on for version in versions_of(deck)] == [None, date(2026, 3, 1)]


def test_no_version_begins_before_a_used_one_or_twice_on_a_day() -> None:
    deck = RateDeckFactory()
    version = read_deck(deck, OWN + "49,0.03\n").version

    with pytest.raises(WrongStart):
        read_deck(deck, OWN + "49,0.03\n")
    mark_used(RateDeckVersion, [version.pk], now=NOW)
    with pytest.raises(WrongStart):
        read_deck(deck, OWN + "49,0.03\n", starts_on=date(2025, 12, 1))
    with pytest.raises(IntegrityError, match="later version"), transaction.atomic():
        RateDeckVersion.objects.create(deck=deck, starts_on=date(2025, 12, 1), created_at=NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pricing_ratedeckrow SET rate = 1",
        "DELETE FROM pricing_ratedeckrow",
        (
            "INSERT INTO pricing_ratedeckrow (version_id, prefix, description, rate,"
            " minimum_seconds, increment_seconds, connect_fee, band_rates)"
            " SELECT id, '7', '', 1, 0, 1, 0, '{}' FROM pricing_ratedeckversion"
        ),
        "DELETE FROM pricing_ratedeckversion",
        "UPDATE pricing_ratedeckversion SET starts_on = '2020-01-01'",
        "UPDATE pricing_ratedeck SET currency = 'USD'",
        "DELETE FROM pricing_decktimeband",
    ],
)
def test_raw_sql_cannot_change_a_version_in_use(statement: str) -> None:
    deck = RateDeckFactory(bands=[WORK])
    version = read_deck(deck, OWN + "49,0.03\n").version
    mark_used(RateDeckVersion, [version.pk], now=NOW)

    with (
        pytest.raises(IntegrityError, match="has been used"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_deck_in_use_is_kept_and_takes_new_versions() -> None:
    deck = RateDeckFactory()
    version = read_deck(deck, OWN + "49,0.03\n").version
    mark_used(RateDeckVersion, [version.pk], now=NOW)

    for act in (lambda: delete_version(version), lambda: delete_deck(deck)):
        with pytest.raises(UsagePlanInUse):
            act()
    with pytest.raises(UsagePlanInUse):
        change_deck(deck, bands=[WORK])
    assert read_deck(deck, OWN + "49,0.02\n", starts_on=date(2026, 2, 1)).version is not None


def test_an_unused_deck_goes_with_all_its_rows() -> None:
    deck = read_deck(RateDeckFactory(), BILLMAX).deck

    delete_deck(deck)

    assert not RateDeck.objects.exists()
    assert not RateDeckRow.objects.exists()


def test_a_deck_of_a_voice_plan_is_kept() -> None:
    with pytest.raises(StillNeeded):
        delete_deck(VoicePlanFactory().deck)


@pytest.mark.parametrize(
    ("band", "field"),
    [
        pytest.param(BandRow("night", [], 0, 60), "weekdays", id="no day"),
        pytest.param(BandRow("night", [0], 60, 60), "ends_at", id="empty"),
        pytest.param(BandRow("work", [6], 0, 60), "code", id="code twice"),
        pytest.param(BandRow("late", [4], 1000, 1440), "", id="overlaps"),
    ],
)
def test_time_bands_are_refused_at_the_row(band: BandRow, field: str) -> None:
    with pytest.raises(WrongBand) as refusal:
        create_deck(code="d", name="D", currency=CurrencyFactory().code, bands=[WORK, band])

    assert (refusal.value.row, refusal.value.field) == (1, field)


def test_a_band_with_rates_is_kept() -> None:
    deck = RateDeckFactory(bands=[WORK])
    read_deck(deck, "Prefix,Rate,Rate work\n49,0.03,0.04\n")

    with pytest.raises(StillNeeded):
        change_deck(deck, bands=[])


def test_two_versions_are_compared() -> None:
    deck = RateDeckFactory()
    old = read_deck(deck, OWN + "1,0.10\n43,0.05\n49,0.04\n7,0\n").version
    new = read_deck(
        deck,
        "Prefix,Rate,Increment seconds\n1,0.10,1\n49,0.05,1\n44,0.02,1\n7,0,6\n",
        starts_on=date(2026, 2, 1),
    ).version

    counts = difference_counts(old, new)
    found = differences(old, new)

    assert counts == {
        DifferenceKind.ADDED: 1,
        DifferenceKind.GONE: 1,
        DifferenceKind.CHANGED: 2,
    }
    assert [(row.kind, row.prefix, row.percent) for row in found] == [
        ("GONE", "43", None),
        ("ADDED", "44", None),
        ("CHANGED", "49", D("25.00")),
        ("CHANGED", "7", None),
    ]
    assert (found[3].old_steps, found[3].new_steps) == ("0/1", "0/6")
    assert differences(old, new, start=2, count=1) == found[2:3]
    assert list(all_differences(old, new, kind=DifferenceKind.ADDED)) == [found[1]]
