"""Find out who writes, and turn a tree into entries: a key, a label, and one text or several (webhooks.md 6.3)."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leads.enums import Shape
from leads.rules.sources.body import plain

MOST_ENTRIES = 300
ID_LENGTH = 120
# The header by which WPForms makes itself known.
WPFORMS_HEADER = "x-wpforms-webhook-id"

_PLACE = re.compile(r"\d{1,6}(\.\d{1,6})?", re.ASCII)
# What Gravity Forms and Elementor tell of the message beside what was typed.
_OF_THE_ENTRY = frozenset(
    "id formid postid datecreated dateupdated isstarred isread createdby status currency transactionid isfulfilled"
    " transactiontype sourceid".split()
)
_OF_THE_FORM = frozenset("formid formname date time poweredby".split())
# What a form of Salesforce Web-to-Lead tells Salesforce.
_OF_THE_ORG = frozenset("oid orgid returl debug debugemail encoding captchasettings".split())


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was sent. `key` is what a mapping names, `label` what people read, `kind` the form's own."""

    key: str
    label: str
    value: str | list[str]
    kind: str = ""

    @property
    def text(self) -> str:
        """The value as one text."""
        return self.value if isinstance(self.value, str) else ", ".join(self.value)


@dataclass(frozen=True, slots=True)
class Sent:
    """What one message says: its entries, the sender's own id of it, and whether the sender calls it spam."""

    shape: Shape
    entries: tuple[Entry, ...]
    submission_id: str = ""
    is_spam: bool = False

    @property
    def answers(self) -> dict[str, str | list[str]]:
        """What was answered, to be compared: PostgreSQL keeps no order of keys."""
        return {entry.key: entry.value for entry in self.entries}


def read_sent(
    tree: Mapping[str, Any], *, shape: Shape = Shape.AUTO, headers: Collection[str] = ()
) -> Sent:
    """Read a tree of texts as `shape`, or as what it looks like; `headers` are the names that came with it."""
    found = shape_of(tree, headers) if shape == Shape.AUTO else shape
    read = _READERS.get(found, _flat)
    entries = _once(read(tree))
    if found == Shape.WPFORMS:
        entries = (_in_lines(entry) for entry in entries)
    told = [entry for _number, entry in zip(range(MOST_ENTRIES), entries, strict=False)]
    return Sent(found, tuple(told), _id(tree, found), _is_spam(tree, found))


def shape_of(tree: Mapping[str, Any], headers: Collection[str] = ()) -> Shape:
    """Say who writes like this (webhooks.md 6.3)."""
    if _webflow_data(tree) is not None:
        return Shape.WEBFLOW
    is_nested = isinstance(tree.get("fields"), dict | list) and ("form" in tree or "meta" in tree)
    if is_nested or ("form_id" in tree and "form_name" in tree):
        return Shape.ELEMENTOR
    if {"form_id", "date_created"} <= tree.keys() and any(map(_PLACE.fullmatch, tree)):
        return Shape.GRAVITY
    return Shape.WPFORMS if WPFORMS_HEADER in headers else Shape.FLAT


def _webflow_data(tree: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what was typed into a form of Webflow, in the messages of both versions; None for others."""
    payload = tree.get("payload")
    if "triggerType" in tree and isinstance(payload, dict):
        data = payload.get("data")
    else:
        data = tree.get("data") if "_id" in tree else None
    return data if isinstance(data, dict) else None


def _id(tree: Mapping[str, Any], shape: Shape) -> str:
    if shape == Shape.WEBFLOW:
        payload = tree.get("payload")
        known = payload.get("id") if isinstance(payload, dict) else tree.get("_id")
        return known[:ID_LENGTH] if isinstance(known, str) else ""
    if shape == Shape.GRAVITY and (entry := _text(tree.get("id"))):
        return f"{_text(tree.get('form_id'))}:{entry}"[:ID_LENGTH]
    return ""


def _is_spam(tree: Mapping[str, Any], shape: Shape) -> bool:
    return shape == Shape.GRAVITY and _text(tree.get("status")).lower() in {"spam", "trash"}


# --- One reader for each shape ---------------------------------------------------------------------------


def _webflow(tree: Mapping[str, Any]) -> Iterator[Entry]:
    return _flat(_webflow_data(tree) or tree)


def _elementor(tree: Mapping[str, Any]) -> Iterator[Entry]:
    """Read both ways: flat with the labels as keys, or nested by id with "Advanced Data"."""
    if not isinstance(tree.get("fields"), dict | list):
        yield from (entry for entry in _flat(tree) if plain(entry.key) not in _OF_THE_FORM)
        return
    for key, field in _items(tree["fields"]):
        if isinstance(field, dict):
            label, kind = _text(field.get("title")), _text(field.get("type"))
            # Of several choices "value" is joined by commas, which a choice may have itself.
            parts = field.get("raw_value")
            value = parts if isinstance(parts, list) else field.get("value")
            yield Entry(key, label or key, _value(value), kind)
    for key, field in _items(tree.get("meta")):
        if plain(key) not in _OF_THE_FORM and isinstance(field, dict):
            yield Entry(f"meta.{key}", _text(field.get("title")) or key, _value(field.get("value")))


def _gravity(tree: Mapping[str, Any]) -> Iterator[Entry]:
    for entry in _flat(tree):
        name = plain(entry.key)
        if name not in _OF_THE_ENTRY and not name.startswith("payment"):
            yield entry


def _flat(tree: Mapping[str, Any], path: str = "") -> Iterator[Entry]:
    """Read a map; what lies deeper gets its way as key: "address.city"."""
    for name, value in tree.items():
        key = f"{path}.{name}" if path else name
        if not path and plain(name) in _OF_THE_ORG:
            continue
        if isinstance(value, dict) and not _is_moment(value):
            yield from _flat(value, key)
        elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
            yield from _flat({str(place): one for place, one in enumerate(value)}, key)
        else:
            yield Entry(key, key, _value(value))


_READERS: dict[Shape, Callable[[Mapping[str, Any]], Iterator[Entry]]] = {
    Shape.WEBFLOW: _webflow,
    Shape.ELEMENTOR: _elementor,
    Shape.GRAVITY: _gravity,
}


def _once(entries: Iterator[Entry]) -> Iterator[Entry]:
    """Leave out what has no key, and a key that came before."""
    met: set[str] = set()
    for entry in entries:
        if entry.key and entry.key not in met:
            met.add(entry.key)
            yield entry


def _items(tree: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(tree, list):
        tree = {str(place): one for place, one in enumerate(tree)}
    if isinstance(tree, dict):
        yield from tree.items()


def _is_moment(value: Mapping[str, Any]) -> bool:
    """Say whether this is how WPForms writes a date with its time."""
    return "value" in value and value.keys() <= {"value", "unix"}


def _value(value: Any) -> str | list[str]:
    if isinstance(value, dict) and _is_moment(value):
        return _text(value["value"])
    if isinstance(value, list):
        return [text for text in map(_text, value) if text]
    return _text(value)


def _in_lines(entry: Entry) -> Entry:
    """Take apart what WPForms joins: select, check boxes, address, likert."""
    if not isinstance(entry.value, str) or "||" not in entry.value:
        return entry
    lines = [line.strip() for line in entry.value.split("||") if line.strip()]
    return Entry(entry.key, entry.label, lines, entry.kind)


def _text(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).strip()
