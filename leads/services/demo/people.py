"""The companies and people of the demo. Hosts and staff are set up by hand, as in an installation."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db.models import F
from django.db.models.functions import Now

from accounts.actors import SYSTEM, Person, Rights
from accounts.enums import CustomerRight, Role
from accounts.models import Company, Invitation, MailState, OutgoingMail, User
from accounts.selectors.actors import actor_of
from accounts.services.companies import Access, Profile, create_company, unique_slug
from accounts.services.memberships import add_member
from accounts.services.rights import set_rights
from leadportal.common import clock
from leads.models import DisqualifyReason
from leads.services.demo.remarks import EXPLANATIONS
from leads.services.demo.scene import Host, Team, Vendor

PASSWORD = "demo-portal"  # noqa: S105  (printed by the command: everybody may know it)
DOMAIN = "demo.example"


@dataclass(frozen=True)
class DemoPerson:
    """Somebody that a visitor can sign in as."""

    account: str
    role: str
    company: str

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.account}@{DOMAIN}"


DEMO_PEOPLE = (
    DemoPerson("operator", "Marketplace manager", "Halden Cloud"),
    DemoPerson("manager", "Reseller manager", "Halden Cloud"),
    DemoPerson("sales", "Sales support", "Halden Cloud"),
    DemoPerson("vendor", "Vendor", "Quillstack"),
    DemoPerson("reseller", "Reseller, may create leads and customers", "Alderpoint IT"),
    DemoPerson("reseller2", "Reseller, conversions need approval", "Copperline Systems"),
    DemoPerson("referral", "Referral partner", "Finch & Rowe"),
    DemoPerson("customer", "User of a converted company", "Fernleigh Care Homes"),
    DemoPerson("staff", "Administration (/admin/)", ""),
)
FREE = Rights(create_leads=True, create_customers=CustomerRight.FREE)
NEVER = Rights(create_leads=True, create_customers=CustomerRight.NO)


class Office:
    """Hires people; the slow hash of the demo password is made once for all of them."""

    def __init__(self) -> None:
        self._password = make_password(PASSWORD)

    def hire(self, company: Company, name: str, *roles: Role, account: str = "") -> Person:
        """Store `name` as a person at work in `company`; only a demo account can sign in."""
        user = self._account(name, account, f"{company.slug}.example")
        user.works_at = company
        user.save()
        add_member(company, user=user, roles=roles, actor=SYSTEM)
        actor = actor_of(user)
        assert actor is not None  # noqa: S101  (hired a line above)
        return actor

    def hire_staff(self) -> None:
        """Store the account for Django admin, which belongs to no company."""
        user = self._account("Stella Ford", "staff", DOMAIN)
        user.is_staff = user.is_superuser = True
        user.save()

    def let_in(self, email: str) -> None:
        """Let somebody who was invited sign in as a demo person."""
        Invitation.objects.filter(email=email).update(accepted_at=clock.now())
        User.objects.filter(email=email).update(password=self._password)

    def _account(self, name: str, account: str, domain: str) -> User:
        first, _space, last = name.partition(" ")
        own = f"{first}.{last}".lower().replace(" ", "")
        return User(
            email=f"{account}@{DOMAIN}" if account else f"{own}@{domain}",
            first_name=first,
            last_name=last,
            joined_at=clock.now(),
            password=self._password if account else make_password(None),
        )


def hosts(office: Office) -> list[Host]:
    """Set up both hosts with their programmes."""
    halden = _host(
        office,
        Profile("Halden Cloud", city="Leeds", country="GB", website="https://halden.example"),
        {"operator": "Olivia Marsh", "channel": "Marcus Feld"},
        ["Sana Idris", "Tom Arkwright"],
        is_demo=True,
    )
    tessaly = _host(
        office,
        Profile("Tessaly Digital", city="Hamburg", country="DE", website="https://tessaly.example"),
        {"operator": "Greta Lindqvist", "channel": "Paul Reimers"},
        ["Ines Vidal"],
    )
    halden.resellers = [
        _reseller(office, halden, "Alderpoint IT", "Leeds", FREE, "Rosa Delgado", "Ned Whitlow"),
        _reseller(
            office, halden, "Copperline Systems", "Bristol", None, "Amir Haddad", "Joan Pike"
        ),
        _reseller(office, halden, "Saltmarsh Digital", "Glasgow", NEVER, "Ewan Muir", "Isla Boyd"),
    ]
    tessaly.resellers = [
        _reseller(office, tessaly, "Brackenfeld Netze", "Berlin", FREE, "Jonas Krug", "Mira Stahl")
    ]
    halden.referrals = [_referral(office, halden, "Finch & Rowe", "London", "Flora Finch")]
    tessaly.referrals = [
        _referral(office, tessaly, "Marlow Street Advice", "Berlin", "Hugo Wenzel")
    ]
    return [halden, tessaly]


def vendors(office: Office, host: Host) -> list[Vendor]:
    """Enter the three vendors; products and forms come with the catalogue."""
    return [
        _vendor(office, host, "Quillstack", "Dublin", "Viktor Hale", "Orla Nugent", is_demo=True),
        _vendor(office, host, "Ferrowing Security", "Stockholm", "Maja Sand", "Erik Holm"),
        _vendor(office, host, "Lumenbrook", "Lyon", "Luc Perrin", "Anouk Faure"),
    ]


def welcome(address: str) -> str:
    """Return where the portal is and who can sign in, as lines for a terminal."""
    rows = [(one.email, one.role, one.company) for one in DEMO_PEOPLE]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = [
        f"  {email:{widths[0]}}  {role:{widths[1]}}  {company}" for email, role, company in rows
    ]
    return "\n".join([f"\n{address}\n\nPassword of everybody: {PASSWORD}", *lines, ""])


def deliver_mail() -> None:
    """Mark the mails of the past as sent: they went out when they were written."""
    OutgoingMail.objects.filter(state=MailState.WAITING, created_at__lt=Now()).update(
        state=MailState.SENT, sent_at=F("created_at"), tries=1, text="", html=""
    )


def _host(
    office: Office,
    profile: Profile,
    managers: dict[str, str],
    sales: list[str],
    *,
    is_demo: bool = False,
) -> Host:
    company = Company.objects.create(
        name=profile.name,
        slug=unique_slug(profile.name),
        website=profile.website,
        city=profile.city,
        country=profile.country,
        industry="Cloud marketplace",
        is_marketplace=True,
        created_at=clock.now(),
    )
    accounts = ("operator", "manager", "sales") if is_demo else ("", "", "")
    return Host(
        company=company,
        operator=office.hire(
            company,
            managers["operator"],
            Role.MARKETPLACE_MANAGER,
            Role.COMPANY_ADMIN,
            account=accounts[0],
        ),
        channel=office.hire(
            company, managers["channel"], Role.RESELLER_MANAGER, account=accounts[1]
        ),
        sales=[
            office.hire(company, name, Role.SALES_SUPPORT, account="" if number else accounts[2])
            for number, name in enumerate(sales)
        ],
        reasons=DisqualifyReason.objects.bulk_create(
            DisqualifyReason(
                host=company, label=label, needs_text=label == "Other", position=position
            )
            for position, label in enumerate(EXPLANATIONS)
        ),
    )


_ACCOUNTS = {
    "Alderpoint IT": "reseller",
    "Copperline Systems": "reseller2",
    "Finch & Rowe": "referral",
}


def _reseller(
    office: Office, host: Host, name: str, city: str, rights: Rights | None, *people: str
) -> Team:
    company = create_company(
        profile=Profile(
            name,
            city=city,
            country=host.company.country,
            industry="IT services",
            about=f"{name} plans, introduces and looks after business software for companies in and around {city}.",
        ),
        access=Access(is_reseller=True),
        actor=host.operator,
    )
    if rights:
        set_rights(company, rights=rights, actor=host.channel)
    return _team(office, company, Role.RESELLER, people)


def _referral(office: Office, host: Host, name: str, city: str, person: str) -> Team:
    company = create_company(
        profile=Profile(name, city=city, country=host.company.country, industry="Consulting"),
        access=Access(is_referral=True),
        actor=host.operator,
    )
    return _team(office, company, Role.REFERRAL, (person,))


def _vendor(
    office: Office, host: Host, name: str, city: str, *people: str, is_demo: bool = False
) -> Vendor:
    company = create_company(
        profile=Profile(name, city=city, industry="Software"),
        access=Access(is_developer=True),
        actor=host.operator,
    )
    team = _team(office, company, Role.VENDOR, people, account="vendor" if is_demo else "")
    return Vendor(team.company, team.people)


def _team(
    office: Office, company: Company, role: Role, people: tuple[str, ...], account: str = ""
) -> Team:
    account = account or _ACCOUNTS.get(company.name, "")
    first, *others = people
    return Team(
        company,
        [
            office.hire(company, first, role, Role.COMPANY_ADMIN, account=account),
            *(office.hire(company, name, role) for name in others),
        ],
    )
