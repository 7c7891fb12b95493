"""The life of a lead through the services: who holds it, who sees it, what history says."""

import pytest

from leadportal.common.errors import Conflict, Forbidden, NotFound
from leads.enums import AccessLevel, EventKind, HolderDesk, Status
from leads.models import Event, Lead, LeadAccess
from leads.services.leads import create_from_listing, create_lead
from leads.services.lifecycle import (
    accept_lead,
    assign_lead,
    decline_lead,
    delete_lead,
    restore_lead,
    submit_lead,
)
from tests.factories import fresh, make_lead

CONTACT = {
    "first_name": "Ana",
    "last_name": "Sousa",
    "email": "ana@northwind.example",
    "company": "Northwind",
}


def kinds(lead: Lead) -> list[str]:
    """The kinds of a lead's history lines, oldest first."""
    return list(Event.objects.filter(lead=lead).order_by("number").values_list("kind", flat=True))


def test_form_lead_is_submitted_and_seen_by_host_and_vendor(cast):
    lead = create_from_listing(cast.listing, CONTACT, {"budget": 12000})
    assert (lead.status, lead.holder, lead.source_label) == (
        Status.SUBMITTED,
        cast.northgate,
        "Acme Backup",
    )
    assert lead.recipient_label == "Northgate"
    seeing = {cast.olga, cast.rita, cast.vera}
    for actor in (cast.olga, cast.rita, cast.vera, cast.sam, cast.ann, cast.otto):
        assert Lead.objects.visible_to(actor).filter(pk=lead.pk).exists() is (actor in seeing)


def test_assign_accept_moves_the_lead_to_the_reseller(cast):
    lead = create_from_listing(cast.listing, CONTACT, {})
    assign_lead(lead, to=cast.alpha, actor=cast.rita)
    lead = accept_lead(lead, actor=cast.ann)
    assert (lead.status, lead.holder, lead.in_charge_id) == (
        Status.REFERRED,
        cast.alpha,
        cast.ann.user_id,
    )
    assert lead.sql_at is not None
    assert kinds(lead) == [EventKind.CREATED, EventKind.ASSIGNED, EventKind.ACCEPTED]


def test_decline_takes_the_lead_from_the_reseller(cast):
    lead = create_from_listing(cast.listing, CONTACT, {})
    assign_lead(lead, to=cast.alpha, actor=cast.rita)
    decline_lead(lead, reason="No capacity", actor=cast.ann)
    assert not Lead.objects.visible_to(cast.ann).filter(pk=lead.pk).exists()
    with pytest.raises(NotFound):
        accept_lead(lead, actor=cast.ann)


def test_reassigned_reseller_keeps_a_past_row(cast):
    lead = create_from_listing(cast.listing, CONTACT, {})
    assign_lead(lead, to=cast.alpha, actor=cast.rita)
    assign_lead(lead, to=cast.beta, actor=cast.rita)
    row = LeadAccess.objects.get(lead=lead, desk=cast.ann.desk_id)
    assert row.level == AccessLevel.PAST
    with pytest.raises(Forbidden):
        accept_lead(lead, actor=cast.ann)


def test_second_accept_says_who_was_faster(cast):
    lead = create_from_listing(cast.listing, CONTACT, {})
    assign_lead(lead, to=cast.alpha, actor=cast.rita)
    accept_lead(lead, actor=cast.ann)
    with pytest.raises(Conflict, match="accepted by Ann Abe"):
        accept_lead(lead, actor=cast.ann)


@pytest.mark.parametrize(
    ("who", "status", "source"),
    [
        ("olga", Status.SUBMITTED, "Northgate Store"),
        ("rita", Status.SUBMITTED, "Northgate Store"),
        ("sam", Status.REFERRED, "Northgate Store"),
        ("vera", Status.PENDING_SUBMISSION, "Vertex"),
        ("ray", Status.REFERRED, "Ripple"),
    ],
)
def test_lead_made_by_hand_starts_by_role(cast, who, status, source):
    lead = create_lead(CONTACT, actor=getattr(cast, who), marketplace=cast.marketplace)
    assert (lead.status, lead.source_label) == (status, source)


def test_reseller_needs_the_right_to_create(cast):
    with pytest.raises(Forbidden):
        create_lead(CONTACT, actor=cast.ann)
    cast.alpha.can_create_leads = True
    cast.alpha.save()
    lead = create_lead(CONTACT, actor=fresh(cast.ann))
    assert (lead.status, lead.holder_desk) == (Status.REFERRED, HolderDesk.COMPANY)


def test_vendor_submits_deletes_and_operator_restores(cast):
    lead = create_lead(CONTACT, actor=cast.vera, marketplace=cast.marketplace, product=cast.product)
    lead = submit_lead(lead, actor=cast.vera)
    assert lead.holder == cast.northgate
    delete_lead(lead, actor=cast.vera)
    assert restore_lead(lead, actor=cast.olga).status == Status.SUBMITTED


def test_sales_desk_holds_what_is_assigned_to_it(cast):
    lead = make_lead(cast.northgate)
    lead = assign_lead(lead, to=None, actor=cast.olga)
    assert lead.recipient_label == "Northgate Sales"
    assert accept_lead(lead, actor=cast.sam).status == Status.REFERRED
