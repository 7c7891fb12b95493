"""Every action × status × role × relation × right on the real pages, against the hand-written file.

The detail page offers exactly the actions with code 200; the page of any other action answers the code,
and posting to it changes nothing.
"""

import re
from itertools import groupby

import pytest

from accounts.actors import Person
from accounts.enums import CustomerRight, DeskKind, Role
from accounts.models import Company, CustomerLink, Desk
from accounts.services.desks import desk_for, show_company
from leadportal.common import clock
from leads.enums import (
    HolderDesk,
    Outcome,
    Qualification,
    Relation,
    SourceKind,
    Status,
)
from leads.models import (
    Conversion,
    ConversionRequest,
    Event,
    Lead,
    LeadAccess,
    LeadProduct,
    Note,
    Quote,
)
from leads.rules.workflow import Action
from leads.services.access import refresh_access
from leads.services.sellers import owners_of
from tests.factories import fresh, make_lead, make_person
from tests.leads.actions import rows

PEOPLE = [
    (key, list(group))
    for key, group in groupby(sorted(rows(), key=lambda r: r.who), key=lambda r: r.who)
]
COMPANY_OF = {
    Role.MARKETPLACE_MANAGER: "northgate",
    Role.RESELLER_MANAGER: "northgate",
    Role.SALES_SUPPORT: "northgate",
    Role.VENDOR: "vertex",
    Role.RESELLER: "alpha",
    Role.REFERRAL: "ripple",
    Role.USER: "customer",
}
# A refusal is the same as a page, and quicker drawn.
AS_DIALOG = {"HX-Request": "true"}
# The conditions of the file fit on two leads: one under all of these, one under all the others.
PLAIN = {"-", "qualification_pending", "not_sql", "no_request"}
MAKER_KIND = {
    Role.MARKETPLACE_MANAGER: DeskKind.OPERATOR,
    Role.RESELLER_MANAGER: DeskKind.CHANNEL,
    Role.SALES_SUPPORT: DeskKind.SALES,
}


class Scene:
    """One person of the file and leads that stand to it as the file says."""

    def __init__(self, cast, role: Role, relation: str, right: str) -> None:
        self.cast = cast
        self.role = role
        self.relations = frozenset(Relation(one) for one in relation.split("+") if one != "none")
        self.company: Company = getattr(cast, COMPANY_OF[role])
        if right != "-":
            create, disqualify = right.split("/")
            self.company.can_create_customers = CustomerRight(create.removeprefix("create_"))
            self.company.can_disqualify_leads = disqualify == "disqualify_on"
            self.company.save()
        for kind in (Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER, Role.SALES_SUPPORT):
            desk_for(cast.northgate, [kind])
        self.actor: Person = fresh(make_person(self.company, role))

    def lead(self, status: Status, *, is_plain: bool) -> Lead:
        """Force a lead into `status`, in the scene's relation, under the plain conditions or the others."""
        if not self.relations:
            return make_lead(self.cast.southgate, status, **self._state(status, is_plain))
        if Relation.PAST in self.relations:
            return self._lost_lead(status, is_plain)
        lead = make_lead(
            self.cast.northgate,
            status,
            **self._holder(),
            **self._maker(),
            **self._state(status, is_plain),
        )
        return self._furnish(lead, is_plain)

    def _holder(self) -> dict:
        if Relation.HOLDER in self.relations:
            desk = HolderDesk.SALES if self.role == Role.SALES_SUPPORT else HolderDesk.COMPANY
            return {"holder": self.company, "holder_desk": desk}
        if self.role in {Role.RESELLER, Role.REFERRAL}:
            return {"holder": self.cast.beta, "holder_desk": HolderDesk.COMPANY}
        return {}

    def _maker(self) -> dict:
        if Relation.MAKER not in self.relations:
            return {}
        kinds = MAKER_KIND.get(self.role, DeskKind.COMPANY)
        return {"maker": self.company, "maker_kinds": int(kinds)}

    def _state(self, status: Status, is_plain: bool) -> dict:
        is_foreign_product = self.role == Role.VENDOR and Relation.VENDOR not in self.relations
        return {
            "product": None if is_foreign_product else self.cast.product,
            "listing": None if is_foreign_product else self.cast.listing,
            "marketplace": self.cast.marketplace,
            "source_kind": SourceKind.PRODUCT_PROFILE,
            "qualification": Qualification.PENDING if is_plain else Qualification.QUALIFIED,
            "sql_at": None if is_plain else clock.now(),
            "outcome": Outcome.OPEN if status == Status.CONVERTED else Outcome.NONE,
            "status_before_delete": Status.SUBMITTED if status == Status.DELETED else None,
        }

    def _lost_lead(self, status: Status, is_plain: bool) -> Lead:
        """Give the lead to the actor's desk first, then to somebody else."""
        mine = {"holder": self.company, "holder_desk": HolderDesk.COMPANY}
        elsewhere = {"holder": self.cast.beta, "holder_desk": HolderDesk.COMPANY}
        if self.role == Role.RESELLER_MANAGER:
            mine = {}
            elsewhere = {"holder": self.cast.northgate, "holder_desk": HolderDesk.SALES}
        elif self.role == Role.SALES_SUPPORT:
            mine["holder_desk"] = HolderDesk.SALES
        lead = make_lead(self.cast.northgate, status, **mine, **self._state(status, is_plain))
        for field, value in elsewhere.items():
            setattr(lead, field, value)
        lead.save()
        refresh_access(lead)
        return self._furnish(lead, is_plain)

    def _furnish(self, lead: Lead, is_plain: bool) -> Lead:
        """Add what the file's fixture says beside the lead's own columns."""
        LeadProduct.objects.create(lead=lead, product=self.cast.product)
        if not is_plain:
            company = self.company if self.role == Role.RESELLER else self.cast.alpha
            ConversionRequest.objects.create(
                lead=lead,
                company=company,
                values={"company_name": "Northwind", "email": "ana@northwind.example"},
            )
        if lead.status == Status.CONVERTED:
            self._convert(lead)
        return lead

    def _convert(self, lead: Lead) -> None:
        holder = lead.holder if lead.holder_desk == HolderDesk.COMPANY else None
        Conversion.objects.create(
            lead=lead, company=self.cast.customer, user_id=self.cast.cleo.user_id, reseller=holder
        )
        Quote.objects.create(
            reference=f"Q-{lead.pk + 1_000_000}",
            subject="Backup",
            host=lead.host,
            lead=lead,
            customer=self.cast.customer,
            **owners_of(lead),
        )
        if holder and holder.is_reseller:
            CustomerLink.objects.get_or_create(customer=self.cast.customer, reseller=holder)
        show_company(
            self.cast.customer, Desk.objects.filter(company__in=[self.cast.northgate, self.company])
        )


