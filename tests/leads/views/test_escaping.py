"""Markup in any field is shown as text, on every page of a lead."""

import pytest

from accounts.models import User
from leads.enums import Audience, HolderDesk, NoteKind, Status
from leads.models import LeadProduct
from leads.rules.workflow import Action
from leads.services.carried import CONTACT
from leads.services.leads import associate_company
from leads.services.lifecycle import assign_lead
from leads.services.marks import set_next_step
from leads.services.notes import add_note
from templates_app.enums import VersionState
from tests.factories import make_lead, make_version
from tests.leads.views.reading import url

EVIL = "<img src=x>'\"&"
SHORT = {"country": "PT", "size": "<b>'\"&", "postcode": "<b>'\"&", "email": "a@evil.example"}


@pytest.fixture
def evil_lead(cast):
    """A lead that is markup wherever text can stand."""
    version = make_version(cast.vertex, VersionState.DRAFT, name=EVIL)
    version.fields.update(label=EVIL)
    lead = make_lead(
        cast.northgate,
        Status.REFERRED,
        **{name: SHORT.get(name, EVIL) for name in CONTACT},
        holder=cast.alpha,
        holder_desk=HolderDesk.COMPANY,
        product=cast.product,
        marketplace=cast.marketplace,
        template_version=version,
        answers={"budget": EVIL, "first_name": EVIL},
        consent_text=EVIL,
        consent_source=EVIL,
        consent_at="2026-01-01T00:00Z",
        source_name=EVIL,
    )
    for thing in (cast.product, cast.marketplace, cast.alpha, cast.northgate, cast.customer):
        type(thing).objects.filter(pk=thing.pk).update(name=EVIL)
    User.objects.update(first_name=EVIL)
    add_note(lead, body=EVIL, kind=NoteKind.NOTE, audience=Audience.EVERYBODY, actor=cast.ann)
    set_next_step(lead, text=EVIL, on=None, actor=cast.ann)
    assign_lead(lead, to=None, message=EVIL, actor=cast.olga)
    cleo = User.objects.get(pk=cast.cleo.user_id)
    associate_company(lead, user=cleo, company=cast.customer, actor=cast.olga)
    LeadProduct.objects.create(lead=lead, product=cast.product)
    return lead


def test_no_page_of_a_lead_trusts_what_people_typed(cast, sign_in, evil_lead):
    client = sign_in(cast.olga)
    addresses = [
        url(evil_lead),
        url(evil_lead, "history"),
        "/",
        "/companies/",
        "/approvals/",
        "/leads/new/",
    ]
    addresses += [url(evil_lead, action) for action in Action]
    addresses += [f"/companies/{company.pk}/" for company in (cast.alpha, cast.northgate)]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code in {200, 302, 403, 409}, address
        assert "<img src=x>" not in answer.content.decode(), address


def test_typed_markup_comes_back_as_text(cast, sign_in, evil_lead):
    client = sign_in(cast.olga)
    for action in ("assign", "disqualify", "edit", "note", "associate"):
        sent = dict.fromkeys(
            ("target", "company", "message", "reason", "text", "first_name", "website", "email", "body", "kind"), EVIL
        )  # fmt: skip
        answer = client.post(url(evil_lead, action), sent)
        assert answer.status_code == 422, action
        assert "<img src=x>" not in answer.content.decode(), action
