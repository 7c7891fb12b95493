"""Assignment rules without code: names, conditions, whom they give leads to, territories, absences."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import (
    OneOf,
    PortalForm,
    SeveralOf,
    TextBlock,
    TextLine,
    Tick,
    WholeNumber,
)
from leadportal.common.text import fold
from leads.rules.routing.book import MOST_CAP, MOST_WEIGHT, Condition, Gives, Member, Op
from leads.rules.routing.matching import NUMBERS, postcode_key, span_of
from leads.selectors.routing_pages import SELECTABLE, Option
from leads.selectors.routing_words import Choices, ops_of

MOST_VALUES, VALUE_LENGTH, POSTCODE_LENGTH = 300, 120, 12
_NOTHING = frozenset({Op.EMPTY, Op.FILLED})


class RuleNameForm(PortalForm):
    """What a rule is called, and whether it is on."""

    name = TextLine(
        label=_("Name"),
        max_length=80,
        enter=_("Enter a name"),
        help_text=_(
            "Shown in the history of every lead that meets the rule, like “DACH mid-market”."
        ),
    )
    is_on = Tick(label=_("The rule is on"))


class NewRuleForm(PortalForm):
    """What a new rule is called."""

    name = TextLine(
        label=_("Name"),
        max_length=80,
        enter=_("Enter a name"),
        help_text=_("Like “DACH mid-market”. Conditions and recipients come next."),
    )


class ConditionForm(PortalForm):
    """One condition on a field that is chosen already: how it compares, and with what."""

    def __init__(
        self,
        *args: Any,
        word: str,
        label: str,
        choices: Choices,
        stored: Condition | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.word, self.known = word, choices
        ops = [(op.value, op.label) for op in ops_of(word)]
        self.fields["op"] = OneOf(
            label=label,
            choices=ops,
            widget=forms.RadioSelect,
            initial=stored.op.value if stored else ops[0][0],
            enter=_("Choose how to compare"),
        )
        values = list(stored.values) if stored else []
        if word == "postcode":
            for name, title, place in (("low", _("From"), 0), ("high", _("To"), 1)):
                self.fields[name] = TextLine(
                    label=title,
                    max_length=POSTCODE_LENGTH,
                    required=False,
                    initial=values[place] if len(values) > place else "",
                )
            self.fields["low"].help_text = _("The beginning is enough: 4000 to 4999 has 4150-171.")
        elif word in NUMBERS:
            self.fields["value"] = WholeNumber(
                label=_("Number"), smallest=-1_000_000, largest=100_000_000, initial="".join(values)
            )
        elif choices and len(choices) <= SELECTABLE:
            self.fields["values"] = SeveralOf(
                label=_("Any of these"),
                choices=choices,
                initial=values,
                enter=_("Choose at least one"),
            )
        else:
            known = dict(choices)
            self.fields["lines"] = TextBlock(
                label=_("Any of these"),
                max_length=10_000,
                required=not _NOTHING & set(ops_of(word)),
                enter=_("Enter at least one value"),
                initial="\n".join(known.get(one, one) for one in values),
                help_text=_("One on each line."),
            )

    def clean(self) -> dict[str, Any]:
        """Read what is compared with; a comparison that needs nothing drops it."""
        data: dict[str, Any] = super().clean() or {}
        op = data.get("op")
        self.found: tuple[str, ...] = ()
        if not op or Op(op) in _NOTHING:
            return data
        if self.word == "postcode":
            self._read_postcodes(Op(op), data)
        elif "value" in self.fields:
            self.found = (str(data.get("value")),)
        elif "values" in self.fields:
            self.found = tuple(data.get("values") or ())
        elif "lines" in data:
            self._read_lines(Op(op), data["lines"])
        return data

    def condition(self, key: str) -> Condition:
        """Return what a valid form says."""
        return Condition(key, self.word, Op(self.cleaned_data["op"]), self.found)

    def _read_postcodes(self, op: Op, data: dict[str, Any]) -> None:
        low, high = data.get("low") or "", data.get("high") or ""
        if not postcode_key(low):
            self.add_error("low", _now("Enter a postcode, or how it begins"))
        elif op == Op.BETWEEN and postcode_key(high) < postcode_key(low):
            self.add_error("high", _now("Enter a postcode that is not before the first one"))
        self.found = (low, high) if op == Op.BETWEEN else (low,)

    def _read_lines(self, op: Op, text: str) -> None:
        lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
        if not lines:
            self.add_error("lines", _now("Enter at least one value"))
        elif len(lines) > MOST_VALUES or any(len(line) > VALUE_LENGTH for line in lines):
            sentence = _now("Enter at most %(n)s lines of %(length)s characters each")
            self.add_error("lines", sentence % {"n": MOST_VALUES, "length": VALUE_LENGTH})
        elif op in {Op.AT_LEAST, Op.AT_MOST}:
            if len(lines) > 1 or span_of(lines[0]) is None:
                self.add_error("lines", _now("Enter one number"))
        elif self.known:
            lines = self._named(lines)
        self.found = tuple(lines)

    def _named(self, lines: list[str]) -> list[str]:
        """Find what is meant by names of choices, or by their codes."""
        by_name = {fold(label): value for value, label in self.known}
        by_name |= {fold(value): value for value, _label in self.known}
        unknown = [line for line in lines if fold(line) not in by_name]
        if unknown:
            sentence = _now("Nothing here is called “%(name)s”. Check how it is spelled.")
            self.add_error("lines", sentence % {"name": unknown[0]})
            return []
        return [by_name[fold(line)] for line in lines]


def who_field(label: Any, options: Sequence[Option], *, required: bool, initial: str = "") -> Any:
    """Return a field for somebody whom a rule can name: a select, or above 100 a line with suggestions."""
    enter = _("Choose who gets the leads")
    if len(options) <= SELECTABLE:
        choices = [(one.member.key, one.label) for one in options]
        return OneOf(
            label=label,
            choices=choices,
            empty=_("Choose…"),
            enter=enter,
            required=required,
            initial=initial,
        )
    shown = next((one.label for one in options if one.member.key == initial), "")
    field = TextLine(label=label, max_length=220, enter=enter, required=required, initial=shown)
    field.widget.attrs["list"] = "who"
    return field


class WhoForm(PortalForm):
    """A form whose fields name members of rules."""

    def member(self, name: str, options: Sequence[Option]) -> Member | None:
        """Return whom a field names; adds an error when nobody is called so."""
        said = self.cleaned_data.get(name) or ""
        for one in options:
            if said in {one.member.key, one.label}:
                return one.member
        if said:
            sentence = _now("Nobody who can get leads is called “%(name)s”.")
            self.add_error(name, sentence % {"name": said})
        return None


class TargetForm(WhoForm):
    """Whom a rule gives its leads to."""

    gives = OneOf(
        label=_("Give the leads to"),
        choices=Gives.choices,
        widget=forms.RadioSelect,
        enter=_("Choose who gets the leads"),
    )

    def __init__(
        self, *args: Any, companies: Sequence[Option], people: Sequence[Option], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.options = {"company": companies, "person": people}
        for name, label in (("company", _("Company")), ("person", _("Person"))):
            first = str(self.initial.get(name, ""))
            self.fields[name] = who_field(label, self.options[name], required=True, initial=first)

    @property
    def every_option(self) -> Sequence[Option]:
        """The longer list: where its members are typed, they are suggested."""
        return max(self.options.values(), key=len)

    def clean(self) -> dict[str, Any]:
        """Ask for the company or the person that is meant."""
        data: dict[str, Any] = super().clean() or {}
        self.chosen: tuple[Member, ...] = ()
        name = data.get("gives")
        for other in self.options.keys() - {name}:
            self.errors.pop(other, None)
        if name in self.options and name not in self.errors:
            found = self.member(name, self.options[name])
            self.chosen = (found,) if found else ()
        return data


class MemberForm(WhoForm):
    """Somebody in a round robin: who, with which weight, and how many leads a day at most."""

    weight = WholeNumber(
        label=_("Weight"),
        smallest=1,
        largest=MOST_WEIGHT,
        help_text=_("Who has 3 gets three times as many leads as who has 1."),
    )
    cap = WholeNumber(
        label=_("Most leads a day"),
        smallest=1,
        largest=MOST_CAP,
        required=False,
        help_text=_("Empty: no limit. A day begins at 00:00 UTC."),
    )

    def __init__(self, *args: Any, options: Sequence[Option] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = options
        if options is not None:
            self.fields["who"] = who_field(_("Company or person"), options, required=True)
            self.order_fields(["who", "weight", "cap"])

    def clean(self) -> dict[str, Any]:
        """Find who is meant."""
        data: dict[str, Any] = super().clean() or {}
        if self.options is not None and "who" in data:
            data["member"] = self.member("who", self.options)
        return data
