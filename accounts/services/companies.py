"""Companies: entered by hand, edited, and their access rights."""

import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actors import Actor, Person
from accounts.enums import Role
from accounts.models import Company, MembershipRole
from accounts.rules.people import may_manage, may_set_access
from accounts.rules.permissions import creates_companies
from accounts.rules.roles import roles_at
from leadportal.common import clock
from leadportal.common.errors import Forbidden, Invalid, NotFound


@dataclass(frozen=True)
class Profile:
    """What a company says of itself; cleaned by the form."""

    name: str
    website: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    region: str = ""
    country: str = ""
    size: str = ""
    industry: str = ""
    about: str = ""


@dataclass(frozen=True)
class Access:
    """What a company is allowed to be. Reseller and Referral exclude each other and need a host."""

    is_developer: bool = False
    is_marketplace: bool = False
    is_reseller: bool = False
    is_referral: bool = False

    @property
    def needs_host(self) -> bool:
        """Resellers and referral partners belong to the programme of a host."""
        return self.is_reseller or self.is_referral


@dataclass(frozen=True)
class Place:
    """Where a company belongs, for staff: its host, the host that looks after it, and whether it is in use."""

    host_id: int | None
    registered_by_id: int | None
    is_active: bool


@transaction.atomic
def create_company(
    *, profile: Profile, access: Access, place: Place | None = None, actor: Actor
) -> Company:
    """Enter a company by hand; a reseller or referral company joins the programme of the actor's host.

    The system, for staff, says by `place` where it belongs. Raises Forbidden for anybody but a marketplace
    manager; Invalid on `is_referral` when it is also a reseller, on `is_reseller` without a host.
    """
    if isinstance(actor, Person):
        if not creates_companies(actor):
            raise Forbidden(_("Only marketplace managers enter companies."))
        own = actor.company_id
        place = Place(own if access.needs_host else None, own, is_active=True)
    place = place or Place(None, None, is_active=True)
    _check_access(access, place.host_id)
    values = {**asdict(profile), **asdict(access), **asdict(place), "created_at": clock.now()}
    slug = slugify(profile.name)[:60]
    if slug:
        # Another company of that name may be made at the same moment: the unique column decides.
        with suppress(IntegrityError), transaction.atomic():
            return Company.objects.create(**values, slug=slug)
    return Company.objects.create(**values, slug=unique_slug(profile.name))


@transaction.atomic
def edit_company(
    company: Company,
    *,
    profile: Profile,
    access: Access | None = None,
    place: Place | None = None,
    actor: Actor,
) -> Company:
    """Change the profile, with `access` what the company is allowed to be, with `place` where it belongs.

    Raises NotFound; Forbidden when the actor does not manage the company, for `access` of the own one, for
    `place` by anybody but the system; Invalid on a field of `access` when people still work in a role that
    would go, when companies depend on it, or when a host is missing.
    """
    scoped = Company.objects.visible_to(actor).filter(pk=company.pk)
    fresh = scoped.select_for_update(of=("self",)).first()
    if fresh is None:
        raise NotFound
    if not may_manage(fresh, actor):
        raise Forbidden(_("Your role does not let you edit this company."))
    changes = asdict(profile)
    if place is not None:
        if isinstance(actor, Person):
            raise Forbidden(_("Only staff moves a company to another host."))
        if place.is_active and fresh.merged_into_id is not None:
            sentence = _("This company was merged into another one. It cannot be active again.")
            raise Invalid({"is_active": sentence})
        changes |= asdict(place)
    elif access is not None:
        changes |= asdict(_place_after(fresh, access, actor))
    if access is not None:
        changes |= _new_access(fresh, access, changes["host_id"], actor)
    for name, value in changes.items():
        setattr(fresh, name, value)
    fresh.save(update_fields=changes.keys())
    return fresh


def unique_slug(name: str) -> str:
    """Return an address part for a company called `name` that no other has: its random ending sees to that."""
    return f"{slugify(name)[:60] or 'company'}-{secrets.token_hex(4)}"


def _place_after(company: Company, access: Access, actor: Actor) -> Place:
    """Return where a company belongs with `access`: who joins a programme has a host, who leaves it has none.

    The host that it leaves goes on looking after it.
    """
    host_id = company.host_id
    if host_id is None and isinstance(actor, Person):
        host_id = actor.company_id
    registered_by_id = company.registered_by_id or company.host_id
    return Place(host_id if access.needs_host else None, registered_by_id, company.is_active)


def _new_access(
    company: Company, access: Access, host_id: int | None, actor: Actor
) -> dict[str, Any]:
    """Check a change of access rights against people and companies that depend on them; return the columns."""
    wanted = asdict(access)
    if wanted != {name: getattr(company, name) for name in wanted}:
        if not may_set_access(company, actor):
            raise Forbidden(_("Nobody sets the access rights of the own company."))
        _refuse_orphans(company, access)
    _check_access(access, host_id)
    return wanted


def _check_access(access: Access, host_id: int | None) -> None:
    if access.is_reseller and access.is_referral:
        sentence = _("A company is a reseller or a referral partner, not both. Choose one.")
        raise Invalid({"is_referral": sentence})
    if access.needs_host and host_id is None:
        raise Invalid({"is_reseller": _("A reseller or referral company needs a host.")})


_FLAGS = {
    Role.VENDOR: "is_developer",
    Role.RESELLER: "is_reseller",
    Role.REFERRAL: "is_referral",
}


def _refuse_orphans(company: Company, access: Access) -> None:
    """Refuse to take an access right away that people or other companies still stand on."""
    kept = set(roles_at(access))
    lost = [role for role in roles_at(company) if role not in kept]
    for role in lost:
        count = MembershipRole.objects.filter(membership__company=company, role=role).count()
        if count:
            sentence = ngettext(
                "%(count)s person has the role %(role)s there. Change that role first.",
                "%(count)s people have the role %(role)s there. Change their roles first.",
                count,
            )
            words = {"count": count, "role": role.label}
            raise Invalid({_FLAGS.get(role, "is_marketplace"): sentence % words})
    if company.is_marketplace and not access.is_marketplace and company.programme.exists():
        sentence = _("Resellers and referral partners belong to this host. It has to stay one.")
        raise Invalid({"is_marketplace": sentence})
