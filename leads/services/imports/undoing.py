"""Take an import back: every lead that nobody has touched since is as it was before (ux.md I7)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Company
from accounts.services.jobs import Work
from leadportal.common import clock
from leadportal.common.errors import Conflict, NotFound, Refused
from leads.enums import EventKind, HolderDesk, ImportState, Status
from leads.models import Event, Import, ImportedLead, Lead
from leads.selectors.clashes import ATTRIBUTE
from leads.services.acts import Act, Answer, Change, carry_out
from leads.services.history import Line
from leads.services.imports import BATCH
from leads.services.imports.importer import importer_of
from leads.services.writing import Held


def undo_import(work: Work) -> None:
    """Take back the leads of the job's import, BATCH at a time, from where an earlier worker came to."""
    source = Import.objects.get(pk=work.job.about["source"])
    actor = importer_of(source)
    for keys in _batches(source):
        with transaction.atomic():
            answers = carry_out(TakingBack(source), keys, actor=actor)
            done = sum(_is_done(answer) for answer in answers.values())
            source.position = keys[-1]
            Import.objects.filter(pk=source.pk).update(
                position=keys[-1], undone=F("undone") + done, kept=F("kept") + len(keys) - done
            )
            work.report(min(source.undone, source.made), max(1, source.made))
    with work.finished():
        over = {"state": ImportState.UNDONE, "undone_at": clock.now()}
        Import.objects.filter(pk=source.pk).update(**over)


def _batches(source: Import) -> Iterator[list[int]]:
    rows = ImportedLead.objects.filter(source=source).order_by("lead")
    keys = rows.values_list("lead", flat=True).distinct()
    while batch := list(keys.filter(lead__gt=source.position)[:BATCH]):
        yield batch


def _is_done(answer: Answer) -> bool:
    if answer.error is not None and not isinstance(answer.error, Refused):
        raise answer.error
    return answer.error is None


@dataclass(frozen=True)
class _Seen:
    """Of each lead: whether the import made it, what it wrote, who has touched it since; and the hosts."""

    made: frozenset[int]
    untouched: frozenset[int]
    events: dict[int, list[Event]]
    hosts: dict[int, Company]


@dataclass(frozen=True)
class TakingBack(Act):
    """Delete what the import made, empty what it filled; a lead with a later line of history stays.

    A lead that was made cannot vanish, for its history cannot: it is deleted as any other, and who was given
    it by the import loses it altogether.
    """

    source: Import

    def look(self, held: Sequence[Held], actor: Actor) -> _Seen:
        """Read what the import has written to the leads."""
        keys = [one.lead.pk for one in held]
        own = ImportedLead.objects.filter(source=self.source, lead__in=keys)
        ends = own.order_by().values("lead").annotate(line=Max("line"))
        lines = {one["lead"]: one["line"] for one in ends}
        later = Event.objects.filter(lead=OuterRef("lead"), number__gt=OuterRef("line"))
        touched = set(own.filter(Exists(later)).values_list("lead", flat=True))
        events: dict[int, list[Event]] = {}
        kinds = {EventKind.UPDATED, EventKind.ASSOCIATION_REMOVED}
        for event in Event.objects.filter(lead__in=keys, kind__in=kinds).order_by("number"):
            if event.data.get("import") == self.source.pk:
                events.setdefault(event.lead_id, []).append(event)
        rows = Lead.objects.filter(pk__in=keys).order_by().only("attributes", "search")
        heavy = {row.pk: row for row in rows}
        for one in held:  # left out when they were read (writing.py)
            one.lead.attributes = heavy[one.lead.pk].attributes
            one.lead.search = heavy[one.lead.pk].search
        return _Seen(
            made=frozenset(own.filter(is_new=True).values_list("lead", flat=True)),
            untouched=frozenset(lines.keys() - touched),
            events=events,
            hosts=Company.objects.in_bulk({one.lead.host_id for one in held}),
        )

    def decide(self, held: Held, seen: _Seen, actor: Actor) -> Change:
        """See the class."""
        lead = held.lead
        if lead.pk not in seen.untouched | seen.made:
            raise NotFound
        if lead.pk not in seen.untouched or lead.status == Status.DELETED:
            raise Conflict(_("The lead has changed since."))
        if lead.pk in seen.made:
            return self._deleted(lead, seen)
        return self._emptied(lead, seen.events.get(lead.pk, []))

    def _deleted(self, lead: Lead, seen: _Seen) -> Change:
        before = Status(lead.status)
        columns: dict[str, Any] = {"status": Status.DELETED, "status_before_delete": before}
        withdrawn: tuple[int, ...] = ()
        if before == Status.ASSIGNED:
            columns["status_before_delete"] = Status.SUBMITTED
            columns |= {"holder": seen.hosts[lead.host_id], "holder_desk": HolderDesk.HOST}
            withdrawn = (lead.holder_id,)
        codes = {"from": before.slug, "to": Status.DELETED.slug}
        return Change(lead, (self._line(EventKind.CREATED, **codes),), columns, withdrawn)

    def _emptied(self, lead: Lead, events: Sequence[Event]) -> Change:
        columns: dict[str, Any] = {}
        attributes = dict(lead.attributes)
        for event in events:
            if event.kind == EventKind.ASSOCIATION_REMOVED:
                columns["associated_company_id"] = event.data["company"]
                columns["associated_user_id"] = event.data["user"]
                continue
            for name in event.data["fields"]:
                if name.startswith(ATTRIBUTE):
                    attributes.pop(name.removeprefix(ATTRIBUTE), None)
                else:
                    columns[name] = ""
        if attributes != lead.attributes:
            columns["attributes"] = attributes
        return Change(lead, (self._line(EventKind.UPDATED),), columns)

    def _line(self, kind: EventKind, **codes: Any) -> Line:
        data = {"kind": kind.value, "import": self.source.pk, **codes}
        return Line(EventKind.UNDONE, data, is_quiet=True)
