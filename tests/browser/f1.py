"""Fixture F1 of the acceptance checks: Northgate with 2,160 leads, and 19 deleted ones besides.

Every lead of 2025 comes four hours after the one before it, the last one of each day at 23:59. Which status,
name and product it has is drawn by a generator with a fixed seed: every run meets the same leads.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from accounts.enums import Role
from accounts.models import Company, Desk
from leads.enums import HolderDesk, Outcome, Qualification, SourceKind, Status
from leads.models import Conversion, Lead
from leads.services.desks import show_leads_to
from leads.services.search import search_text
from templates_app.enums import AttributeKind, ProductKind
from templates_app.models import CustomAttribute, Listing, Product
from tests.factories import make_listing, make_product

COUNTS = {
    Status.SUBMITTED: 128,
    Status.ASSIGNED: 342,
    Status.REFERRED: 57,
    Status.CONVERTED: 1204,
    Status.DISQUALIFIED: 429,
    Status.DELETED: 19,
}
TOTAL = 2160  # what *All* shows: without the deleted ones
NOVAK = ("Petr", "Novák")
FORMULA = "=1+1"  # a company's name that a spreadsheet would reckon

_BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
_FIRST = "Ana Ben Cleo Dana Emil Fay Gus Hana Ines Jan Kim Lena Maya Nils Olga Petr".split()
_LAST = "Sousa Vogt Prado Chen Patel Reyes Okafor Lindt Moreau Silva Weber Novotný".split()
_PLACES = "Northwind Contoso Fabrikam Initech Umbrella Stark Wayne Globex Acme Vandelay".split()
_BUSINESSES = "Traders Foods Logistics Media Clinics Motors Textiles Energy Hotels Labs".split()
_WITH_COMPANY = {Status.ASSIGNED, Status.REFERRED, Status.CONVERTED}


@dataclass(frozen=True)
class F1:
    """What a check needs to know of it beside the leads themselves."""

    mail: Product
    training: Product


def make_f1(cast: Any) -> F1:
    """Store the leads in bulk, and their access rows as a desk that is opened gets them."""
    mail = make_product(cast.vertex, "Acme Mail")
    training = make_product(cast.vertex, "Acme Training", kind=ProductKind.SERVICE)
    roles = [role.value for role in Role]
    CustomAttribute.objects.create(
        host=cast.northgate,
        key="budget",
        label="Budget",
        kind=AttributeKind.NUMBER,
        view_roles=roles,
        edit_roles=roles,
    )
    listings = [make_listing(product, cast.marketplace) for product in (mail, training)]
    leads = Lead.objects.bulk_create(_leads(cast, [cast.listing, *listings]))
    Conversion.objects.bulk_create(
        Conversion(
            lead=lead, company=cast.customer, user_id=cast.cleo.user_id, reseller=lead.holder
        )
        for lead in leads
        if lead.status == Status.CONVERTED
    )
    for desk in Desk.objects.all():
        show_leads_to(desk)
    return F1(mail, training)


def _leads(cast: Any, listings: list[Listing]) -> Iterator[Lead]:
    draw = Random(1)
    statuses = [status for status, count in COUNTS.items() for _number in range(count)]
    draw.shuffle(statuses)
    first_assigned = statuses.index(Status.ASSIGNED)
    for number, status in enumerate(statuses):
        first, last = draw.choice(_FIRST), draw.choice(_LAST)
        if number % 700 == 350:
            first, last = NOVAK
        company = f"{draw.choice(_PLACES)} {draw.choice(_BUSINESSES)} {number:04}"
        listing = listings[number % len(listings)]
        lead = Lead(
            reference=f"LD-{100_000_000 + 7 * number}",
            host=cast.northgate,
            marketplace=cast.marketplace,
            listing=listing,
            product=listing.product,
            template_version=listing.version,
            answers={"budget": 1000 * (number % 50)},
            source_kind=SourceKind.PRODUCT_PROFILE,
            status=status,
            status_before_delete=Status.SUBMITTED if status == Status.DELETED else None,
            qualification=Qualification.PENDING,
            outcome=Outcome.OPEN if status == Status.CONVERTED else Outcome.NONE,
            first_name=first,
            last_name=last,
            email=f"person{number}@company{number}.example",
            company=FORMULA if number == first_assigned else company,
            attributes={"budget": 1000 * (number % 50)} if number % 3 else {},
            **_holder(cast, status, number),
            **_moments(number),
        )
        lead.search = search_text(lead)
        yield lead


def _holder(cast: Any, status: Status, number: int) -> dict[str, Company | HolderDesk]:
    if status not in _WITH_COMPANY:
        return {"holder": cast.northgate, "holder_desk": HolderDesk.HOST}
    return {"holder": (cast.alpha, cast.beta)[number % 2], "holder_desk": HolderDesk.COMPANY}


def _moments(number: int) -> dict[str, datetime]:
    moment = _BEGIN + timedelta(hours=4 * number)
    if moment.hour == 20:
        moment = moment.replace(hour=23, minute=59)
    names = ("created_at", "updated_at", "status_changed_at", "search_changed_at")
    return dict.fromkeys(names, moment)
