"""What a call carries: JSON that goes through the same forms as a page, and how a form looks as a schema."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from leadportal.common import forms as fields
from leadportal.common.errors import Refused
from leadportal.common.json import read_json
from leadportal.common.text import clean_line
from leadportal.common.values import BadValueError
from leads.api.errors import BadFields

ATTRIBUTES = "attributes"
# What forms carry for pages alone.
_OF_PAGES = frozenset({"key", "seen", "after", "q", "find", "found"})
_CHOICES_MOST = 100
_UNKNOWN = gettext_lazy("There is no field called “%(name)s” here.")
JSON_TYPE = "application/json"


class BoundedJsonParser(BaseParser):
    """A JSON object of everyday size."""

    media_type = JSON_TYPE

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """See REST framework; no body is an empty object."""
        raw = stream.read()
        if not raw:
            return {}
        try:
            value = read_json(raw)
        except BadValueError as bad:
            raise ParseError(bad.sentence) from None
        if not isinstance(value, dict):
            raise ParseError(_("Send a JSON object."))
        return value


class Sent(dict[str, Any]):
    """A JSON object as forms read what browsers send."""

    def getlist(self, name: str) -> list[Any]:
        """Return the values under a name; a single one is a list of one."""
        value = self.get(name)
        if isinstance(value, list):
            return value
        return [] if value is None else [value]


@dataclass(frozen=True)
class Body:
    """The fields of a call. `asks` is the form that judges them, `more` those that it makes of the lead.

    With `is_filled` a field that is left out keeps what the page shows in it at first.
    """

    asks: type[forms.Form] | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    is_filled: bool = False

    @property
    def properties(self) -> dict[str, Any]:
        """The schema of each field."""
        base = self._base
        own = {name: schema_of(one) for name, one in base.items() if name not in _OF_PAGES}
        return {**own, **self.more}

    @property
    def schema(self) -> dict[str, Any]:
        """The schema of the whole, as it is documented: what is not named is refused."""
        base = self._base
        needed = [name for name in self.properties if name in base and base[name].required]
        found: dict[str, Any] = {
            "type": "object",
            "properties": self.properties,
            "additionalProperties": False,
        }
        if required := list(dict.fromkeys([*([] if self.is_filled else needed), *self.required])):
            found["required"] = required
        return found

    @property
    def _base(self) -> dict[str, forms.Field]:
        return self.asks.base_fields if self.asks else {}

    def check_names(self, data: Mapping[str, Any]) -> None:
        """Refuse fields that the call does not have (security.md R6). Raises Refused."""
        refuse_unknown(data, self.properties, _UNKNOWN)


def refuse_unknown(names: Any, known: Any, sentence: Any) -> None:
    """Raise Refused for the first of `names` that is not `known`."""
    for name in names:
        if name not in known:
            raise Refused(sentence % {"name": clean_line(str(name))[:80]})


def sent(data: Mapping[str, Any]) -> Sent:
    """Return a JSON object as a form's data: attributes under the names that their fields have on a page."""
    flat = Sent({name: _plain(value) for name, value in data.items() if name != ATTRIBUTES})
    attributes = data.get(ATTRIBUTES) or {}
    if not isinstance(attributes, dict):
        sentence = _("Send the custom attributes as an object.")
        raise BadFields({ATTRIBUTES: [sentence]}, {})
    return Sent(flat | {f"attribute-{key}": _plain(one) for key, one in attributes.items()})


def _plain(value: Any) -> Any:
    """Return a number as the text that a browser sends: ids of rows are words to a form."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def filled(blank: forms.Form, data: Sent) -> Sent:
    """Return `data` with what `blank` shows at first in the fields that are left out."""
    first = {name: blank.get_initial_for_field(one, name) for name, one in blank.fields.items()}
    shown = {name: one.pk if isinstance(one, Model) else one for name, one in first.items()}
    return Sent({**shown, **data})


def check_form(form: Any, data: Mapping[str, Any]) -> None:
    """Raise BadFields for what a bound form refuses, Refused for fields that it has not for this lead or role."""
    if not form.is_valid():
        raise refusal_of(form)
    unknown = [name for name in data if name not in form.fields]
    refuse_unknown(map(_outside, unknown), (), _UNKNOWN)


def refusal_of(form: Any) -> BadFields:
    """Return what a form says is wrong, with the choices that there are instead."""
    errors = {
        _outside(name): [str(sentence) for sentence in sentences]
        for name, sentences in form.errors.items()
    }
    choices = {
        _outside(name): found
        for name in form.errors
        if name in form.fields and (found := choices_of(form.fields[name]))
    }
    return BadFields(errors, choices)


def choices_of(one: forms.Field) -> list[dict[str, str]]:
    """Return what can be chosen in a field; nothing where it is typed, or where there is too much."""
    if not isinstance(one, forms.ChoiceField | forms.ModelChoiceField):
        return []
    offered: Any = one.choices
    found = [{"value": str(value), "label": str(label)} for value, label in offered if str(value)]
    return found if len(found) <= _CHOICES_MOST else []


def _outside(name: str) -> str:
    """Return how a call names a field of a form."""
    word, _dash, rest = name.partition("-")
    match word:
        case "__all__":
            return "body"
        case "attribute":
            return f"{ATTRIBUTES}.{rest}"
        case "line":
            return f"lines.{rest.replace('-', '.')}"
    return name


def schema_of(one: forms.Field) -> dict[str, Any]:
    """Return the JSON schema of a form's field."""
    found: dict[str, Any] = {"description": str(one.label or "")}
    match one:
        case fields.SeveralOf():
            return {**found, "type": "array", "items": {"type": "string", **_enum(one)}}
        case fields.OneRow():
            return {**found, "type": "integer", "minimum": 1}
        case fields.CountryChoice():
            return {**found, "type": "string", "maxLength": 2}
        case forms.ChoiceField():
            return {**found, "type": "string", **_enum(one)}
        case forms.BooleanField():
            return {**found, "type": "boolean"}
        case fields.WholeNumber():
            return {**found, "type": "integer"}
        case fields.BoundedDate():
            return {**found, "type": "string", "format": "date", "nullable": True}
        case fields.EmailLine():
            return {**found, "type": "string", "format": "email"}
        case fields.TextLine():
            return {**found, "type": "string", "maxLength": one.max_length}
    return {**found, "type": "string"}


def _enum(one: Any) -> dict[str, Any]:
    values = [str(value) for value, _label in one.choices]
    return {"enum": values} if values else {}
