"""Imports: those of a person, which leads are there already, what was wrong with rows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from accounts.actors import Person
from accounts.models import JobState
from leadportal.common import clock
from leadportal.common.text import fold
from leads.enums import AccessLevel, ImportState, Status
from leads.models import Import, ImportedLead, ImportFault, ImportMapping, Lead, LeadAccess

MOST = 50
GROUPS_MOST = 50
ROWS_NAMED = 20
WIDTH = 80  # of the texts of access rows


def own_imports(actor: Person, *, only_faulty: bool = False) -> list[Import]:
    """Return what the actor has sent, newest first; or what stopped, or left out rows that can be corrected yet."""
    rows = Import.objects.visible_to(actor).select_related("job")
    if only_faulty:
        stopped = Q(state__in=ImportState.busy(), job__state=JobState.FAILED)
        left_out = Q(failed__gt=0, undone_at__isnull=True, expires_at__gt=clock.now())
        rows = rows.filter(stopped | left_out)
    return list(rows[:MOST])


def find_import(pk: int, actor: Person) -> Import | None:
    """Return the actor's own import with that number, if there is one."""
    rows = Import.objects.visible_to(actor).select_related("job", "marketplace", "product", "user")
    return rows.filter(pk=pk).first()


def made_by_imports(keys: Collection[int | None]) -> "QuerySet[Any, Any]":
    """Return the leads that these imports have made, for a filter."""
    return ImportedLead.objects.filter(source__in=keys, is_new=True).order_by().values("lead")


def saved_mappings(actor: Person) -> list[ImportMapping]:
    """Return the mappings that the actor's company has kept, by name."""
    return list(ImportMapping.objects.visible_to(actor))


# --- Leads that are there already ---------------------------------------------------------------------


Name = tuple[str, str, str]


@dataclass(frozen=True)
class Keys:
    """What makes a row the duplicate of a lead: its address, else company and name, all folded.

    Two different addresses are two people, whatever they are called: names count where one of both has no address.
    """

    email: str = ""
    name: Name | None = None

    @classmethod
    def of(cls, contact: Mapping[str, str]) -> "Keys":
        """Return the keys of what a lead says of its contact."""
        parts = (contact["company"], contact["first_name"], contact["last_name"])
        company, first, last = (fold(part)[:WIDTH] for part in parts)
        return cls(contact["email"].lower(), (company, first, last) if company and last else None)

    @property
    def marks(self) -> list[str]:
        """By what later rows of the file find this one."""
        named = "\n".join(self.name) if self.name else ""
        marks = [f"@{self.email}" if self.email else "", named and f"any {named}"]
        return [mark for mark in (*marks, "" if self.email else named) if mark]

    @property
    def sought(self) -> list[str]:
        """What of `marks` an earlier row has if this one is its duplicate, the surest first."""
        named = "\n".join(self.name) if self.name else ""
        marks = [f"@{self.email}" if self.email else "", named]
        return [
            mark for mark in (*marks, "" if self.email or not named else f"any {named}") if mark
        ]


def known_leads(rows: Sequence[Keys], actor: Person) -> list[tuple[int, str] | None]:
    """Return for each of the rows the lead that is there already, and "email" or "name"; two queries.

    Only leads that the actor sees as they are now, and none that is deleted; of several the oldest.
    """
    by_email = _by_email({keys.email for keys in rows if keys.email}, actor)
    by_name = _by_name({keys.name for keys in rows if keys.name}, actor)
    found: list[tuple[int, str] | None] = []
    for keys in rows:
        if keys.email in by_email:
            found.append((by_email[keys.email], "email"))
        elif (keys.name, bool(keys.email)) in by_name:
            found.append((by_name[keys.name, bool(keys.email)], "name"))
        else:
            found.append(None)
    return found


def _current(actor: Person) -> Any:
    """Return the rows of leads that the importer knows: no file finds out whom a masked one is about."""
    rows = LeadAccess.objects.visible_to(actor).filter(level=AccessLevel.CURRENT, is_masked=False)
    return rows.filter(status__lt=Status.DELETED).order_by()


def _by_email(emails: Collection[str], actor: Person) -> dict[str, int]:
    if not emails:
        return {}
    leads = Lead.objects.annotate(address=Lower("email")).filter(address__in=emails)
    seen = leads.filter(Exists(_current(actor).filter(lead=OuterRef("pk")))).order_by()
    return _oldest(seen.values_list("address", "pk"))


def _by_name(names: Collection[Name], actor: Person) -> dict[Any, int]:
    """Return leads by company and name, and by whether a row with an address would be their duplicate."""
    if not names:
        return {}
    companies, firsts, lasts = (set(parts) for parts in zip(*names, strict=True))
    rows = _current(actor).filter(company__in=companies, last_name__in=lasts, first_name__in=firsts)
    columns = rows.values_list("company", "first_name", "last_name", "lead_id", "lead__email")
    found = list(columns)
    pairs = [((tuple(name), False), pk) for *name, pk, _email in found]
    pairs += [((tuple(name), True), pk) for *name, pk, email in found if not email]
    return _oldest(pairs)


def _oldest(pairs: Any) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for key, pk in pairs:
        found[key] = min(pk, found.get(key, pk))
    return found


# --- What was wrong -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class FaultGroup:
    """The rows with the same error: how many, and the first of them."""

    sentence: str
    count: int
    rows: list[int]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.rows)


def fault_groups(source: Import) -> tuple[list[FaultGroup], int]:
    """Return the errors by their sentence, the most frequent first, up to GROUPS_MOST, and how many there are."""
    rows = source.faults.order_by()
    groups = rows.values("sentence").annotate(count=Count("pk"), first=Min("row"))
    shown = list(groups.order_by("-count", "first", "sentence")[: GROUPS_MOST + 1])
    total = len(shown) if len(shown) <= GROUPS_MOST else groups.count()
    return [
        FaultGroup(one["sentence"], one["count"], _first_rows(source, one["sentence"]))
        for one in shown[:GROUPS_MOST]
    ], total


def _first_rows(source: Import, sentence: str) -> list[int]:
    rows = source.faults.filter(sentence=sentence).order_by("row")
    return list(rows.values_list("row", flat=True)[:ROWS_NAMED])


def fault_rows(source: Import, *, after: int = 0, many: int = 100) -> list[tuple[int, list[str]]]:
    """Return rows with errors in their order, those behind row `after`, each with its sentences."""
    rows = source.faults.filter(row__gt=after).order_by("row")
    numbers = list(rows.values_list("row", flat=True).distinct()[: many + 1])
    found: dict[int, list[str]] = {number: [] for number in numbers}
    for fault in ImportFault.objects.filter(source=source, row__in=numbers):
        found[fault.row].append(fault.sentence)
    return list(found.items())


def faulty_rows(source: Import) -> Iterator[tuple[int, list[str]]]:
    """Yield every row with errors in their order, in constant memory."""
    after = 0
    while page := fault_rows(source, after=after, many=499):
        yield from page
        after = page[-1][0]


def leads_by_id(keys: Collection[int], actor: Person) -> dict[int, Lead]:
    """Return those of the leads that the actor sees."""
    return Lead.objects.visible_to(actor).in_bulk(list(keys))
