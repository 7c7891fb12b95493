"""The door for webhooks: what senders post is a lead once, and nothing that anybody posts breaks it (webhooks.md)."""

import json
import random

import pytest
from django.conf import settings
from django.test import Client

from accounts.enums import DeskKind
from leadportal.common import clock
from leadportal.common.text import clean_line
from leads.enums import (
    AttentionReason,
    EventKind,
    HolderDesk,
    Proof,
    Qualification,
    SourceKind,
    Status,
    SubmissionState,
)
from leads.models import Event, Lead, LeadAccess, Note, Source, Submission
from leads.services.attention import retry_submission
from leads.services.sources import replace_address, switch_source
from templates_app.models import CustomAttribute, Listing
from tests.factories import fresh
from tests.leads.intake import senders
from tests.leads.intake.odd import ANYWHERE
from tests.leads.intake.racing import at_once
from tests.leads.intake.senders import FORM, JSON
from tests.leads.intake.sending import deliver, make_source, path_of, post


@pytest.fixture
def source(cast) -> Source:
    """A source of Northgate whose leads are for Acme Backup."""
    return make_source(cast.olga, f"listing-{cast.listing.pk}")


# --- Leads -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", senders.EVERY)
def test_what_every_sender_posts_is_the_right_lead_once(cast, name):
    message = senders.EVERY[name]
    source = make_source(cast.olga, f"listing-{cast.listing.pk}", mapping=message.mapping)
    client = Client(enforce_csrf_checks=True)
    first, again = (deliver(client, source, message) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    submission = Submission.objects.get()
    assert first.json() == again.json() == {"ok": True, "receipt": submission.receipt}
    assert not first.cookies

    lead = Lead.objects.get()
    assert {key: getattr(lead, key) for key in message.lead} == message.lead
    own = {key: value for key, value in lead.answers.items() if key in message.answers}
    assert own == message.answers
    assert [note.body for note in Note.objects.all()] == ([message.note] if message.note else [])
    assert lead.answers.get("email", lead.email) == lead.email  # the form's own question
    kept = json.dumps(submission.payload) + bytes(submission.body).decode()
    assert "203.0.113.9" not in kept
    assert "Mozilla" not in kept


def test_a_lead_of_a_listing_begins_as_that_of_its_form(client, cast, source):
    deliver(client, source, senders.WEBFLOW)
    lead = Lead.objects.get()
    assert (lead.status, lead.qualification) == (Status.SUBMITTED, Qualification.PENDING)
    assert (lead.host, lead.holder, lead.listing) == (cast.northgate, cast.northgate, cast.listing)
    assert (lead.source_kind, lead.source_label) == (SourceKind.WEBHOOK, "Contact form")
    event = Event.objects.get(kind=EventKind.CREATED)
    assert (event.actor_name, event.data["source"]) == ("Contact form", "webhook")
    seen = set(LeadAccess.objects.filter(lead=lead).values_list("desk__company__name", flat=True))
    assert seen == {"Northgate", "Vertex"}


def test_a_listing_may_send_its_leads_straight_to_the_vendor(client, cast, source):
    cast.marketplace.leads_go_to_vendor = True
    cast.marketplace.save()
    deliver(client, source, senders.ELEMENTOR)
    lead = Lead.objects.get()
    assert (lead.status, lead.holder) == (Status.ASSIGNED, cast.vertex)
    assert Note.objects.get().body == "Please call"


def test_without_a_listing_it_is_a_manual_lead_of_the_source_s_company(client, cast):
    hosts = make_source(cast.olga, f"marketplace-{cast.marketplace.pk}", name="Fair")
    cast.alpha.can_create_leads = True
    cast.alpha.save()
    own = make_source(fresh(cast.ann), f"company-{cast.alpha.pk}", name="Alpha's site")
    for source in (hosts, own):
        assert deliver(client, source, senders.SALESFORCE).json()["ok"]
    by_host = Lead.objects.get(source_name="Fair")
    assert (by_host.status, by_host.holder_desk) == (Status.SUBMITTED, HolderDesk.HOST)
    assert (by_host.marketplace, by_host.maker_kinds) == (cast.marketplace, DeskKind.OPERATOR)
    by_reseller = Lead.objects.get(source_name="Alpha's site")
    assert (by_reseller.status, by_reseller.holder) == (Status.REFERRED, cast.alpha)
    assert (by_reseller.host, by_reseller.maker) == (cast.northgate, cast.alpha)
    assert by_reseller.source_label == "Alpha's site"


def test_mapping_fills_custom_attributes_and_questions(client, cast):
    CustomAttribute.objects.create(host=cast.northgate, key="tier", label="Tier")
    source = make_source(
        cast.olga,
        f"listing-{cast.listing.pk}",
        mapping={"data_17": "attribute:tier", "how much": "answer:budget", "x": "leave_out"},
    )
    body = b'{"email":"m@fabrikam.example","data_17":"Gold","how much":"1200","x":"y","z":"kept"}'
    assert post(client, source, body, JSON).json()["ok"]
    lead = Lead.objects.get()
    assert lead.attributes == {"tier": "Gold"}
    assert lead.answers == {"email": "m@fabrikam.example", "budget": 1200, "z": "kept"}


# --- What is no lead yet ---------------------------------------------------------------------------------


def test_what_cannot_be_a_lead_is_kept_and_the_sender_told(client, cast, source):
    told = {
        AttentionReason.MAPPING: (b'{"colour":"red"}', JSON),
        AttentionReason.NO_CONTACT: (b"email=nobody&phone=1", FORM),
        AttentionReason.UNREADABLE: (b'{"email":"m@fabrikam.example","message":"a"b"}', JSON),
    }
    for reason, (body, content_type) in told.items():
        answer = post(client, source, body, content_type)
        row = Submission.objects.get(receipt=answer.json()["receipt"])
        assert answer.status_code == 200
        assert answer.json() == {"ok": False, "reason": row.sentence, "receipt": row.receipt}
        assert (row.state, row.reason) == (SubmissionState.ATTENTION, reason)
        assert (row.host, row.company, row.door) == (cast.northgate, cast.vertex, source.door)
    assert bytes(row.body) == body
    assert Lead.objects.count() == 0


def test_a_closed_form_keeps_what_comes(client, cast, source):
    Listing.objects.update(is_active=False)
    answer = deliver(client, source, senders.WEBFLOW).json()
    assert (answer["ok"], answer["reason"]) == (
        False,
        "The form that the leads of this source are for is closed.",
    )
    assert Submission.objects.get().reason == AttentionReason.CLOSED


def test_what_gravity_calls_spam_is_not_kept(client, source):
    spam = senders.GRAVITY.body.replace(b'"active"', b'"spam"')
    answer = post(client, source, spam, JSON)
    assert (answer.status_code, answer.json()["ok"]) == (200, False)
    assert Submission.objects.count() == 0


def test_a_senders_own_key_makes_repeats_harmless_and_tells_two_messages_apart(client, source):
    one, two = b'{"email":"a@fabrikam.example"}', b'{"email":"b@fabrikam.example"}'
    first, again = (post(client, source, one, JSON, **{"Webhook-Id": "k1"}) for _ in range(2))
    assert first.json() == again.json()
    assert post(client, source, two, JSON, **{"Webhook-Id": "k1"}).status_code == 422
    assert post(client, source, one, JSON, **{"Webhook-Id": "k2"}).json()["ok"]
    assert Lead.objects.count() == 2


def test_a_number_that_came_before_with_something_else_waits_for_a_person(client, cast, source):
    """Two sites behind one source count alike, and entries are sent again after they were read."""
    first = senders.GRAVITY.body.replace(b'"2"', b'"email"')
    read = first.replace(b'"is_read":"0"', b'"is_read":"1"')
    other = first.replace(b"maya@fabrikam", b"noor@fabrikam")
    answers = [post(client, source, body, JSON) for body in (first, read, other, other)]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert [answer.json()["ok"] for answer in answers] == [True, True, False, False]
    assert len({answer.json()["receipt"] for answer in answers}) == 2
    assert Lead.objects.get().email == "maya@fabrikam.example"
    waiting = Submission.objects.get(state=SubmissionState.ATTENTION)
    assert waiting.sentence.startswith("Its number came before")
    assert retry_submission(waiting.pk, actor=cast.olga).lead.email == "noor@fabrikam.example"


def test_a_long_message_is_kept_whole(client, source):
    text = "We need this. " * 2_000
    body = json.dumps({"email": "m@fabrikam.example", "message": text, "more": text}).encode()
    assert post(client, source, body, JSON).json()["ok"]
    payload = Submission.objects.get().payload
    assert payload["message"] == payload["more"] == text.strip()
    assert text.startswith(Note.objects.get().body)
    assert Lead.objects.get().answers["more"] == text.strip()


def test_one_message_posted_many_times_at_once_is_one_lead(transactional_db, cast):
    source = make_source(cast.olga, f"listing-{cast.listing.pk}")
    answers = at_once(8, lambda: deliver(Client(), source, senders.WEBFLOW))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["receipt"] for answer in answers}) == 1
    assert Lead.objects.count() == Submission.objects.count() == 1


