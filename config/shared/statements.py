"""Reads whose SQL is written once: asked again, only the values given to them differ.

For a small read Django takes longer to write the SQL than PostgreSQL takes to answer it, and a page
asks two dozen of them. A `Statement` keeps what Django wrote when it was first asked:

    _SCHEMES = Statement(
        lambda: SchemeProduct.objects.filter(product=Given("product")).select_related("scheme")
    )

    def schemes_of_product(product: Product) -> list[SchemeProduct]:
        return _SCHEMES.ask(product=product.pk)

What `build` makes its queryset of must never change while the process lives: days, records and
choices of a user come in as `Given` only.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BooleanField, F, Func, Model, QuerySet, prefetch_related_objects
from django.db.models.expressions import Value
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")


class Given(Value):
    """The place of a value that comes when the statement is asked: a number, a text or a day.

    It goes to the database as it is: a primary key, not the record. None equals nothing there.
    """

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return a placeholder, with this place as its parameter."""
        return "%s", (self,)


def among_given(column: str, name: str) -> Func:
    """Return the condition that a column is one of the primary keys given, as `array_of` them.

    One array, whose number of keys changes nothing in the SQL.
    """
    return Func(
        F(column),
        Given(name),
        template="%(expressions)s::bigint[])",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )


def hold(record: Model, name: str, rows: list[Any]) -> None:
    """Let `record.<name>.all()` answer with rows that were read already, as a prefetch does."""
    answer: Any = getattr(record, name).all()
    answer._result_cache, answer._prefetch_done = rows, True
    held = getattr(record, "_prefetched_objects_cache", {})
    vars(record)["_prefetched_objects_cache"] = {**held, name: answer}


@dataclass(frozen=True, slots=True)
class _Written:
    """What Django makes of a queryset before it asks the database."""

    model: type[Model]
    rows: Callable[[Any], Iterable[Any]]
    prefetches: tuple[Any, ...]
    compiler: SQLCompiler
    converters: dict[int, Any]
    sql: str
    params: tuple[Any, ...]
    names: frozenset[str]


class _Reader(SQLCompiler):
    """Reads rows by SQL that was written before."""

    def __init__(self, written: _Written, values: Mapping[str, Any]) -> None:
        vars(self).update(vars(written.compiler))
        self.connection = connection
        self._written = written
        self._values = values

    def as_sql(self, *args: Any, **kwargs: Any) -> tuple[str, tuple[Any, ...]]:
        """Return what was written, and the values in their places."""
        values = self._values
        return self._written.sql, tuple(
            values[param.value] if isinstance(param, Given) else param
            for param in self._written.params
        )

    def get_converters(self, expressions: Any) -> dict[int, Any]:
        """Return how values of the columns become Python's; the columns are always the same."""
        return self._written.converters


class _Question:
    """What Django reads of a queryset while it makes rows of the answer."""

    db: ClassVar[str] = DEFAULT_DB_ALIAS
    _known_related_objects: ClassVar[dict[Any, Any]] = {}

    def __init__(self, written: _Written, values: Mapping[str, Any]) -> None:
        self.model = written.model
        self.query = self
        self._reader = _Reader(written, values)

    def get_compiler(self, using: str) -> _Reader:
        """Return what reads the answer."""
        return self._reader


class Statement(Generic[Row]):
    """A queryset of records, or of `values_list`, that is made once; prefetches are followed."""

    def __init__(self, build: "Callable[[], QuerySet[Any, Row]]") -> None:
        self._build = build
        self._kept: _Written | None = None

    def ask(self, **values: Any) -> list[Row]:
        """Return the rows for a value of each place; one query beside those of prefetches.

        Raises TypeError for a value without a place, or a place without a value.
        """
        written = self._for(values)
        rows: list[Any] = list(written.rows(_Question(written, values)))
        if written.prefetches:
            prefetch_related_objects(rows, *written.prefetches)
        return rows

    def count(self, **values: Any) -> int:
        """Return how many rows there are for a value of each place; one query."""
        sql, params = _Reader(self._for(values), values).as_sql()
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM ({sql}) counted", params)
            (number,) = cursor.fetchone() or (0,)
        return int(number)

    def _for(self, values: Mapping[str, Any]) -> _Written:
        if self._kept is None:
            self._kept = self._write()
        if values.keys() != self._kept.names:
            raise TypeError(f"Give {sorted(self._kept.names)}, not {sorted(values)}.")
        return self._kept

    def _write(self) -> _Written:
        queryset: Any = self._build()
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        return _Written(
            model=queryset.model,
            rows=queryset._iterable_class,
            prefetches=queryset._prefetch_related_lookups,
            compiler=compiler,
            converters=compiler.get_converters(columns),
            sql=sql,
            params=tuple(params),
            names=frozenset(param.value for param in params if isinstance(param, Given)),
        )
