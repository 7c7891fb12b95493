"""Pipelines and their stages: set up by marketplace managers, for the whole host."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.models import Company, Desk
from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound
from leads.models import Pipeline, Stage
from leads.rules.selling import FIRST_PIPELINE, Colour, Needed, sets_pipelines

MOST_STAGES = 12


@dataclass(frozen=True)
class StageValues:
    """What the form of a stage holds; `place` counts from 1."""

    name: str
    probability: int
    colour: Colour
    needs: Sequence[Needed]
    place: int


def begin_selling(desk: Desk, **_signal: Any) -> None:
    """Give a host its first pipeline, when its first desk is opened (accounts/signals.py)."""
    company = desk.company
    if company.is_marketplace and not Pipeline.objects.filter(host=company).exists():
        make_pipeline(company, str(_("Sales")))


def make_pipeline(host: Company, name: str, *, position: int = 0) -> Pipeline:
    """Store a pipeline with the stages that every one begins with."""
    made = Pipeline.objects.create(host=host, name=name, position=position)
    Stage.objects.bulk_create(
        Stage(
            pipeline=made,
            name=str(name),
            position=place,
            probability=probability,
            colour=colour,
            needs=[need.value for need in needs],
        )
        for place, (name, probability, colour, needs) in enumerate(FIRST_PIPELINE)
    )
    return made


@transaction.atomic
def add_pipeline(name: str, *, actor: Person) -> Pipeline:
    """Add a pipeline with the stages that every host begins with. Raises Forbidden; Invalid on `name`."""
    _check_right(actor)
    _check_name(name, actor, None)
    host = Company.objects.select_for_update().get(pk=actor.company_id)
    last = Pipeline.objects.filter(host=host).aggregate(place=Max("position"))["place"]
    return make_pipeline(host, name, position=0 if last is None else last + 1)


@transaction.atomic
def edit_pipeline(pipeline: Pipeline, *, name: str, is_active: bool, actor: Person) -> Pipeline:
    """Rename a pipeline, or take it out of use: no deal begins in it any more, those in it go on.

    Raises NotFound, Forbidden; Invalid on `name`, and on `is_active` for the last one in use.
    """
    fresh = _locked(pipeline, actor)
    _check_name(name, actor, fresh)
    others = Pipeline.objects.filter(host=fresh.host_id, is_active=True).exclude(pk=fresh.pk)
    if not is_active and not others.exists():
        raise Invalid({"is_active": _("One pipeline has to be in use. Add another one first.")})
    fresh.name, fresh.is_active = name, is_active
    fresh.save(update_fields=["name", "is_active"])
    return fresh


@transaction.atomic
def add_stage(pipeline: Pipeline, values: StageValues, *, actor: Person) -> Stage:
    """Add a stage at its place. Raises NotFound, Forbidden; Invalid on `name`, or when there are many already."""
    fresh = _locked(pipeline, actor)
    if fresh.stages.count() >= MOST_STAGES:
        raise Invalid({"": _("A pipeline has %(most)s stages at most.") % {"most": MOST_STAGES}})
    return _store_stage(Stage(pipeline=fresh), values)


@transaction.atomic
def edit_stage(stage: Stage, values: StageValues, *, actor: Person) -> Stage:
    """Change a stage; deals in it count by its new chance at once. Raises NotFound, Forbidden; Invalid on `name`."""
    _locked(stage.pipeline, actor)
    return _store_stage(Stage.objects.get(pk=stage.pk), values)


@transaction.atomic
def remove_stage(stage: Stage, *, actor: Person) -> None:
    """Remove a stage without deals. Raises NotFound, Forbidden; Conflict for one with deals, and for the last one."""
    _locked(stage.pipeline, actor)
    if stage.deals.exists():
        raise Conflict(
            _("There are deals in %(stage)s. Move them to another stage first.") % {"stage": stage}
        )
    if stage.pipeline.stages.count() == 1:
        raise Conflict(_("A pipeline needs one stage at least."))
    Stage.objects.filter(pk=stage.pk).delete()


def _store_stage(stage: Stage, values: StageValues) -> Stage:
    siblings = list(Stage.objects.filter(pipeline=stage.pipeline_id).exclude(pk=stage.pk))
    if values.name.lower() in {one.name.lower() for one in siblings}:
        raise Invalid({"name": _("There is a stage of this name already. Enter another one.")})
    stage.name, stage.probability, stage.colour = values.name, values.probability, values.colour
    stage.needs = [need.value for need in values.needs]
    stage.save()
    siblings.insert(min(values.place, len(siblings) + 1) - 1, stage)
    for place, one in enumerate(siblings):
        one.position = place
    Stage.objects.bulk_update(siblings, ["position"])
    return stage


def _locked(pipeline: Pipeline, actor: Person) -> Pipeline:
    rows = Pipeline.objects.visible_to(actor).filter(pk=pipeline.pk)
    fresh: Pipeline | None = rows.select_for_update().first()
    if fresh is None:
        raise NotFound
    _check_right(actor)
    return fresh


def _check_right(actor: Person) -> None:
    if not sets_pipelines(actor):
        raise Forbidden(_("Marketplace managers set up pipelines."))


def _check_name(name: str, actor: Person, own: Pipeline | None) -> None:
    rows = Pipeline.objects.filter(host=actor.company_id, name__iexact=name)
    if (rows.exclude(pk=own.pk) if own else rows).exists():
        raise Invalid({"name": _("There is a pipeline of this name already. Enter another one.")})
