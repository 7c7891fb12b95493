"""Files of leads that the worker makes, as their owner sees the leads at that moment (ux.md L34)."""

import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.enums import Role
from accounts.selectors.actors import actor_at
from accounts.selectors.tokens import actor_in_role
from accounts.services.jobs import Work
from leadportal.common import clock
from leadportal.common.errors import Forbidden
from leadportal.common.xlsx import write_xlsx
from leads.exports.columns import cells, heads, lines
from leads.filters.selection import Selection
from leads.models import ExportFile
from leads.rules.permissions import exports_leads
from leads.selectors.export import ExportRow, export_pieces
from leads.selectors.leads import LeadList
from leads.services.exports import finish_export, sweep_exports
from leads.tables import columns_called


def make_export(work: Work) -> None:
    """Write the workbook of the job's export and give it its name when it is complete.

    Everything is read anew as the person who asked. Raises Forbidden when that person may no longer export,
    or looks at the leads from another desk by now.
    """
    export = ExportFile.objects.select_related("user").get(key=work.job.about["export"])
    actor = _owner(export)
    settings.EXPORTS_DIR.mkdir(mode=0o700, exist_ok=True)
    # A name of its own: a worker that is thought dead may still be writing.
    part = settings.EXPORTS_DIR / f"{export.key}.{uuid.uuid4().hex}.part"
    part.touch(mode=0o600)
    try:
        with timezone.override(clock.zone_called(export.user.time_zone)):
            rows = _write(part, export, actor, work)
        with work.finished():
            part.replace(export.path)
            finish_export(export, rows=rows, actor=actor)
    finally:
        part.unlink(missing_ok=True)


def sweep(work: Work) -> None:
    """Remove what has expired."""
    sweep_exports()


def _owner(export: ExportFile) -> Person:
    whose = (export.user_id, export.company_id)
    actor = actor_in_role(*whose, Role(export.role)) if export.role else actor_at(*whose)
    if actor is None or actor.desk_id != export.desk_id or not exports_leads(actor):
        raise Forbidden(_("You may no longer export these leads."))
    return actor


def _write(part: Path, export: ExportFile, actor: Person, work: Work) -> int:
    leads = Selection(QueryDict(export.query.partition("?")[2]), actor).leads
    visible = columns_called(export.columns, actor) if export.columns else None
    columns = cells(leads, actor, visible)
    rows = lines(_rows(leads, actor, work), columns)
    return write_xlsx(part, heads(columns), rows, timezone.get_current_timezone())


def _rows(leads: LeadList, actor: Person, work: Work) -> Iterator[ExportRow]:
    """Read the leads, and say after every piece how many they were."""
    done, total = 0, leads.exact_count()
    work.report(done, total)
    for piece in export_pieces(leads.all_rows(), actor):
        yield from piece
        done += len(piece)
        work.report(done, total)
