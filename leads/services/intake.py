"""What comes in from outside: stored as it came, acknowledged, then made into a lead; and how often one may send.

Every way in calls `receive`. A way in of a new kind says in `LeadsConfig.ready` how its leads are made:

    handle_submissions(SourceKind.WEBHOOK, lead_of_delivery)    # Submission -> Lead, or raises NotALead
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import Company
from accounts.services.leases import claim, is_free
from leadportal.common import clock
from leadportal.common.errors import Refused
from leadportal.common.text import clean_line
from leads.enums import AttentionReason, SourceKind, SubmissionState
from leads.exceptions import NotALead, SentBefore
from leads.models import Lead, Source, Submission
from leads.models.intake import CONTENT_TYPE_LENGTH, KEY_LENGTH, SENTENCE_LENGTH
from leads.rules.intake import (
    SAME_CONTENT_WITHIN,
    clean_payload,
    content_key,
    kept_headers,
    sender_key,
)
from leads.selectors.attention import carers_of
from leads.selectors.intake import AskedForm
from leads.services.inbox import tell_once
from leads.services.limits import count_within
from templates_app.models import Listing, TemplateVersion

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=1)  # longer than any request lives
TRIES = 4
_WHOSE = ("host", "company", "listing", "reseller", "version", "source")

WINDOW = timedelta(hours=1)


Handler = Callable[[Submission], Lead]
_handlers: dict[int, Handler] = {}


def handle_submissions(kind: SourceKind, handler: Handler) -> None:
    """Let `handler` make the leads of a kind of way in; see `process`. Called by `LeadsConfig.ready`."""
    _handlers[kind] = handler


@dataclass(frozen=True, slots=True)
class Door:
    """The one form or source that something comes through, and who looks after what comes through it.

    `name` is the door's own among all ("listing/12", "source/3"); `company` is the vendor, the reseller or
    the owner of the source. The rest is what the handler needs to make the lead.
    """

    kind: SourceKind
    name: str
    host: Company
    company: Company | None = None
    listing: Listing | None = None
    reseller: Company | None = None
    version: TemplateVersion | None = None
    source: Source | None = None


def receive(
    door: Door,
    *,
    payload: Mapping[str, Any],
    key: str = "",
    body: bytes = b"",
    content_type: str = "",
    headers: Mapping[str, str] | None = None,
) -> Submission:
    """Store what came through `door`, then make a lead of it if that is possible now; return the submission.

    Once this returns, nothing is lost whatever happens: the caller may acknowledge. Its state says what
    became of it: MADE (`lead`), ATTENTION (`reason`, `sentence`), or RECEIVED when the worker has to go on.
    Must not be called inside a transaction.

    `key` is what the sender calls it. The same key at the same door, also at the same moment, returns the
    submission that there is; raises SentBefore when it was something else. Without a key the same content
    within ten minutes is a repeat. `payload` is what was read from the body, empty when it could not be.
    """
    clean = clean_payload(payload)
    submission, is_new = _store(
        door,
        sender_key(key, KEY_LENGTH) or content_key(body, clean),
        is_keyed=bool(key),
        payload=clean,
        body=body,
        content_type=clean_line(content_type)[:CONTENT_TYPE_LENGTH],
        headers=kept_headers(headers or {}),
    )
    if not is_new and submission.payload != clean:
        raise SentBefore
    return process(submission)


def _store(door: Door, key: str, *, is_keyed: bool, **sent: Any) -> tuple[Submission, bool]:
    """Commit the raw row, or find the one that has the key. Its first lease is this request's."""
    kept = {field: getattr(door, field) for field in _WHOSE}
    with transaction.atomic(durable=True):
        if not is_keyed:
            _free_old_content(door.name, key)
        return Submission.objects.get_or_create(
            door=door.name,
            key=key,
            defaults={
                **kept,
                **sent,
                "source_kind": door.kind,
                "tries": 1,
                "due_at": Now(),
                "leased_until": Now() + LEASE,
            },
        )


