"""Write scores: with every change of what rules look at, and for many leads at the price of one.

A score is no change of the lead by somebody: *Updated* stays as it was, the version counts up, history says why.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, F, Value, When
from django.utils.translation import gettext as _

from accounts.actors import System
from leadportal.common import clock
from leads.enums import AccessLevel, EventKind
from leads.models import Lead, LeadAccess, LeadScore
from leads.selectors.scoring import ASKED, Rated, rate, stored_reasons
from leads.services.history import Line, record_all
from leads.services.scoring.threshold import at_threshold

BATCH = 1_000
# A change of these columns may change the score.
SCORED = ASKED | {"answers", "attributes", "product", "product_id"}
# When the call is due that the threshold asks for.
CALL_WITHIN = timedelta(days=1)
_KEPT = ("version", "fit", "behaviour", "reasons", "before", "scored_at", "next_at")


def rescore(leads: Sequence[Lead], *, is_quiet: bool = False) -> int:
    """Give locked leads the scores that their rules say now; return how many have another one.

    Each change is a line of history. A lead whose score comes to the threshold from below is marketing qualified
    (domain.md section 8), see `at_threshold`; one that falls below it is no longer. With `is_quiet` nobody is told.
    The same number of queries for one lead and for many.
    """
    moment = clock.now()
    rated = rate(leads, moment)
    _keep([one for one in rated if _is_new(one)], moment)
    _mark_near([one for one in rated if one.is_near != one.lead.is_near])
    changed = [one for one in rated if one.changes]
    if not changed:
        return 0
    lines = [(one.lead, line) for one in changed for line in _lines(one, moment, is_quiet)]
    record_all(lines, actor=System(_("Scoring rules")))
    crossed = [one for one in changed if one.crosses]
    _write(changed, crossed, moment)
    if crossed and not is_quiet:
        at_threshold(crossed)
    return len(changed)


def _is_new(one: Rated) -> bool:
    """Say whether what is stored about the score is no longer so."""
    if one.known is None:
        return True
    now = (one.version.pk, one.score.fit, one.score.behaviour, one.score.next_at)
    before = (one.known.version_id, one.known.fit, one.known.behaviour, one.known.next_at)
    return now != before or stored_reasons(one.score) != one.known.reasons


def _keep(rated: Sequence[Rated], moment: datetime) -> None:
    LeadScore.objects.bulk_create(
        [
            LeadScore(
                lead=one.lead,
                version=one.version,
                fit=one.score.fit,
                behaviour=one.score.behaviour,
                reasons=stored_reasons(one.score),
                before=_before(one),
                scored_at=moment,
                next_at=one.score.next_at,
            )
            for one in rated
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["lead"],
        update_fields=_KEPT,
    )


def _before(one: Rated) -> int:
    """Return the score that this one is compared with: the last that was another one."""
    if one.score.total != one.lead.score or one.known is None:
        return one.lead.score
    return one.known.before


def _lines(one: Rated, moment: datetime, is_quiet: bool) -> Iterator[Line]:
    """Yield the lines of history of a score that changes: codes and numbers."""
    points = [[reason.key, reason.points] for reason in one.score.reasons]
    about: dict[str, Any] = {"version": one.version.pk, "score": one.score.total}
    if one.score.total != one.lead.score or one.falls:
        fell = {"below": one.version.threshold} if one.falls else {}
        scores = {"score_before": one.lead.score, "points": points, **fell}
        yield Line(EventKind.SCORE_CHANGED, about | scores)
    if one.crosses:
        about["threshold"] = one.version.threshold
        yield Line(EventKind.MARKETING_QUALIFIED, about, is_quiet=is_quiet)
        if not one.lead.next_step:
            values = {"next_step": ("", _call()), "next_step_on": ("", _due(moment))}
            yield Line(EventKind.NEXT_STEP_SET, values=values)


def _write(changed: Sequence[Rated], crossed: Sequence[Rated], moment: datetime) -> None:
    """Write the scores to leads and access rows, and the next step of those that became marketing qualified.

    A next step that somebody has set stays.
    """
    by_score: defaultdict[int, list[int]] = defaultdict(list)
    mql = [one.lead.pk for one in changed if one.is_mql]
    idle = [one.lead for one in crossed if not one.lead.next_step]
    for one in changed:
        by_score[one.score.total].append(one.lead.pk)
    keys = [one.lead.pk for one in changed]
    entered = [one.lead.pk for one in crossed]
    stays = [pk for pk in mql if pk not in set(entered)]
    Lead.objects.filter(pk__in=keys).update(
        score=_scores("pk", by_score),
        mql_at=Case(
            When(pk__in=entered, then=Value(moment)),
            When(pk__in=stays, then=F("mql_at")),
            default=None,
        ),
        version=F("version") + 1,
    )
    LeadAccess.objects.filter(lead__in=keys, level=AccessLevel.CURRENT).update(
        score=_scores("lead", by_score),
        is_mql=Case(When(lead__in=mql, then=Value(True)), default=Value(False)),
    )
    _set_next_steps(idle, moment)
    for one in changed:
        lead, crosses = one.lead, one.crosses
        lead.score, lead.version = one.score.total, lead.version + 1
        if crosses or not one.is_mql:
            lead.mql_at = moment if crosses else None


def _mark_near(rated: Sequence[Rated]) -> None:
    """Write whether leads are close to the threshold: no change that history or somebody at work on a lead knows of."""
    for is_near in (True, False):
        keys = [one.lead.pk for one in rated if one.is_near == is_near]
        if keys:
            Lead.objects.filter(pk__in=keys).update(is_near=is_near)
            rows = LeadAccess.objects.filter(lead__in=keys, level=AccessLevel.CURRENT)
            rows.update(is_near=is_near)
    for one in rated:
        one.lead.is_near = one.is_near


def _set_next_steps(leads: Sequence[Lead], moment: datetime) -> None:
    if not leads:
        return
    step = {"next_step": _call(), "next_step_on": _due(moment)}
    rows = Lead.objects.filter(pk__in=[lead.pk for lead in leads])
    rows.update(**step, next_step_by=F("in_charge"))
    for lead in leads:
        lead.next_step, lead.next_step_on = _call(), _due(moment)
        lead.next_step_by_id = lead.in_charge_id


def _scores(name: str, by_score: dict[int, list[int]]) -> Case:
    """Return an expression of the score of each lead; `name` is where a row keeps which lead it is."""
    whens = (When(**{f"{name}__in": keys}, then=Value(score)) for score, keys in by_score.items())
    return Case(*whens)


def _call() -> str:
    return _("Qualification call")


def _due(moment: datetime) -> Any:
    return (moment + CALL_WITHIN).date()
