"""What follows when scores come to the threshold (domain.md sections 8 and 10).

The person assigned is told by the line of history, and with it the Slack channels and webhooks of the rules
(services/outbox.py). Here the addresses that the rules name get a mail.
"""

from collections import defaultdict
from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.services.jobs import enqueue_job
from accounts.services.outbox import store_mail
from leads.enums import Status
from leads.selectors.scoring import Rated

# The kind of the job that gives those of the leads that still are submitted to whom the assignment rules say. Not at
# once: who writes to a lead at this moment goes on with it.
ROUTE = "route_at_threshold"
SHOWN = 50


def at_threshold(crossed: Sequence[Rated]) -> None:
    """Have submitted ones of `crossed` assigned by the rules, and mail the addresses that the scoring rules name.

    An address gets one mail about all leads together. It names leads by their Lead IDs; whoever may see them reads the
    rest on the portal.
    """
    waiting = [one.lead.pk for one in crossed if one.lead.status == Status.SUBMITTED]
    if waiting:
        enqueue_job(ROUTE, leads=waiting)
    by_version: defaultdict[int, list[Rated]] = defaultdict(list)
    for one in crossed:
        by_version[one.version.pk].append(one)
    for rated in by_version.values():
        for address in rated[0].version.emails:
            _mail(address, rated)


def _mail(address: str, rated: Sequence[Rated]) -> None:
    leads = [
        {
            "reference": one.lead.reference,
            "score": one.score.total,
            "url": f"{settings.PORTAL_URL}{reverse('leads:detail', args=[one.lead.reference])}",
        }
        for one in rated[:SHOWN]
    ]
    context = {
        "leads": leads,
        "count": len(rated),
        "more": max(0, len(rated) - SHOWN),
        "rules": rated[0].version.sheet.name,
        "threshold": rated[0].version.threshold,
        "portal": settings.PORTAL_URL,
    }
    store_mail(
        to=address,
        subject=render_to_string("email/threshold.subject.txt", context).strip(),
        text=render_to_string("email/threshold.txt", context),
        html=render_to_string("email/threshold.html", context),
    )
