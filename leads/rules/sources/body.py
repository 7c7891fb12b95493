"""Read the body of a webhook into a tree of texts: JSON, form-encoded with PHP's brackets, multipart."""

import json
import re
from collections.abc import Iterable, Iterator
from email.message import Message
from email.parser import BytesParser
from typing import Any
from urllib.parse import unquote_to_bytes

from django.utils.translation import gettext as _

from leadportal.common.text import clean_line, clean_text

MOST_BYTES = 256 * 1024
MOST_FIELDS = 1_000
MOST_VALUES = 5_000
DEEPEST = 8
KEY_LENGTH = 200

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"

# What says where a visitor sits and with which machine: of no use for a lead, so it is not kept (webhooks.md 6.6).
_OF_THE_VISITOR = frozenset(
    "ip ipaddress remoteip remoteaddr remoteaddress clientip visitorip userip useragent browser".split()
)
_NESTED = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])+)")
_PART = re.compile(r"\[([^\[\]]*)\]")


class UnreadableError(ValueError):
    """A body that is not what its content type says, or has no end. `sentence` tells the sender."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class OtherTypeError(ValueError):
    """A content type that is not read."""


def media_type(content_type: str) -> str:
    """Return the content type without its parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def read_body(content_type: str, body: bytes) -> dict[str, Any]:
    """Return what was sent, to the letter: a tree of dicts, lists, texts (numbers too), booleans and None.

    Raises OtherTypeError for a type that is not read, UnreadableError for a body that cannot be.
    """
    kind = media_type(content_type)
    if kind == JSON:
        return _json(body)
    if kind == FORM:
        return _tree(_form_fields(body))
    if kind == MULTIPART:
        return _tree(_parts(content_type, body))
    raise OtherTypeError


def kept(tree: dict[str, Any]) -> dict[str, Any]:
    """Return the tree as it may be stored: clean texts, without the visitor's machine.

    Raises UnreadableError where it is nested too deep or has too many values.
    """
    return _kept(tree, DEEPEST, iter(range(MOST_VALUES)))


def plain(name: str) -> str:
    """Return a name as aliases are compared: letters and digits in lower case ("E-Mail" → "email")."""
    return "".join(char for char in name.casefold() if char.isalnum())


# --- JSON ----------------------------------------------------------------------------------------------


def _json(body: bytes) -> dict[str, Any]:
    try:
        # A number stays the text that it was: a phone number is one, and 5,000 digits are no harm.
        tree = json.loads(_text(body), parse_int=str, parse_float=str, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise UnreadableError(_("The body is not valid JSON.")) from None
    if not isinstance(tree, dict):
        raise UnreadableError(_("The body must be a JSON object."))
    return tree


def _no_number(word: str) -> str:
    raise ValueError(word)


def _text(raw: bytes) -> str:
    """Return bytes as text: UTF-8, or what old senders write instead."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


# --- Forms -----------------------------------------------------------------------------------------------


def _form_fields(body: bytes) -> Iterator[tuple[str, str]]:
    for pair in body.split(b"&"):
        if pair:
            name, _is, value = pair.replace(b"+", b" ").partition(b"=")
            yield _text(unquote_to_bytes(name)), _text(unquote_to_bytes(value))


def _parts(content_type: str, body: bytes) -> Iterator[tuple[str, str]]:
    """Return the fields of a multipart form; of a file its name alone."""
    head = f"Content-Type: {' '.join(content_type.split())}\r\n\r\n".encode("latin-1", "replace")
    try:
        message = BytesParser().parsebytes(head + body)
        if not message.is_multipart():
            raise UnreadableError(_("The body is not a multipart form."))
        parts: list[Message] = message.get_payload()  # type: ignore[assignment]
        fields = [_field_of(part) for part in parts]
    except (ValueError, LookupError, TypeError, AttributeError):
        # Whatever the parser of messages makes of bytes that are none.
        raise UnreadableError(_("The body is not a multipart form.")) from None
    yield from (field for field in fields if field[0])


def _field_of(part: Message) -> tuple[str, str]:
    name = part.get_param("name", header="content-disposition")
    file_name = part.get_filename()
    content = part.get_payload(decode=True)
    value = file_name if file_name is not None else content
    return _word(name), _text(value) if isinstance(value, bytes) else _word(value)


def _word(value: object) -> str:
    """Return a parameter of a header; one that names its own alphabet comes in three parts."""
    raw = value[2] if isinstance(value, tuple) else value
    return _text(str(raw or "").encode("utf-8", "surrogateescape"))


def _tree(fields: Iterable[tuple[str, str]]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for number, (name, value) in enumerate(fields):
        if number == MOST_FIELDS:
            raise UnreadableError(_("The form has too many fields."))
        nested = _NESTED.fullmatch(name)
        path = [nested[1], *_PART.findall(nested[2])] if nested else [name]
        if len(path) > DEEPEST:
            raise UnreadableError(_("The body is nested too deep."))
        _put(tree, path, value)
    return {name: _listed(inner) for name, inner in tree.items()}


def _put(tree: dict[str, Any], path: list[str], value: Any) -> None:
    """Put a value where PHP would: `a[b][]` is the next place of b in a. A plain name twice is a list."""
    if len(path) == 1:
        known = tree.get(path[0])
        if path[0] in tree and not isinstance(known, dict):
            value = [*known, value] if isinstance(known, list) else [known, value]
        tree[path[0]] = value
        return
    for name in path[:-1]:
        word = name or _next(tree)
        if not isinstance(tree.get(word), dict):
            tree[word] = {}
        tree = tree[word]
    tree[path[-1] or _next(tree)] = value


def _next(tree: dict[str, Any]) -> str:
    return str(max((int(name) for name in tree if _is_place(name)), default=-1) + 1)


def _is_place(name: str) -> bool:
    return (
        name.isascii() and name.isdigit() and len(name) < 7
    )  # PHP's are numbers, ours are bounded


def _listed(tree: Any) -> Any:
    """Turn what is numbered from 0 on into a list."""
    if not isinstance(tree, dict):
        return tree
    inner = {name: _listed(value) for name, value in tree.items()}
    if inner and list(inner) == [str(place) for place in range(len(inner))]:
        return list(inner.values())
    return inner


# --- What is kept ------------------------------------------------------------------------------------------


def _kept(value: Any, depth: int, budget: Iterator[int]) -> Any:
    if next(budget, None) is None:
        raise UnreadableError(_("The body has too many values."))
    if isinstance(value, dict | list) and depth == 0:
        raise UnreadableError(_("The body is nested too deep."))
    if isinstance(value, dict):
        return {
            clean_line(name[: 4 * KEY_LENGTH])[:KEY_LENGTH]: _kept(inner, depth - 1, budget)
            for name, inner in value.items()
            if plain(name[: 4 * KEY_LENGTH]) not in _OF_THE_VISITOR
        }
    if isinstance(value, list):
        return [_kept(inner, depth - 1, budget) for inner in value]
    if isinstance(value, str):
        return clean_text(value)  # whole: what a field cannot hold is read here
    return value
