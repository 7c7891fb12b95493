"""The notes of a lead, as far as somebody may read them, and who else does (ux.md D7)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import formats, timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.models import Company
from leadportal.common.errors import Conflict, NotFound
from leadportal.common.text import fold
from leads.enums import AccessLevel, Audience
from leads.models import Lead, LeadAccess, Note
from leads.rules.workflow import Action
from leads.selectors.detail import Sight

PAGE = 50
SEARCHED = 2000


@dataclass(frozen=True)
class NoteLine:
    """One note with who reads it, in words, and whether the actor may still change it."""

    note: Note
    readers: str
    is_changeable: bool


@dataclass(frozen=True)
class Thread:
    """A page of notes, newest first; `older` continues it, `count` is of all that the actor may read."""

    lines: list[NoteLine]
    count: int
    older: int | None


def readers_of(lead: Lead) -> list[str]:
    """Return the companies that see the lead now, the host first: who reads a note for everybody."""
    desks = LeadAccess.objects.filter(lead=lead, level=AccessLevel.CURRENT).values("desk__company")
    names = Company.objects.filter(pk__in=desks).order_by("name").values_list("pk", "name")
    return [name for _pk, name in sorted(names, key=lambda row: row[0] != lead.host_id)]


def in_words(names: list[str]) -> str:
    """Return "Northgate, Alpha and Vertex"."""
    return get_text_list(names, _("and"))


def thread(
    sight: Sight,
    *,
    readers: list[str],
    changeable_since: datetime,
    words: str = "",
    before: int | None = None,
) -> Thread:
    """Return the notes that the actor may read, newest first; with `words` only those that contain them all."""
    notes = Note.objects.readable_by(sight.actor, sight.access).filter(lead=sight.lead)
    count = notes.count()
    rows = notes.select_related("author", "company").order_by("-created_at", "-pk")
    if words:
        wanted = fold(words).split()
        found = [
            note for note in rows[:SEARCHED] if all(word in fold(note.body) for word in wanted)
        ]
        return Thread(
            [_line(sight, note, readers, changeable_since) for note in found], count, None
        )
    if before is not None and (last := notes.filter(pk=before).first()):
        rows = rows.filter(
            Q(created_at=last.created_at, pk__lt=before) | Q(created_at__lt=last.created_at)
        )
    page = list(rows[: PAGE + 1])
    older = page[PAGE - 1].pk if len(page) > PAGE else None
    return Thread(
        [_line(sight, note, readers, changeable_since) for note in page[:PAGE]], count, older
    )


def own_note(sight: Sight, pk: int) -> Note:
    """Return a note of the lead that the actor wrote.

    Raises NotFound for any other, and Conflict for an own one that is deleted already.
    """
    own = Note.objects.filter(
        pk=pk, lead=sight.lead, author=sight.actor.user_id, company=sight.actor.company_id
    )
    note = own.until_lost(sight.access).select_related("lead").first()
    if note is None:
        raise NotFound
    if note.deleted_at is not None:
        when = formats.date_format(timezone.localtime(note.deleted_at), "j M Y, H:i")
        raise Conflict(
            _("This note was deleted at %(when)s, so it can no longer be changed.") % {"when": when}
        )
    return note


def _line(sight: Sight, note: Note, readers: list[str], changeable_since: datetime) -> NoteLine:
    return NoteLine(
        note=note,
        readers=_readers_in_words(sight, note, readers),
        is_changeable=Action.NOTE in sight.allowed
        and _is_own(note, sight.actor)
        and note.created_at >= changeable_since,
    )


def _readers_in_words(sight: Sight, note: Note, readers: list[str]) -> str:
    if note.audience == Audience.COMPANY:
        return note.company.name
    # Who sees the lead today is not for a desk that lost it.
    return _("everybody on this lead") if sight.is_past else in_words(readers)


def _is_own(note: Note, actor: Person) -> bool:
    return note.author_id == actor.user_id and note.company_id == actor.company_id
