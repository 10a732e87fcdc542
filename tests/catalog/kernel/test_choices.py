"""Choices of components: right or wrong, possible or not, compared with trying everything."""

from collections.abc import Iterator, Sequence
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kernel.choices import Cell, Limits, Pick, Row, check, find_obstacle

SPORTS = Row("Sports", 1, 3)
FREE = Limits()


def picks(
    count: int, *, rows: frozenset[int] = frozenset({0}), family: str = "Sports"
) -> list[Pick]:
    return [Pick(f"{family} {n}", rows, family, "Channel") for n in range(count)]


def messages(rows: Sequence[Row], chosen: Sequence[Pick], limits: Limits = FREE) -> list[str]:
    return [fault.message for fault in check(rows, chosen, limits)]


@pytest.mark.case("crmcom:T9")
@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, ["Sports: at least 1, 0 chosen."]),
        (1, []),
        (3, []),
        (4, ["Sports: at most 3, 4 chosen."]),
    ],
)
def test_a_row_has_a_minimum_and_a_maximum(count: int, expected: list[str]) -> None:
    assert messages([SPORTS], picks(count)) == expected


def test_pieces_count_towards_the_maximum_and_services_towards_the_minimum() -> None:
    lines = Row("Lines", 2, 3)

    assert messages([lines], [Pick("Line", frozenset({0}), "", "Line", pieces=2)]) == [
        "Lines: at least 2, 1 chosen."
    ]
    assert messages([lines], [Pick("Line", frozenset({0}), "", "Line", pieces=4)]) == [
        "Lines: at most 3, 4 chosen.",
        "Lines: at least 2, 1 chosen.",
    ]


def test_a_service_counts_for_the_row_that_makes_the_choice_right() -> None:
    rows = [Row("Sports", 1, 1), Row("HD", 1, 1)]
    both, sports = frozenset({0, 1}), frozenset({0})

    assert messages(rows, [*picks(1, rows=both), *picks(1, rows=sports)]) == []
    assert messages(rows, picks(3, rows=both)) == ["Sports and HD: at most 2, 3 chosen."]
    assert messages(rows, picks(1, rows=both)) == ["Sports and HD: at least 2, 1 chosen."]


@pytest.mark.case("crmcom:T7")
def test_services_of_two_families_break_a_limit_of_one() -> None:
    chosen = [*picks(1), *picks(1, family="Movies")]

    (fault,) = check([SPORTS], chosen, Limits(most_families=1))

    assert fault.message == (
        "Services of 2 families are chosen (Movies, Sports), but only 1 family may be used."
    )
    assert fault.field == "most_families"


@pytest.mark.case("crmcom:T8")
def test_without_limits_families_and_types_mix() -> None:
    chosen = [Pick("A", frozenset({0}), "Sports", "HD"), Pick("B", frozenset({0}), "Movies", "SD")]

    assert messages([SPORTS], chosen) == []


def test_what_always_comes_counts_towards_the_limits() -> None:
    limits = Limits(most_families=1, always=frozenset({("News", "Channel")}))

    assert messages([SPORTS], picks(1), limits) == [
        "Services of 2 families are chosen (News, Sports), but only 1 family may be used."
    ]


@pytest.mark.parametrize(
    ("rows", "cells", "limits", "message", "row", "field"),
    [
        pytest.param(
            [Row("Sports", 2, 4)],
            [Cell(frozenset({0}), "Sports", "Channel", 1)],
            FREE,
            "Sports needs at least 2, but only 1 of its services can be chosen.",
            0,
            "",
            id="a pool too small",
        ),
        pytest.param(
            [Row("Sports", 2), Row("HD", 1)],
            [Cell(frozenset({0, 1}), "Sports", "HD", 2)],
            FREE,
            "Sports and HD together need at least 3, but only 2 services can be chosen.",
            0,
            "",
            id="two rows share a pool",
        ),
        pytest.param(
            [Row("Sports", 1), Row("Movies", 1)],
            [Cell(frozenset({0}), "Sports", "TV", 9), Cell(frozenset({1}), "Movies", "TV", 9)],
            Limits(most_families=1),
            "Sports and Movies need services of at least 2 families, but only 1 family may be "
            "used.",
            0,
            "most_families",
            id="rows of two families",
        ),
        pytest.param(
            [Row("Channels", 3)],
            [
                Cell(frozenset({0}), "Sports", "TV", 2),
                Cell(frozenset({0}), "Movies", "TV", 2),
            ],
            Limits(most_families=1),
            "Channels needs at least 3, but with 1 family only 2 of its services can be chosen.",
            0,
            "most_families",
            id="a row over families",
        ),
        pytest.param(
            [Row("Sports", 2)],
            [Cell(frozenset({0}), "Sports", "HD", 1), Cell(frozenset({0}), "Sports", "SD", 1)],
            Limits(most_types=1),
            "Sports needs at least 2, but with 1 type only 1 of its services can be chosen.",
            0,
            "most_types",
            id="types",
        ),
        pytest.param(
            [Row("Sports", 0)],
            [],
            Limits(most_families=1, always=frozenset({("News", "TV"), ("Kids", "TV")})),
            "Services of 2 families always come (Kids, News), but only 1 family may be used.",
            None,
            "most_families",
            id="what always comes",
        ),
    ],
)
def test_why_no_choice_can_be_right(rows, cells, limits, message, row, field) -> None:
    fault = find_obstacle(rows, cells, limits)

    assert fault is not None
    assert (fault.message, fault.row, fault.field) == (message, row, field)


