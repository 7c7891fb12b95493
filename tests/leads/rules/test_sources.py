"""What webhook senders write is read, sorted and judged without believing any of it (webhooks.md)."""

import pytest

from leads.enums import Proof, Shape
from leads.rules.sources.body import OtherTypeError, UnreadableError, kept, read_body
from leads.rules.sources.draft import draft_of
from leads.rules.sources.mapping import sort_entries, split_name
from leads.rules.sources.shapes import read_sent
from leads.rules.sources.signatures import is_proven
from templates_app.enums import AttributeKind, FieldKind, MapsTo
from templates_app.rules.attributes import AttributeSpec
from templates_app.rules.fields import FieldSpec
from tests.leads.intake import senders
from tests.leads.intake.senders import FORM, JSON, Message


def read(message: Message, mapping=None, **judged):
    """Return how a message reads, and the draft of its lead."""
    tree = kept(read_body(message.content_type, message.body))
    sent = read_sent(tree, headers={name.lower(): "" for name in message.headers})
    found = sort_entries(sent.entries, mapping or message.mapping, judged.get("specs", ()))
    return sent, draft_of(found, **judged)


@pytest.mark.parametrize("name", senders.EVERY)
def test_every_sender_is_understood(name):
    message = senders.EVERY[name]
    _sent, draft = read(message)
    assert {key: draft.contact.get(key, "") for key in message.lead} == message.lead
    assert (draft.answers, draft.note) == (message.answers, message.note)
    told = repr(kept(read_body(message.content_type, message.body)))
    assert "203.0.113.9" not in told
    assert "Mozilla" not in told


@pytest.mark.parametrize(
    ("message", "shape", "key"),
    [
        (senders.WEBFLOW, Shape.WEBFLOW, "6321ca84df3949bfc6752327"),
        (senders.WEBFLOW_V1, Shape.WEBFLOW, "6321ca84df3949bfc6752328"),
        (senders.ELEMENTOR, Shape.ELEMENTOR, ""),
        (senders.ELEMENTOR_ADVANCED, Shape.ELEMENTOR, ""),
        (senders.CONTACT_FORM_7, Shape.FLAT, ""),
        (senders.GRAVITY, Shape.GRAVITY, "3:42"),
        (senders.WPFORMS, Shape.WPFORMS, ""),
    ],
)
def test_shape_and_the_senders_own_id_are_found(message, shape, key):
    sent, _draft = read(message)
    assert (sent.shape, sent.submission_id, sent.is_spam) == (shape, key, False)


def test_gravity_says_what_is_spam():
    tree = read_body(JSON, senders.GRAVITY.body.replace(b'"active"', b'"spam"'))
    assert read_sent(tree).is_spam
    assert not read_sent({**tree, "form_id": None, "date_created": None}, shape=Shape.FLAT).is_spam


# --- Bodies --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "tree"),
    [
        (b"a=1&a=2", {"a": ["1", "2"]}),
        (b"a[]=1&a[]=2", {"a": ["1", "2"]}),
        (b"a[1]=x&a[]=y", {"a": {"1": "x", "2": "y"}}),
        (b"a[b][c]=1&a[b][d]=2", {"a": {"b": {"c": "1", "d": "2"}}}),
        (b"a=1&a[b]=2", {"a": {"b": "2"}}),
        (b"a[b=1&a]b=2&[x]=3&=4", {"a[b": "1", "a]b": "2", "[x]": "3", "": "4"}),
        (b"a=%E9t%E9&b=%C3%A9&c=%zz%2", {"a": "été", "b": "é", "c": "%zz%2"}),
        (b"&&a&b=", {"a": "", "b": ""}),
    ],
)
def test_forms_nest_as_php_nests_them(body, tree):
    assert read_body(FORM, body) == tree


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (JSON, b""),
        (JSON, b"[]"),
        (JSON, b'"text"'),
        (JSON, b'{"a":NaN}'),
        (JSON, b'{"a":-Infinity}'),
        (JSON, b"[" * 100_000),
        (JSON, b'{"a":' * 100_000),
        (JSON, b'{"a":' * 20 + b"1" + b"}" * 20),
        (JSON, b'{"a":[' + b"1," * 6_000 + b"1]}"),
        (FORM, b"&".join(b"a%d=1" % number for number in range(1_001))),
        (FORM, b"a" + b"[b]" * 20 + b"=1"),
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=x", b"nothing like it"),
    ],
)
def test_body_without_sense_or_end_is_refused(content_type, body):
    with pytest.raises(UnreadableError):
        kept(read_body(content_type, body))


def test_other_types_are_not_read():
    for content_type in ("", "text/plain", "text/xml", "application/jsonp", "application/json,x"):
        with pytest.raises(OtherTypeError):
            read_body(content_type, b"{}")


def test_numbers_stay_what_was_written_and_odd_characters_go():
    body = (
        b'{"n":15550000000,"f":1.50,"h":1e999,"big":' + b"9" * 5_000 + b',"t":"a\\u0000b\\ud800c"}'
    )
    tree = kept(read_body(JSON, body))
    assert (tree["n"], tree["f"], tree["h"], tree["t"]) == ("15550000000", "1.50", "1e999", "abc")
    assert tree["big"] == "9" * 5_000


# --- Mapping -------------------------------------------------------------------------------------------

SPECS = [
    FieldSpec("mail", "Work email", FieldKind.EMAIL, maps_to=MapsTo.EMAIL),
    FieldSpec("seats", "How many seats?", FieldKind.NUMBER),
    FieldSpec("needs", "Needs", FieldKind.CHOICES, options=("Backup", "Mail")),
    FieldSpec("news", "Send me news", FieldKind.CONSENT),
]


