"""Territories and assignment rules of the demo hosts, made by the services; a few leads have met them."""

from datetime import date, timedelta

from accounts.actors import SYSTEM
from leads.models import Cause
from leads.rules.routing.book import Area, Book, Condition, Gives, Member, Op, Rule, Territory
from leads.selectors.routing import waiting_leads
from leads.services.demo.offers import priority_rule
from leads.services.demo.scene import Host
from leads.services.routing import route_leads
from leads.services.routing.absences import add_absence
from leads.services.routing.drafts import change_draft
from leads.services.routing.publishing import publish_rules
from leads.services.writing import held_leads, lock_rows

# So many of the leads that wait are given by the rules: enough to read why in their histories.
GIVEN = 6

_TERRITORIES = (
    ("iberia", "Iberia", (Area("PT"), Area("ES"))),
    ("north", "Northern Portugal", (Area("PT", low="4000", high="4999"),)),
    ("dach", "DACH", (Area("DE"), Area("AT"), Area("CH"))),
    ("isles", "British Isles", (Area("GB"), Area("IE"))),
)


def set_up_rules(host: Host, *, today: date) -> None:
    """Publish rules for a host, let somebody be away, and begin the next version."""
    change_draft(lambda _old: _book(host), actor=host.operator)
    publish_rules(note="Partners by country, hot leads to our own sales", actor=host.operator)
    away = host.resellers[-1]
    add_absence(
        company_id=away.company.pk,
        user_id=away.people[0].user_id,
        first_day=today,
        last_day=today + timedelta(days=5),
        actor=host.operator,
    )
    waiting = waiting_leads(host.company.pk).exclude(lead__offers__is_unclaimed=True)
    keys = list(waiting.reverse().values_list("lead", flat=True)[:GIVEN])
    held = held_leads(lock_rows(keys, actor=SYSTEM), actor=SYSTEM)
    route_leads([one.lead for one in held], cause=Cause.PUBLISHED)


def _book(host: Host) -> Book:
    partners = [one.company.pk for one in host.resellers]
    book = Book(
        tuple(
            Territory(key, name, areas, partners[place % len(partners)])
            for place, (key, name, areas) in enumerate(_TERRITORIES)
        )
    )
    in_turn = tuple(
        Member(pk, weight=weight, cap=10) for pk, weight in zip(partners, (3, 1, 1), strict=False)
    )
    rules = (
        Rule("hot", "Hot leads", (_if("score", Op.AT_LEAST, "60"),), Gives.SALES),
        Rule(
            "dach",
            "DACH mid-market",
            (_if("territory", Op.ONE_OF, "dach"), _if("size", Op.AT_LEAST, "50")),
            Gives.ROUND_ROBIN,
            in_turn,
        ),
        Rule(
            "owners",
            "Owner of the territory",
            (_if("territory", Op.ONE_OF, "iberia", "isles"),),
            Gives.OWNER,
        ),
    )
    for rule in (*([priority_rule(host)] if host.priority else []), *rules):
        book = book.with_rule(rule)
    return book


def _if(field: str, op: Op, *values: str) -> Condition:
    return Condition(f"{field}1", field, op, values)
