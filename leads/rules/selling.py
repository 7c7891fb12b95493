"""The words of deals, quotes and orders (domain.md section 3), and what is true of them."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from accounts.enums import ADMIN_ROLES, COMPANY_ROLES, HOST_ROLES, Role
from leads.enums import Slugged
from leads.rules.permissions import exports_leads


class QuoteState(Slugged):
    """Where a quote stands, in the order of its life."""

    DRAFT = 1, _("Draft")
    SENT = 2, _("Sent")
    ACCEPTED = 3, _("Accepted")
    REJECTED = 4, _("Rejected")
    EXPIRED = 5, _("Expired")


class OrderState(Slugged):
    """Where an order stands; both steps are also the progress of its lead."""

    PLACED = 1, _("Placed")
    DELIVERED = 2, _("Delivered")
    CANCELLED = 3, _("Cancelled")


class Colour(models.TextChoices):
    """The colour of a stage: one of the portal's own, which can be told apart in both themes."""

    BLUE = "new", _("Blue")
    VIOLET = "working", _("Violet")
    ORANGE = "handed", _("Orange")
    YELLOW = "waiting", _("Yellow")
    GREEN = "won", _("Green")
    RED = "rejected", _("Red")
    GREY = "removed", _("Grey")


class Needed(models.TextChoices):
    """What a deal can be asked for before it enters a stage; the value is the field's name."""

    VALUE = "value", _("Value")
    CLOSE_ON = "close_on", _("Expected close date")
    OWNER = "owner", _("Person in charge")
    QUOTE = "quote", _("A quote")


# What a host begins with: stage, chance in percent, colour, and what it asks for.
FIRST_PIPELINE: tuple[tuple[Any, int, Colour, tuple[Needed, ...]], ...] = (
    (_("Discovery"), 20, Colour.BLUE, ()),
    (_("Demo"), 40, Colour.VIOLET, ()),
    (_("Proposal"), 60, Colour.ORANGE, (Needed.VALUE,)),
    (_("Negotiation"), 80, Colour.YELLOW, (Needed.VALUE, Needed.CLOSE_ON)),
)


def sells(actor: Person) -> bool:
    """Whoever has deals: everybody who works with leads but referral partners (domain.md section 4)."""
    return actor.has(*HOST_ROLES, Role.VENDOR, Role.RESELLER)


def buys(actor: Person) -> bool:
    """People of a customer: they answer quotes and read orders."""
    works = HOST_ROLES | COMPANY_ROLES
    return actor.has(Role.USER, *ADMIN_ROLES) and not actor.has(*works) and actor.host_id is None


def sees_papers(actor: Person) -> bool:
    """Whoever has the pages of quotes and orders: both sides of a sale."""
    return sells(actor) or buys(actor)


def exports_sales(actor: Person) -> bool:
    """Whoever has deals, with what a reseller needs for leads: right 4."""
    return sells(actor) and exports_leads(actor)


def sees_pipelines(actor: Person) -> bool:
    """Managers of a host read its pipelines."""
    return actor.has(Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER)


def sets_pipelines(actor: Person) -> bool:
    """Marketplace managers set them up, like everything that holds for the whole host."""
    return actor.has(Role.MARKETPLACE_MANAGER)


def missing_for(needs: Collection[str], given: dict[str, Any]) -> list[Needed]:
    """Return what a deal lacks of what a stage `needs`; `given` says what it has."""
    return [need for need in Needed if need in needs and given.get(need.value) in {None, "", False}]


def is_over(valid_until: date | None, today: date) -> bool:
    """Say whether a quote can no longer be accepted; its last day still counts."""
    return valid_until is not None and valid_until < today
