"""Access rows: one per desk that sees the lead, always what the lead is (access.md)."""

from datetime import timedelta

from accounts.enums import DeskKind, Role
from accounts.models import Desk
from leadportal.common import clock
from leads.enums import AccessLevel, HolderDesk, Progress, Status
from leads.models import Lead, LeadAccess, PastView
from leads.services.carried import columns_of
from leads.services.integrity import access_faults
from leads.services.leads import create_lead, edit_lead
from leads.services.lifecycle import assign_lead, decline_lead
from leads.services.marks import set_progress
from tests.factories import make_lead, make_person


def desks(lead: Lead) -> set[tuple[str, DeskKind, AccessLevel]]:
    """Return who sees the lead how."""
    rows = LeadAccess.objects.filter(lead=lead).select_related("desk__company")
    return {
        (row.desk.company.name, DeskKind(row.desk.kinds), AccessLevel(row.level)) for row in rows
    }


NOW, PAST = AccessLevel.CURRENT, AccessLevel.PAST


def test_submitted_lead_of_a_product(cast):
    lead = make_lead(cast.northgate, product=cast.product)
    assert desks(lead) == {
        ("Northgate", DeskKind.OPERATOR, NOW),
        ("Northgate", DeskKind.CHANNEL, NOW),
        ("Vertex", DeskKind.COMPANY, NOW),
    }


def test_sales_desk_takes_the_lead_from_the_channel(cast):
    lead = assign_lead(make_lead(cast.northgate), to=None, actor=cast.olga)
    assert desks(lead) == {
        ("Northgate", DeskKind.OPERATOR, NOW),
        ("Northgate", DeskKind.SALES, NOW),
        ("Northgate", DeskKind.CHANNEL, PAST),
    }


def test_maker_keeps_what_others_hold(cast):
    lead = create_lead({"company": "Northwind"}, actor=cast.sam, marketplace=cast.marketplace)
    lead = assign_lead(lead, to=cast.alpha, actor=cast.olga)
    assert ("Northgate", DeskKind.SALES, NOW) in desks(lead)


def test_vendor_who_declines_keeps_sight_of_the_products_lead(cast):
    lead = make_lead(
        cast.northgate,
        Status.ASSIGNED,
        product=cast.product,
        holder=cast.vertex,
        holder_desk=HolderDesk.COMPANY,
    )
    decline_lead(lead, reason="", actor=cast.vera)
    assert ("Vertex", DeskKind.COMPANY, NOW) in desks(lead)


def test_every_change_reaches_every_row(cast):
    lead = make_lead(cast.northgate, product=cast.product)
    lead = set_progress(lead, progress=Progress.CONTACTED, actor=cast.vera)
    lead = edit_lead(
        lead,
        details={"company": "Ärger GmbH"},
        attributes={},
        version=lead.version,
        actor=cast.olga,
    )
    for row in LeadAccess.objects.filter(lead=lead).values():
        assert {key: row[key] for key in columns_of(lead)} == columns_of(lead)
    assert row["company"] == "arger gmbh"


def test_lost_lead_stays_as_it_was(cast):
    lead = make_lead(
        cast.northgate,
        Status.ASSIGNED,
        holder=cast.alpha,
        holder_desk=HolderDesk.COMPANY,
        phone="+351 1",
    )
    lead = assign_lead(lead, to=cast.beta, actor=cast.rita)
    with clock.at(clock.now() + timedelta(hours=1)):
        edit_lead(
            lead,
            details={"company": "Renamed", "phone": "+351 2"},
            attributes={},
            version=lead.version,
            actor=cast.olga,
        )
    row = LeadAccess.objects.get(lead=lead, desk=cast.ann.desk_id)
    assert row.company.startswith("northwind")
    assert PastView.objects.get(lead=lead, desk=cast.ann.desk_id).contact["phone"] == "+351 1"


def test_lead_that_comes_back_is_whole_again(cast):
    lead = make_lead(
        cast.northgate, Status.ASSIGNED, holder=cast.alpha, holder_desk=HolderDesk.COMPANY
    )
    lead = assign_lead(lead, to=cast.beta, actor=cast.rita)
    lead = assign_lead(lead, to=cast.alpha, actor=cast.rita)
    assert ("Alpha", DeskKind.COMPANY, NOW) in desks(lead)
    assert not PastView.objects.filter(desk=cast.ann.desk_id).exists()


def test_person_with_two_roles_sees_the_union_at_one_desk(cast):
    of_channel = make_lead(cast.northgate)
    of_sales = make_lead(cast.northgate, Status.ASSIGNED, holder_desk=HolderDesk.SALES)
    both = make_person(cast.northgate, Role.RESELLER_MANAGER, Role.SALES_SUPPORT)
    seen = set(LeadAccess.objects.visible_to(both).values_list("lead_id", flat=True))
    assert seen == {of_channel.pk, of_sales.pk}
    assert Desk.objects.get(pk=both.desk_id).kinds == DeskKind.CHANNEL | DeskKind.SALES


def test_desk_that_opens_later_is_shown_what_is_there(cast):
    lead = make_lead(
        cast.northgate, Status.ASSIGNED, holder=cast.customer, holder_desk=HolderDesk.COMPANY
    )
    late = make_person(cast.customer, Role.RESELLER)
    assert Lead.objects.visible_to(late).filter(pk=lead.pk).exists()


def test_joint_desk_that_opens_later_knows_what_its_desks_have_lost(cast):
    lead = make_lead(cast.northgate, company="Before")
    lead = assign_lead(lead, to=None, actor=cast.rita)  # sales takes it from the channel
    edit_lead(
        lead, details={"company": "After"}, attributes={}, version=lead.version, actor=cast.olga
    )
    both = make_person(cast.northgate, Role.RESELLER_MANAGER, Role.VENDOR)
    row = LeadAccess.objects.visible_to(both).get(lead=lead)
    assert (row.level, row.company) == (PAST, "before")
    assert PastView.objects.get(lead=lead, desk=both.desk_id).contact["company"] == "Before"
    assert not list(access_faults())


def test_nobody_without_a_desk_sees_anything(cast):
    make_lead(cast.northgate)
    assert not Lead.objects.visible_to(cast.cleo).exists()
    assert not LeadAccess.objects.visible_to(cast.cleo).exists()
