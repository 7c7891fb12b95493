"""Make a row of a file into a lead to be, or say what is wrong with it: every error at once. Asks no query."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.actors import Person
from leadportal.common import values
from leadportal.common.text import fold
from leadportal.common.values import BadValueError
from leads.enums import Channel
from leads.models import Import
from leads.rules.imports import ANSWER, ATTRIBUTE, FIELDS
from leads.selectors.import_targets import NO_PLACE, SALES, Known
from leads.selectors.imports import Keys
from leads.services.carried import CONTACT
from leads.services.drafts import Draft
from templates_app.enums import AttributeKind, FieldKind
from templates_app.models import Marketplace, Product, TemplateVersion
from templates_app.rules.answers import validate_answers
from templates_app.rules.attributes import validate_attributes
from templates_app.rules.fields import FieldSpec

# The longest texts, as the forms take them; the columns of the table are as wide.
LENGTHS = {
    "first_name": 80,
    "last_name": 80,
    "job_title": 80,
    "company": 120,
    "size": 20,
    "industry": 80,
    "street": 120,
    "postcode": 20,
    "city": 80,
    "region": 80,
}
SENTENCE_LENGTH = 300
_REACHED = ("first_name", "last_name", "email", "phone")


@dataclass
class Row:
    """What a row came to: a lead to be, or the sentences that say why not."""

    number: int
    draft: Draft | None = None
    faults: list[str] = field(default_factory=list)

    @cached_property
    def keys(self) -> Keys:
        """By what a lead that is there already is found."""
        assert self.draft is not None  # noqa: S101  (asked of rows without faults)
        return Keys.of(self.draft.contact)


class RowReader:
    """Reads the rows of one import for its importer."""

    def __init__(self, source: Import, known: Known, actor: Person) -> None:
        self.source, self.known, self.actor = source, known, actor
        self.width = len(source.header)
        self.columns = [(place, target) for place, target in enumerate(source.mapping) if target]
        self.labels = {f"{ATTRIBUTE}{spec.key}": spec.label for spec in known.specs}
        self.labels |= {f"{ANSWER}{key}": one.label for key, one in known.questions.items()}

    def read(self, number: int, cells: Sequence[str]) -> Row:
        """Read one row."""
        row = Row(number)
        if any(cell.strip() for cell in cells[self.width :]):
            sentence = _("The row has %(cells)s cells, but the file has %(columns)s columns.")
            row.faults.append(sentence % {"cells": len(cells), "columns": self.width})
            return row
        raw = {target: cells[place] for place, target in self.columns if place < len(cells)}
        reading = _Reading(raw, self.known, self.actor, self._label)
        draft = reading.draft(self.source)
        row.faults = [sentence[:SENTENCE_LENGTH] for sentence in reading.faults]
        if not row.faults:
            row.draft = draft
        return row

    def _label(self, target: str) -> str:
        return str(self.labels.get(target) or FIELDS.get(target, target))


class _Reading:
    """One row while it is read; errors are collected."""

    def __init__(
        self, raw: Mapping[str, str], known: Known, actor: Person, label: Callable[[str], str]
    ) -> None:
        self.raw, self.known, self.actor, self.label = raw, known, actor, label
        self.faults: list[str] = []

    def draft(self, source: Import) -> Draft:
        """Return the lead to be; what could not be read is empty and stands in `faults`."""
        contact = self._contact()
        marketplace = self._named("marketplace", self.known.marketplaces) or source.marketplace
        product = self._named("product", self.known.products) or source.product
        self._check_place(marketplace, product)
        version, answers = self._answers(marketplace, product)
        recipient = self._named("recipient", self.known.recipients)
        return Draft(
            contact=contact,
            marketplace=marketplace,
            product=product,
            version=version,
            answers=answers,
            attributes=self._attributes(),
            channel=self._take("channel", _channel) or Channel.OTHER,
            recipient=None if recipient == SALES else recipient,
            to_sales=recipient == SALES,
        )

    def _contact(self) -> dict[str, str]:
        found = {
            name: self._take(name, partial(_line, name=name, most=most)) or ""
            for name, most in LENGTHS.items()
        }
        found["country"] = self._take("country", values.read_country) or ""
        found["email"] = self._take("email", values.read_email) or ""
        found["website"] = self._take("website", values.read_web_address) or ""
        # A number without its country's code is one of the lead's country.
        region = found["country"] or None
        found["phone"] = (
            self._take("phone", lambda text: values.read_phone(text, region=region)) or ""
        )
        if not (found["first_name"] or found["last_name"]):
            found["first_name"], found["last_name"] = self._take("name", _two_names) or ("", "")
        is_asked = any(self.raw.get(name, "").strip() for name in _REACHED)
        if not is_asked and not any(found[name] for name in _REACHED):
            self.faults.append(_("Enter a name, an email address or a phone number"))
        return {name: found[name] for name in CONTACT}

    def _take(self, target: str, read: Callable[[str], Any]) -> Any:
        """Read one cell; None for an empty one, and for one that cannot be read, which is an error."""
        text = self.raw.get(target, "")
        if not text:
            return None
        try:
            return read(text)
        except BadValueError as bad:
            self._refuse(target, bad.sentence)
            return None

    def _refuse(self, target: str, sentence: str) -> None:
        label = self.label(target)
        if not sentence.startswith(label):
            sentence = _("%(column)s: %(error)s") % {"column": label, "error": sentence}
        self.faults.append(sentence)

    def _named(self, target: str, things: Mapping[str, Any]) -> Any:
        name = self.raw.get(target, "").strip()
        if not name:
            return None
        if fold(name) not in things:
            self._refuse(target, _("There is none of this name that you can choose"))
            return None
        return things[fold(name)]

    def _check_place(self, marketplace: Any, product: Any) -> None:
        """A product stands on a lead where it is listed; a vendor's lead needs both."""
        if self.known.is_vendor and marketplace is None:
            self._refuse("marketplace", _("Choose a marketplace"))
        if self.known.is_vendor and product is None:
            self._refuse("product", _("Choose a product"))
        if marketplace and product and (marketplace.pk, product.pk) not in self.known.places:
            self._refuse("product", _("It is not listed in this marketplace"))

    def _answers(
        self, marketplace: Marketplace | None, product: Product | None
    ) -> tuple[TemplateVersion | None, dict[str, Any]]:
        """Return the answers to the form of the product there, and its version if there are any."""
        raw = {
            target.removeprefix(ANSWER): text.strip()
            for target, text in self.raw.items()
            if target.startswith(ANSWER) and text.strip()
        }
        if not raw:
            return None, {}
        at = (marketplace.pk, product.pk) if marketplace and product else None
        place = self.known.places.get(at, NO_PLACE) if at else NO_PLACE
        asked = [spec for key, spec in place.questions.items() if key in raw]
        answers = validate_answers(
            asked, {spec.key: _answered(spec, raw[spec.key]) for spec in asked}
        )
        unasked = dict.fromkeys(
            raw.keys() - place.questions, _("The form of the row's product does not ask this")
        )
        for key, sentence in sorted((answers.errors | unasked).items()):
            self._refuse(f"{ANSWER}{key}", sentence)
        return place.version, answers.values

    def _attributes(self) -> dict[str, Any]:
        if not self.known.specs:
            return {}
        raw: dict[str, Any] = {
            spec.key: self.raw.get(f"{ATTRIBUTE}{spec.key}", "") for spec in self.known.specs
        }
        for spec in self.known.specs:
            if spec.kind == AttributeKind.CHECKBOXES:
                raw[spec.key] = _several(raw[spec.key])
        found = validate_attributes(self.known.specs, raw, self.actor)
        for key, sentence in found.errors.items():
            self._refuse(f"{ATTRIBUTE}{key}", sentence)
        return found.values


def _answered(spec: FieldSpec, text: str) -> object:
    """Return an answer as its question reads it, from what our own files write."""
    if spec.kind == FieldKind.CHOICES:
        return _several(text)
    if spec.kind == FieldKind.MONEY and text[-3:].isalpha():
        return {"amount": text[:-3].strip(), "currency": text[-3:].upper()}
    return text


def _several(text: str) -> list[str]:
    return [one.strip() for one in text.split(";") if one.strip()]


def _line(text: str, name: str, most: int) -> str:
    return values.read_line(text, label=FIELDS[name], max_length=most)


def _two_names(text: str) -> tuple[str, str]:
    """Cut a full name: what follows the last space is the last name."""
    whole = values.read_line(text, label=FIELDS["name"], max_length=160)
    first, _space, last = whole.rpartition(" ")
    return (
        values.read_line(first, label=FIELDS["first_name"], max_length=80),
        values.read_line(last, label=FIELDS["last_name"], max_length=80),
    )


def _channel(text: str) -> Channel | None:
    """Return a channel by its word or its label."""
    wanted = fold(text.strip())
    if not wanted:
        return None
    for one in Channel:
        if wanted in {one.slug, fold(str(one.label))}:
            return one
    raise BadValueError(_("Choose how the lead came in"))