# --- Who may send ------------------------------------------------------------------------------------------

SIGNED = {
    Proof.WEBFLOW: (senders.WEBFLOW, senders.WEBFLOW_SECRET, senders.WEBFLOW_HEADERS),
    Proof.WPFORMS: (senders.WPFORMS, senders.WPFORMS_SECRET, senders.WPFORMS_HEADERS),
    Proof.HEADER: (senders.CONTACT_FORM_7, "s3cret", {"X-Intake-Secret": "s3cret"}),
}


@pytest.mark.parametrize("proof", SIGNED)
def test_with_a_secret_only_who_knows_it_is_heard(client, cast, proof):
    message, secret, headers = SIGNED[proof]
    source = make_source(cast.olga, f"listing-{cast.listing.pk}", proof=proof, secret=secret)
    wrong = {name: value[:-1] + "0" for name, value in headers.items()}
    with clock.at(clock.now().fromtimestamp(senders.SIGNED_AT, clock.now().tzinfo)):
        for given in ({}, wrong):
            answer = deliver(client, source, message, **given)
            assert (answer.status_code, answer.json()["ok"]) == (401, False)
        changed = message.body.replace(b"fabrikam", b"fabrikan").replace(b"Okafor", b"Okafur")
        if proof != Proof.HEADER:
            refused = post(client, source, changed, message.content_type, **headers)
            assert refused.status_code == 401
        assert Submission.objects.count() == 0
        source.refresh_from_db()
        assert "signature or the secret" in source.refusal
        assert secret not in source.secret
        assert deliver(client, source, message, **headers).json()["ok"]


