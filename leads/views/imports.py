"""Leads from a file: what was imported, and the first two steps, the file and its columns (ux.md 2.11)."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leadportal.common.csv import UnreadableError
from leadportal.common.errors import Invalid, NotFound
from leadportal.common.http import PortalRequest
from leadportal.common.uploads import size_of_dropped
from leadportal.common.views import PortalView, redirect_after, wants_fragment
from leads.enums import ImportState
from leads.forms.imports import ColumnsForm, FileForm, ReadingForm, SavedForm
from leads.models import Import
from leads.rules.imports import Guess, Sureness, guess_columns, left_out, source_of
from leads.rules.permissions import imports_leads
from leads.selectors.import_files import Numbered, header_and_rows, sheets_of
from leads.selectors.import_targets import known_to, needed_of, targets_for
from leads.selectors.imports import find_import, own_imports, saved_mappings
from leads.services.imports.files import begin_import, too_large
from leads.services.imports.steps import PREPARING, map_columns, read_as
from leads.views.pages import number_from

# The steps with their addresses, in order.
STEPS = (
    ("file", gettext_lazy("File")),
    ("columns", gettext_lazy("Columns")),
    ("check", gettext_lazy("Check")),
    ("import", gettext_lazy("Import")),
    ("result", gettext_lazy("Result")),
)
PREVIEWED = 5
SAMPLED = 100
SAMPLES = 3
SAMPLE_LENGTH = 40
_STEP_OF = {
    ImportState.DRAFT: "columns",
    ImportState.CHECKING: "check",
    ImportState.CHECKED: "check",
    ImportState.IMPORTING: "import",
}


def own_import(request: PortalRequest, pk: int) -> Import:
    """Return the actor's own import; raises NotFound."""
    source = find_import(pk, request.actor)
    if source is None:
        raise NotFound
    return source


def step_of(source: Import) -> str:
    """Return the step at which an import stands."""
    return _STEP_OF.get(ImportState(source.state), "result")


def steps_context(step: str) -> dict[str, Any]:
    """Return the steps for the head of a page, and which are done."""
    words = [word for word, _label in STEPS]
    return {"step": step, "steps": STEPS, "steps_done": words[: words.index(step)]}


def go_on(source: Import) -> HttpResponse:
    """Lead to the step at which an import stands."""
    return redirect(f"leads:import_{step_of(source)}", source.pk)


class ImportsView(PortalView):
    """What the actor has imported, and where it can go on."""

    permission = staticmethod(imports_leads)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show them."""
        is_faulty = request.GET.get("only") == "errors"
        sources = own_imports(request.actor, only_faulty=is_faulty)
        return render(request, "leads/imports.html", {"sources": sources, "is_faulty": is_faulty})


class ImportNewView(PortalView):
    """The first step: choose a file."""

    permission = staticmethod(imports_leads)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Ask for the file."""
        return self.show(FileForm())

    def post(self, request: PortalRequest) -> HttpResponse:
        """Keep it, and show how it was read."""
        form = FileForm(request.POST, request.FILES)
        if size := size_of_dropped(request):
            form.errors.pop("file", None)
            form.add_error("file", too_large(size, settings.UPLOAD_MOST))
        if not form.is_valid():
            return self.show(form, status=422)
        file = form.cleaned_data["file"]
        try:
            source = begin_import(file, name=file.name, size=file.size, actor=request.actor)
        except Invalid as refusal:
            form.add_refusal(refusal)
            return self.show(form, status=422)
        return redirect("leads:import_file", source.pk)

    def show(self, form: FileForm, status: int = 200) -> HttpResponse:
        """Render the page."""
        context = {"form": form, **steps_context("file")}
        return render(self.request, "leads/import_new.html", context, status=status)


class ImportView(PortalView):
    """The address of an import: leads to the step at which it stands (ux.md I1)."""

    permission = staticmethod(imports_leads)

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Go there. htmx, which asks how far the worker is, gets that part until there is a page to go to."""
        source = own_import(request, pk)
        if wants_fragment(request) and source.state in ImportState.busy():
            return render(request, "leads/_import_progress.html", {"source": source})
        return redirect_after(request, reverse(f"leads:import_{step_of(source)}", args=[pk]))


class StepView(PortalView):
    """The base of a step. One that is over, or not reached, leads to where the import stands."""

    permission = staticmethod(imports_leads)
    step = ""
    states: frozenset[str] = frozenset(PREPARING)

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Show the step."""
        source = own_import(request, pk)
        return self.show(source) if source.state in self.states else go_on(source)

    def show(self, source: Import) -> HttpResponse:
        """Show the step of an import that stands there."""
        raise NotImplementedError

    def render(self, source: Import, status: int = 200, **context: Any) -> HttpResponse:
        """Render the page of the step."""
        context |= {"source": source, **steps_context(self.step)}
        template = f"leads/import_{self.step}.html"
        return render(self.request, template, context, status=status)


