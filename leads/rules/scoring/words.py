"""Scoring rules as sentences (ux.md S1): "If visited the page “pricing” at least 2 times in 30 days, add 15 points"."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from leadportal.common.countries import NAMES
from leads.enums import Channel, SourceKind
from leads.rules.scoring.kinds import BehaviourKind
from leads.rules.scoring.sheet import Compare, Group, Rule

# What a fit rule can ask of every lead, in the order of the page where one chooses.
FIELDS = {
    "size": lazy("Company size"),
    "industry": lazy("Industry"),
    "job_title": lazy("Job title"),
    "country": lazy("Country"),
    "region": lazy("Region"),
    "city": lazy("Town"),
    "postcode": lazy("Postcode"),
    "company": lazy("Company"),
    "website": lazy("Web site"),
    "email": lazy("Email domain"),
    "phone": lazy("Phone"),
    "channel": lazy("Channel"),
    "source_kind": lazy("Source"),
}
_VALUES: dict[str, dict[str, Any]] = {
    "country": dict(NAMES),
    "channel": dict(Channel.slug_choices()),
    "source_kind": dict(SourceKind.slug_choices()),
}
_DONE = {
    BehaviourKind.EMAIL_OPENED: (lazy("opened an email"), lazy("opened the email “%(about)s”")),
    BehaviourKind.PAGE_VISITED: (lazy("visited a page"), lazy("visited the page “%(about)s”")),
    BehaviourKind.PAPER_DOWNLOADED: (
        lazy("downloaded a paper"),
        lazy("downloaded the paper “%(about)s”"),
    ),
    BehaviourKind.FORM_REPEATED: (
        lazy("sent a form again"),
        lazy("sent the form “%(about)s” again"),
    ),
}


def condition(rule: Rule) -> str:
    """Return what has to be so: "Company size is at least 250"."""
    return _behaviour(rule) if rule.group == Group.BEHAVIOUR else _fit(rule)


def effect(rule: Rule) -> str:
    """Return what it gives: "add 10 points each time, 30 at most, halved every 14 days"."""
    points = abs(rule.points)
    if rule.points > 0:
        words = ngettext("add %(n)s point", "add %(n)s points", points) % {"n": points}
    else:
        words = ngettext("take away %(n)s point", "take away %(n)s points", points) % {"n": points}
    if rule.is_each:
        words += " " + _("each time, %(most)s at most") % {"most": rule.most}
    if rule.fades:
        every = ngettext("halved every day", "halved every %(n)s days", rule.fades)
        words += ", " + every % {"n": rule.fades}
    return words


def subject_label(rule: Rule) -> str:
    """Return what a fit rule asks, in words."""
    return str(FIELDS.get(rule.subject) or rule.label or rule.subject)


def shown(subject: str, value: str) -> str:
    """Return a value that a rule compares with, as people read it."""
    return str(_VALUES.get(subject, {}).get(value, value))


def choices_of(subject: str) -> list[tuple[str, Any]]:
    """Return what can be chosen for a field of few values; nothing where one types."""
    return sorted(_VALUES.get(subject, {}).items(), key=lambda pair: str(pair[1]))


def did(kind: str, about: str) -> str:
    """Return what a prospect did: "visited the page “pricing”"."""
    plain, named = _DONE[BehaviourKind(kind)]
    return str(named % {"about": about} if about else plain)


def _fit(rule: Rule) -> str:
    said = {
        "what": subject_label(rule),
        "values": _either([shown(rule.subject, value) for value in rule.values]),
    }
    match rule.test:
        case Compare.IS:
            return _("%(what)s is %(values)s") % said
        case Compare.IS_NOT:
            return _("%(what)s is not %(values)s") % said
        case Compare.CONTAINS:
            return _("%(what)s contains %(values)s") % said
        case Compare.AT_LEAST:
            return _("%(what)s is at least %(values)s") % said
        case Compare.AT_MOST:
            return _("%(what)s is at most %(values)s") % said
        case Compare.FILLED:
            return _("%(what)s is filled in") % said
    return _("%(what)s is empty") % said


def _behaviour(rule: Rule) -> str:
    words = did(rule.subject, rule.about)
    if rule.times > 1:
        words += " " + _("at least %(n)s times") % {"n": rule.times}
    if rule.days:
        words += " " + ngettext("in one day", "in %(n)s days", rule.days) % {"n": rule.days}
    return words


def _either(values: Sequence[str]) -> str:
    if len(values) < 2:
        return "".join(values)
    return _("%(some)s or %(last)s") % {"some": ", ".join(values[:-1]), "last": values[-1]}