def test_questions_of_the_form_are_answered_by_key_label_or_lead_field():
    body = b"email=a@b.example&How+many+seats%3F=25&needs=Backup,mail&news=on&colour=red"
    _sent, draft = read(Message(body, FORM, {}), specs=SPECS)
    assert draft.answers == {
        "mail": "a@b.example",
        "seats": 25,
        "needs": ["Backup", "Mail"],
        "news": True,
        "colour": "red",
    }
    assert draft.contact == {"email": "a@b.example"}
    assert draft.consents == ["Send me news"]


def test_what_a_field_cannot_take_is_kept_for_a_person_to_read():
    body = b"email=nobody&phone=call+me&seats=many&country=Atlantis&needs=Gold"
    _sent, draft = read(Message(body, FORM, {}), specs=SPECS)
    assert (draft.contact, draft.can_be_reached) == ({}, False)
    assert draft.answers == {
        "email": "nobody", "phone": "call me", "seats": "many", "country": "Atlantis", "needs": "Gold",
        "news": False,
    }  # fmt: skip


def test_what_the_source_says_goes_before_names():
    attributes = [AttributeSpec("tier", "Tier", AttributeKind.CHOICE, options=("Gold", "Tin"))]
    mapping = {
        "a": "email",
        "email": "keep",
        "b": "attribute:tier",
        "c": "attribute:tier",
        "d": "leave_out",
        "e": "note",
        "f": "name",
    }
    body = b"a=a@b.example&email=old@b.example&b=gold&c=Tin&d=x&e=One&message=Two&f=Prince"
    _sent, draft = read(Message(body, FORM, {}), mapping, attributes=attributes)
    assert draft.contact == {"email": "a@b.example", "first_name": "Prince", "last_name": ""}
    assert draft.attributes == {"tier": "Gold"}
    assert draft.answers == {"email": "old@b.example", "c": "Tin"}
    assert draft.note == "One\n\nTwo"


@pytest.mark.parametrize(
    ("text", "region", "dialled"),
    [
        ("+351 912 345 678", "", "+351 912 345 678"),
        ("912345678", "PT", "+351 912 345 678"),
        ("351912345678", "", "+351 912 345 678"),
        ("912345678", "", None),
    ],
)
def test_phone_numbers_are_read_with_the_country_or_as_digits_alone(text, region, dialled):
    _sent, draft = read(
        Message(f"tel={text}".replace("+", "%2B").encode(), FORM, {}), region=region
    )
    assert draft.contact.get("phone") == dialled


def test_whole_names_are_split_at_the_last_space():
    assert split_name("Maya  van Okafor ") == ("Maya  van", "Okafor")
    assert split_name("Prince") == ("Prince", "")


# --- Signatures (vectors: tests/leads/intake/senders.py) -----------------------------------------------------


def proven(proof, message, headers, *, body=b"", secret="", later=0, **changed) -> bool:
    """Say whether a message is taken `later` seconds after it was signed."""
    given = {name.lower(): value for name, value in headers.items()}
    given |= {"content-type": message.content_type, **changed}
    body = body or message.body
    tree = read_body(message.content_type, body)
    now = (senders.SIGNED_AT + later) * 1000
    return is_proven(proof, secret=secret, headers=given, body=body, tree=tree, now_ms=now)


SIGNED = [
    (Proof.WEBFLOW, senders.WEBFLOW, senders.WEBFLOW_HEADERS, senders.WEBFLOW_SECRET),
    (Proof.WPFORMS, senders.WPFORMS, senders.WPFORMS_HEADERS, senders.WPFORMS_SECRET),
    (Proof.WPFORMS, senders.WPFORMS_FORM, senders.WPFORMS_FORM_HEADERS, senders.WPFORMS_SECRET),
]


@pytest.mark.parametrize(("proof", "message", "headers", "secret"), SIGNED)
def test_a_signature_holds_for_its_bytes_its_secret_and_five_minutes(
    proof, message, headers, secret
):
    assert proven(proof, message, headers, secret=secret)
    assert proven(proof, message, headers, secret=secret, later=299)
    assert not proven(proof, message, headers, secret=secret, later=302)
    assert not proven(proof, message, headers, secret=secret, later=-302)
    assert not proven(proof, message, headers, secret="another")
    assert not proven(proof, message, {}, secret=secret)
    changed = message.body.replace(b"fabrikam", b"fabrikan")
    assert not proven(proof, message, headers, secret=secret, body=changed)


@pytest.mark.parametrize(
    "header",
    [
        "", "t=,v=", "t=x,v=y", "v=ad9f", "t=1763728516", "t=1763728516,v=é\udce9", "t=" + "9" * 400, ",,,,,,",
        "t=١٢٣,v=0",
    ],
)  # fmt: skip
def test_odd_signatures_are_wrong_not_errors(header):
    odd = {"x-wpforms-webhook-signature": header}
    assert not proven(Proof.WPFORMS, senders.WPFORMS, odd, secret="s")
    both = {"x-webflow-timestamp": header, "x-webflow-signature": header}
    assert not proven(Proof.WEBFLOW, senders.WEBFLOW, both, secret="s")
    assert not proven(Proof.HEADER, senders.WPFORMS, {"x-intake-secret": header}, secret="s")


def test_a_secret_in_a_header_is_compared_whole():
    headers = {"X-Intake-Secret": "s3cret"}
    assert proven(Proof.HEADER, senders.GRAVITY, headers, secret="s3cret")
    assert not proven(Proof.HEADER, senders.GRAVITY, headers, secret="s3cre")
    assert proven(Proof.ADDRESS, senders.GRAVITY, {})
