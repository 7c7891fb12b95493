"""History on the page: one sentence for every kind, who and when, and who reads which reason."""

import csv
import io

import pytest

from accounts.enums import Role
from accounts.models import User
from leads.enums import Audience, EventKind, NoteKind, Outcome, Progress
from leads.models import Event
from leads.selectors.sale_sentences import KINDS
from leads.selectors.sentences import _SENTENCES
from leads.services.conversion import Wish, convert_lead
from leads.services.history import record
from leads.services.leads import associate_company, create_from_listing, create_lead, edit_lead
from leads.services.lifecycle import (
    accept_lead,
    assign_lead,
    decline_lead,
    delete_lead,
    disqualify_lead,
    restore_lead,
)
from leads.services.marks import (
    give_lead,
    mark_invalid,
    qualify_lead,
    set_next_step,
    set_outcome,
    set_progress,
)
from leads.services.notes import add_note
from leads.services.sales import add_products, remove_product
from tests.factories import make_person
from tests.leads.views.reading import CONTACT, text_of, url


def lines_of(client, lead) -> str:
    return text_of(client.get(url(lead, "history"))).split("Apply filters")[1]


def test_every_kind_has_a_sentence():
    assert set(_SENTENCES) | KINDS == set(EventKind)


def test_every_kind_is_shown_whatever_its_codes_are(cast, sign_in, form_lead):
    for kind in EventKind:
        record(form_lead, kind, actor=cast.olga, is_quiet=True)
        record(
            form_lead,
            kind,
            actor=cast.olga,
            is_quiet=True,
            data={"company": 10**9, "product": "x", "from": 7, "to_holder": None},
        )
    answer = sign_in(cast.rita).get(url(form_lead, "history"))
    assert answer.status_code == 200


def test_a_life_reads_in_sentences(cast, sign_in, form_lead):
    lead = form_lead
    carl = make_person(
        cast.alpha, Role.RESELLER, email="carl@example.com", first_name="Carl", last_name="Cox"
    )
    qualify_lead(lead, actor=cast.vera)
    assign_lead(lead, to=cast.alpha, actor=cast.rita)
    lead = accept_lead(lead, actor=cast.ann)
    give_lead(lead, to=User.objects.get(pk=carl.user_id), actor=cast.ann)
    add_note(lead, body="Hello", kind=NoteKind.NOTE, audience=Audience.EVERYBODY, actor=cast.ann)
    add_products(lead, products=[cast.product], actor=cast.ann)
    remove_product(lead, product=cast.product, actor=cast.ann)
    set_progress(lead, progress=Progress.CONTACTED, actor=cast.ann)
    set_next_step(lead, text="Call", on=None, actor=cast.ann)
    set_next_step(lead, text="", on=None, actor=cast.ann)
    cleo = User.objects.get(pk=cast.cleo.user_id)
    lead = associate_company(lead, user=cleo, company=cast.customer, actor=cast.ann)
    edit_lead(
        lead,
        details={"city": "Porto", "country": "PT"},
        attributes={},
        version=lead.version,
        actor=cast.ann,
    )
    convert_lead(lead, wish=Wish("Northwind", "ana@northwind.example"), actor=cast.olga)
    set_outcome(lead, outcome=Outcome.WON, actor=cast.olga)
    words = lines_of(sign_in(cast.olga), lead)
    for said in (
        "Lead created from product profile Acme Backup Form Acme Backup",
        "Lead marked as qualified",
        "Lead assigned to Alpha Status: Submitted → became Assigned Recipient: Northgate → became Alpha",
        "Lead accepted Status: Assigned → became Referred Ann Abe, Alpha",
        "Person in charge: Ann Abe → became Carl Cox",
        "Note added",
        "Product Acme Backup added",
        "Product Acme Backup removed",
        "Progress: New → became Contacted",
        "Next step set Next step: empty → became Call",
        "Next step cleared",
        "Company association created: Contoso",
        "Company association removed: Contoso",
        "Town: empty → became Porto",
        "Country: empty → became Portugal",
        "Lead converted into the customer company Northwind",
        "Lead marked as won Outcome: Open → became Won",
    ):
        assert said in words, said


