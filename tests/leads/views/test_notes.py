"""Notes on the lead's page: who reads them, one for each form, corrected for fifteen minutes."""

import re
from datetime import timedelta

import pytest

from accounts.enums import Role
from leadportal.common import clock
from leads.enums import Audience, EventKind, NoteKind, Status
from leads.models import Event, Note
from leads.services.lifecycle import assign_lead
from leads.services.notes import add_note
from tests.factories import make_person
from tests.leads.views.reading import actions_of, text_of, url

NOTE = {"body": "Wants a quote for 40 seats", "kind": "call", "audience": "everybody"}


def key_on(page) -> str:
    return re.search(r'name="key" value="([^"]+)"', page.content.decode())[1]


def test_note_shows_author_company_time_and_readers(cast, sign_in, referred):
    client = sign_in(cast.ann)
    page = client.get(url(referred))
    assert "My company: only Alpha reads it" in text_of(page)
    assert "Everybody on this lead: Northgate, Alpha and Vertex read it" in text_of(page)
    client.post(url(referred, "note"), {**NOTE, "key": key_on(page)})
    page = client.get(url(referred))
    words = text_of(page)
    assert "Notes 1" in words
    assert "Wants a quote for 40 seats Visible to Northgate, Alpha and Vertex" in words
    assert re.search(
        r"<b>Ann Abe</b>.*?Alpha.*?<time datetime=\"[\d-]+T[\d:]+\+00:00\">",
        page.content.decode(),
        re.DOTALL,
    )
    assert "Call" in words


def test_one_form_makes_one_note(cast, sign_in, referred):
    client = sign_in(cast.ann)
    sent = {**NOTE, "key": key_on(client.get(url(referred)))}
    for _again in range(3):
        assert client.post(url(referred, "note"), sent).status_code == 302
    assert Note.objects.count() == 1
    assert Event.objects.filter(kind=EventKind.NOTE_ADDED).count() == 1


def test_a_key_of_another_lead_or_person_is_worth_nothing(cast, sign_in, referred, held):
    sent = {**NOTE, "key": "stolen"}
    for who, lead in [
        (cast.ann, referred),
        (cast.ann, held(Status.REFERRED)),
        (cast.rita, referred),
    ]:
        assert sign_in(who).post(url(lead, "note"), sent).status_code == 302
    assert Note.objects.count() == 3


def test_note_without_a_key_is_taken(cast, sign_in, referred):
    assert sign_in(cast.ann).post(url(referred, "note"), NOTE).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("body", "", "Enter a note"),
        ("body", " \x00\x01 ", "Enter a note"),
        ("body", "x" * 4001, "Note must be 4,000 characters or fewer. You have entered 4,001."),
        ("audience", "", "Choose who reads this note"),
        ("audience", "world", "Choose who reads this note"),
        ("kind", "song", "Choose a kind"),
        ("key", "k" * 65, "Form must be 64 characters or fewer."),
    ],
)
def test_bad_notes_come_back_with_everything_typed(cast, sign_in, referred, field, value, sentence):
    answer = sign_in(cast.ann).post(url(referred, "note"), {**NOTE, field: value})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    if field != "body":
        assert NOTE["body"] in answer.content.decode()
    assert not Note.objects.exists()


def test_a_company_note_never_reaches_another_company(cast, sign_in, referred):
    add_note(
        referred,
        body="Margin is 40 percent",
        kind=NoteKind.NOTE,
        audience=Audience.COMPANY,
        actor=cast.ann,
    )
    carl = make_person(cast.alpha, Role.RESELLER, email="carl@example.com")
    for who, reads in [
        (cast.ann, True),
        (carl, True),
        (cast.rita, False),
        (cast.olga, False),
        (cast.vera, False),
    ]:
        client = sign_in(who)
        for address in (url(referred), f"{url(referred)}?notes=margin", url(referred, "history"), "/",
                        f"/leads/{referred.reference}/history.csv"):  # fmt: skip
            answer = client.get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert b"Margin is 40" not in body or (reads and address.startswith(url(referred))), (
                who.name,
                address,
            )
        assert ("Margin is 40" in text_of(client.get(url(referred)))) is reads, who.name
        lines = text_of(client.get(url(referred, "history"))).split("Apply filters")[1]
        assert ("Note added" in lines) is reads, who.name


def test_a_company_note_stays_with_the_company_that_lost_the_lead(cast, sign_in, referred):
    add_note(
        referred, body="Ours alone", kind=NoteKind.NOTE, audience=Audience.COMPANY, actor=cast.ann
    )
    assign_lead(referred, to=cast.beta, actor=cast.olga)
    assert "Ours alone" in text_of(sign_in(cast.ann).get(url(referred)))
    assert "Ours alone" not in text_of(sign_in(cast.ben).get(url(referred)))


def test_own_note_is_changed_and_deleted_for_fifteen_minutes(cast, sign_in, referred):
    note = add_note(
        referred, body="Frist", kind=NoteKind.NOTE, audience=Audience.EVERYBODY, actor=cast.ann
    )
    client = sign_in(cast.ann)
    edit, delete = (f"{url(referred)}notes/{note.pk}/{what}/" for what in ("edit", "delete"))
    assert edit in client.get(url(referred)).content.decode()
    assert "Frist" in client.get(edit, HTTP_HX_REQUEST="true").content.decode()
    assert client.post(edit, {"body": ""}).status_code == 422
    assert client.post(edit, {"body": "Corrected"}).url == url(referred)
    assert "Corrected" in text_of(client.get(url(referred)))
    assert "edited" in text_of(client.get(url(referred)))
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert edit not in client.get(url(referred)).content.decode()
        assert client.get(edit).status_code == 409
        assert "A note can be changed for 15 minutes." in text_of(
            client.post(edit, {"body": "Late"})
        )
        assert client.post(delete).status_code == 409
    assert "Keep note" in text_of(client.get(delete))
    client.post(delete)
    assert "Corrected" not in text_of(client.get(url(referred))).split("History")[0]


@pytest.mark.parametrize("who", ["rita", "vera", "ben", "otto"])
def test_nobody_changes_the_note_of_somebody_else(cast, sign_in, referred, who):
    note = add_note(
        referred, body="Mine", kind=NoteKind.NOTE, audience=Audience.EVERYBODY, actor=cast.ann
    )
    client = sign_in(getattr(cast, who))
    for what in ("edit", "delete"):
        address = f"{url(referred)}notes/{note.pk}/{what}/"
        assert client.get(address).status_code == 404
        assert client.post(address, {"body": "Yours"}).status_code == 404
    assert Note.objects.get(pk=note.pk).body == "Mine"


def test_note_of_another_lead_is_not_there(cast, sign_in, referred, held):
    note = add_note(
        referred, body="Here", kind=NoteKind.NOTE, audience=Audience.EVERYBODY, actor=cast.ann
    )
    client = sign_in(cast.ann)
    assert client.get(f"{url(held())}notes/{note.pk}/edit/").status_code == 404
    assert client.get(f"{url(referred)}notes/{10**30}/edit/").status_code == 404


@pytest.mark.parametrize(
    ("status", "writes"),
    [
        (Status.SUBMITTED, True),
        (Status.CONVERTED, True),
        (Status.DISQUALIFIED, False),
        (Status.DELETED, False),
    ],
)
def test_notes_of_closed_leads_are_read_only_except_converted(cast, sign_in, held, status, writes):
    answer = sign_in(cast.olga).get(url(held(status)))
    assert ("note" in actions_of(answer)) is writes
    assert ("can be read, but not written" in text_of(answer)) is not writes
