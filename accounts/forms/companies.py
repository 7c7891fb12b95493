"""Companies: profile, access rights, and the four rights of a reseller company."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actors import Rights
from accounts.enums import CustomerRight
from accounts.models import Company
from accounts.services.companies import Access, Profile
from leadportal.common.forms import (
    CountryChoice,
    OneOf,
    PortalForm,
    TextBlock,
    TextLine,
    Tick,
    WebAddress,
)


class CompanyForm(PortalForm):
    """What a company says of itself."""

    name = TextLine(label=_("Company name"), max_length=120, enter=_("Enter a company name"))
    website = WebAddress(required=False)
    street = TextLine(label=_("Street"), max_length=120, required=False)
    postcode = TextLine(label=_("Postcode"), max_length=20, required=False)
    city = TextLine(label=_("Town"), max_length=80, required=False)
    region = TextLine(label=_("Region"), max_length=80, required=False)
    country = CountryChoice(required=False)
    size = TextLine(
        label=_("Company size"),
        max_length=20,
        required=False,
        help_text=_("Number of employees, like 50 to 249."),
    )
    industry = TextLine(label=_("Industry"), max_length=80, required=False)
    about = TextBlock(
        label=_("About"),
        max_length=2000,
        required=False,
        help_text=_("Shown on the public profile page."),
    )

    PROFILE = (
        *("name", "website", "street", "postcode", "city"),
        *("region", "country", "size", "industry", "about"),
    )

    @classmethod
    def values_of(cls, company: Company) -> dict[str, object]:
        """Return what the form shows before somebody types."""
        return {name: getattr(company, name) for name in cls.base_fields}

    @property
    def profile(self) -> Profile:
        """What was typed."""
        return Profile(**{name: self.cleaned_data[name] for name in self.PROFILE})

    @property
    def access(self) -> Access | None:
        """The access rights, where the form has them."""
        return None

    @property
    def profile_fields(self) -> list[forms.BoundField]:
        """The fields of the profile, for the template."""
        return [self[name] for name in self.PROFILE]

    @property
    def access_fields(self) -> list[forms.BoundField]:
        """The fields of the access rights, for the template."""
        return [self[name] for name in self.fields if name not in self.PROFILE]


class CompanyAccessForm(CompanyForm):
    """Profile and access rights, for the operator of the host."""

    is_developer = Tick(
        label=_("Developer Access"),
        help_text=_("Its people sell products in marketplaces and write lead templates."),
    )
    is_marketplace = Tick(
        label=_("Marketplace Access"),
        help_text=_("A host of its own: it runs marketplaces and a reseller programme."),
    )
    is_reseller = Tick(
        label=_("Reseller Access"),
        help_text=_("Its people get leads from your marketplaces and sell to customers."),
    )
    is_referral = Tick(
        label=_("Referral Access"),
        help_text=_("Its people refer leads. A referral partner cannot be a reseller as well."),
    )

    ACCESS = ("is_developer", "is_marketplace", "is_reseller", "is_referral")

    @property
    def access(self) -> Access:
        """The access rights that were ticked."""
        return Access(**{name: self.cleaned_data[name] for name in self.ACCESS})


class RightsForm(PortalForm):
    """The four rights, each with a sentence (ux.md C4)."""

    create_leads = Tick(
        label=_("Create leads"), help_text=_("People of the company can add leads by hand.")
    )
    create_customers = OneOf(
        label=_("Create customer companies"),
        choices=CustomerRight.choices,
        widget=forms.RadioSelect,
        help_text=_("People of the company can convert a lead to a customer."),
        enter=_("Choose whether the company can create customer companies"),
    )
    disqualify_leads = Tick(
        label=_("Disqualify leads"),
        help_text=_("People of the company can close a lead as not worth pursuing."),
    )
    export_leads = Tick(
        label=_("Export leads"),
        help_text=_("People of the company can download the leads that they see as a file."),
    )

    @property
    def rights(self) -> Rights:
        """The rights as the rules read them."""
        return Rights(**self.cleaned_data)
