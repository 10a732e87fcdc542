"""Steps as an item keeps them: rows of texts and whole numbers, read back as they were."""

from __future__ import annotations

from decimal import Decimal

from pricing.kernel.steps import Rule, Step, discounts_in, step_rows, steps_of_rows

D = Decimal
STEPS = (
    Step(Rule.PHASE, D("10.00"), (("phase", 2), ("price", D("10.00")), ("per", "1 MONTH"))),
    Step(Rule.TIER, D("20.5"), (("rule", "GRADUATED"), ("up_to", None), ("units", D("2.0")))),
    Step(Rule.AMOUNT_DISCOUNT, D(8), (("name", "20"), ("discount", "31"), ("taken", D("12.5")))),
    Step(Rule.REST, D("8.01")),
)
ROWS = [
    ["PHASE", "10.00", [["phase", 2], ["price", "10.00"], ["per", "1 MONTH"]]],
    ["TIER", "20.5", [["rule", "GRADUATED"], ["up_to", None], ["units", "2.0"]]],
    ["AMOUNT_DISCOUNT", "8", [["name", "20"], ["discount", "31"], ["taken", "12.5"]]],
    ["REST", "8.01", []],
]


def test_amounts_are_kept_as_texts_to_the_last_digit() -> None:
    assert step_rows(STEPS) == ROWS


def test_rows_are_read_back_with_amounts_as_numbers_and_names_as_names() -> None:
    found = steps_of_rows(ROWS)

    assert found == STEPS
    assert [type(value) for step in found for _, value in step.figures] == [
        *(int, D, str),
        *(str, type(None), D),
        *(str, str, D),
    ]


def test_the_discounts_that_took_something_off_are_found_by_their_keys() -> None:
    other = Step(Rule.PERCENTAGE_DISCOUNT, D(7), (("name", "Loyal"), ("discount", "4")))

    assert discounts_in((*STEPS, other)) == {4, 31}
    assert discounts_in(STEPS[:2]) == set()
