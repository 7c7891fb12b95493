"""Slack and webhooks: who is told what, signed; one call at a time, and a dead target delays nobody (R15 to R18)."""

import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models.functions import Now

from accounts.models import Job
from accounts.services.jobs import Work
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound
from leads.enums import Audience, InboxKind
from leads.models import CallState, InboxItem, OutgoingCall, Target, TargetKind
from leads.rules.calls import signature
from leads.rules.sources.addresses import unseal
from leads.services import calls
from leads.services.calls import Outcome, claim_call, mark, send_due_calls, sweep_calls
from leads.services.lifecycle import accept_lead, assign_lead
from leads.services.targets import (
    TargetSettings,
    create_target,
    edit_target,
    remove_target,
    send_call_again,
    send_test,
    switch_target,
)
from tests.factories import fresh, make_person, make_target
from tests.leads.services.house import CONTACT, accepted, at_alpha, note, of_form
from tests.receiver import receiving

EVERYTHING = [kind.value for kind in InboxKind]


@pytest.fixture
def receiver(settings):
    """A receiver on this machine that the operator has named."""
    with receiving() as one:
        settings.OUTBOUND_ALLOW = {one.address}
        yield one


def waiting(target) -> list[str]:
    """What waits for a target, in order."""
    return list(
        OutgoingCall.objects.filter(target=target).order_by("pk").values_list("event", flat=True)
    )


def due_again():
    """Let every pause be over."""
    Target.objects.update(due_at=Now(), leased_until=None)
    OutgoingCall.objects.update(due_at=Now())


def test_each_company_is_told_what_concerns_it_whoever_did_it(cast):
    ours, alphas = make_target(cast.olga, *EVERYTHING), make_target(fresh(cast.ann), *EVERYTHING)
    vera = make_person(cast.vertex, "vendor", "company_admin", email="vi@example.com")
    vendors, others = make_target(vera, *EVERYTHING), make_target(cast.otto, *EVERYTHING)
    lead = accepted(cast)
    note(lead, cast.rita, Audience.EVERYBODY)
    note(lead, cast.ann, Audience.COMPANY)
    assert waiting(ours) == ["created", "accepted", "note_added"]
    assert waiting(alphas) == ["assigned", "note_added", "note_added"]
    assert waiting(vendors) == []
    assert waiting(others) == []


def test_nothing_about_the_prospect_leaves(cast):
    make_target(cast.olga, *EVERYTHING)
    create_target(
        TargetKind.SLACK,
        TargetSettings("#leads", "https://hooks.example/x", EVERYTHING),
        actor=cast.olga,
    )
    accepted(cast)
    sent = " ".join(OutgoingCall.objects.values_list("body", flat=True))
    assert "Acme Backup" in sent
    assert not [word for word in CONTACT.values() if word in sent]


def test_only_chosen_events_of_a_target_that_is_on_are_stored_and_only_with_the_change(cast):
    target = make_target(cast.olga, "answered")
    lead = at_alpha(cast)
    with transaction.atomic():
        accept_lead(lead, actor=cast.ann)
        assert waiting(target) == ["accepted"]
        transaction.set_rollback(True)
    assert waiting(target) == [], "none before commit"
    switch_target(target, is_active=False, actor=cast.olga)
    accept_lead(lead, actor=cast.ann)
    assert waiting(target) == []


def test_webhook_is_signed_with_the_id_of_its_row(cast, receiver):
    target = make_target(cast.olga, "created", url=receiver.url)
    lead = of_form(cast)
    assert send_due_calls() == 1
    [(_path, headers, body)] = receiver.taken
    call = OutgoingCall.objects.get()
    assert headers["webhook-id"] == call.identity
    assert headers["webhook-signature"] == signature(
        unseal(Target.objects.get(pk=target.pk).secret),
        identity=call.identity,
        timestamp=int(headers["webhook-timestamp"]),
        body=body,
    )
    assert json.loads(body)["data"]["lead"]["id"] == lead.reference
    assert (call.state, call.tries) == (CallState.SENT, 1)


def test_slack_named_in_outbound_allow_gets_the_message_and_is_refused_without_it(
    cast, receiver, settings
):
    chosen = TargetSettings("#leads", receiver.url, ["created"])
    create_target(TargetKind.SLACK, chosen, actor=cast.olga)
    allowed, settings.OUTBOUND_ALLOW = settings.OUTBOUND_ALLOW, frozenset()
    lead = of_form(cast)
    assert send_due_calls() == 0
    call = OutgoingCall.objects.get()
    assert (call.state, call.last_error) == (CallState.WAITING, "the address is not https")
    assert receiver.taken == []
    settings.OUTBOUND_ALLOW = allowed
    due_again()
    assert send_due_calls() == 1
    text = json.loads(receiver.taken[0][2])["text"]
    assert text.startswith("Lead created: <")
    assert f"|{lead.reference}> for Acme Backup" in text


def test_one_call_at_a_time_and_a_lease_that_runs_out_is_anybodys(cast):
    target = make_target(cast.olga, "created")
    of_form(cast), of_form(cast)
    due_again()
    first = claim_call()
    assert claim_call() is None, "another message waits, but not beside this one"
    Target.objects.update(leased_until=Now() - timedelta(seconds=1))
    second = claim_call()
    assert second.call == first.call, "the same message again, under the same id"
    assert not mark(first, Outcome())
    assert mark(second, Outcome())
    assert claim_call().call != first.call
    assert Target.objects.get(pk=target.pk).failing_since is None


