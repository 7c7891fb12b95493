"""One company with its people and leads (ux.md C2). Changing it is in the accounts app; the list: company_list.py."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from accounts.enums import Right
from accounts.models import Company
from accounts.rules.grants import right_in_words
from accounts.rules.people import may_invite, may_manage, may_merge, may_set_rights
from accounts.rules.permissions import sees_people
from accounts.selectors.companies import company, newest_right_changes, people_of, reseller_links
from accounts.selectors.duplicates import possible_duplicates
from leadportal.common.countries import NAMES
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView
from leads.enums import Status
from leads.rules.permissions import anybody, sees_companies, sees_leads
from leads.selectors.companies import PRODUCTS, company_leads, own_products
from leads.views.facts import Fact, Facts
from leads.views.trail import way_to

PEOPLE = 20

# What each access right allows, in a sentence (ux.md C2).
_ACCESS = (
    (
        "is_developer",
        _("Developer Access"),
        _("Sells products: owns lead templates and sees the leads that come for its products."),
    ),
    (
        "is_marketplace",
        _("Marketplace Access"),
        _("Runs marketplaces and a reseller programme: routes the leads that come in there."),
    ),
    (
        "is_reseller",
        _("Reseller Access"),
        _("Gets leads from its host, converts them and sells to the customers linked to it."),
    ),
    (
        "is_referral",
        _("Referral Access"),
        _("Refers leads to its host and follows what becomes of them."),
    ),
)


@dataclass(frozen=True)
class Box:
    """One access right of a company: whether it has it, and what it allows."""

    label: Any
    text: Any
    is_on: bool


class CompanyView(PortalView):
    """One company that the actor sees; its own people always see their own."""

    permission = staticmethod(anybody)

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Show profile, access, people, leads, products, resellers, permissions; 404 for a foreign company."""
        actor = request.actor
        seen = company(actor, pk)
        people = list(people_of(actor, seen)[: PEOPLE + 1])
        leads, leads_url = company_leads(actor, seen), _leads_url(seen)
        products = own_products(actor, seen) if seen.is_developer else leads.products
        context = {
            "company": seen,
            "profile": _profile(seen),
            "boxes": [Box(label, text, getattr(seen, name)) for name, label, text in _ACCESS],
            "menu": _menu(seen, actor),
            "people": people[:PEOPLE] if sees_people(actor) else [],
            "has_more_people": len(people) > PEOPLE,
            "has_list": sees_companies(actor),
            "shows_leads": sees_leads(actor) and not _is_host_only(seen),
            "leads": [(row, Status(row.lead.status)) for row in leads.newest],
            "leads_url": leads_url,
            "way": way_to(leads_url, actor) if leads.newest and leads_url else "",
            "products": products[:PRODUCTS],
            "has_more_products": len(products) > PRODUCTS,
            "resellers": list(reseller_links(actor, seen)) if seen.is_customer else [],
            "duplicates": _duplicates(seen, actor),
            "permissions": _permissions(seen, actor),
            "may_set_rights": may_set_rights(seen, actor),
        }
        return render(request, "leads/company.html", context)


@dataclass(frozen=True)
class Duplicate:
    """A company that may be the same; `is_mergeable` by this actor."""

    company: Company
    is_same_name: bool
    is_mergeable: bool


def _duplicates(seen: Company, actor: Person) -> list[Duplicate]:
    return [
        Duplicate(other, is_same_name, _is_mergeable(seen, other, actor))
        for other, is_same_name in possible_duplicates(seen, actor)
    ]


def _is_mergeable(seen: Company, other: Company, actor: Person) -> bool:
    return seen.is_customer and other.is_customer and may_merge(seen, other, actor)


def _is_host_only(company: Company) -> bool:
    return company.is_marketplace and not (company.is_reseller or company.is_developer)


def _leads_url(company: Company) -> str:
    """Return the list of the leads that a partner holds, or that are found by a customer's name."""
    query = {"q": company.name} if company.is_customer else {"recipient": company.slug}
    return f"{reverse('leads:list')}?{urlencode(query)}"


def _profile(company: Company) -> Facts:
    lines = [
        Fact(str(_("Web site")), company.website, company.website),
        Fact(str(_("Street")), company.street),
        Fact(str(_("Postcode")), company.postcode),
        Fact(str(_("Town")), company.city),
        Fact(str(_("Region")), company.region),
        Fact(str(_("Country")), str(NAMES.get(company.country, company.country))),
        Fact(str(_("Company size")), company.size),
        Fact(str(_("Industry")), company.industry),
        Fact(str(_("About")), company.about),
    ]
    return Facts([line for line in lines if line.text], [line for line in lines if not line.text])


def _menu(company: Company, actor: Person) -> list[dict[str, Any]]:
    """Return AppDirect's *Manage Company* menu: only what the actor may do."""
    items = []
    if may_manage(company, actor):
        address = reverse("accounts:company_edit", args=[company.pk])
        items.append({"label": _("Edit profile"), "url": address, "icon": "pencil"})
        address = reverse("accounts:hours", args=[company.pk])
        items.append({"label": _("Working hours"), "url": address, "icon": "clock"})
    if may_invite(company, actor):
        address = f"{reverse('accounts:invite')}?company={company.pk}"
        items.append({"label": _("Invite people"), "url": address, "icon": "user-plus"})
    if may_set_rights(company, actor):
        address = reverse("accounts:company_permissions", args=[company.pk])
        items.append(
            {"label": _("Manage reseller company permissions"), "url": address, "icon": "key"}
        )
    return items


def _permissions(company: Company, actor: Person) -> list[dict[str, Any]]:
    """Return how the four rights of a reseller company are set, for its managers and its own people."""
    if not company.is_reseller:
        return []
    if not (may_set_rights(company, actor) or company.pk == actor.company_id):
        return []
    changes = newest_right_changes(company)
    return [
        {
            "label": right.label,
            "text": right_in_words(right, company.rights),
            "change": changes.get(right.value),
        }
        for right in Right
    ]
