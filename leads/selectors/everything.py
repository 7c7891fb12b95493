"""Leads, companies and people of one search: a few of each, as far as the actor sees them."""

from dataclasses import dataclass, field

from accounts.actors import Person
from accounts.models import Company, Membership
from accounts.rules.permissions import sees_people
from accounts.selectors.people import people
from leadportal.common.pagination import Order, Page
from leads.enums import Status
from leads.models import LeadAccess
from leads.rules.permissions import sees_companies, sees_leads
from leads.selectors.leads import LeadList, lead_page
from leads.selectors.search import Sought, Term

SHOWN = 8
NEWEST_FIRST = Order(("created_at", "lead_id"), is_descending=True)


@dataclass(frozen=True)
class Findings:
    """What was found. `leads` is None for people without leads; "more" says that a list goes on."""

    leads: Page | None = None
    companies: list[Company] = field(default_factory=list)
    more_companies: bool = False
    people: list[Membership] = field(default_factory=list)
    more_people: bool = False

    def __bool__(self) -> bool:
        return bool((self.leads and self.leads.rows) or self.companies or self.people)


def search_everything(actor: Person, words: str) -> Findings:
    """Return what `words` find: leads as in their list (deleted ones apart), companies, people by name."""
    term = Term.read(words)
    if term is None:
        return Findings()
    companies, members = [], []
    if sees_companies(actor):
        present = Company.objects.visible_to(actor).filter(merged_into__isnull=True)
        rows = present.matching(words).order_by("name", "pk")
        companies = list(rows[: SHOWN + 1])
    if sees_people(actor):
        members = list(people(actor).matching(words)[: SHOWN + 1])
    return Findings(
        leads=_leads(actor, term) if sees_leads(actor) else None,
        companies=companies[:SHOWN],
        more_companies=len(companies) > SHOWN,
        people=members[:SHOWN],
        more_people=len(members) > SHOWN,
    )


def _leads(actor: Person, term: Term) -> Page:
    rows = LeadAccess.objects.visible_to(actor).filter(status__lt=Status.DELETED)
    return lead_page(LeadList(rows, NEWEST_FIRST, sought=Sought(term)), size=SHOWN)
