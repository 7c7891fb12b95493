"""Offers and their two clocks: what they do over a weekend and a holiday, with a moved clock (domain.md section 9)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Company, Holiday
from accounts.rules.hours import read_week
from accounts.services.hours import set_hours
from leadportal.common import clock
from leadportal.common.errors import NotFound
from leads.enums import EventKind, HolderDesk, InboxKind, Progress, Status
from leads.models import Event, InboxItem, Lead, LeadAccess, LeadMerge, Offer, PastView
from leads.rules.offers import OfferState
from leads.rules.routing.book import Book, Gives, Member, Rule
from leads.selectors.detail import find_lead
from leads.selectors.history import history
from leads.services import expiring
from leads.services.bulk import run_bulk
from leads.services.conversion import convert_lead
from leads.services.expiring import look_at, run_clocks
from leads.services.leads import create_lead
from leads.services.lifecycle import (
    Assignment,
    accept_lead,
    assign_lead,
    decline_lead,
    delete_lead,
    disqualify_lead,
    restore_lead,
)
from leads.services.marks import set_progress
from leads.services.merging_leads import merge_leads, undo_merge
from leads.services.routing.drafts import change_draft
from leads.services.routing.publishing import publish_rules
from leads.services.undo import undo
from tests.factories import make_lead, make_person
from tests.leads.services.house import WISH, at_alpha, of_form, reason

# A Friday at two in the afternoon; Monday is a holiday at Alpha.
FRIDAY = datetime(2026, 11, 27, 14, tzinfo=UTC)
MONDAY = date(2026, 11, 30)


def at(day: int, hour: int = 0, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def clocks(cast):
    """The marketplace gives eight working hours to accept, and sixteen to reach something."""
    cast.marketplace.accept_hours, cast.marketplace.progress_hours = 8, 16
    cast.marketplace.save()
    Holiday.objects.create(company=cast.alpha, day=MONDAY)
    return cast


def offered(cast, moment=FRIDAY) -> Lead:
    with clock.at(moment):
        return at_alpha(cast)


def run(moment) -> None:
    with clock.at(moment):
        run_clocks()


def offer_of(lead) -> Offer:
    return Offer.objects.filter(lead=lead).latest("pk")


def kinds(lead) -> list[str]:
    return list(Event.objects.filter(lead=lead).order_by("number").values_list("kind", flat=True))


def told(kind) -> list[str]:
    rows = InboxItem.objects.filter(kind=kind).order_by("pk")
    return list(rows.values_list("user__email", flat=True))


# --- The clock of acceptance ------------------------------------------------------------------------


def test_an_assignment_starts_a_clock_in_the_recipients_working_hours(clocks):
    lead = offered(clocks)
    offer = offer_of(lead)
    # Three hours of Friday, none of the weekend and the holiday, five of Tuesday.
    assert offer.ends_at == at(1, 14, month=12)
    assert (offer.half_at, offer.late_at) == (at(1, 10, month=12), at(1, 12, 24, month=12))
    other = of_form(clocks)
    with clock.at(FRIDAY):
        assign_lead(other, to=clocks.beta, actor=clocks.rita)
    assert offer_of(other).ends_at == at(30, 14)  # Beta works on Monday


def test_reminders_come_at_half_and_four_fifths_to_the_holders_people(clocks):
    make_person(clocks.alpha, "reseller", email="amy@example.com")
    lead = offered(clocks)
    InboxItem.objects.all().delete()
    run(at(1, 9, 59, month=12))
    assert told(InboxKind.DEADLINE) == []
    run(at(1, 10, month=12))
    assert sorted(told(InboxKind.DEADLINE)) == ["amy@example.com", "ann@example.com"]
    run(at(1, 12, month=12))  # nothing new is due
    run(at(1, 12, 24, month=12))
    assert len(told(InboxKind.DEADLINE)) == 4
    assert kinds(lead).count(EventKind.REMINDED) == 2
    with clock.at(at(1, 12, 30, month=12)):
        texts = [line.text for line in history(find_lead(lead.reference, clocks.ann)).lines]
        assert "Reminder: accept or decline this lead by Tuesday, 1 Dec 2026, 14:00" in texts
        seen = history(find_lead(lead.reference, clocks.vera)).lines
    assert not any("Reminder" in line.text for line in seen)  # it is between the portal and Alpha


def test_a_worker_that_was_away_reminds_once_and_of_nothing_that_is_over(clocks):
    lead = offered(clocks)
    run(at(1, 13, month=12))
    assert kinds(lead).count(EventKind.REMINDED) == 1
    run(at(1, 13, 59, month=12))
    assert kinds(lead).count(EventKind.REMINDED) == 1
    run(at(5, month=12))
    assert kinds(lead)[-1] == EventKind.EXPIRED


def test_expiry_withdraws_the_lead_and_it_needs_attention_where_nobody_is_left(clocks):
    lead = offered(clocks)
    InboxItem.objects.all().delete()
    run(at(1, 13, 59, month=12))
    lead.refresh_from_db()
    assert lead.status == Status.ASSIGNED  # control: one minute earlier
    InboxItem.objects.all().delete()
    run(at(1, 14, month=12))
    lead.refresh_from_db()
    assert (lead.status, lead.holder) == (Status.SUBMITTED, clocks.northgate)
    assert (offer_of(lead).state, offer_of(lead).is_unclaimed) == (OfferState.EXPIRED, True)
    of_alpha = {"lead": lead, "desk__company": clocks.alpha}
    assert not LeadAccess.objects.filter(**of_alpha).exists()
    assert not PastView.objects.filter(**of_alpha).exists()
    assert sorted(told(InboxKind.ANSWERED)) == ["olga@example.com", "rita@example.com"]
    assign_lead(lead, to=clocks.beta, actor=clocks.rita)
    assert not Offer.objects.filter(is_unclaimed=True).exists()


def test_a_decline_needs_attention_as_well(clocks):
    lead = offered(clocks)
    decline_lead(lead, reason="Too far away", actor=clocks.ann)
    assert (offer_of(lead).state, offer_of(lead).is_unclaimed) == (OfferState.DECLINED, True)


def test_without_a_clock_an_offer_waits_for_ever(cast):
    lead = offered(cast)
    run(FRIDAY + timedelta(days=900))
    lead.refresh_from_db()
    assert (lead.status, offer_of(lead).ends_at) == (Status.ASSIGNED, None)


def test_a_change_of_hours_moves_no_deadline_that_runs(clocks):
    lead = offered(clocks)
    set_hours(clocks.alpha, time_zone="Asia/Kolkata", week=read_week([]), actor=clocks.ann)
    assert offer_of(lead).ends_at == at(1, 14, month=12)
    with clock.at(FRIDAY):
        later = assign_lead(
            of_form(clocks), to=Company.objects.get(pk=clocks.alpha.pk), actor=clocks.rita
        )
    # 14:00 UTC is after office hours in Kolkata; Tuesday 17:00 there is 11:30 UTC.
    assert offer_of(later).ends_at == at(1, 11, 30, month=12)


# --- The clock of progress --------------------------------------------------------------------------


def test_acceptance_starts_the_second_clock_and_progress_keeps_it(clocks):
    lead = offered(clocks)
    with clock.at(at(1, 10, month=12)):
        accept_lead(lead, actor=clocks.ann)
    offer = offer_of(lead)
    assert (offer.state, offer.ends_at) == (OfferState.WORKING, at(3, 10, month=12))
    with clock.at(at(2, 10, month=12)):
        set_progress(lead, progress=Progress.CONTACTED, actor=clocks.ann)
    assert offer_of(lead).state == OfferState.DONE
    run(at(20, month=12))
    lead.refresh_from_db()
    assert lead.status == Status.REFERRED


def test_no_progress_in_time_is_reminded_of_and_loses_the_lead(clocks):
    make_person(clocks.alpha, "reseller", email="amy@example.com")
    lead = offered(clocks)
    with clock.at(at(1, 10, month=12)):
        accept_lead(lead, actor=clocks.ann)
    InboxItem.objects.all().delete()
    run(at(2, 10, month=12))
    assert told(InboxKind.DEADLINE) == [
        "ann@example.com"
    ]  # who is in charge, and nobody else there
    run(at(3, 10, month=12))
    lead.refresh_from_db()
    assert (lead.status, lead.in_charge) == (Status.SUBMITTED, None)
    assert Event.objects.filter(lead=lead).latest("number").data["clock"] == OfferState.WORKING


def test_conversion_ends_both_clocks(clocks):
    lead = offered(clocks)
    convert_lead(lead, wish=WISH, actor=clocks.olga)
    assert offer_of(lead).state == OfferState.DONE
    run(at(20, month=12))
    assert kinds(lead)[-1] == EventKind.CONVERTED


# --- What else happens to a lead ----------------------------------------------------------------------


def test_whatever_assigns_starts_an_offer_and_whatever_takes_away_ends_it(clocks):
    lead = offered(clocks)
    again = assign_lead(lead, to=clocks.beta, actor=clocks.rita)
    assert [one.state for one in Offer.objects.filter(lead=lead).order_by("pk")] == [
        "ended",
        "waiting",
    ]
    undo(again, number=Event.objects.filter(lead=lead).count(), actor=clocks.rita)
    assert offer_of(lead).company == clocks.alpha
    assert Offer.objects.filter(lead=lead, state=OfferState.WAITING).count() == 1
    disqualify_lead(lead, reason=reason(clocks), actor=clocks.rita)
    assert offer_of(lead).state == OfferState.ENDED
    undo(lead, number=Event.objects.filter(lead=lead).count(), actor=clocks.rita)
    assert offer_of(lead).state == OfferState.WAITING  # with a new deadline
    delete_lead(lead, actor=clocks.olga)
    restore_lead(lead, actor=clocks.olga)
    assert offer_of(lead).state == OfferState.WAITING
    assert Offer.objects.filter(lead=lead, state=OfferState.WAITING).count() == 1


def test_the_clock_of_a_merged_lead_does_nothing_until_the_merge_is_undone(clocks):
    kept, gone = of_form(clocks), offered(clocks)
    merge_leads(kept, gone, actor=clocks.olga)
    run(at(1, 14, month=12))
    assert EventKind.EXPIRED not in kinds(gone)
    undo_merge(LeadMerge.objects.get(gone=gone), actor=clocks.olga)
    run(at(1, 15, month=12))
    assert kinds(gone)[-1] == EventKind.EXPIRED


def test_the_sales_desk_is_offered_what_it_did_not_make(clocks):
    with clock.at(FRIDAY):
        lead = assign_lead(of_form(clocks), to=None, actor=clocks.olga)
        own = create_lead(
            {"email": "a@b.example"}, actor=clocks.sam, marketplace=clocks.marketplace
        )
    offer = offer_of(lead)
    assert (offer.company, offer.desk, offer.ends_at) == (
        clocks.northgate,
        HolderDesk.SALES,
        at(30, 14),
    )
    assert not Offer.objects.filter(lead=own).exists()


def test_a_vendor_is_offered_nothing(clocks):
    lead = assign_lead(of_form(clocks), to=clocks.vertex, actor=clocks.olga)
    assert not Offer.objects.filter(lead=lead).exists()


def test_a_bulk_assignment_costs_the_same_with_one_and_with_twenty(clocks):
    def cost(number: int) -> int:
        keys = [
            make_lead(clocks.northgate, marketplace=clocks.marketplace).pk for _one in range(number)
        ]
        with CaptureQueriesContext(connection) as queries:
            run_bulk(keys, act=Assignment(clocks.alpha), key=str(number), actor=clocks.olga)
        assert Offer.objects.filter(lead__in=keys, ends_at__isnull=False).count() == number
        return len(queries)

    cost(2)
    assert cost(3) == cost(20)


# --- Who reads of it ----------------------------------------------------------------------------------


def test_only_managers_read_to_whom_a_lead_was_offered_in_vain(clocks):
    lead = offered(clocks)
    run(at(1, 14, month=12))
    lead.refresh_from_db()
    assign_lead(lead, to=clocks.beta, actor=clocks.rita)

    def read(actor) -> str:
        lines = history(find_lead(lead.reference, actor)).lines
        return " ".join(line.text + str([(c.old, c.new) for c in line.changes]) for line in lines)

    for manager in (clocks.olga, clocks.rita):
        assert "Lead taken back from Alpha: not accepted in time" in read(manager)
    for other in (clocks.ben, clocks.vera):
        assert "Lead assigned to Beta" in read(other)  # control: they do read its history
        assert "Alpha" not in read(other).replace("'Alpha', 'Beta'", "")


# --- The next candidate -------------------------------------------------------------------------------


def test_a_decline_asks_the_next_one_at_once(clocks):
    members = (Member(clocks.alpha.pk), Member(clocks.beta.pk))
    book = Book().with_rule(Rule("r1", "Partners", (), Gives.ROUND_ROBIN, members))
    change_draft(lambda _old: book, actor=clocks.olga)
    publish_rules(actor=clocks.olga)
    lead = of_form(clocks)
    decline_lead(lead, reason="No time", actor=clocks.ann)
    lead.refresh_from_db()
    assert (lead.status, lead.holder) == (Status.ASSIGNED, clocks.beta)
    assert not Offer.objects.filter(is_unclaimed=True).exists()


# --- The worker ---------------------------------------------------------------------------------------


def test_what_somebody_accepted_meanwhile_does_not_expire(clocks):
    lead = offered(clocks)
    offer = offer_of(lead)
    with clock.at(at(1, 14, month=12)):
        accept_lead(lead, actor=clocks.ann)  # the very moment
        look_at(offer.pk, lead.pk)
    lead.refresh_from_db()
    assert lead.status == Status.REFERRED


def test_one_clock_that_cannot_be_run_holds_up_no_other(clocks, monkeypatch):
    broken, other = offered(clocks), offered(clocks)
    whole = expiring.expire_lead

    def expire(lead, **more):
        if lead.pk == broken.pk:
            raise RuntimeError
        return whole(lead, **more)

    monkeypatch.setattr(expiring, "expire_lead", expire)
    run(at(1, 14, month=12))
    other.refresh_from_db()
    assert other.status == Status.SUBMITTED
    monkeypatch.undo()
    run(at(1, 15, month=12))
    broken.refresh_from_db()
    assert broken.status == Status.SUBMITTED


def test_nobody_accepts_what_has_expired(clocks):
    lead = offered(clocks)
    run(at(1, 14, month=12))
    with pytest.raises(NotFound):
        accept_lead(lead, actor=clocks.ann)
