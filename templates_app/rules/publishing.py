"""When a version may be published, and what publishing changes (ux.md T6)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields

from django.utils.translation import gettext, ngettext

from templates_app.enums import FieldKind, MapsTo
from templates_app.rules.fields import FieldSpec


@dataclass(frozen=True, slots=True)
class Changes:
    """What a draft does to the live version: labels added and removed, and sentences about the rest."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    is_reordered: bool = False

    @property
    def summary(self) -> str:
        """All of it in one sentence: "2 fields added, 1 removed (Fax)." Nothing when the order alone changed."""
        parts = []
        if self.added:
            added = len(self.added)
            parts.append(
                ngettext("%(count)s field added", "%(count)s fields added", added)
                % {"count": added}
            )
        if self.removed:
            removed = {"count": len(self.removed), "labels": ", ".join(self.removed)}
            parts.append(gettext("%(count)s removed (%(labels)s)") % removed)
        if self.changed:
            parts.append(gettext("%(count)s changed") % {"count": len(self.changed)})
        return f"{', '.join(parts)}." if parts else ""

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.is_reordered)


@dataclass(frozen=True, slots=True)
class Question:
    """A question that goes, or is answered differently from now on; `fills` is the lead field that goes with it."""

    key: str
    label: str
    fills: str = ""
    is_removed: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """What reads the answers to a question: a sentence that says so, what it is called, and its page."""

    sentence: str
    name: str
    address: str


def publish_problems(specs: Sequence[FieldSpec]) -> list[str]:
    """Return why these fields cannot be published, as sentences; empty when they can."""
    if not any(spec.kind not in {FieldKind.HEADING, FieldKind.HIDDEN} for spec in specs):
        return [gettext("Add at least one field that people answer.")]
    if not any(spec.maps_to in {MapsTo.EMAIL, MapsTo.PHONE} for spec in specs):
        return [
            gettext(
                "Nobody could be contacted: add a field that fills the lead's email address or phone number."
            )
        ]
    return []


def changes(old: Sequence[FieldSpec], new: Sequence[FieldSpec]) -> Changes:
    """Compare two versions by key: the same key is the same question."""
    before = {spec.key: spec for spec in old}
    after = {spec.key: spec for spec in new}
    kept = [key for key in after if key in before]
    return Changes(
        added=tuple(spec.label for spec in new if spec.key not in before),
        removed=tuple(spec.label for spec in old if spec.key not in after),
        changed=tuple(
            _sentence(before[key], after[key]) for key in kept if before[key] != after[key]
        ),
        is_reordered=kept != [key for key in before if key in after],
    )


def touched(old: Sequence[FieldSpec], new: Sequence[FieldSpec]) -> dict[str, Question]:
    """Return, by key, the questions whose answers others may miss or read differently.

    They are gone, of another type, with fewer options, or fill another lead field. A lead field that another question
    fills from now on is not missed.
    """
    after = {spec.key: spec for spec in new}
    found = {}
    for spec in old:
        present = after.get(spec.key)
        if present is None or _answers_differ(spec, present):
            others = {one.maps_to for one in new if one.key != spec.key}
            fills = "" if spec.maps_to in others else str(spec.maps_to)
            found[spec.key] = Question(spec.key, spec.label, fills, is_removed=present is None)
    return found


def _answers_differ(old: FieldSpec, new: FieldSpec) -> bool:
    is_same = (old.kind, old.maps_to) == (new.kind, new.maps_to)
    return not is_same or not set(old.options) <= set(new.options)


def fingerprint(specs: Sequence[FieldSpec]) -> str:
    """Return a short mark of what was shown, so that nobody publishes what they have not seen."""
    return hashlib.sha256(repr(list(specs)).encode()).hexdigest()[:16]


def _sentence(old: FieldSpec, new: FieldSpec) -> str:
    if old.label != new.label:
        return gettext("%(old)s is now called %(new)s") % {"old": old.label, "new": new.label}
    words = {
        "kind": gettext("type"),
        "help_text": gettext("help text"),
        "is_required": gettext("now required") if new.is_required else gettext("now optional"),
        "options": gettext("options"),
        "max_length": gettext("longest text"),
        "min_value": gettext("smallest"),
        "max_value": gettext("largest"),
        "currency": gettext("currency"),
        "maps_to": gettext("lead field"),
        "link": gettext("policy address"),
    }
    differing = [
        words[field.name]
        for field in fields(FieldSpec)
        if field.name in words and getattr(old, field.name) != getattr(new, field.name)
    ]
    return gettext("%(label)s: %(changes)s") % {"label": new.label, "changes": ", ".join(differing)}
