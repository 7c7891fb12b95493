"""Plain functions that put one thing into the database, without surprises."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from accounts.actors import Person
from accounts.enums import Role, Scope
from accounts.models import Company, Membership, MembershipRole, User
from accounts.selectors.actors import actor_of
from accounts.services.desks import desk_for
from accounts.services.jobs import do_due_jobs
from accounts.services.tokens import make_token
from leadportal.common import clock
from leads.enums import AttentionReason, HolderDesk, SourceKind, Status, SubmissionState
from leads.models import (
    Deal,
    DisqualifyReason,
    ExportFile,
    Lead,
    Order,
    OrderLine,
    Quote,
    Stage,
    Submission,
    Target,
    TargetKind,
)
from leads.services.access import refresh_access
from leads.services.deals import DealValues, create_deal
from leads.services.exports import request_export
from leads.services.likeness import write_keys
from leads.services.papers import LineValues
from leads.services.quotes import QuoteValues, create_quote
from leads.services.references import new_reference
from leads.services.search import search_text
from leads.services.targets import TargetSettings, create_target
from templates_app.enums import FieldKind, MapsTo, VersionState
from templates_app.models import (
    LeadTemplate,
    Listing,
    Marketplace,
    Product,
    TemplateField,
    TemplateVersion,
)

PASSWORD = "correct-horse-battery"
_numbers = count(1)


def make_company(name: str = "", **fields: Any) -> Company:
    """Store a company; without an access right it is a customer."""
    number = next(_numbers)
    return Company.objects.create(
        name=name or f"Company {number}", slug=f"company-{number}", **fields
    )


def make_host(name: str = "Northgate") -> Company:
    """Store a host with its disqualify reasons."""
    host = make_company(name, is_marketplace=True)
    DisqualifyReason.objects.create(host=host, label="Spam or test", position=0)
    DisqualifyReason.objects.create(host=host, label="Other", needs_text=True, position=9)
    return host


def make_user(email: str = "", **fields: Any) -> User:
    """Store an account that signs in with PASSWORD."""
    return User.objects.create_user(
        email or f"person{next(_numbers)}@example.com", PASSWORD, **fields
    )


def make_person(company: Company, *roles: Role, email: str = "", **fields: Any) -> Person:
    """Store an account at work in `company` and return it as an actor."""
    user = make_user(email, **fields)
    membership = Membership.objects.create(
        user=user, company=company, desk=desk_for(company, roles)
    )
    MembershipRole.objects.bulk_create(
        MembershipRole(membership=membership, role=role) for role in roles
    )
    return fresh(user.pk)


def fresh(who: Person | int) -> Person:
    """Read the actor again, as the next request would."""
    actor = actor_of(User.objects.get(pk=who if isinstance(who, int) else who.user_id))
    assert actor is not None
    return actor


def make_key(actor: Person, role: Role, *scopes: Scope, name: str = "") -> str:
    """Make an API token of `actor` that acts as `role`, with every scope unless told otherwise; return its key."""
    who = replace(actor, roles=actor.roles | {Role.COMPANY_ADMIN})
    who = replace(who, rights=replace(who.rights, create_leads=True))
    number = next(_numbers)
    _token, text = make_token(
        name=name or f"Program {number}",
        role=role,
        scopes=scopes or list(Scope),
        valid_for=timedelta(days=90),
        actor=who,
    )
    return text


def make_marketplace(host: Company, name: str = "", **fields: Any) -> Marketplace:
    """Store a marketplace of `host`."""
    number = next(_numbers)
    return Marketplace.objects.create(
        host=host, name=name or f"Marketplace {number}", slug=f"marketplace-{number}", **fields
    )


def make_product(vendor: Company, name: str = "", **fields: Any) -> Product:
    """Store a product of `vendor`."""
    number = next(_numbers)
    return Product.objects.create(
        vendor=vendor, name=name or f"Product {number}", slug=f"product-{number}", **fields
    )


def make_version(
    owner: Company,
    state: VersionState = VersionState.PUBLISHED,
    more: Sequence[dict[str, Any]] = (),
    **template: Any,
) -> TemplateVersion:
    """Store a template of `owner` with one version that asks for name, email, company, budget, and `more`."""
    number = next(_numbers)
    parent = LeadTemplate.objects.create(owner=owner, **{"name": f"Template {number}", **template})
    version = TemplateVersion.objects.create(template=parent, number=1)
    questions = [
        ("first_name", "First name", FieldKind.SHORT_TEXT, MapsTo.FIRST_NAME, True),
        ("last_name", "Last name", FieldKind.SHORT_TEXT, MapsTo.LAST_NAME, True),
        ("email", "Work email", FieldKind.EMAIL, MapsTo.EMAIL, True),
        ("company", "Company", FieldKind.SHORT_TEXT, MapsTo.COMPANY, False),
        ("budget", "Budget", FieldKind.NUMBER, "", False),
    ]
    for position, (key, label, kind, maps_to, is_required) in enumerate(questions, start=1):
        TemplateField.objects.create(
            version=version,
            position=position,
            key=key,
            label=label,
            kind=kind,
            maps_to=maps_to,
            is_required=is_required,
        )
    for position, question in enumerate(more, start=len(questions) + 1):
        TemplateField.objects.create(version=version, position=position, **question)
    if (
        state != VersionState.DRAFT
    ):  # last: the database keeps the fields of published versions as they are
        version.state, version.published_at = state, clock.now()
        version.save(update_fields=["state", "published_at"])
    return version


def make_listing(
    product: Product, marketplace: Marketplace, version: TemplateVersion | None = None
) -> Listing:
    """Store a product in a marketplace with a live form."""
    version = version or make_version(product.vendor, product=product)
    return Listing.objects.create(
        product=product, marketplace=marketplace, version=version, slug=f"form-{next(_numbers)}"
    )


def make_lead(host: Company, status: Status = Status.SUBMITTED, **fields: Any) -> Lead:
    """Force a lead into any state, past the services, with its access rows; host-held unless told otherwise."""
    number = next(_numbers)
    values = {
        "reference": new_reference(),
        "status": status,
        "holder": host,
        "holder_desk": HolderDesk.HOST,
        "source_kind": SourceKind.MANUAL,
        "source_name": host.name,
        "first_name": "Ana",
        "last_name": f"Sousa {number}",
        "email": f"ana{number}@northwind.example",
        "company": f"Northwind {number}",
        **fields,
    }
    lead = Lead(host=host, **values)
    lead.search = search_text(lead)
    lead.save()
    write_keys([lead])
    refresh_access(lead)
    return lead


def make_export_file(
    actor: Person, query: str = "/leads/", *, is_made: bool = True, **fields: Any
) -> ExportFile:
    """Have a workbook made of the leads of a list; it is there at once, unless told otherwise."""
    given = {"name": "leads_all.xlsx", "words": "All leads", "columns": [], "rows": 0}
    export = request_export(query=query, actor=actor, **{**given, **fields})
    if is_made:
        do_due_jobs()
        export.refresh_from_db()
    return export


def make_submission(lead: Lead | None = None, **fields: Any) -> Submission:
    """Store what came in through a form: made into `lead`, or waiting for a person."""
    listing = fields.get("listing")
    if listing:
        owners = {"host": listing.marketplace.host, "company": listing.product.vendor}
        fields = {**owners, "version": listing.version} | fields
    if lead:
        fields = {"host": lead.host, "state": SubmissionState.MADE, "lead": lead} | fields
    number = Submission.objects.count()
    defaults = {
        "source_kind": SourceKind.PRODUCT_PROFILE,
        "door": f"listing/{listing.pk if listing else 0}",
        "key": f"k{number}",
        "state": SubmissionState.ATTENTION,
        "reason": "" if lead else AttentionReason.ANSWERS,
        "sentence": "" if lead else "Enter last name",
        "tries": 1,
    }
    return Submission.objects.create(**defaults | fields)


def make_target(actor: Person, *events: str, url: str = "https://crm.example/hook") -> Target:
    """Store a webhook of the actor's company that is told of `events`."""
    settings = TargetSettings("Our CRM", url, events)
    row, _secret = create_target(TargetKind.WEBHOOK, settings, actor=actor)
    return row


