"""Notes: who reads them, and fifteen minutes to correct them (domain.md section 3)."""

from datetime import timedelta

import pytest

from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden, NotFound
from leads.enums import Audience, HolderDesk, NoteKind, Status
from leads.models import Event, LeadAccess, Note
from leads.services.lifecycle import assign_lead
from leads.services.notes import add_note, delete_note, edit_note
from tests.factories import make_lead, make_person


@pytest.fixture
def lead(cast):
    """A lead that Alpha works on for Vertex's product."""
    return make_lead(
        cast.northgate,
        Status.REFERRED,
        product=cast.product,
        holder=cast.alpha,
        holder_desk=HolderDesk.COMPANY,
    )


def write(lead, actor, audience=Audience.COMPANY, **more):
    """Add a note."""
    return add_note(
        lead,
        body="Called, wants a quote",
        kind=NoteKind.CALL,
        audience=audience,
        actor=actor,
        **more,
    )


def readers(cast, model, lead) -> set[str]:
    """Who of the people around the lead reads its rows of `model`."""
    return {
        actor.company_name
        for actor in (cast.olga, cast.rita, cast.ann, cast.vera)
        if model.objects.readable_by(actor, None).filter(lead=lead).exists()
    }


def test_own_note_is_read_by_the_own_company_alone_and_leaves_no_line_for_others(cast, lead):
    write(lead, cast.ann)
    assert readers(cast, Note, lead) == {"Alpha"}
    assert readers(cast, Event, lead) == {"Alpha"}


def test_note_for_everybody_is_read_by_everybody(cast, lead):
    write(lead, cast.ann, Audience.EVERYBODY)
    assert readers(cast, Note, lead) == {"Northgate", "Alpha", "Vertex"}


def test_second_post_of_one_form_makes_one_note(cast, lead):
    assert write(lead, cast.ann, key="k1") == write(lead, cast.ann, key="k1")


def test_author_corrects_and_removes_within_the_time(cast, lead):
    note = write(lead, cast.ann)
    assert edit_note(note, body="Called twice", actor=cast.ann).edited_at is not None
    delete_note(note, actor=cast.ann)
    assert readers(cast, Note, lead) == set()


def test_after_fifteen_minutes_it_stays(cast, lead):
    note = write(lead, cast.ann)
    with clock.at(clock.now() + timedelta(minutes=16)), pytest.raises(Conflict, match="15 minutes"):
        edit_note(note, body="Never said that", actor=cast.ann)


def test_colleagues_note_is_not_mine_to_change(cast, lead):
    colleague = make_person(cast.alpha, "reseller")
    note = write(lead, colleague)
    with pytest.raises(NotFound):
        delete_note(note, actor=cast.ann)


def test_former_holder_reads_up_to_its_last_moment_and_writes_no_more(cast, lead):
    write(lead, cast.ann)
    assign_lead(lead, to=cast.beta, actor=cast.olga)
    with clock.at(clock.now() + timedelta(minutes=1)):
        write(lead, cast.ben, Audience.EVERYBODY)
        access = LeadAccess.objects.get(lead=lead, desk=cast.ann.desk_id)
        assert Note.objects.readable_by(cast.ann, access).filter(lead=lead).count() == 1
        with pytest.raises(Forbidden):
            write(lead, cast.ann)


@pytest.mark.parametrize("status", [Status.DISQUALIFIED, Status.DELETED])
def test_closed_lead_takes_no_notes_but_a_converted_one_does(cast, status):
    with pytest.raises(Conflict):
        write(make_lead(cast.northgate, status), cast.olga)
    assert write(make_lead(cast.northgate, Status.CONVERTED), cast.olga)