def test_pools_of_thousands_are_judged_at_once() -> None:
    """A thousand families with a hundred services each, and a limit that a search must find."""
    rows = [Row("Any", 6), Row("HD", 4)]
    cells = [
        Cell(frozenset({0, 1} if n % 7 else {0}), f"Family {n}", "HD" if n % 7 else "SD", n % 3 + 1)
        for n in range(1_000)
    ]

    assert find_obstacle(rows, cells, Limits(most_families=4)) is None
    fault = find_obstacle(rows, cells, Limits(most_families=3))
    assert fault is not None
    assert "at least 4 families" in fault.message


FAMILIES, TYPES = ("Sports", "Movies", ""), ("HD", "SD")
some_rows = st.lists(
    st.builds(
        lambda minimum, more: Row("Row", minimum, None if more is None else minimum + more),
        st.integers(0, 3),
        st.none() | st.integers(0, 2),
    ),
    min_size=1,
    max_size=3,
)
some_picks = st.lists(
    st.builds(
        Pick,
        st.just("Service"),
        st.frozensets(st.integers(0, 2), min_size=1),
        st.sampled_from(FAMILIES),
        st.sampled_from(TYPES),
        st.integers(1, 2),
    ),
    max_size=5,
)
some_limits = st.builds(
    Limits,
    st.none() | st.integers(1, 2),
    st.none() | st.integers(1, 2),
    st.frozensets(st.tuples(st.sampled_from(FAMILIES), st.sampled_from(TYPES)), max_size=1),
)


def placings(rows: Sequence[Row], fits: Sequence[frozenset[int]]) -> Iterator[list[int]]:
    """Yield how many units each row gets, for every way of putting each unit somewhere."""
    places = [sorted(one & set(range(len(rows)))) for one in fits]
    for way in product(*places):
        yield [way.count(place) for place in range(len(rows))]


def is_right(rows: Sequence[Row], chosen: Sequence[Pick], limits: Limits) -> bool:
    """Say whether a choice is right, by trying every way of counting it."""
    pieces = [pick.rows for pick in chosen for _ in range(pick.pieces)]
    fits = any(
        all(row.maximum is None or n <= row.maximum for row, n in zip(rows, counts, strict=True))
        for counts in placings(rows, pieces)
    )
    fills = any(
        all(n >= row.minimum for row, n in zip(rows, counts, strict=True))
        for counts in placings(rows, [pick.rows for pick in chosen])
    )
    components = {(pick.family, pick.type) for pick in chosen} | limits.always
    families, types = {family for family, _ in components}, {kind for _, kind in components}
    return (
        fits
        and fills
        and (limits.most_families is None or len(families) <= limits.most_families)
        and (limits.most_types is None or len(types) <= limits.most_types)
    )


def within(rows: Sequence[Row], one: Pick) -> Pick:
    """Return the pick with no other rows than there are."""
    places = one.rows & frozenset(range(len(rows)))
    return Pick(one.name, places, one.family, one.type, one.pieces)


@given(rows=some_rows, chosen=some_picks, limits=some_limits)
def test_a_choice_has_faults_where_no_way_of_counting_is_right(rows, chosen, limits) -> None:
    chosen = [pick for pick in (within(rows, one) for one in chosen) if pick.rows]

    assert (check(rows, chosen, limits) == []) == is_right(rows, chosen, limits)


@given(rows=some_rows, pool=some_picks, limits=some_limits)
def test_there_is_an_obstacle_where_no_choice_of_the_pool_is_right(rows, pool, limits) -> None:
    pool = [within(rows, one) for one in pool]
    singles = [Pick(one.name, one.rows, one.family, one.type) for one in pool if one.rows]
    cells = [Cell(one.rows, one.family, one.type, 1) for one in singles]

    possible = any(
        is_right(rows, chosen, limits)
        for size in range(len(singles) + 1)
        for chosen in combinations(singles, size)
    )
    assert (find_obstacle(rows, cells, limits) is None) == possible
