"""The choice of components of a flexible bundle, as a piece of a form.

Its inputs are named with a prefix: `-pick` for what is ticked (ids), `-n-<id>` how many of it,
`-q` what is searched, `-here` that the piece was sent at all. It checks nothing: operations do, and
their faults are shown at the rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.utils.functional import cached_property

from catalog.kernel.choices import Fault
from catalog.models import BundleComponent, Product
from catalog.queries.choices import FlexibleBundle, flexible_bundle, range_text, row_label, row_text
from catalog.queries.products import products

MOST_SHOWN = 50
MOST_AT_A_GLANCE = 15


@dataclass(frozen=True)
class Option:
    """A service that can be ticked; `fits` are the places of the rows it may count for.

    `text` stands for its name where it comes in a quantity that is not chosen.
    """

    product: Product
    pieces: int
    is_chosen: bool
    fits: str
    text: str = ""


@dataclass(frozen=True)
class ShownRow:
    """A row with what it offers. `place` is None for the named services that may be left out."""

    place: int | None
    label: str
    options: list[Option]
    minimum: int = 0
    maximum: int | None = None
    count: int = 0
    is_cut: bool = False
    faults: tuple[str, ...] = ()

    @property
    def range(self) -> str:
        """How many may be chosen."""
        return range_text(self.minimum, self.maximum)

    @property
    def groups(self) -> list[tuple[str, list[Option]]]:
        """The options by family, each with a heading where there are several families."""
        by_family = [
            (family, list(options)) for family, options in groupby(self.options, key=_family)
        ]
        if self.place is None or len(by_family) < 2:
            return [("", self.options)]
        return [(family or "Without family", options) for family, options in by_family]

    @property
    def status(self) -> str:
        """What is to do, in words."""
        if self.count < self.minimum:
            return f"choose {self.minimum - self.count} more"
        if self.maximum is not None and self.count > self.maximum:
            return f"{self.count - self.maximum} too many"
        return "enough" if self.minimum else ""


class BundleChooser:
    """What is chosen for `bundle`: as sent with `data`, else `chosen` (how many of which id).

    The pools are those of the day `on`. Nothing is read before it is asked for.
    """

    def __init__(
        self,
        bundle: Product,
        *,
        on: date,
        prefix: str = "choices",
        data: Mapping[str, Any] | None = None,
        chosen: Mapping[int, int] | None = None,
    ) -> None:
        self.bundle, self.on, self.prefix = bundle, on, prefix
        self.faults: tuple[Fault, ...] = ()
        self.text = ""
        self.chosen = dict(chosen or {})
        if data is not None and f"{prefix}-here" in data:
            self.text = str(data.get(f"{prefix}-q", "")).strip()[:100]
            self.chosen = _sent(data, prefix)

    @cached_property
    def flexible(self) -> FlexibleBundle:
        """The bundle with its rows."""
        return flexible_bundle(self.bundle)

    @cached_property
    def products(self) -> list[Product]:
        """The products that are chosen, in list order."""
        return list(products().filter(pk__in=self.chosen)) if self.chosen else []

    @property
    def is_searchable(self) -> bool:
        """Whether there is more than one takes in at a glance."""
        listed = sum(len(row.options) for row in self.rows)
        return bool(self.text) or listed > MOST_AT_A_GLANCE

    def choices(self) -> tuple[tuple[Product, int], ...]:
        """Return what is chosen, with how many of each."""
        return tuple((product, self.chosen[product.pk]) for product in self.products)

    def always(self) -> list[str]:
        """Return what comes with every choice, in words."""
        return [row_text(row) for row in self.flexible.always]

    def top_faults(self) -> list[str]:
        """Return the faults that are at no row."""
        return [fault.message for fault in self.faults if fault.row is None]

    @cached_property
    def rows(self) -> list[ShownRow]:
        """Return the rows with their services: the first of the pool and those that are chosen, by
        family and in list order, whether they are chosen or not.
        """
        flexible = self.flexible
        counts = flexible.counts(self.chosen, self.products)
        shown = [
            self._row(place, row, counts[place])
            for place, row in enumerate(flexible.rows)
            if row.product_id is None
        ]
        optional = [row for row in flexible.named.values() if not row.mandatory]
        if optional:
            shown.append(ShownRow(None, "If wanted", [self._named(row) for row in optional]))
        return shown

    def _row(self, place: int, row: BundleComponent, count: int) -> ShownRow:
        flexible = self.flexible
        chosen = [each for each in self.products if self._home(each) == place]
        pool = flexible.listed(row, on=self.on)
        for word in self.text.split():
            pool = pool.filter(Q(name__icontains=word) | Q(code__icontains=word))
        listed = list(pool.order_by("family__name", *pool.query.order_by)[: MOST_SHOWN + 1])
        found = {each.pk: each for each in (*listed[:MOST_SHOWN], *chosen)}
        return ShownRow(
            place,
            row_label(row),
            [self._option(each) for each in sorted(found.values(), key=_list_order)],
            row.minimum,
            row.maximum,
            count,
            len(listed) > MOST_SHOWN,
            tuple(fault.message for fault in self.faults if fault.row == place),
        )

    def _home(self, product: Product) -> int | None:
        """Return the place of the row below which a product is listed."""
        flexible = self.flexible
        if product.pk in flexible.named:
            return None
        fitting = flexible.fitting(product.type_id, product.family_id)
        return min(fitting, key=lambda place: flexible.rank(flexible.rows[place]), default=None)

    def _option(self, product: Product) -> Option:
        fitting = self.flexible.fitting(product.type_id, product.family_id)
        return Option(
            product,
            self.chosen.get(product.pk, 1),
            product.pk in self.chosen,
            " ".join(map(str, sorted(fitting))),
        )

    def _named(self, row: BundleComponent) -> Option:
        product: Product = row.product
        return Option(product, 1, product.pk in self.chosen, "", row_text(row))


def _list_order(product: Product) -> tuple[bool, str, int, str, int]:
    family = product.family.name if product.family else ""
    return (not family, family.casefold(), product.sort_order, product.name.casefold(), product.pk)


def _family(option: Option) -> str:
    return option.product.family.name if option.product.family else ""


def _sent(data: Mapping[str, Any], prefix: str) -> dict[int, int]:
    """Return what was ticked; what is no number of pieces is 0, which the operation refuses."""
    name = f"{prefix}-pick"
    ticked = data.getlist(name) if hasattr(data, "getlist") else data.get(name, ())
    found: dict[int, int] = {}
    for value in ticked:
        if value.isascii() and value.isdigit() and len(value) < 18:
            pieces = str(data.get(f"{prefix}-n-{value}", "1")).strip()
            is_number = pieces.isascii() and pieces.isdigit() and len(pieces) <= 4
            found[int(value)] = int(pieces) if is_number else 0
    return found
