"""Send files of leads through the steps of an import, as the pages and the worker do."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from accounts.actors import Person
from accounts.services.jobs import do_due_jobs
from leads.enums import Duplicates
from leads.models import Import
from leads.rules.imports import guess_columns
from leads.selectors.import_targets import known_to, targets_for
from leads.services.imports.files import begin_import
from leads.services.imports.steps import map_columns, start_import


def csv_of(header: Sequence[str], rows: Iterable[Sequence[Any]], **options: Any) -> str:
    """Return the text of a CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text, **options).writerows([header, *rows])
    return text.getvalue()


def send(data: str | bytes, actor: Person, *, name: str = "leads.csv") -> Import:
    """Send a file; a text as UTF-8."""
    content = data.encode() if isinstance(data, str) else data
    return begin_import(io.BytesIO(content), name=name, size=len(content), actor=actor)


def check(
    source: Import, actor: Person, mapping: Sequence[str] | None = None, **more: Any
) -> Import:
    """Have the file checked with the guessed columns, or those of `mapping`."""
    targets = targets_for(known_to(actor), source.header)
    guesses = guess_columns(source.header, [], targets=targets)
    map_columns(source, mapping or [one.target for one in guesses], actor=actor, **more)
    do_due_jobs()
    source.refresh_from_db()
    return source


def bring_in(
    data: str | bytes,
    actor: Person,
    *,
    name: str = "leads.csv",
    mapping: Sequence[str] | None = None,
    duplicates: Duplicates = Duplicates.SKIP,
    **more: Any,
) -> Import:
    """Take a file through all steps; return its import as it is then."""
    source = check(send(data, actor, name=name), actor, mapping, **more)
    start_import(source, duplicates=duplicates, actor=actor)
    do_due_jobs()
    source.refresh_from_db()
    return source
