"""*Convert to Customer* and *Associate Company* (domain.md section 3; ux.md D12)."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, User
from leadportal.common import values
from leadportal.common.forms import EmailLine, OneOf, TextLine
from leadportal.common.values import BadValueError
from leads.forms.actions import ActionForm
from leads.selectors.customers import account_of
from leads.services.conversion import Wish, customer_companies

_EMAIL = _("Enter an email address in the format name@example.com")


class ConvertForm(ActionForm):
    """What the new customer needs. An email that has an account offers only that person's companies.

    A lead with an associated company asks for nothing: that company is used.
    """

    company_name = TextLine(label=_("Company"), max_length=120, enter=_("Enter a company name"))
    first_name = TextLine(label=_("First name"), max_length=80, required=False)
    last_name = TextLine(label=_("Last name"), max_length=80, required=False)
    email = EmailLine(enter=_EMAIL)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lead = self.sight.lead
        self.customers: list[Company] = []
        self.account: User | None = None
        if lead.associated_company:
            self.fields.clear()
            return
        for name in ("first_name", "last_name", "email"):
            self.initial.setdefault(name, getattr(lead, name))
        self.initial.setdefault("company_name", lead.company)
        self.account = account_of(_email_of(self["email"].value()))
        if self.account is not None:
            self._offer_companies(self.account)

    def _offer_companies(self, account: User) -> None:
        self.customers = [] if account.is_staff else customer_companies(account)
        if not self.customers:
            return
        self.fields["company_id"] = OneOf(
            label=_("Link to existing"),
            choices=[(str(one.pk), _placed(one)) for one in self.customers],
            enter=_("Choose the company to link this lead to"),
            widget=forms.RadioSelect,
            initial=str(self.customers[0].pk) if len(self.customers) == 1 else None,
        )
        for name in ("company_name", "first_name", "last_name"):
            self.fields[name].widget = forms.HiddenInput()
            self.fields[name].required = False
        self.order_fields(["email", "company_id"])

    @property
    def wish(self) -> Wish:
        """What is asked of the service."""
        data = self.cleaned_data
        chosen = data.get("company_id")
        return Wish(
            company_name=data.get("company_name", ""),
            email=data.get("email", ""),
            first_name=data.get("first_name", ""),
            last_name=data.get("last_name", ""),
            company_id=int(chosen) if chosen else None,
        )


class AssociateForm(ActionForm):
    """Type the complete email of a member, then choose among that person's customer companies.

    There is no other way to discover companies that one may not see.
    """

    email = EmailLine(
        label=_("Email of a person in that company"),
        enter=_EMAIL,
        help_text=_("Type the complete address, for example ana@northwind.example."),
    )
    after = TextLine(label=_("Then"), max_length=10, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = account_of(_email_of(self["email"].value()))
        is_hidden = self.person is None or self.person.is_staff
        self.customers = [] if self.person is None or is_hidden else customer_companies(self.person)
        if self.customers:
            self.fields["company"] = OneOf(
                label=_("Company"),
                choices=[(str(one.pk), _placed(one)) for one in self.customers],
                enter=_("Choose a company"),
                widget=forms.RadioSelect,
            )
            self.order_fields(["email", "company"])
        else:
            self.button = gettext("Find person")

    @property
    def is_complete(self) -> bool:  # type: ignore[override]
        """Whether a company was chosen; before that the page only shows who was found."""
        return bool(self.cleaned_data.get("company"))

    def clean(self) -> dict[str, Any]:
        """The same sentence for unknown people, staff, and people without a customer company."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("email") and not self.customers:
            self.add_error(
                "email",
                gettext("Nobody with this email belongs to a customer company. Check the address."),
            )
        if not self.data.get("found"):
            # The first step only looks the person up: nobody could have chosen yet.
            self.errors.pop("company", None)
        return data

    @property
    def chosen(self) -> Company:
        """The company that was chosen."""
        return next(one for one in self.customers if str(one.pk) == self.cleaned_data["company"])

    @property
    def goes_on(self) -> bool:
        """Whether the person came from the Convert dialog and goes on there."""
        return self.cleaned_data.get("after") == "convert"


def _email_of(raw: object) -> str:
    """Return what was typed as an address, or nothing: the field itself says what is wrong with it."""
    try:
        return values.read_email(raw)
    except BadValueError:
        return ""


def _placed(company: Company) -> str:
    return ", ".join(part for part in (company.name, company.city) if part)
