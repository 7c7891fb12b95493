"""What webhook sources deliver: stored raw by `services.intake`, then made into leads here (webhooks.md 6)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import DeskKind
from leadportal.common import clock
from leads.enums import (
    AttentionReason,
    Audience,
    Channel,
    EventKind,
    HolderDesk,
    SourceKind,
    Status,
)
from leads.exceptions import NotALead, SentBefore
from leads.models import Lead, Note, Source, Submission
from leads.models.intake import KEY_LENGTH
from leads.rules.intake import content_key, sender_key
from leads.rules.sources.draft import Draft, draft_of
from leads.rules.sources.mapping import sort_entries
from leads.rules.sources.shapes import Sent
from leads.selectors.deliveries import sent_of, source_of
from leads.selectors.sources import attributes_of, questions_of
from leads.services.history import record
from leads.services.intake import Door, process, receive
from leads.services.leads import Consent, WayIn, create_from_listing
from leads.services.routing import route_leads
from leads.services.scoring.behaviour import note_repeat
from leads.services.scoring.scores import rescore
from leads.services.storing import contact_of, store_lead
from templates_app.enums import MapsTo

# The headers by which a sender names what it sends, beside the id in the delivery itself.
KEY_HEADERS = ("idempotency-key", "webhook-id")
# How the key of a delivery begins whose number came before with something else.
AGAIN = "again "


def take_delivery(
    source: Source,
    sent: Sent | None,
    *,
    payload: Mapping[str, Any],
    headers: Mapping[str, str],
    body: bytes = b"",
) -> Submission:
    """Store what `source` sent and make a lead of it, once however often it comes; see `services.intake.receive`.

    `payload` is what is kept of it, `sent` how it reads; without both it could not be read, and `body` is kept
    instead. Raises SentBefore when the sender gave the same name to something else.
    """
    given = next((headers[name] for name in KEY_HEADERS if headers.get(name)), "")
    whole: dict[str, Any] = {
        "payload": payload,
        "body": body,
        "content_type": headers.get("content-type", ""),
        "headers": headers,
    }
    number = sent.submission_id if sent else ""
    try:
        return receive(door_of(source), key=given or number, **whole)
    except SentBefore:
        if given or sent is None:
            raise
    # A number in a delivery is no promise: two sites behind one source may count alike. Nothing is lost of it.
    first = Submission.objects.get(door=source.door, key=sender_key(number, KEY_LENGTH))
    told = sent_of(first, source)
    if told and told.answers == sent.answers:
        return process(first)
    return receive(door_of(source), key=f"{AGAIN}{content_key(b'', payload)}", **whole)


def door_of(source: Source) -> Door:
    """Return the door of a source, with whoever looks after what comes through it."""
    # The vendor looks after what comes in for its product, whoever keeps the source (domain.md section 4).
    carer = source.listing.product.vendor if source.listing else source.company
    return Door(
        SourceKind(source.kind),
        source.door,
        source.host,
        carer,
        listing=source.listing,
        source=source,
    )


def lead_of_delivery(submission: Submission) -> Lead:
    """Make the lead of a delivery with what its source says today, so that a corrected mapping mends it.

    Called by `services.intake.process`. Raises NotALead.
    """
    source = source_of(submission)
    sent = sent_of(submission, source)
    if sent is None:
        raise NotALead(AttentionReason.UNREADABLE, _("The delivery cannot be read."))
    if submission.key.startswith(AGAIN) and not submission.reason:
        sentence = _("Its number came before, with something else. Retry makes a lead of it.")
        raise NotALead(AttentionReason.REFUSED, sentence)
    return lead_from(source, sent)


def lead_from(source: Source, sent: Sent) -> Lead:
    """Make a lead of what was sent, with what its source says of keys. Raises NotALead."""
    specs = questions_of(source)
    found = sort_entries(sent.entries, source.mapping, specs)
    draft = draft_of(
        found,
        specs=specs,
        attributes=attributes_of(source),
        region=source.company.country or source.host.country,
    )
    if not draft.can_be_reached:
        if {MapsTo.EMAIL, MapsTo.PHONE} & found.fields.keys():
            sentence = _("Neither its email address nor its phone number is a valid one.")
            raise NotALead(AttentionReason.NO_CONTACT, sentence)
        sentence = _("No key is known to be an email address or a phone number. Map one.")
        raise NotALead(AttentionReason.MAPPING, sentence)
    return _create(source, draft)


def _create(source: Source, draft: Draft) -> Lead:
    """Make the lead: as the form of the listing does, or as a manual lead of the source's company."""
    kind = SourceKind(source.kind)
    way = WayIn(kind.slug, kind, source.name)
    if source.listing is None:
        lead = _create_for_company(source, draft, way)
    elif not source.listing.is_open:
        raise NotALead(
            AttentionReason.CLOSED, _("The form that the leads of this source are for is closed.")
        )
    else:
        consent = None
        if draft.consents:
            consent = Consent("\n".join(draft.consents), source.name)
        lead = create_from_listing(
            source.listing,
            draft.contact,
            draft.answers,
            attributes=draft.attributes,
            consent=consent,
            way=way,
        )
    if draft.note:
        _add_note(lead, draft.note, source, way)
    note_repeat(lead, form=source.name, actor=way.actor)
    return lead


def _create_for_company(source: Source, draft: Draft, way: WayIn) -> Lead:
    """Begin a lead where one made by hand by the company would (domain.md, "Where a lead starts")."""
    company = source.company
    is_hosts = company.pk == source.host_id
    if not company.is_active or not (
        is_hosts or (company.is_reseller and company.can_create_leads)
    ):
        raise NotALead(
            AttentionReason.REFUSED, _("The company of this source may not create leads any more.")
        )
    status = Status.SUBMITTED if is_hosts else Status.REFERRED
    lead = store_lead(
        host=source.host,
        marketplace=source.marketplace,
        answers=draft.answers,
        attributes=draft.attributes,
        status=status,
        holder=company,
        holder_desk=HolderDesk.HOST if is_hosts else HolderDesk.COMPANY,
        maker=company,
        maker_kinds=int(DeskKind.OPERATOR if is_hosts else DeskKind.COMPANY),
        source_kind=way.kind,
        source_name=way.name,
        channel=Channel.WEB,
        **contact_of(draft.contact),
    )
    record(lead, EventKind.CREATED, actor=way.actor, data={"source": way.word, "to": status.slug})
    rescore([lead])
    route_leads([lead])
    return lead


def _add_note(lead: Lead, body: str, source: Source, way: WayIn) -> None:
    """Keep what the prospect wrote as a note for everybody on the lead; nobody here is its author."""
    note = Note.objects.create(
        lead=lead,
        company=source.company,
        audience=Audience.EVERYBODY,
        body=body,
        created_at=clock.now(),
    )
    record(lead, EventKind.NOTE_ADDED, actor=way.actor, data={"note": note.pk}, is_quiet=True)
