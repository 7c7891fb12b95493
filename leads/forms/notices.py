"""How somebody is told, a row for each event; and a company's Slack channels and webhooks (ux.md N1, N2)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import OneOf, PortalForm, SeveralOf, TextLine, Tick
from leads.enums import InboxKind
from leads.models import TargetKind
from leads.rules.notices import WORDS, Choice, MailWhen
from leads.services.targets import TargetSettings

# What concerns one person alone.
_PERSONAL = {InboxKind.NEXT_STEP, InboxKind.MESSAGE}
HOURS = [(f"{hour:02}:00", f"{hour:02}:00") for hour in range(24)]


@dataclass(frozen=True)
class Row:
    """One event of the table; `locked` is a field where the company decides, else whether it has decided."""

    kind: InboxKind
    words: Any
    bell: forms.BoundField
    mail: forms.BoundField
    locked: Any


class ChoicesForm(PortalForm):
    """A row for each event: the bell and the mail."""

    def __init__(
        self,
        data: Any = None,
        *,
        choices: Mapping[InboxKind, Choice],
        locked: Collection[InboxKind],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.choices, self.locked = choices, locked
        super().__init__(data, initial=initial)
        for kind, choice in choices.items():
            self._add(kind, choice)

    def _add(self, kind: InboxKind, choice: Choice) -> None:
        words = WORDS[kind]
        bell = Tick(label=_("In the portal: %(event)s") % {"event": words}, initial=choice.bell)
        mail = OneOf(
            label=_("Email: %(event)s") % {"event": words},
            choices=MailWhen.choices,
            initial=choice.mail.value,
        )
        for name, field, look in (
            ("bell", bell, "form-check-input"),
            ("mail", mail, "form-select"),
        ):
            field.widget.attrs |= {"aria-label": field.label, "class": look}
            field.disabled = self.is_fixed(kind)
            self.fields[f"{name}_{kind.value}"] = field

    def is_fixed(self, kind: InboxKind) -> bool:
        """Say whether a row cannot be changed here."""
        return kind in self.locked

    @property
    def rows(self) -> list[Row]:
        """The table."""
        return [
            Row(
                kind,
                WORDS[kind],
                self[f"bell_{kind.value}"],
                self[f"mail_{kind.value}"],
                self.lock_of(kind),
            )
            for kind in self.choices
        ]

    def lock_of(self, kind: InboxKind) -> Any:
        """Return what stands in the last column."""
        return kind in self.locked

    @property
    def chosen(self) -> dict[InboxKind, Choice]:
        """What was chosen of what can be."""
        data = self.cleaned_data
        return {
            kind: Choice(data[f"bell_{kind.value}"], MailWhen(data[f"mail_{kind.value}"]))
            for kind in self.choices
            if not self.is_fixed(kind)
        }


class NoticesForm(ChoicesForm):
    """One's own table, and the hours in which no mail may come."""

    quiet_from = OneOf(
        label=_("No mail from"), choices=HOURS, empty=_("Always welcome"), required=False
    )
    quiet_until = OneOf(label=_("Until"), choices=HOURS, empty=_("Always welcome"), required=False)

    def clean(self) -> dict[str, Any]:
        """Quiet hours have two ends."""
        super().clean()
        first, last = (self.cleaned_data.get(name) for name in ("quiet_from", "quiet_until"))
        if bool(first) != bool(last) or (first and first == last):
            sentence = _("Choose two different hours, or none")
            self.add_error("quiet_until", ValidationError(sentence, code="hours"))
        return self.cleaned_data

    @property
    def quiet(self) -> tuple[time, time] | None:
        """From when until when."""
        first, last = self.cleaned_data["quiet_from"], self.cleaned_data["quiet_until"]
        return (time.fromisoformat(first), time.fromisoformat(last)) if first else None


class CompanyNoticesForm(ChoicesForm):
    """What stands for everybody who has chosen nothing else, and what nobody can choose otherwise."""

    def _add(self, kind: InboxKind, choice: Choice) -> None:
        super()._add(kind, choice)
        lock = Tick(
            label=_("Lock: %(event)s") % {"event": WORDS[kind]}, initial=kind in self.locked
        )
        lock.widget.attrs |= {"aria-label": lock.label, "class": "form-check-input"}
        self.fields[f"lock_{kind.value}"] = lock

    def is_fixed(self, kind: InboxKind) -> bool:
        """Everything can be changed here."""
        return False

    def lock_of(self, kind: InboxKind) -> forms.BoundField:
        """Return the check box."""
        return self[f"lock_{kind.value}"]

    @property
    def chosen_locks(self) -> set[InboxKind]:
        """What nobody can choose otherwise."""
        return {kind for kind in self.choices if self.cleaned_data[f"lock_{kind.value}"]}


class TargetForm(PortalForm):
    """A Slack channel or a webhook. Its address is shown to nobody again."""

    kind = OneOf(
        label=_("What it is"),
        choices=TargetKind.choices,
        widget=forms.RadioSelect,
        enter=_("Choose what it is"),
    )
    name = TextLine(
        label=_("Name"),
        max_length=80,
        enter=_("Enter a name"),
        help_text=_("Like “#leads” or “Our CRM”."),
    )
    address = TextLine(
        label=_("Address"),
        max_length=1000,
        required=False,
        enter=_("Enter the address"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Of a Slack channel: that of its incoming webhook. It is stored sealed."),
    )
    events = SeveralOf(
        label=_("Events"),
        choices=[(kind.value, WORDS[kind]) for kind in InboxKind if kind not in _PERSONAL],
        enter=_("Choose one event or more"),
    )

    def __init__(self, data: Any = None, *, is_new: bool, **options: Any) -> None:
        super().__init__(data, **options)
        if is_new:
            self.fields["address"].required = True
        else:
            del self.fields["kind"]
            self.fields["address"].help_text = _("Leave it empty to keep the present one.")

    @property
    def settings(self) -> TargetSettings:
        """What the service takes."""
        data = self.cleaned_data
        return TargetSettings(data["name"], data["address"], data["events"])
