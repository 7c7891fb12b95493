"""Webhook sources and mailboxes for tests, and a sender without a browser."""

from typing import Any
from urllib.parse import urlsplit

from accounts.actors import Person
from leads.enums import Proof, Shape
from leads.models import Source
from leads.services.mailboxes import MailboxSettings, create_mailbox
from leads.services.sources import Settings, create_source, map_source
from tests.leads.intake.senders import Message


def make_source(actor: Person, feed: str, **given: Any) -> Source:
    """Make a source whose leads are for `feed`, by the service that the page calls."""
    mapping = given.pop("mapping", {})
    values: dict[str, Any] = {
        "name": "Contact form",
        "shape": Shape.AUTO,
        "proof": Proof.ADDRESS,
        "secret": "",
        "posts_per_hour": 600,
        **given,
    }
    made = create_source(Settings(**values), feed=feed, actor=actor)
    return map_source(made, mapping, actor=actor) if mapping else made


def make_mailbox(actor: Person, feed: str, **given: Any) -> Source:
    """Make a mailbox whose leads are for `feed`, by the service that the page calls."""
    mapping = given.pop("mapping", {})
    values: dict[str, Any] = {
        "name": "Sales mailbox",
        "mails_per_hour": 600,
        "takes_programs": False,
        **given,
    }
    made = create_mailbox(MailboxSettings(**values), feed=feed, actor=actor)
    return map_source(made, mapping, actor=actor) if mapping else made


def path_of(source: Source) -> str:
    """Return where its sender posts to."""
    return urlsplit(source.address).path


def deliver(client: Any, source: Source, message: Message, **headers: str) -> Any:
    """Post a message as its sender does."""
    return post(
        client,
        source,
        message.body,
        message.content_type,
        **{**message.headers, **{name.replace("_", "-"): value for name, value in headers.items()}},
    )


def post(client: Any, source: Source, body: bytes, content_type: str, **headers: str) -> Any:
    """Post bytes."""
    return client.generic("POST", path_of(source), body, content_type, headers=headers)
