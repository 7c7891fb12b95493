"""Scoring rules for tests: put together in one line, published by the services, reckoned by the worker."""

from dataclasses import replace

from accounts.services.jobs import do_due_jobs
from leads.models import Lead, ScoreSheet
from leads.rules.scoring.kinds import BehaviourKind
from leads.rules.scoring.sheet import Bounds, Compare, Group, Rule
from leads.services.scoring.sheets import (
    add_rule,
    begin_sheet,
    publish_draft,
    remove_rule,
    set_threshold,
    start_draft,
)

LARGE = Rule("", Group.FIT, "size", 40, test=Compare.AT_LEAST, values=("250",))
DIRECTOR = Rule("", Group.FIT, "job_title", 15, test=Compare.CONTAINS, values=("director", "head"))
PRICING = Rule(
    "", Group.BEHAVIOUR, BehaviourKind.PAGE_VISITED, 30, about="pricing", times=2, days=30
)
PAPER = Rule(
    "", Group.BEHAVIOUR, BehaviourKind.PAPER_DOWNLOADED, 10, is_each=True, most=25, fades=14
)


def publish(actor, *rules: Rule, threshold: int | None = 60, product=None, **around) -> ScoreSheet:
    """Publish `rules` instead of what there was, and let the worker give all leads their scores."""
    sheet = begin_sheet(product=product, actor=actor)
    draft = start_draft(sheet, actor=actor)
    for rule in draft.content.rules:
        remove_rule(sheet, rule.key, actor=actor)
    for rule in rules:
        add_rule(sheet, rule, actor=actor)
    settings = {"fit": Bounds(), "behaviour": Bounds(), "emails": [], "targets": [], **around}
    set_threshold(sheet, threshold=threshold, **settings, actor=actor)
    publish_draft(sheet, actor=actor)
    do_due_jobs()
    return sheet


def score(lead: Lead) -> int:
    """The stored score."""
    return Lead.objects.get(pk=lead.pk).score


def worth(points: int, rule: Rule) -> Rule:
    """The same rule with other points."""
    return replace(rule, points=points)
