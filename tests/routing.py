"""Assignment rules for tests: a published version, and a draft of the next one."""

from dataclasses import replace
from typing import Any

from leadportal.common import clock
from leads.models import Absence
from leads.rules.routing.book import Area, Book, Condition, Gives, Member, Op, Rule, Territory
from leads.services.routing.drafts import change_draft
from leads.services.routing.publishing import publish_rules


def a_book(cast: Any) -> Book:
    """Two territories, a round robin for Iberia, and a rule that it shadows."""
    iberia = Territory("t1", "Iberia", (Area("PT"), Area("ES")), owner_id=cast.alpha.pk)
    north = Territory("t2", "North", (Area("PT", low="4000", high="4999"),))
    inside = Condition("c1", "territory", Op.ONE_OF, ("t1",))
    robin = (Member(cast.alpha.pk, weight=3), Member(cast.beta.pk, cap=10))
    return (
        Book((iberia, north))
        .with_rule(Rule("r1", "Iberia in turn", (inside,), Gives.ROUND_ROBIN, robin))
        .with_rule(
            Rule(
                "r2",
                "Portugal to Beta",
                (Condition("c1", "country", Op.ONE_OF, ("PT",)),),
                Gives.COMPANY,
                (Member(cast.beta.pk),),
            )
        )
    )


def set_up_routing(cast: Any) -> Absence:
    """Publish the book, begin the draft of the next version, and let Beta be away for a day."""
    book = a_book(cast)
    change_draft(lambda _old: book, actor=cast.olga)
    publish_rules(note="The first one", actor=cast.olga)
    otherwise = replace(book.rules[-1], gives=Gives.SALES)
    change_draft(lambda _old: book.with_rule(otherwise), actor=cast.olga)
    day = clock.now().date()
    return Absence.objects.create(company=cast.beta, first_day=day, last_day=day)