class ImportFileView(StepView):
    """How the file was read, with its first rows; encoding, separator and sheet can be changed."""

    step = "file"

    def show(self, source: Import) -> HttpResponse:
        """See the base."""
        return self._show(source, ReadingForm(source=source, sheets=_sheets(source)))

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Read the file as chosen; go on, or with "look" show the rows again."""
        source = own_import(request, pk)
        form = ReadingForm(request.POST, source=source, sheets=_sheets(source))
        if not form.is_valid():
            return self._show(source, form, status=422)
        try:
            source = read_as(source, **form.cleaned_data, actor=request.actor)
        except Invalid as refusal:
            form.add_refusal(refusal)
            return self._show(source, form, status=422)
        is_look = "look" in request.POST
        return redirect("leads:import_file" if is_look else "leads:import_columns", source.pk)

    def _show(self, source: Import, form: ReadingForm, status: int = 200) -> HttpResponse:
        header, rows, problem = _first_rows(source, PREVIEWED)
        return self.render(source, status, form=form, header=header, rows=rows, problem=problem)


class ImportColumnsView(StepView):
    """What each column becomes: three samples, a guess, and what every lead needs (ux.md I3)."""

    step = "columns"

    def show(self, source: Import) -> HttpResponse:
        """See the base."""
        return self._show(source)

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Have the file checked with the chosen columns."""
        source = own_import(request, pk)
        form = self._form(source, request.POST)
        if not form.is_valid():
            return self._show(source, form)
        try:
            source = map_columns(
                source,
                form.mapping,
                marketplace=form.chosen("marketplace"),
                product=form.chosen("product"),
                save_as=form.cleaned_data["save_as"],
                actor=request.actor,
            )
        except Invalid as refusal:
            form.add_refusal(refusal)
            return self._show(source, form)
        if name := form.cleaned_data["save_as"]:
            messages.success(request, _("The mapping %(name)s is saved.") % {"name": name})
        return redirect("leads:import_check", source.pk)

    def _form(self, source: Import, data: Any = None) -> ColumnsForm:
        actor = self.request.actor
        known = known_to(actor)
        targets = targets_for(known, source.header)
        self.mappings = saved_mappings(actor)
        self.guesses = self._guesses(source, targets)
        return ColumnsForm(data, source=source, guesses=self.guesses, targets=targets, known=known)

    def _guesses(self, source: Import, targets: Any) -> list[Guess]:
        _header, rows, self.problem = _first_rows(source, SAMPLED)
        self.samples = [cells for _number, cells in rows]
        wanted = number_from(self.request.GET.get("saved"))
        saved = next((one for one in self.mappings if one.pk == wanted), None)
        if source.mapping and saved is None:
            return [Guess(target, Sureness.CERTAIN) for target in source.mapping]
        return guess_columns(
            source.header, self.samples, targets=targets, known=saved.targets if saved else None
        )

    def _show(self, source: Import, form: ColumnsForm | None = None) -> HttpResponse:
        is_refused = form is not None
        form = form or self._form(source)
        columns = [
            (field, self.guesses[place], self._samples_of(place))
            for place, field in enumerate(form.columns)
        ]
        make = source_of(source.header)
        chosen = {field.value() for field in form.columns}
        chosen |= {field.name for field in form.common if field.value()}
        context: dict[str, Any] = {
            "form": form,
            "columns": columns,
            "make": make.name if make else "",
            "left_out": [] if source.mapping else left_out(source.header, self.guesses),
            "needed": [
                (one.label, bool(one.targets & chosen))
                for one in needed_of(form.known, self.request.actor)
            ],
            "problem": self.problem,
            "saved_form": SavedForm(mappings=self.mappings) if self.mappings else None,
        }
        return self.render(source, 422 if is_refused else 200, **context)

    def _samples_of(self, place: int) -> list[str]:
        values = (row[place] for row in self.samples if place < len(row))
        return [value[:SAMPLE_LENGTH] for value in values if value.strip()][:SAMPLES]


def _first_rows(source: Import, many: int) -> tuple[list[str], list[Numbered], str]:
    """Return header and first rows, or a sentence why they cannot be read."""
    try:
        return *header_and_rows(source, many), ""
    except UnreadableError as error:
        return source.header, [], error.sentence


def _sheets(source: Import) -> list[str]:
    try:
        return sheets_of(source)
    except UnreadableError:
        return []
