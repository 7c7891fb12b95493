"""How the actor is told at its present company, and what that company says about it (ux.md N1)."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from accounts.actors import Person
from accounts.models import Membership
from leadportal.common.errors import NotFound
from leads.enums import InboxKind
from leads.models import OutgoingCall, Target
from leads.rules.notices import Choice, choice_of, is_locked, kinds_for, quiet_hours

LOG = 50


def own_choices(actor: Person) -> dict[InboxKind, Choice]:
    """Return how the actor is told of each kind."""
    own, company = _preferences(actor)
    return {kind: choice_of(kind, own=own, company=company) for kind in kinds_for(actor)}


def own_quiet_hours(actor: Person) -> tuple[time, time] | None:
    """Return from when until when the actor wants no mail."""
    return quiet_hours(_preferences(actor)[0])


def company_choices(actor: Person) -> dict[InboxKind, Choice]:
    """Return how people of the actor's company are told who have chosen nothing else."""
    company = _preferences(actor)[1]
    return {kind: choice_of(kind, own={}, company=company) for kind in kinds_for(actor)}


def locked_kinds(actor: Person) -> set[InboxKind]:
    """Return what the actor's company decides alone."""
    company = _preferences(actor)[1]
    return {kind for kind in kinds_for(actor) if is_locked(kind, company)}


def targets(actor: Person, *, only_failing: bool = False) -> list[Target]:
    """Return the Slack channels and webhooks of the actor's company, by name; or those that fail at the moment."""
    rows = Target.objects.visible_to(actor).order_by("name", "pk")
    if only_failing:
        rows = rows.filter(is_active=True, failing_since__isnull=False)
    return list(rows)


def target(actor: Person, pk: int) -> Target:
    """Return one of them. Raises NotFound for any other."""
    row: Target | None = Target.objects.visible_to(actor).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def log(row: Target) -> list[OutgoingCall]:
    """Return the newest messages to a target."""
    return list(row.calls.select_related("lead").order_by("-pk")[:LOG])


def call(row: Target, pk: int) -> OutgoingCall:
    """Return one message to a target. Raises NotFound for any other."""
    found = row.calls.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _preferences(actor: Person) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the actor's own preferences and the company's."""
    membership = Membership.objects.select_related("company").get(
        user=actor.user_id, company=actor.company_id
    )
    return membership.preferences, membership.company.preferences
