"""Deals: who may, what stages ask for, what becomes of the lead (domain.md sections 2 to 4)."""

from decimal import Decimal

import pytest

from accounts.models import CustomerLink, User
from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound
from leads.enums import EventKind, HolderDesk, Outcome, Status
from leads.models import Deal, Event, LeadMerge, Pipeline, Stage
from leads.rules.selling import Colour, Needed
from leads.selectors.deals import figures_by_stage, summed
from leads.services.conversion import Wish, convert_lead
from leads.services.deals import (
    DealValues,
    edit_deal,
    lose_deal,
    move_deal,
    reopen_deal,
    win_deal,
)
from leads.services.lifecycle import accept_lead, assign_lead
from leads.services.merging_leads import merge_leads, undo_merge
from leads.services.pipelines import (
    StageValues,
    add_pipeline,
    add_stage,
    edit_pipeline,
    remove_stage,
)
from tests.factories import fresh, make_deal, make_lead

WISH = Wish("Northwind", "ana@northwind.example")


@pytest.fixture
def lead(cast):
    return make_lead(
        cast.northgate,
        Status.REFERRED,
        company="Northwind",
        email=WISH.email,
        product=cast.product,
        holder=cast.alpha,
        holder_desk=HolderDesk.COMPANY,
    )


@pytest.fixture
def deal(lead, cast):
    return make_deal(lead, actor=cast.ann, value=Decimal(1000))


def stage(cast, name):
    return Stage.objects.get(pipeline__host=cast.northgate, name=name)


def converted(lead, cast):
    convert_lead(lead, wish=WISH, actor=cast.olga)
    return Deal.objects.get(lead=lead)


def sees(actor):
    return Deal.objects.visible_to(fresh(actor)).exists()


def works(actor):
    return Deal.objects.workable_by(fresh(actor)).exists()


# --- Who ------------------------------------------------------------------------------------------


def test_who_sees_and_who_changes_a_deal_of_a_reseller(deal, cast):
    people = ("olga", "rita", "sam", "vera", "ann", "ben", "ray", "cleo", "otto")
    seen = [name for name in people if sees(getattr(cast, name))]
    changed = [name for name in people if works(getattr(cast, name))]
    assert seen == ["olga", "rita", "vera", "ann"]
    assert changed == ["olga", "rita", "ann"]


def test_a_deal_goes_with_its_lead(deal, lead, cast):
    assign_lead(lead, to=None, actor=cast.olga)  # to the sales desk
    assert (sees(cast.ann), sees(cast.sam), sees(cast.rita)) == (False, True, False)
    assign_lead(lead, to=cast.beta, actor=cast.olga)
    assert (sees(cast.sam), sees(cast.ben), sees(cast.rita)) == (False, True, True)
    accept_lead(lead, actor=cast.ben)
    assert works(cast.ben)


def test_a_reseller_that_the_customer_is_linked_to_works_on_it(deal, lead, cast):
    found = converted(lead, cast)
    assert found.customer.name == "Northwind"
    assert not sees(cast.ben)
    CustomerLink.objects.create(customer=found.customer, reseller=cast.beta)
    assert works(cast.ben)
    assert not sees(cast.cleo)


@pytest.mark.parametrize("who", ["vera", "ben", "sam"])
def test_others_cannot_change_it(deal, cast, who):
    actor = getattr(cast, who)
    refusal = Forbidden if who == "vera" else NotFound
    with pytest.raises(refusal):
        lose_deal(deal, reason="Mine", actor=actor)


# --- Stages ---------------------------------------------------------------------------------------


def test_a_stage_asks_for_what_it_needs(lead, cast):
    with pytest.raises(Invalid) as refusal:
        make_deal(lead, actor=cast.ann, stage="Negotiation")
    assert set(refusal.value.errors) == {"value", "close_on"}
    deal = make_deal(lead, actor=cast.ann)
    with pytest.raises(Invalid):
        move_deal(deal, stage=stage(cast, "Proposal"), actor=cast.ann)
    moved = move_deal(deal, stage=stage(cast, "Proposal"), value=Decimal(5), actor=cast.ann)
    assert (moved.stage.name, moved.value) == ("Proposal", Decimal(5))
    assert Event.objects.get(lead=lead, kind=EventKind.DEAL_MOVED).data["deal"] == deal.reference


def test_a_stage_can_ask_for_a_quote_or_a_person(deal, cast):
    found = stage(cast, "Demo")
    found.needs = [Needed.QUOTE, Needed.OWNER]
    found.save()
    with pytest.raises(Invalid) as refusal:
        move_deal(deal, stage=found, actor=cast.ann)
    assert set(refusal.value.errors) == {"quote", "owner"}
    stranger = User.objects.get(pk=cast.ben.user_id)
    with pytest.raises(Invalid):
        move_deal(deal, stage=found, owner=stranger, actor=cast.ann)


def test_a_stage_of_another_host_is_none(deal, cast):
    foreign = Stage.objects.filter(pipeline__host=cast.southgate).first()
    with pytest.raises(Invalid):
        move_deal(deal, stage=foreign, actor=cast.ann)


