"""Whose turn it is in round robins: locked, so that leads at the same moment do not take the same turn."""

from collections.abc import Iterable

from leads.models import RoutingTurn
from leads.rules.routing.book import Book, Gives
from leads.rules.routing.choosing import Turns
from leads.selectors.routing import plain_turns

# A round robin in a transaction: by rule and member.
Rows = dict[tuple[str, str], RoutingTurn]


def hold_turns(host_id: int, book: Book, rules: Iterable[str]) -> tuple[Turns, Rows]:
    """Lock the turns of those of `rules` that are round robins until the transaction ends, and return them.

    Ordered by their keys everywhere, so that two who need several cannot wait for each other. Whoever routes has
    locked its leads before.
    """
    wanted = [
        RoutingTurn(host_id=host_id, rule=key, member=member.key)
        for key in sorted(rules)
        for member in sorted(_members(book, key), key=lambda one: one.key)
    ]
    if not wanted:
        return {}, {}
    keys = {row.rule for row in wanted}
    rows = RoutingTurn.objects.filter(host=host_id, rule__in=keys)
    known = set(rows.order_by().values_list("rule", "member"))
    missing = [row for row in wanted if (row.rule, row.member) not in known]
    # Two firsts at once: the unique key lets the second wait and find the row of the first.
    RoutingTurn.objects.bulk_create(missing, ignore_conflicts=True)
    held = list(rows.order_by("pk").select_for_update(of=("self",)))
    return plain_turns(held), {(row.rule, row.member): row for row in held}


def keep_turns(turns: Turns, rows: Rows) -> None:
    """Write turns that were taken."""
    changed = []
    for rule, states in turns.items():
        for member, turn in states.items():
            row = rows[rule, member]
            known = (row.credit, row.day, row.given, row.shares)
            if known != (turn.credit, turn.day, turn.given, turn.shares):
                row.credit, row.day, row.given = turn.credit, turn.day, turn.given
                row.shares = turn.shares
                changed.append(row)
    RoutingTurn.objects.bulk_update(changed, ["credit", "day", "given", "shares"])


def _members(book: Book, key: str) -> tuple:
    rule = book.rule(key)
    return rule.members if rule and rule.gives == Gives.ROUND_ROBIN else ()
