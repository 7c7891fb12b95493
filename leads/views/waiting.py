"""The lines of the home page by role: what waits, since when, and the list that shows exactly these (ux.md 1.3).

A line counts the rows of the very address that it leads to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actors import Person
from accounts.enums import Role
from leads.filters.asked import Asked
from leads.filters.columns import NEAR
from leads.selectors.home import (
    Waiting,
    answered_requests,
    failing_ways,
    faulty_imports,
    leads_offered_in_vain,
    quiet_forms,
    waiting_leads,
    waiting_requests,
    waiting_submissions,
)

LINES = 5
SHARES = 5
Words = Callable[[int], str]


@dataclass(frozen=True)
class Line:
    """One line: the words beside the number, the number and its age, and where it leads; `shares` are its parts."""

    words: str
    waiting: Waiting
    address: str
    shares: tuple["Share", ...] = ()


@dataclass(frozen=True)
class Share:
    """What of a line is with one recipient, and the list of exactly these."""

    recipient: str
    count: int
    address: str


@dataclass(frozen=True)
class Leads:
    """A line about leads: words, and what the list is asked for.

    `moment` is what the age counts from, `order` the column that they are counted in the order of.
    """

    words: Words
    query: Callable[[Person], list[tuple[str, str]]]
    moment: str = "created_at"
    order: str = "created_at"
    is_shared: bool = False

    def read(self, actor: Person) -> Line | None:
        """Return the line for `actor`, None when nothing waits."""
        query = self.query(actor)
        asked = Asked(QueryDict(urlencode(query)), actor)
        found = waiting_leads(asked.filters.qs, self.moment, self.order)
        if found is None:
            return None
        shares = _shares(asked, query, found) if self.is_shared else ()
        return Line(self.words(found.count), found, _list(query), shares)


@dataclass(frozen=True)
class Others:
    """A line about what has a page of its own: conversion requests, what needs attention."""

    words: Words
    found: Callable[[Person], Waiting | None]
    page: str = "leads:approvals"
    query: str = ""

    def read(self, actor: Person) -> Line | None:
        """Return the line for `actor`, None when nothing waits."""
        found = self.found(actor)
        if found is None:
            return None
        return Line(self.words(found.count), found, reverse(self.page) + self.query)


def waiting_lines(actor: Person) -> list[Line]:
    """Return at most five lines of what waits for `actor`, by role; empty ones are left out."""
    lines: dict[str, Line] = {}
    for role, sources in _BY_ROLE.items():
        for source in sources if actor.has(role) else ():
            if len(lines) < LINES and (line := source.read(actor)):
                lines.setdefault(line.address, line)
    return list(lines.values())


def _list(query: list[tuple[str, str]]) -> str:
    return f"{reverse('leads:list')}?{urlencode(query)}"


def _shares(asked: Asked, query: list[tuple[str, str]], found: Waiting) -> tuple[Share, ...]:
    """Return with whom the leads of a line are, most first; nothing where not all were counted."""
    if found.is_more or len(found.at) < 2:
        return ()
    names = asked.options.named("recipient", {pk for pk, _desk in found.at})
    shares = [
        Share(one.label, found.at[pk, desk], _list([*query, ("recipient", one.word)]))
        for one in names
        if (pk := one.pk) and (desk := one.holder_desk.value) and (pk, desk) in found.at
    ]
    return tuple(sorted(shares, key=lambda one: (-one.count, one.recipient))[:SHARES])


def _status(*words: str) -> Callable[[Person], list[tuple[str, str]]]:
    return lambda _actor: [("status", word) for word in words]


def _view(word: str) -> Callable[[Person], list[tuple[str, str]]]:
    return lambda _actor: [("view", word)]


def _given_to_us(actor: Person) -> list[tuple[str, str]]:
    return [("status", "assigned"), ("recipient", actor.company_name)]


def _given_to_sales(actor: Person) -> list[tuple[str, str]]:
    desk = _("%(host)s Sales") % {"host": actor.company_name}
    return [("status", "assigned"), ("recipient", desk)]


def _unopened(actor: Person) -> list[tuple[str, str]]:
    return [("waiting", "unopened"), *_given_to_us(actor)]


def _unnoted(_actor: Person) -> list[tuple[str, str]]:
    return [("waiting", "unnoted")]


def _near_threshold(_actor: Person) -> list[tuple[str, str]]:
    return [("stage", NEAR)]


def _unjudged(_actor: Person) -> list[tuple[str, str]]:
    return [("status", "submitted"), ("status", "assigned"), ("qualification", "pending")]


_UNASSIGNED = Leads(
    lambda n: ngettext("lead waits to be assigned", "leads wait to be assigned", n),
    _status("submitted"),
)
_UNANSWERED = Leads(
    lambda n: ngettext(
        "lead has waited for more than 48 hours", "leads have waited for more than 48 hours", n
    ),
    _view("waiting"),
    "status_changed_at",
    is_shared=True,
)
_TO_APPROVE = Others(
    lambda n: ngettext(
        "conversion waits for your approval", "conversions wait for your approval", n
    ),
    waiting_requests,
)
_ANSWERED = Others(
    lambda n: ngettext(
        "conversion request was answered this week",
        "conversion requests were answered this week",
        n,
    ),
    answered_requests,
    query="?answered=lately",
)
_ATTENTION = Others(
    lambda n: ngettext("submission needs attention", "submissions need attention", n),
    waiting_submissions,
    "leads:attention",
)
_UNCLAIMED = Others(
    lambda n: ngettext(
        "lead was offered in vain, and nobody is left to ask",
        "leads were offered in vain, and nobody is left to ask",
        n,
    ),
    leads_offered_in_vain,
    "leads:offers",
    "#unclaimed",
)
_FAILING = Others(
    lambda n: ngettext(
        "Slack channel or webhook is failing", "Slack channels and webhooks are failing", n
    ),
    failing_ways,
    "leads:company_notices",
    "?only=failing",
)
_FAULTY = Others(
    lambda n: ngettext("import has errors", "imports have errors", n),
    faulty_imports,
    "leads:imports",
    "?only=errors",
)
_QUIET = Others(
    lambda n: ngettext(
        "template has brought no lead for 30 days", "templates have brought no lead for 30 days", n
    ),
    quiet_forms,
    "templates:list",
    "?quiet=yes",
)
_UNJUDGED = Leads(
    lambda n: ngettext("lead waits to be qualified", "leads wait to be qualified", n), _unjudged
)
_UNSUBMITTED = Leads(
    lambda n: ngettext("lead waits to be submitted", "leads wait to be submitted", n),
    _status("pending_submission"),
)
_GIVEN_WORDS: Words = lambda n: ngettext(  # noqa: E731  (a row of the table, named because it stands twice)
    "lead waits to be accepted", "leads wait to be accepted", n
)
_UNOPENED = Leads(
    lambda n: ngettext(
        "lead given to your company is not opened yet",
        "leads given to your company are not opened yet",
        n,
    ),
    _unopened,
)
_UNNOTED = Leads(
    lambda n: ngettext(
        "lead in your charge has no note yet", "leads in your charge have no note yet", n
    ),
    _unnoted,
)
_NEAR = Leads(
    lambda n: ngettext(
        "lead is close to the score threshold", "leads are close to the score threshold", n
    ),
    _near_threshold,
    order="score",
)
_MINE = Leads(
    lambda n: ngettext("open lead in your charge", "open leads in your charge", n), _view("mine")
)

_BY_ROLE: dict[Role, tuple[Leads | Others, ...]] = {
    # First what has failed; the rest of five is left to the day's work.
    Role.MARKETPLACE_MANAGER: (
        *(_ATTENTION, _UNCLAIMED, _FAILING, _FAULTY, _UNASSIGNED),
        *(_UNANSWERED, _TO_APPROVE, _QUIET, _UNJUDGED),
    ),
    Role.RESELLER_MANAGER: (_ATTENTION, _UNCLAIMED, _UNASSIGNED, _UNANSWERED, _TO_APPROVE),
    Role.SALES_SUPPORT: (Leads(_GIVEN_WORDS, _given_to_sales), _UNNOTED, _MINE),
    Role.VENDOR: (
        *(_ATTENTION, _UNJUDGED, _NEAR, _UNSUBMITTED, Leads(_GIVEN_WORDS, _given_to_us)),
    ),
    Role.RESELLER: (*(_ATTENTION, _UNOPENED, Leads(_GIVEN_WORDS, _given_to_us), _ANSWERED, _MINE),),
    Role.REFERRAL: (
        Leads(
            lambda n: ngettext("referral is being worked on", "referrals are being worked on", n),
            _status("referred"),
        ),
        Leads(
            lambda n: ngettext("referral became a customer", "referrals became customers", n),
            _status("converted"),
        ),
        Leads(
            lambda n: ngettext("referral was disqualified", "referrals were disqualified", n),
            _status("disqualified"),
        ),
    ),
}
