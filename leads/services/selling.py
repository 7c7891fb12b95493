"""Lock, check, write: the three steps that every change of a deal, quote or order takes.

The lead is locked before what is sold for it, a deal before its quotes, a quote before its order: in one order
everywhere, so that two people cannot wait for each other.
"""

import secrets
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from accounts.actors import SYSTEM, Actor, Person
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound
from leads.models import Lead
from leads.models.selling import Sale
from leads.services.sellers import owners_of
from leads.services.writing import PARTS, lock_rows

DIGITS = 7
AnySale = TypeVar("AnySale", bound=Sale)


def lock_sale(row: AnySale, *, actor: Actor, seen: int | None = None) -> AnySale:
    """Lock a deal, quote or order and its lead until the transaction ends, and return it as it is now.

    Raises NotFound when `actor` may not see it, Forbidden when it may only read, Conflict when it was linked to
    another lead meanwhile. `seen` is the version that a form showed: Invalid when somebody else was faster.
    """
    fresh = read_locked(row, actor=actor)
    if not type(row)._default_manager.workable_by(actor).filter(pk=row.pk).exists():  # type: ignore[attr-defined]
        raise Forbidden(_("Your role does not allow this here."))
    if seen is not None and fresh.version != seen:
        raise Invalid(
            {
                "": _(
                    "Somebody else changed this while you were editing. Look at it in another "
                    "tab, then save again."
                )
            }
        )
    return fresh


def read_locked(row: AnySale, *, actor: Actor) -> AnySale:
    """Lock what `actor` may read; see `lock_sale`."""
    if row.lead_id:
        lock_rows([row.lead_id], actor=SYSTEM)
    rows: Any = type(row)._default_manager
    parts = ("customer", "seller", *(f"lead__{part}" for part in PARTS))
    scoped = rows.visible_to(actor).filter(pk=row.pk).select_related("lead", *parts)
    fresh: AnySale | None = scoped.select_for_update(of=("self",)).first()
    if fresh is None:
        raise NotFound
    if fresh.lead_id != row.lead_id:
        raise Conflict(_("%(number)s was linked to another lead meanwhile.") % {"number": fresh})
    return fresh


def store_new(row: AnySale, prefix: str, *, lead: Lead, actor: Actor) -> AnySale:
    """Store something new for a locked lead under a number that tells nobody how many others have."""
    for name, value in owners_of(lead).items():
        setattr(row, name, value)
    row.lead, row.host_id = lead, lead.host_id
    row.customer = row.customer or customer_of(lead)
    row.created_by_id = actor.user_id if isinstance(actor, Person) else None
    row.created_at = row.updated_at = clock.now()
    while True:
        row.reference = f"{prefix}-{secrets.randbelow(9 * 10 ** (DIGITS - 1)) + 10 ** (DIGITS - 1)}"
        if not type(row)._default_manager.filter(reference=row.reference).exists():
            row.save()
            return row


def customer_of(lead: Lead) -> Any:
    """Return the customer company that a lead was converted into, or None."""
    conversion = getattr(lead, "conversion", None)
    return conversion.company if conversion else None


def write_sale(row: Sale, **changes: Any) -> None:
    """Write `changes` to a locked row and count its version up."""
    for name, value in changes.items():
        setattr(row, name, value)
    row.version, row.updated_at = row.version + 1, clock.now()
    row.save(update_fields=[*changes, "version", "updated_at"])
