"""Pipelines and their stages: managers read them, marketplace managers set them up."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.views.pages import ConfirmPage, FormPage
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from leads.forms.pipelines import NewPipelineForm, PipelineForm, StageForm, initial_of
from leads.models import Pipeline, Stage
from leads.rules.selling import Colour, Needed, sees_pipelines, sets_pipelines
from leads.selectors.deals import pipeline, pipelines, stage
from leads.services.pipelines import (
    add_pipeline,
    add_stage,
    edit_pipeline,
    edit_stage,
    remove_stage,
)


class PipelinesView(PortalView):
    """The pipelines of the host, each with its stages."""

    permission = staticmethod(sees_pipelines)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show them all: there are few."""
        context = {
            "pipelines": [(one, _rows(one)) for one in pipelines(request.actor)],
            "may_set": sets_pipelines(request.actor),
        }
        return render(request, "leads/pipelines.html", context)


class NewPipelineView(FormPage):
    """Add a pipeline."""

    permission = staticmethod(sets_pipelines)
    template_name = "leads/pipeline_form.html"

    def build(self, data: Any = None) -> NewPipelineForm:
        """See FormPage."""
        return NewPipelineForm(data)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"title": _("Add a pipeline"), "button": _("Add pipeline")}

    def submit(self, form: NewPipelineForm) -> HttpResponse:
        """See FormPage."""
        made = add_pipeline(form.cleaned_data["name"], actor=self.request.actor)
        said = _("%(pipeline)s is there. Change its stages to your way of selling.")
        return _done(self.request, said % {"pipeline": made}, made)


class PipelinePage(PortalView):
    """A page about the pipeline that the address names."""

    permission = staticmethod(sets_pipelines)

    @cached_property
    def pipeline(self) -> Pipeline:
        """The pipeline."""
        return pipeline(self.request.actor, self.kwargs["pk"])


class EditPipelineView(PipelinePage, FormPage):
    """Rename a pipeline, or take it out of use."""

    template_name = "leads/pipeline_form.html"

    def build(self, data: Any = None) -> PipelineForm:
        """See FormPage."""
        return PipelineForm(data, pipeline=self.pipeline)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        title = _("Edit %(pipeline)s") % {"pipeline": self.pipeline}
        return {"title": title, "button": _("Save pipeline")}

    def submit(self, form: PipelineForm) -> HttpResponse:
        """See FormPage."""
        edited = edit_pipeline(self.pipeline, **form.cleaned_data, actor=self.request.actor)
        return _done(self.request, _("%(pipeline)s is saved.") % {"pipeline": edited}, edited)


class NewStageView(PipelinePage, FormPage):
    """Add a stage."""

    template_name = "leads/pipeline_form.html"

    def build(self, data: Any = None) -> StageForm:
        """See FormPage. At first it would stand at the end."""
        end = self.pipeline.stages.count() + 1
        return StageForm(data, initial={"place": end, "colour": Colour.BLUE.value})

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        title = _("Add a stage to %(pipeline)s") % {"pipeline": self.pipeline}
        return {"title": title, "button": _("Add stage")}

    def submit(self, form: StageForm) -> HttpResponse:
        """See FormPage."""
        made = add_stage(self.pipeline, form.values, actor=self.request.actor)
        return _done(self.request, _("%(stage)s is added.") % {"stage": made}, self.pipeline)


class StagePage(PipelinePage):
    """A page about the stage that the address names."""

    @cached_property
    def stage(self) -> Stage:
        """The stage."""
        return stage(self.request.actor, self.kwargs["pk"], self.kwargs["number"])


class EditStageView(StagePage, FormPage):
    """Change a stage."""

    template_name = "leads/pipeline_form.html"

    def build(self, data: Any = None) -> StageForm:
        """See FormPage."""
        return StageForm(data, initial=initial_of(self.stage))

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"title": _("Edit %(stage)s") % {"stage": self.stage}, "button": _("Save stage")}

    def submit(self, form: StageForm) -> HttpResponse:
        """See FormPage."""
        edited = edit_stage(self.stage, form.values, actor=self.request.actor)
        return _done(self.request, _("%(stage)s is saved.") % {"stage": edited}, self.pipeline)


class RemoveStageView(StagePage, ConfirmPage):
    """Remove a stage that has no deals."""

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        return {
            "title": _("Remove %(stage)s?") % {"stage": self.stage},
            "sentences": [_("A stage with deals in it stays.")],
            "button": _("Remove stage"),
            "is_danger": True,
            "keep_url": reverse("leads:pipelines"),
            "keep_label": _("Keep stage"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage."""
        remove_stage(self.stage, actor=self.request.actor)
        return _done(
            self.request, _("%(stage)s is removed.") % {"stage": self.stage}, self.pipeline
        )


def _rows(one: Pipeline) -> list[tuple[Stage, list[Any]]]:
    return [
        (stage, [Needed(need).label for need in stage.needs if need in Needed.values])
        for stage in one.stages.all()
    ]


def _done(request: Any, said: str, one: Pipeline) -> HttpResponse:
    messages.success(request, said)
    return redirect_after(request, f"{reverse('leads:pipelines')}#pipeline-{one.pk}")
