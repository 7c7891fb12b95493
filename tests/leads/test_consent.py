"""Consent that is taken back, the one acknowledgement, all data of a person, and data kept only so long."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from accounts.actors import SYSTEM
from accounts.models import Job, OutgoingMail
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden
from leads.enums import Audience, EventKind, HolderDesk, NoteKind, Status
from leads.models import Event, ExportRecord, Lead, Submission
from leads.services.consent import MOST, withdraw_consent
from leads.services.leads import Consent, create_from_listing, edit_lead
from leads.services.lifecycle import restore_lead
from leads.services.merging_leads import merge_leads
from leads.services.notes import add_note
from leads.services.retention import KEEP, apply_retention
from templates_app.enums import FieldKind
from templates_app.models import LeadTemplate, Listing, Marketplace
from tests.factories import make_lead, make_marketplace, make_submission, make_version
from tests.leads.intake.visitor import ANSWERS, open_form, send
from tests.leads.views.reading import text_of
from tests.smtp import mail_server

CONTACT = {"first_name": "Ana", "last_name": "Sousa", "email": "ana@northwind.example"}


def lines(lead, kind) -> list[Event]:
    """The lines of one kind in a lead's history."""
    return list(Event.objects.filter(lead=lead, kind=kind))


@pytest.fixture
def agreed(cast):
    """A lead whose prospect has agreed to something."""
    consent = Consent(text="You may write to me.", source="Version 1 of /f/acme/")
    return create_from_listing(cast.listing, CONTACT, {}, consent=consent)


# --- Consent -------------------------------------------------------------------------------------------


def test_withdrawal_is_noted_once_with_history_also_on_what_was_merged(cast, agreed, sign_in):
    other = create_from_listing(cast.listing, CONTACT, {}, consent=Consent("Yes.", "x"))
    merge_leads(agreed, other, actor=cast.olga)
    client = sign_in(cast.rita)
    assert "Note a withdrawal" in text_of(client.get(f"/leads/{agreed.reference}/"))
    page = f"/leads/{agreed.reference}/consent/"
    assert "Yes." in text_of(client.get(page))  # of two consents the newer one counts
    assert client.post(page).url == f"/leads/{agreed.reference}/"
    words = text_of(client.get(f"/leads/{agreed.reference}/"))
    assert "Withdrawn" in words
    assert "Consent withdrawn" in words
    assert client.post(page).status_code == 409
    withdraw_consent(agreed, actor=cast.olga)
    for lead in (agreed, other):
        lead.refresh_from_db()
        assert lead.consent_withdrawn_at
        assert len(lines(lead, EventKind.CONSENT_WITHDRAWN)) == 1


def test_who_does_not_work_on_the_lead_notes_no_withdrawal(cast, agreed):
    with pytest.raises(Forbidden):
        withdraw_consent(agreed, actor=cast.vera)
    with pytest.raises(Conflict):
        withdraw_consent(make_lead(cast.northgate), actor=cast.olga)


# --- Acknowledgement -----------------------------------------------------------------------------------


@pytest.fixture
def acknowledging(cast):
    template = LeadTemplate.objects.filter(versions=cast.listing.version)
    template.update(sends_acknowledgement=True, acknowledgement="Vera calls you.")


