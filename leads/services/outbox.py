"""Store what Slack channels and webhooks are told, in the transaction of what happened (security.md R13, R17)."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from accounts.actors import Person
from leads.enums import EventKind
from leads.models import OutgoingCall, SheetVersion, Target, TargetKind
from leads.rules.calls import News, slack_body, webhook_body
from leads.selectors.audience import Heard
from templates_app.models import Product

BATCH = 1_000
_BODIES = {TargetKind.SLACK: slack_body, TargetKind.WEBHOOK: webhook_body}


def enqueue_calls(heard: Sequence[Heard], people: Mapping[int, Sequence[Person]]) -> None:
    """Store a message for each target that is told of one of the lines: one row each, the body frozen.

    A query for the targets, and only if there are any one for the products' names and one to write. `people` are
    those at work in the companies around the leads.
    """
    around = frozenset().union(*(one.companies for one in heard))
    targets = list(Target.objects.filter(Q(is_active=True), company__in=around).order_by("pk"))
    if not targets:
        return
    named = _named_by_rules(heard)
    products = Product.objects.filter(pk__in={one.lead.product_id for one in heard})
    names = dict(products.values_list("pk", "name"))
    calls = [
        OutgoingCall(
            target=target,
            event=one.event.kind,
            lead=one.lead,
            body=_BODIES[TargetKind(target.kind)](_news(one, names)),
            created_at=one.event.at,
            due_at=one.event.at,
        )
        for one in heard
        for target in targets
        if target.pk in named.get(one.event.pk, ())
        or (one.told.kind in target.events and one.is_told_to(target.company_id, people))
    ]
    OutgoingCall.objects.bulk_create(calls, batch_size=BATCH)


def _named_by_rules(heard: Sequence[Heard]) -> dict[int, list[int]]:
    """Return the targets that scoring rules name for their threshold, by line; a query only if there is such a line."""
    kind = EventKind.MARKETING_QUALIFIED
    version_of = {
        one.event.pk: one.change.data["version"] for one in heard if one.change.kind == kind
    }
    if not version_of:
        return {}
    versions = SheetVersion.objects.filter(pk__in=set(version_of.values()))
    targets = dict(versions.values_list("pk", "targets"))
    return {event: targets.get(version, []) for event, version in version_of.items()}


def _news(one: Heard, products: Mapping[int, str]) -> News:
    reference = one.lead.reference
    return News(
        kind=EventKind(one.event.kind),
        at=one.event.at,
        reference=reference,
        url=f"{settings.PORTAL_URL}{reverse('leads:detail', args=[reference])}",
        product=products.get(one.lead.product_id or 0, ""),
        data=one.change.data,
    )
