"""Mails as they are read: alphabets, broken headers, HTML alone, labelled lines; and which kind they are of."""

import time

import pytest

from leads.rules.mails.lines import read_lines
from leads.rules.mails.markup import text_of
from leads.rules.mails.message import UnreadableMailError, read_mail, sent_in
from leads.rules.sources.addresses import mail_key_in, mail_token_of, new_key
from leads.rules.sources.mapping import sort_entries
from tests.leads.intake import letters

QUICK = 5  # seconds; what grows by the square of the length takes minutes


def read(raw: bytes):
    return read_mail(
        raw, size=len(raw), host="portal.example", own=["leads@portal.example"]
    ).payload


def entries(raw: bytes) -> dict[str, object]:
    return {entry.label: entry.value for entry in sent_in(read(raw)).entries}


@pytest.mark.parametrize("name", letters.BY_PEOPLE)
def test_whatever_alphabet_and_coding_the_words_are_right(name):
    letter = letters.BY_PEOPLE[name]
    assert {key: entries(letter.raw).get(key) for key in letter.says} == letter.says
    assert "Kind of mail" not in read(letter.raw)


@pytest.mark.parametrize("name", letters.BY_MACHINES)
def test_mails_of_machines_are_told_apart(name):
    raw, kind = letters.BY_MACHINES[name]
    assert read(raw)["Kind of mail"] == kind


def test_control_a_mail_of_a_person_has_no_kind():
    """The same letter without the header that gives the machine away."""
    raw, _kind = letters.BY_MACHINES["note of absence"]
    assert "Kind of mail" not in read(raw.replace(b"Auto-Submitted: auto-replied\r\n", b""))
    assert "Kind of mail" not in read(raw.replace(b"auto-replied", b"no"))


def test_html_leaves_no_script_style_or_tag():
    text = text_of(
        "<html><head><title>t</title><style>p{x:y}</style></head><body onload=alert(1)><!-- c -->"
        "<script>evil()</script><p>Good&nbsp;day &lt;b&gt;</p>"
        "<SCRIPT >more()</SCRIPT ><table><tr><th>Name:</th><td>Maya</td></tr>"
        "<tr><td>Notes</td><td>one<br>two</td></tr><tr><td>a</td><td>b</td><td>c</td></tr></table>end"
    )
    assert text.split("\n") == [
        "Good day <b>", "", "Name: Maya", "Notes:", "one", "two", "a b c", "", "end"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "markup",
    [
        "<",
        "<!--",
        "<script",
        "</",
        "<td>",
        "<p>",
        "a<br>",
        "<script>x",
        "&#9",
        "&#x",
        "<table><tr>",
    ],
)
def test_no_markup_takes_long(markup):
    begun = time.monotonic()
    text_of(markup * 200_000)
    assert time.monotonic() - begun < QUICK


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n",
        b"no header at all",
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 6000,
        b"a: b\r\n" * 100_000,
    ],
    ids=["empty", "blank", "prose", "parts without end", "headers without end"],
)  # fmt: skip
def test_what_is_no_mail_is_refused(raw):
    with pytest.raises(UnreadableMailError):
        read(raw)


@pytest.mark.parametrize(
    "head",
    [
        b"From: " + b"(" * 5000 + b"@",
        b"From: " + b'"' * 5000,
        b"From: \xff\xfe\x00<a@b.example>",
        b"Subject: =?utf-8?B?" + b"=" * 3000,
        b"Subject: =?nonsense?Q?=ff?= =?utf-8?B?x?=",
        b"Content-Type: text/plain; charset=\"\xff\"",
        b"Content-Type: text/plain; charset=rot13",
        b"Content-Type: text/plain; charset=utf-7\r\nContent-Transfer-Encoding: base64",
        b"Content-Disposition: attachment; filename*=bad''%ff%",
        b"Content-Type: " + b"multipart/mixed;" * 300,
    ],
)  # fmt: skip
def test_broken_heads_break_nothing(head):
    payload = read(head + b"\r\nX: y\r\n\r\nPhone: 1\r\n")
    assert sent_in(payload)


def test_labels_are_a_few_words_before_a_colon_and_nothing_else():
    written = read_lines(
        "Hello there,\nsee https://fabrikam.example/a: b\nat 10:30 we met\n"
        "I would like to know whether it is true: yes\n"
        "*Phone*: +351 912\n> Email: quoted@fabrikam.example\nDear Sir:\n\nMessage Body:\nfirst\nsecond\n\nbye\n"
        "E-mail: maya@fabrikam.example <mailto:maya@fabrikam.example>\n-- \nTel: 1"
    )
    assert written.labelled == (
        ("Phone", "+351 912"),
        ("Message Body", "first\nsecond"),
        ("E-mail", "maya@fabrikam.example"),
    )
    assert written.rest.split("\n")[-2:] == ["-- ", "Tel: 1"]
    assert "Dear Sir:" in written.rest


def test_lines_of_a_form_go_before_who_sent_the_mail():
    """A web site's mail names the visitor inside; the sender is the site."""
    found = sort_entries(sent_in(read(letters.CONTACT_FORM)).entries, {})
    assert {name: entry.text for name, entry in found.fields.items()} == {
        "email": "maya@fabrikam.example",
        "name": "Maya Okafor",
        "phone": "+351 912 345 678",
    }
    assert next(entry.text for entry in found.notes) == "Please call me.\nAfter five."
    assert "wordpress@shop.example" in [entry.text for entry in found.others]


def test_a_mail_is_named_by_its_id_and_what_it_says():
    """Copies differ in what servers write on top; another mail under the same id is another."""
    one = letters.BY_PEOPLE["quoted-printable"].raw
    copy = b"Received: from mx.example by in.example; Sat, 29 Nov 2026 10:00:00 +0000\r\n" + one
    other = one.replace(b"Phone", b"Fax")
    named = {name: read_mail(raw, size=1, host="", own=[]).key for name, raw in
             (("one", one), ("copy", copy), ("other", other))}  # fmt: skip
    assert named["one"] == named["copy"] != named["other"]
    bare = one.replace(b"Message-ID", b"X-Nothing")
    again = [
        read_mail(raw, size=1, host="", own=[]).key for raw in (bare, bare, b"X: y\r\n" + bare)
    ]
    assert again[0] == again[1] != again[2]


def test_an_address_is_ours_or_nobodys():
    key = new_key()
    token = mail_token_of(key)
    for good in (token, token.upper(), f"leads+{token}", f"a+b+{token}"):
        assert mail_key_in(f"<{good}@anything.example>") == key
    assert len(f"{'x' * 20}+{token}") <= 64
    for bad in (
        "",
        "@",
        key,
        f"{key}-",
        token[:-1],
        f"{token}x",
        f"{new_key()}-{token.partition('-')[2]}",
        "\udcff",
    ):
        assert mail_key_in(f"{bad}@anything.example") is None
