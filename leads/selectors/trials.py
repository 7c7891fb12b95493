"""Test leads of a listing; they are in no list of leads. Whoever may see them is asked of the listing."""

from collections.abc import Sequence
from dataclasses import dataclass

from leads.models import Lead
from leads.selectors.detail import campaign
from templates_app.models import Listing
from templates_app.rules.shown import Shown, shown_answers
from templates_app.selectors.lead_templates import specs_of

SHOWN_MOST = 50


@dataclass(frozen=True, slots=True)
class Trial:
    """A test lead with its answers as a lead's page shows them, and where the visit came from."""

    lead: Lead
    answers: list[Shown]
    campaign: dict[str, str]


def trials_of(listing: Listing) -> Sequence[Lead]:
    """Return the newest tests of a listing."""
    tests = Lead.objects.filter(listing=listing, is_test=True).select_related("template_version")
    return list(tests.order_by("-pk")[:SHOWN_MOST])


def trial_of(listing: Listing, reference: str) -> Trial | None:
    """Return one test of a listing; None for unknown words, and for leads that are none."""
    tests = Lead.objects.filter(listing=listing, is_test=True, reference=reference)
    lead = tests.select_related("template_version__template").first()
    if lead is None:
        return None
    answers = shown_answers(specs_of(lead.template_version), lead.answers)
    return Trial(lead, answers, campaign(lead))
