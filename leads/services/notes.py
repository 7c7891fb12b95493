"""Notes: written by everyone who sees the lead, corrected by their author for 15 minutes (domain.md section 3)."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Person
from leadportal.common import clock
from leadportal.common.errors import Conflict, NotFound
from leads.enums import Audience, EventKind, NoteKind
from leads.models import Lead, Note
from leads.rules.workflow import Action
from leads.services.history import record
from leads.services.writing import lock_lead, write_lead

EDIT_WITHIN = timedelta(minutes=15)


def _own_company(note: Note) -> int | None:
    """Return who alone may know of `note`: its company, or None for everybody."""
    return note.company_id if note.audience == Audience.COMPANY else None


@transaction.atomic
def add_note(
    lead: Lead,
    *,
    body: str,
    kind: NoteKind,
    audience: Audience,
    key: str | None = None,
    actor: Person,
) -> Note:
    """Add a note. A second post of the same form (`key`) returns the note that the first one made."""
    fresh = lock_lead(lead, actor=actor, action=Action.NOTE).lead
    if key and (known := Note.objects.filter(submission_key=key, lead=fresh).first()):
        return known
    note = Note.objects.create(
        lead=fresh,
        author_id=actor.user_id,
        company_id=actor.company_id,
        kind=kind,
        audience=audience,
        body=body,
        created_at=clock.now(),
        submission_key=key or None,
    )
    record(
        fresh,
        EventKind.NOTE_ADDED,
        actor=actor,
        data={"note": note.pk},
        audience=_own_company(note),
    )
    if audience == Audience.EVERYBODY:
        write_lead(fresh)
    return note


@transaction.atomic
def edit_note(note: Note, *, body: str, actor: Person) -> Note:
    """Change the text of an own note within 15 minutes; the old text stays beside the history line."""
    own = _lock_own(note, actor=actor)
    if own.body != body:
        record(
            own.lead,
            EventKind.NOTE_EDITED,
            actor=actor,
            data={"note": own.pk},
            values={"note": (own.body, body)},
            audience=_own_company(own),
        )
        own.body, own.edited_at = body, clock.now()
        own.save(update_fields=["body", "edited_at"])
    return own


@transaction.atomic
def delete_note(note: Note, *, actor: Person) -> None:
    """Take back an own note within 15 minutes."""
    own = _lock_own(note, actor=actor)
    record(
        own.lead,
        EventKind.NOTE_DELETED,
        actor=actor,
        data={"note": own.pk},
        audience=_own_company(own),
    )
    own.deleted_at = clock.now()
    own.save(update_fields=["deleted_at"])


def _lock_own(note: Note, *, actor: Person) -> Note:
    """Lock lead and note; NotFound for a note of somebody else, Conflict when the time is over."""
    lock_lead(note.lead, actor=actor, action=Action.NOTE)
    own = (
        Note.objects.readable_by(actor, None)
        .select_for_update(of=("self",))
        .select_related("lead")
        .filter(pk=note.pk, author=actor.user_id, company=actor.company_id)
        .first()
    )
    if own is None:
        raise NotFound
    if clock.now() - own.created_at > EDIT_WITHIN:
        raise Conflict(_("A note can be changed for 15 minutes. Add a new note that corrects it."))
    return own
