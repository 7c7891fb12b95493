"""What the filters of the lead list offer: names that the actor may see, never a long list (ux.md L11)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext

from accounts.actors import Person
from accounts.models import Company, Membership, User
from leadportal.common.text import fold
from leads.enums import HolderDesk
from leads.models import DisqualifyReason, Import
from leads.rules.masking import names_prospect
from leads.rules.permissions import reads_template_reports
from templates_app.enums import FieldKind, VersionState
from templates_app.models import (
    CustomAttribute,
    LeadTemplate,
    Listing,
    Marketplace,
    Product,
    TemplateField,
)
from templates_app.rules.attributes import AttributeSpec, can_view
from templates_app.rules.fields import FieldSpec

# More than these are not a choice any more: the name is typed.
OFFERED_MOST = 100

# Behind a host's word: leads that its sales desk holds.
SALES = ".sales"
ME = "me"
# No product, no template, no reason: nothing that has a name is called so.
NOTHING = ".none"


@dataclass(frozen=True)
class Option:
    """One thing to filter by: `word` stands in the address, `label` on the page."""

    word: str
    label: str
    pk: int | None
    holder_desk: HolderDesk = HolderDesk.COMPANY


class Options:
    """The names that `actor` can filter by, read when somebody wants to know, all in one query."""

    def __init__(self, actor: Person) -> None:
        self.actor = actor

    def offered(self, kind: str) -> list[Option]:
        """Return what a select shows; where there is more, what a text box suggests."""
        return [*self._self(kind), *self._read[kind][:OFFERED_MOST]]

    def is_long(self, kind: str) -> bool:
        """Say whether there are too many for a select."""
        return len(self._read[kind]) > OFFERED_MOST

    def find(self, kind: str, text: str) -> list[Option]:
        """Return what `text` means: a word of an address, or a name, whatever its case."""
        if oneself := _called(self._self(kind), text):
            return oneself
        known = self._read[kind]
        if not self.is_long(kind):
            return _called(known, text)
        stem = text.removesuffix(SALES)
        named = Q(word=stem) | Q(label__iexact=text)
        rows = self._arms[kind].filter(named).values_list("pk", "word", "label", "is_host")
        return _called(_options(kind, rows[:OFFERED_MOST]), text) or _called(known, text)

    def named(self, kind: str, keys: Iterable[Any]) -> list[Option]:
        """Return those with the primary `keys`, as far as the actor can filter by them, and one's own choices."""
        rows = self._arms[kind].filter(pk__in=keys).values_list("pk", "word", "label", "is_host")
        return [*self._self(kind), *_options(kind, rows)]

    def _self(self, kind: str) -> list[Option]:
        """Return the choice of oneself, who is another person for every reader, or the choice of nothing."""
        match kind:
            case "in_charge":
                return [Option(ME, gettext("Me"), self.actor.user_id)]
            case "product":
                return [Option(NOTHING, gettext("No product"), None)]
            case "reason":
                return [Option(NOTHING, gettext("None of the list"), None)]
            case "template" if reads_template_reports(self.actor):
                return [Option(NOTHING, gettext("No template"), None)]
        return []

    @cached_property
    def _arms(self) -> dict[str, "QuerySet[Any]"]:
        actor = self.actor
        people = Membership.objects.visible_to(actor).active().filter(desk__isnull=False)
        name = Concat(F("first_name"), Value(" "), F("last_name"))
        return {
            "product": _arm(Product.objects.visible_to(actor), F("slug"), F("name")),
            "marketplace": _arm(Marketplace.objects.visible_to(actor), F("slug"), F("name")),
            "template": _arm(LeadTemplate.objects.visible_to(actor), _number(), F("name")),
            "recipient": _arm(_recipients(actor), F("slug"), F("name"), F("is_marketplace")),
            "imported": _arm(
                Import.objects.visible_to(actor).filter(made__gt=0), _number(), F("name")
            ),
            "reason": _reasons(actor).annotate(word=F("label"), is_host=Value(False)),
            "referrer": _arm(
                Company.objects.visible_to(actor).filter(is_referral=True), F("slug"), F("name")
            ),
            "in_charge": _arm(User.objects.filter(pk__in=people.values("user")), _number(), name),
        }

    @cached_property
    def _read(self) -> dict[str, list[Option]]:
        parts = [
            # A cut inside a part of a union is more than SQLite can do: the cut is in a condition.
            arm.filter(pk__in=arm.order_by("label", "pk").values("pk")[: OFFERED_MOST + 1])
            .order_by()
            .values_list(Value(kind), "pk", "word", "label", "is_host")
            for kind, arm in self._arms.items()
        ]
        found: dict[str, list[Any]] = {kind: [] for kind in self._arms}
        for kind, *row in parts[0].union(*parts[1:], all=True):
            found[kind].append(row)
        return {kind: _options(kind, rows) for kind, rows in found.items()}


