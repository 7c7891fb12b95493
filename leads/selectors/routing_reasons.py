"""Why a lead went where it did, in words: "why assigned" (ux.md D10)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Company, User
from leads.models import Cause, RoutingDecision
from leads.rules.routing.book import Member
from leads.rules.routing.choosing import UNSKIPPED, Answer, Considered


@dataclass(frozen=True)
class MemberNames:
    """What members of rules are called: a company, a person with the company, or the sales desk."""

    companies: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)

    def of(self, member: Member) -> str:
        """Return the name of one."""
        company = self.companies.get(member.company_id, "")
        if not member.user_id:
            return company or _("Sales support")
        person = self.people.get(member.user_id, "")
        return f"{person} ({company})" if company else person


def names_of(members: Iterable[Member]) -> MemberNames:
    """Read what members are called, in two queries."""
    found = list(members)
    companies = Company.objects.filter(pk__in={one.company_id for one in found} - {0}).order_by()
    people = User.objects.filter(pk__in={one.user_id for one in found} - {0}).order_by()
    return MemberNames(
        dict(companies.values_list("pk", "name")), {one.pk: one.full_name for one in people}
    )


def reasons_of(events: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return the rule that matched and why the lead went where it did, by line of history."""
    kept = list(RoutingDecision.objects.filter(event__in=events).order_by())
    names = names_of(one.member for each in kept for one in considered_in(each.candidates))
    return {each.event_id: (each.rule_name, _reason(each, names)) for each in kept}


def considered_in(candidates: Iterable[Mapping[str, Any]]) -> list[Considered]:
    """Return the candidates of a decision as they were considered."""
    return [
        Considered(Member(one["company"], one["user"]), Answer(one["answer"]), one)
        for one in candidates
    ]


def words_of(considered: Iterable[Considered], names: MemberNames) -> str:
    """Return what became of every candidate, like: Alpha gets the lead. Skipped: Beta (is away until 3 May)."""
    found = list(considered)
    chosen = [names.of(one.member) for one in found if one.answer == Answer.CHOSEN]
    later = [names.of(one.member) for one in found if one.answer == Answer.WAITS]
    skipped = [
        f"{names.of(one.member)} ({why(one)})" for one in found if one.answer not in UNSKIPPED
    ]
    parts = [_("%(name)s gets the lead.") % {"name": one} for one in chosen]
    if not found:
        parts.append(_("It waits for a manager."))
    elif not chosen:
        parts.append(_("Nobody could have it, so it waits for a manager."))
    if later:
        parts.append(_("Later in turn: %(names)s.") % {"names": ", ".join(later)})
    if skipped:
        parts.append(_("Skipped: %(names)s.") % {"names": ", ".join(skipped)})
    return " ".join(parts)


def why(one: Considered) -> str:
    """Return why somebody was skipped."""
    if one.answer == Answer.ABSENT and one.detail.get("until"):
        day = date_format(date.fromisoformat(one.detail["until"]), "j F Y")
        return _("is away until %(day)s") % {"day": day}
    if one.answer == Answer.CAP:
        return _("has had its %(n)s leads of the day") % {"n": one.detail.get("cap")}
    return str(one.answer.label)


def _reason(decision: RoutingDecision, names: MemberNames) -> str:
    because = _("The rules ran because %(cause)s.") % {"cause": Cause(decision.cause).label}
    return f"{because} {words_of(considered_in(decision.candidates), names)}"
