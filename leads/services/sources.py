"""Webhook sources are made, changed and switched off; each has one address, which can be replaced.

What holds for mailboxes as well is used by `services.mailboxes`.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.models import Company
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound
from leads.enums import Proof, Shape, SourceKind
from leads.models import Source
from leads.rules.permissions import manages_sources
from leads.rules.sources.addresses import new_key, seal
from leads.rules.sources.shapes import MOST_ENTRIES
from leads.selectors.sources import feeds
from leads.services.limits import count_within
from templates_app.services.rows import named_once

SOURCES_MOST = 100
WINDOW = timedelta(hours=1)
# A sender that is turned away again and again costs one write a minute.
NOTED_AGAIN_AFTER = timedelta(minutes=1)


@dataclass(frozen=True)
class Settings:
    """What a form says of a source. An empty `secret` keeps the one that is stored."""

    name: str
    shape: Shape
    proof: Proof
    secret: str
    posts_per_hour: int


@transaction.atomic
def create_source(settings: Settings, *, feed: str, actor: Person) -> Source:
    """Store a source whose leads are for `feed`, a word of `selectors.sources.feeds`.

    Raises Forbidden, Conflict for one source too many, Invalid on `feed`, `name` or `secret`.
    """
    row = new_source(SourceKind.WEBHOOK, feed=feed, actor=actor)
    _set(row, settings)
    with one_name():
        row.save()
    return row


def new_source(kind: SourceKind, *, feed: str, actor: Person) -> Source:
    """Return an unsaved source whose leads are for `feed`; called in the transaction that saves it.

    Raises Forbidden, Conflict for one source too many, Invalid on `feed`.
    """
    if not manages_sources(actor):
        raise Forbidden
    chosen = next((one for one in feeds(actor) if one.word == feed), None)
    if chosen is None:
        raise Invalid({"feed": _("Choose what the leads are for")})
    # The company's row is the lock: two forms at once cannot pass the limit together.
    Company.objects.select_for_update().get(pk=chosen.company_id)
    if Source.objects.filter(company=chosen.company_id).count() >= SOURCES_MOST:
        raise Conflict(_("There are already as many sources as a company can have."))
    return Source(
        kind=kind,
        host_id=chosen.host_id,
        company_id=chosen.company_id,
        listing_id=chosen.listing_id,
        marketplace_id=chosen.marketplace_id,
        created_by_id=actor.user_id,
    )


@transaction.atomic
def edit_source(source: Source, settings: Settings, *, actor: Person) -> Source:
    """Change everything but what the leads are for. Raises NotFound, Invalid on `name` or `secret`."""
    row = held_source(source, actor)
    _set(row, settings)
    with one_name():
        row.save(update_fields=["name", "shape", "proof", "secret", "posts_per_hour"])
    return row


@transaction.atomic
def map_source(source: Source, mapping: Mapping[str, str], *, actor: Person) -> Source:
    """Say which key fills what: targets of `rules.sources.mapping`, checked by the form. Raises NotFound."""
    row = held_source(source, actor)
    row.mapping = dict(list(mapping.items())[: 2 * MOST_ENTRIES])
    row.save(update_fields=["mapping"])
    return row


@transaction.atomic
def replace_address(source: Source, *, actor: Person) -> Source:
    """Give a source a new address; the old one stops at once. Raises NotFound."""
    row = held_source(source, actor)
    row.key = new_key()
    row.save(update_fields=["key"])
    return row


@transaction.atomic
def switch_source(source: Source, *, is_active: bool, actor: Person) -> Source:
    """Let a source take deliveries, or turn them away. Raises NotFound, Conflict when it is so already."""
    row = held_source(source, actor)
    if row.is_active == is_active:
        raise Conflict(
            _("This source is in use already.")
            if is_active
            else _("This source is switched off already.")
        )
    row.is_active = is_active
    row.save(update_fields=["is_active"])
    return row


def count_delivery(source: Source) -> int:
    """Count a delivery of `source`; return 0, or the seconds to wait when it is one too many within an hour."""
    key = salted_hmac("leads.sources", source.door, algorithm="sha256").hexdigest()
    return count_within(key, most=source.posts_per_hour, window=WINDOW).wait


@transaction.atomic
def note_refusal(source: Source, sentence: str) -> None:
    """Keep why a delivery was turned away, for who manages the source; the delivery itself is not stored."""
    moment = clock.now()
    if source.refused_at is None or source.refused_at < moment - NOTED_AGAIN_AFTER:
        Source.objects.filter(pk=source.pk).update(refused_at=moment, refusal=sentence[:200])


def held_source(source: Source, actor: Person) -> Source:
    """Return the row under lock, through the scope: who sees a source manages it."""
    row = Source.objects.visible_to(actor).select_for_update().filter(pk=source.pk).first()
    if row is None:
        raise NotFound
    return row


def _set(row: Source, settings: Settings) -> None:
    has_changed = row.proof != settings.proof
    if settings.proof == Proof.ADDRESS:
        row.secret = ""
    elif settings.secret:
        row.secret = seal(settings.secret)
    elif has_changed or not row.secret:
        raise Invalid({"secret": _("Enter the secret that the sender signs with")})
    row.name, row.shape, row.proof = settings.name, settings.shape, settings.proof
    row.posts_per_hour = settings.posts_per_hour


def one_name() -> AbstractContextManager[None]:
    """Refuse a second source of a company with the same name, beside `name`."""
    return named_once("name", _("There is a source with this name. Enter another name"))
