"""*Manage reseller company permissions*: the four rights, who set them and when (domain.md section 4)."""

from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor, Person, Rights
from accounts.enums import Right
from accounts.models import Company, RightChange
from accounts.rules.people import may_set_rights
from leadportal.common import clock
from leadportal.common.errors import Forbidden, NotFound


@transaction.atomic
def set_rights(company: Company, *, rights: Rights, actor: Actor) -> list[RightChange]:
    """Set the four rights of a reseller company. Returns the changes; what stays the same writes nothing.

    Raises NotFound when the actor does not see the company, Forbidden when it is no reseller of its host or
    the actor is neither operator nor channel there.
    """
    scoped = Company.objects.visible_to(actor).filter(pk=company.pk)
    fresh = scoped.select_for_update(of=("self",)).first()
    if fresh is None:
        raise NotFound
    if not may_set_rights(fresh, actor):
        raise Forbidden(_("Only managers of the company's host set its permissions."))
    before, after = asdict(fresh.rights), asdict(rights)
    changed = [right for right in Right if before[right.value] != after[right.value]]
    changes = RightChange.objects.bulk_create(
        RightChange(
            company=fresh,
            right=right,
            old=_stored(before[right.value]),
            new=_stored(after[right.value]),
            changed_by_id=actor.user_id if isinstance(actor, Person) else None,
            changed_at=clock.now(),
        )
        for right in changed
    )
    if changed:
        for right in changed:
            setattr(fresh, f"can_{right.value}", after[right.value])
        fresh.save(update_fields=[f"can_{right.value}" for right in changed])
    return changes


def _stored(value: Any) -> str:
    """Return a right as the change row keeps it: a word."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
