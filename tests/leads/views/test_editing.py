"""Who else has the edit page open: a hint, never a lock, and never a name to who may not see it (ux.md D16)."""

import re
from datetime import timedelta

import pytest

from accounts.enums import Role
from leadportal.common import clock
from leads.enums import Status
from leads.models import Editing
from leads.services.lifecycle import assign_lead
from tests.factories import make_person
from tests.leads.views.reading import number_of_queries, sent_from, text_of, url

HINT = "has this lead open for editing."


def beat(client, lead, **known):
    return client.post(url(lead, "editing"), known, headers={"hx-request": "true"})


@pytest.fixture
def ann_edits(cast, sign_in, held):
    """Ann has the edit page of a lead open that waits at Alpha."""
    lead = held(Status.ASSIGNED)
    sign_in(cast.ann).get(url(lead, "edit"))
    return lead


def test_the_others_read_who_it_is_and_oneself_does_not(cast, sign_in, ann_edits):
    assert HINT not in text_of(sign_in(cast.ann).get(url(ann_edits, "edit")))
    page = sign_in(cast.olga).get(url(ann_edits, "edit"))
    assert f"Ann Abe, Alpha, {HINT}" in text_of(page)
    assert page.status_code == 200
    again = sign_in(cast.ann).get(url(ann_edits, "edit"))
    assert f"Olga Orr, Northgate, {HINT}" not in text_of(again)
    assert f"Somebody at Northgate {HINT}" in text_of(again)


def test_a_colleague_is_named(cast, sign_in, ann_edits):
    colleague = make_person(cast.alpha, Role.RESELLER)
    page = sign_in(colleague).get(url(ann_edits, "edit"))
    assert f"Ann Abe, Alpha, {HINT}" in text_of(page)


def test_it_ends_with_the_heartbeat(cast, sign_in, ann_edits):
    now = clock.now()
    with clock.at(now + timedelta(seconds=90)):
        beat(sign_in(cast.ann), ann_edits)
    with clock.at(now + timedelta(seconds=180)):
        assert HINT in text_of(sign_in(cast.olga).get(url(ann_edits, "edit")))
    with clock.at(now + timedelta(seconds=220)):
        assert HINT not in text_of(sign_in(cast.olga).get(url(ann_edits, "edit")))
        assert list(Editing.objects.values_list("user", flat=True)) == [cast.olga.user_id]


def test_it_ends_when_the_form_is_saved(cast, sign_in, ann_edits):
    client = sign_in(cast.ann)
    client.post(url(ann_edits, "edit"), sent_from(client.get(url(ann_edits, "edit")), city="Porto"))
    assert HINT not in text_of(sign_in(cast.olga).get(url(ann_edits, "edit")))


def test_a_heartbeat_answers_only_what_is_new(cast, sign_in, ann_edits):
    client = sign_in(cast.olga)
    first = beat(client, ann_edits, known="")
    assert f"Ann Abe, Alpha, {HINT}" in text_of(first)
    known = sent_from(client.get(url(ann_edits, "edit")), "editing")["known"]
    assert beat(client, ann_edits, known=known).status_code == 204
    Editing.objects.filter(user=cast.ann.user_id).delete()
    assert HINT not in text_of(beat(client, ann_edits, known=known))


def test_who_lost_the_lead_is_no_longer_there(cast, sign_in, ann_edits):
    assign_lead(ann_edits, to=cast.beta, actor=cast.rita)
    assert HINT not in text_of(sign_in(cast.olga).get(url(ann_edits, "edit")))


def test_only_who_may_edit_is_asked_and_answered(cast, sign_in, ann_edits):
    assert beat(sign_in(cast.ben), ann_edits).status_code == 404
    assert sign_in(cast.ann).get(url(ann_edits, "editing")).status_code == 405
    before = Editing.objects.count()
    assign_lead(ann_edits, to=cast.beta, actor=cast.rita)
    assert beat(sign_in(cast.ann), ann_edits).status_code in {403, 409}
    assert Editing.objects.count() == before


def test_one_row_for_each_person_and_no_query_for_each_of_them(cast, sign_in, ann_edits):
    client = sign_in(cast.olga)
    for _again in range(2):
        client.get(url(ann_edits, "edit"))
    assert Editing.objects.count() == 2
    cost = number_of_queries(client, url(ann_edits, "edit"))
    for _person in range(3):
        sign_in(make_person(cast.alpha, Role.RESELLER)).get(url(ann_edits, "edit"))
    assert number_of_queries(sign_in(cast.olga), url(ann_edits, "edit")) == cost


def test_who_looks_at_the_lead_reads_who_edits_it_and_is_not_counted(cast, sign_in, ann_edits):
    client = sign_in(cast.olga)
    assert f"Ann Abe, Alpha, {HINT}" in text_of(client.get(url(ann_edits)))
    assert list(Editing.objects.values_list("user", flat=True)) == [cast.ann.user_id]
    assert HINT not in text_of(sign_in(cast.ann).get(url(ann_edits)))


def test_the_page_of_a_lead_asks_again_without_naming_anybody(cast, sign_in, ann_edits):
    client, address = sign_in(cast.olga), url(ann_edits, "editors")
    first = client.get(address, {"known": ""})
    assert f"Ann Abe, Alpha, {HINT}" in text_of(first)
    known = re.search(r'name="known" value="(\w+)"', first.content.decode())[1]
    assert client.get(address, {"known": known}).status_code == 204
    Editing.objects.all().delete()
    answer = client.get(address, {"known": known})
    assert answer.status_code == 200
    assert HINT not in text_of(answer)
    assert client.get(address, {"known": ""}).status_code == 204


def test_a_desk_that_lost_the_lead_is_told_of_nobody(cast, sign_in, ann_edits):
    assign_lead(ann_edits, to=cast.beta, actor=cast.rita)
    sign_in(cast.ben).get(url(ann_edits, "edit"))
    client = sign_in(cast.ann)
    for address in (url(ann_edits), url(ann_edits, "editors")):
        assert HINT not in text_of(client.get(address))
    assert "editors/" not in client.get(url(ann_edits)).content.decode()
