"""Putting supplies into places of limited room, each unit into a place that it fits."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Supply:
    """`count` units alike that fit the same places (`rows`)."""

    rows: frozenset[int]
    count: int


@dataclass(frozen=True, slots=True)
class Match:
    """As many units put as can be: `put[supply][place]`, with what is left over and still free."""

    supplies: tuple[Supply, ...]
    put: tuple[dict[int, int], ...]
    left: tuple[int, ...]
    room: tuple[int, ...]

    def overfilled(self) -> list[frozenset[int]]:
        """Return the sets of places that what is left over competes for: full, all of them."""
        starts = [each.rows for each, left in zip(self.supplies, self.left, strict=True) if left]
        return self._grown(starts, self._rivals)

    def underfilled(self) -> list[frozenset[int]]:
        """Return the sets of places that share too few units: all that fit them are in them."""
        starts = [frozenset([place]) for place, room in enumerate(self.room) if room]
        return self._grown(starts, self._sharers)

    def _grown(
        self,
        starts: Iterable[frozenset[int]],
        widen: Callable[[frozenset[int]], frozenset[int]],
    ) -> list[frozenset[int]]:
        found: list[frozenset[int]] = []
        for start in starts:
            if any(start & other for other in found):
                continue
            places, wider = frozenset[int](), start
            while wider != places:
                places, wider = wider, wider | widen(wider)
            found.append(places)
        return found

    def _rivals(self, places: frozenset[int]) -> frozenset[int]:
        """Return where the units that are in `places` could be as well."""
        return frozenset(
            place
            for each, put in zip(self.supplies, self.put, strict=True)
            if any(put.get(at) for at in places)
            for place in each.rows
        )

    def _sharers(self, places: frozenset[int]) -> frozenset[int]:
        """Return where units are that would fit `places`."""
        return frozenset(
            place
            for each, put in zip(self.supplies, self.put, strict=True)
            if each.rows & places
            for place, count in put.items()
            if count
        )


def match(supplies: Sequence[Supply], rooms: Sequence[int]) -> Match:
    """Put as many units as possible; a place takes as many as it has room for."""
    put: list[dict[int, int]] = [{} for _ in supplies]
    left, room = [each.count for each in supplies], list(rooms)
    for number, supply in enumerate(supplies):
        for place in sorted(supply.rows):
            _move(number, place, min(left[number], room[place]), put, left, room)
    for number in range(len(supplies)):
        while left[number] and _shift(number, supplies, put, left, room):
            pass
    return Match(tuple(supplies), tuple(put), tuple(left), tuple(room))


def _move(
    number: int, place: int, count: int, put: list[dict[int, int]], left: list[int], room: list[int]
) -> None:
    if count:
        put[number][place] = put[number].get(place, 0) + count
        left[number] -= count
        room[place] -= count


def _shift(
    start: int,
    supplies: Sequence[Supply],
    put: list[dict[int, int]],
    left: list[int],
    room: list[int],
) -> bool:
    """Make room for one more unit of a supply by moving others on; say whether there was a way."""
    came: dict[int, tuple[int, int | None]] = {}
    waiting: deque[tuple[int, int | None]] = deque([(start, None)])
    asked = {start}
    while waiting:
        number, out_of = waiting.popleft()
        for place in sorted(supplies[number].rows):
            if place in came:
                continue
            came[place] = number, out_of
            if room[place]:
                _walk_back(place, came, put, left, room)
                return True
            for other, held in enumerate(put):
                if held.get(place) and other not in asked:
                    asked.add(other)
                    waiting.append((other, place))
    return False


def _walk_back(
    place: int,
    came: dict[int, tuple[int, int | None]],
    put: list[dict[int, int]],
    left: list[int],
    room: list[int],
) -> None:
    room[place] -= 1
    at: int | None = place
    while at is not None:
        number, out_of = came[at]
        put[number][at] = put[number].get(at, 0) + 1
        if out_of is None:
            left[number] -= 1
        else:
            put[number][out_of] -= 1
        at = out_of
