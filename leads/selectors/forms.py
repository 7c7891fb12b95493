"""What leads know about the forms that they came by (templates_app/signals.py)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from leadportal.common import clock
from leads.enums import Status
from leads.models import LeadAccess, RoutingVersion, SavedView, ScoreSheet, SheetVersion
from leads.rules.scoring.kinds import SheetState
from leads.rules.scoring.sheet import ANSWER, Group
from leads.rules.scoring.words import condition
from templates_app.models import LeadTemplate, Listing
from templates_app.rules.publishing import Question, Use

QUESTION = "question"
# The lead fields that say in which territory a lead lies.
TERRITORY = {"territory": ["country", "region", "postcode"]}


def leads_by_template(
    *, templates: Sequence[int], since: datetime, actor: Actor, **_signal: Any
) -> dict[int, int]:
    """Return how many leads of the actor's desk came by each template since a moment, deleted ones left out."""
    rows = LeadAccess.objects.visible_to(actor).filter(
        template_id__in=templates, created_at__gte=since
    )
    counted = rows.exclude(status=Status.DELETED).order_by().values_list("template_id")
    found: Iterable[Any] = counted.annotate(leads=Count("lead_id"))
    return dict(found)


def templates_with_leads(
    *, templates: Sequence[int], since: datetime, actor: Actor, **_signal: Any
) -> set[int]:
    """Return by which templates a lead of the actor's desk came since a moment: one look at an index for each."""
    rows = LeadAccess.objects.visible_to(actor).filter(
        template_id=OuterRef("pk"), created_at__gte=since, status__lt=Status.DELETED
    )
    found = LeadTemplate.objects.filter(Exists(rows), pk__in=templates)
    return set(found.values_list("pk", flat=True))


def views_reading(*, questions: Mapping[str, Question], actor: Actor, **_signal: Any) -> list[Use]:
    """Return the saved views, of those that the actor sees, that filter by one of `questions`."""
    views = SavedView.objects.visible_to(actor).only("name", "slug", "filters")
    address = reverse("leads:list")
    gone = _("The view “%(name)s” filters by %(question)s: it will find no new leads of this form.")
    return [
        _use(view.name, questions[key], f"{address}?view={view.slug}", gone)
        for view in views
        for key in view.filters.get(QUESTION, [])
        if key in questions
    ]


def rules_reading(
    *, template: LeadTemplate, questions: Mapping[str, Question], actor: Actor, **_signal: Any
) -> list[Use]:
    """Return the published scoring rules and assignment rules, of those that the actor sees, that ask `questions`."""
    asked = {f"{ANSWER}{key}": one for key, one in questions.items()}
    asked |= {one.fills: one for one in questions.values() if one.fills}
    return [*_scoring(template, asked, actor), *_assigning(asked, actor)]


def _scoring(template: LeadTemplate, asked: Mapping[str, Question], actor: Actor) -> Iterator[Use]:
    listed = Listing.objects.filter(version__template=template).values("product")
    sheets = ScoreSheet.objects.visible_to(actor).filter(
        Q(product__isnull=True) | Q(product__in=listed)
    )
    gone = _("The scoring rule “%(name)s” asks for %(question)s: new leads will not say it.")
    versions = SheetVersion.objects.filter(sheet__in=sheets, state=SheetState.PUBLISHED)
    for version in versions.order_by("sheet"):
        address = reverse("leads:score_sheet", args=[version.sheet_id])
        for rule in version.content.of(Group.FIT):
            if rule.is_on and rule.subject in asked:
                yield _use(condition(rule), asked[rule.subject], address, gone)


def _assigning(asked: Mapping[str, Question], actor: Actor) -> Iterator[Use]:
    live = RoutingVersion.objects.visible_to(actor).started(clock.now()).first()
    gone = _("The assignment rule “%(name)s” asks for %(question)s: new leads will not say it.")
    for rule in live.rules.rules if live else ():
        named = {word for one in rule.conditions for word in TERRITORY.get(one.field, [one.field])}
        for word in sorted(named & asked.keys()) if rule.is_on else ():
            address = f"{reverse('leads:assignment')}#rule-{rule.key}"
            yield _use(rule.name, asked[word], address, gone)


def _use(name: str, question: Question, address: str, gone: str) -> Use:
    changed = _("“%(name)s” reads the answers to %(question)s. Check that it still fits.")
    said = {"name": name, "question": question.label}
    return Use((gone if question.is_removed else changed) % said, name, address)