def _free_old_content(door: str, key: str) -> None:
    """Let the same content be something new after ten minutes: what came before gives up the key."""
    old = Submission.objects.filter(
        door=door, key=key, received_at__lte=clock.now() - SAME_CONTENT_WITHIN
    )
    for pk in old.values_list("pk", flat=True):
        Submission.objects.filter(pk=pk, key=key).update(key=f"{key} {pk}")


def process(submission: Submission) -> Submission:
    """Make the lead of a submission that is RECEIVED, and return it as it is then; others are returned as they are.

    The handler of its kind runs under the lock of its row, in one transaction with what becomes of it, so
    that a submission is never two leads. It returns the lead or refuses: NotALead says the kind of reason.
    Never raises for what the handler does: when the database is away, the worker tries again.
    """
    try:
        return _make(submission)
    except Refused as refusal:
        reason = refusal.reason if isinstance(refusal, NotALead) else AttentionReason.REFUSED
        return _leave(submission, reason, refusal.sentence)
    except (OperationalError, InterfaceError) as error:
        logger.warning("Submission %s waits for the worker: %s", submission.pk, error)
        return submission
    except Exception:
        logger.exception("Submission %s could not be made into a lead", submission.pk)
        return _leave(submission, AttentionReason.ERROR, _("Something went wrong on our side."))


@transaction.atomic
def _make(submission: Submission) -> Submission:
    # Two who process the same one: the second waits here, and finds it done.
    held = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if held.state != SubmissionState.RECEIVED:
        return held
    held.lead = _handlers[held.source_kind](held)
    held.state, held.leased_until = SubmissionState.MADE, None
    held.reason, held.sentence = "", ""
    held.save(update_fields=["lead", "state", "leased_until", "reason", "sentence"])
    return held


def _leave(submission: Submission, reason: AttentionReason, sentence: str) -> Submission:
    """Let a submission wait for a person, with the reason; unless it was made into a lead meanwhile."""
    waiting = {
        "state": SubmissionState.ATTENTION,
        "reason": reason,
        "sentence": sentence[:SENTENCE_LENGTH],
        "leased_until": None,
    }
    received = Submission.objects.filter(pk=submission.pk, state=SubmissionState.RECEIVED)
    try:
        with transaction.atomic():
            # Who tries again what fails for the same reason knows of it.
            if received.update(**waiting) and submission.reason != reason:
                _tell(submission, reason)
        return Submission.objects.select_related("lead").get(pk=submission.pk)
    except DatabaseError:
        logger.exception("Submission %s waits for the worker", submission.pk)
        return submission


def _tell(submission: Submission, reason: AttentionReason) -> None:
    """Tell those who look after a submission that something of this kind waits."""
    way = SourceKind(submission.source_kind)
    query = urlencode({"reason": reason, "way": way.slug})
    text = _("Needs attention: %(reason)s (%(way)s).") % {
        "reason": reason.label,
        "way": way.label,
    }
    address = f"{reverse('leads:attention')}?{query}"
    tell_once(carers_of(submission), text=text, address=address)


def process_due(*, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Go on with what was acknowledged and never finished, until `should_stop`; return how many were looked at.

    Its request was killed, or the database was away. One that ends every worker waits for a person.
    """
    count = 0
    free = Submission.objects.filter(is_free(), state=SubmissionState.RECEIVED)
    while not should_stop() and (held := claim(free, leased_until=Now() + LEASE)) is not None:
        count += 1
        if held.tries > TRIES:
            sentence = _("It was tried %(n)s times and never finished.") % {"n": TRIES}
            _leave(held, AttentionReason.ERROR, sentence)
        else:
            process(held)
    return count


def count_post(form: AskedForm, network: str) -> int:
    """Count a post of `form` from `network`; return 0, or the seconds to wait when it is one too many.

    The limit is FORM_POSTS_PER_HOUR, for each form and sender, within an hour from the first post.
    """
    key = salted_hmac("leads.intake", f"{form.path} {network}", algorithm="sha256").hexdigest()
    return count_within(key, most=settings.FORM_POSTS_PER_HOUR, window=WINDOW).wait
