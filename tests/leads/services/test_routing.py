"""Assignment rules at work: from every door, on their way back, and what is kept of it."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils.formats import date_format

from accounts.enums import Role
from accounts.models import Company, Membership
from accounts.services.jobs import do_due_jobs
from leadportal.common import clock
from leadportal.common.errors import Forbidden, Invalid, NotFound
from leads.enums import EventKind, HolderDesk, Status
from leads.models import Absence, Cause, Event, InboxItem, Lead, RoutingDecision
from leads.rules.routing.book import Area, Book, Condition, Gives, Member, Op, Rule, Territory
from leads.rules.routing.choosing import Answer
from leads.selectors.routing_reasons import reasons_of
from leads.selectors.routing_trial import leads_to_try, suggestion_for, try_leads
from leads.services.integrity import access_faults, history_faults
from leads.services.leads import create_from_listing, create_lead
from leads.services.lifecycle import accept_lead, assign_lead, decline_lead, submit_lead
from leads.services.routing import next_candidate, route_leads
from leads.services.routing.drafts import (
    add_rule,
    change_draft,
    discard_draft,
    move_rule,
    put_territory,
    remove_rule,
    set_target,
)
from leads.services.routing.publishing import publish_rules
from tests.factories import fresh, make_company, make_lead, make_person
from tests.leads.services.test_lifecycle import CONTACT, kinds

PT = Condition("c", "country", Op.ONE_OF, ("PT",))


def publish(cast, *rules: Rule, territories=(), **options):
    """Publish a book of these rules as Olga."""
    book = Book(tuple(territories))
    for rule in rules:
        book = book.with_rule(rule)
    change_draft(lambda _old: book, actor=cast.olga)
    return publish_rules(actor=cast.olga, **options)


def to(*companies: Company, gives=Gives.COMPANY, conditions=(), name="Partners", **member) -> Rule:
    members = tuple(Member(one.pk, **member) for one in companies)
    return Rule("r1", name, tuple(conditions), gives, members)


def answers(decision: RoutingDecision) -> dict[int, str]:
    return {one["company"]: one["answer"] for one in decision.candidates}


def test_without_published_rules_leads_wait(cast):
    lead = create_from_listing(cast.listing, CONTACT, {})
    assert lead.status == Status.SUBMITTED
    assert not RoutingDecision.objects.exists()
    add_rule("Not published", actor=cast.olga)
    assert create_from_listing(cast.listing, CONTACT, {}).status == Status.SUBMITTED


def test_a_form_lead_goes_where_the_rules_say_and_keeps_why(cast):
    publish(cast, to(cast.alpha, conditions=[PT], name="Portugal"))
    lead = create_from_listing(cast.listing, {**CONTACT, "country": "PT"}, {})
    stored = Lead.objects.get(pk=lead.pk)
    assert (stored.status, stored.holder, stored.holder_desk) == (
        Status.ASSIGNED,
        cast.alpha,
        HolderDesk.COMPANY,
    )
    assert kinds(lead) == [EventKind.CREATED, EventKind.RULE_MATCHED, EventKind.ASSIGNED]
    line = Event.objects.get(lead=lead, kind=EventKind.ASSIGNED)
    assert line.actor_name == "Rule “Portugal”"
    kept = RoutingDecision.objects.get(lead=lead)
    assert (kept.rule_name, kept.cause, kept.company, kept.is_given) == (
        "Portugal",
        Cause.SUBMITTED,
        cast.alpha,
        True,
    )
    assert answers(kept) == {cast.alpha.pk: Answer.CHOSEN}
    # Whoever holds it is told and sees it; whom the host could have chosen is the host's own affair.
    assert InboxItem.objects.filter(lead=lead, user=cast.ann.user_id).exists()
    assert Lead.objects.visible_to(cast.ann).filter(pk=lead.pk).exists()
    matched = Event.objects.filter(lead=lead, kind=EventKind.RULE_MATCHED)
    assert matched.readable_by(cast.olga, None).exists()
    assert not matched.readable_by(cast.ann, None).exists()
    assert not [*access_faults(), *history_faults()]


def test_what_meets_no_rule_waits_and_says_so(cast):
    publish(cast, to(cast.alpha, conditions=[PT]))
    lead = create_from_listing(cast.listing, {**CONTACT, "country": "ES"}, {})
    assert lead.status == Status.SUBMITTED
    kept = RoutingDecision.objects.get(lead=lead)
    assert (kept.rule, kept.is_given) == ("otherwise", False)


@pytest.mark.parametrize("who", ["olga", "rita"])
def test_a_manual_lead_without_a_recipient_meets_the_rules(cast, who):
    publish(cast, to(cast.alpha))
    actor = getattr(cast, who)
    assert create_lead(CONTACT, actor=actor).holder == cast.alpha
    # A recipient that was chosen stays.
    assert create_lead(CONTACT, actor=actor, recipient=cast.beta).holder == cast.beta
    assert create_lead(CONTACT, actor=actor, to_sales=True).holder_desk == HolderDesk.SALES


def test_leads_that_begin_elsewhere_are_none_of_the_rules(cast):
    publish(cast, to(cast.beta))
    cast.alpha.can_create_leads = True
    cast.alpha.save()
    for actor in (fresh(cast.ann), cast.sam, cast.ray):
        assert create_lead(CONTACT, actor=actor).status == Status.REFERRED
    assert not RoutingDecision.objects.exists()


def test_a_vendors_lead_meets_the_rules_when_it_is_submitted(cast):
    publish(cast, to(cast.alpha))
    lead = create_lead(CONTACT, actor=cast.vera, marketplace=cast.marketplace, product=cast.product)
    assert lead.status == Status.PENDING_SUBMISSION
    lead = submit_lead(lead, actor=cast.vera)
    assert (lead.status, lead.holder) == (Status.ASSIGNED, cast.alpha)


def test_the_switch_to_the_vendor_comes_before_the_rules(cast):
    publish(cast, to(cast.alpha))
    cast.marketplace.leads_go_to_vendor = True
    cast.marketplace.save()
    cast.listing.refresh_from_db()
    assert create_from_listing(cast.listing, CONTACT, {}).holder == cast.vertex


def test_a_test_of_a_form_stays_out(cast):
    publish(cast, to(cast.alpha))
    lead = create_from_listing(cast.listing, CONTACT, {}, is_test=True)
    assert (lead.status, lead.holder) == (Status.SUBMITTED, cast.northgate)


@pytest.mark.parametrize(
    "status", [Status.ASSIGNED, Status.REFERRED, Status.CONVERTED, Status.DISQUALIFIED]
)
def test_rules_never_touch_assigned_or_later_ones(cast, status):
    publish(cast, to(cast.beta))
    lead = make_lead(cast.northgate, status, holder=cast.alpha, holder_desk=HolderDesk.COMPANY)
    assert route_leads([lead], cause=Cause.THRESHOLD) == []
    assert Lead.objects.get(pk=lead.pk).holder == cast.alpha


def test_at_the_threshold_those_still_submitted_are_given(cast):
    publish(cast, to(cast.alpha, conditions=[Condition("c", "score", Op.AT_LEAST, ("60",))]))
    low, high = (make_lead(cast.northgate, score=score) for score in (10, 70))
    assert route_leads([low, high], cause=Cause.THRESHOLD) == [high]
    assert RoutingDecision.objects.get(lead=high).cause == Cause.THRESHOLD


def test_a_person_is_put_in_charge(cast):
    publish(cast, to(cast.alpha, gives=Gives.PERSON, user_id=cast.ann.user_id))
    lead = create_lead(CONTACT, actor=cast.olga)
    assert (lead.holder, lead.in_charge_id) == (cast.alpha, cast.ann.user_id)
    accept_lead(lead, actor=cast.ann)


def test_the_sales_desk_and_a_person_there(cast):
    publish(cast, Rule("r1", "Sales", (), Gives.SALES))
    lead = create_lead(CONTACT, actor=cast.olga)
    assert (lead.holder_desk, lead.in_charge_id) == (HolderDesk.SALES, None)
    publish(cast, Rule("r1", "Sam", (), Gives.PERSON, (Member(0, cast.sam.user_id),)))
    lead = create_lead(CONTACT, actor=cast.olga)
    assert (lead.holder_desk, lead.in_charge_id) == (HolderDesk.SALES, cast.sam.user_id)


def test_declined_leads_go_to_the_next_and_never_twice_to_one(cast):
    publish(cast, to(cast.alpha, cast.beta, gives=Gives.ROUND_ROBIN))
    lead = create_lead(CONTACT, actor=cast.olga)
    assert lead.holder == cast.alpha
    lead = decline_lead(lead, reason="No time", actor=cast.ann)
    assert (lead.status, lead.holder) == (Status.ASSIGNED, cast.beta)
    second = RoutingDecision.objects.filter(lead=lead).first()
    assert second.cause == Cause.DECLINED
    assert answers(second) == {cast.alpha.pk: Answer.HAD_IT, cast.beta.pk: Answer.CHOSEN}
    lead = decline_lead(lead, reason="", actor=cast.ben)
    assert (lead.status, lead.holder, lead.holder_desk) == (
        Status.SUBMITTED,
        cast.northgate,
        HolderDesk.HOST,
    )
    assert answers(RoutingDecision.objects.filter(lead=lead).first()) == {
        cast.alpha.pk: Answer.HAD_IT,
        cast.beta.pk: Answer.HAD_IT,
    }
    assert not [*access_faults(), *history_faults()]


def test_rules_that_come_later_offer_a_lead_to_nobody_who_gave_it_back(cast):
    lead = assign_lead(make_lead(cast.northgate), to=cast.alpha, actor=cast.olga)
    lead = decline_lead(lead, reason="", actor=cast.ann)
    version = publish(cast, to(cast.alpha, cast.beta, gives=Gives.ROUND_ROBIN), applies=True)
    assert suggestion_for(lead).name == "Beta"
    [row] = try_leads(leads_to_try(cast.olga, what="waiting"), version).rows
    assert row.then == "Beta"
    do_due_jobs()
    assert Lead.objects.get(pk=lead.pk).holder == cast.beta
    [kept] = RoutingDecision.objects.all()
    assert answers(kept) == {cast.alpha.pk: Answer.HAD_IT, cast.beta.pk: Answer.CHOSEN}


def test_of_the_sales_desk_the_next_person_is_asked(cast):
    sue = make_person(cast.northgate, Role.SALES_SUPPORT)
    members = (Member(0, cast.sam.user_id), Member(0, sue.user_id))
    publish(cast, Rule("r1", "Desk", (), Gives.ROUND_ROBIN, members))
    lead = create_lead(CONTACT, actor=cast.olga)
    assert lead.in_charge_id == cast.sam.user_id
    lead = decline_lead(lead, reason="", actor=cast.sam)
    assert (lead.holder_desk, lead.in_charge_id) == (HolderDesk.SALES, sue.user_id)


def test_next_candidate_leaves_the_assigning_to_its_caller(cast):
    publish(cast, to(cast.alpha, cast.beta, gives=Gives.ROUND_ROBIN))
    lead = create_lead(CONTACT, actor=cast.olga)
    following = next_candidate(lead, excluding={f"{cast.alpha.pk}:0"})
    assert (following.company, following.user_id, following.rule.name) == (
        cast.beta,
        None,
        "Partners",
    )
    assert [one.answer for one in following.considered] == [Answer.HAD_IT, Answer.CHOSEN]
    assert Lead.objects.get(pk=lead.pk).holder == cast.alpha


def test_a_thousand_leads_three_to_one_with_a_cap_and_absences(cast, django_assert_max_num_queries):
    """A company that is away, a person who is away, and a cap: shares are exact, and every skip says why."""
    gamma = make_company("Gamma", is_reseller=True, host=cast.northgate)
    gil = make_person(gamma, Role.RESELLER, first_name="Gil", last_name="Gray")
    delta = make_company("Delta", is_reseller=True, host=cast.northgate)
    make_person(delta, Role.RESELLER)
    today = clock.now().date()
    away = {"first_day": today, "last_day": today + timedelta(days=3)}
    Absence.objects.create(company=delta, **away)
    Absence.objects.create(company=gamma, user_id=gil.user_id, **away)
    members = (
        Member(cast.alpha.pk, weight=3, cap=600),
        Member(cast.beta.pk, weight=1),
        Member(gamma.pk, gil.user_id, weight=5),
        Member(delta.pk, weight=7),
    )
    publish(cast, Rule("r1", "Robin", (), Gives.ROUND_ROBIN, members))
    leads = [make_lead(cast.northgate) for _number in range(1000)]
    with django_assert_max_num_queries(100):
        assert len(route_leads(leads)) == 1000
    shares = Counter(Lead.objects.values_list("holder__name", flat=True))
    assert shares == {"Alpha": 600, "Beta": 400}
    kept = list(RoutingDecision.objects.order_by("pk"))
    # Until the cap the shares are three to one, in every four leads; the rest is Beta's.
    for first in range(0, 800, 4):
        turn = Counter(one.company_id for one in kept[first : first + 4])
        assert turn == {cast.alpha.pk: 3, cast.beta.pk: 1}, first
    assert {one.company_id for one in kept[800:]} == {cast.beta.pk}
    # Each decision names everybody, and says of whoever was skipped until when, or how many.
    until = away["last_day"].isoformat()
    skipped = [
        {"company": gamma.pk, "user": gil.user_id, "answer": Answer.ABSENT, "until": until},
        {"company": delta.pk, "user": 0, "answer": Answer.ABSENT, "until": until},
    ]
    alpha, beta = ({"company": one.pk, "user": 0} for one in (cast.alpha, cast.beta))
    for number, one in enumerate(kept):
        by_cap = {**alpha, "answer": Answer.CAP, "cap": 600}
        is_alphas = one.company_id == cast.alpha.pk
        in_turn = {**alpha, "answer": Answer.CHOSEN if is_alphas else Answer.WAITS}
        first = in_turn if number < 800 else by_cap
        second = {**beta, "answer": Answer.WAITS if is_alphas else Answer.CHOSEN}
        assert one.candidates == [first, second, *skipped], number
    [(_rule, why)] = reasons_of([kept[-1].event_id]).values()
    day = date_format(away["last_day"], "j F Y")
    assert why.endswith(
        "Beta gets the lead. Skipped: Alpha (has had its 600 leads of the day),"
        f" Gil Gray (Gamma) (is away until {day}), Delta (is away until {day})."
    )
    # The next day begins at none: three to one again.
    with clock.at(clock.now() + timedelta(days=1)):
        route_leads(later := [make_lead(cast.northgate) for _number in range(8)])
    holders = Lead.objects.filter(pk__in=[one.pk for one in later])
    assert Counter(holders.values_list("holder__name", flat=True)) == {"Alpha": 6, "Beta": 2}
    assert not list(access_faults())


def test_many_leads_cost_what_few_cost(cast):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    publish(cast, to(cast.alpha, cast.beta, gives=Gives.ROUND_ROBIN, conditions=[PT]))

    def cost(number: int) -> int:
        leads = [make_lead(cast.northgate, country="PT") for _lead in range(number)]
        again = list(
            Lead.objects.filter(pk__in=[one.pk for one in leads]).select_related(
                "holder", "maker", "product", "template_version"
            )
        )
        with CaptureQueriesContext(
            connection,
        ) as caught:
            route_leads(again)
        return len(caught)

    cost(2)
    assert cost(2) == cost(20)


def test_who_lost_the_role_gets_nothing(cast):
    publish(cast, to(cast.alpha, cast.beta, gives=Gives.ROUND_ROBIN))
    Membership.objects.filter(company=cast.alpha).update(is_active=False)
    leads = [create_lead(CONTACT, actor=cast.olga) for _number in range(3)]
    assert {lead.holder for lead in leads} == {cast.beta}
    assert answers(RoutingDecision.objects.first())[cast.alpha.pk] == Answer.NOBODY_THERE


def test_publishing_can_give_those_that_wait(cast):
    waiting = [make_lead(cast.northgate, country=country) for country in ("PT", "ES", "PT")]
    version = publish(cast, to(cast.alpha, conditions=[PT]), applies=True)
    assert not RoutingDecision.objects.exists()
    do_due_jobs()
    held = [Lead.objects.get(pk=lead.pk).holder for lead in waiting]
    assert held == [cast.alpha, cast.northgate, cast.alpha]
    assert {one.cause for one in RoutingDecision.objects.all()} == {Cause.PUBLISHED}
    assert {one.version for one in RoutingDecision.objects.all()} == {version}


def test_a_version_counts_from_its_start(cast):
    publish(cast, to(cast.alpha))
    start = clock.now() + timedelta(days=2)
    publish(cast, to(cast.beta), starts_at=start)
    assert create_lead(CONTACT, actor=cast.olga).holder == cast.alpha
    with clock.at(start):
        assert create_lead(CONTACT, actor=cast.olga).holder == cast.beta


def test_rules_that_cannot_be_kept_are_not_published(cast):
    cast.beta.is_active = False
    cast.beta.save()
    with pytest.raises(Invalid, match="names Beta, which is not active"):
        publish(cast, to(cast.beta))
    with pytest.raises(Invalid, match="does not say who gets its leads"):
        publish(cast, Rule("r1", "Empty", (), Gives.ROUND_ROBIN))
    southern = make_company("Southern", is_reseller=True, host=cast.southgate)
    with pytest.raises(Invalid, match="names Southern, which cannot hold your leads"):
        publish(cast, to(southern))


def test_only_managers_have_rules(cast):
    for actor in (cast.sam, cast.ann, cast.ray, cast.vera):
        with pytest.raises(NotFound):
            add_rule("Mine", actor=actor)


def test_a_reseller_manager_changes_the_rules_of_its_programme_alone(cast):
    publish(cast, Rule("s1", "Sales first", (PT,), Gives.SALES), to(cast.alpha))
    rita = cast.rita
    key = add_rule("Beta too", actor=rita)
    set_target(key, Gives.COMPANY, (Member(cast.beta.pk),), actor=rita)
    with pytest.raises(Forbidden, match="“Sales first”"):
        remove_rule("s1", actor=rita)
    with pytest.raises(Forbidden, match="“Sales first”"):
        move_rule(key, to=1, actor=rita)
    with pytest.raises(Forbidden):
        set_target(key, Gives.SALES, actor=rita)
    with pytest.raises(Forbidden, match="“Otherwise”"):
        set_target("otherwise", Gives.SALES, actor=rita)
    move_rule(key, to=2, actor=rita)
    version = publish_rules(actor=rita)
    assert [one.name for one in version.rules.rules] == [
        "Sales first",
        "Beta too",
        "Partners",
        "Otherwise",
    ]
    # What a marketplace manager changed in the draft is not the reseller manager's to publish.
    remove_rule("s1", actor=cast.olga)
    with pytest.raises(Forbidden, match="“Sales first”"):
        publish_rules(actor=rita)
    with pytest.raises(Forbidden):
        discard_draft(actor=rita)
    discard_draft(actor=cast.olga)


def test_a_territory_that_foreign_rules_name_is_not_the_reseller_managers(cast):
    north = Territory("t1", "North", (Area("PT"),))
    inside = Condition("c", "territory", Op.ONE_OF, ("t1",))
    publish(cast, Rule("s1", "North", (inside,), Gives.SALES), territories=[north])
    with pytest.raises(Forbidden):
        put_territory(replace(north, areas=(Area("ES"),)), actor=cast.rita)
    put_territory(Territory("t2", "South", (Area("ES"),)), actor=cast.rita)


def test_hosts_do_not_meet(cast):
    publish(cast, to(cast.alpha))
    lead = create_lead(CONTACT, actor=cast.otto)
    assert (lead.status, lead.holder) == (Status.SUBMITTED, cast.southgate)


def test_by_hand_stays_possible_and_what_a_person_chose_comes_back_to_the_rules(cast):
    publish(cast, to(cast.alpha, conditions=[PT]))
    lead = create_lead(CONTACT, actor=cast.olga)
    assert lead.status == Status.SUBMITTED
    lead = assign_lead(lead, to=cast.beta, actor=cast.olga)
    lead = decline_lead(lead, reason="", actor=cast.ben)
    assert lead.status == Status.SUBMITTED
