"""The files of imports: kept when they are sent, removed when their time is over."""

import shutil
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.services.jobs import Work, enqueue_job
from leadportal.common import clock
from leadportal.common.csv import UnreadableError
from leadportal.common.errors import Forbidden, Invalid
from leadportal.common.text import clean_line
from leads.enums import FileKind
from leads.models import Import, Lead
from leads.rules.imports import CSV_MOST, KEPT_FOR, XLSX_MOST
from leads.rules.permissions import imports_leads
from leads.selectors.import_files import encoding_of, header_and_rows, kind_of, separator_of
from leads.selectors.import_search import files_naming
from leads.services.imports import SWEEP
from leads.services.private_files import sweep_folder

NAME_LENGTH = 100


def begin_import(file: IO[bytes], *, name: str, size: int, actor: Person) -> Import:
    """Keep a file, find out how it is written, and begin its import.

    Raises Forbidden, or Invalid on field `file` for one that is too large, empty, or cannot be read.
    """
    check_right(actor)
    if size > CSV_MOST:
        raise Invalid({"file": too_large(size, CSV_MOST)})
    now = clock.now()
    key: dict[str, Any] = {
        "user_id": actor.user_id,
        "company_id": actor.company_id,
        "desk_id": actor.desk_id,
    }
    source = Import(
        **key,
        name=_own_name(name, actor),
        kind=FileKind.CSV,
        size=size,
        created_at=now,
        expires_at=now + KEPT_FOR,
    )
    kept = _keep(file, source)
    try:
        source.kind = kind_of(kept)
        if source.kind == FileKind.XLSX and size > XLSX_MOST:
            raise UnreadableError(too_large(size, XLSX_MOST))
        kept = kept.replace(source.path)
        if source.kind == FileKind.CSV:
            source.encoding = encoding_of(kept)
            source.separator = separator_of(kept, source.encoding)
        source.header, _rows = header_and_rows(source, 1)
        with transaction.atomic():
            source.save()
            enqueue_job(SWEEP, due_at=source.expires_at)
    except UnreadableError as error:
        kept.unlink(missing_ok=True)
        raise Invalid({"file": error.sentence}) from None
    except BaseException:
        kept.unlink(missing_ok=True)
        raise
    return source


def _own_name(name: str, actor: Person) -> str:
    """Return the file's name, with a number where the company has imported one of that name: it is a source."""
    path = Path(clean_line(name)[-200:])
    stem, end = path.stem[: NAME_LENGTH - 20] or _("Leads"), path.suffix[:10]
    alike = Import.objects.filter(company=actor.company_id, name__startswith=stem)
    known = set(alike.values_list("name", flat=True))
    names = (f"{stem} ({number}){end}" for number in count(2))
    return next(one for one in (f"{stem}{end}", *islice(names, len(known))) if one not in known)


def too_large(size: int, most: int) -> str:
    """Return what is said of a file beyond the limit (ux.md 4.2)."""
    return _(
        "The file is %(size)s MB. The limit is %(most)s MB. Split it and import each part."
    ) % {
        "size": f"{-(-size // 1024**2):,}",
        "most": f"{most // 1024**2:,}",
    }


def _keep(file: IO[bytes], source: Import) -> Path:
    settings.IMPORTS_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = settings.IMPORTS_DIR / f"{source.key}.part"
    path.touch(mode=0o600)
    with path.open("wb") as kept:
        shutil.copyfileobj(file, kept, 1024 * 1024)
    return path


@transaction.atomic
def withdraw_imports(lead: Lead, address: str) -> None:
    """Remove the files that a lead came from, or that filled it: what else they say of it is not known.

    Those that name `address` go as well, whatever became of that row; "" looks into no file.
    """
    now = clock.now()
    there = {*Import.objects.filter(rows__lead=lead, expires_at__gt=now)}
    there |= {*files_naming(lead, address)} if address else set()
    for source in there:
        transaction.on_commit(partial(source.path.unlink, missing_ok=True))
    _forget(Import.objects.filter(pk__in=[source.pk for source in there]), expires_at=now)


def sweep_imports() -> int:
    """Remove files that have expired and what was left half-sent; return how many."""
    now = clock.now()
    kept = Import.objects.filter(expires_at__gt=now)
    _forget(Import.objects.filter(expires_at__lte=now).exclude(header=[]))
    return sweep_folder(settings.IMPORTS_DIR, {one.path.name for one in kept})


def _forget(sources: "QuerySet[Import]", **more: Any) -> None:
    """Forget what the first rows said: without a row of names above them it is somebody's data."""
    sources.update(header=[], mapping=[], **more)


def sweep(work: Work) -> None:
    """Remove what has expired."""
    sweep_imports()


def check_right(actor: Person) -> None:
    """Raise Forbidden for who may not import."""
    if not imports_leads(actor):
        raise Forbidden
