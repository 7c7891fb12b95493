"""Make one of two customer companies, with everything that points at them (ux.md C3)."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Company
from accounts.services.merging import lock_both, merge_customers
from leadportal.common.errors import Conflict
from leads.enums import EventKind, RequestState
from leads.models import Conversion, ConversionRequest, Lead
from leads.services.history import record
from leads.services.sellers import move_to_company
from leads.services.writing import PARTS, write_lead


@transaction.atomic
def merge_companies(
    kept: Company, gone: Company, *, take: Collection[str] = (), actor: Actor
) -> Company:
    """Merge the customer company `gone` into `kept`, with the profile fields of `take` from `gone`.

    People, invitations, resellers and leads go over; each lead gets one line of history. `gone` is closed and
    points at `kept`. The same again changes nothing. Raises NotFound, Forbidden, Conflict.
    """
    leads = _locked_leads(gone)  # before the companies, as conversion does
    kept, gone = lock_both(kept, gone, actor=actor)
    if gone.merged_into_id == kept.pk:
        return kept
    if set(_pointing_at(gone).values_list("pk", flat=True)) != {lead.pk for lead in leads}:
        raise Conflict(
            _("A lead of %(company)s was changed at the same moment. Merge the companies again.")
            % {"company": gone.name}
        )
    merge_customers(kept, gone, take=take)
    move_to_company(gone, kept)
    for lead in leads:
        _move(lead, kept, gone, actor=actor)
    return kept


def _pointing_at(company: Company) -> QuerySet[Lead]:
    """Return the leads that were associated with a company, converted into it, or wait to be."""
    waiting = ConversionRequest.objects.filter(
        state=RequestState.PENDING, values__company_id=company.pk
    )
    return Lead.objects.filter(
        Q(associated_company=company)
        | Q(pk__in=Conversion.objects.filter(company=company).values("lead"))
        | Q(pk__in=waiting.values("lead"))
    )


def _locked_leads(company: Company) -> list[Lead]:
    keys = sorted(_pointing_at(company).values_list("pk", flat=True))
    rows = Lead.objects.filter(pk__in=keys).order_by("pk").select_related(*PARTS)
    return list(rows.select_for_update(of=("self",)))


def _move(lead: Lead, kept: Company, gone: Company, *, actor: Actor) -> None:
    data = {"company": kept.pk, "merged": gone.pk}
    record(lead, EventKind.COMPANY_MERGED, actor=actor, data=data)
    Conversion.objects.filter(lead=lead, company=gone).update(company=kept)
    for request in ConversionRequest.objects.filter(lead=lead, values__company_id=gone.pk):
        request.values["company_id"] = kept.pk
        request.save(update_fields=["values"])
    if lead.associated_company_id == gone.pk:
        write_lead(lead, associated_company=kept)
    else:
        write_lead(lead)
