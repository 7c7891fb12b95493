"""Who else has the edit page open: a hint, never a lock, and never a name to who may not see it (ux.md D16)."""

from datetime import timedelta

import pytest

from accounts.enums import Role
from leadportal.common import clock
from leads.enums import Status
from leads.models import Editing
from leads.services.lifecycle import assign_lead
from tests.factories import make_person
from tests.leads.views.reading import number_of_queries, sent_from, text_of, url

HINT = "has this lead open for editing too."


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
