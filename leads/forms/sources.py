"""Webhook sources: their settings, and which key of the sender fills what."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import OneOf, PortalForm, TextLine, WholeNumber
from leads.enums import Proof, Shape
from leads.models import Source
from leads.rules.sources.mapping import (
    ANSWER,
    ATTRIBUTE,
    KEPT,
    LEFT_OUT,
    NAME,
    NOTE,
    suggested,
)
from leads.rules.sources.shapes import Entry
from leads.selectors.sources import Feed
from leads.services.sources import Settings
from templates_app.enums import FieldKind, MapsTo
from templates_app.rules.attributes import AttributeSpec
from templates_app.rules.fields import FieldSpec

Choices = list[tuple[str, Any]]


class WayInForm(PortalForm):
    """What a source or a mailbox is called, and what its leads are for, which is asked once.

    `unshown` is the field whose stored value is never shown, and stays where nothing is typed into it.
    """

    unshown = "secret"
    name = TextLine(
        label=_("Name"),
        max_length=80,
        enter=_("Enter a name"),
        help_text=_("Shown as the source of its leads, like “Contact form of our web site”."),
    )
    feed = OneOf(
        label=_("The leads are for"),
        choices=[],
        empty=_("Choose…"),
        enter=_("Choose what the leads are for"),
        help_text=_("It cannot be changed later."),
    )

    def __init__(self, *args: Any, offered: Sequence[Feed] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if offered is None:
            del self.fields["feed"]
            secret = self.fields[self.unshown]
            secret.help_text = _("Leave it empty to keep the present one. It is not shown.")
        else:
            field: Any = self.fields["feed"]
            field.choices = [("", _("Choose…")), *((one.word, one.label) for one in offered)]


class SourceForm(WayInForm):
    """Beside that who sends to a source, and how that is proven."""

    shape = OneOf(label=_("Sender"), choices=Shape.choices)
    proof = OneOf(
        label=_("How the sender shows who it is"),
        choices=Proof.choices,
        widget=forms.RadioSelect,
        help_text=_("Deliveries without the proof are turned away."),
    )
    secret = TextLine(
        label=_("Secret"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("What the sender signs with, or sends in the header. It is not shown again."),
    )
    posts_per_hour = WholeNumber(label=_("Most deliveries in an hour"), smallest=1, largest=100_000)

    @property
    def settings(self) -> Settings:
        """What a valid form says."""
        data = self.cleaned_data
        return Settings(
            name=data["name"],
            shape=Shape(data["shape"]),
            proof=Proof(data["proof"]),
            secret=data["secret"],
            posts_per_hour=data["posts_per_hour"],
        )


def initial_of(source: Source) -> dict[str, Any]:
    """Return the stored settings as the first values of `SourceForm`; never the secret."""
    names = ("name", "shape", "proof", "posts_per_hour")
    return {name: getattr(source, name) for name in names}


class MappingForm(PortalForm):
    """Asks for each key where it goes. Without a choice its name decides; the empty choice says what."""

    def __init__(
        self,
        *args: Any,
        entries: Iterable[Entry],
        stored: Mapping[str, str],
        specs: Sequence[FieldSpec],
        attributes: Sequence[AttributeSpec],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = _offered(specs, attributes)
        words = {word: label for _group, choices in offered for word, label in choices}
        self.keys: dict[str, str] = {}
        for entry in entries:
            by_name = words.get(suggested(entry, specs), "")
            empty = _now("Automatic: %(target)s") % {"target": by_name}
            field = OneOf(
                label=entry.label,
                choices=[("", empty), *offered],
                required=False,
                initial=stored.get(entry.key, ""),
                enter=_("Choose where this goes"),
                widget=forms.Select(attrs={"class": "form-select"}),
            )
            # A key may hold any character: its name on the page is made of it.
            self.keys[field_name(entry.key)] = entry.key
            self.fields[field_name(entry.key)] = field

    @property
    def mapping(self) -> dict[str, str]:
        """What was chosen, by key; keys that go by their name are left out."""
        chosen = {key: self.cleaned_data[name] for name, key in self.keys.items()}
        return {key: target for key, target in chosen.items() if target}


def field_name(key: str) -> str:
    """Return the name of the control that maps `key`."""
    return f"to-{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def _offered(
    specs: Sequence[FieldSpec], attributes: Sequence[AttributeSpec]
) -> list[tuple[str, Choices]]:
    """Return every target in groups, by the words of `rules.sources.mapping`."""
    questions = [
        (f"{ANSWER}{spec.key}", spec.label) for spec in specs if spec.kind != FieldKind.HEADING
    ]
    own = [(f"{ATTRIBUTE}{spec.key}", spec.label) for spec in attributes]
    lead: Choices = [(NAME, _("Whole name")), *MapsTo.choices, (NOTE, _("Note"))]
    rest: Choices = [(KEPT, _("Submitted answers")), (LEFT_OUT, _("Nowhere: do not keep it"))]
    groups = [
        (_now("Lead"), lead),
        (_now("Questions of the form"), questions),
        (_now("Custom attributes"), own),
        (_now("Otherwise"), rest),
    ]
    return [(label, choices) for label, choices in groups if choices]
