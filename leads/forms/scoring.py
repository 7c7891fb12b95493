"""Forms of scoring rules: every setting a field, so that nobody types code (ux.md 2.5)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import (
    OneOf,
    PortalForm,
    SeveralOf,
    TextLine,
    Tick,
    WholeNumber,
)
from leadportal.common.values import BadValueError, read_email
from leads.forms.lines import Lines, Named
from leads.models import Target
from leads.rules.scoring.score import numbers_in
from leads.rules.scoring.sheet import (
    DAYS_MOST,
    LIMIT_MOST,
    NUMBERS,
    POINTS_MOST,
    THRESHOLD_MOST,
    TIMES_MOST,
    VALUE_LENGTH,
    VALUES_MOST,
    WITHOUT_VALUES,
    Bounds,
    Compare,
    Group,
    Rule,
)
from leads.rules.scoring.words import choices_of

ADDRESSES_MOST = 10
TICKED_MOST = 20
_ONLY_FILLED = {"phone": (Compare.FILLED, Compare.EMPTY)}


def _points() -> WholeNumber:
    return WholeNumber(
        label=_("Points"),
        smallest=-POINTS_MOST,
        largest=POINTS_MOST,
        enter=_("Enter points, like 15 or -10"),
        help_text=_("With a minus sign they are taken away, like -10."),
    )


class RuleForm(PortalForm):
    """What both sorts of rules have in common."""

    def __init__(self, *args: Any, subject: str, label: str, **kwargs: Any) -> None:
        self.subject, self.label = subject, label
        super().__init__(*args, **kwargs)

    def clean_points(self) -> int:
        """Refuse a rule that would change nothing."""
        points: int | None = self.cleaned_data["points"]
        if not points:
            self.add_error("points", _("Enter points other than 0"))
        return points or 0


class FitForm(RuleForm):
    """A rule about what a lead says."""

    test = OneOf(label=_("It counts when it"), choices=Compare.choices)
    values = Lines(
        label=_("Values"),
        most=VALUES_MOST,
        length=VALUE_LENGTH,
        required=False,
        help_text=_(
            "One on each line; one of them is enough. Case and accents do not matter. For “at least” and “at most” "
            "enter one number: a range like 250-999 is at least 250 and at most 999."
        ),
    )
    points = _points()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = choices_of(self.subject)
        tests: Iterable[Compare] = _ONLY_FILLED.get(self.subject, tuple(Compare))
        if choices:
            tests = (Compare.IS, Compare.IS_NOT, Compare.FILLED, Compare.EMPTY)
            self.fields["values"] = _values_of(choices)
        if self.subject in _ONLY_FILLED:
            del self.fields["values"]
        self.fields["test"].choices = [(one.value, one.label) for one in tests]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for what the comparison needs."""
        data = super().clean() or {}
        test, values = data.get("test"), data.get("values") or ()
        if test is None or "values" in self.errors:
            return data
        if test in WITHOUT_VALUES:
            data["values"] = ()
        elif not values:
            self.add_error("values", _("Enter at least one value"))
        elif test in NUMBERS and (len(values) > 1 or not numbers_in(values[0])):
            self.add_error("values", _("Enter one number, like 250"))
        return data

    @property
    def rule(self) -> Rule:
        """The rule that a valid form describes."""
        data = self.cleaned_data
        return Rule(
            key="",
            group=Group.FIT,
            subject=self.subject,
            label=self.label,
            test=Compare(data["test"]),
            values=tuple(data.get("values") or ()),
            points=data["points"],
        )


def _values_of(choices: list[tuple[str, Any]]) -> SeveralOf | Named:
    """Return a field for some of `choices`: boxes, or above 20 their names on lines."""
    if len(choices) <= TICKED_MOST:
        return SeveralOf(
            label=_("Values"),
            choices=choices,
            required=False,
            help_text=_("Tick one or more; one of them is enough."),
        )
    return Named(
        label=_("Values"),
        choices=choices,
        most=VALUES_MOST,
        length=VALUE_LENGTH,
        required=False,
        help_text=_("One on each line, like Portugal; one of them is enough."),
    )


