"""Mails, byte for byte, as mail programs, web sites and machines write them."""

import base64
import quopri
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Letter:
    """A mail, and what must be read in it."""

    raw: bytes
    says: dict[str, object] = field(default_factory=dict)


def mail(*head: str, body: bytes | str = b"", name: str = "") -> bytes:
    """Return a mail of Maya's with more lines in its head; one with a From of its own is not hers."""
    lines = list(head)
    if not any(line.startswith("From:") for line in lines):
        lines.insert(0, "From: Maya Okafor <maya@fabrikam.example>")
    lines += ["Date: Sat, 29 Nov 2026 09:00:00 +0100"]
    if not any(line.startswith("Message-ID:") for line in lines):
        lines += [f"Message-ID: <{name or abs(hash((*head, body)))}@fabrikam.example>"]
    content = body.encode() if isinstance(body, str) else body
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + content.replace(
        b"\r\n", b"\n"
    ).replace(b"\n", b"\r\n")


_TEXT = "Grüße aus Łódź – 5 €\nPhone: +351 912 345 678\n"
_WESTERN = "Grüße – 5 €\nPhone: +351 912 345 678\n"
_PHONE = "+351 912 345 678"
_PAGE = (
    "<html><head><style>p {}</style></head><body><p>Grüße aus Łódź – 5&nbsp;€</p>"
    "<table><tr><td>Phone:</td><td>+351 912 345 678</td></tr></table><img src='http://x.example/p.gif'></body></html>"
)

BY_PEOPLE = {
    "quoted-printable": Letter(
        mail(
            "Subject: =?utf-8?Q?Angebot_f=C3=BCr_Backup?=",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: quoted-printable",
            body=quopri.encodestring(_TEXT.encode()),
            name="qp",
        ),
        {"Subject": "Angebot für Backup", "Mail text": "Grüße aus Łódź – 5 €", "Phone": _PHONE},
    ),
    "base64": Letter(
        mail(
            "From: =?utf-8?B?TWF5YSBPa2Fmw7Ny?= <maya@fabrikam.example>",
            "Content-Type: text/plain; charset=\"utf-8\"; format=flowed",
            "Content-Transfer-Encoding: base64",
            body=base64.encodebytes(_TEXT.encode()),
        ),
        {"Sender name": "Maya Okafór", "Mail text": "Grüße aus Łódź – 5 €", "Phone": _PHONE},
    ),
    "latin-1": Letter(
        mail(
            "Subject: =?iso-8859-1?Q?Gr=FC=DFe?=",
            "Content-Type: text/plain; charset=iso-8859-1",
            "Content-Transfer-Encoding: 8bit",
            body=_WESTERN.encode("cp1252"),
        ),
        {"Subject": "Grüße", "Mail text": "Grüße – 5 €", "Phone": _PHONE},
    ),
    "utf-16": Letter(
        mail(
            "Content-Type: text/plain; charset=utf-16",
            "Content-Transfer-Encoding: base64",
            body=base64.encodebytes(_TEXT.encode("utf-16")),
        ),
        {"Mail text": "Grüße aus Łódź – 5 €", "Phone": _PHONE},
    ),
    "an alphabet that nobody knows": Letter(
        mail("Content-Type: text/plain; charset=klingon", body=_TEXT.encode()),
        {"Mail text": "Grüße aus Łódź – 5 €", "Phone": _PHONE},
    ),
    "no alphabet named": Letter(
        mail("X-Mailer: old", body=_WESTERN.encode("cp1252")),
        {"Mail text": "Grüße – 5 €", "Phone": _PHONE},
    ),
    "letters beyond ASCII in the head": Letter(
        mail("Subject: Grüße aus Łódź", body="Hello"), {"Subject": "Grüße aus Łódź"}
    ),
    "a broken word in the head": Letter(
        mail("Subject: =?utf-8?B?R3LDvMOfZQ?= =?utf-8?X?nonsense?=", body="Hello"),
        {"Mail text": "Hello"},
    ),
    "a folded head": Letter(
        mail("Subject: =?utf-8?Q?Gr=C3=BC?=\r\n =?utf-8?Q?=C3=9Fe?= an\r\n\talle", body="x"),
        {"Subject": "Grüße an alle"},
    ),
    "HTML alone": Letter(
        mail("Content-Type: text/html; charset=utf-8", body=_PAGE),
        {"Mail text": "Grüße aus Łódź – 5 €", "Phone": _PHONE},
    ),
    "both": Letter(
        mail(
            "Content-Type: multipart/alternative; boundary=one",
            body=f"--one\nContent-Type: text/plain; charset=utf-8\n\n{_TEXT}\n"
            "--one\nContent-Type: text/html; charset=utf-8\n\n<p>Not this</p>\n--one--\n",
        ),
        {"Mail text": "Grüße aus Łódź – 5 €", "Phone": _PHONE},
    ),
    "attachments": Letter(
        mail(
            "Content-Type: multipart/mixed; boundary=one",
            body=f"--one\nContent-Type: text/plain; charset=utf-8\n\n{_TEXT}\n"
            "--one\nContent-Type: application/pdf\n"
            "Content-Disposition: attachment; filename*=utf-8''Anfrage%20%C3%BCber.pdf\n"
            "Content-Transfer-Encoding: base64\n\nJVBERi0xLjQK\n"
            "--one\nContent-Type: text/plain; name=notes.txt\n\nPhone: 1\n"
            "--one\nContent-Type: message/rfc822\n\nFrom: x@y.example\n\nPhone: 2\n--one--\n",
        ),
        {
            "Phone": _PHONE,
            "Attachments (not kept)": ["Anfrage über.pdf", "notes.txt", "message/rfc822"],
        },
    ),
    "an answer to somebody else": Letter(
        mail("Reply-To: \"Okafor, Maya\" <maya@northwind.example>", body="Hello"),
        {
            "Reply-To email": "maya@northwind.example",
            "Reply-To name": "Okafor, Maya",
            "Sender email": "maya@fabrikam.example",
        },
    ),
    "one line that does not end": Letter(
        mail("Content-Type: multipart/mixed; boundary=never", body="Hello\nPhone: +351 912 345 678"),
        {"Sender email": "maya@fabrikam.example"},
    ),
}  # fmt: skip

