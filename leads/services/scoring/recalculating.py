"""New scores in the background: for all open leads after publishing, and every day for those that change by themselves.

Leads are read along their keys and locked, written and committed in pieces, so that a lead is never locked for long;
a pause after each piece leaves the machine to those who look at lists meanwhile.
"""

import time
from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from accounts.services.jobs import Work
from leadportal.common import clock
from leads.enums import OPEN
from leads.models import Lead, LeadScore, SheetVersion
from leads.rules.scoring.kinds import SheetState
from leads.selectors.scoring import leads_of
from leads.services.scoring.scores import rescore

# The kind of the daily job.
FADE = "fade_scores"
PIECE = 250
# How long the worker rests after a piece, as a part of the time that the piece took.
REST = 0.5


def recalculate(work: Work) -> None:
    """Give every open lead of a sheet the score of the version that was published, as long as that is live.

    A worker that takes over begins at the start: what has its new score already is not written again.
    """
    version = SheetVersion.objects.select_related("sheet").get(pk=work.job.about["version"])
    rows = leads_of(version.sheet)
    total, done, last = rows.count(), 0, 0
    work.report(0, total)
    while keys := _next(rows, last):
        begun = time.monotonic()
        if not _rescored(keys, version):
            return
        done, last = done + len(keys), keys[-1]
        work.report(done, max(total, done))
        time.sleep(REST * (time.monotonic() - begun))


def _next(rows: "QuerySet[Lead]", last: int) -> list[int]:
    return list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:PIECE])


@transaction.atomic
def _rescored(keys: Sequence[int], version: SheetVersion) -> bool:
    """Score the leads `keys` in one transaction; False when `version` is no longer the live one."""
    live = SheetVersion.objects.filter(pk=version.pk, state=SheetState.PUBLISHED)
    if not live.exists():
        return False
    rescore(_locked(keys))
    return True


def _locked(keys: Sequence[int]) -> list[Lead]:
    """Lock open leads in ascending order and return them as they are then."""
    rows = Lead.objects.filter(pk__in=keys, status__in=OPEN).order_by("pk")
    parts = ("holder", "maker", "product")
    return list(rows.select_related(*parts).defer("search").select_for_update(of=("self",)))


def fade_scores(work: Work) -> None:
    """Look again at every open lead whose points fade, or whose time is over, by now."""
    due = LeadScore.objects.filter(next_at__lte=clock.now(), lead__status__in=OPEN)
    last, done = 0, 0
    while keys := list(
        due.filter(lead__gt=last).order_by("lead").values_list("lead", flat=True)[:PIECE]
    ):
        with transaction.atomic():
            rescore(_locked(keys))
        done, last = done + len(keys), keys[-1]
        work.report(done, 0)