def test_an_address_that_is_unknown_replaced_or_switched_off_is_not_there(client, cast, source):
    old = path_of(source)
    tokens = ("x", "x-y", old.split("/")[2][:-1], old.split("/")[2] + "x", "é", "%00", "a" * 5_000)
    for path in (*(f"/intake/{token}/" for token in tokens), old.rstrip("/"), "/intake/"):
        answer = client.post(path, data=b"email=a@b.example", content_type=FORM)
        assert answer.status_code == 404, path
    replaced = replace_address(source, actor=cast.olga)
    assert deliver(client, source, senders.WEBFLOW).status_code == 404
    switch_source(replaced, is_active=False, actor=cast.olga)
    assert deliver(client, replaced, senders.WEBFLOW).status_code == 404
    assert Submission.objects.count() == 0


def test_other_methods_types_and_sizes_are_refused_without_a_redirect(client, source):
    for method in ("get", "head", "put", "patch", "delete", "options"):
        assert getattr(client, method)(path_of(source)).status_code == 405
    assert post(client, source, b"<a/>", "text/xml").status_code == 415
    large = b'{"email":"a@fabrikam.example","message":"' + b"x" * 256 * 1024 + b'"}'
    answer = post(client, source, large, JSON)
    assert (answer.status_code, answer.json()["ok"]) == (413, False)
    assert Submission.objects.count() == 0


def test_another_host_name_is_refused_and_stands_in_no_address(client, cast, source):
    for name in ("evil.example", "127.0.0.1:80@evil.example", "x" * 5_000, "testserver\x00"):
        answer = post(client, source, b"email=m@fabrikam.example", FORM, Host=name)
        assert answer.status_code == 400, name
        assert name.encode() not in answer.content
    assert Submission.objects.count() == 0
    assert source.address.startswith(settings.PORTAL_URL)


def test_a_source_has_a_limit_of_its_own(client, cast):
    source = make_source(cast.olga, f"listing-{cast.listing.pk}", posts_per_hour=3)
    bodies = [f"email=m{number}@fabrikam.example".encode() for number in range(5)]
    answers = [post(client, source, body, FORM) for body in bodies]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 3_600
    assert Lead.objects.count() == 3


def test_a_plain_form_of_another_site_is_taken(source):
    """A browser posts across sites: no token, a foreign origin, and nothing that a preflight would ask about."""
    browser = Client(enforce_csrf_checks=True)
    given = {"Origin": "https://fabrikam.example", "Sec-Fetch-Site": "cross-site"}
    answer = post(browser, source, b"name=Maya&email=m%40fabrikam.example", FORM, **given)
    assert (answer.status_code, answer.json()["ok"]) == (200, True)
    given["Accept"] = "text/html,application/xhtml+xml,*/*;q=0.8"
    page = post(browser, source, b"name=Maya&email=nobody", FORM, **given)
    receipt = Submission.objects.latest("pk").receipt
    assert page.status_code == 200
    assert "Thank you" in page.content.decode()
    assert receipt in page.content.decode()
    refused = post(browser, source, b"x", "text/plain", **given)
    assert (refused.status_code, b"This was not sent" in refused.content) == (415, True)
    for one in (answer, page, refused):
        assert not one.cookies
        assert one.headers["Vary"] == "Accept"


