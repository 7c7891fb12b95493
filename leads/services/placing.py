"""A lead comes to a desk: what is recorded and written, whoever decided it."""

from accounts.actors import Actor
from accounts.models import Company
from leads.enums import EventKind, HolderDesk, Status
from leads.models import Lead
from leads.services.acts import Change, apply_changes
from leads.services.history import Line


def moved(lead: Lead, to: Status) -> dict[str, str]:
    """Return the codes of a status change from the present status of `lead`."""
    return {"from": Status(lead.status).slug, "to": to.slug}


def put_at(lead: Lead, to: Company | None, *, actor: Actor) -> None:
    """Record and write the assignment of a locked `lead` to a company, or to the sales desk."""
    apply_changes([placed(lead, to, "")], actor=actor)


def placed(
    lead: Lead,
    to: Company | None,
    message: str,
    *,
    in_charge: int | None = None,
    is_quiet: bool = False,
) -> Change:
    """Return the assignment of a lead to a company, or to the sales desk, and perhaps one person there."""
    holder = to or lead.host
    desk = HolderDesk.COMPANY if to else HolderDesk.SALES
    data = {
        **moved(lead, Status.ASSIGNED),
        "from_holder": lead.holder_id,
        "from_desk": lead.holder_desk,
        "from_in_charge": lead.in_charge_id,
        "to_holder": holder.pk,
        "to_desk": int(desk),
        **({"to_in_charge": in_charge} if in_charge else {}),
    }
    said = {"message": ("", message)} if message else {}
    lines = (Line(EventKind.ASSIGNED, data, said, is_quiet=is_quiet),)
    columns = {
        "status": Status.ASSIGNED,
        "holder": holder,
        "holder_desk": desk,
        "in_charge_id": in_charge,
    }
    return Change(lead, lines, columns)
