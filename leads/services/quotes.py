"""Quotes: written, sent, and answered by the customer's people (domain.md sections 3 and 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import SYSTEM, Actor, Person
from accounts.models import Membership
from accounts.services.jobs import Work
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden
from leads.enums import EventKind
from leads.models import Deal, Lead, Quote
from leads.rules.selling import QuoteState, is_over
from leads.rules.workflow import Action
from leads.services.history import record
from leads.services.papers import (
    LineValues,
    check_lines,
    record_linked,
    store_lines,
    sums_of,
)
from leads.services.selling import lock_sale, read_locked, store_new, write_sale
from leads.services.writing import lock_lead, write_lead

PREFIX = "Q"
# The kind of the daily job.
EXPIRE = "expire_quotes"
# People of a customer that are told of a quote.
TOLD = 20


@dataclass(frozen=True)
class QuoteValues:
    """What the form of a quote holds."""

    subject: str
    currency: str
    lines: Sequence[LineValues]
    valid_until: date | None = None
    terms: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        """The columns to write."""
        return {
            "subject": self.subject,
            "currency": self.currency,
            "valid_until": self.valid_until,
            "terms": self.terms,
            **sums_of(self.lines, self.currency),
        }


@transaction.atomic
def create_quote(
    lead: Lead, values: QuoteValues, *, deal: Deal | None = None, actor: Actor
) -> Quote:
    """Write a quote for a deal, or for a converted lead without one. The lead's history says so.

    Raises NotFound, Forbidden, Conflict; Invalid for lines that cannot be. A quote may be written before the lead is
    a customer; it can be sent after that.
    """
    fresh = _lead_of(lead, deal, actor=actor)
    check_lines(values.lines, fresh)
    quote = Quote(deal=deal, **values.columns)
    store_new(quote, PREFIX, lead=fresh, actor=actor)
    store_lines(quote, values.lines)
    record_linked(quote, fresh, actor=actor)
    return quote


def _lead_of(lead: Lead, deal: Deal | None, *, actor: Actor) -> Lead:
    """Return the locked lead that something is sold for. A deal that one works on is enough."""
    if deal is None:
        return lock_lead(lead, actor=actor, action=Action.LINK).lead
    fresh = lock_sale(deal, actor=actor)
    if not fresh.is_open:
        raise Conflict(_("This deal is over. Reopen it first."))
    assert fresh.lead is not None  # noqa: S101  (a deal has one for ever)
    return fresh.lead


@transaction.atomic
def edit_quote(
    quote: Quote, values: QuoteValues, *, seen: int | None = None, actor: Actor
) -> Quote:
    """Change a draft. Raises as `create_quote`, and Conflict when it was sent meanwhile."""
    fresh = _in_state(quote, QuoteState.DRAFT, actor=actor, seen=seen)
    kept = list(fresh.lines.values_list("product", flat=True))
    check_lines(values.lines, fresh.lead, kept)
    write_sale(fresh, **values.columns)
    store_lines(fresh, values.lines)
    return fresh


@transaction.atomic
def send_quote(quote: Quote, *, actor: Actor) -> Quote:
    """Send a draft to the customer: its people are told by mail and answer on a page.

    Raises Conflict when there is no customer yet, when nobody there could answer, or when its last day is over.
    """
    fresh = _in_state(quote, QuoteState.DRAFT, actor=actor)
    if fresh.customer is None:
        raise Conflict(_("Convert the lead to a customer first: its people answer the quote."))
    if is_over(fresh.valid_until, timezone.localdate(clock.now())):
        raise Conflict(_("The quote is valid until a day that is over. Change the day first."))
    people = Membership.objects.active().filter(company=fresh.customer).select_related("user")
    addresses = [member.user.email for member in people.order_by("pk")[:TOLD]]
    if not addresses:
        raise Conflict(_("Nobody works at the customer who could answer. Invite somebody first."))
    who = actor.user_id if isinstance(actor, Person) else None
    write_sale(fresh, state=QuoteState.SENT, sent_at=clock.now(), sent_by_id=who)
    _tell_history(fresh, EventKind.QUOTE_SENT, actor=actor)
    _tell_customer(fresh, addresses)
    return fresh


@transaction.atomic
def withdraw_quote(quote: Quote, *, actor: Actor) -> Quote:
    """Take a sent quote back, to change it. Raises Conflict when it was answered meanwhile."""
    fresh = _in_state(quote, QuoteState.SENT, actor=actor)
    write_sale(fresh, state=QuoteState.DRAFT)
    return fresh


@transaction.atomic
def answer_quote(quote: Quote, *, is_accepted: bool, comment: str = "", actor: Person) -> Quote:
    """Accept or reject a sent quote, as one of the customer's people: the first answer counts.

    Raises NotFound; Forbidden for everybody else; Conflict when it was answered, taken back, or is over.
    """
    fresh = read_locked(quote, actor=actor)
    if fresh.customer_id != actor.company_id:
        raise Forbidden(_("The customer's people answer a quote."))
    _check_state(fresh, QuoteState.SENT)
    if is_over(fresh.valid_until, timezone.localdate(clock.now())):
        raise Conflict(_("This quote is over. Ask the seller for a new one."))
    state = QuoteState.ACCEPTED if is_accepted else QuoteState.REJECTED
    _end(fresh, state, actor=actor, answered_by_id=actor.user_id, comment=comment)
    return fresh


def expire_quotes(_work: Work | None = None) -> None:
    """Close sent quotes whose last day is over. Daily; a quote that is over cannot be accepted before that either."""
    today = timezone.localdate(clock.now())
    for quote in Quote.objects.filter(state=QuoteState.SENT, valid_until__lt=today).order_by("pk"):
        with transaction.atomic():
            fresh = read_locked(quote, actor=SYSTEM)
            if fresh.state == QuoteState.SENT and is_over(fresh.valid_until, today):
                _end(fresh, QuoteState.EXPIRED, actor=SYSTEM)


def _end(quote: Quote, state: QuoteState, *, actor: Actor, **more: Any) -> None:
    write_sale(quote, state=state, answered_at=clock.now(), **more)
    _tell_history(quote, EventKind.QUOTE_ANSWERED, actor=actor, to=state.slug)


def _tell_history(quote: Quote, kind: EventKind, *, actor: Actor, **more: Any) -> None:
    if quote.lead is not None:
        record(quote.lead, kind, actor=actor, data={"quote": quote.reference, **more})
        write_lead(quote.lead)


def _in_state(quote: Quote, state: QuoteState, *, actor: Actor, seen: int | None = None) -> Quote:
    fresh = lock_sale(quote, actor=actor, seen=seen)
    _check_state(fresh, state)
    return fresh


def _check_state(quote: Quote, state: QuoteState) -> None:
    """Refuse what is no longer possible, with the state that the quote is in by now."""
    if quote.state != state:
        present = QuoteState(quote.state).label.lower()
        raise Conflict(_("This quote is %(state)s.") % {"state": present})


def _tell_customer(quote: Quote, addresses: list[str]) -> None:
    """Put a mail for each of the customer's people into the outbox."""
    context = {
        "quote": quote,
        "seller": quote.seller.name,
        "link": settings.PORTAL_URL + reverse("leads:quote", args=[quote.reference]),
    }
    for address in addresses:
        send_mail(
            subject=render_to_string("email/quote.subject.txt", context).strip(),
            message=render_to_string("email/quote.txt", context),
            from_email=None,
            recipient_list=[address],
            html_message=render_to_string("email/quote.html", context),
        )
