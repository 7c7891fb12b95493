"""Notes: the form of the thread, and the one that corrects an own note."""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import OneOf, TextBlock, TextLine
from leads.enums import Audience, NoteKind
from leads.forms.actions import ActionForm
from leads.selectors.notes import in_words, readers_of

LONGEST = 4000


def _body() -> TextBlock:
    return TextBlock(label=_("Note"), max_length=LONGEST, enter=_("Enter a note"))


class NoteForm(ActionForm):
    """A remark with its kind, and who reads it. `key` makes a second post of the same form harmless."""

    body = _body()
    kind = OneOf(
        label=_("Kind"), choices=NoteKind.choices, enter=_("Choose a kind"), initial="note"
    )
    audience = OneOf(
        label=_("Who reads it"),
        choices=Audience.choices,
        enter=_("Choose who reads this note"),
        widget=forms.RadioSelect,
        initial=Audience.COMPANY,
    )
    key = TextLine(label=_("Form"), max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, readers: Sequence[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = list(readers if readers is not None else readers_of(self.sight.lead))
        own = gettext("My company: only %(company)s reads it")
        all_of_them = gettext("Everybody on this lead: %(companies)s read it")
        audience: Any = self.fields["audience"]
        audience.choices = [
            (Audience.COMPANY, own % {"company": self.sight.actor.company_name}),
            (Audience.EVERYBODY, all_of_them % {"companies": in_words(names)}),
        ]
        self.fields["key"].initial = secrets.token_urlsafe(16)

    @property
    def once(self) -> str | None:
        """The key as it is stored: its own for each lead and author, whatever somebody else sends."""
        key = self.cleaned_data["key"]
        if not key:
            return None
        whose = f"{self.sight.lead.pk} {self.sight.actor.user_id} {key}"
        return hashlib.sha256(whose.encode()).hexdigest()[:40]


class CorrectionForm(ActionForm):
    """The new text of an own note."""

    body = _body()
