"""What came through webhook sources and mailboxes: the log of one, and a delivery as it reads today."""

from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT

from accounts.actors import SYSTEM, Actor
from leadportal.common.errors import NotFound
from leadportal.common.pagination import Cursor, Order
from leads.enums import Shape, SourceKind
from leads.models import Source, Submission
from leads.rules.mails.message import FROM, SUBJECT, sent_in
from leads.rules.sources.body import OtherTypeError, UnreadableError, kept, read_body
from leads.rules.sources.shapes import Entry, Sent, read_sent
from leads.selectors.sources import sources

PAGE = 25
# What the mapping editor learns the keys of a sender from.
SAMPLES = 20
ORDER = Order(("id",), is_descending=True)


@dataclass(frozen=True)
class Log:
    """A page of deliveries, newest first; `next` is the cursor of the page behind it."""

    rows: list[Submission]
    next: str


def source_of(submission: Submission) -> Source:
    """Return the source that a delivery came through, as it is today."""
    kind = SourceKind(submission.source_kind)
    return sources(SYSTEM, kind).order_by().get(pk=submission.source_id or 0)


def sent_of(submission: Submission, source: Source) -> Sent | None:
    """Return a delivery as it reads with the settings of `source`; None for what cannot be read."""
    tree = submission.payload
    if source.is_mailbox:
        return sent_in(tree) if tree else None
    if not tree:
        try:
            tree = kept(read_body(submission.content_type, bytes(submission.body)))
        except (UnreadableError, OtherTypeError):
            return None
    return read_sent(tree, shape=Shape(source.shape), headers=submission.headers)


def log(source: Source, actor: Actor, *, cursor: Cursor | None = None) -> Log:
    """Return a page of what came through `source`, behind `cursor`; it costs what the first page costs.

    The rows of a mailbox say who wrote (`writer`) and about what (`subject`), without their long texts.
    """
    rows = deliveries(source, actor).defer("payload", "body")
    if source.is_mailbox:
        rows = rows.annotate(writer=KT(f"payload__{FROM}"), subject=KT(f"payload__{SUBJECT}"))
    beyond = ORDER.beyond(rows, cursor.key) if cursor else rows
    found = list(ORDER.apply(beyond)[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Log(found[:PAGE], Cursor((last.pk,)).write(ORDER) if last else "")


def deliveries(source: Source, actor: Actor) -> "QuerySet[Submission]":
    """Return what came through `source`, as far as `actor` looks after it."""
    return Submission.objects.visible_to(actor).filter(source=source).select_related("lead")


def delivery(source: Source, actor: Actor, pk: int) -> Submission:
    """Return one of them; raises NotFound for any other."""
    row = deliveries(source, actor).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def samples(source: Source, actor: Actor) -> list[tuple[Submission, Sent]]:
    """Return the newest deliveries that can be read, with how they read: what a mapping is made from."""
    rows = ORDER.apply(deliveries(source, actor))[:SAMPLES]
    if source.is_mailbox:  # read once, when it came
        rows = rows.defer("body")
    read = [(row, sent_of(row, source)) for row in rows]
    return [(row, sent) for row, sent in read if sent is not None and sent.entries]


def keys_of(
    source: Source, sampled: list[tuple[Submission, Sent]]
) -> list[tuple[Entry, list[str]]]:
    """Return each key of the samples, and each that is mapped already, with up to three values, in their order."""
    found: dict[str, tuple[Entry, list[str]]] = {}
    for _row, sent in sampled:
        for entry in sent.entries:
            _entry, values = found.setdefault(entry.key, (entry, []))
            if entry.text and entry.text not in values and len(values) < 3:
                values.append(entry.text)
    for key in source.mapping:
        found.setdefault(key, (Entry(key, key, ""), []))
    return list(found.values())


def with_last_delivery(rows: "QuerySet[Source]") -> "QuerySet[Source]":
    """Add when each source last brought something, as `last_at`."""
    newest = Submission.objects.filter(source=OuterRef("pk")).order_by("-id")
    return rows.annotate(last_at=Subquery(newest.values("received_at")[:1]))
