"""Sixty leads whose every column is known, and what a list should say of them, told in plain Python."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from leads.enums import HolderDesk, Outcome, Progress, Qualification, SourceKind, Status
from leads.models import Lead
from templates_app.enums import AttributeKind, ProductKind
from templates_app.models import CustomAttribute
from tests import factories
from tests.conftest import Cast

START = datetime(2025, 9, 1, 12, 0, tzinfo=UTC)
NOW = datetime(2025, 11, 21, 18, 0, tzinfo=UTC)
COMPANIES = [
    "Northwind Traders",
    "contoso",
    "Ångström AB",
    "",
    "Zeta 100%",
    "under_score",
    "Íris & Co",
]
FIRST = ["Ana", "Petr", "Åsa", "Wei", "", "María José"]
LAST = ["Sousa", "Novák", "O'Neil", "Chen", "Prado", "Müller-Lüdenscheidt", "de la Cruz"]
STATUSES = list(Status)
LIVE = [status for status in Status if status != Status.DELETED]


@dataclass(frozen=True)
class Told:
    """One lead as the test knows it."""

    number: int
    lead: Lead
    product: str
    kind: ProductKind | None

    @property
    def reference(self) -> str:
        return self.lead.reference

    @property
    def status(self) -> Status:
        return Status(self.lead.status)


@dataclass(frozen=True)
class Shelf:
    """All leads of the test, oldest first."""

    told: list[Told]

    def those(
        self, wanted: Callable[[Told], bool] = lambda one: True, *, deleted: bool = False
    ) -> set[str]:
        """Lead IDs of the leads for which `wanted` says yes; deleted ones only when asked for."""
        return {
            one.reference
            for one in self.told
            if wanted(one) and (deleted or one.status != Status.DELETED)
        }


def fill(cast: Cast) -> Shelf:
    """Store the leads. Numbers go round in cycles of different lengths, so that every value meets every other."""
    service = factories.make_product(cast.vertex, "Åcme Voice", kind=ProductKind.SERVICE)
    listing = factories.make_listing(service, cast.marketplace)
    CustomAttribute.objects.create(
        host=cast.northgate, key="budget", label="Budget", kind=AttributeKind.NUMBER
    )
    CustomAttribute.objects.create(
        host=cast.northgate,
        key="tools",
        label="Tools",
        kind=AttributeKind.CHECKBOXES,
        options=["Mail", "Phone", "Fax"],
    )
    return Shelf([_one(cast, number, listing) for number in range(60)])


def _one(cast: Cast, number: int, listing: Any) -> Told:
    status = STATUSES[number % 7]
    live = [None, cast.listing, listing][number % 3]
    created = START + timedelta(hours=31 * (number // 2))  # two at a time: ties
    holder, desk = [
        (cast.northgate, HolderDesk.HOST),
        (cast.northgate, HolderDesk.SALES),
        (cast.alpha, HolderDesk.COMPANY),
        (cast.beta, HolderDesk.COMPANY),
    ][number % 4]
    lead = factories.make_lead(
        cast.northgate,
        status,
        company=COMPANIES[number % 7],
        first_name=FIRST[number % 6],
        last_name=LAST[number % 5],
        email=f"person{number}@example.com",
        created_at=created,
        updated_at=created + timedelta(days=number % 9),
        status_changed_at=created + timedelta(hours=number % 50),
        listing=live,
        product=live and live.product,
        marketplace=live and live.marketplace,
        template_version=live and live.version,
        holder=holder,
        holder_desk=desk,
        in_charge_id=[None, cast.olga.user_id, cast.ann.user_id][number % 3],
        qualification=[Qualification.NONE, *Qualification][number % 5]
        if live
        else Qualification.NONE,
        progress=list(Progress)[number % 4],
        outcome=[Outcome.OPEN, Outcome.WON, Outcome.LOST][number % 3]
        if status == Status.CONVERTED
        else Outcome.NONE,
        source_kind=SourceKind.PRODUCT_PROFILE if live else SourceKind.MANUAL,
        score=number * 7 % 40 - 5,
        is_near=number % 3 == 0,
        mql_at=created if number % 8 == 0 else None,
        sql_at=created if number % 10 == 0 else None,
        next_step=["", "Send quote", "Call, then write"][number % 3],
        next_step_on=[None, created.date()][number % 2],
        next_step_by_id=[cast.olga.user_id, None][number % 5 == 0],
        attributes={"budget": number % 6 * 1000, "tools": ["Mail", "Fax"][: number % 3]},
        answers={"budget": number % 4 * 100, "first_name": "Ana"},
    )
    product = live.product if live else None
    return Told(
        number, lead, product.name if product else "", product and ProductKind(product.kind)
    )


def references(rows: Iterable[Any]) -> list[str]:
    """Lead IDs of rows of a list."""
    return [row.reference for row in rows]