def test_nothing_begins_in_a_pipeline_out_of_use_but_what_is_in_it_goes_on(deal, lead, cast):
    old = Pipeline.objects.get(host=cast.northgate)
    with pytest.raises(Invalid):
        edit_pipeline(old, name="Sales", is_active=False, actor=cast.olga)
    new = add_pipeline("Renewals", actor=cast.olga)
    edit_pipeline(old, name="Sales", is_active=False, actor=cast.olga)
    with pytest.raises(Invalid):
        make_deal(lead, actor=cast.ann)
    move_deal(deal, stage=stage_in(old, "Demo"), actor=cast.ann)
    assert move_deal(deal, stage=stage_in(new, "Demo"), actor=cast.ann).stage.pipeline == new


def stage_in(pipeline, name):
    return pipeline.stages.get(name=name)


def test_stages_are_set_up_by_marketplace_managers(deal, cast):
    pipeline = Pipeline.objects.get(host=cast.northgate)
    values = StageValues("Pilot", 50, Colour.GREEN, [Needed.VALUE], 2)
    with pytest.raises(Forbidden):
        add_stage(pipeline, values, actor=cast.rita)
    with pytest.raises(NotFound):
        add_stage(pipeline, values, actor=cast.otto)
    made = add_stage(pipeline, values, actor=cast.olga)
    names = list(pipeline.stages.values_list("name", flat=True))
    assert names == ["Discovery", "Pilot", "Demo", "Proposal", "Negotiation"]
    with pytest.raises(Invalid):
        add_stage(pipeline, values, actor=cast.olga)
    remove_stage(made, actor=cast.olga)
    with pytest.raises(Conflict):
        remove_stage(deal.stage, actor=cast.olga)


# --- The end --------------------------------------------------------------------------------------


def test_a_won_deal_wins_its_lead_and_reopening_takes_it_back(deal, lead, cast):
    with pytest.raises(Conflict):
        win_deal(deal, actor=cast.ann)  # the lead is no customer yet
    deal = converted(lead, cast)
    won = win_deal(deal, actor=cast.ann)
    lead.refresh_from_db()
    assert (won.outcome, lead.outcome) == (Outcome.WON, Outcome.WON)
    with pytest.raises(Conflict):
        lose_deal(deal, reason="Too late", actor=cast.ann)
    reopen_deal(deal, actor=cast.ann)
    lead.refresh_from_db()
    assert lead.outcome == Outcome.OPEN
    kinds = Event.objects.filter(lead=lead, kind=EventKind.OUTCOME_CHANGED)
    assert [line.data["to"] for line in kinds.order_by("number")] == ["won", "open"]


def test_the_lead_stays_won_while_another_deal_of_it_is(deal, lead, cast):
    one = converted(lead, cast)
    other = make_deal(lead, actor=cast.ann)
    for each in (one, other):
        win_deal(each, actor=cast.ann)
    reopen_deal(one, actor=cast.ann)
    lead.refresh_from_db()
    assert lead.outcome == Outcome.WON


def test_a_lost_deal_says_why_and_leaves_the_lead_alone(deal, lead, cast):
    lost = lose_deal(deal, reason="Chose a cheaper one", actor=cast.ann)
    assert (lost.outcome, lost.lost_reason) == (Outcome.LOST, "Chose a cheaper one")
    lead.refresh_from_db()
    assert lead.outcome == Outcome.NONE


def test_who_saves_over_somebody_else_is_told(deal, cast):
    values = DealValues("New", deal.stage, "EUR")
    edit_deal(deal, values, seen=deal.version, actor=cast.rita)
    with pytest.raises(Invalid):
        edit_deal(deal, values, seen=deal.version, actor=cast.ann)


def test_a_merge_of_leads_takes_the_deals_along_and_back(deal, lead, cast):
    kept = make_lead(cast.northgate, Status.SUBMITTED, company="Northwind Traders")
    merge_leads(kept, lead, actor=cast.olga)
    deal.refresh_from_db()
    assert (deal.lead, deal.seller) == (kept, cast.northgate)
    undo_merge(LeadMerge.objects.get(), actor=cast.olga)
    deal.refresh_from_db()
    assert (deal.lead, deal.seller) == (lead, cast.alpha)


# --- Sums -----------------------------------------------------------------------------------------


def test_figures_are_counted_by_stage_and_currency(lead, cast):
    for value, currency in ((100, "EUR"), (Decimal("0.05"), "EUR"), (7, "JPY"), (None, "EUR")):
        amount = None if value is None else Decimal(value)
        make_deal(lead, actor=cast.ann, value=amount, currency=currency)
    make_deal(lead, actor=cast.ann, stage="Demo", value=Decimal(10))
    total = summed(figures_by_stage(Deal.objects.all()).values())
    assert total.number == 5
    assert total.value == {"EUR": Decimal("110.05"), "JPY": Decimal(7)}
    assert total.weighted == {"EUR": Decimal("24.01"), "JPY": Decimal(1)}