def test_after_a_failure_the_target_rests_and_the_next_message_is_tried_first(cast, receiver):
    receiver.answer = 500
    target = make_target(cast.olga, "created", url=receiver.url)
    of_form(cast), of_form(cast)
    assert send_due_calls() == 0
    assert len(receiver.taken) == 1, "one call, then a pause"
    target.refresh_from_db()
    assert target.due_at > clock.now() + timedelta(seconds=40)
    assert (target.tries, target.failing_since is not None) == (1, True)
    Target.objects.update(due_at=Now())
    receiver.answer = 200
    assert send_due_calls() == 1
    ids = [headers["webhook-id"] for _path, headers, _body in receiver.taken]
    assert ids[0] != ids[1]
    target.refresh_from_db()
    assert (target.tries, target.failing_since) == (0, None)
    due_again()
    assert send_due_calls() == 1
    assert receiver.taken[2][1]["webhook-id"] == ids[0], "the same id with every try"


def test_a_target_that_hangs_delays_no_other(cast, settings):
    with receiving() as hanging, receiving() as healthy:
        settings.OUTBOUND_ALLOW = {hanging.address, healthy.address}
        # It answers when the other one has been told: side by side, or never.
        hanging.answer = lambda handler: _answer_after(handler, healthy)
        make_target(cast.olga, "created", url=hanging.url)
        settings_ = TargetSettings("Well", healthy.url, ["created"])
        create_target(TargetKind.WEBHOOK, settings_, actor=cast.olga)
        of_form(cast)
        assert send_due_calls() == 2
        assert len(healthy.taken) == 1


def _answer_after(handler, healthy) -> None:
    import time

    while not healthy.taken:
        time.sleep(0.01)
    handler.send_response(204)
    handler.end_headers()


@pytest.mark.parametrize(
    ("answer", "since", "is_off"),
    [
        ((500, "Internal Server Error"), 6, True),
        ((500, "Internal Server Error"), 4, False),
        ((410, "Gone"), 0, True),
    ],
)
def test_who_fails_for_days_or_is_gone_is_switched_off_with_a_notice(
    cast, receiver, answer, since, is_off
):
    receiver.answer, phrase = answer
    target = make_target(cast.olga, "created", url=receiver.url)
    lead = of_form(cast)
    ago = Now() - timedelta(days=since)
    Target.objects.update(failing_since=ago, due_at=Now())
    OutgoingCall.objects.update(created_at=ago, due_at=Now())
    send_due_calls()
    call, target = OutgoingCall.objects.get(), Target.objects.get(pk=target.pk)
    assert target.is_active is not is_off
    assert call.last_error == f"The address answered {receiver.answer} {phrase}."
    assert call.state == (CallState.FAILED if since > 5 else CallState.WAITING)
    told = InboxItem.objects.filter(kind=InboxKind.MESSAGE, text__contains="was switched off")
    assert set(told.values_list("user", flat=True)) == ({cast.olga.user_id} if is_off else set())
    if is_off and call.state == CallState.FAILED:
        with pytest.raises(Conflict):
            send_call_again(call, actor=cast.olga)
        switch_target(target, is_active=True, actor=cast.olga)
        send_call_again(call, actor=cast.olga)
        receiver.answer = 200
        assert send_due_calls() == 1
        assert {one[1]["webhook-id"] for one in receiver.taken} == {call.identity}
        assert lead.reference in receiver.taken[-1][2].decode()


def test_targets_belong_to_who_manages_the_company(cast):
    target = make_target(fresh(cast.ann), "created")
    wish = TargetSettings("Mine", "https://crm.example/", ["created"])
    for actor in (cast.rita, cast.sam, cast.ben, cast.cleo):
        with pytest.raises(Forbidden):
            create_target(TargetKind.SLACK, wish, actor=actor)
    for change in (
        lambda actor: edit_target(target, wish, actor=actor),
        lambda actor: send_test(target, actor=actor),
        lambda actor: switch_target(target, is_active=False, actor=actor),
        lambda actor: remove_target(target, actor=actor),
    ):
        for actor in (cast.olga, cast.ben, cast.otto):
            with pytest.raises(NotFound):
                change(actor)
    for address in ("http://crm.example/", "ftp://crm.example/", "crm", "https://a@crm.example/"):
        with pytest.raises(Invalid):
            edit_target(target, TargetSettings("Mine", address, []), actor=cast.ann)
    kept = Target.objects.get(pk=target.pk)
    edited = edit_target(target, TargetSettings("Mine", "", ["note"]), actor=cast.ann)
    assert (edited.address, edited.host) == (kept.address, "crm.example")
    assert "crm.example" not in kept.address, "sealed"


def test_old_messages_go_and_what_waits_stays(cast):
    target = make_target(cast.olga, "created")
    old, new = send_test(target, actor=cast.olga), send_test(target, actor=cast.olga)
    stays = send_test(target, actor=cast.olga)
    ended = {"state": CallState.SENT}
    OutgoingCall.objects.filter(pk__in=[old.pk, new.pk]).update(**ended)
    OutgoingCall.objects.exclude(pk=new.pk).update(
        created_at=Now() - calls.KEPT - timedelta(days=1)
    )
    sweep_calls(Work(Job()))
    assert set(OutgoingCall.objects.all()) == {new, stays}


def test_assigning_again_tells_the_next_company_alone(cast):
    alphas = make_target(fresh(cast.ann), "given")
    lead = at_alpha(cast)
    before = waiting(alphas)
    assign_lead(lead, to=cast.beta, actor=cast.rita)
    assert waiting(alphas) == before == ["assigned"]


def test_a_test_says_what_the_address_answered_and_what_to_do(cast, receiver):
    """ux.md 4.2."""
    receiver.answer = 404
    call = send_test(make_target(cast.olga, url=receiver.url), actor=cast.olga)
    send_due_calls()
    call.refresh_from_db()
    assert call.last_error == (
        "The address answered 404 Not Found. Check the path and send the test again."
    )
