"""Pipelines and their stages."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import OneOf, PortalForm, SeveralOf, TextLine, Tick, WholeNumber
from leads.models import Pipeline, Stage
from leads.rules.selling import Colour, Needed
from leads.services.pipelines import MOST_STAGES, StageValues


class NewPipelineForm(PortalForm):
    """The name of a new pipeline; its stages come with it and can be changed."""

    name = TextLine(
        label=_("Name"),
        max_length=80,
        enter=_("Enter a name"),
        help_text=_("Like “New business” or “Renewals”."),
    )


class PipelineForm(NewPipelineForm):
    """A pipeline that is there."""

    is_active = Tick(
        label=_("In use"),
        help_text=_("Without it no deal begins in this pipeline. Those in it go on."),
    )

    def __init__(self, *args: Any, pipeline: Pipeline, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"name": pipeline.name, "is_active": pipeline.is_active})
        super().__init__(*args, **kwargs)


class StageForm(PortalForm):
    """One stage."""

    name = TextLine(label=_("Name"), max_length=80, enter=_("Enter a name"))
    probability = WholeNumber(
        label=_("Chance in percent"),
        smallest=0,
        largest=100,
        enter=_("Enter a chance"),
        help_text=_("How many of 100 deals in this stage are won. It weighs their value."),
    )
    colour = OneOf(label=_("Colour"), choices=Colour.choices, enter=_("Choose a colour"))
    place = WholeNumber(
        label=_("Place"),
        smallest=1,
        largest=MOST_STAGES,
        enter=_("Enter a place"),
        help_text=_("1 is the first stage."),
    )
    needs = SeveralOf(
        label=_("A deal needs"),
        choices=Needed.choices,
        required=False,
        help_text=_("What is asked for before a deal enters this stage."),
    )

    @property
    def values(self) -> StageValues:
        """What a valid form says."""
        data = self.cleaned_data
        return StageValues(
            name=data["name"],
            probability=data["probability"],
            colour=Colour(data["colour"]),
            needs=[Needed(need) for need in data["needs"]],
            place=data["place"],
        )


def initial_of(stage: Stage) -> dict[str, Any]:
    """Return a stored stage as the first values of `StageForm`."""
    names = ("name", "probability", "colour", "needs")
    return {**{name: getattr(stage, name) for name in names}, "place": stage.position + 1}