def make_deal(lead: Lead, *, actor: Any, stage: str = "Discovery", **values: Any) -> Deal:
    """Begin a deal for a lead, by the service."""
    first = Stage.objects.filter(pipeline__host=lead.host_id, name=stage).first()
    given = {"subject": "Backup", "currency": "EUR", "stage": first, **values}
    return create_deal(lead, DealValues(**given), actor=actor)


def make_quote(deal: Deal, product: Product, *, actor: Any, **values: Any) -> Quote:
    """Write a quote of two lines for a deal, by the service: EUR 285.00 net, EUR 54.15 tax."""
    lines = [
        LineValues(product, Decimal(2), Decimal(100), Decimal(10), Decimal(19)),
        LineValues(product, Decimal(3), Decimal(35), Decimal(0), Decimal(19), "Training"),
    ]
    given = {"subject": "Backup", "currency": "EUR", "lines": lines, **values}
    assert deal.lead is not None
    return create_quote(deal.lead, QuoteValues(**given), deal=deal, actor=actor)


def make_order(deal: Deal, product: Product, customer: Company) -> Order:
    """Store an order of one line for a customer, whatever its lead is."""
    owners = ("lead", "host", "seller", "seller_desk", "vendor", "in_channel")
    columns = {name: getattr(deal, name) for name in owners}
    columns |= {"customer": customer, "subject": deal.subject, "net": 10, "tax": 2, "total": 12}
    order = Order.objects.create(reference=f"O-{deal.pk + 1000000}", **columns)
    OrderLine.objects.create(
        order=order, position=1, product=product, quantity=1, unit_price=10, tax=20
    )
    return order
