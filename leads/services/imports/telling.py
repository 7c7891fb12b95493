"""Say that an import is over: once to each person, however many leads there are."""

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.actors import Person
from accounts.enums import Role
from accounts.services.jobs import enqueue_job
from leadportal.common import clock
from leads.enums import HolderDesk, ImportState
from leads.models import Import, Lead
from leads.rules.imports import KEPT_FOR
from leads.selectors.audience import people_at
from leads.services.imports import SWEEP
from leads.services.inbox import tell


def finish_run(source: Import, *, actor: Person) -> None:
    """Note that all rows are written, and tell who sent the file and who was given leads."""
    now = clock.now()
    running = Import.objects.filter(pk=source.pk, state=ImportState.IMPORTING)
    end = {"state": ImportState.DONE, "finished_at": now, "expires_at": now + KEPT_FOR}
    if not running.update(**end):
        return  # cancelled at this moment
    source.refresh_from_db()
    enqueue_job(SWEEP, due_at=source.expires_at)
    text = ngettext(
        "Your import is finished: %(n)s lead was made.",
        "Your import is finished: %(n)s leads were made.",
        source.made,
    )
    tell(
        user_id=source.user_id,
        company_id=source.company_id,
        text=text % {"n": f"{source.made:,}"},
        address=reverse("leads:import_result", args=[source.pk]),
    )
    _tell_holders(source, actor)


def _tell_holders(source: Import, actor: Person) -> None:
    """Tell everybody who was given leads how many; each lead by itself would drown them."""
    leads = Lead.objects.filter(imported_by__source=source, imported_by__is_new=True)
    given = leads.exclude(holder_desk=HolderDesk.HOST).order_by()
    counts = {
        (holder, desk): n
        for holder, desk, n in given.values_list("holder", "holder_desk").annotate(Count("pk"))
    }
    for person in people_at({holder for holder, _desk in counts}):
        is_sales = person.has(Role.SALES_SUPPORT)
        count = counts.get((person.company_id, HolderDesk.COMPANY), 0)
        count += counts.get((person.company_id, HolderDesk.SALES), 0) if is_sales else 0
        if not count or person.user_id == actor.user_id:
            continue
        text = ngettext(
            "%(company)s has brought in %(n)s lead for you by an import.",
            "%(company)s has brought in %(n)s leads for you by an import.",
            count,
        )
        tell(
            user_id=person.user_id,
            company_id=person.company_id,
            text=text % {"company": actor.company_name, "n": f"{count:,}"},
            address=f"{reverse('leads:list')}?source=import",
        )
