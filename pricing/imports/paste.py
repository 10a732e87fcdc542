"""Rates of one plan, pasted from a spreadsheet: read as a file is, looked at first, then put in."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Final

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from config.shared.imports.drafts import RowReport
from config.shared.imports.files import FileRefused, Line, read_rows
from config.shared.models import RowOutcome
from pricing.imports.rate_cells import find_doubtful, has_decimal_comma
from pricing.imports.rates import RateResource
from pricing.models import PricePlan
from pricing.queries.errors import PricingError

# What rows without names above them are read as.
USUAL_HEAD: Final = ("product", "basis", "amount", "per", "set-up fee", "tiers")
MOST_ROWS: Final = 1_000
AMOUNTS: Final = frozenset({"amount", "set-up fee", "deposit", "minimum", "tiers", "phases"})


class PastedRates(RateResource):
    """Rates of pasted rows, which are counted without what stands above them."""

    line_word = "Row"


class RowsRefused(PricingError):
    """What was pasted cannot be read, or some of its rows cannot stand."""

    field = "rows"


@dataclass(frozen=True, slots=True)
class PastedRow:
    """What becomes of a row, `number` counted from 1, without names of columns and blank rows.

    `changes` are (column, stored, new), `errors` (column, reason); a column is "" for the row.
    """

    number: int
    product: str
    outcome: RowOutcome
    changes: tuple[tuple[str, str, str], ...]
    errors: tuple[tuple[str, str], ...]

    @property
    def outcome_text(self) -> str:
        """The outcome in words."""
        return str(self.outcome.label)


def preview_pasted(plan: PricePlan, text: str, *, by: AbstractBaseUser | None) -> list[PastedRow]:
    """Return what becomes of each row; nothing stays written. Raises RowsRefused."""
    with transaction.atomic():
        reports = _process(plan, text, by=by)
        transaction.set_rollback(True)
    return [_row(report) for report in reports]


@transaction.atomic
def apply_pasted(plan: PricePlan, text: str, *, by: AbstractBaseUser | None) -> int:
    """Put all rows into the plan and return how many changed it. Raises RowsRefused: none is in."""
    reports = _process(plan, text, by=by)
    rejected = sum(report.outcome == RowOutcome.REJECTED for report in reports)
    if rejected:
        raise RowsRefused(f"{rejected:,} of {len(reports):,} rows cannot stand: none was put in.")
    return sum(report.outcome != RowOutcome.SAME for report in reports)


def _process(plan: PricePlan, text: str, *, by: AbstractBaseUser | None) -> list[RowReport]:
    resource = PastedRates(by=by)
    known = {column.name.casefold() for column in resource.columns()}
    try:
        rows = read_rows(BytesIO(_with_head(text, known).encode()), known=known)
        has_plan = "plan" in map(str.casefold, rows.head)
        resource.begin(rows.head if has_plan else [*rows.head, "plan"])
        lines = _without_doubt(list(_lines_of(plan, rows.lines, has_plan=has_plan)))
    except FileRefused as refusal:
        raise RowsRefused(str(refusal)) from refusal
    if not lines:
        raise RowsRefused("There are no rows below the names of the columns.")
    if len(lines) > MOST_ROWS:
        raise RowsRefused(f"At most {MOST_ROWS:,} rows can be pasted at once; import them instead.")
    return resource.process(lines, dry_run=False)


def _with_head(text: str, known: set[str]) -> str:
    """Return the rows with the usual names above them where none are; short rows are filled up."""
    lines = text.strip("\r\n").splitlines()
    first = lines[0] if lines else ""
    between = next((each for each in "\t;" if each in first), ",")
    if not any(cell.strip().casefold() in known for cell in first.split(between)):
        count = max((line.count(between) for line in lines), default=0) + 1
        lines.insert(0, between.join(USUAL_HEAD[:count]))
    most = lines[0].count(between)
    return "\n".join(_filled(line, between, most) for line in lines)


def _filled(line: str, between: str, most: int) -> str:
    """Return a row with as many cells as the head; one with quotes, or without cells, as it is."""
    if not line.strip() or '"' in line:
        return line
    return line + between * (most - line.count(between))


def _lines_of(plan: PricePlan, lines: Iterator[Line], *, has_plan: bool) -> Iterator[Line]:
    for number, read in enumerate(lines, start=1):
        line = replace(read, number=number)
        if not has_plan:
            yield replace(line, values={**line.values, "plan": plan.code})
            continue
        name = next(each for each in line.values if each.casefold() == "plan")
        if line.values[name].casefold() == plan.code.casefold():
            yield line
        else:
            yield replace(line, faults={**line.faults, name: "This is another plan."})


def _without_doubt(lines: list[Line]) -> list[Line]:
    """Fault 1,234 where other amounts have decimal commas: thousands and decimals look alike."""
    if not any(has_decimal_comma(text) for line in lines for _, text in _amounts_of(line)):
        return lines
    checked = []
    for line in lines:
        doubtful = {name: find_doubtful(text) for name, text in _amounts_of(line)}
        faults = {name: _doubt(number) for name, number in doubtful.items() if number}
        checked.append(replace(line, faults={**line.faults, **faults}) if faults else line)
    return checked


def _amounts_of(line: Line) -> Iterator[tuple[str, str]]:
    for name, text in line.values.items():
        if name.casefold() in AMOUNTS:
            yield name, text


def _doubt(number: str) -> str:
    whole, _, decimals = number.partition(",")
    return f"“{number}” may be {whole}.{decimals} or {whole}{decimals}: write one of these."


def _row(report: RowReport) -> PastedRow:
    product = next((v for k, v in report.line.values.items() if k.casefold() == "product"), "")
    filled = {name.casefold() for name, text in report.line.values.items() if text} - {"plan"}
    is_new = report.outcome == RowOutcome.NEW
    shown = filled | {"basis"} if is_new else {name.casefold() for name in report.changes}
    return PastedRow(
        number=report.line.number,
        product=product,
        outcome=report.outcome,
        changes=tuple(
            (name, pair[0], pair[1])
            for name, pair in report.changes.items()
            if name.casefold() in shown
        ),
        errors=tuple((name, why) for name, reasons in report.errors.items() for why in reasons),
    )
