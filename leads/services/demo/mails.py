"""The mails of the demo: mailboxes that were paused, leads that came through them, and a note of absence."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from accounts.actors import Person
from leadportal.common import clock
from leads.models import Source, Submission
from leads.rules.mails.message import read_mail
from leads.services.deliveries import door_of
from leads.services.demo.scene import Scene
from leads.services.intake import process
from leads.services.mailboxes import MailboxSettings, create_mailbox
from leads.services.sources import switch_source
from templates_app.models import Listing

# Who writes, about what, and the text.
Letter = tuple[str, str, str]
_LETTERS: tuple[Letter, ...] = (
    (
        "Inês Carvalho <ines@porto-stays.example>",
        "Backup for three hotels",
        "Good morning,\n\nwe run three hotels and look for a backup of our booking data. Could somebody call me?\n\n"
        "Phone: +351 912 345 670\nCompany: Porto Stays\nCountry: Portugal\n",
    ),
    (
        "Web site <forms@northgate.example>",
        "Contact form",
        "Your name: Jonas Lindqvist\nYour email: jonas@nordkraft.example\nCompany: Nordkraft\n"
        "Message:\nWhat does it cost for 40 people?\n",
    ),
    (
        "Aoife Brennan <aoife@atlanticdental.example>",
        "Re: your fair",
        "Hello, we met at the fair. Please send me an offer for two practices.\n\nCompany: Atlantic Dental\n",
    ),
)  # fmt: skip
_ABSENT = ("Lena Fischer <lena@fischer-co.example>", "Away", "I am away until Monday.\n")
_TO_VENDOR = (
    (
        "Noor Haddad <noor@haddad-legal.example>",
        "Trial for a law firm",
        "Hello,\n\nwe would like to try it with eight people.\n\nPhone: +31 20 123 4567\nCompany: Haddad Legal\n",
    ),
)
BY_MAIL = len(_LETTERS) + len(_TO_VENDOR)


def write_mails(scene: Scene, until: datetime) -> None:
    """Make mailboxes of a host and of a vendor, let mails come to them in the last days, and pause them."""
    host, vendor = scene.hosts[0], scene.vendors[0]
    own = next(one for one in host.listings if one.product in vendor.products)
    _fill("sales@northgate.example", host.operator, host.listings[0], (*_LETTERS, _ABSENT), until)
    _fill("hello@quillstack.example", vendor.people[0], own, _TO_VENDOR, until)


def _fill(
    name: str, actor: Person, listing: Listing, letters: Sequence[Letter], until: datetime
) -> None:
    settings = MailboxSettings(
        name=name,
        mails_per_hour=600,
        takes_programs=False,
        host=f"imap.{name.partition('@')[2]}",
        user=name,
        password="demo",  # noqa: S106  (of a server that there is not)
    )
    with clock.at(until - timedelta(days=9)):
        source = create_mailbox(settings, feed=f"listing-{listing.pk}", actor=actor)
    for number, letter in enumerate(letters, start=1):
        _take(source, letter, until - timedelta(days=8 - 2 * number + 1, hours=number))
    switch_source(source, is_active=False, actor=actor)


def _take(source: Source, letter: Letter, moment: datetime) -> None:
    """Store a mail as `services.intake.receive` does, but inside the transaction of the whole demo."""
    raw = _written(source.name, letter, moment).as_bytes()
    mail = read_mail(raw, size=len(raw), host="", own=[])
    door = door_of(source)
    with clock.at(moment):
        row = Submission.objects.create(
            source_kind=door.kind,
            door=door.name,
            key=mail.key,
            host=door.host,
            company=door.company,
            listing=door.listing,
            source=source,
            body=raw,
            content_type="message/rfc822",
            payload=mail.payload,
            headers=mail.headers,
            tries=1,
            received_at=moment,
        )
        process(row)


def _written(to: str, letter: Letter, moment: datetime) -> EmailMessage:
    sender, subject, text = letter
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = format_datetime(moment)
    message["Message-ID"] = f"<{subject.lower().replace(' ', '-').replace(':', '')}@demo.example>"
    if letter == _ABSENT:
        message["Auto-Submitted"] = "auto-replied"
    message.set_content(text)
    return message
