"""Calls that may come twice are done once: the answer is kept with what was done (security.md R14)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import ApiToken
from leadportal.common import clock
from leadportal.common.errors import Invalid
from leads.models import ApiAnswer, Lead

KEPT = timedelta(hours=24)
SWEPT = 100
HEADER = "Idempotency-Key"


@dataclass(frozen=True)
class Given:
    """An answer. `lead` is whose data may stand in it."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    lead: Lead | None = None
    is_repeated: bool = False


@transaction.atomic
def answer_once(token: ApiToken, *, key: str, digest: str, make: Callable[[], Given]) -> Given:
    """Return the answer to the call `key` of a token: made now, or the one that was made within 24 hours.

    What `make` refuses by an exception is not kept: the call may be corrected and come again. `digest`
    stands for what is asked; raises Invalid where the key was used for something else.
    """
    old = clock.now() - KEPT
    ApiAnswer.objects.filter(token=token, key=key, made_at__lte=old).delete()
    row, is_new = ApiAnswer.objects.get_or_create(token=token, key=key, defaults={"digest": digest})
    if not is_new:
        if row.digest != digest:
            sentence = _("This key was used for another call. Send a new key with each call.")
            raise Invalid({HEADER: sentence})
        return Given(row.status, row.body, row.headers, is_repeated=True)
    given = make()
    row.status, row.body, row.headers = given.status, given.body, dict(given.headers)
    row.lead = given.lead
    row.save(update_fields=["status", "body", "headers", "lead"])
    _forget(old)
    return given


def _forget(old: Any) -> None:
    """Drop some answers that nobody may ask for any more; those that somebody else drops now are left to it."""
    rows = ApiAnswer.objects.filter(made_at__lte=old).select_for_update(skip_locked=True)
    if keys := list(rows.values_list("pk", flat=True)[:SWEPT]):
        ApiAnswer.objects.filter(pk__in=keys).delete()
