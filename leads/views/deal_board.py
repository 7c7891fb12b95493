"""The board of a pipeline: a column for each stage, with what its open deals come to."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from leads.enums import Outcome
from leads.filters.sales import BOARD, AskedSales
from leads.models import Deal, Pipeline, Stage
from leads.rules.money import money, money_list
from leads.selectors.deals import (
    NOTHING,
    Figures,
    figures_by_stage,
    pipelines_seen,
    summed,
    workable_among,
)
from leads.views.paging import Link

CARDS = 25


@dataclass(frozen=True)
class Card:
    """A deal on the board; `moves` are the stages that it can be moved to by this actor."""

    deal: Deal
    value: str
    moves: list[Stage]


@dataclass(frozen=True)
class Column:
    """A stage: what its deals come to, the newest of them, and the way to all."""

    stage: Stage
    figures: Figures
    cards: list[Card]
    more_url: str

    @property
    def value(self) -> str:
        """What they are worth."""
        return money_list(self.figures.value)

    @property
    def weighted(self) -> str:
        """What they are worth by their chance."""
        return money_list(self.figures.weighted)


class DealBoard:
    """The open deals of one pipeline that an address asks for; the first pipeline unless it names one."""

    def __init__(self, asked: AskedSales) -> None:
        self.asked = asked
        self.pipelines = pipelines_seen(asked.actor)

    @cached_property
    def pipeline(self) -> Pipeline | None:
        """The pipeline; None where there is none at all."""
        chosen = self.asked.filters.values.get("pipeline", [])
        named = [one for one in self.pipelines if str(one.pk) in chosen]
        return next(iter([*named, *self.pipelines]), None)

    @cached_property
    def rows(self) -> Any:
        """The deals on the board."""
        rows = self.asked.rows.filter(outcome=Outcome.OPEN)
        return rows.filter(stage__pipeline=self.pipeline) if self.pipeline else rows.none()

    @cached_property
    def total(self) -> Figures:
        """What all of them come to."""
        return summed(self._figures.values())

    @cached_property
    def columns(self) -> list[Column]:
        """The stages in their order."""
        if self.pipeline is None:
            return []
        stages = list(self.pipeline.stages.all())
        found = {
            stage.pk: list(self.rows.filter(stage=stage).order_by("-created_at", "-pk")[:CARDS])
            for stage in stages
        }
        mine = workable_among(
            [deal for deals in found.values() for deal in deals], self.asked.actor
        )
        return [
            Column(
                stage,
                figures := self._figures.get(stage.pk, NOTHING),
                [
                    Card(
                        deal,
                        "" if deal.value is None else money(deal.value, deal.currency),
                        [one for one in stages if one != stage] if deal.pk in mine else [],
                    )
                    for deal in found[stage.pk]
                ],
                self._list_of(stage) if figures.number > CARDS else "",
            )
            for stage in stages
        ]

    @property
    def tabs(self) -> list[Link]:
        """The way to the board of each pipeline."""
        return [
            Link(
                pipeline.name,
                self.asked.address(pipeline=[str(pipeline.pk)], stage=None, layout=BOARD),
                pipeline == self.pipeline,
            )
            for pipeline in self.pipelines
        ]

    @property
    def list_url(self) -> str:
        """The same deals as a list."""
        return self._list_of(None)

    @property
    def back(self) -> str:
        """What the board was asked for, for the way back from a move."""
        return self.asked.address().partition("?")[2]

    @cached_property
    def _figures(self) -> dict[int, Figures]:
        return figures_by_stage(self.rows)

    def _list_of(self, stage: Stage | None) -> str:
        pipeline = [str(self.pipeline.pk)] if self.pipeline else []
        changes: dict[str, Any] = {"pipeline": pipeline, "outcome": ["open"], "layout": ""}
        if stage is not None:
            changes["stage"] = [str(stage.pk)]
        return self.asked.address(**changes)
