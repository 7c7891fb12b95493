"""Which companies and people an actor may see (domain.md section 4, table of nouns)."""

from typing import Any, Self

from django.apps import apps
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.actors import Actor, Person, System
from accounts.enums import PersonState, Role
from leadportal.common.text import clean_line, fold


def _rows(model: str) -> Any:
    """Return all rows of a sibling model, which cannot be imported here: models import this module."""
    return apps.get_model("accounts", model)._default_manager.all()


def _containing(field: str, words: str) -> Q:
    """Match a folded column that contains every one of `words`, as plain characters."""
    return Q(*[(f"{field}__contains", word) for word in fold(clean_line(words)).split()])


class CompanyQuerySet(models.QuerySet[Any]):
    """Companies; every read for a person starts at `visible_to`."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the companies that `actor` may see: its own, its programme, and those shown to its desk."""
        if isinstance(actor, System):
            return self
        if not isinstance(actor, Person):
            return self.none()
        scope = Q(pk=actor.company_id)
        if actor.has(Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER):
            scope |= Q(host=actor.company_id)
        if actor.has(Role.MARKETPLACE_MANAGER):
            scope |= Q(registered_by=actor.company_id)
        if actor.desk_id and not actor.has(Role.REFERRAL):
            shown = _rows("CompanyAccess").filter(company=OuterRef("pk"), desk=actor.desk_id)
            scope |= Q(Exists(shown))
        return self.filter(scope)

    def customers(self) -> Self:
        """Return the companies without any access right."""
        return self.filter(
            is_developer=False, is_marketplace=False, is_reseller=False, is_referral=False
        )

    def programme_of(self, host_id: int) -> Self:
        """Return the reseller and referral companies of a host."""
        return self.filter(Q(is_reseller=True) | Q(is_referral=True), host=host_id)

    def managed_by(self, actor: Actor) -> Self:
        """Return the companies whose people and profile `actor` manages (rules.people.may_manage)."""
        if isinstance(actor, System):
            return self
        scope = Q(pk__in=[])
        if actor.has(Role.COMPANY_ADMIN):
            scope |= Q(pk=actor.company_id)
        if actor.has(Role.MARKETPLACE_MANAGER):
            own = actor.company_id
            scope |= Q(pk=own) | Q(host=own) | Q(registered_by=own)
        return self.filter(scope)

    def inviting(self, actor: Actor) -> Self:
        """Return the active companies that `actor` may invite people to (rules.people.may_invite)."""
        active = self.filter(is_active=True)
        managed = active.managed_by(actor)
        if isinstance(actor, Person) and actor.has(Role.RESELLER_MANAGER):
            return managed | active.programme_of(actor.company_id)
        return managed

    def matching(self, words: str) -> Self:
        """Return the companies whose name or town contains every one of `words`; case and accents do not matter."""
        return self.filter(_containing("search", words))


class MembershipQuerySet(models.QuerySet[Any]):
    """People at work; see `visible_to`."""

    def active(self) -> Self:
        """Return memberships that let somebody in: neither they nor the account are switched off."""
        return self.filter(is_active=True, user__is_active=True)

    def visible_to(self, actor: Actor) -> Self:
        """Return the memberships of the companies that `actor` may see (people, domain.md section 4)."""
        return self.filter(company__in=_rows("Company").visible_to(actor))

    def in_state(self, state: PersonState) -> Self:
        """Return the memberships in one state; the same as `Membership.state`."""
        if state == PersonState.DEACTIVATED:
            return self.exclude(is_active=True, user__is_active=True)
        without = Q(user__password="") | Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
        return self.active().filter(without if state == PersonState.INVITED else ~without)

    def matching(self, words: str) -> Self:
        """Return the memberships of people whose name or address contains every one of `words`."""
        return self.filter(_containing("user__search", words))


class InvitationQuerySet(models.QuerySet[Any]):
    """Invitations: seen by whoever may send them."""

    def open(self) -> Self:
        """Return those that were neither accepted nor revoked; some of them may have expired."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)

    def visible_to(self, actor: Actor) -> Self:
        """Return the invitations to companies that `actor` may invite people to."""
        return self.filter(company__in=_rows("Company").inviting(actor))


class TokenQuerySet(models.QuerySet[Any]):
    """API tokens."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the company's tokens for its Company Admins and marketplace managers, else the own ones."""
        if isinstance(actor, System):
            return self
        rows = self.filter(company=actor.company_id)
        if actor.has(Role.COMPANY_ADMIN, Role.MARKETPLACE_MANAGER):
            return rows
        return rows.filter(user=actor.user_id)
