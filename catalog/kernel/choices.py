"""Choosing the components of a flexible bundle: is a choice right, and is there one at all?

Every chosen service counts for one row, and where it fits several, for whichever makes the whole
come out. A minimum counts different services, a maximum all pieces. Each service of a pool can be
chosen. Families and types are counted over all components, with those that always come; having no
family counts as a family of its own. Source: README, "Bundles"; CRM.COM, bundle restrictions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from catalog.kernel.matching import Match, Supply, match

MOST_STEPS: Final = 1_000
"""After so many steps of the search a choice is taken to exist: nothing is refused wrongly."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row to choose from: `minimum` different services, at most `maximum` pieces (None: any)."""

    label: str
    minimum: int = 0
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Pick:
    """A chosen service, with the places of the rows whose pools hold it."""

    name: str
    rows: frozenset[int]
    family: str
    type: str
    pieces: int = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """Services of one family and type, `count` of them, in the pools of `rows`."""

    rows: frozenset[int]
    family: str
    type: str
    count: int


@dataclass(frozen=True, slots=True)
class Limits:
    """From how many families and types components may come; None: from any number.

    `always` are the (family, type) of the components that come with every choice.
    """

    most_families: int | None = None
    most_types: int | None = None
    always: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in words, and where: at a row (its place), or at a limit (`field`)."""

    message: str
    row: int | None = None
    field: str = ""


def check(rows: Sequence[Row], picks: Sequence[Pick], limits: Limits) -> list[Fault]:
    """Return what is wrong with a choice; empty if it is right."""
    faults = [Fault(f"{pick.name} cannot be chosen here.") for pick in picks if not pick.rows]
    faults += _too_many(rows, picks)
    faults += _too_few(rows, picks)
    chosen = {(pick.family, pick.type) for pick in picks} | limits.always
    return faults + _over_limits(chosen, limits, "are chosen")


def count_by_row(rows: Sequence[Row], picks: Sequence[Pick]) -> list[int]:
    """Return how many pieces count for each row: minimums first, then where there is room, and
    what has none at the first row that it fits.
    """
    fitting = [pick for pick in picks if pick.rows]
    needed = match([Supply(pick.rows, 1) for pick in fitting], [row.minimum for row in rows])
    used = [sum(put.values()) for put in needed.put]
    counts = [row.minimum - left for row, left in zip(rows, needed.room, strict=True)]
    total = sum(pick.pieces for pick in fitting)
    rooms = [
        total if row.maximum is None else max(row.maximum - count, 0)
        for row, count in zip(rows, counts, strict=True)
    ]
    rest = match(
        [Supply(pick.rows, pick.pieces - taken) for pick, taken in zip(fitting, used, strict=True)],
        rooms,
    )
    for pick, put, left in zip(fitting, rest.put, rest.left, strict=True):
        for place, count in put.items():
            counts[place] += count
        counts[min(pick.rows)] += left
    return counts


def find_obstacle(rows: Sequence[Row], cells: Sequence[Cell], limits: Limits) -> Fault | None:
    """Return why no choice can be right, None if one can: what the pools or the limits lack."""
    over = _over_limits(limits.always, limits, "always come")
    if over:
        return over[0]
    short = _pools_short(rows, cells)
    if short is not None or _Search(rows, cells, limits).succeeds():
        return short
    return _limits_short(rows, cells, limits)


def _too_many(rows: Sequence[Row], picks: Sequence[Pick]) -> list[Fault]:
    total = sum(pick.pieces for pick in picks)
    rooms = [total if row.maximum is None else row.maximum for row in rows]
    fitting = [Supply(pick.rows, pick.pieces) for pick in picks if pick.rows]
    found = match(fitting, rooms)
    faults = []
    for full in found.overfilled():
        chosen = sum(each.count for each in fitting if each.rows <= full)
        most = sum(rooms[place] for place in full)
        faults.append(
            Fault(f"{_names(rows, full)}: at most {most}, {chosen} chosen.", row=min(full))
        )
    return faults


def _too_few(rows: Sequence[Row], picks: Sequence[Pick]) -> list[Fault]:
    found = match([Supply(pick.rows, 1) for pick in picks], [row.minimum for row in rows])
    faults = []
    for lacking in found.underfilled():
        chosen = sum(bool(pick.rows & lacking) for pick in picks)
        least = sum(rows[place].minimum for place in lacking)
        faults.append(
            Fault(f"{_names(rows, lacking)}: at least {least}, {chosen} chosen.", row=min(lacking))
        )
    return faults


def _over_limits(chosen: Iterable[tuple[str, str]], limits: Limits, verb: str) -> list[Fault]:
    families = {family for family, _ in chosen}
    types = {kind for _, kind in chosen}
    faults = []
    for found, most, field, noun in (
        (families, limits.most_families, "most_families", "families"),
        (types, limits.most_types, "most_types", "types"),
    ):
        if most is not None and len(found) > most:
            names = ", ".join(sorted(name or "no family" for name in found))
            faults.append(
                Fault(
                    f"Services of {len(found)} {noun} {verb} ({names}), but only "
                    f"{_count(most, noun)} may be used.",
                    field=field,
                )
            )
    return faults


def _pools_short(rows: Sequence[Row], cells: Sequence[Cell]) -> Fault | None:
    found = _match_minimums(rows, cells)
    for lacking in found.underfilled():
        supply = sum(cell.count for cell in cells if cell.rows & lacking)
        need = sum(rows[place].minimum for place in lacking)
        verb = "needs" if len(lacking) == 1 else "together need"
        only = f"only {supply} of its services" if len(lacking) == 1 else f"only {supply} services"
        return Fault(
            f"{_names(rows, lacking)} {verb} at least {need}, but {only} can be chosen.",
            row=min(lacking),
        )
    return None


def _limits_short(rows: Sequence[Row], cells: Sequence[Cell], limits: Limits) -> Fault:
    """Return the words for limits that no choice keeps to: the fewest rows that show it."""
    alone = Limits(limits.most_families, None, limits.always)
    field = "most_families"
    if _Search(rows, cells, alone).succeeds():
        alone, field = Limits(None, limits.most_types, limits.always), "most_types"
        if _Search(rows, cells, alone).succeeds():
            return Fault(
                f"No choice keeps to {_count(limits.most_families, 'families')} and "
                f"{_count(limits.most_types, 'types')} at once.",
                field="most_families",
            )
    shown = _fewest_rows(rows, cells, alone)
    noun = "families" if field == "most_families" else "types"
    most = limits.most_families if field == "most_families" else limits.most_types
    if len(shown) == 1:
        (place,) = shown
        best = _most_of(place, rows, cells, alone)
        return Fault(
            f"{rows[place].label} needs at least {rows[place].minimum}, but with "
            f"{_count(most, noun)} {f'only {best}' if best else 'none'} of its services can be "
            "chosen.",
            row=place,
            field=field,
        )
    need = _least_limit(_only(rows, shown), cells, alone, field)
    return Fault(
        f"{_names(rows, shown)} need services of at least {need} {noun}, but only "
        f"{_count(most, noun)} may be used.",
        row=min(shown),
        field=field,
    )


def _fewest_rows(rows: Sequence[Row], cells: Sequence[Cell], limits: Limits) -> set[int]:
    """Return places of rows that no choice satisfies together; leaving one out, some does."""
    shown = {place for place, row in enumerate(rows) if row.minimum > 0}
    for place in sorted(shown, reverse=True):
        fewer = shown - {place}
        if not _Search(_only(rows, fewer), cells, limits).succeeds():
            shown = fewer
    return shown


def _only(rows: Sequence[Row], places: Iterable[int]) -> list[Row]:
    """Return the rows; those that are elsewhere than at `places` need nothing."""
    kept = set(places)
    return [row if place in kept else Row(row.label) for place, row in enumerate(rows)]


def _most_of(place: int, rows: Sequence[Row], cells: Sequence[Cell], limits: Limits) -> int:
    for count in range(rows[place].minimum - 1, 0, -1):
        wanted = [Row(row.label, count if at == place else 0) for at, row in enumerate(rows)]
        if _Search(wanted, cells, limits).succeeds():
            return count
    return 0


def _least_limit(rows: Sequence[Row], cells: Sequence[Cell], limits: Limits, field: str) -> int:
    """Return the lowest limit that lets a choice be right; the pools alone let one be."""
    most = (limits.most_families or 0) + (limits.most_types or 0)
    while True:
        most += 1
        by_family = field == "most_families"
        wider = Limits(most if by_family else None, None if by_family else most, limits.always)
        if _Search(rows, cells, wider).succeeds():
            return most


def _match_minimums(rows: Sequence[Row], cells: Iterable[Cell]) -> Match:
    supplies: dict[frozenset[int], int] = {}
    for cell in cells:
        supplies[cell.rows] = supplies.get(cell.rows, 0) + cell.count
    return match(
        [Supply(places, count) for places, count in supplies.items()],
        [row.minimum for row in rows],
    )


class _Search:
    """Looks for families and types, within the limits, whose services fill all minimums.

    Opens, one at a time, a family and type that have something for rows that lack; of families
    alike, or of which one has all that the other has, only one is tried.
    """

    def __init__(self, rows: Sequence[Row], cells: Sequence[Cell], limits: Limits) -> None:
        self.rows, self.limits = rows, limits
        self.cells = [_capped(cell, rows) for cell in cells]
        self.cells = [cell for cell in self.cells if cell.count]
        self.steps = 0
        self.seen: set[tuple[frozenset[str], frozenset[str]]] = set()
        self.stock: dict[str, dict[tuple[str, frozenset[int]], int]] = {}
        for cell in self.cells:
            stock = self.stock.setdefault(cell.family, {})
            key = cell.type, cell.rows
            stock[key] = stock.get(key, 0) + cell.count

    def succeeds(self) -> bool:
        """Return whether there is such a choice."""
        families = frozenset(family for family, _ in self.limits.always)
        types = frozenset(kind for _, kind in self.limits.always)
        if self.limits.most_families is None:
            families = frozenset(self.stock)
        if self.limits.most_types is None:
            types = frozenset(cell.type for cell in self.cells)
        return self._from(families, types)

    def _from(self, families: frozenset[str], types: frozenset[str]) -> bool:
        if (families, types) in self.seen:
            return False
        self.seen.add((families, types))
        self.steps += 1
        if self.steps > MOST_STEPS:
            return True
        is_open = [cell.family in families and cell.type in types for cell in self.cells]
        found = _match_minimums(
            self.rows, [cell for cell, one in zip(self.cells, is_open, strict=True) if one]
        )
        lacking = next(iter(found.underfilled()), None)
        if lacking is None:
            return True
        shut: dict[tuple[str, str], int] = {}
        for cell, one in zip(self.cells, is_open, strict=True):
            if not one and cell.rows & lacking:
                key = cell.family, cell.type
                shut[key] = shut.get(key, 0) + cell.count
        return self._open_one(families, types, sorted(shut, key=lambda key: -shut[key]))

    def _open_one(
        self, families: frozenset[str], types: frozenset[str], shut: list[tuple[str, str]]
    ) -> bool:
        tried: list[tuple[str, str]] = []
        for family, kind in shut:
            wider_families, wider_types = families | {family}, types | {kind}
            if self._is_over(wider_families, wider_types):
                continue
            if family not in families and any(
                kind == other_kind and other not in families and self._has_all(other, family)
                for other, other_kind in tried
            ):
                continue
            tried.append((family, kind))
            if self._from(wider_families, wider_types):
                return True
        return False

    def _is_over(self, families: frozenset[str], types: frozenset[str]) -> bool:
        most_families, most_types = self.limits.most_families, self.limits.most_types
        return (most_families is not None and len(families) > most_families) or (
            most_types is not None and len(types) > most_types
        )

    def _has_all(self, family: str, of: str) -> bool:
        mine = self.stock[family]
        return all(mine.get(key, 0) >= count for key, count in self.stock[of].items())


def _capped(cell: Cell, rows: Sequence[Row]) -> Cell:
    """Return the cell with no more services than the minimums of its rows can use."""
    most = sum(rows[place].minimum for place in cell.rows)
    places = frozenset(place for place in cell.rows if rows[place].minimum)
    return Cell(places, cell.family, cell.type, min(cell.count, most))


def _names(rows: Sequence[Row], places: Iterable[int]) -> str:
    *first, last = (rows[place].label for place in sorted(places))
    return f"{', '.join(first)} and {last}" if first else last


def _count(number: int | None, noun: str) -> str:
    if number == 1:
        return {"families": "1 family", "types": "1 type"}[noun]
    return f"{number} {noun}"
