"""One lead as one actor sees it: the row, what the table of moves allows, and what its page shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from accounts.actors import Person
from accounts.models import Company, Membership, User
from leadportal.common.errors import NotFound
from leads.enums import AccessLevel, Relation, SourceKind
from leads.models import (
    Conversion,
    ConversionRequest,
    Lead,
    LeadAccess,
    LeadProduct,
    PastView,
    Submission,
)
from leads.rules.intake import campaign_of
from leads.rules.masking import open_keys
from leads.rules.policy import allowed_actions
from leads.rules.workflow import Action, Facts
from leads.selectors.facts import facts_of
from leads.selectors.masking import as_seen_alone
from leads.selectors.merged import merged_away
from templates_app.rules.shown import Shown, shown, shown_answers
from templates_app.selectors.attributes import attribute_specs
from templates_app.selectors.lead_templates import specs_of

_JOINED = ("product__vendor", "marketplace", "template_version__template", "closed_reason")
# Several columns point at these two tables: as joins they make a query that takes longer to plan than to answer.
_COMPANIES = ("host", "holder", "maker", "source_company", "associated_company")
FORMS = frozenset({SourceKind.PRODUCT_PROFILE, SourceKind.RESELLER_PROFILE})
_PEOPLE = ("in_charge", "next_step_by", "associated_user")


@dataclass(frozen=True)
class Sight:
    """A lead as `actor` sees it through its desk's access row."""

    lead: Lead
    access: LeadAccess
    facts: Facts
    actor: Person

    @cached_property
    def allowed(self) -> frozenset[Action]:
        """Every action that the actor may do now."""
        return allowed_actions(self.facts, self.actor)

    @property
    def is_past(self) -> bool:
        """The desk lost the lead: it sees it as it was then, and the status (domain.md section 2)."""
        return self.access.level == AccessLevel.PAST

    @property
    def is_masked(self) -> bool:
        """The desk does not know yet whom the lead is about (domain.md section 9)."""
        return self.access.is_masked

    @property
    def shows_association(self) -> bool:
        """Whether there is an associated company whose name the actor, who could have chosen it, reads."""
        choosing = {Relation.OPERATOR, Relation.CHANNEL, Relation.HOLDER}
        return self.lead.associated_company is not None and bool(choosing & self.facts.relations)


def find_lead(reference: str, actor: Person) -> Sight:
    """Return the lead called `reference`; raises NotFound, the same for unknown and foreign ones.

    Raises MergedAway for one that is part of another lead by now, which the actor sees. Four queries at most;
    everything that a page says of the lead by name is loaded then.
    """
    seen = LeadAccess.objects.visible_to(actor).filter(lead__reference=reference)
    rows = seen.select_related("lead", *(f"lead__{path}" for path in _JOINED))
    # A desk has one row of a lead. Unsorted: see accounts/selectors/actors.py.
    access = next(iter(rows.order_by()), None)
    if access is None:
        raise merged_away(reference, actor) or NotFound()
    lead = as_seen_alone(access)
    _load(lead, Company, _COMPANIES)
    _load(lead, User, _PEOPLE)
    return Sight(lead, access, facts_of(lead, actor, access), actor)


def _load(lead: Lead, model: type[Company] | type[User], names: tuple[str, ...]) -> None:
    """Fill in the rows of `model` that the columns `names` of the lead point at, in one query."""
    keys = {name: getattr(lead, f"{name}_id") for name in names}
    rows = model.objects.in_bulk(set(keys.values()) - {None})
    for name, key in keys.items():
        setattr(lead, name, rows.get(key))


def sees_still(lead: Lead, actor: Person) -> bool:
    """Say whether `actor` sees the lead after what it has just done."""
    return Lead.objects.visible_to(actor).filter(pk=lead.pk).exists()


def past_contact(sight: Sight) -> Mapping[str, str]:
    """Return the contact data as the desk last saw it."""
    view = PastView.objects.filter(lead=sight.lead, desk=sight.access.desk_id).first()
    return view.contact if view else {}


def opportunity(lead: Lead, *, is_masked: bool = False) -> list[Shown]:
    """Return the answers in the order of the template version that asked for them, empty ones included.

    What a sender told beyond that follows, by the sender's own words. To who does not know the contact yet, nothing is
    said of questions whose answers are hidden.
    """
    specs = specs_of(lead.template_version)
    if is_masked:
        keys = open_keys(specs)
        specs = [spec for spec in specs if spec.key in keys]
    asked = {spec.key for spec in specs}
    told = [shown(key, key, "", value) for key, value in lead.answers.items() if key not in asked]
    return [*shown_answers(specs, lead.answers), *told]


def campaign(lead: Lead) -> dict[str, str]:
    """Return where the visitor came from whose form made the lead: the utm_ parameters of the address."""
    if lead.source_kind not in FORMS:
        return {}
    payloads = Submission.objects.filter(lead=lead).values_list("payload", flat=True)
    payload = payloads.first()
    return campaign_of(payload) if isinstance(payload, dict) else {}


def attributes(sight: Sight) -> list[Shown]:
    """Return the custom attributes whose values the actor may see, with the lead's values."""
    specs = attribute_specs(sight.actor, sight.lead.host_id)
    values = sight.lead.attributes
    return [shown(spec.key, spec.label, spec.kind, values.get(spec.key)) for spec in specs]


def products_on(lead: Lead) -> list[LeadProduct]:
    """Return the products that people added to the lead, oldest first."""
    rows = LeadProduct.objects.filter(lead=lead)
    return list(rows.select_related("product__vendor", "added_by"))


def newest_request(lead: Lead) -> ConversionRequest | None:
    """Return the newest conversion request of a lead, whatever became of it, or None."""
    rows = ConversionRequest.objects.filter(lead=lead)
    return rows.select_related("company", "requested_by", "decided_by").order_by("-pk").first()


@dataclass(frozen=True)
class Customer:
    """What a lead was converted into, as far as the actor may see it: links only to what is visible."""

    company: Company | None
    membership: Membership | None


def customer_of(lead: Lead, actor: Person) -> Customer:
    """Return the customer company of a converted lead and its first user, each None when not visible."""
    conversion = Conversion.objects.filter(lead=lead).first()
    if conversion is None:
        return Customer(None, None)
    seen = Company.objects.visible_to(actor).filter(pk=conversion.company_id).first()
    people = Membership.objects.visible_to(actor).select_related("user")
    member = people.filter(company=conversion.company_id, user=conversion.user_id).first()
    return Customer(seen, member)


def own_conversion(lead: Lead, actor: Person) -> Conversion | None:
    """Return the conversion that `actor` itself made of the lead: a repeated post is answered with it."""
    made = Conversion.objects.filter(lead=lead, converted_by=actor.user_id)
    return made.select_related("company", "user").first()


def visible_companies(actor: Person, ids: set[int | None]) -> set[int]:
    """Return those of the company `ids` whose pages the actor has."""
    known = {one for one in ids if one is not None}
    return set(Company.objects.visible_to(actor).filter(pk__in=known).values_list("pk", flat=True))
