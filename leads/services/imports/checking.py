"""Check a whole file before anything is written: every error, what is there already, what is new (ux.md I4)."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import Any

from accounts.actors import Person
from accounts.services.jobs import Work
from leadportal.common.csv import UnreadableError
from leads.enums import ImportState
from leads.models import Import, ImportFault
from leads.selectors.import_files import ImportRows
from leads.selectors.import_targets import known_to
from leads.selectors.imports import Keys, known_leads
from leads.services.imports import BATCH
from leads.services.imports.filling import empty_fields
from leads.services.imports.importer import importer_of
from leads.services.imports.reading import Row, RowReader

EXAMPLES = 10


def check_import(work: Work) -> None:
    """Read the file of the job's import as its importer would write it, and keep what was found."""
    source = Import.objects.get(pk=work.job.about["source"])
    actor = importer_of(source)
    source.faults.all().delete()
    check = _Check(source, actor)
    rows = ImportRows(source)
    with closing(check.seen.known):
        try:
            for batch in batches(rows, RowReader(source, known_to(actor), actor)):
                check.take(batch)
                work.report(rows.share, 100)
        except UnreadableError as error:
            check.refuse(error.sentence)
    with work.finished():
        source.counts, source.examples = dict(check.counts), check.examples
        source.state = ImportState.CHECKED
        source.save(update_fields=["counts", "examples", "state"])


def batches(rows: ImportRows, reader: RowReader) -> Iterator[list[Row]]:
    """Read rows, BATCH at a time."""
    numbered = iter(rows)
    while batch := [reader.read(number, cells) for number, cells in islice(numbered, BATCH)]:
        yield batch


class _Check:
    """What was found so far. `counts`: rows, new, duplicate, update (what fields can be filled), error."""

    def __init__(self, source: Import, actor: Person) -> None:
        self.source, self.actor = source, actor
        self.counts: Counter[str] = Counter(rows=0, new=0, duplicate=0, update=0, error=0)
        self.examples: list[dict[str, Any]] = []
        self.seen = SeenRows()

    def take(self, batch: Sequence[Row]) -> None:
        """Look at some rows: two queries for what is there, one for what can be filled."""
        self.counts["rows"] += len(batch)
        self._keep_faults(batch)
        good = [row for row in batch if row.draft]
        present = known_leads([row.keys for row in good], self.actor)
        pairs = [
            (found[0], row) for row, found in zip(good, present, strict=True) if found is not None
        ]
        fillable = empty_fields(pairs, self.actor)
        for row, found in zip(good, present, strict=True):
            earlier = self.seen.row_like(row.keys, row.number)
            if found is not None:
                self._count(row, {"lead": found[0], "by": found[1]}, fillable.get(row.number, []))
            elif earlier:
                self._count(row, {"row": earlier, "by": "row"}, [])
            else:
                self.counts["new"] += 1

    def refuse(self, sentence: str) -> None:
        """Note that the rest of the file cannot be read: it must not be imported in part."""
        self.counts["unreadable"] = 1
        ImportFault.objects.create(source=self.source, row=0, sentence=sentence[:300])

    def _count(self, row: Row, found: dict[str, Any], fields: list[str]) -> None:
        self.counts["duplicate"] += 1
        self.counts["update"] += bool(fields)
        if len(self.examples) < EXAMPLES:
            self.examples.append({"number": row.number, "fields": fields, **found})

    def _keep_faults(self, batch: Sequence[Row]) -> None:
        faults = [
            ImportFault(source=self.source, row=row.number, sentence=sentence)
            for row in batch
            for sentence in row.faults
        ]
        ImportFault.objects.bulk_create(faults, batch_size=BATCH)
        self.counts["error"] += sum(bool(row.faults) for row in batch)


class SeenRows:
    """The keys of all rows so far, on disk: a million of them would fill the memory."""

    def __init__(self) -> None:
        self.known = sqlite3.connect("", isolation_level=None)
        self.known.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID")
        self.known.execute("BEGIN")

    def row_like(self, keys: Keys, number: int) -> int:
        """Return the number of an earlier row with one of these keys, or 0; remember this one."""
        for mark in keys.sought:
            found = self.known.execute("SELECT row FROM seen WHERE key = ?", [mark]).fetchone()
            if found:
                return int(found[0])
        self.known.executemany(
            "INSERT OR IGNORE INTO seen VALUES (?, ?)", [(mark, number) for mark in keys.marks]
        )
        return 0
