"""The dry run of a draft: what publishing would change. Nothing is written but what was found (ux.md S6)."""

import hashlib
import json
from collections import Counter
from dataclasses import asdict

from django.db import transaction

from accounts.actors import Person
from accounts.services.jobs import Work, enqueue_job
from leadportal.common import clock
from leads.models import ScoreSheet, SheetVersion
from leads.rules.scoring.kinds import SheetState
from leads.rules.scoring.score import fits, matching
from leads.rules.scoring.sheet import Group, Sheet
from leads.selectors.scoring import Rated, deeds_of, facts_of, leads_of, rate, rules_of
from leads.services.scoring.sheets import draft_of, locked_sheet

# The kind of the job.
TRY = "try_scores"
PIECE = 500
EXAMPLES = 20
BAND = 10  # points in a band of the histogram


@transaction.atomic
def start_trial(sheet: ScoreSheet, *, actor: Person) -> SheetVersion:
    """Let the worker try the draft on every open lead; raises NotFound, Forbidden, Conflict (no draft)."""
    draft = draft_of(locked_sheet(sheet, actor))
    draft.trial_job = enqueue_job(TRY, version=draft.pk)
    draft.save(update_fields=["trial_job"])
    return draft


def fingerprint(content: Sheet) -> str:
    """Return what tells two drafts apart that give other scores."""
    return hashlib.sha256(json.dumps(asdict(content), sort_keys=True).encode()).hexdigest()[:16]


def try_scores(work: Work) -> None:
    """Score every open lead by a draft, and keep with the draft what is found. Ends early once it is published."""
    version = SheetVersion.objects.select_related("sheet").get(pk=work.job.about["version"])
    found = _Found(version)
    rows = leads_of(version.sheet).defer("search", "consent_text").order_by("pk")
    total, done, last = rows.count(), 0, 0
    work.report(0, total)
    while leads := list(rows.filter(pk__gt=last)[:PIECE]):
        found.add(rate(leads, clock.now(), rules_of(version)))
        done, last = done + len(leads), leads[-1].pk
        work.report(done, max(done, total))
    with work.finished():
        drafts = SheetVersion.objects.filter(pk=version.pk, state=SheetState.DRAFT)
        drafts.update(trial=found.as_stored())


class _Found:
    """What a dry run counts."""

    def __init__(self, version: SheetVersion) -> None:
        self.content = version.content
        self.counts = dict.fromkeys(("leads", "changed", "crossing", "falling"), 0)
        self.matches: Counter[str] = Counter()
        self.now: Counter[int] = Counter()
        self.then: Counter[int] = Counter()
        self.examples: list[list[int]] = []

    def add(self, rated: list[Rated]) -> None:
        """Count some more leads."""
        deeds = deeds_of([one.lead for one in rated]) if self.content.asks_behaviour else {}
        for one in rated:
            before, after = one.lead.score, one.score.total
            self.counts["leads"] += 1
            self.counts["changed"] += before != after
            self.counts["crossing"] += one.crosses
            self.counts["falling"] += one.falls
            self.now[before // BAND * BAND] += 1
            self.then[after // BAND * BAND] += 1
            if before != after:
                self._keep_example(one.lead.pk, before, after)
            facts = facts_of(one.lead, self.content)
            for rule in self.content.rules:
                if rule.group == Group.FIT:
                    is_met = fits(rule, facts)
                else:
                    counted = matching(rule, deeds.get(one.lead.pk, ()), clock.now())
                    is_met = len(counted) >= rule.times
                self.matches[rule.key] += is_met

    def _keep_example(self, pk: int, before: int, after: int) -> None:
        """Keep the leads that change most."""
        self.examples.append([pk, before, after])
        if len(self.examples) > 2 * EXAMPLES:
            self.examples = self._largest()

    def _largest(self) -> list[list[int]]:
        return sorted(self.examples, key=lambda one: -abs(one[2] - one[1]))[:EXAMPLES]

    def as_stored(self) -> dict[str, object]:
        """Return it as JSON keeps it."""
        bands = sorted({*self.now, *self.then})
        return {
            "of": fingerprint(self.content),
            "at": clock.now().isoformat(),
            **self.counts,
            "matches": dict(self.matches),
            "bands": [[band, self.now[band], self.then[band]] for band in bands],
            "examples": self._largest(),
        }
