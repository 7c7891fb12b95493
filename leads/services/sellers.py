"""Whose deals, quotes and orders are: they follow their lead (domain.md section 4, row "deals, quotes, orders")."""

from collections.abc import Iterable
from typing import Any

from accounts.models import Company
from leads.enums import HolderDesk
from leads.models import Deal, Lead, Order, Quote
from leads.models.selling import Sale

SALES: tuple[type[Sale], ...] = (Deal, Quote, Order)


def owners_of(lead: Lead) -> dict[str, Any]:
    """Return the columns of a sale that say whose it is: the lead's holder sells.

    As long as the contact is masked the managers look after it: a deal names the prospect (domain.md section 9).
    """
    masked = {"seller_id": lead.host_id, "seller_desk": HolderDesk.HOST}
    held = {"seller_id": lead.holder_id, "seller_desk": lead.holder_desk}
    return {
        **(masked if lead.is_masked else held),
        "vendor_id": lead.parties.vendor_id,
        "in_channel": lead.parties.is_in_channel,
    }


def follow_leads(leads: Iterable[Lead]) -> None:
    """Give what was sold for locked leads to their new holders: two queries where nothing was."""
    by_key = {lead.pk: lead for lead in leads}
    for model in (Deal, Quote):  # a lead that can change hands has no orders yet
        rows: Any = model._default_manager.filter(lead__in=by_key)
        for key in set(rows.order_by().values_list("lead", flat=True)):
            rows.filter(lead=key).update(**owners_of(by_key[key]))


def name_customer(lead: Lead, company: Company) -> None:
    """Let what was begun before a lead was converted name the customer that came of it."""
    for model in SALES:
        rows: Any = model._default_manager.filter(lead=lead)
        _rename(rows.filter(customer__isnull=True), company)


def move_to_company(gone: Company, kept: Company) -> None:
    """Give what a merged customer company was sold to the one that is kept."""
    for model in SALES:
        rows: Any = model._default_manager.filter(customer=gone)
        _rename(rows, kept)


def move_to_lead(gone: Lead, kept: Lead) -> list[str]:
    """Give deals and quotes of a lead that is merged away to the other one; return which."""
    moved = []
    for model in SALES:
        rows: Any = model._default_manager.filter(lead=gone)
        moved += rows.values_list("reference", flat=True)
        rows.update(lead=kept, **owners_of(kept))
    return moved


def move_back_to_lead(references: Iterable[str], kept: Lead, gone: Lead) -> None:
    """Give back what came with a merge that is undone."""
    for model in SALES:
        rows: Any = model._default_manager.filter(lead=kept, reference__in=references)
        rows.update(lead=gone, **owners_of(gone))


def forget_prospect(lead: Lead) -> None:
    """Replace what was typed about a prospect in deals, quotes and orders; numbers, lines and amounts stay."""
    typed = {"subject": "", "comment": "", "lost_reason": "", "terms": ""}
    for model in SALES:
        rows: Any = model._default_manager.filter(lead=lead)
        for row in rows.select_related("customer", "lead"):
            for name in typed:
                if hasattr(row, name):
                    setattr(row, name, row.reference if name == "subject" else "")
            row.save()


def _rename(rows: Any, company: Company) -> None:
    for row in rows.select_related("lead"):
        row.customer = company
        row.save(update_fields=["customer"])
