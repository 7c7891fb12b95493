"""Own notes: corrected or taken back for 15 minutes. Adding one is an action like the others."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from leadportal.common import clock
from leadportal.common.errors import Conflict, NotFound, Refused
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from leads.forms.notes import CorrectionForm
from leads.models import Note
from leads.rules.permissions import sees_leads
from leads.rules.workflow import Action
from leads.selectors.detail import Sight, find_lead
from leads.selectors.notes import own_note
from leads.selectors.refusals import check_move
from leads.services.notes import EDIT_WITHIN, delete_note, edit_note
from leads.views.pages import here, lead_name, lead_url, refused
from leads.views.trail import way_on
from leads.views.undo import undo_tag


class _OwnNoteView(PortalView):
    """A page about one own note of a lead: 404 for any other, 409 when the 15 minutes are over."""

    permission = staticmethod(sees_leads)
    template_name = ""

    def get(self, request: PortalRequest, reference: str, pk: int) -> HttpResponse:
        """Show the page, or the dialog when htmx asks."""
        sight = find_lead(reference, request.actor)
        try:
            note = own_note(sight, pk)
            check_move(sight, Action.NOTE)
            _check_time(note)
        except NotFound:
            raise
        except Refused as refusal:
            return refused(request, refusal, sight)
        return self.show(sight, note, CorrectionForm(sight=sight, initial={"body": note.body}))

    def post(self, request: PortalRequest, reference: str, pk: int) -> HttpResponse:
        """Change the note."""
        sight = find_lead(reference, request.actor)
        try:
            return self.change(sight, own_note(sight, pk))
        except NotFound:
            raise
        except Refused as refusal:
            return refused(request, refusal, sight)

    def change(self, sight: Sight, note: Note) -> HttpResponse:
        """Call the service and say where to go."""
        raise NotImplementedError

    def show(self, sight: Sight, note: Note, form: Any, *, status: int = 200) -> HttpResponse:
        """Render the page or dialog."""
        context = {
            "form": form,
            "lead": sight.lead,
            "lead_name": lead_name(sight.lead),
            "lead_url": lead_url(sight.lead),
            "note": note,
            "back_url": here(self.request, sight.lead),
            "way": way_on(self.request),
        }
        return render(self.request, self.template_name, context, status=status)

    def done(self, sight: Sight, said: str) -> HttpResponse:
        """Say what was done, on the lead's page."""
        messages.success(self.request, said, extra_tags=undo_tag(self.request, sight))
        return redirect_after(self.request, here(self.request, sight.lead))


class EditNoteView(_OwnNoteView):
    """Correct the text of an own note."""

    template_name = "leads/note_edit.html"

    def change(self, sight: Sight, note: Note) -> HttpResponse:
        """See `_OwnNoteView`."""
        form = CorrectionForm(self.request.POST, sight=sight)
        if not form.is_valid():
            return self.show(sight, note, form, status=422)
        edit_note(note, body=form.cleaned_data["body"], actor=self.request.actor)
        return self.done(sight, _("Note changed."))


class DeleteNoteView(_OwnNoteView):
    """Take an own note back."""

    template_name = "leads/note_delete.html"

    def change(self, sight: Sight, note: Note) -> HttpResponse:
        """See `_OwnNoteView`."""
        delete_note(note, actor=self.request.actor)
        return self.done(sight, _("Note deleted."))


def _check_time(note: Note) -> None:
    if clock.now() - note.created_at > EDIT_WITHIN:
        raise Conflict(_("A note can be changed for 15 minutes. Add a new note that corrects it."))
