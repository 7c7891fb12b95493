"""Calls that come twice, and two callers at one lead: done once, and never over the other's change."""

from datetime import timedelta

import pytest

from leadportal.common import clock
from leadportal.common.errors import Refused
from leads.enums import HolderDesk, Status
from leads.models import ApiAnswer, Lead, Note
from leads.services.leads import edit_lead
from tests.factories import make_lead
from tests.test_races import race

KEY = {"Idempotency-Key": "order-1"}
ANA = {"first_name": "Ana", "email": "ana@northwind.example"}


def referred(cast) -> Lead:
    mine = {"holder": cast.alpha, "holder_desk": HolderDesk.COMPANY}
    return make_lead(cast.northgate, Status.REFERRED, **mine)


def test_the_same_call_again_gets_the_same_answer_and_does_nothing(cast, program):
    call = program("olga")
    first = call("post", "leads/", ANA, headers=KEY)
    second = call("post", "leads/", ANA, headers=KEY)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert (first["ETag"], first["Location"]) == (second["ETag"], second["Location"])
    assert ("Idempotency-Replayed" in first, second["Idempotency-Replayed"]) == (False, "true")
    assert Lead.objects.count() == 1
    # without a key, and with the key of somebody else, it is another call
    assert call("post", "leads/", ANA).status_code == 201
    assert program("rita")("post", "leads/", ANA, headers=KEY).status_code == 201
    assert Lead.objects.count() == 3


def test_a_key_belongs_to_one_body_for_24_hours(cast, program):
    call = program("olga")
    call("post", "leads/", ANA, headers=KEY)
    other = call("post", "leads/", {**ANA, "first_name": "Eva"}, headers=KEY)
    assert other.status_code == 422
    assert "another call" in other.json()["detail"]
    assert call("post", "exports/", {}, headers=KEY).status_code == 422
    with clock.at(clock.now() + timedelta(hours=24, minutes=1)):
        assert call("post", "leads/", {**ANA, "first_name": "Eva"}, headers=KEY).status_code == 201
    assert ApiAnswer.objects.count() == 1
    assert Lead.objects.count() == 2


def test_what_was_refused_may_be_corrected_under_the_same_key(cast, program):
    call = program("olga")
    assert call("post", "leads/", {**ANA, "email": "x"}, headers=KEY).status_code == 422
    assert call("post", "leads/", ANA, headers=KEY).status_code == 201


def test_odd_keys_are_refused(program):
    for key in ("x" * 256, "é", "a\tb"):
        answer = program("olga")("post", "leads/", ANA, headers={"Idempotency-Key": key})
        assert answer.status_code == 400
    assert not Lead.objects.exists()


def test_a_move_takes_the_key_too(cast, program):
    lead, call = referred(cast), program("ann")
    path = f"leads/{lead.reference}/notes/"
    answers = [call("post", path, {"body": "Called."}, headers=KEY) for _number in range(3)]
    assert answers[0].json() == answers[1].json()
    assert Note.objects.count() == 1


def test_editing_needs_the_version_that_was_seen(cast, program):
    lead, call = referred(cast), program("ann")
    path = f"leads/{lead.reference}/"
    seen = call.get(path)["ETag"]
    assert call("patch", path, {"city": "Porto"}).status_code == 428
    edited = call("patch", path, {"city": "Porto"}, headers={"If-Match": seen})
    assert (edited.status_code, edited.json()["contact"]["city"]) == (200, "Porto")
    stale = call("patch", path, {"city": "Lisbon"}, headers={"If-Match": seen})
    assert stale.status_code == 412
    for wrong in (f"W/{edited['ETag']}", '"x"', "1"):
        answer = call("patch", path, {"city": "Lisbon"}, headers={"If-Match": wrong})
        assert answer.status_code == 412
    several = {"If-Match": f'"x", {edited["ETag"]}'}
    assert call("patch", path, {"city": "Faro"}, headers=several).status_code == 200
    assert call("patch", path, {"city": "Braga"}, headers={"If-Match": "*"}).status_code == 200


def test_an_edit_writes_only_what_was_sent(cast, program):
    lead, call = referred(cast), program("ann")
    edit_lead(lead, details={"phone": "+351 912 345 678"}, attributes={}, version=1, actor=cast.ann)
    before = Lead.objects.values().get(pk=lead.pk)
    path = f"leads/{lead.reference}/"
    assert call("patch", path, {"city": "Porto"}, headers={"If-Match": "*"}).status_code == 200
    after = Lead.objects.values().get(pk=lead.pk)
    changed = {name for name, value in after.items() if before[name] != value}
    assert changed == {"city", "version", "updated_at"}


def test_a_move_may_say_which_version_it_means(cast, program):
    lead, call = referred(cast), program("ann")
    path = f"leads/{lead.reference}/progress/"
    body = {"progress": "contacted"}
    assert call("post", path, body, headers={"If-Match": '"7"'}).status_code == 412
    assert Lead.objects.get(pk=lead.pk).version == 1
    assert call("post", path, body, headers={"If-Match": '"1"'}).status_code == 200


@pytest.mark.slow
def test_racing_calls_with_one_key_are_one(transactional_db, cast, program):
    call = program("olga")

    def create():
        answer = call("post", "leads/", ANA, headers=KEY)
        assert answer.status_code == 201, answer.content
        return answer

    found = race([create] * 8)
    assert found == {"done": 8}
    assert Lead.objects.count() == 1
    assert ApiAnswer.objects.count() == 1


@pytest.mark.slow
def test_racing_calls_are_all_counted(transactional_db, program, settings):
    """Exactly as many pass as may (security.md F10)."""
    call = program("olga")
    settings.API_CALLS_PER_MINUTE = 5

    def read():
        if call.get("token/").status_code == 429:
            raise Refused

    assert race([read] * 8) == {"done": 5, "Refused": 3}
