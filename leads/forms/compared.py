"""Forms that show what is stored: they carry it along, signed, so that two people never overwrite each other.

A field has the name that the services know it by; a custom attribute is "attribute:key".
"""

import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from leadportal.common.forms import PortalForm
from leads.models import Lead
from leads.selectors.clashes import newest_change, plain, value_of
from leads.selectors.detail import Sight
from leads.selectors.fields import field_label, shown_field
from leads.selectors.history import author_of

SEEN = "seen"
PICK = "pick-"
LONGEST = 60_000


@dataclass(frozen=True)
class Side:
    """One of the values to choose from: `word` is what the form sends; `author` and `at` say whose it is."""

    word: str
    label: str
    text: str
    author: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Question:
    """A field that two people changed, and what it can become."""

    name: str
    label: str
    sentence: str
    sides: list[Side]


class ComparedForm(PortalForm):
    """A form about stored values. `compared` are their names, in the words of the service."""

    sight: Sight
    questions: list[Question]

    @property
    def compared(self) -> tuple[str, ...]:
        """The names of the values that the form asks for."""
        raise NotImplementedError

    @property
    def typed(self) -> dict[str, Any]:
        """The clean values as they were typed."""
        raise NotImplementedError

    @property
    def chosen_values(self) -> dict[str, Any]:
        """The clean values, with what was chosen on the page that compares them."""
        found = self.typed
        for name in found:
            side = _SIDES.get(self.data.get(f"{PICK}{name}", ""))
            if side and name in self._carried.get(side, {}):
                found[name] = self.read_back(name, self._carried[side][name])
        return found

    @property
    def seen(self) -> Mapping[str, object] | None:
        """What the form showed; None for one that does not say so."""
        return self._carried.get("now")

    @property
    def token(self) -> str:
        """What the form carries along: the values that it shows.

        On the page that compares these are those of the fields that are asked about; all others were typed
        against what the form showed at first.
        """
        asked = [question.name for question in self.questions] or self.compared
        shown = {name: plain(value_of(self.sight.lead, name)) for name in asked}
        before = self.seen or {} if self.questions else {}
        was = {name: before[name] for name in asked if name in before}
        return self._signer.sign_object({"now": {**before, **shown}, "was": was}, compress=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = []

    def ask(self, names: Iterable[str], lead: Lead) -> None:
        """Ask which value to keep in the fields `names`, as `lead` is now."""
        self.questions = [self._question(name, lead) for name in names]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the page that compares carries along: everything that was typed."""
        data: Any = self.data
        return [
            (key, value)
            for key, values in data.lists()
            if key not in {SEEN, "csrfmiddlewaretoken"} and not key.startswith(PICK)
            for value in values
        ]

    def label_of(self, name: str) -> str:
        """Return what a field is called."""
        return field_label(name)

    def words(self, name: str, value: Any) -> str:
        """Return a value as people read it."""
        return shown_field(name, str(value)) if value not in (None, "") else ""

    def read_back(self, name: str, value: Any) -> Any:
        """Return a value that the form carried along as the service takes it."""
        return value

    def _question(self, name: str, lead: Lead) -> Question:
        last = newest_change(lead, name)
        who = last.actor_user or last.actor_name if last else _("Somebody else")
        label = self.label_of(name)
        sentence = _("%(who)s changed “%(field)s” while you were editing.")
        theirs = plain(value_of(lead, name))
        sides = [
            Side("yours", _("Yours"), self.words(name, plain(self.typed[name]))),
            Side(
                "theirs",
                _("Theirs"),
                self.words(name, theirs),
                author_of(last) if last else "",
                last.at if last else None,
            ),
        ]
        seen = self.seen or {}
        if name in seen:
            sides.append(Side("original", _("Original"), self.words(name, seen[name])))
        return Question(name, label, sentence % {"who": who, "field": label}, sides)

    @cached_property
    def _carried(self) -> dict[str, Any]:
        text = self.data.get(SEEN, "") if self.is_bound else ""
        if not text or len(text) > LONGEST:
            return {}
        try:
            found = self._signer.unsign_object(text)
        except (signing.BadSignature, ValueError, TypeError, binascii.Error):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def _signer(self) -> signing.Signer:
        return signing.Signer(sep=".", salt=f"seen:{type(self).__name__}:{self.sight.lead.pk}")


_SIDES = {"theirs": "now", "original": "was"}
