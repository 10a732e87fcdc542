"""Row reports on their way to the database: kept in a file until the work they tell of is over."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any, Self

from psycopg.types.json import Jsonb

from config.shared.db import copy_rows
from config.shared.imports.drafts import RowReport
from config.shared.models import ImportBatch, ImportRow, RowOutcome

_COLUMNS = ("batch_id", "line", "outcome", "values", "changes", "errors")


class Spool:
    """Holds reports outside of any transaction, so that what they tell of can be rolled back."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def __enter__(self) -> Self:
        self._file = TemporaryFile("w+", encoding="utf-8")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, reports: Iterable[RowReport]) -> None:
        """Take up the reports of a lot of rows."""
        for report in reports:
            self.counts[report.outcome.value] += 1
            line = report.line
            row = [line.number, report.outcome.value, line.values, report.changes, report.errors]
            self._file.write(json.dumps(row, separators=(",", ":")) + "\n")

    @property
    def rejected(self) -> int:
        """How many rows were rejected so far."""
        return self.counts[RowOutcome.REJECTED.value]

    def store(self, batch: ImportBatch) -> None:
        """Make the reports the rows of the batch, and their counts its counts."""
        ImportRow.objects.filter(batch=batch).delete()
        batch.row_count = copy_rows(ImportRow, _COLUMNS, self._rows(batch.pk))
        batch.new_count = self.counts[RowOutcome.NEW.value]
        batch.changed_count = self.counts[RowOutcome.CHANGED.value]
        batch.same_count = self.counts[RowOutcome.SAME.value]
        batch.rejected_count = self.rejected

    def _rows(self, batch_id: int) -> Iterator[list[Any]]:
        self._file.seek(0)
        for text in self._file:
            number, outcome, *objects = json.loads(text)
            yield [batch_id, number, outcome, *map(Jsonb, objects)]
