"""Slack channels and webhooks of a company are made, changed, tested and switched off."""

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.models import Company
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound
from leadportal.common.outbound import OutboundError, target_of
from leads.models import CallState, OutgoingCall, Target, TargetKind
from leads.rules.calls import new_secret
from leads.rules.permissions import sets_company_notices
from leads.rules.sources.addresses import seal
from templates_app.services.rows import named_once

TARGETS_MOST = 20
TEST = "test"


@dataclass(frozen=True)
class TargetSettings:
    """What a form says of a target. An empty `address` keeps the one that is stored."""

    name: str
    address: str
    events: Sequence[str]


@transaction.atomic
def create_target(
    kind: TargetKind, settings: TargetSettings, *, actor: Person
) -> tuple[Target, str]:
    """Store a target of the actor's company; return it with the secret it signs with, which is shown once.

    A Slack channel has none: its address is the secret. Raises Forbidden, Conflict for one too many, Invalid on
    `name` or `address`.
    """
    if not sets_company_notices(actor):
        raise Forbidden
    # The company's row is the lock: two forms at once cannot pass the limit together.
    Company.objects.select_for_update().get(pk=actor.company_id)
    if Target.objects.filter(company=actor.company_id).count() >= TARGETS_MOST:
        raise Conflict(_("There are already as many of them as a company can have."))
    secret = new_secret() if kind == TargetKind.WEBHOOK else ""
    row = Target(
        kind=kind, company_id=actor.company_id, secret=seal(secret), created_by_id=actor.user_id
    )
    _set(row, settings)
    with _one_name():
        row.save()
    return row, secret


@transaction.atomic
def edit_target(target: Target, settings: TargetSettings, *, actor: Person) -> Target:
    """Change name, address and events. Raises NotFound, Invalid on `name` or `address`."""
    row = _held(target, actor)
    _set(row, settings)
    with _one_name():
        row.save(update_fields=["name", "address", "host", "events"])
    return row


@transaction.atomic
def replace_secret(target: Target, *, actor: Person) -> tuple[Target, str]:
    """Give a webhook a new secret and return it, once; the old one signs nothing any more. Raises NotFound."""
    row, secret = _held(target, actor), new_secret()
    if row.kind != TargetKind.WEBHOOK:
        raise NotFound
    row.secret = seal(secret)
    row.save(update_fields=["secret"])
    return row, secret


@transaction.atomic
def switch_target(target: Target, *, is_active: bool, actor: Person) -> Target:
    """Switch a target off, or on with a clean slate. Raises NotFound, Conflict when it is so already."""
    row = _held(target, actor)
    if row.is_active == is_active:
        raise Conflict(
            _("This is switched on already.") if is_active else _("This is switched off already.")
        )
    row.is_active = is_active
    if is_active:
        row.tries, row.failing_since, row.due_at = 0, None, clock.now()
    row.save(update_fields=["is_active", "tries", "failing_since", "due_at"])
    return row


@transaction.atomic
def remove_target(target: Target, *, actor: Person) -> None:
    """Remove a target and what waits for it. Raises NotFound."""
    _held(target, actor).delete()


@transaction.atomic
def send_test(target: Target, *, actor: Person) -> OutgoingCall:
    """Store a message that says it is a test; the log shows what became of it. Raises NotFound, Conflict."""
    row = _held(target, actor)
    if not row.is_active:
        raise Conflict(_("This is switched off: switch it on to send a test."))
    sentence = _("A test from Lead Portal, sent by %(name)s.") % {"name": actor.name}
    body: dict[str, Any] = {"text": sentence}
    if row.kind == TargetKind.WEBHOOK:
        body = {"type": TEST, "timestamp": clock.now().isoformat(), "data": body}
    Target.objects.filter(pk=row.pk).update(due_at=Now())
    return OutgoingCall.objects.create(target=row, event=TEST, body=json.dumps(body))


@transaction.atomic
def send_call_again(call: OutgoingCall, *, actor: Person) -> OutgoingCall:
    """Let a message go out once more, now, under its own id. Raises NotFound, Conflict for one that waits."""
    row = _held(call.target, actor)
    if not row.is_active:
        raise Conflict(_("This is switched off: switch it on to send its messages again."))
    ended = OutgoingCall.objects.filter(pk=call.pk, target=row).exclude(state=CallState.WAITING)
    again = {"state": CallState.WAITING, "due_at": Now(), "tries": 0, "sent_at": None}
    # Given up is what is old: a message that somebody sends again begins anew.
    if not ended.update(created_at=Now(), **again):
        raise Conflict(_("This message is on its way already."))
    Target.objects.filter(pk=row.pk).update(due_at=Now())
    return call


def _held(target: Target, actor: Person) -> Target:
    """Return the row under lock, through the scope: who sees a target manages it."""
    row = Target.objects.visible_to(actor).select_for_update().filter(pk=target.pk).first()
    if row is None:
        raise NotFound
    return row


def _set(row: Target, settings: TargetSettings) -> None:
    row.name, row.events = settings.name, list(settings.events)
    if settings.address:
        try:
            row.host = target_of(settings.address).host
        except OutboundError:
            raise Invalid({"address": _("Enter an address that begins with https://")}) from None
        row.address = seal(settings.address)
    elif not row.address:
        raise Invalid({"address": _("Enter the address")})


def _one_name() -> AbstractContextManager[None]:
    return named_once("name", _("There is one with this name. Enter another name"))