def test_leads_made_by_hand_and_ended_ones(cast, sign_in):
    lead = create_lead(CONTACT, actor=cast.olga)
    delete_lead(lead, actor=cast.olga)
    restore_lead(lead, actor=cast.olga)
    reason = cast.northgate.disqualify_reasons.get(needs_text=True)
    disqualify_lead(lead, reason=reason, text="Too small", actor=cast.olga)
    words = lines_of(sign_in(cast.olga), lead)
    for said in ("Lead created manually Olga Orr, Northgate", "Lead deleted", "Lead restored",
                 "Lead disqualified: Other", "Too small"):  # fmt: skip
        assert said in words
    other = create_from_listing(cast.listing, CONTACT, {})
    mark_invalid(other, actor=cast.vera)
    assert "Lead marked as invalid" in lines_of(sign_in(cast.vera), other)


def test_decline_reasons_are_for_managers_and_the_company_that_declined(cast, sign_in, form_lead):
    assign_lead(form_lead, to=cast.vertex, message="Yours first", actor=cast.olga)
    decline_lead(form_lead, reason="No capacity", actor=cast.vera)
    assign_lead(form_lead, to=cast.alpha, actor=cast.olga)
    accept_lead(form_lead, actor=cast.ann)
    for who, reads in [("olga", True), ("rita", True), ("vera", True), ("ann", False)]:
        words = lines_of(sign_in(getattr(cast, who)), form_lead)
        assert ("Lead declined by Vertex" in words) is reads, who
        assert ("No capacity" in words) is reads, who
        assert ("Yours first" in words) is reads, who


def test_custom_attributes_are_shown_to_those_who_may_see_them(cast, sign_in, referred):
    from templates_app.models import CustomAttribute

    CustomAttribute.objects.create(
        host=cast.northgate, key="budget", label="Yearly budget", view_roles=["reseller"]
    )
    edit_lead(
        referred,
        details={},
        attributes={"budget": "5000"},
        version=referred.version,
        actor=cast.olga,
    )
    assert "Yearly budget: empty → became 5000" in lines_of(sign_in(cast.ann), referred)
    words = lines_of(sign_in(cast.vera), referred)
    assert "Lead updated" in words
    assert "5000" not in words


def test_history_is_narrowed_by_kind_and_person(cast, sign_in, referred):
    client = sign_in(cast.rita)
    words = text_of(
        client.get(f"{url(referred, 'history')}?kind=assigned&person={cast.rita.user_id}")
    )
    assert "Lead assigned to Alpha" in words
    assert "Lead accepted" not in words.split("Apply filters")[1]
    assert "Clear all filters" in words
    for odd in ("kind=x", "person=x", f"person={10**30}", "before=x", "kind=%00"):
        assert client.get(f"{url(referred, 'history')}?{odd}").status_code == 200


def test_history_file_has_a_row_for_each_line(cast, sign_in, referred):
    client = sign_in(cast.rita)
    answer = client.get(f"/leads/{referred.reference}/history.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 1 + Event.objects.filter(lead=referred).count()
    assert rows[0] == ["When", "What", "Changes", "Remark", "Who"]
    assert rows[1][1:3] == ["Lead accepted", "Status: Assigned → Referred"]
    assert sign_in(cast.otto).get(f"/leads/{referred.reference}/history.csv").status_code == 404


@pytest.mark.parametrize("who", ["ann", "vera"])
def test_names_of_people_and_companies_stay_readable_for_all_on_the_lead(
    cast, sign_in, referred, who
):
    assert "Rita Rey, Northgate" in lines_of(sign_in(getattr(cast, who)), referred)
