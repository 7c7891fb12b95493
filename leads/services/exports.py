"""Write down who takes which leads out of the portal, and have large files made by the worker."""

from functools import partial

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.actors import Person
from accounts.services.jobs import enqueue_job, restart_jobs, retry_job
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden
from leads.models import ExportFile, ExportRecord, Lead, LeadAccess
from leads.rules.exports import KEPT_FOR
from leads.rules.permissions import exports_leads
from leads.services.inbox import tell
from leads.services.private_files import sweep_folder

QUERY_LENGTH = 4_000
# The kinds of jobs.
MAKE, SWEEP = "make_export", "sweep_exports"


@transaction.atomic
def record_export(*, query: str, rows: int, actor: Person) -> ExportRecord:
    """Record a download of `rows` leads: the address of the list, not the data.

    Raises Forbidden when the actor's company may not export (right 4).
    """
    _check_right(actor)
    return ExportRecord.objects.create(
        user_id=actor.user_id, company_id=actor.company_id, query=query[:QUERY_LENGTH], rows=rows
    )


@transaction.atomic
def request_export(
    *, name: str, query: str, words: str, columns: list[str], rows: int, actor: Person
) -> ExportFile:
    """Have a workbook made in the background: `query` is the list's, `columns` its columns (none: all).

    The same file asked for twice while it is being made is one. Raises Forbidden like `record_export`.
    """
    _check_right(actor)
    same = ExportFile.objects.visible_to(actor).filter(query=query, columns=columns)
    waiting = same.filter(ready_at__isnull=True, job__state="waiting").select_related("job")
    if known := waiting.first():
        return known
    key = {"user_id": actor.user_id, "company_id": actor.company_id, "desk_id": actor.desk_id}
    role = next(iter(actor.roles)) if actor.token else ""
    export = ExportFile(
        **key, role=role, name=name, query=query, words=words, columns=columns, rows=rows
    )
    export.job = enqueue_job(MAKE, export=str(export.key))
    export.save()
    return export


@transaction.atomic
def finish_export(export: ExportFile, *, rows: int, actor: Person) -> None:
    """Note that the file is there with so many leads, that `actor` takes them, and when it goes."""
    now = clock.now()
    export.rows, export.ready_at, export.expires_at = rows, now, now + KEPT_FOR
    export.save(update_fields=["rows", "ready_at", "expires_at"])
    record_export(query=export.query, rows=rows, actor=actor)
    enqueue_job(SWEEP, due_at=export.expires_at)
    text = ngettext(
        "Your file with %(n)s lead is ready.", "Your file with %(n)s leads is ready.", rows
    )
    tell(
        user_id=export.user_id,
        company_id=export.company_id,
        text=text % {"n": f"{rows:,}"},
        address=reverse("leads:exports"),
    )


@transaction.atomic
def retry_export(export: ExportFile, *, actor: Person) -> None:
    """Have a file made again that was given up. Raises Forbidden, or Conflict when it was not."""
    _check_right(actor)
    if not retry_job(export.job):
        raise Conflict


@transaction.atomic
def withdraw_exports(lead: Lead) -> None:
    """Remove the files in which a lead may stand: those of every desk that sees it, or did.

    One that is being made begins anew, so that it says of the lead what is true by then.
    """
    desks = LeadAccess.objects.filter(lead=lead).values("desk")
    theirs = ExportFile.objects.filter(desk__in=desks)
    restart_jobs(theirs.filter(ready_at__isnull=True).values_list("job", flat=True))
    now = clock.now()
    there = theirs.filter(expires_at__gt=now)
    for export in there:
        transaction.on_commit(partial(export.path.unlink, missing_ok=True))
    there.update(expires_at=now)


def sweep_exports() -> int:
    """Remove files that have expired, and what was left half-made; return how many."""
    kept = ExportFile.objects.filter(expires_at__gt=clock.now()).values_list("key", flat=True)
    return sweep_folder(settings.EXPORTS_DIR, {f"{key}.xlsx" for key in kept})


def _check_right(actor: Person) -> None:
    if not exports_leads(actor):
        raise Forbidden
