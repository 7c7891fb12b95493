"""Offers follow the lead: every write that changes who holds it, or how far it is, passes here.

An offer starts when a lead is assigned to somebody who can accept it, whoever or whatever assigned it, and ends
with what becomes of the lead. What its clocks do is leads/services/expiring.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Q

from accounts.selectors.hours import hours_of
from leadportal.common import clock
from leads.enums import HolderDesk, Progress, Status
from leads.models import Lead, Offer
from leads.rules.access import Parties
from leads.rules.offers import OPEN_OFFERS, OfferState, clock_of, is_kept, is_offered
from leads.services.carried import Touched
from templates_app.models import Marketplace, TemplateVersion

# The columns of a lead whose change an offer follows.
FOLLOWED = frozenset({"status", "holder", "holder_id", "holder_desk", "progress"})
_CLOCKS = {OfferState.WAITING: "accept_hours", OfferState.WORKING: "progress_hours"}
_NO_CLOCK: dict[str, Any] = {"half_at": None, "late_at": None, "ends_at": None, "due_at": None}
BATCH = 1_000


def start_offers(leads: Sequence[Lead]) -> None:
    """Start an offer for each of `leads` that begins as assigned to who can accept it."""
    _start([lead for lead in leads if is_offered(Status(lead.status), lead.parties)])


def follow_offers(touched: Sequence[Touched]) -> None:
    """Bring the offers of written leads to where the leads are now: a query, and more only for what changes."""
    leads = {one.lead.pk: one.lead for one in touched}
    rows = Offer.objects.filter(Q(state__in=OPEN_OFFERS) | Q(is_unclaimed=True), lead__in=leads)
    kept: set[int] = set()
    claimed: list[int] = []
    over: dict[OfferState, list[int]] = {}
    accepted: list[tuple[Offer, Lead]] = []
    for offer in rows.order_by():
        lead, state = leads[offer.lead_id], OfferState(offer.state)
        if offer.is_unclaimed:
            claimed += [offer.pk] if lead.status != Status.SUBMITTED else []
            continue
        new = _state_after(offer, lead)
        if new in OPEN_OFFERS:
            kept.add(lead.pk)
        if state == OfferState.WAITING and new in {OfferState.WORKING, OfferState.DONE}:
            accepted.append((offer, lead))
        elif new != state:
            over.setdefault(new, []).append(offer.pk)
    if claimed:
        Offer.objects.filter(pk__in=claimed).update(is_unclaimed=False)
    for new, offers in over.items():
        _end(offers, new)
    _accept(accepted)
    _start(
        [
            one.lead
            for one in touched
            if one.lead.pk not in kept and is_offered(Status(one.lead.status), one.lead.parties)
        ]
    )


def masks_after(changes: Sequence[tuple[Lead, Mapping[str, Any]]]) -> dict[int, bool]:
    """Return the leads whose contact is masked, or shown, from the writing of these columns on; a query at most.

    Masked when it is offered to somebody, if the template of its form says so; shown when it is accepted or
    converted, and when it is offered to nobody any more. Until then it stays as it is, whatever else happens.
    """
    wanted: dict[int, bool] = {}
    offered: list[Lead] = []
    for lead, columns in changes:
        status = Status(columns.get("status", lead.status))
        if "holder_desk" in columns:
            wanted[lead.pk] = False
            if is_offered(status, _parties_after(lead, columns)):
                offered.append(lead)
        elif status in {Status.REFERRED, Status.CONVERTED}:
            wanted[lead.pk] = False
    wanted |= dict.fromkeys((lead.pk for lead in _masking(offered)), True)
    return {
        lead.pk: wanted[lead.pk]
        for lead, _columns in changes
        if lead.pk in wanted and wanted[lead.pk] != lead.is_masked
    }


def mask_new(leads: Sequence[Lead]) -> None:
    """Mask the contact of leads that are about to be stored as offered, where the template says so."""
    for lead in _masking([one for one in leads if is_offered(Status(one.status), one.parties)]):
        lead.is_masked = True


def _masking(leads: Sequence[Lead]) -> list[Lead]:
    """Return those of `leads` whose form masks the contact until they are accepted."""
    versions = {lead.template_version_id for lead in leads if lead.template_version_id}
    if not versions:
        return []
    rows = TemplateVersion.objects.filter(pk__in=versions, template__masks_contact=True)
    masking = set(rows.order_by().values_list("pk", flat=True))
    return [lead for lead in leads if lead.template_version_id in masking]


def _parties_after(lead: Lead, columns: Mapping[str, Any]) -> Parties:
    """Return the companies around a lead once `columns` are written."""
    holder, desk = columns["holder"], HolderDesk(columns["holder_desk"])
    in_programme = holder.host_id == lead.host_id and (holder.is_reseller or holder.is_referral)
    return replace(
        lead.parties,
        holder_id=holder.pk,
        holder_desk=desk,
        holder_in_programme=desk == HolderDesk.COMPANY and in_programme,
    )


def end_offer(lead: Lead, state: OfferState) -> Offer | None:
    """End the open offer of a locked lead because its recipient gave it back; None where there is none."""
    offer = Offer.objects.filter(lead=lead, state__in=OPEN_OFFERS).first()
    if offer is not None:
        _end([offer.pk], state)
    return offer


def mark_unclaimed(offer: Offer) -> None:
    """Keep that nobody could be asked after an offer was given back: its lead needs attention."""
    offer.is_unclaimed = True
    offer.save(update_fields=["is_unclaimed"])


def _state_after(offer: Offer, lead: Lead) -> OfferState:
    """Return what becomes of an open offer, now that its lead is written."""
    has_moved = (offer.company_id, offer.desk) != (lead.holder_id, lead.holder_desk)
    status, progress = Status(lead.status), Progress(lead.progress)
    return is_kept(OfferState(offer.state), status, progress, has_moved=has_moved)


def _end(offers: Sequence[int], state: OfferState) -> None:
    values = {"state": state, "ended_at": clock.now(), "due_at": None}
    Offer.objects.filter(pk__in=offers).update(**values)


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
