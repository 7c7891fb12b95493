"""Undo: two minutes, the person who did it, nothing changed since (domain.md section 2)."""

from datetime import timedelta

import pytest

from leadportal.common import clock
from leadportal.common.errors import Conflict, NotFound
from leads.enums import Audience, EventKind, HolderDesk, NoteKind, Progress, Status
from leads.models import DisqualifyReason, Event, Lead, LeadProduct, Note
from leads.services.lifecycle import assign_lead, delete_lead, disqualify_lead
from leads.services.marks import set_progress
from leads.services.notes import add_note, delete_note
from leads.services.sales import add_products, remove_product
from leads.services.undo import undo
from tests.factories import make_lead


@pytest.fixture
def lead(cast) -> Lead:
    """A lead that the operator may do anything with."""
    return make_lead(
        cast.northgate, Status.REFERRED, holder=cast.beta, holder_desk=HolderDesk.COMPANY
    )


def last(lead: Lead) -> int:
    """The number of the newest history line."""
    return Event.objects.filter(lead=lead).order_by("-number").first().number


def columns(lead: Lead) -> dict:
    """What a lead holds, apart from its counters."""
    row = Lead.objects.filter(pk=lead.pk).values().get()
    return {k: v for k, v in row.items() if k not in {"version", "updated_at", "status_changed_at"}}


def spam(cast) -> DisqualifyReason:
    """The first reason of every host."""
    return DisqualifyReason.objects.get(host=cast.northgate, position=0)


MOVES = {
    "assign": lambda lead, cast: assign_lead(lead, to=cast.alpha, actor=cast.olga),
    "disqualify": lambda lead, cast: disqualify_lead(lead, reason=spam(cast), actor=cast.olga),
    "delete": lambda lead, cast: delete_lead(lead, actor=cast.olga),
    "progress": lambda lead, cast: set_progress(lead, progress=Progress.PURCHASED, actor=cast.olga),
    "product": lambda lead, cast: add_products(lead, products=[cast.product], actor=cast.olga),
}


@pytest.mark.parametrize("move", MOVES)
def test_the_lead_is_as_it_was(cast, lead, move):
    before = columns(lead)
    MOVES[move](lead, cast)
    undo(lead, number=last(lead), actor=cast.olga)
    assert columns(lead) == before
    assert not LeadProduct.objects.filter(lead=lead).exists()


def test_removed_product_and_deleted_note_come_back(cast, lead):
    add_products(lead, products=[cast.product], actor=cast.olga)
    remove_product(lead, product=cast.product, actor=cast.olga)
    undo(lead, number=last(lead), actor=cast.olga)
    assert LeadProduct.objects.filter(lead=lead).count() == 1
    note = add_note(
        lead, body="Call back", kind=NoteKind.NOTE, audience=Audience.COMPANY, actor=cast.olga
    )
    delete_note(note, actor=cast.olga)
    undo(lead, number=last(lead), actor=cast.olga)
    assert Note.objects.readable_by(cast.olga, None).filter(lead=lead).count() == 1


def test_the_company_that_had_it_for_a_moment_loses_it(cast, lead):
    assign_lead(lead, to=cast.alpha, actor=cast.olga)
    undo(lead, number=last(lead), actor=cast.olga)
    assert not Lead.objects.visible_to(cast.ann).filter(pk=lead.pk).exists()
    assert Lead.objects.visible_to(cast.ben).filter(pk=lead.pk).exists()


def test_too_late(cast, lead):
    set_progress(lead, progress=Progress.CONTACTED, actor=cast.olga)
    with clock.at(clock.now() + timedelta(minutes=3)), pytest.raises(Conflict):
        undo(lead, number=last(lead), actor=cast.olga)


def test_something_followed(cast, lead):
    set_progress(lead, progress=Progress.CONTACTED, actor=cast.olga)
    number = last(lead)
    set_progress(lead, progress=Progress.PURCHASED, actor=cast.ben)
    with pytest.raises(Conflict):
        undo(lead, number=number, actor=cast.olga)


def test_somebody_elses_change(cast, lead):
    set_progress(lead, progress=Progress.CONTACTED, actor=cast.olga)
    with pytest.raises(NotFound):
        undo(lead, number=last(lead), actor=cast.ben)


def test_conversion_cannot_be_undone():
    from leads.rules.undo import UNDOABLE

    assert EventKind.CONVERTED not in UNDOABLE
