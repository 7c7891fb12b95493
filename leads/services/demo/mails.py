"""The mails of the demo: a mailbox that was paused, leads that came through it, and a note of absence."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from leadportal.common import clock
from leads.models import Submission
from leads.rules.mails.message import read_mail
from leads.services.deliveries import door_of
from leads.services.demo.scene import Host
from leads.services.intake import process
from leads.services.mailboxes import MailboxSettings, create_mailbox
from leads.services.sources import switch_source

NAME = "sales@northgate.example"
_LETTERS = (
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
BY_MAIL = len(_LETTERS)
_ABSENT = ("Lena Fischer <lena@fischer-co.example>", "Away", "I am away until Monday.\n")


def write_mails(host: Host, until: datetime) -> None:
    """Make the mailbox of a host, let mails come to it in the last days, and pause it."""
    settings = MailboxSettings(
        name=NAME,
        mails_per_hour=600,
        takes_programs=False,
        host="imap.northgate.example",
        user=NAME,
        password="demo",  # noqa: S106  (of a server that there is not)
    )
    feed = f"listing-{host.listings[0].pk}"
    with clock.at(until - timedelta(days=9)):
        source = create_mailbox(settings, feed=feed, actor=host.operator)
    for number, (sender, subject, text) in enumerate((*_LETTERS, _ABSENT), start=1):
        moment = until - timedelta(days=8 - 2 * number + 1, hours=number)
        letter = _letter(sender, subject, text, moment)
        if text == _ABSENT[2]:
            letter["Auto-Submitted"] = "auto-replied"
        raw = letter.as_bytes()
        mail = read_mail(raw, size=len(raw), host="", own=[])
        door = door_of(source)
        with clock.at(moment):
            # As `services.intake.receive` stores it, but inside the transaction of the whole demo.
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
    switch_source(source, is_active=False, actor=host.operator)


def _letter(sender: str, subject: str, text: str, moment: datetime) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, NAME, subject
    letter["Date"] = format_datetime(moment)
    letter["Message-ID"] = f"<{subject.lower().replace(' ', '-').replace(':', '')}@demo.example>"
    letter.set_content(text)
    return letter
