"""What an access row says of its lead, and what of it changes with a write (leads/services/access.py writes it)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import F
from django.db.models.functions import JSONObject

from accounts.enums import DeskKind
from accounts.models import Desk
from leadportal.common.text import fold
from leads.models import Lead, LeadAccess
from leads.rules.access import desk_is_masked
from leads.rules.masking import MASKED, NAMES

WIDTH = 80
HIDDEN = {"is_masked": True, **dict.fromkeys(NAMES, "")}
STATUS = ("status", "status_changed_at")
CONTACT = (
    "first_name last_name email phone job_title company website size industry street postcode city region country"
).split()
CONTACT_OF = JSONObject(**{name: F(f"lead__{name}") for name in CONTACT})
SHOWN_OF = JSONObject(**{name: F(f"lead__{name}") for name in CONTACT if name not in MASKED})
COPIED = {one.attname: F(one.attname) for one in LeadAccess._meta.local_concrete_fields}
# What a row carries beside whose it is, whether it is past, and whether somebody has opened the lead.
_OWN = {"lead_id", "desk_id", "level", "lost_at", "is_unread", "is_masked"}
CARRIED = tuple(name for name in COPIED if name not in _OWN)


def columns_of(lead: Lead) -> dict[str, Any]:
    """Return what an access row carries of `lead`: every column that lists sort and filter by."""
    product = lead.product
    return {
        "created_at": lead.created_at,
        "updated_at": lead.updated_at,
        "status_changed_at": lead.status_changed_at,
        "company": fold(lead.company)[:WIDTH],
        "first_name": fold(lead.first_name)[:WIDTH],
        "last_name": fold(lead.last_name)[:WIDTH],
        "product_name": fold(product.name)[:WIDTH] if product else "",
        "score": lead.score,
        "status": lead.status,
        "kind": product.kind if product else 0,
        "product_id": lead.product_id,
        "marketplace_id": lead.marketplace_id,
        "template_id": lead.template_version.template_id if lead.template_version else None,
        "holder_id": lead.holder_id,
        "holder_desk": lead.holder_desk,
        "in_charge_id": lead.in_charge_id,
        "qualification": lead.qualification,
        "progress": lead.progress,
        "outcome": lead.outcome,
        "source_kind": lead.source_kind,
        "is_near": lead.is_near,
        "is_mql": lead.mql_at is not None,
        "is_sql": lead.sql_at is not None,
    }


@dataclass(frozen=True)
class Touched:
    """A locked lead that has changed: what its rows carry still, and who loses it altogether.

    `before` is what `columns_of` said when the rows were written; nothing writes every column anew.
    Desks of the companies in `withdrawn` (who declined, or let an offer expire) keep no trace of the lead.
    """

    lead: Lead
    before: Mapping[str, Any] = field(default_factory=dict)
    withdrawn: tuple[int, ...] = ()

    @cached_property
    def columns(self) -> dict[str, Any]:
        """What the rows must carry now."""
        return columns_of(self.lead)

    @cached_property
    def changed(self) -> dict[str, Any]:
        """What differs."""
        return {
            name: value
            for name, value in self.columns.items()
            if name not in self.before or self.before[name] != value
        }

    @property
    def new_status(self) -> dict[str, Any]:
        """What PAST rows must learn: the status, where it is another one."""
        return {name: self.changed[name] for name in STATUS if name in self.changed}


def alike(
    pairs: Iterable[tuple[Mapping[str, Any], int]],
) -> list[tuple[Mapping[str, Any], list[int]]]:
    """Put leads that are written alike together: the same columns with the same values, and the leads."""
    pairs = list(pairs)
    if len(pairs) == 1:  # asked apart: the value of one lead may be something that cannot be a key
        return [(values, [pk]) for values, pk in pairs]
    groups: dict[Any, tuple[Mapping[str, Any], list[int]]] = {}
    for values, pk in pairs:
        # A dictionary of attributes cannot be a key itself.
        key = tuple((n, json.dumps(v) if isinstance(v, dict) else v) for n, v in values.items())
        groups.setdefault(key, (values, []))[1].append(pk)
    return list(groups.values())


def is_masked_for(lead: Lead, desk: Desk) -> bool:
    """Say whether a desk that sees the lead must not know whom it is about."""
    return desk_is_masked(lead.parties, desk.company_id, DeskKind(desk.kinds))