def test_prospect_gets_one_mail_with_the_receipt_and_what_happens_next(
    cast, client, settings, acknowledging
):
    """From the form through the worker to a mail server: to the right person, and no word of the visitor's."""
    agree = {"key": "terms", "label": "Northgate may write to me.", "kind": FieldKind.CONSENT}
    version = make_version(cast.vertex, more=[agree])
    Listing.objects.filter(pk=cast.listing.pk).update(version=version, thanks="See you soon.")
    LeadTemplate.objects.update(sends_acknowledgement=True, acknowledgement="Vera calls you.")
    path = cast.listing.form_path
    token = open_form(client, path)
    typed = {"first_name": "Buy now at spam.example", "company": "Secretive", "budget": "98765"}
    for _post in range(2):
        send(client, path, {**ANSWERS, **typed, "terms": "on"}, token)
    lead = Lead.objects.get()
    OutgoingMail.objects.update(due_at=clock.now() - timedelta(seconds=1))
    with mail_server(settings) as received:
        call_command("worker", once=True)
    (mail,) = [one for one in received if one["To"] == "ana@northwind.example"]
    assert (mail["Cc"], mail["Bcc"]) == (None, None)
    assert mail["Subject"] == f"{cast.marketplace.name} has your request: {lead.reference}"
    for kind in ("plain", "html"):
        text = mail.get_body([kind]).get_content()
        for words in (
            "Northgate or one of its partners will contact you by",
            lead.reference,
            "Vera calls you.",
            "See you soon.",
            "You agreed to this:",
            "Northgate may write to me.",
        ):
            assert words in text, (kind, words)
    # Who types somebody else's address cannot write to them, nor let the portal tell them more.
    whole = mail.as_bytes(policy=mail.policy.clone(cte_type="8bit")).decode()
    assert not [word for word in (*typed.values(), "Sousa", "/leads/") if word in whole]
    assert len(lines(lead, EventKind.ACKNOWLEDGED)) == 1
    assert Submission.objects.get().acknowledgement.state == "sent"


def test_no_mail_where_the_template_does_not_say_so_nor_again_and_again(
    cast, client, acknowledging
):
    path = cast.listing.form_path
    for number in range(MOST + 2):
        send(
            client,
            path,
            {**ANSWERS, "email": f"ana+{number}@northwind.example"},
            open_form(client, path),
        )
    assert OutgoingMail.objects.count() == MOST
    LeadTemplate.objects.update(sends_acknowledgement=False)
    send(client, path, {**ANSWERS, "email": "eva@northwind.example"}, open_form(client, path))
    assert OutgoingMail.objects.count() == MOST
    assert Lead.objects.count() == MOST + 3


def test_template_says_whether_it_acknowledges(cast, sign_in):
    template = LeadTemplate.objects.get(versions=cast.listing.version)
    client = sign_in(cast.vera)
    page = f"/templates/{template.pk}/edit/"
    client.post(
        page, {"name": template.name, "sends_acknowledgement": "on", "acknowledgement": "We call."}
    )
    template.refresh_from_db()
    assert (template.sends_acknowledgement, template.acknowledgement) == (True, "We call.")
    assert "By email, once" in text_of(client.get(f"/templates/{template.pk}/"))


# --- Everything about one person -----------------------------------------------------------------------


def test_file_has_everything_about_the_person_and_history_says_who_took_it(cast, agreed, sign_in):
    changed = make_lead(cast.northgate, email="ana@northwind.example")
    edit_lead(
        changed, details={"email": "new@x.example"}, attributes={}, version=1, actor=cast.olga
    )
    add_note(
        agreed, body="Likes it", kind=NoteKind.CALL, audience=Audience.COMPANY, actor=cast.olga
    )
    make_submission(agreed, payload={"email": "ana@northwind.example"})
    merged = make_lead(cast.northgate, email="Ana@Northwind.example", city="Porto")
    merge_leads(make_lead(cast.northgate), merged, actor=cast.olga)
    make_lead(cast.southgate, email="ana@northwind.example")
    make_lead(cast.northgate, email="ana+x@northwind.example")
    client = sign_in(cast.olga)
    answer = client.post("/privacy/", {"email": "ANA@northwind.example"})
    assert answer["Content-Disposition"].startswith('attachment; filename="person_')
    found = {one["reference"]: one for one in json.loads(answer.content)["leads"]}
    assert set(found) == {agreed.reference, changed.reference, merged.reference}
    first = found[agreed.reference]
    assert first["consent_text"] == "You may write to me."
    assert first["notes"][0]["body"] == "Likes it"
    assert first["sent"][0]["payload"] == {"email": "ana@northwind.example"}
    assert found[merged.reference]["city"] == "Porto"
    changes = [value for line in found[changed.reference]["history"] for value in line["values"]]
    assert {"field": "email", "old": "ana@northwind.example", "new": "new@x.example"} in changes
    for lead in (agreed, changed, merged):
        (line,) = lines(lead, EventKind.PERSON_EXPORTED)
        assert line.actor_user_id == cast.olga.user_id
    assert ExportRecord.objects.get().rows == 3
    answer = client.post("/privacy/", {"email": "nobody@northwind.example"})
    assert (answer.status_code, ExportRecord.objects.count()) == (422, 1)
    assert "Nothing is stored about nobody@northwind.example." in text_of(answer)
    assert (
        sign_in(cast.rita).post("/privacy/", {"email": "ana@northwind.example"}).status_code == 404
    )