# --- Anything at all -----------------------------------------------------------------------------------------

# All are posted; in batches, so that the processes of a test run share them.
ODD_BODIES, BATCHES = 2_000, 8

_WORDS = [
    *ANYWHERE,
    "email",
    "payload",
    "data",
    "_id",
    "fields",
    "form",
    "form_id",
    "1.3",
    "unix",
    "value",
]
_TYPES = [
    JSON,
    FORM,
    "multipart/form-data; boundary=b",
    f"{JSON}; charset=nonsense",
    "multipart/form-data; boundary=",
]


def _tree(chance: random.Random, depth: int = 0):
    kind = chance.randrange(8 if depth < 4 else 5)
    match kind:
        case 0:
            return chance.choice([None, True, False, 10**400, -1e300, 0.1])
        case 5:
            return [_tree(chance, depth + 1) for _ in range(chance.randrange(4))]
        case 6 | 7:
            return _map(chance, depth)
    return chance.choice(_WORDS)[:2_000]


def _map(chance: random.Random, depth: int = 0) -> dict:
    keys = [chance.choice(_WORDS)[:300] for _ in range(chance.randrange(5))]
    tree = {key: _tree(chance, depth + 1) for key in keys}
    return {**tree, "email": "m@fabrikam.example"} if chance.random() < 0.3 else tree


def _body(chance: random.Random, content_type: str) -> bytes:
    """Return something that is nearly a message."""
    if content_type.startswith(JSON):
        body = json.dumps(_map(chance), ensure_ascii=chance.random() < 0.5).encode(
            "utf-8", "surrogatepass"
        )
    elif content_type == FORM:
        names = [
            "fields[a][value]",
            "a[]",
            "a[b",
            "[",
            "a[9999999999]",
            "form[id]",
            "é[é]",
            *_WORDS,
        ]
        pairs = [f"{chance.choice(names)}={chance.choice(_WORDS)[:500]}" for _ in range(6)]
        body = "&".join(pairs).encode("utf-8", "surrogatepass")
    else:
        heads = [
            'form-data; name="email"',
            "form-data; name*=x'y'z",
            'form-data; name="\udce9',
            "",
            "a; b; c=\x00",
        ]
        parts = [
            f"--b\r\nContent-Disposition: {chance.choice(heads)}\r\n"
            f"Content-Transfer-Encoding: {chance.choice(['', 'base64', 'x-uuencode', '7bit'])}\r\n\r\n"
            f"{chance.choice(_WORDS)[:500]}\r\n"
            for _ in range(3)
        ]
        body = ("".join(parts) + "--b--").encode("utf-8", "surrogatepass")
    for _ in range(chance.randrange(4)):
        place = chance.randrange(len(body) + 1)
        body = body[:place] + bytes([chance.randrange(256)]) + body[place + chance.randrange(3) :]
    return body


@pytest.mark.parametrize("batch", range(BATCHES))
def test_two_thousand_odd_bodies_never_end_in_an_error_or_a_redirect(client, cast, sign_in, batch):
    CustomAttribute.objects.create(host=cast.northgate, key="tier", label="Tier")
    mapping = {word: "note" for word in map(clean_line, ANYWHERE[:20]) if word}
    source = make_source(
        cast.olga, f"listing-{cast.listing.pk}", posts_per_hour=100_000, mapping=mapping
    )
    chance = random.Random(f"20251121 {batch}")
    told = set()
    for _number in range(ODD_BODIES // BATCHES):
        content_type = chance.choice(_TYPES)
        body = _body(chance, content_type)
        answer = post(client, source, body, content_type)
        assert answer.status_code in {200, 422}, body
        told.add(answer.json()["ok"])
    assert told == {True, False}
    made = Lead.objects.all()
    assert made.exists()
    reader = sign_in(cast.olga)  # no poison: what was stored can be shown (security.md M2)
    pages = ["/leads/", f"/sources/{source.pk}/", f"/sources/{source.pk}/mapping/"]
    pages += [f"/leads/{lead.reference}/" for lead in made[:5]]
    for row in Submission.objects.order_by("?")[:10]:
        pages.append(f"/sources/{source.pk}/deliveries/{row.pk}/")
    for page in pages:
        assert reader.get(page).status_code == 200, page


def test_the_address_is_the_portals_own(source):
    assert source.address.startswith(f"{settings.PORTAL_URL}/intake/{source.key}-")
    assert source.address.endswith("/")
