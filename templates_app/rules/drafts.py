"""What a draft was before its last change, as plain data, and that change in words (ux.md T5)."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from templates_app.enums import DraftChangeKind, FieldKind, MapsTo
from templates_app.rules.fields import FieldSpec

# Somebody who types a label saves it many times: that is one change, to be undone as one.
ONE_CHANGE = timedelta(minutes=5)


def plain(spec: FieldSpec) -> dict[str, Any]:
    """Return a question as JSON keeps it; `spec_of` reads it back."""
    return asdict(spec)


def spec_of(stored: Mapping[str, Any]) -> FieldSpec:
    """Return the question that `plain` wrote down."""
    limits = {
        name: None if stored[name] is None else Decimal(stored[name])
        for name in ("min_value", "max_value")
    }
    maps_to = stored["maps_to"]
    typed = {
        "kind": FieldKind(stored["kind"]),
        "options": tuple(stored["options"]),
        "maps_to": MapsTo(maps_to) if maps_to else "",
    }
    return FieldSpec(**{**stored, **limits, **typed})


def is_same_change(last: Any, *, kind: str, key: str, by: int | None, at: datetime) -> bool:
    """Say whether changing the field `key` goes on with the `last` change: of this field, by the same person."""
    return bool(
        kind == DraftChangeKind.CHANGED
        and last.kind in {DraftChangeKind.ADDED, DraftChangeKind.CHANGED}
        and (last.key, last.by_id) == (key, by)
        and at - last.at < ONE_CHANGE
    )


def change_sentence(kind: str, label: str) -> str:
    """Say what the last change did."""
    sentences = {
        DraftChangeKind.ADDED: gettext("%(field)s added"),
        DraftChangeKind.CHANGED: gettext("%(field)s changed"),
        DraftChangeKind.REMOVED: gettext("%(field)s removed"),
        DraftChangeKind.MOVED: gettext("%(field)s moved"),
        DraftChangeKind.UNDONE: gettext("change undone"),
    }
    return sentences[DraftChangeKind(kind)] % {"field": label}
