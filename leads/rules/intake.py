"""What holds for what comes in: how it is stored, when a form's answers are checked, who is counted as whom."""

import hashlib
import ipaddress
import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext

from leadportal.common.text import clean_line, clean_text
from templates_app.enums import FieldKind, MapsTo
from templates_app.rules.fields import FieldSpec

# ux.md F5: a form with more questions is grouped under headings and checked before it is sent.
ONE_PAGE = 8
# ux.md 4.2, thank-you page: Friday 21 November promises an answer by Tuesday 25 November.
ANSWER_WITHIN_DAYS = 2
SATURDAY = 5
# One household or office has a /64 of IPv6 to itself (security.md R27).
IPV6_NETWORK = 64

# A sender without a name for what it sends: the same content within this time is a repeat (domain.md section 7).
SAME_CONTENT_WITHIN = timedelta(minutes=10)
# What is kept of a request beside its body: nothing that tells who the visitor was, no secret.
KEPT_HEADERS = (
    "idempotency-key",
    "webhook-id",
    "x-webflow-timestamp",
    "x-wpforms-webhook-id",
    "x-gf-webhook-id",
)
HEADER_LENGTH = 200
DEEPEST = 8
# The largest whole number that every reader of JSON understands alike (security.md R19).
LARGEST = 2**53

# What marketing puts into addresses; kept as it came, whatever the form asks (ux.md F9).
CAMPAIGN_NAMES = (
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "utm_id",
)
CAMPAIGN_LENGTH = 120
# Beside the answers of a submission, whose names have no dot.
_CAME_BY, _TEST = "form.campaign", "form.test"

_NOT_ASKED = frozenset({FieldKind.HEADING, FieldKind.HIDDEN})
_PERSON = frozenset(
    {MapsTo.FIRST_NAME, MapsTo.LAST_NAME, MapsTo.EMAIL, MapsTo.PHONE, MapsTo.JOB_TITLE}
)


def is_long(specs: Sequence[FieldSpec]) -> bool:
    """Say whether a form asks more than fits on one page without headings and a check."""
    return sum(spec.kind not in _NOT_ASKED for spec in specs) > ONE_PAGE


def with_headings(specs: Sequence[FieldSpec]) -> tuple[FieldSpec, ...]:
    """Group a long form whose vendor wrote no headings; the order of the questions stays the vendor's.

    A heading stands before the first question of its kind: about the visitor, the company, the request.
    """
    if not is_long(specs) or any(spec.kind == FieldKind.HEADING for spec in specs):
        return tuple(specs)
    grouped: list[FieldSpec] = []
    begun: set[str] = set()
    for spec in specs:
        group = _group(spec)
        if group and group not in begun:
            begun.add(group)
            grouped.append(
                FieldSpec(key=f"group-{len(begun)}", label=group, kind=FieldKind.HEADING)
            )
        grouped.append(spec)
    return tuple(grouped)


def _group(spec: FieldSpec) -> str:
    if spec.kind in _NOT_ASKED:
        return ""
    if spec.maps_to in _PERSON:
        return gettext("About you")
    if spec.maps_to:
        return gettext("About your company")
    return gettext("About your request")


def answer_by(received: date) -> date:
    """Return the day by which a visitor hears from somebody: two working days later (Monday to Friday)."""
    day = received
    for _working_day in range(ANSWER_WITHIN_DAYS):
        day += timedelta(days=1)
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
    return day


def client_network(remote: str, forwarded: str, *, proxies: int) -> str:
    """Return what stands for the sender when posts are counted: its address, of IPv6 the /64.

    Every proxy adds the address it was called from at the end of X-Forwarded-For, so with `proxies` of our
    own the sender is that many entries from the end; whatever stands before was written by the sender.
    A header that our proxies cannot have written is ignored.
    """
    entries = [entry.strip() for entry in forwarded.split(",")] if forwarded else []
    if 0 < proxies <= len(entries):
        return _network(entries[-proxies]) or _network(remote)
    return _network(remote)


def _network(address: str) -> str:
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((known, IPV6_NETWORK), strict=False))


def sender_key(given: str, longest: int) -> str:
    """Return what a sender calls a submission as it is stored; a name longer than the column by its digest."""
    line = clean_line(given)
    return line if len(line) <= longest else hashlib.sha256(line.encode()).hexdigest()


def content_key(body: bytes, payload: Mapping[str, Any]) -> str:
    """Return the key of a submission that its sender gave no name: a digest of what was sent."""
    content = body or repr(sorted(payload.items())).encode()
    return f"content {hashlib.sha256(content).hexdigest()}"


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return those headers of a request that are stored, by their lower-case name."""
    given = {name.lower(): value for name, value in headers.items()}
    return {name: clean_line(given[name])[:HEADER_LENGTH] for name in KEPT_HEADERS if name in given}


def clean_payload(value: Any, depth: int = 0) -> Any:
    """Return parsed data as both databases can keep them (security.md R19): clean texts and plain numbers.

    What JSON cannot hold, or lies too deep, becomes a text; the body keeps what was sent.
    """
    if isinstance(value, str):
        return clean_text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and math.isfinite(value) and abs(value) <= LARGEST:
        return value
    if depth < DEEPEST and isinstance(value, Mapping):
        return {clean_line(str(key)): clean_payload(one, depth + 1) for key, one in value.items()}
    if depth < DEEPEST and isinstance(value, list | tuple):
        return [clean_payload(one, depth + 1) for one in value]
    return clean_text(str(value))


def campaign_in(values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return where a visitor came from: the utm_ parameters among `values`, clean and cut."""
    found = {
        name: clean_line(str(values.get(prefix + name, ""))[: 4 * CAMPAIGN_LENGTH])[
            :CAMPAIGN_LENGTH
        ]
        for name in CAMPAIGN_NAMES
    }
    return {name: value for name, value in found.items() if value}


def came_with(campaign: Mapping[str, str], *, is_test: bool) -> dict[str, Any]:
    """Return what is stored beside the answers of a submission; nothing for a visit that says nothing more."""
    campaign_part = {_CAME_BY: dict(campaign)} if campaign else {}
    return {**campaign_part, **({_TEST: True} if is_test else {})}


def campaign_of(payload: Mapping[str, Any]) -> dict[str, str]:
    """Return where the visitor came from whose submission holds `payload`."""
    found = payload.get(_CAME_BY)
    # A web site's form may send anything under this name.
    return campaign_in(found) if isinstance(found, Mapping) else {}


def is_test(payload: Mapping[str, Any]) -> bool:
    """Say whether a submission was sent to try the form out."""
    return payload.get(_TEST) is True
