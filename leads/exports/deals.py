"""The columns of a file of deals."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from leads.enums import Outcome
from leads.models import Deal
from leads.rules.money import rounded
from leads.rules.sums import weighted

HEADS = (
    _("Number"),
    _("Created"),
    _("Subject"),
    _("Customer"),
    _("Lead ID"),
    _("Pipeline"),
    _("Stage"),
    _("Chance (%)"),
    _("Outcome"),
    _("Value"),
    _("Currency"),
    _("Weighted value"),
    _("Expected close"),
    _("Person in charge"),
    _("Seller"),
    _("Closed"),
    _("Why it was lost"),
)


def line_of(deal: Deal) -> list[Any]:
    """Return the line of a deal."""
    value, currency = deal.value, deal.currency
    chance = deal.stage.probability
    return [
        deal.reference,
        deal.created_at,
        deal.subject,
        deal.customer_name,
        deal.lead.reference if deal.lead else "",
        deal.stage.pipeline.name,
        deal.stage.name,
        chance,
        str(Outcome(deal.outcome).label),
        "" if value is None else rounded(value, currency),
        currency,
        "" if value is None else weighted(value, chance, currency),
        deal.close_on,
        deal.owner.full_name if deal.owner else "",
        deal.seller_label,
        deal.closed_at,
        deal.lost_reason,
    ]
