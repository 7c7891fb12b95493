"""Scoring in the demo: rules of a host and of a vendor's product, tracked links, and what prospects did."""

from collections.abc import Sequence
from datetime import datetime
from random import Random

from accounts.actors import SYSTEM, Person
from leadportal.common import clock
from leads.enums import OPEN
from leads.models import Lead
from leads.rules.scoring.kinds import BehaviourKind
from leads.rules.scoring.sheet import Bounds, Compare, Group, Rule
from leads.services.demo.scene import Scene
from leads.services.scoring.behaviour import Deed, note_behaviour
from leads.services.scoring.links import LinkSettings, create_link
from leads.services.scoring.sheets import add_rule, begin_sheet, publish_draft, set_threshold
from templates_app.models import Product

FIT, BEHAVIOUR = Group.FIT, Group.BEHAVIOUR
PRICING, PAPER, EMAIL, AGAIN = (
    BehaviourKind.PAGE_VISITED,
    BehaviourKind.PAPER_DOWNLOADED,
    BehaviourKind.EMAIL_OPENED,
    BehaviourKind.FORM_REPEATED,
)
BEHAVIOURS = (
    Rule("", BEHAVIOUR, PRICING, 15, about="pricing", times=2, days=30),
    Rule("", BEHAVIOUR, PAPER, 10, is_each=True, most=30, fades=30),
    Rule("", BEHAVIOUR, EMAIL, 3, is_each=True, most=9, fades=14),
    Rule("", BEHAVIOUR, AGAIN, 10),
)
OF_HOST = (
    Rule("", FIT, "size", 30, test=Compare.AT_LEAST, values=("250",)),
    Rule("", FIT, "size", 15, test=Compare.IS, values=("50-249",)),
    Rule("", FIT, "job_title", 15, test=Compare.CONTAINS, values=("head", "director", "chief")),
    Rule("", FIT, "phone", 5, test=Compare.FILLED),
    Rule("", FIT, "email", -15, test=Compare.CONTAINS, values=("gmail", "outlook.com", "hotmail")),
    *BEHAVIOURS,
)
OF_PRODUCT = (
    Rule("", FIT, "size", 25, test=Compare.AT_LEAST, values=("50",)),
    Rule("", FIT, "industry", 15, test=Compare.CONTAINS, values=("health", "public", "legal")),
    Rule("", FIT, "phone", 10, test=Compare.FILLED),
    *BEHAVIOURS,
)
LINKS = (
    ("Price list", PRICING, "pricing", "https://quillstack.example/pricing"),
    ("Buyer's guide", PAPER, "buyers-guide", "https://quillstack.example/guide"),
    ("Newsletter", EMAIL, "newsletter", ""),
)
# How many of the newest open leads were watched.
WATCHED = 240


def score(scene: Scene) -> None:
    """Publish rules of the first host, and of the first vendor for its first product; make their links."""
    operator, vendor = scene.hosts[0].operator, scene.vendors[0].people[0]
    _publish(OF_HOST, None, operator)
    _publish(OF_PRODUCT, scene.vendors[0].products[0], vendor)
    for actor in (operator, vendor):
        for name, kind, about, address in LINKS:
            create_link(LinkSettings(name, kind, about, address), actor=actor)


def _publish(rules: Sequence[Rule], product: Product | None, actor: Person) -> None:
    sheet = begin_sheet(product=product, actor=actor)
    for rule in rules:
        add_rule(sheet, rule, actor=actor)
    set_threshold(
        sheet,
        threshold=60,
        fit=Bounds(most=60),
        behaviour=Bounds(most=60),
        emails=[],
        targets=[],
        actor=actor,
    )
    publish_draft(sheet, actor=actor)


def behave(scene: Scene, luck: Random, until: datetime) -> None:
    """Let prospects of open leads visit pages and read papers, after whatever happened to their leads last."""
    host = scene.hosts[0].company
    leads = Lead.objects.filter(host=host, status__in=OPEN).order_by("-pk")[:WATCHED]
    for lead in leads:
        moments = sorted(
            lead.updated_at + (until - lead.updated_at) * luck.random()
            for _time in range(luck.choice((0, 0, 1, 2, 3, 5)))
        )
        for moment in moments:
            kind, about = luck.choice(
                ((PRICING, "pricing"), (PRICING, "pricing"), (PAPER, "buyers-guide"), (EMAIL, ""))
            )
            with clock.at(moment):
                deed = Deed(kind, about, source="Price list" if kind == PRICING else "")
                note_behaviour([lead], deed, actor=SYSTEM)
