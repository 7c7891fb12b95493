"""A score follows everything that rules look at, explains itself, and fires once at the threshold."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import OutgoingMail
from accounts.services.jobs import do_due_jobs, enqueue_job
from leadportal.common import clock
from leads.enums import EventKind, InboxKind, Status
from leads.models import Event, InboxItem, Lead, LeadAccess, LeadScore, OutgoingCall
from leads.rules.routing.book import Book, Gives, Member
from leads.rules.routing.book import Rule as RoutingRule
from leads.rules.scoring.kinds import BehaviourKind
from leads.services.integrity import access_faults, history_faults
from leads.services.leads import create_from_listing, edit_lead
from leads.services.lifecycle import accept_lead, assign_lead, delete_lead, restore_lead
from leads.services.marks import mark_sales_qualified, set_next_step
from leads.services.routing.drafts import change_draft
from leads.services.routing.publishing import publish_rules
from leads.services.scoring.behaviour import Deed, note_behaviour, note_repeat
from leads.services.scoring.recalculating import FADE
from leads.services.scoring.scores import rescore
from leads.services.writing import PARTS
from tests.factories import make_lead, make_product, make_target
from tests.leads.services.house import CONTACT, of_form
from tests.leads.services.scoring.book import (
    DIRECTOR,
    LARGE,
    PAPER,
    PRICING,
    publish,
    score,
    worth,
)


def visit(lead, actor, *, times=1, kind=BehaviourKind.PAGE_VISITED, about="pricing", at=None):
    for _time in range(times):
        note_behaviour([lead], Deed(kind, about, at), actor=actor)


def change(lead, actor, **details):
    version = Lead.objects.get(pk=lead.pk).version
    edit_lead(lead, details=details, attributes={}, version=version, actor=actor)


def lines(lead, kind):
    return list(Event.objects.filter(lead=lead, kind=kind).order_by("number"))


@pytest.fixture(autouse=True)
def consistent(db):
    """After whatever a test does, access rows and history are what they must be."""
    yield
    assert not list(access_faults())
    assert not [one for one in history_faults() if "ends at nothing" not in one]


def test_a_form_an_edit_and_a_visit_change_the_score(cast):
    publish(cast.olga, LARGE, DIRECTOR, PRICING)
    lead = create_from_listing(cast.listing, {**CONTACT, "size": "250-999"}, {})
    assert score(lead) == 40
    change(lead, cast.olga, job_title="Head of IT")
    assert score(lead) == 55
    visit(lead, cast.olga, times=2)
    assert score(lead) == 85
    change(lead, cast.olga, size="10-49")
    assert score(lead) == 45
    changes = [
        (one.data["score_before"], one.data["score"])
        for one in lines(lead, EventKind.SCORE_CHANGED)
    ]
    assert changes == [(0, 40), (40, 55), (55, 85), (85, 45)]
    assert set(LeadAccess.objects.filter(lead=lead).values_list("score", flat=True)) == {45}


def test_answers_and_attributes_are_asked_as_well(cast):
    budget = worth(20, LARGE).__class__(
        "", "fit", "answer:budget", 20, test="at_least", values=("5000",)
    )
    publish(cast.olga, budget)
    rich = create_from_listing(
        cast.listing, CONTACT, {"budget": {"amount": 9000, "currency": "EUR"}}
    )
    poor = create_from_listing(cast.listing, CONTACT, {"budget": 10})
    assert (score(rich), score(poor)) == (20, 0)


def test_a_score_explains_itself(cast):
    publish(cast.olga, LARGE, PRICING)
    lead = create_from_listing(cast.listing, {**CONTACT, "size": "1000+"}, {})
    moment = clock.now() - timedelta(days=3)
    visit(lead, cast.olga, times=2, at=moment)
    row = LeadScore.objects.get(lead=lead)
    assert (row.fit, row.behaviour, row.before) == (40, 30, 40)
    assert row.reasons == [["r1", 40, 0, None], ["r2", 30, 2, moment.isoformat()]]
    assert sum(points for _key, points, _times, _at in row.reasons) == score(lead)


def test_the_threshold_fires_once_until_the_score_was_below(cast):
    publish(cast.olga, LARGE, PRICING)
    lead = create_from_listing(cast.listing, {**CONTACT, "size": "1000+"}, {})
    assert Lead.objects.get(pk=lead.pk).mql_at is None
    visit(lead, cast.olga, times=2)
    fresh = Lead.objects.get(pk=lead.pk)
    assert fresh.mql_at is not None
    assert fresh.next_step == "Qualification call"
    assert set(LeadAccess.objects.filter(lead=lead).values_list("is_mql", flat=True)) == {True}
    visit(lead, cast.olga)
    change(lead, cast.olga, city="Porto")
    assert len(lines(lead, EventKind.MARKETING_QUALIFIED)) == 1
    change(lead, cast.olga, size="1-9")
    assert Lead.objects.get(pk=lead.pk).mql_at is None
    assert lines(lead, EventKind.SCORE_CHANGED)[-1].data["below"] == 60
    change(lead, cast.olga, size="250")
    assert len(lines(lead, EventKind.MARKETING_QUALIFIED)) == 2


def test_leads_and_their_rows_know_whether_they_are_close_to_the_threshold(cast):
    publish(cast.olga, LARGE, threshold=45)
    lead = create_from_listing(cast.listing, {**CONTACT, "size": "1000+"}, {})

    def marks() -> set[bool]:
        rows = LeadAccess.objects.filter(lead=lead).values_list("is_near", flat=True)
        return {Lead.objects.get(pk=lead.pk).is_near, *rows}

    assert marks() == {True}
    change(lead, cast.olga, size="1-9")
    assert marks() == {False}
    change(lead, cast.olga, size="1000+")
    assert marks() == {True}
    before, told = Lead.objects.get(pk=lead.pk), lead.events.count()
    # Other rules, the same score: nobody who works on the lead is disturbed.
    publish(cast.olga, LARGE, threshold=90)
    assert marks() == {False}
    assert Lead.objects.get(pk=lead.pk).version == before.version
    assert lead.events.count() == told


def test_a_next_step_that_somebody_set_stays(cast):
    publish(cast.olga, LARGE, threshold=40)
    lead = of_form(cast)
    set_next_step(lead, text="Send offer", on=None, actor=cast.olga)
    change(lead, cast.olga, size="999")
    fresh = Lead.objects.get(pk=lead.pk)
    assert (fresh.score, fresh.next_step) == (40, "Send offer")


def test_the_call_is_for_who_accepts_the_lead(cast):
    publish(cast.olga, LARGE, threshold=40)
    lead = of_form(cast, size="999")
    assert Lead.objects.get(pk=lead.pk).next_step_by_id is None
    accept_lead(assign_lead(lead, to=cast.alpha, actor=cast.rita), actor=cast.ann)
    fresh = Lead.objects.get(pk=lead.pk)
    assert fresh.next_step_by_id == cast.ann.user_id
    assert fresh.sql_at is not None


def test_the_person_assigned_is_told_and_the_rules_addresses_and_channels(cast):
    channel = make_target(cast.olga)
    publish(cast.olga, LARGE, threshold=40, emails=["sales@northgate.example"], targets=[channel])
    lead = accept_lead(assign_lead(of_form(cast), to=cast.alpha, actor=cast.rita), actor=cast.ann)
    InboxItem.objects.all().delete()
    OutgoingMail.objects.all().delete()
    change(lead, cast.olga, size="999")
    told = InboxItem.objects.filter(kind=InboxKind.THRESHOLD).values_list("user", flat=True)
    assert list(told) == [cast.ann.user_id]
    mail = OutgoingMail.objects.get()
    assert mail.to == "sales@northgate.example"
    assert lead.reference in mail.text
    assert "Ana" not in mail.text + mail.html, "the mail names no prospect"
    call = OutgoingCall.objects.get(target=channel)
    assert call.event == EventKind.MARKETING_QUALIFIED


def test_the_vendors_rules_for_its_product_stand_before_the_hosts(cast):
    publish(cast.olga, worth(10, LARGE))
    publish(cast.vera, worth(25, LARGE), product=cast.product)
    of_product = of_form(cast, size="500")
    other = make_product(cast.vertex)
    of_host = make_lead(cast.northgate, product=other, size="500")
    with transaction.atomic():
        rescore([of_host])
    assert (score(of_product), score(of_host)) == (25, 10)


def test_without_rules_nothing_is_scored_nor_written(cast):
    lead = of_form(cast, size="500")
    assert score(lead) == 0
    assert not LeadScore.objects.exists()
    assert not lines(lead, EventKind.SCORE_CHANGED)


def test_publishing_gives_every_open_lead_its_new_score_and_updated_stays(cast):
    opened = make_lead(cast.northgate, size="500")
    closed = make_lead(cast.northgate, Status.DISQUALIFIED, size="500")
    foreign = make_lead(cast.southgate, size="500")
    before = Lead.objects.get(pk=opened.pk)
    sheet = publish(cast.olga, LARGE, threshold=40)
    after = Lead.objects.get(pk=opened.pk)
    assert [score(one) for one in (opened, closed, foreign)] == [40, 0, 0]
    assert after.updated_at == before.updated_at
    assert after.version == before.version + 1
    assert len(lines(opened, EventKind.MARKETING_QUALIFIED)) == 1
    sheet.refresh_from_db()
    assert sheet.recalculation.step == sheet.recalculation.steps == 1
    publish(cast.olga, worth(45, LARGE), threshold=40)
    assert score(opened) == 45
    assert len(lines(opened, EventKind.MARKETING_QUALIFIED)) == 1, "it was never below"


def test_points_fade_and_times_end_by_the_daily_job(cast, time_machine):
    publish(cast.olga, PAPER, PRICING)
    lead = of_form(cast)
    visit(lead, cast.olga, kind=BehaviourKind.PAPER_DOWNLOADED, about="guide")
    visit(lead, cast.olga, times=2)
    assert score(lead) == 40
    for days, expected in ((13, 40), (15, 35), (31, 2), (400, 0)):
        time_machine.move_to(timezone.now() + timedelta(days=days), tick=True)
        enqueue_job(FADE)
        do_due_jobs()
        assert score(lead) == expected, days
        time_machine.move_to(timezone.now() - timedelta(days=days), tick=True)


def test_a_lead_that_opens_again_is_scored_anew(cast):
    publish(cast.olga, LARGE)
    lead = of_form(cast, size="500")
    delete_lead(lead, actor=cast.olga)
    publish(cast.olga, worth(12, LARGE))
    assert score(lead) == 40
    restore_lead(lead, actor=cast.olga)
    assert score(lead) == 12


def test_a_form_that_is_sent_again_counts_for_both_leads(cast):
    rule = PRICING.__class__("", "behaviour", BehaviourKind.FORM_REPEATED, 8)
    publish(cast.olga, rule)
    first, second = of_form(cast), of_form(cast)
    with transaction.atomic():
        assert note_repeat(first, form="Contact", actor=cast.olga) == 2
    assert (score(first), score(second)) == (8, 8)
    alone = of_form(cast, email="somebody.else@example.com")
    assert note_repeat(alone, form="Contact", actor=cast.olga) == 0


def test_a_report_that_comes_twice_counts_once(cast):
    publish(cast.olga, worth(5, PAPER))
    lead = of_form(cast)
    deed = Deed(BehaviourKind.PAPER_DOWNLOADED, "guide", key="d-1")
    for _time in range(3):
        note_behaviour([lead], deed, actor=cast.olga)
    assert score(lead) == 5


def test_an_opened_email_counts_only_with_consent(cast):
    rule = PRICING.__class__("", "behaviour", BehaviourKind.EMAIL_OPENED, 5)
    publish(cast.olga, rule, PAPER)
    lead = of_form(cast)
    visit(lead, cast.olga, kind=BehaviourKind.EMAIL_OPENED, about="")
    assert score(lead) == 0
    Lead.objects.filter(pk=lead.pk).update(consent_at=clock.now())
    visit(lead, cast.olga, kind=BehaviourKind.EMAIL_OPENED, about="")
    assert score(lead) == 5
    Lead.objects.filter(pk=lead.pk).update(consent_withdrawn_at=clock.now())
    visit(lead, cast.olga, kind=BehaviourKind.PAPER_DOWNLOADED)
    assert score(lead) == 5, "nobody is watched who took back the consent"


def test_the_same_queries_for_one_lead_and_for_many(cast):
    publish(cast.olga, LARGE, DIRECTOR, PRICING, threshold=40)
    sizes = ["10-49", "250-999", "1000+", ""]
    leads = [make_lead(cast.northgate, size=sizes[n % 4], job_title="Head") for n in range(26)]
    counts = []
    for some in (leads[:1], leads[1:]):
        held = list(Lead.objects.filter(pk__in=[one.pk for one in some]).select_related(*PARTS))
        Lead.objects.filter(pk=held[0].pk).update(size="999")
        held[0].size = "999"
        with (
            transaction.atomic(),
            CaptureQueriesContext(
                connection,
            ) as queries,
        ):
            assert rescore(held) == len(held)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_sales_marks_a_lead_as_sales_qualified(cast):
    lead = assign_lead(of_form(cast), to=cast.alpha, actor=cast.rita)
    accepted = accept_lead(lead, actor=cast.ann)
    Lead.objects.filter(pk=accepted.pk).update(sql_at=None)
    assert mark_sales_qualified(accepted, actor=cast.ann).sql_at is not None


def test_a_lead_that_still_is_submitted_is_assigned_by_the_rules_once(cast):
    publish(cast.olga, LARGE, threshold=40)
    waiting = of_form(cast)
    rule = RoutingRule("r1", "Alpha", (), Gives.COMPANY, (Member(cast.alpha.pk),))
    change_draft(lambda _old: Book().with_rule(rule), actor=cast.olga)
    publish_rules(actor=cast.olga)
    change(waiting, cast.olga, size="500")
    assert Lead.objects.get(pk=waiting.pk).status == Status.SUBMITTED
    do_due_jobs()
    given = Lead.objects.get(pk=waiting.pk)
    assert (given.status, given.holder_id) == (Status.ASSIGNED, cast.alpha.pk)
    assert given.next_step == "Qualification call"
    assert len(lines(waiting, EventKind.ASSIGNED)) == 1
