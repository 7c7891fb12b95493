"""A company that lost the lead sees it as it was, and afterwards only the status (domain.md section 2, *Past*)."""

import pytest

from leads.enums import Audience, NoteKind, Status
from leads.models import Lead
from leads.rules.workflow import Action
from leads.services.leads import edit_lead
from leads.services.lifecycle import accept_lead, assign_lead
from leads.services.marks import set_next_step
from leads.services.notes import add_note
from tests.leads.views.reading import actions_of, text_of, url


@pytest.fixture
def lost(cast, referred):
    """A lead that Alpha worked on and that went to Beta, where it changed."""
    add_note(
        referred,
        body="While it was ours",
        kind=NoteKind.NOTE,
        audience=Audience.EVERYBODY,
        actor=cast.rita,
    )
    assign_lead(referred, to=cast.beta, actor=cast.olga)
    lead = accept_lead(referred, actor=cast.ben)
    edit_lead(
        lead,
        details={"phone": "+351 933 333 333", "company": "Northwind Global", "city": "Faro"},
        attributes={},
        version=lead.version,
        actor=cast.ben,
    )
    add_note(
        lead, body="Only later", kind=NoteKind.NOTE, audience=Audience.EVERYBODY, actor=cast.ben
    )
    set_next_step(lead, text="Secret plan", on=None, actor=cast.ben)
    return Lead.objects.get(pk=lead.pk)


def test_past_sees_contact_notes_and_history_as_they_were(cast, sign_in, lost):
    answer = sign_in(cast.ann).get(url(lost))
    words = text_of(answer)
    assert "<h1>Northwind Traders</h1>" in answer.content.decode()
    assert "Your company held this lead until" in words
    for seen in (
        "+351 912 345 678",
        "While it was ours",
        "Lead accepted",
        "Referred",
        lost.reference,
    ):
        assert seen in words
    for hidden in ("+351 933 333 333", "Northwind Global", "Faro", "Only later", "Secret plan", "Ben Bo",
                   "Opportunity Details", "Recipient Beta", "Where it stands"):  # fmt: skip
        assert hidden not in words, hidden
    for hidden in ("Northwind Global", 'id="products-head"'):
        assert hidden not in answer.content.decode(), hidden
    # Only the line by which it was lost names who has it now.
    assert words.count("Beta") == 2
    assert (
        "Lead assigned to Beta Status: Referred → became Assigned Recipient: Alpha → became Beta"
        in words
    )


def test_past_follows_the_status(cast, sign_in, lost):
    spam = cast.northgate.disqualify_reasons.first()
    from leads.services.lifecycle import disqualify_lead

    disqualify_lead(lost, reason=spam, text="Told in confidence", actor=cast.olga)
    words = text_of(sign_in(cast.ann).get(url(lost)))
    assert "Disqualified" in words
    assert "Spam or test" not in words
    assert "Told in confidence" not in words


def test_past_has_no_action_and_every_address_says_so(cast, sign_in, lost):
    client = sign_in(cast.ann)
    assert actions_of(client.get(url(lost))) == set()
    for action in Action:
        assert client.get(url(lost, action)).status_code == 403, action
        answer = client.post(url(lost, action))
        assert answer.status_code == 403, action
        assert b"Northwind Global" not in answer.content
    assert client.post(url(lost, "next-step"), {"next_step": "x"}).status_code == 403


def test_history_pages_end_where_the_lead_was_lost(cast, sign_in, lost):
    client = sign_in(cast.ann)
    words = text_of(client.get(url(lost, "history")))
    file = b"".join(client.get(f"/leads/{lost.reference}/history.csv").streaming_content).decode()
    for text in (words, file):
        assert "Lead accepted" in text
        assert "Faro" not in text
        assert "Ben Bo" not in text


def test_home_of_the_loser_says_nothing_of_what_came_later(cast, sign_in, lost):
    words = text_of(sign_in(cast.ann).get("/"))
    assert "Northwind Global" not in words
    assert "Ben Bo" not in words


def test_decline_ends_access_altogether(cast, sign_in, form_lead):
    assign_lead(form_lead, to=cast.alpha, actor=cast.rita)
    client = sign_in(cast.ann)
    client.post(url(form_lead, "decline"), {"reason": "No capacity"})
    assert client.get(url(form_lead)).status_code == 404
    assert Lead.objects.get(pk=form_lead.pk).status == Status.SUBMITTED
