"""*Assign a Lead* (AppDirect; ux.md D11): to the sales desk, or to one company."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from leadportal.common.errors import Invalid
from leadportal.common.forms import OFF, OneOf, PortalForm, TextBlock, TextLine, set_autofill
from leads.enums import HolderDesk
from leads.forms.actions import ActionForm
from leads.selectors.choices import (
    SELECTABLE,
    Recipient,
    companies_named,
    companies_numbered,
    recipient_names,
    recipient_rows,
    recipients,
)

SALES, COMPANY = "sales", "company"


class RecipientForm(PortalForm):
    """A form whose field `target` may be a company, which the field called `named_in` then names.

    Up to 100 companies are a select; more are typed, with suggestions, and matched by their exact name.
    """

    named_in = "company"

    def ask_company(self, companies: "QuerySet[Company]", host_id: int) -> None:
        """Add the field for the company; call it once, before the order of the fields is settled."""
        self.companies = companies
        self.rows = recipient_rows(companies, host_id)
        self.suggestions: list[str] = []
        label, enter = _("Assign Lead To"), _("Choose a company")
        if len(self.rows) > SELECTABLE:
            self.suggestions = recipient_names(companies)
            field: Any = TextLine(label=label, max_length=220, enter=enter)
            field.widget.attrs["list"] = "recipients"
        else:
            choices = [(str(row.company.pk), _described(row)) for row in self.rows]
            field = OneOf(label=label, choices=choices, enter=enter, empty="")
        set_autofill(field, OFF)
        self.fields[self.named_in] = field

    def clean(self) -> dict[str, Any]:
        """Find the company that is meant; only for the target "company"."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("target") != COMPANY:
            self.errors.pop(self.named_in, None)
        elif data.get(self.named_in):
            data[self.named_in] = self._company(data[self.named_in])
        return data

    @property
    def chosen(self) -> Company | None:
        """The company, or None for the sales desk and for nobody."""
        is_company = self.cleaned_data.get("target") == COMPANY
        return self.cleaned_data[self.named_in] if is_company else None

    def add_refusal(self, refusal: Invalid) -> None:
        """Show what the service says of the company beside its field, whatever that is called here."""
        super().add_refusal(
            Invalid(
                {
                    self.named_in if name == "company" else name: sentence
                    for name, sentence in refusal.errors.items()
                }
            )
        )

    def _company(self, value: str) -> Company | None:
        if not self.suggestions:
            return next(row.company for row in self.rows if str(row.company.pk) == value)
        found = companies_named(self.companies, value) or companies_numbered(self.companies, value)
        if len(found) == 1:
            return found[0]
        self.add_error(self.named_in, _not_one(value, found))
        return None


class AssignFields(RecipientForm):
    """Who gets a lead, and a message for them."""

    target = OneOf(
        label=_("Assign to"),
        choices=[
            (SALES, _("Assign lead to all the sales support representatives")),
            (COMPANY, _("Assign lead to a company")),
        ],
        enter=_("Choose who gets this lead"),
        widget=forms.RadioSelect,
    )
    message = TextBlock(
        label=_("Message"),
        max_length=500,
        required=False,
        help_text=_("Shown in the history, to the managers and to whoever gets the lead."),
    )

    def ask_company(self, companies: "QuerySet[Company]", host_id: int) -> None:
        """Add the field for the company between the others."""
        super().ask_company(companies, host_id)
        self.order_fields(["target", "company", "message"])


class AssignForm(AssignFields, ActionForm):
    """Who gets one lead; its present recipient cannot be chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lead = self.sight.lead
        self.ask_company(recipients(self.sight), lead.host_id)
        if lead.holder_desk == HolderDesk.SALES:
            target: Any = self.fields["target"]
            target.choices = [choice for choice in target.choices if choice[0] == COMPANY]
            target.initial = COMPANY


def _described(row: Recipient) -> str:
    if row.is_more:
        leads = gettext("more than %(count)s open leads") % {"count": row.open_leads - 1}
    else:
        leads = ngettext("%(count)s open lead", "%(count)s open leads", row.open_leads) % {
            "count": row.open_leads
        }
    parts = [part for part in (row.company.name, row.company.city) if part]
    return f"{', '.join(parts)} ({leads})"


def _not_one(value: str, found: list[Company]) -> str:
    if not found:
        sentence = gettext(
            "No company that can get this lead is called “%(name)s”. Choose one from the list."
        )
        return sentence % {"name": value}
    sentence = gettext(
        "%(count)s companies are called “%(name)s”. Add the town, like “%(name)s, %(town)s”."
    )
    return sentence % {
        "count": len(found),
        "name": value,
        "town": found[0].city or gettext("Porto"),
    }
