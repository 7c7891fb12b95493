"""What holds for personal data: who notes a withdrawal, who takes a person's data, how long data are kept."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, Person, System
from accounts.enums import Role
from leads.enums import Relation
from leads.rules.workflow import Facts

_MAY_WITHDRAW = frozenset({Relation.OPERATOR, Relation.CHANNEL, Relation.HOLDER})


def may_withdraw_consent(facts: Facts, actor: Actor) -> bool:
    """Say whether `actor` may note that the prospect withdrew its consent: who works on the lead, in every status."""
    return isinstance(actor, System) or bool(facts.relations & _MAY_WITHDRAW)


def exports_persons(actor: Person) -> bool:
    """Marketplace managers answer a person who asks what is stored about it at their host (security.md F16)."""
    return actor.has(Role.MARKETPLACE_MANAGER)


def kept_since(now: datetime, days: int) -> datetime:
    """Return the moment up to which closed leads have been kept for long enough."""
    return now - timedelta(days=days)


class ErasureReason(models.TextChoices):
    """Why the personal data of a lead were removed (ux.md X6)."""

    REQUEST = "request", _("The person asked for it")
    RETENTION = "retention", _("Kept for long enough")
    MISTAKE = "mistake", _("Should never have been stored")
