"""How somebody is told: by the bell, by mail, and when (ux.md N1, N2). Who is told is leads/rules/audience.py's.

A person's choice stands before the company's, and that before the portal's own; what a company has locked stands
before all. Both are kept as {kind: {"bell": bool, "mail": MailWhen}} in preferences.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from leads.enums import InboxKind
from leads.rules.permissions import sees_leads

# The names in preferences.
CHOICES, LOCKED, QUIET = "notices", "notices_locked", "quiet"
# When what was gathered for a day is mailed, in the reader's zone.
DIGEST_AT = time(8)

Preferences = Mapping[str, Any]


class MailWhen(models.TextChoices):
    """When somebody gets a mail about what happened."""

    NOW = "now", _("At once")
    HOURLY = "hourly", _("Every hour, together")
    DAILY = "daily", _("Once a day, together")
    NEVER = "never", _("No mail")


@dataclass(frozen=True)
class Choice:
    """How one person is told of one kind."""

    bell: bool
    mail: MailWhen


# The rows of the settings, in the reader's words.
WORDS = {
    InboxKind.CREATED: _("There is a new lead"),
    InboxKind.GIVEN: _("A lead is given to my company"),
    InboxKind.CHARGE: _("I am put in charge of a lead"),
    InboxKind.ANSWERED: _("A partner accepts or declines a lead, or lets it expire"),
    InboxKind.DEADLINE: _("A lead of mine has to be accepted or worked on soon"),
    InboxKind.APPROVAL: _("Somebody asks to convert a lead, or my request is answered"),
    InboxKind.CONVERTED: _("A lead becomes a customer"),
    InboxKind.DISQUALIFIED: _("A lead is disqualified"),
    InboxKind.DELETED: _("A lead is deleted"),
    InboxKind.VERDICT: _("A vendor qualifies a lead or marks it as invalid"),
    InboxKind.NOTE: _("Somebody writes a note on a lead of mine"),
    InboxKind.NEXT_STEP: _("A next step of mine is due"),
    InboxKind.THRESHOLD: _("The score of a lead of mine comes to the threshold"),
    InboxKind.QUOTE: _("A customer accepts or rejects a quote"),
    InboxKind.MESSAGE: _("The portal has something for me, like a finished export"),
}
# What a mail about one thing is called, where its line of history says it in other words.
TITLES = {
    InboxKind.CREATED: _("New lead"),
    InboxKind.GIVEN: _("A lead for your company"),
    InboxKind.CHARGE: _("You are in charge of a lead"),
    InboxKind.DEADLINE: _("A lead needs your answer"),
    InboxKind.NEXT_STEP: _("Next step due"),
    InboxKind.THRESHOLD: _("A lead is marketing qualified"),
    InboxKind.MESSAGE: _("News from Lead Portal"),
}
# Notes come often; what the portal says by itself is about pages that one waits at.
_MAIL = {InboxKind.NOTE: MailWhen.DAILY, InboxKind.MESSAGE: MailWhen.NEVER}


def choice_of(kind: InboxKind, *, own: Preferences, company: Preferences) -> Choice:
    """Return how a person with `own` preferences in a company is told of `kind`; what is no choice is passed over."""
    sources = [company] if is_locked(kind, company) else [own, company]
    chosen = [one for source in sources if isinstance(one := _chosen(source, kind), Mapping)]
    bells = [one["bell"] for one in chosen if isinstance(one.get("bell"), bool)]
    mails = [one["mail"] for one in chosen if one.get("mail") in MailWhen.values]
    return Choice(
        bell=bells[0] if bells else True,
        mail=MailWhen(mails[0]) if mails else _MAIL.get(kind, MailWhen.NOW),
    )


def kinds_for(actor: Person) -> list[InboxKind]:
    """Return what somebody can be told of: everything about leads, for who works with leads."""
    return list(InboxKind) if sees_leads(actor) else [InboxKind.MESSAGE]


def is_locked(kind: InboxKind, company: Preferences) -> bool:
    """Say whether the company decides alone."""
    locked = company.get(LOCKED)
    return isinstance(locked, list) and kind.value in locked


def mail_due(when: MailWhen, moment: datetime, *, zone: ZoneInfo, quiet: Any = None) -> datetime:
    """Return when something of `moment` is mailed that is not mailed at once, or that falls into quiet hours."""
    local = moment.astimezone(zone)
    due = local
    if when == MailWhen.HOURLY:
        due = local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    elif when == MailWhen.DAILY:
        due = datetime.combine(local.date(), DIGEST_AT, zone)
        if due <= local:
            due = datetime.combine(local.date() + timedelta(days=1), DIGEST_AT, zone)
    return _after_quiet(due, quiet)


def quiet_hours(preferences: Preferences) -> tuple[time, time] | None:
    """Return from when until when somebody wants no mail, by the clock on the wall; None for always welcome."""
    try:
        start, end = (time.fromisoformat(one) for one in preferences[QUIET])
    except (KeyError, TypeError, ValueError):
        return None
    return (start, end) if start != end else None


def _after_quiet(local: datetime, quiet: tuple[time, time] | None) -> datetime:
    """Return the moment itself, or the end of the quiet hours that it falls into."""
    if quiet is None:
        return local
    start, end = quiet
    now = local.time()
    is_over_night = start > end
    if is_over_night and now >= start:
        return datetime.combine(local.date() + timedelta(days=1), end, local.tzinfo)
    if (is_over_night and now < end) or (start <= now < end):
        return datetime.combine(local.date(), end, local.tzinfo)
    return local


def _chosen(preferences: Preferences, kind: InboxKind) -> Any:
    choices = preferences.get(CHOICES)
    return choices.get(kind.value) if isinstance(choices, Mapping) else None
