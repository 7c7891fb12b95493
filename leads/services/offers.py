"""Offers follow the lead: every write that changes who holds it, or how far it is, passes here.

An offer starts when a lead is assigned to somebody who can accept it, whoever or whatever assigned it, and ends
with what becomes of the lead. What its clocks do is leads/services/expiring.py.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q

from accounts.selectors.hours import hours_of
from leadportal.common import clock
from leads.enums import HolderDesk, OfferState, Progress, Status
from leads.models import OPEN_OFFERS, Lead, Offer
from leads.rules.offers import clock_of, is_kept, is_offered
from leads.services.access import Touched
from templates_app.models import Marketplace

# The columns of a lead whose change an offer follows.
FOLLOWED = frozenset({"status", "holder", "holder_id", "holder_desk", "progress", "merged_into"})
_CLOCKS = {OfferState.WAITING: "accept_hours", OfferState.WORKING: "progress_hours"}
_NO_CLOCK: dict[str, Any] = {"half_at": None, "late_at": None, "ends_at": None, "due_at": None}
BATCH = 1_000


def start_offers(leads: Sequence[Lead]) -> None:
    """Start an offer for each of `leads` that begins as assigned to who can accept it."""
    _start([lead for lead in leads if is_offered(Status(lead.status), lead.parties)])


def follow_offers(touched: Sequence[Touched]) -> None:
    """Bring the offers of written leads to where the leads are now: a query, and more only for what changes."""
    leads = {one.lead.pk: one for one in touched}
    rows = Offer.objects.filter(Q(state__in=OPEN_OFFERS) | Q(is_unclaimed=True), lead__in=leads)
    kept: set[int] = set()
    accepted: list[tuple[Offer, Lead]] = []
    for offer in rows.order_by():
        lead = leads[offer.lead_id].lead
        if offer.is_unclaimed:
            _forget_unclaimed(offer, leads[offer.lead_id])
            continue
        state = OfferState(offer.state)
        new = is_kept(
            state, Status(lead.status), Progress(lead.progress), has_moved=_moved(offer, lead)
        )
        if new in OPEN_OFFERS:
            kept.add(lead.pk)
        if new == state:
            continue
        if state == OfferState.WAITING and new in {OfferState.WORKING, OfferState.DONE}:
            accepted.append((offer, lead))
        else:
            _end(offer, new)
    _accept(accepted)
    _start(
        [
            one.lead
            for one in touched
            if one.lead.pk not in kept and is_offered(Status(one.lead.status), one.lead.parties)
        ]
    )


def end_offer(lead: Lead, state: OfferState) -> Offer | None:
    """End the open offer of a locked lead because its recipient gave it back; None where there is none."""
    offer = Offer.objects.filter(lead=lead, state__in=OPEN_OFFERS).first()
    if offer is not None:
        _end(offer, state)
    return offer


def mark_unclaimed(offer: Offer) -> None:
    """Keep that nobody could be asked after an offer was given back: its lead needs attention."""
    offer.is_unclaimed = True
    offer.save(update_fields=["is_unclaimed"])


def _moved(offer: Offer, lead: Lead) -> bool:
    """Say whether somebody else than the one it was offered to holds the lead, or nobody can see it any more."""
    is_same = (offer.company_id, offer.desk) == (lead.holder_id, lead.holder_desk)
    return not is_same or lead.merged_into_id is not None


def _forget_unclaimed(offer: Offer, one: Touched) -> None:
    if one.lead.status != Status.SUBMITTED or one.lead.merged_into_id is not None:
        offer.is_unclaimed = False
        offer.save(update_fields=["is_unclaimed"])


def _end(offer: Offer, state: OfferState) -> None:
    values = {"state": state, "ended_at": clock.now(), "due_at": None}
    Offer.objects.filter(pk=offer.pk).update(**values)


def _accept(accepted: Sequence[tuple[Offer, Lead]]) -> None:
    """Start the second clock of offers whose leads were accepted, where there is one; the others are kept."""
    moment = clock.now()
    for (offer, lead), times in zip(
        accepted, _times(OfferState.WORKING, [lead for _offer, lead in accepted]), strict=True
    ):
        is_over = times["ends_at"] is None or lead.progress != Progress.NEW
        is_over = is_over or lead.status != Status.REFERRED
        state = OfferState.DONE if is_over else OfferState.WORKING
        values = {"state": state, "accepted_at": moment, **(_NO_CLOCK if is_over else times)}
        if is_over:
            values["ended_at"] = moment
        Offer.objects.filter(pk=offer.pk).update(**values)


def _start(leads: Sequence[Lead]) -> None:
    moment = clock.now()
    Offer.objects.bulk_create(
        [
            Offer(
                lead=lead,
                company_id=lead.holder_id,
                desk=HolderDesk(lead.holder_desk),
                offered_at=moment,
                **times,
            )
            for lead, times in zip(leads, _times(OfferState.WAITING, leads), strict=True)
        ],
        batch_size=BATCH,
    )


def _times(state: OfferState, leads: Sequence[Lead]) -> Iterable[dict[str, Any]]:
    """Return the moments of the clock that starts now for each of `leads`: two queries, however many there are."""
    places = {lead.marketplace_id for lead in leads if lead.marketplace_id}
    rows = Marketplace.objects.filter(pk__in=places) if places else Marketplace.objects.none()
    hours = {pk: number for pk, number in rows.values_list("pk", _CLOCKS[state]) if number}
    clocked = [lead for lead in leads if lead.marketplace_id in hours]
    working = hours_of([lead.holder for lead in clocked]) if clocked else {}
    moment, known = clock.now(), {}
    for lead in leads:
        number = hours.get(lead.marketplace_id or 0)
        if number is None:
            yield dict(_NO_CLOCK)
            continue
        key = (number, lead.holder_id)
        if key not in known:
            known[key] = clock_of(number, moment, working[lead.holder_id])
        times = known[key]
        yield {
            "half_at": times.half_at,
            "late_at": times.late_at,
            "ends_at": times.ends_at,
            "due_at": times.half_at,
        }