def _arm(rows: "QuerySet[Any]", word: Any, label: Any, is_host: Any = None) -> "QuerySet[Any]":
    return rows.annotate(
        word=Cast(word, CharField()),
        label=Cast(label, CharField()),
        is_host=Value(False) if is_host is None else is_host,
    )


def _number() -> Cast:
    return Cast("pk", CharField())


def _options(kind: str, rows: Iterable[Any]) -> list[Option]:
    options = []
    for pk, word, label, is_host in rows:
        if kind == "recipient" and is_host:
            sales = gettext("%(host)s Sales") % {"host": label}
            options.append(Option(word, label, pk, HolderDesk.HOST))
            options.append(Option(word + SALES, sales, pk, HolderDesk.SALES))
        else:
            options.append(Option(word, label, pk))
    return sorted(options, key=lambda option: (fold(option.label), option.pk))


def _called(options: list[Option], text: str) -> list[Option]:
    exact = [option for option in options if option.word == text]
    return exact or [option for option in options if fold(option.label) == fold(text)]


def _recipients(actor: Person) -> "QuerySet[Company]":
    """Return the companies that can hold a lead and that the actor knows: visible ones and its hosts."""
    visible = Company.objects.visible_to(actor)
    holding = Q(is_marketplace=True) | Q(is_reseller=True) | Q(is_referral=True)
    known = Q(pk__in=visible.values("pk")) & (holding | Q(is_developer=True))
    return Company.objects.filter(known | Q(pk=actor.host_id) | Q(pk__in=_hosts(actor)))


def _reasons(actor: Person) -> "QuerySet[DisqualifyReason]":
    """Return the reasons for which the actor's leads can be disqualified; hosts may word them alike."""
    return DisqualifyReason.objects.filter(Q(host=actor.host_id) | Q(host__in=_hosts(actor)))


def _hosts(actor: Person) -> "QuerySet[Any]":
    return Listing.objects.visible_to(actor).values("marketplace__host")


# --- Custom attributes and answers --------------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """Something with a value on leads: a custom attribute, or a question of lead templates.

    `specs` are its definitions; a question may have been asked in several ways. `hosts` limits an attribute
    to the leads of the hosts that let the actor see it.
    """

    key: str
    label: str
    specs: tuple[AttributeSpec | FieldSpec, ...]
    hosts: tuple[int, ...] = field(default=())

    @property
    def options(self) -> tuple[str, ...]:
        """The answers that can be chosen, of all its definitions."""
        return tuple(dict.fromkeys(option for spec in self.specs for option in spec.options))

    @property
    def kind(self) -> str:
        """The type of its newest definition."""
        return str(self.specs[-1].kind)

    @property
    def names_prospect(self) -> bool:
        """Whether its answers could say whom a lead is about."""
        return any(isinstance(spec, FieldSpec) and names_prospect(spec) for spec in self.specs)

    @property
    def has_range(self) -> bool:
        """Whether its values have an order: then one asks for those from one to another."""
        return self.kind in {"number", "money", "date"}

    @property
    def currency(self) -> str:
        """The currency of its newest definition, for money."""
        spec = self.specs[-1]
        return spec.currency if isinstance(spec, FieldSpec) and self.kind == "money" else ""


def attribute_questions(actor: Person) -> dict[str, Question]:
    """Return the custom attributes whose values the actor may see, by key, in their order."""
    questions: dict[str, Question] = {}
    rows = CustomAttribute.objects.visible_to(actor).filter(is_active=True)
    for row in rows.order_by("position", "label", "pk"):
        spec = row.spec
        if can_view(spec, actor):
            one = questions.get(row.key, Question(row.key, row.label, ()))
            questions[row.key] = Question(
                row.key, one.label, (*one.specs, spec), (*one.hosts, row.host_id)
            )
    return questions


def answer_questions(actor: Person) -> dict[str, Question]:
    """Return what was asked on the forms that the actor's leads come from, by key, oldest form first."""
    templates = Q(pk__in=LeadTemplate.objects.visible_to(actor).values("pk")) | Q(
        pk__in=Listing.objects.visible_to(actor).values("version__template")
    )
    fields = (
        TemplateField.objects.filter(version__template__in=LeadTemplate.objects.filter(templates))
        .exclude(version__state=VersionState.DRAFT)
        .exclude(kind=FieldKind.HEADING)
    )
    questions: dict[str, Question] = {}
    for row in fields.order_by("version__number", "position", "pk"):
        one = questions.get(row.key, Question(row.key, "", ()))
        questions[row.key] = Question(row.key, row.label, (*one.specs, row.spec))
    return questions