# --- Kept only so long ---------------------------------------------------------------------------------


@pytest.fixture
def closed(cast):
    """Leads of a marketplace that keeps for 90 days, by what they are; none may go but the first two."""
    Marketplace.objects.filter(pk=cast.marketplace.pk).update(retention_days=90)
    here = {"marketplace": cast.marketplace}
    elsewhere = make_marketplace(cast.northgate)
    return {
        "disqualified": make_lead(cast.northgate, Status.DISQUALIFIED, **here),
        "deleted": make_lead(cast.northgate, Status.DELETED, **here),
        "open": make_lead(cast.northgate, Status.REFERRED, **here),
        "elsewhere": make_lead(cast.northgate, Status.DELETED, marketplace=elsewhere),
        "nowhere": make_lead(cast.northgate, Status.DELETED, holder_desk=HolderDesk.HOST),
    }


def anonymised(leads) -> set[str]:
    """Which of the leads have lost their personal data."""
    gone = {name for name, lead in leads.items() if not Lead.objects.get(pk=lead.pk).email}
    assert gone == {
        name for name, lead in leads.items() if Lead.objects.get(pk=lead.pk).anonymised_at
    }
    return gone


def test_rule_removes_what_has_been_kept_for_long_enough_and_no_day_earlier(cast, closed):
    for days, gone in ((89, set()), (91, {"disqualified", "deleted"})):
        with clock.at(clock.now() + timedelta(days=days)):
            said = StringIO()
            call_command("apply_retention", "--dry-run", stdout=said)
            assert f"{len(gone)} leads" in said.getvalue()
            assert anonymised(closed) == set()
            call_command("apply_retention", stdout=said)
            assert f"{len(gone)} leads anonymised." in said.getvalue()
            assert anonymised(closed) == gone
            assert list(apply_retention()) == []
    (line,) = lines(closed["deleted"], EventKind.ANONYMISED)
    assert (line.data, line.actor_name) == (
        {"reason": "retention"},
        f"Retention rule of {cast.marketplace.name}",
    )


def test_worker_does_it_once_a_day(cast, closed):
    call_command("worker", once=True)
    assert anonymised(closed) == set()
    call_command("worker", once=True)
    job = Job.objects.get(kind=KEEP, state="waiting")
    assert timedelta(hours=23) < job.due_at - clock.now() < timedelta(hours=25)
    Job.objects.filter(pk=job.pk).update(due_at=clock.now() - timedelta(seconds=1))
    with clock.at(clock.now() + timedelta(days=91)):
        call_command("worker", once=True)
    assert anonymised(closed) == {"disqualified", "deleted"}


def test_lead_that_comes_back_counts_anew(cast, closed):
    lead = closed["deleted"]
    with clock.at(clock.now() + timedelta(days=20)):
        restore_lead(lead, actor=SYSTEM)
    with clock.at(clock.now() + timedelta(days=91)):
        list(apply_retention())
    assert anonymised(closed) == {"disqualified"}


def test_marketplace_manager_sets_the_rule(cast, sign_in):
    page = f"/marketplaces/{cast.marketplace.pk}/edit/"
    given = {"name": "Northgate Store", "is_active": "on"}
    client = sign_in(cast.olga)
    for days in ("29", "x", "40000"):
        assert client.post(page, {**given, "retention_days": days}).status_code == 422
    for days, stored in (("365", 365), ("", None)):
        assert client.post(page, {**given, "retention_days": days}).status_code == 302
        cast.marketplace.refresh_from_db()
        assert cast.marketplace.retention_days == stored
