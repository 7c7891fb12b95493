"""What leads know about the forms that they came by (templates_app/signals.py)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.actors import Actor
from leads.enums import Status
from leads.models import LeadAccess, SavedView
from templates_app.models import LeadTemplate

QUESTION = "question"


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


def views_reading(*, questions: Mapping[str, str], actor: Actor, **_signal: Any) -> list[str]:
    """Return a sentence for each saved view, of those that the actor sees, that filters by one of `questions`."""
    views = SavedView.objects.visible_to(actor).only("name", "filters")
    return [
        _("The view “%(view)s” filters by %(question)s: it will find no new leads of this form.")
        % {"view": view.name, "question": questions[key]}
        for view in views
        for key in view.filters.get(QUESTION, [])
        if key in questions
    ]
