"""Call Slack channels and webhooks: claim a target under a lease, call outside, mark (security.md R15 to R18).

The lease is the target's: there is never more than one call to it, and one that is dead waits alone. Calls run side
by side in threads that know no database; claiming and marking is done by one. A worker that dies between call and
mark leaves a lease that runs out: the message goes out a second time under the same id, and is never lost.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import MembershipRole
from accounts.services.jobs import Work
from accounts.services.leases import claim, is_free, wait_after
from leadportal.common import clock
from leadportal.common.outbound import OutboundError, post
from leads.models import CallState, OutgoingCall, Target, TargetKind
from leads.rules.calls import signature
from leads.rules.sources.addresses import unseal
from leads.services.inbox import tell_once
from leads.services.targets import TEST

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)  # longer than a call, its name's resolution included
MOST_AT_ONCE = 64
PAUSE = 1  # seconds between two looks for new messages while others are under way
GIVE_UP_AFTER = timedelta(days=5)
KEPT = timedelta(days=30)
GONE = 410
# The kind of the daily job.
SWEEP = "sweep_calls"


@dataclass(frozen=True)
class Claimed:
    """A message in this worker's hands, with all that the call needs."""

    target: Target
    call: OutgoingCall


@dataclass(frozen=True)
class Outcome:
    """What became of a call: nothing in `error` when it was accepted."""

    error: str = ""
    is_gone: bool = False


def send_due_calls(*, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Send everything that is due, many targets at a time, until `should_stop`; return how many were accepted."""
    accepted = 0
    under_way: dict[Future[Outcome], Claimed] = {}
    with ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="call") as pool:
        while not should_stop():
            while len(under_way) < MOST_AT_ONCE and (claimed := claim_call()):
                under_way[pool.submit(_call, claimed)] = claimed
            if not under_way:
                break
            accepted += _settle(under_way, PAUSE)
    return accepted + _settle(under_way, 0)


def _settle(under_way: dict[Future[Outcome], Claimed], seconds: float) -> int:
    """Mark the calls that have come back within `seconds`; return how many were accepted."""
    done, _rest = wait(under_way, timeout=seconds, return_when=FIRST_COMPLETED)
    return sum(mark(under_way.pop(one), one.result()) for one in done)


def claim_call() -> Claimed | None:
    """Take the next target that is due under a lease, with its first message that is due, or None."""
    due = _waiting().filter(target=OuterRef("pk"), due_at__lte=Now())
    free = Target.objects.filter(is_free(), Exists(due), is_active=True)
    target = claim(free, leased_until=Now() + LEASE)
    if target is None:
        return None
    call = _waiting().filter(target=target, due_at__lte=Now()).order_by("due_at", "id").first()
    if call is None:  # given up or sent by another worker meanwhile
        _held(target).update(leased_until=None, tries=0)
        return None
    return Claimed(target, call)


@transaction.atomic
def mark(claimed: Claimed, outcome: Outcome) -> bool:
    """Note what became of a call, unless another worker has the target by now; say whether it was accepted.

    The target then rests, longer each time; so does the message, longer still: the next one is tried first, so
    that one which a receiver never takes does not hold up the others.
    """
    target, call = claimed.target, claimed.call
    if not outcome.error:
        fine = {"tries": 0, "failing_since": None, "leased_until": None, "due_at": Now()}
        if not _held(target).update(**fine):
            return False
        done = {
            "state": CallState.SENT,
            "sent_at": Now(),
            "last_error": "",
            "tries": call.tries + 1,
        }
        return bool(_waiting().filter(pk=call.pk).update(**done))
    since = Coalesce("failing_since", Now())
    rest = {
        "failing_since": since,
        "leased_until": None,
        "due_at": Now() + wait_after(target.tries),
    }
    if not _held(target).update(**rest):
        return False
    given_up = When(created_at__lt=Now() - GIVE_UP_AFTER, then=Value(CallState.FAILED))
    _waiting().filter(pk=call.pk).update(
        state=Case(given_up, default=F("state")),
        tries=call.tries + 1,
        due_at=Now() + wait_after(call.tries + 1),
        last_error=outcome.error[:300],
    )
    _switch_off_if_dead(target, outcome)
    return False


def _call(claimed: Claimed) -> Outcome:
    """Make the call. Runs in a thread of its own: no database."""
    target, call = claimed.target, claimed.call
    body = call.body.encode()
    headers = {"Content-Type": "application/json", "User-Agent": "LeadPortal"}
    try:
        if target.kind == TargetKind.WEBHOOK:
            headers |= _signed(unseal(target.secret), call.identity, body)
        answer = post(unseal(target.address), body=body, headers=headers)
    except OutboundError as error:
        return Outcome(error=str(error))
    except Exception as error:  # noqa: BLE001  (whatever one message raises, the others must go out)
        return Outcome(error=type(error).__name__)
    if 200 <= answer.status < 300:
        return Outcome()
    return Outcome(_answered(answer.status, call), is_gone=answer.status == GONE)


def _answered(status: int, call: OutgoingCall) -> str:
    """Say what an address answered that took no message, and to who tries it what to do (ux.md 4.2)."""
    phrase = {one.value: one.phrase for one in HTTPStatus}.get(status, "")
    said = _("The address answered %(answer)s.") % {"answer": f"{status} {phrase}".strip()}
    if call.event == TEST and 400 <= status < 500:
        said += " " + _("Check the path and send the test again.")
    return said


def _signed(secret: str, identity: str, body: bytes) -> dict[str, str]:
    """Return the headers of Standard Webhooks; the moment is that of the try, as receivers look at its age."""
    now = int(time.time())
    return {
        "webhook-id": identity,
        "webhook-timestamp": str(now),
        "webhook-signature": signature(secret, identity=identity, timestamp=now, body=body),
    }


def _switch_off_if_dead(target: Target, outcome: Outcome) -> None:
    """Switch a target off that has failed for days or says that it is gone, and tell who looks after it."""
    dead = Target.objects.filter(pk=target.pk, is_active=True)
    if not outcome.is_gone:
        dead = dead.filter(failing_since__lt=Now() - GIVE_UP_AFTER)
    if not dead.update(is_active=False):
        return
    keepers = MembershipRole.objects.filter(
        membership__company=target.company_id,
        membership__is_active=True,
        membership__user__is_active=True,
        role__in={Role.COMPANY_ADMIN, Role.MARKETPLACE_MANAGER},
    )
    tell_once(
        keepers.values_list("membership__user", "membership__company"),
        text=_("%(target)s was switched off: it has not taken a message for days.")
        % {"target": target.name},
        address=reverse("leads:target", args=[target.pk]),
    )


def sweep_calls(work: Work) -> None:
    """Forget messages that are sent or given up after KEPT, and those of targets that stay switched off."""
    old = Q(created_at__lt=clock.now() - KEPT)
    OutgoingCall.objects.filter(
        old & (~Q(state=CallState.WAITING) | Q(target__is_active=False))
    ).delete()


def _waiting() -> "QuerySet[OutgoingCall]":
    return OutgoingCall.objects.filter(state=CallState.WAITING)


def _held(target: Target) -> "QuerySet[Target]":
    """Return the row of `target` as long as the lease is still this worker's."""
    return Target.objects.filter(pk=target.pk, leased_until=target.leased_until)