class BehaviourForm(RuleForm):
    """A rule about what a prospect did."""

    about = TextLine(
        label=_("Only this page or paper"),
        max_length=80,
        required=False,
        help_text=_(
            "As your tracked link or your web site calls it, like pricing. Leave it empty for any."
        ),
    )
    times = WholeNumber(
        label=_("At least so many times"),
        smallest=1,
        largest=TIMES_MOST,
        enter=_("Enter a number of times, like 2"),
    )
    days = WholeNumber(
        label=_("Within so many days"),
        smallest=1,
        largest=DAYS_MOST,
        required=False,
        help_text=_("Leave it empty for any time."),
    )
    points = _points()
    is_each = Tick(
        label=_("Points each time"),
        help_text=_("Not once alone, but for every time that it happened."),
    )
    most = WholeNumber(
        label=_("Most points of this rule"),
        smallest=1,
        largest=LIMIT_MOST,
        required=False,
        help_text=_("Where each time counts: where it ends."),
    )
    fades = WholeNumber(
        label=_("Half of the points go every so many days"),
        smallest=1,
        largest=365,
        required=False,
        help_text=_("Interest grows cold. Leave it empty for points that stay."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for the end of points that are given each time."""
        data = super().clean() or {}
        if data.get("is_each") and not data.get("most") and "most" not in self.errors:
            self.add_error("most", _("Enter the most points that this rule gives"))
        if not data.get("is_each"):
            data["most"] = None
        return data

    @property
    def rule(self) -> Rule:
        """The rule that a valid form describes."""
        data = self.cleaned_data
        numbers = {name: data[name] for name in ("points", "times", "days", "most", "fades")}
        return Rule(
            key="",
            group=Group.BEHAVIOUR,
            subject=self.subject,
            about=data["about"],
            is_each=data["is_each"],
            **numbers,
        )


def rule_form(
    data: Any, *, group: Group, subject: str, label: str, rule: Rule | None = None
) -> FitForm | BehaviourForm:
    """Return the form of a rule about `subject`, filled with `rule` where there is one."""
    form = FitForm if group == Group.FIT else BehaviourForm
    initial: dict[str, Any] = {"times": 1}
    if rule is not None:
        initial = {name: getattr(rule, name) for name in form.base_fields}
    return form(data, subject=subject, label=label, initial=initial)


class ThresholdForm(PortalForm):
    """What is around the rules: the threshold, who is told, and the limits of both groups."""

    threshold = WholeNumber(
        label=_("Threshold"),
        smallest=1,
        largest=THRESHOLD_MOST,
        required=False,
        help_text=_(
            "From this score on a lead is marketing qualified (MQL). Leave it empty for none."
        ),
    )
    emails = Lines(
        label=_("Email addresses that are told"),
        most=ADDRESSES_MOST,
        length=254,
        required=False,
        help_text=_("One on each line, beside the person assigned."),
    )
    targets = SeveralOf(label=_("Slack channels and webhooks that are told"), choices=[])
    fit_least = WholeNumber(
        label=_("Fit: least points"), smallest=-LIMIT_MOST, largest=LIMIT_MOST, required=False
    )
    fit_most = WholeNumber(
        label=_("Fit: most points"), smallest=-LIMIT_MOST, largest=LIMIT_MOST, required=False
    )
    behaviour_least = WholeNumber(
        label=_("Behaviour: least points"), smallest=-LIMIT_MOST, largest=LIMIT_MOST, required=False
    )
    behaviour_most = WholeNumber(
        label=_("Behaviour: most points"), smallest=-LIMIT_MOST, largest=LIMIT_MOST, required=False
    )

    def __init__(self, *args: Any, targets: list[Target], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(one.pk): one for one in targets}
        if targets:
            self.fields["targets"].required = False
            self.fields["targets"].choices = [(pk, one.name) for pk, one in self.rows.items()]  # type: ignore[attr-defined]
        else:
            del self.fields["targets"]

    def clean_emails(self) -> list[str]:
        """Read every address."""
        found = []
        for line in self.cleaned_data["emails"]:
            try:
                found.append(read_email(line))
            except BadValueError as bad:
                self.add_error("emails", bad.sentence)
                break
        return found

    @property
    def settings(self) -> dict[str, Any]:
        """What a valid form says, for `set_threshold`."""
        data = self.cleaned_data
        return {
            "threshold": data["threshold"],
            "emails": data["emails"],
            "targets": [self.rows[one] for one in data.get("targets", [])],
            "fit": Bounds(data["fit_least"], data["fit_most"]),
            "behaviour": Bounds(data["behaviour_least"], data["behaviour_most"]),
        }