def state_of(lead: Lead) -> tuple:
    """Return everything that an action could change, for comparing."""
    return (
        Lead.objects.filter(pk=lead.pk).values().get(),
        list(LeadAccess.objects.filter(lead=lead).order_by("desk_id").values()),
        Event.objects.filter(lead=lead).count(),
        Note.objects.filter(lead=lead).count(),
        list(ConversionRequest.objects.filter(lead=lead).values_list("state", flat=True)),
        LeadProduct.objects.filter(lead=lead).count(),
        Company.objects.count(),
    )


def offered_actions(html: str) -> set[Action]:
    """Return the actions that a page offers: every control that carries one is marked with it."""
    return {Action(name) for name in re.findall(r'data-action="([a-z-]+)"', html)}


@pytest.mark.parametrize(
    ("who", "lines"), PEOPLE, ids=["-".join(map(str, who)) for who, _ in PEOPLE]
)
def test_page_and_posts_answer_as_written(who, lines, cast, sign_in):
    scene = Scene(cast, *who)
    client = sign_in(scene.actor)
    for is_plain in (True, False):
        group = [line for line in lines if (line.condition in PLAIN) == is_plain]
        for status in Status:
            lead = scene.lead(status, is_plain=is_plain)
            codes = {line.action: line.codes[status] for line in group}
            check_page(client, lead, codes)
            check_doors(client, lead, codes)


def check_page(client, lead: Lead, codes: dict[Action, int]) -> None:
    """Compare what the detail page offers of the actions whose condition the lead fulfils."""
    answer = client.get(f"/leads/{lead.reference}/")
    if set(codes.values()) == {404}:
        assert answer.status_code == 404
        return
    offered = offered_actions(answer.content.decode()) & codes.keys()
    assert offered == {action for action, code in codes.items() if code == 200}, Status(
        lead.status
    ).label


def check_doors(client, lead: Lead, codes: dict[Action, int]) -> None:
    """Open the page of each action that is allowed, and post to each that is not."""
    before = state_of(lead)
    for action, code in codes.items():
        url = f"/leads/{lead.reference}/{action}/"
        where = (action, Status(lead.status).label)
        if code != 200:
            assert client.post(url, headers=AS_DIALOG).status_code == code, where
        elif action == Action.MANAGE:
            assert client.get(url).status_code == 302, where
        else:
            assert client.get(url).status_code == 200, where
    assert state_of(lead) == before
