"""Mailboxes: who makes which, what their pages tell, and a mapping that mends what came before."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leads.enums import SubmissionState
from leads.forms.sources import field_name
from leads.models import Lead, Mailbox, Source, Submission
from leads.rules.sources.addresses import unseal
from leads.services.mails import take_mail
from tests.factories import fresh
from tests.leads.intake import letters
from tests.leads.intake.senders import FORM
from tests.leads.intake.sending import make_mailbox, make_source, post
from tests.leads.views.reading import text_of

PASSWORD = "never-shown-again"
TYPED = {
    "name": "sales@fabrikam.example",
    "host": "IMAP.fabrikam.example",
    "connection": "tls",
    "port": "993",
    "user": "sales",
    "password": PASSWORD,
    "folder": "",
    "moves_to": "Leads",
    "takes_programs": "on",
    "mails_per_hour": "60",
}


@pytest.fixture
def intake(settings) -> None:
    settings.INTAKE_MAIL = "leads@in.example.com"


@pytest.fixture
def mailbox(cast) -> Source:
    """A mailbox of Northgate whose leads are for Acme Backup."""
    return make_mailbox(
        cast.olga,
        f"listing-{cast.listing.pk}",
        host="imap.fabrikam.example",
        user="sales",
        password=PASSWORD,
    )


def url(name: str, source: Source, *more: int) -> str:
    return reverse(f"leads:{name}", args=[source.pk, *more])


def take(source: Source, raw: bytes) -> Submission:
    return take_mail(source, raw, size=len(raw))


def test_a_mailbox_is_made_shown_and_changed_and_its_password_is_never_shown(cast, sign_in, intake):
    client = sign_in(cast.olga)
    feed = {"feed": f"listing-{cast.listing.pk}"}
    made = client.post(reverse("leads:mailbox_new"), {**TYPED, **feed}, follow=True)
    source = Source.objects.get()
    row = source.mailbox
    assert (row.imap_host, row.port, row.user, row.folder, row.moves_to, row.takes_programs) == (
        "imap.fabrikam.example", 993, "sales", "INBOX", "Leads", True,
    )  # fmt: skip
    assert PASSWORD not in row.password
    assert unseal(row.password) == PASSWORD
    assert source.mail_address in made.content.decode()
    again = client.post(reverse("leads:mailbox_new"), {**TYPED, **feed})
    assert "There is a source with this name" in again.content.decode()

    edit = url("mailbox_edit", source)
    assert client.post(edit, {**TYPED, "password": "", "name": "Sales"}).status_code == 302
    row.refresh_from_db()
    assert unseal(row.password) == PASSWORD
    pages = [edit, url("mailbox", source), url("mailbox_mapping", source), reverse("leads:mailboxes")]  # fmt: skip
    assert not [page for page in pages if PASSWORD in client.get(page).content.decode()]
    # A stored password is sent to the server alone that it was typed for.
    for changed in ({"host": "imap.evil.example"}, {"user": "boss"}):
        answer = client.post(edit, {**TYPED, "password": "", **changed})
        assert "Enter the password of this mailbox" in answer.content.decode()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"host": "https://imap.fabrikam.example"}, "Enter the name of a mail server, like"),
        ({"host": "a b"}, "Enter the name of a mail server, like"),
        ({"host": "\N{FULLWIDTH DIGIT ONE}27.1"}, "Enter the name of a mail server, like"),
        ({"user": ""}, "Enter the user name"),
        ({"password": ""}, "Enter the password of this mailbox"),
        ({"port": "22"}, "Enter 993 or 143: mail servers listen there"),
        ({"port": "0"}, 'aria-invalid="true"'),
        ({"port": "x"}, 'aria-invalid="true"'),
        ({"connection": "plain", "port": "143"}, "Choose TLS or STARTTLS"),
        ({"connection": "nonsense"}, "Connection"),
        ({"host": ""}, "Enter the mail server"),
        ({"mails_per_hour": "0"}, 'aria-invalid="true"'),
        ({"feed": "listing-999999"}, "Choose what the leads are for"),
        ({"name": ""}, "Enter a name"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_nothing_is_stored(
    cast, sign_in, wrong, sentence
):
    client = sign_in(cast.olga)
    typed = {**TYPED, "feed": f"listing-{cast.listing.pk}", **wrong}
    answer = client.post(reverse("leads:mailbox_new"), typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Source.objects.exists()


def test_with_an_address_nothing_needs_to_be_fetched(cast, sign_in, intake):
    client = sign_in(cast.olga)
    typed = {"name": "Mails", "mails_per_hour": "60", "feed": f"listing-{cast.listing.pk}"}
    assert client.post(reverse("leads:mailbox_new"), typed).status_code == 302
    source = Source.objects.get()
    assert client.post(url("mailbox_test", source)).status_code == 409
    before = source.mail_address
    assert before in client.get(url("mailbox", source)).content.decode()
    assert client.post(url("mailbox_address", source)).status_code == 302
    source.refresh_from_db()
    assert source.mail_address != before


def test_a_mailbox_is_paused_and_resumed_and_tested(cast, sign_in, mailbox):
    client = sign_in(cast.olga)
    assert client.post(url("mailbox_resume", mailbox)).status_code == 409
    for word, state in (("mailbox_pause", "Paused"), ("mailbox_resume", "In use")):
        assert client.post(url(word, mailbox)).status_code == 302
        assert state in client.get(reverse("leads:mailboxes")).content.decode()
    client.post(url("mailbox_test", mailbox))
    row = Mailbox.objects.get()
    assert row.test_asked_at
    assert "The connection is being tested." in client.get(url("mailbox", mailbox)).content.decode()
    part = client.get(url("mailbox", mailbox), headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith("<section")
    Mailbox.objects.update(test_asked_at=None, last_error="The mail server does not answer.")
    assert (
        "The mail server does not answer." in client.get(url("mailbox", mailbox)).content.decode()
    )


def test_a_mapping_mends_mails_that_came_before(cast, sign_in, mailbox):
    raw = letters.mail("From: nobody", body="Rückruf: +351 912 345 678\nWer: Maya Okafor\n")
    row = take(mailbox, raw)
    assert row.state == SubmissionState.ATTENTION
    client = sign_in(cast.olga)
    page = client.get(url("mailbox_mapping", mailbox)).content.decode()
    assert "Rückruf" in page
    chosen = {field_name("Rückruf"): "phone", field_name("Wer"): "name"}
    assert client.post(url("mailbox_mapping", mailbox), chosen).status_code == 302
    assert client.post(url("mailbox_replay", mailbox, row.pk)).status_code == 302
    lead = Lead.objects.get()
    assert (lead.phone, lead.first_name) == ("+351 912 345 678", "Maya")
    assert lead.reference in client.get(url("mailbox", mailbox)).content.decode()


def test_the_page_of_a_mail_shows_it_safely(cast, sign_in, mailbox):
    raw = letters.mail(
        "Subject: <b>x", "Content-Type: text/html", body="<script>evil()</script><p>Fine</p>"
    )
    row = take(mailbox, raw)
    page = sign_in(cast.olga).get(url("mailbox_delivery", mailbox, row.pk)).content.decode()
    assert "Fine" in page
    assert "<script>evil" not in page
    assert "&lt;script&gt;evil" in page, "as it came"
    assert "<b>x" not in page
    waiting = take(mailbox, letters.BY_MACHINES["bounce"][0])
    page = sign_in(cast.olga).get(reverse("leads:submission", args=[waiting.pk])).content.decode()
    assert "Automatic mail or loop" in page


def test_the_log_says_who_wrote_and_about_what(cast, sign_in, mailbox):
    head = ("From: Maya <maya@fabrikam.example>", "Subject: Two <i>offers</i>")
    take(mailbox, letters.mail(*head, body="Hello"))
    gone = take(mailbox, letters.mail("From: ana@x.example", body="Hello"))
    Submission.objects.filter(pk=gone.pk).update(payload={}, body=b"")
    page = sign_in(cast.olga).get(url("mailbox", mailbox))
    assert "maya@fabrikam.example Two <i>offers</i> Made" in text_of(page)
    assert "<i>offers" not in page.content.decode()
    assert "Not known None" in text_of(page), "personal data that were removed"


def test_only_who_manages_a_mailbox_sees_it_or_its_mails(client, cast, sign_in, mailbox, intake):
    row = take(mailbox, letters.CONTACT_FORM)
    own = make_mailbox(cast.vera, f"listing-{cast.listing.pk}", name="Vertex's")
    webhook = make_source(cast.vera, f"listing-{cast.listing.pk}", name="Form")
    client = sign_in(cast.vera)
    assert client.get(url("mailbox", own)).status_code == 200
    hidden = [url("mailbox", mailbox)]
    hidden += [url("mailbox_delivery", one, row.pk) for one in (mailbox, own)]
    # A mailbox is no webhook source and the other way round: neither by its page nor by its address.
    hidden += [url("source", own), url("mailbox", webhook)]
    assert {client.get(page).status_code for page in hidden} == {404}
    assert post(client, own, b"email=maya%40fabrikam.example", FORM).status_code == 404
    assert client.post(url("mailbox_replay", own, row.pk)).status_code == 404
    assert sign_in(fresh(cast.ann)).get(url("mailbox", own)).status_code == 404


@pytest.mark.parametrize("which", ["mailboxes", "mailbox"])
def test_lists_cost_the_same_with_one_row_and_many(cast, sign_in, mailbox, which):
    reader = sign_in(cast.olga)
    address = reverse("leads:mailboxes") if which == "mailboxes" else url("mailbox", mailbox)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert reader.get(address).status_code == 200
        return len(queries)

    take(mailbox, letters.CONTACT_FORM)
    cost()
    first = cost()
    for number in range(30):
        take(mailbox, letters.mail(f"From: m{number}@fabrikam.example", body="Hello"))
        make_mailbox(cast.olga, f"marketplace-{cast.marketplace.pk}", name=f"M{number}")
    assert cost() == first


def test_navigation_shows_mailboxes_to_who_manages_them(cast, sign_in):
    cast.alpha.can_create_leads = True
    cast.alpha.save()
    entry = f'href="{reverse("leads:mailboxes")}"'
    shown = {name: entry in sign_in(getattr(cast, name)).get("/help/").content.decode() for name in (
        "olga", "rita", "vera", "ann", "sam", "ben", "ray", "cleo"
    )}  # fmt: skip
    assert [name for name, is_shown in shown.items() if is_shown] == ["olga", "rita", "vera", "ann"]
