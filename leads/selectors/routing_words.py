"""Assignment rules in words: which fields there are, what can be chosen in each, and how a rule reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.actors import Person
from leadportal.common.countries import COUNTRIES
from leads.enums import Channel, SourceKind
from leads.rules.routing.book import Book, Condition, Gives, Op, Rule
from leads.rules.routing.matching import ANSWER, ATTRIBUTE, CHOSEN, NUMBERS, TEXTS
from leads.selectors.routing_reasons import MemberNames, names_of
from templates_app.enums import FieldKind, VersionState
from templates_app.models import CustomAttribute, LeadTemplate, Marketplace, Product, TemplateField

Choices = list[tuple[str, str]]
LABELS: Mapping[str, Any] = {
    "territory": lazy("Territory"),
    "country": lazy("Country"),
    "postcode": lazy("Postcode"),
    "region": lazy("Region"),
    "city": lazy("Town"),
    "product": lazy("Product"),
    "marketplace": lazy("Marketplace"),
    "template": lazy("Form"),
    "source": lazy("Source"),
    "channel": lazy("Channel"),
    "size": lazy("Company size"),
    "score": lazy("Score"),
    "company": lazy("Company"),
    "industry": lazy("Industry"),
    "job_title": lazy("Job title"),
    "website": lazy("Web site"),
    "email": lazy("Email"),
}
_TEXT_OPS = (Op.ONE_OF, Op.NONE_OF, Op.CONTAINS, Op.BEGINS, Op.EMPTY, Op.FILLED)
_NUMBER_OPS = (Op.AT_LEAST, Op.AT_MOST)
_UNASKED = (FieldKind.HEADING, FieldKind.CONSENT)


@dataclass(frozen=True)
class Catalogue:
    """What the rules of the actor's host can ask for; `book` has the territories."""

    actor: Person
    book: Book = field(default_factory=Book)

    @cached_property
    def labels(self) -> dict[str, str]:
        """Every field by its word: those of leads, custom attributes, and what forms ask."""
        found = {name: str(label) for name, label in LABELS.items()}
        attributes = CustomAttribute.objects.filter(host=self.actor.company_id, owner__isnull=True)
        for key, label in attributes.filter(is_active=True).values_list("key", "label"):
            found[f"{ATTRIBUTE}{key}"] = label
        asked = TemplateField.objects.filter(
            version__state=VersionState.PUBLISHED,
            version__listings__marketplace__host=self.actor.company_id,
            maps_to="",
        ).exclude(kind__in=_UNASKED)
        for key, label in asked.order_by("key").values_list("key", "label").distinct():
            found.setdefault(f"{ANSWER}{key}", label)
        return found

    @property
    def groups(self) -> list[tuple[str, Choices]]:
        """The fields for a select, in three groups."""
        parts: dict[str, Choices] = {_("Lead"): [], _("Custom attributes"): [], _("Answers"): []}
        lead, attributes, answers = parts.values()
        for word, label in self.labels.items():
            if word.startswith(ATTRIBUTE):
                attributes.append((word, label))
            elif word.startswith(ANSWER):
                answers.append((word, label))
            else:
                lead.append((word, label))
        return [(name, choices) for name, choices in parts.items() if choices]

    def choices(self, word: str) -> Choices:
        """Return what can be chosen in a field; nothing for texts and numbers."""
        if word not in self._known:
            self._known[word] = self._choices(word)
        return self._known[word]

    @cached_property
    def _known(self) -> dict[str, Choices]:
        return {}

    def _choices(self, word: str) -> Choices:
        host = self.actor.company_id
        match word:
            case "territory":
                return [(one.key, one.name) for one in self.book.territories]
            case "country":
                return [(code, str(name)) for code, name in COUNTRIES]
            case "source":
                return [(slug, str(label)) for slug, label in SourceKind.slug_choices()]
            case "channel":
                return [(slug, str(label)) for slug, label in Channel.slug_choices()]
            case "marketplace":
                rows: Any = Marketplace.objects.filter(host=host)
            case "product":
                rows = Product.objects.filter(listings__marketplace__host=host).distinct()
            case "template":
                rows = LeadTemplate.objects.filter(
                    versions__listings__marketplace__host=host
                ).distinct()
            case _:
                return []
        return [(str(pk), name) for pk, name in rows.order_by("name").values_list("pk", "name")]

    def values_in_words(self, condition: Condition) -> str:
        """Return what a condition compares with: "Portugal or Spain"."""
        known = dict(self.choices(condition.field))
        words = [
            known.get(one, _("something that is gone") if known else one)
            for one in condition.values
        ]
        if condition.op == Op.BETWEEN:
            return _("%(low)s and %(high)s") % {"low": words[0], "high": words[1]}
        if len(words) > 1:
            return _("%(first)s or %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
        return "".join(words)

    def words_of(self, condition: Condition) -> "Words":
        """Return a condition as its parts of a sentence."""
        label = self.labels.get(condition.field, _("A field that is gone"))
        return Words(condition, label, str(condition.op.label), self.values_in_words(condition))


@dataclass(frozen=True)
class Words:
    """A condition in words: "Country" "is" "Portugal or Spain"."""

    condition: Condition
    label: str
    op: str
    values: str


@dataclass(frozen=True)
class RuleWords:
    """A rule in words."""

    rule: Rule
    conditions: list[Words]
    target: str


def ops_of(word: str) -> tuple[Op, ...]:
    """Return how a field can be compared."""
    if word in CHOSEN:
        return (Op.ONE_OF, Op.NONE_OF)
    if word in NUMBERS:
        return _NUMBER_OPS
    if word == "postcode":
        return (Op.BETWEEN, Op.BEGINS, Op.EMPTY, Op.FILLED)
    return _TEXT_OPS if word in TEXTS else (*_TEXT_OPS, *_NUMBER_OPS)


def rules_in_words(rules: Iterable[Rule], catalogue: Catalogue) -> list[RuleWords]:
    """Return rules in words, at the price of two queries for all names beside those of the catalogue."""
    found = list(rules)
    names = names_of(member for rule in found for member in rule.members)
    return [
        RuleWords(
            rule, [catalogue.words_of(one) for one in rule.conditions], target_of(rule, names)
        )
        for rule in found
    ]


def target_of(rule: Rule, names: MemberNames) -> str:
    """Return whom a rule gives its leads to."""
    called = [names.of(one) for one in rule.members]
    if rule.gives == Gives.ROUND_ROBIN:
        if not called:
            return _("several in turn: nobody yet")
        weights = [one.weight for one in rule.members]
        shares = [f"{name} ({weight})" for name, weight in zip(called, weights, strict=True)]
        return _("%(names)s in turn") % {"names": ", ".join(shares)}
    if rule.gives in {Gives.COMPANY, Gives.PERSON} and called:
        return called[0]
    return str(rule.gives.label)
