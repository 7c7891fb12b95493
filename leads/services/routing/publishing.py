"""Publish a draft: from its start on, its rules give leads to people."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import SYSTEM, Person
from accounts.services.jobs import Work, enqueue_job
from leadportal.common import clock
from leadportal.common.errors import Conflict, Invalid
from leads.models import BookState, Cause, RoutingVersion
from leads.rules.routing.book import Book
from leads.selectors.routing import live_version, waiting_leads
from leads.selectors.routing_faults import faults_of
from leads.services.routing.assigning import route_leads
from leads.services.routing.drafts import check_programme, held_draft
from leads.services.writing import held_leads, lock_rows

# The kind of the job that gives the leads that wait already.
APPLY = "apply_assignment_rules"
BATCH = 200


@transaction.atomic
def publish_rules(
    *,
    note: str = "",
    starts_at: datetime | None = None,
    applies: bool = False,
    number: int | None = None,
    actor: Person,
) -> RoutingVersion:
    """Publish the draft and return it; it counts from `starts_at`, or now.

    With `applies` the leads that wait already are given by it, oldest first, by the worker. `number` is the version
    that the actor saw. Raises Invalid while a rule cannot be kept (somebody it names cannot hold leads, a round robin
    is empty) or when the start has passed, Conflict when somebody else has published, Forbidden like `change_draft`.
    """
    version = held_draft(actor)
    if number is not None and version.number != number:
        raise Conflict(_("Somebody else has published these rules meanwhile. Look at them again."))
    now = clock.now()
    if starts_at and starts_at < now:
        raise Invalid({"starts_at": _("Choose a time that is still to come, or leave it empty.")})
    live, book = live_version(version.host_id), version.rules
    check_programme(live.rules if live else Book(), book, actor=actor)
    if faults := faults_of(book, version.host):
        raise Invalid({"__all__": faults[0].sentence})
    version.state, version.note = BookState.PUBLISHED, note
    version.starts_at = starts_at or now
    version.published_at, version.published_by_id = now, actor.user_id
    version.save(update_fields=["state", "note", "starts_at", "published_at", "published_by"])
    if applies:
        enqueue_job(APPLY, due_at=starts_at, version=version.pk)
    return version


def apply_rules(work: Work) -> None:
    """Give the leads that wait to whom the version says, in pieces; nothing when a newer one counts by now."""
    version = RoutingVersion.objects.get(pk=work.job.about["version"])
    last, done = 0, 0
    while keys := _next(version.host_id, last):
        with transaction.atomic():
            live = live_version(version.host_id)
            if live is None or live.pk != version.pk:
                break
            held = held_leads(lock_rows(keys, actor=SYSTEM), actor=SYSTEM)
            route_leads([one.lead for one in held], cause=Cause.PUBLISHED)
        last, done = keys[-1], done + len(keys)
        work.report(done, 0)
    with work.finished():
        pass


def _next(host_id: int, last: int) -> list[int]:
    rows = waiting_leads(host_id).filter(lead__gt=last)
    return list(rows.values_list("lead", flat=True)[:BATCH])
