"""Write the rows of a checked file, batch by batch: what is committed is never read again (ux.md I6)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import DataError, IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.services.jobs import Work
from leadportal.common.errors import Refused
from leads.enums import Duplicates, ImportState, SourceKind
from leads.models import Event, Import, ImportedLead, ImportFault
from leads.selectors.import_files import ImportRows
from leads.selectors.import_targets import known_to
from leads.selectors.imports import known_leads
from leads.services.acts import carry_out
from leads.services.drafts import Draft, Origin, create_leads
from leads.services.imports import BATCH
from leads.services.imports.checking import batches
from leads.services.imports.filling import Filling
from leads.services.imports.importer import importer_of
from leads.services.imports.reading import Row, RowReader
from leads.services.imports.telling import finish_run


class CancelledError(Exception):
    """Somebody has cancelled the import meanwhile: what is not committed is not wanted."""


def run_import(work: Work) -> None:
    """Write the rows of the job's import that are not written yet, and say when it is done.

    Each batch commits with the place that it reached, under the worker's lease: a worker that dies leaves
    nothing half-done, and the next one goes on behind what is there.
    """
    source = Import.objects.select_related("marketplace", "product").get(
        pk=work.job.about["source"]
    )
    actor = importer_of(source)
    writer = BatchWriter(source, actor)
    rows = ImportRows(source, after=source.position)
    try:
        for batch in batches(rows, RowReader(source, known_to(actor), actor)):
            with transaction.atomic():
                _move_on(source, batch[-1].number, writer.write(batch))
                work.report(rows.share, 100)
    except CancelledError:
        return
    with work.finished():
        finish_run(source, actor=actor)


def _move_on(source: Import, position: int, counts: Counter[str]) -> None:
    """Note how far the import is. Somebody else's progress, and a cancelled import, undo the batch."""
    mine = Import.objects.filter(
        pk=source.pk, state=ImportState.IMPORTING, position=source.position
    )
    if not mine.update(position=position, **{name: F(name) + n for name, n in counts.items()}):
        raise CancelledError
    source.position = position


@dataclass
class _Sorted:
    """The good rows of a batch by what becomes of them. `earlier` names a row of the batch that makes the lead."""

    new: list[Row] = field(default_factory=list)
    present: list[tuple[Row, int]] = field(default_factory=list)
    earlier: list[tuple[Row, int]] = field(default_factory=list)


class BatchWriter:
    """Writes rows as leads of one import's importer."""

    def __init__(self, source: Import, actor: Person) -> None:
        self.source, self.actor = source, actor
        self.codes = {"import": source.pk}
        self.origin = Origin(
            kind=SourceKind.IMPORT,
            name=source.name,
            codes={"source": "import", **self.codes},
            is_quiet=True,
        )

    def write(self, batch: Sequence[Row]) -> Counter[str]:
        """Write a batch in the caller's transaction; return how many were made, updated, skipped, failed.

        Where the batch as a whole is refused, its rows are written one by one, so that the others are made.
        """
        numbers = [row.number for row in batch]
        ImportFault.objects.filter(source=self.source, row__in=numbers).delete()
        counts: Counter[str] = Counter(failed=0)
        good = []
        for row in batch:
            if row.draft:
                good.append(row)
            else:
                self._fail(row, row.faults)
                counts["failed"] += 1
        return counts + self._tried(good) if good else counts

    def _tried(self, rows: Sequence[Row]) -> Counter[str]:
        try:
            with transaction.atomic():
                return self._write(rows)
        except (Refused, DataError, IntegrityError) as error:
            if len(rows) > 1:
                return sum((self._tried([row]) for row in rows), Counter())
            sentence = error.sentence if isinstance(error, Refused) else ""
            self._fail(rows[0], [sentence or _("This row could not be stored.")])
            return Counter(failed=1)

    def _fail(self, row: Row, sentences: Sequence[str]) -> None:
        ImportFault.objects.bulk_create(
            [ImportFault(source=self.source, row=row.number, sentence=one) for one in sentences]
        )

    def _write(self, rows: Sequence[Row]) -> Counter[str]:
        sorted_ = self._sort(rows)
        drafts = [row.draft for row in sorted_.new if row.draft]
        made = create_leads(drafts, actor=self.actor, origin=self.origin) if drafts else []
        leads = {row.number: lead.pk for row, lead in zip(sorted_.new, made, strict=True)}
        again = sorted_.present + [(row, leads[number]) for row, number in sorted_.earlier]
        counts = Counter(made=len(made))
        filled: list[tuple[Row, int]] = []
        if self.source.duplicates == Duplicates.FILL and again:
            filled, failed = self._fill(again)
            counts.update(updated=len(filled), failed=failed)
            counts["skipped"] = len(again) - len(filled) - failed
        else:
            counts["skipped"] = len(again)
        self._remember(leads, filled)
        return counts

    def _sort(self, rows: Sequence[Row]) -> _Sorted:
        """Find out which rows are there already, in the database or further up in the batch."""
        found = _Sorted()
        if self.source.duplicates == Duplicates.CREATE:
            found.new = list(rows)
            return found
        seen: dict[str, int] = {}
        present = known_leads([row.keys for row in rows], self.actor)
        for row, known in zip(rows, present, strict=True):
            like = next((seen[mark] for mark in row.keys.sought if mark in seen), 0)
            if known is not None:
                found.present.append((row, known[0]))
            elif like:
                found.earlier.append((row, like))
            else:
                found.new.append(row)
                for mark in row.keys.marks:
                    seen.setdefault(mark, row.number)
        return found

    def _fill(self, again: Sequence[tuple[Row, int]]) -> tuple[list[tuple[Row, int]], int]:
        """Fill empty fields; return the rows that did, and how many their leads refused."""
        drafts: dict[int, list[Draft]] = {}
        for row, pk in again:
            if row.draft:
                drafts.setdefault(pk, []).append(row.draft)
        answers = carry_out(Filling(drafts, self.codes), sorted(drafts), actor=self.actor)
        filled, failed = [], 0
        for row, pk in again:
            answer = answers[pk]
            if answer.error is not None and not isinstance(answer.error, Refused):
                raise answer.error
            if answer.error is not None:
                self._fail(row, [answer.error.sentence or _("You may not edit this lead.")])
                failed += 1
            elif answer.lines:
                filled.append((row, pk))
        return filled, failed

    def _remember(self, made: Mapping[int, int], filled: Sequence[tuple[Row, int]]) -> None:
        """Keep which rows became which leads, and where the history of each ended then."""
        touched = {*made.values(), *(pk for _row, pk in filled)}
        ends = Event.objects.filter(lead__in=touched).order_by().values_list("lead")
        lines = dict(ends.annotate(Max("number")))
        pairs = [(number, pk, True) for number, pk in made.items()]
        pairs += [(row.number, pk, False) for row, pk in filled]
        ImportedLead.objects.bulk_create(
            [
                ImportedLead(source=self.source, row=number, lead_id=pk, is_new=new, line=lines[pk])
                for number, pk, new in pairs
            ],
            batch_size=BATCH,
        )
        # A row that filled a lead which this file had made or filled before: one end for all of them.
        for pk in {pk for _row, pk in filled}:
            ImportedLead.objects.filter(source=self.source, lead=pk).update(line=lines[pk])