CONTACT_FORM = mail(
    "From: Shop <wordpress@shop.example>",
    "Reply-To: maya@fabrikam.example",
    "Subject: Shop \"Backup\"",
    "Content-Type: text/plain; charset=UTF-8",
    body="From: Maya Okafor\nYour name: Maya Okafor\nYour email: maya@fabrikam.example\nTel.: +351 912 345 678\n\n"
    "Message Body:\nPlease call me.\nAfter five.\n\n-- \nThis mail was sent from a contact form on Shop\n",
    name="cf",
)  # fmt: skip

_ABSENT = "I am away until Monday.\nPhone: +351 912 345 678\n"
_OURS = "Message-ID: <0f0e7a52-6f3c-4c08-9f36-4a8f1c1c7a11@portal.example>"

BY_MACHINES = {
    "note of absence": (mail("Auto-Submitted: auto-replied", body=_ABSENT), "reply"),
    "note of absence with words behind": (
        mail('Auto-Submitted: Auto-Replied; owner-email="x"', body=_ABSENT),
        "reply",
    ),
    "note of an old program": (mail("X-Autoreply: yes", body=_ABSENT), "reply"),
    "note of an older one": (mail("Precedence: auto_reply", body=_ABSENT), "reply"),
    "no way back": (mail("Return-Path: <>", body=_ABSENT), "reply"),
    "bounce": (
        mail(
            "From: Mail Delivery System <MAILER-DAEMON@mx.example>",
            "Auto-Submitted: auto-replied",
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
            body="--b\n\nThe mail could not be delivered.\n--b--\n",
        ),
        "bounce",
    ),
    "receipt": (
        mail(
            "Content-Type: multipart/report; report-type=disposition-notification; boundary=b",
            body="--b\n\nIt was read.\n--b--\n",
        ),
        "bounce",
    ),
    "mailing list": (mail("List-Id: <news.example>", body=_ABSENT), "list"),
    "bulk": (mail("Precedence: bulk", body=_ABSENT), "list"),
    "program": (mail("Auto-Submitted: auto-generated", body=_ABSENT), "program"),
    "our own mail": (mail(_OURS, body=_ABSENT), "loop"),
    "from our own address": (mail("From: Leads <Leads@portal.example>", body=_ABSENT), "loop"),
    "from where it arrives, round and round": (
        mail(*["Received: from a.example by b.example"] * 51, body=_ABSENT),
        "loop",
    ),
}
