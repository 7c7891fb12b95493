"""Two people, one lead: different fields are merged, the same field is a clash (ux.md D15)."""

from collections.abc import Mapping

from accounts.actors import Actor, Person
from leads.exceptions import Clash
from leads.models import Lead
from leads.selectors.clashes import newest_change, plain, value_of


def own_changes(
    lead: Lead, typed: Mapping[str, object], seen: Mapping[str, object], *, actor: Actor
) -> dict[str, object]:
    """Return those of `typed` that `actor` changed: field or "attribute:key" → new value. Writes nothing.

    `seen` is what the form showed; what only others changed since is left as it is, and a field that is
    not in it may have stood there as anything. Raises Clash for what somebody else changed too; one's own
    earlier save is no clash. The lead must be locked.
    """
    changed: dict[str, object] = {}
    doubtful: list[str] = []
    for name, value in typed.items():
        new, now = plain(value), plain(value_of(lead, name))
        if new == now or (name in seen and seen[name] == new):
            continue
        changed[name] = value
        if name not in seen or seen[name] != now:
            doubtful.append(name)
    clashing = [name for name in doubtful if not _is_own(lead, name, actor)]
    if clashing:
        raise Clash(clashing)
    return changed


def _is_own(lead: Lead, name: str, actor: Actor) -> bool:
    last = newest_change(lead, name)
    return last is not None and isinstance(actor, Person) and last.actor_user_id == actor.user_id
