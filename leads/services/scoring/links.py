"""Tracked links: made, changed, followed (domain.md section 8)."""

import logging
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Person, System
from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from leads.models import Lead, TrackedLink
from leads.rules.permissions import edits_scoring
from leads.rules.scoring.kinds import BehaviourKind
from leads.rules.scoring.links import reference_in, visitor_word
from leads.selectors.merged import there_now
from leads.services.scoring.behaviour import note_visit

logger = logging.getLogger(__name__)

LINKS_MOST = 200


@dataclass(frozen=True)
class LinkSettings:
    """What a form says of a link."""

    name: str
    kind: BehaviourKind
    about: str
    address: str


@transaction.atomic
def create_link(wanted: LinkSettings, *, actor: Person) -> TrackedLink:
    """Store a link of the actor's company. Raises Forbidden, Conflict for one too many, Invalid (name, address)."""
    if not edits_scoring(actor):
        raise Forbidden
    if TrackedLink.objects.filter(company=actor.company_id).count() >= LINKS_MOST:
        raise Conflict(_("There are already as many tracked links as a company can have."))
    row = TrackedLink(company_id=actor.company_id, created_by_id=actor.user_id)
    return _stored(row, wanted)


@transaction.atomic
def edit_link(link: TrackedLink, wanted: LinkSettings, *, actor: Person) -> TrackedLink:
    """Change a link; its addresses stay. Raises NotFound, Invalid (name, address)."""
    return _stored(_held(link, actor), wanted)


@transaction.atomic
def switch_link(link: TrackedLink, *, is_active: bool, actor: Person) -> TrackedLink:
    """Let visits count, or no more; the link goes on to its page all the same. Raises NotFound."""
    row = _held(link, actor)
    row.is_active = is_active
    row.save(update_fields=["is_active"])
    return row


def _held(link: TrackedLink, actor: Person) -> TrackedLink:
    row = TrackedLink.objects.visible_to(actor).select_for_update().filter(pk=link.pk).first()
    if row is None:
        raise NotFound
    return row


def _stored(row: TrackedLink, wanted: LinkSettings) -> TrackedLink:
    is_mail = wanted.kind == BehaviourKind.EMAIL_OPENED
    if not is_mail and not wanted.address:
        raise Invalid({"address": _("Enter the address that the link goes to")})
    row.name, row.kind, row.about = wanted.name, wanted.kind, wanted.about
    row.address = "" if is_mail else wanted.address
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Invalid({"name": _("There is already a link with this name")}) from None
    return row


def address_for(link: TrackedLink, lead: Lead) -> str:
    """Return the address of `link` that counts for the prospect of `lead`; of an opened email that of its pixel."""
    name = "pixel" if link.kind == BehaviourKind.EMAIL_OPENED else "tracked"
    word = visitor_word(link.key, lead.reference)
    return f"{settings.PORTAL_URL}{reverse(f'intake:{name}', args=[link.key, word])}"


def follow(key: str, word: str) -> TrackedLink:
    """Count a visit of the link `key` by the prospect that `word` names, and return the link. Raises NotFound.

    A word that is not ours counts for nobody; for a merged lead the one counts that it is part of now. Whatever
    happens to the counting, the visitor gets on.
    """
    link = TrackedLink.objects.filter(key=key).first()
    if link is None:
        raise NotFound
    reference = reference_in(key, word)
    if link.is_active and reference:
        try:
            lead = Lead.objects.filter(reference=reference).first()
            if lead is not None:
                note_visit(link, there_now(lead), actor=System(link.name))
        except (Refused, DatabaseError):
            logger.exception("A visit of link %s could not be counted", link.pk)
    return link
