"""What hangs on a lead: notes, products, history."""

from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enums import Scope
from leadportal.common import clock
from leadportal.common.errors import Invalid, Refused
from leads.api.base import ApiView, plain
from leads.api.bodies import Body, Sent, check_form, filled, sent
from leads.api.moves import ID, with_choices
from leads.api.operations import NUMBER, Operation
from leads.api.paging import address
from leads.api.seen import lead_now
from leads.api.serializers.leads import LeadSeen
from leads.api.serializers.parts import HistoryPage, NotePage, NoteSeen
from leads.enums import EventKind
from leads.forms.history import HistoryFilterForm
from leads.forms.moves import DOINGS
from leads.forms.notes import CorrectionForm, NoteForm
from leads.models import Note
from leads.rules.permissions import sees_leads
from leads.rules.workflow import Action
from leads.selectors.detail import Sight, find_lead
from leads.selectors.history import history, people_in
from leads.selectors.notes import own_note, readers_of, thread
from leads.selectors.refusals import check_move
from leads.services.answers import Given
from leads.services.notes import EDIT_WITHIN, delete_note, edit_note

_NUMBERS = {"before": NUMBER}


def number_asked(request: Request, name: str) -> int | None:
    """Return a number that the address names, None without one. Raises Refused for what is none."""
    text = request.query_params.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 17):
        raise Refused(_("%(name)s must be a whole number.") % {"name": name})
    return int(text)


class NotesView(ApiView):
    """The notes of a lead."""

    permission = staticmethod(sees_leads)
    operations = {
        "get": Operation(
            "listNotes",
            "List the notes that the token may read, newest first",
            "Notes",
            {200: NotePage},
            query=_NUMBERS,
        ),
        "post": Operation(
            "noteLead",
            "Add a note",
            "Notes",
            {201: NoteSeen},
            Scope.WRITE,
            body=Body(NoteForm, required=("body",), is_filled=True),
            is_matched=True,
        ),
    }

    def get(self, request: Request, reference: str) -> Response:
        """Show up to 50."""
        sight = find_lead(reference, self.actor)
        page = _thread(sight, before=number_asked(request, "before"))
        further = address(request, before=str(page.older)) if page.older else None
        found = {"next": further, "count": page.count, "results": page.lines}
        return Response(NotePage(found).data)

    def post(self, request: Request, reference: str) -> Response:
        """Add one."""
        return self.once(lambda: self._add(find_lead(reference, self.actor), request.data))

    def _add(self, sight: Sight, data: Any) -> Given:
        check_move(sight, Action.NOTE)
        self.match(sight.lead)
        doing, typed = DOINGS[Action.NOTE], sent(data)
        form = doing.form(filled(doing.form(sight=sight), typed), sight=sight)
        check_form(form, typed)
        note = doing.do(form, sight)
        return Given(201, _note_json(sight, note), lead=sight.lead)


class NoteView(ApiView):
    """An own note, for 15 minutes."""

    permission = staticmethod(sees_leads)
    operations = {
        "patch": Operation(
            "editNote",
            "Correct an own note within 15 minutes",
            "Notes",
            {200: NoteSeen},
            Scope.WRITE,
            body=Body(CorrectionForm),
        ),
        "delete": Operation(
            "deleteNote",
            "Take an own note back within 15 minutes",
            "Notes",
            {204: None},
            Scope.WRITE,
        ),
    }

    def patch(self, request: Request, reference: str, pk: int) -> Response:
        """Change its text."""
        return self.once(lambda: self._edit(find_lead(reference, self.actor), pk, request.data))

    def delete(self, request: Request, reference: str, pk: int) -> Response:
        """Take it back."""
        return self.once(lambda: self._delete(find_lead(reference, self.actor), pk))

    def _edit(self, sight: Sight, pk: int, data: Any) -> Given:
        note, typed = own_note(sight, bounded(pk)), sent(data)
        form = CorrectionForm(typed, sight=sight)
        check_form(form, typed)
        edited = edit_note(note, body=form.cleaned_data["body"], actor=self.actor)
        return Given(200, _note_json(sight, edited), lead=sight.lead)

    def _delete(self, sight: Sight, pk: int) -> Given:
        delete_note(own_note(sight, bounded(pk)), actor=self.actor)
        return Given(204, lead=sight.lead)


def bounded(pk: int) -> int:
    """Return a number of an address as a database can look for it: one that is too large is nobody's."""
    return pk if pk <= connection.ops.integer_field_range("BigAutoField")[1] else 0


def _thread(sight: Sight, before: int | None = None) -> Any:
    return thread(
        sight,
        readers=readers_of(sight.lead),
        changeable_since=clock.now() - EDIT_WITHIN,
        before=before,
    )


def _note_json(sight: Sight, note: Note) -> Any:
    lines = _thread(find_lead(sight.lead.reference, sight.actor)).lines
    return plain(NoteSeen(next(line for line in lines if line.note.pk == note.pk)).data)


class ProductsView(ApiView):
    """The products that people added to a lead; they stand in the lead itself."""

    permission = staticmethod(sees_leads)
    operations = {
        "post": Operation(
            "addProducts",
            "Add products that the lead's marketplace lists",
            "Products on leads",
            {200: LeadSeen, 204: None},
            Scope.WRITE,
            body=Body(None, {"products": {"type": "array", "items": ID}}, ("products",)),
            is_matched=True,
        )
    }

    def post(self, request: Request, reference: str) -> Response:
        """Add them."""
        return self.once(lambda: self._add(find_lead(reference, self.actor), request.data))

    def _add(self, sight: Sight, data: Any) -> Given:
        check_move(sight, Action.PRODUCTS)
        self.match(sight.lead)
        return _do(Action.PRODUCTS, sight, sent(data))


class ProductView(ApiView):
    """A product on a lead."""

    permission = staticmethod(sees_leads)
    operations = {
        "delete": Operation(
            "removeProduct",
            "Take a product off the lead",
            "Products on leads",
            {200: LeadSeen, 204: None},
            Scope.WRITE,
            is_matched=True,
        )
    }

    def delete(self, request: Request, reference: str, pk: int) -> Response:
        """Take it off."""
        return self.once(lambda: self._remove(find_lead(reference, self.actor), pk))

    def _remove(self, sight: Sight, pk: int) -> Given:
        check_move(sight, Action.REMOVE_PRODUCT)
        self.match(sight.lead)
        return _do(Action.REMOVE_PRODUCT, sight, Sent(product=str(pk)))


def _do(action: Action, sight: Sight, typed: Sent) -> Given:
    form = DOINGS[action].form(typed, sight=sight)
    check_form(form, typed)
    try:
        DOINGS[action].do(form, sight)
    except Invalid as refusal:
        raise with_choices(form, refusal) from None
    return lead_now(sight)


class HistoryView(ApiView):
    """The history of a lead."""

    permission = staticmethod(sees_leads)
    operations = {
        "get": Operation(
            "listHistory",
            "List the lines that the token may read, newest first",
            "History",
            {200: HistoryPage},
            query={
                "kind": {"type": "string", "enum": EventKind.values},
                "person": NUMBER,
                **_NUMBERS,
            },
            problems=(422,),
        )
    }

    def get(self, request: Request, reference: str) -> Response:
        """Show up to 50."""
        sight = find_lead(reference, self.actor)
        form = HistoryFilterForm(request.query_params, people=people_in(sight))
        check_form(form, {})
        page = history(sight, **form.chosen(), before=number_asked(request, "before"))
        further = address(request, before=str(page.older)) if page.older else None
        return Response(HistoryPage({"next": further, "results": page.lines}).data)
