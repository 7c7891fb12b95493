"""Write the access rows: who sees a lead, and as what it sorts (access.md). Called by every service that writes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from django.db.models import Exists, F, OuterRef, Value

from accounts.actors import Person
from accounts.enums import DeskKind
from accounts.models import Desk
from leadportal.common import clock
from leads.enums import AccessLevel
from leads.models import Lead, LeadAccess, PastView
from leads.rules.access import Parties, desk_sees
from leads.rules.masking import NAMES
from leads.services.carried import (
    CONTACT_OF,
    COPIED,
    HIDDEN,
    SHOWN_OF,
    Touched,
    alike,
    is_masked_for,
)
from leads.services.copying import insert_from

BATCH = 1_000


def update_access(touched: Sequence[Touched]) -> None:
    """Write what has changed to the access rows of locked leads.

    For changes that do not touch which desks see them; the others go through `refresh_all`.
    """
    _update_current(touched)
    _show_past_status(touched)


def _update_current(touched: Sequence[Touched]) -> None:
    for changed, leads in alike((one.changed, one.lead.pk) for one in touched):
        if not changed:
            continue
        rows = LeadAccess.objects.filter(lead__in=leads, level=AccessLevel.CURRENT)
        if NAMES & changed.keys():
            open_to_all = {name: value for name, value in changed.items() if name not in NAMES}
            if open_to_all:
                rows.filter(is_masked=True).update(**open_to_all)
            rows = rows.filter(is_masked=False)
        rows.update(**changed)


def refresh_access(lead: Lead) -> None:
    """Bring the access rows of a locked `lead` to its present state, every column; see `refresh_all`."""
    refresh_all([Touched(lead)])


def refresh_all(touched: Sequence[Touched]) -> None:
    """Bring the access rows of locked leads to their present state: the desks, and what has changed.

    A desk that no longer sees a lead keeps a PAST row as it was, with the contact data of that moment;
    only the status goes on. Costs the same queries for one lead and for many that change alike.
    """
    parties = {one.lead.pk: one.lead.parties for one in touched}
    desks = _desks_around(parties.values())
    seeing = _seeing(parties, desks)
    rows: dict[int, dict[int, _Row]] = {one.lead.pk: {} for one in touched}
    stored = LeadAccess.objects.filter(lead__in=rows).order_by()
    for lead_id, desk_id, *row in stored.values_list(
        "lead_id", "desk_id", "level", "is_unread", "is_masked"
    ):
        level, is_unread, is_masked = row
        rows[lead_id][desk_id] = _Row(level, bool(is_unread), bool(is_masked))
    known_desks = {desk.pk: desk for desk in chain.from_iterable(desks.values())}
    moves = [_Moved(one, seeing[one.lead.pk], rows[one.lead.pk], known_desks) for one in touched]
    _lose([move for move in moves if move.lost])
    _update_current([move.touched for move in moves if move.kept])
    _gain(moves)
    _mask(moves)
    _show_past_status([move.touched for move in moves if move.known - move.seeing - move.lost])


def _desks_around(parties: Iterable[Parties]) -> dict[int, list[Desk]]:
    """Return the desks of every company around leads, by company."""
    around = {company_id for one in set(parties) for company_id in one.companies}
    desks: dict[int, list[Desk]] = {company_id: [] for company_id in around}
    for desk in Desk.objects.filter(company_id__in=around).order_by():
        desks[desk.company_id].append(desk)
    return desks


def _seeing(
    parties: Mapping[int, Parties], desks: Mapping[int, Sequence[Desk]]
) -> dict[int, set[int]]:
    """Return which of the `desks` see each lead now."""
    # Many leads stand between the same companies.
    seeing = {
        one: {
            desk.pk
            for company_id in one.companies
            for desk in desks[company_id]
            if desk_sees(one, company_id, DeskKind(desk.kinds))
        }
        for one in set(parties.values())
    }
    return {pk: seeing[one] for pk, one in parties.items()}


class _Row(NamedTuple):
    """What a stored row says of its desk."""

    level: int
    is_unread: bool
    is_masked: bool


class _Moved:
    """What a change means for the desks of one lead: which keep it, lose it, get it; which know it opened.

    `hidden` are those that must not know any more whom it is about, `shown` those that learn it.
    """

    def __init__(
        self,
        touched: Touched,
        seeing: set[int],
        rows: Mapping[int, _Row],
        desks: Mapping[int, Desk],
    ) -> None:
        current = {desk_id for desk_id, row in rows.items() if row.level == AccessLevel.CURRENT}
        self.touched, self.seeing, self.known = touched, seeing, rows.keys()
        self.kept = seeing & current
        self.lost = current - seeing
        self.gained = seeing - current
        self.regained = self.gained & self.known
        company_of = {desk_id: desk.company_id for desk_id, desk in desks.items()}
        opened = {company_of.get(desk_id) for desk_id, row in rows.items() if not row.is_unread}
        self.opened = {desk_id for desk_id in self.gained if company_of[desk_id] in opened}
        was_masked = {desk_id for desk_id in self.kept if rows[desk_id].is_masked}
        masked = {one for one in seeing if is_masked_for(touched.lead, desks[one])}
        self.hidden, self.shown = masked - was_masked, was_masked - masked
        # A row that can be copied for a desk that gets the lead: it says everything.
        self.whole = self.kept - was_masked


def _gain(moves: Sequence[_Moved]) -> None:
    """Write the rows of desks that did not see their lead; a past row becomes current again."""
    for desks, leads in _by_desks((move.regained, move) for move in moves):
        LeadAccess.objects.filter(lead__in=leads, desk_id__in=desks).delete()
        PastView.objects.filter(lead__in=leads, desk_id__in=desks).delete()
    # The rows of a lead are alike: where one was kept, the database copies it, and nothing is sent.
    of_desk: defaultdict[int, list[tuple[set[int], _Moved]]] = defaultdict(list)
    for move in moves:
        for desk_id in move.gained if move.whole else ():
            of_desk[desk_id].append(({min(move.whole)}, move))
    for desk_id, pairs in of_desk.items():
        for kept, leads in _by_desks(pairs):
            rows = LeadAccess.objects.filter(lead__in=leads, desk_id__in=kept)
            own = {"desk_id": Value(desk_id), "is_unread": Value(True)}
            insert_from(rows, LeadAccess, {**COPIED, **own})
    LeadAccess.objects.bulk_create(
        [
            LeadAccess(
                lead=move.touched.lead, desk_id=desk_id, is_unread=True, **move.touched.columns
            )
            for move in moves
            if not move.whole
            for desk_id in sorted(move.gained)
        ],
        batch_size=BATCH,
    )
    for desks, leads in _by_desks((move.opened, move) for move in moves):
        rows = LeadAccess.objects.filter(lead__in=leads, desk_id__in=desks)
        rows.update(is_unread=False)


def _mask(moves: Sequence[_Moved]) -> None:
    """Take the names out of the rows of desks that must not know them, and put them into those that may now."""
    for desks, leads in _by_desks((move.hidden, move) for move in moves):
        LeadAccess.objects.filter(lead__in=leads, desk_id__in=desks).update(**HIDDEN)
    for move in moves:
        if move.shown:
            names = {name: move.touched.columns[name] for name in NAMES}
            rows = LeadAccess.objects.filter(lead=move.touched.lead, desk_id__in=move.shown)
            rows.update(is_masked=False, **names)


def mark_opened(access: LeadAccess, *, actor: Person) -> None:
    """Mark the lead as seen for every desk of the actor's company (ux.md D18).

    Written once, at the first opening: who comes later writes nothing, and staff of the portal, who look
    at other companies' leads, never do. No column that a list sorts or filters by changes, so no version.
    """
    if access.is_unread and not actor.is_staff_at_work:
        own = LeadAccess.objects.filter(lead=access.lead_id, desk__company=actor.company_id)
        own.filter(is_unread=True).update(is_unread=False)


def _by_desks(
    pairs: Iterable[tuple[set[int], _Moved]],
) -> Iterator[tuple[Sequence[int], list[int]]]:
    """Yield each set of desks with the leads that it stands beside; no desks are passed over."""
    groups: defaultdict[Sequence[int], list[int]] = defaultdict(list)
    for desks, move in pairs:
        groups[tuple(sorted(desks))].append(move.touched.lead.pk)
    return ((desks, leads) for desks, leads in groups.items() if desks)


def _show_past_status(touched: Sequence[Touched]) -> None:
    """Write the status to PAST rows: all that a desk learns of a lead that it lost (domain.md, *Past*)."""
    for status, leads in alike((one.new_status, one.lead.pk) for one in touched):
        if status:
            LeadAccess.objects.filter(lead__in=leads, level=AccessLevel.PAST).update(**status)


def _lose(moves: Sequence[_Moved]) -> None:
    """Take leads from desks: for good from those of withdrawn companies, the others remember them."""
    withdrawn = {company_id for move in moves for company_id in move.touched.withdrawn}
    of_company: defaultdict[int, set[int]] = defaultdict(set)
    if withdrawn:
        for desk in Desk.objects.filter(company_id__in=withdrawn).order_by():
            of_company[desk.company_id].add(desk.pk)
    gone = {
        move: {desk for one in move.touched.withdrawn for desk in of_company[one]} & move.lost
        for move in moves
    }
    for desks, leads in _by_desks((gone[move], move) for move in moves):
        LeadAccess.objects.filter(lead__in=leads, desk_id__in=desks).delete()
    past = {move: move.lost - gone[move] for move in moves}
    for status, some in _by_status(moves):
        for desks, leads in _by_desks((past[move], move) for move in some):
            LeadAccess.objects.filter(lead__in=leads, desk_id__in=desks).update(
                level=AccessLevel.PAST, lost_at=clock.now(), **status
            )
    remembered = [move.touched.lead.pk for move, desks in past.items() if desks]
    if not remembered:
        return
    unseen = ~Exists(PastView.objects.filter(lead=OuterRef("lead"), desk=OuterRef("desk")))
    rows = LeadAccess.objects.filter(unseen, lead__in=remembered, level=AccessLevel.PAST)
    of_row = {"lead_id": F("lead_id"), "desk_id": F("desk_id")}
    insert_from(rows.filter(is_masked=False), PastView, {**of_row, "contact": CONTACT_OF})
    # Who lost it before it was accepted never knew whom it was about.
    insert_from(rows.filter(is_masked=True), PastView, {**of_row, "contact": SHOWN_OF})


def _by_status(moves: Sequence[_Moved]) -> Iterator[tuple[Mapping[str, Any], list[_Moved]]]:
    by_lead = {move.touched.lead.pk: move for move in moves}
    groups = alike((move.touched.new_status, pk) for pk, move in by_lead.items())
    return ((status, [by_lead[pk] for pk in leads]) for status, leads in groups)
