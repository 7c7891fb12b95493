"""Deals and pipelines: what pages, files and API read. All start at `visible_to`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, DateField, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from accounts.actors import Person
from leadportal.common.errors import Conflict, Forbidden, NotFound
from leads.enums import Outcome
from leads.models import Deal, Lead, Pipeline, Stage
from leads.rules.money import DEFAULT, added
from leads.rules.selling import Needed
from leads.rules.sums import weighted

PARTS = ("stage__pipeline", "customer", "lead", "seller", "owner")


@dataclass(frozen=True)
class Figures:
    """What some deals come to: how many, their value, and by their chance; for each currency by itself."""

    number: int
    value: dict[str, Decimal]
    weighted: dict[str, Decimal]


NOTHING = Figures(0, {}, {})


def deals(actor: Person) -> "QuerySet[Deal]":
    """Return the deals that `actor` sees, with what a row of a list shows."""
    return Deal.objects.visible_to(actor).select_related(*PARTS)


def find_deal(reference: str, actor: Person) -> Deal:
    """Return one deal that `actor` sees, `is_workable` for who may change it. Raises NotFound."""
    rows = deals(actor).select_related(*PARTS, "created_by", "closed_by", "lead__holder")
    mine = Deal.objects.workable_by(actor).filter(pk=OuterRef("pk"))
    found: Deal | None = (
        rows.annotate(is_workable=Exists(mine)).filter(reference=reference.upper()).first()
    )
    if found is None:
        raise NotFound
    return found


def check_change(deal: Any) -> None:
    """Refuse a found deal to who may only read it (Forbidden), and when it is over (Conflict)."""
    if not deal.is_workable:
        raise Forbidden(_("Your role does not allow this here."))
    if not deal.is_open:
        outcome = Outcome(deal.outcome).label.lower()
        raise Conflict(_("This deal is %(outcome)s. Reopen it first.") % {"outcome": outcome})


def deals_on(lead: Lead, actor: Person) -> list[Deal]:
    """Return the deals of a lead as far as `actor` sees them, newest first."""
    return list(deals(actor).filter(lead=lead))


def workable_among(rows: Iterable[Deal], actor: Person) -> set[int]:
    """Return the keys of those of `rows` that `actor` may change."""
    keys = [deal.pk for deal in rows]
    mine = Deal.objects.workable_by(actor).filter(pk__in=keys)
    return set(mine.order_by().values_list("pk", flat=True))


def given_by(deal: Deal) -> dict[str, Any]:
    """Return what a deal has of what stages can ask for."""
    return {
        Needed.VALUE: deal.value,
        Needed.CLOSE_ON: deal.close_on,
        Needed.OWNER: deal.owner_id,
        Needed.QUOTE: deal.quotes.exists(),
    }


def figures_by_stage(rows: "QuerySet[Deal]") -> dict[int, Figures]:
    """Return what `rows` come to in each stage, by its key: one query, for lists, board, report and API alike."""
    groups = (
        rows.order_by()
        .values("stage", "stage__probability", "currency")
        .annotate(number=Count("pk"), value=Sum("value"))
    )
    by_stage: dict[int, list[dict[str, Any]]] = {}
    for group in groups:
        by_stage.setdefault(group["stage"], []).append(dict(group))
    return {stage: _figures(found) for stage, found in by_stage.items()}


def closed_by_month(rows: "QuerySet[Deal]", since: datetime) -> dict[tuple[date, Outcome], Figures]:
    """Return what of `rows` ended since then, by the first day of the reader's month and by outcome: one query."""
    groups = (
        rows.order_by()
        .filter(closed_at__gte=since)
        .annotate(month=TruncMonth("closed_at", output_field=DateField()))
        .values("month", "outcome", "currency")
        .annotate(number=Count("pk"), value=Sum("value"))
    )
    found: dict[tuple[date, Outcome], list[Figures]] = {}
    for group in groups:
        value = {} if group["value"] is None else {group["currency"]: group["value"]}
        key = (group["month"], Outcome(group["outcome"]))
        found.setdefault(key, []).append(Figures(group["number"], value, {}))
    return {key: summed(figures) for key, figures in found.items()}


def summed(figures: Iterable[Figures]) -> Figures:
    """Return several figures as one."""
    found = list(figures)
    return Figures(
        sum(one.number for one in found),
        added(pair for one in found for pair in one.value.items()),
        added(pair for one in found for pair in one.weighted.items()),
    )


def _figures(groups: Sequence[dict[str, Any]]) -> Figures:
    priced = [(one, one["value"]) for one in groups if one["value"] is not None]
    return Figures(
        sum(one["number"] for one in groups),
        added((one["currency"], value) for one, value in priced),
        added(
            (one["currency"], weighted(value, one["stage__probability"], one["currency"]))
            for one, value in priced
        ),
    )


# --- Pipelines ------------------------------------------------------------------------------------


def pipelines(actor: Person) -> "QuerySet[Pipeline]":
    """Return the pipelines of the actor's host, with their stages."""
    return Pipeline.objects.visible_to(actor).prefetch_related("stages")


def pipeline(actor: Person, pk: int) -> Pipeline:
    """Return one of them. Raises NotFound."""
    found = pipelines(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def stage(actor: Person, pipeline_pk: int, pk: int) -> Stage:
    """Return a stage of one of them. Raises NotFound."""
    found = Stage.objects.filter(pipeline=pipeline(actor, pipeline_pk), pk=pk).first()
    if found is None:
        raise NotFound
    return found


def pipelines_seen(actor: Person) -> list[Pipeline]:
    """Return the pipelines that hold deals which `actor` sees, and those of the own host in use, by place.

    A vendor has deals in those of several hosts.
    """
    seen = Deal.objects.visible_to(actor).filter(stage__pipeline=OuterRef("pk"))
    own = Q(host=actor.host_id, is_active=True) if actor.host_id else Q(pk__in=[])
    rows = Pipeline.objects.filter(own | Q(Exists(seen))).prefetch_related("stages")
    return list(rows.order_by("host__name", "position", "name", "pk"))


def stages_for(host_id: int, deal: Deal | None = None) -> "QuerySet[Stage]":
    """Return the stages that a deal of a host can be in: of pipelines in use, and of the one that it is in."""
    usable = Q(pipeline__is_active=True)
    if deal is not None:
        usable |= Q(pipeline=deal.stage.pipeline_id)
    rows = Stage.objects.filter(usable, pipeline__host=host_id).select_related("pipeline")
    return rows.order_by("pipeline__position", "pipeline__name", "pipeline", "position", "pk")


def first_stage(host_id: int) -> Stage | None:
    """Return where a deal begins unless somebody says otherwise."""
    return stages_for(host_id).first()


def last_currency(actor: Person) -> str:
    """Return the currency of the newest deal that `actor` sees."""
    newest = Deal.objects.visible_to(actor).order_by("-created_at", "-pk")
    found: str | None = newest.values_list("currency", flat=True).first()
    return found or DEFAULT
