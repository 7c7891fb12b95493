"""Deals, quotes and orders of the demo: sold for leads that somebody works on, or that became customers."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle
from random import Random

from accounts.actors import Person
from accounts.models import User
from accounts.selectors.actors import actor_at
from leadportal.common import clock
from leads.enums import HolderDesk, Outcome, Status
from leads.models import Conversion, Deal, Lead, Pipeline, Quote, Stage
from leads.rules.selling import Colour, Needed, OrderState
from leads.selectors.products import offered_products
from leads.services.deals import DealValues, create_deal, lose_deal, move_deal, win_deal
from leads.services.demo.hours import at_work
from leads.services.demo.play import Story, play
from leads.services.demo.scene import Host, Scene
from leads.services.demo.visits import CUSTOMER
from leads.services.orders import order_from_quote, set_order_state
from leads.services.papers import LineValues, sums_of
from leads.services.pipelines import StageValues, add_pipeline, add_stage, remove_stage
from leads.services.quotes import (
    QuoteValues,
    answer_quote,
    create_quote,
    expire_quotes,
    send_quote,
)
from templates_app.enums import ProductKind

# Leads of each host that something is sold for, half of them customers; the rest of the story is over by then.
LEADS = (36, 6)
SETTLED = timedelta(days=12)
# What the first host sells by besides *Sales*: stage, chance, colour, needs.
PIPELINES: dict[str, tuple[tuple[str, int, Colour, tuple[Needed, ...]], ...]] = {
    "Renewals": (
        ("Due soon", 70, Colour.BLUE, ()),
        ("Talking", 80, Colour.YELLOW, ()),
        ("Agreed", 95, Colour.GREEN, (Needed.VALUE, Needed.CLOSE_ON)),
    ),
    "Consulting": (
        ("Scoping", 30, Colour.GREY, ()),
        ("Offer", 60, Colour.ORANGE, (Needed.VALUE, Needed.OWNER)),
        ("Contract", 90, Colour.GREEN, (Needed.VALUE, Needed.CLOSE_ON, Needed.QUOTE)),
    ),
}
_MONEY = {"GB": ("GBP", Decimal(20)), "DE": ("EUR", Decimal(19))}
# For each kind of product: what a line says, how many, and at which price.
_OFFERS = {
    ProductKind.APPLICATION: ("Seats for one year", (10, 25, 40, 80, 150), (48, 72, "96.50", 118)),
    ProductKind.SERVICE: ("Days with a consultant", (1, 2, 3, 5), (840, 980, 1150)),
}
_TERMS = "Delivery within ten working days.\nPayment within 30 days of the invoice."
_LOST = ("Chose a cheaper product", "No budget this year", "Stays with the present supplier")
_ANSWERS = {True: ("Go ahead, please.", ""), False: ("Too expensive for us.", "Not this year.")}


@dataclass
class Sale:
    """One deal while it is played: for which lead, who sells, and the dice that decide about it."""

    lead: Lead
    seller: Person
    pipeline: Pipeline
    luck: Random
    until: datetime
    deal: Deal = field(init=False)
    quote: Quote = field(init=False)

    def soon(self) -> datetime:
        """Return a moment at work within the next nine days, and before the end."""
        now = clock.now()
        longest = min((self.until - now) * 0.3, timedelta(days=9))
        return at_work(now + longest * self.luck.uniform(0.2, 1))

    def begin(self) -> None:
        """Begin the deal in the first stage."""
        self.lines = self._lines()
        self.currency, _tax = _MONEY[self.lead.host.country]
        first = self.lines[0]
        values = DealValues(
            subject=f"{first.product.name} for {self.lead.company or self.lead.user_name}"[:120],
            stage=self._stage(0),
            currency=self.currency,
            value=sums_of(self.lines, self.currency)["net"],
            close_on=(clock.now() + timedelta(days=self.luck.randint(14, 75))).date(),
            owner=User.objects.get(pk=self.seller.user_id),
        )
        self.deal = create_deal(self.lead, values, actor=self.seller)

    def move(self, place: int) -> None:
        """Move the deal to a stage of its pipeline, counted from 0, from the end below 0."""
        self.deal = move_deal(self.deal, stage=self._stage(place), actor=self.seller)

    def write(self, *, days: int = 30) -> None:
        """Write a quote that is valid for so many days."""
        values = QuoteValues(
            subject=self.deal.subject,
            currency=self.currency,
            lines=self.lines,
            valid_until=(clock.now() + timedelta(days=days)).date(),
            terms=_TERMS,
        )
        self.quote = create_quote(self.lead, values, deal=self.deal, actor=self.seller)

    def send(self, *, days: int = 30) -> None:
        """Write a quote and send it."""
        self.write(days=days)
        self.quote = send_quote(self.quote, actor=self.seller)

    def answer(self, *, is_accepted: bool) -> None:
        """Let the customer answer the quote."""
        bought = Conversion.objects.get(lead=self.lead)
        buyer = actor_at(bought.user_id, bought.company_id)
        assert buyer is not None  # noqa: S101  (the person came with the conversion)
        comment = self.luck.choice(_ANSWERS[is_accepted])
        self.quote = answer_quote(self.quote, is_accepted=is_accepted, comment=comment, actor=buyer)

    def lose(self) -> None:
        """Mark the deal as lost."""
        lose_deal(self.deal, reason=self.luck.choice(_LOST), actor=self.seller)

    def _stage(self, place: int) -> Stage:
        return list(self.pipeline.stages.all())[place]

    def _lines(self) -> list[LineValues]:
        offered = list(offered_products(self.lead).order_by("pk"))
        chosen = self.luck.sample(offered, min(len(offered), self.luck.choice((1, 1, 2, 3))))
        _currency, tax = _MONEY[self.lead.host.country]
        lines = []
        for product in chosen:
            text, counts, prices = _OFFERS[ProductKind(product.kind)]
            lines.append(
                LineValues(
                    product,
                    Decimal(self.luck.choice(counts)),
                    Decimal(self.luck.choice(prices)),
                    discount=Decimal(self.luck.choice((0, 0, 5, 10, "12.5"))),
                    tax=tax,
                    text=text,
                )
            )
        return lines


# --- What becomes of a deal ---------------------------------------------------------------------------


def worked_on(it: Sale) -> Story:
    """Somebody talks with the customer."""
    yield it.soon()
    it.begin()
    yield it.soon()
    it.move(it.luck.randrange(len(it.pipeline.stages.all()) - 1))


def drafted(it: Sale) -> Story:
    """A quote is being written."""
    yield it.soon()
    it.begin()
    yield it.soon()
    it.write()
    it.move(-1)


def given_up(it: Sale) -> Story:
    """Nothing comes of it."""
    yield it.soon()
    it.begin()
    yield it.soon()
    it.lose()


def waits(it: Sale) -> Story:
    """The customer has a quote to answer."""
    yield it.soon()
    it.begin()
    yield it.soon()
    it.send(days=90)
    it.move(-1)


def lapses(it: Sale) -> Story:
    """The customer lets the last day of a quote pass."""
    yield it.soon()
    it.begin()
    it.send(days=1)


def refused(it: Sale) -> Story:
    """The customer rejects the quote."""
    yield from waits(it)
    yield it.soon()
    it.answer(is_accepted=False)
    yield it.soon()
    it.lose()


def ordered(it: Sale) -> Story:
    """The customer has ordered, and the deal is not closed yet."""
    yield from waits(it)
    yield it.soon()
    it.answer(is_accepted=True)
    order_from_quote(it.quote, actor=it.seller)


def called_off(it: Sale) -> Story:
    """The customer takes an order back."""
    yield from ordered(it)
    yield it.soon()
    set_order_state(it.quote.order, OrderState.CANCELLED, actor=it.seller)
    it.lose()


def sold(it: Sale) -> Story:
    """Ordered, won, and mostly delivered."""
    yield from ordered(it)
    yield it.soon()
    win_deal(it.deal, actor=it.seller)
    yield it.soon()
    if it.luck.random() < 0.7:
        set_order_state(it.quote.order, OrderState.DELIVERED, actor=it.seller)


Fate = Callable[[Sale], Story]
# In turn, so that each is there however few leads the demo has; a customer's by how its lead ended.
PROSPECTS: tuple[Fate, ...] = (worked_on, drafted, worked_on, given_up)
CUSTOMERS: dict[Outcome, tuple[Fate, ...]] = {
    Outcome.WON: (sold,),
    Outcome.LOST: (refused,),
    Outcome.OPEN: (waits, refused, lapses, called_off, ordered, sold),
}


def sell(scene: Scene, until: datetime) -> None:
    """Let the sellers of both hosts begin deals, write quotes and take orders."""
    stories: list[tuple[datetime, Story]] = []
    for host, most in zip(scene.hosts, LEADS, strict=True):
        is_first = host is scene.hosts[0]
        pipelines = [host.company.pipelines.get(), *(_set_up(host) if is_first else ())]
        for number, (lead, fate) in enumerate(_chosen(host, most, until)):
            luck = Random(f"sale {host.company.slug} {number}")  # noqa: S311
            pipeline = luck.choices(pipelines, (4, 1, 1)[: len(pipelines)])[0]
            it = Sale(lead, luck.choice(_sellers(host)[_at(lead)]), pipeline, luck, until)
            stories.append((lead.updated_at, fate(it)))
    play(stories, until=until)
    with clock.at(until - timedelta(hours=2)):
        expire_quotes()


def _set_up(host: Host) -> list[Pipeline]:
    """Add pipelines with stages of their own, in place of those that one begins with."""
    made = []
    for name, stages in PIPELINES.items():
        pipeline = add_pipeline(name, actor=host.operator)
        first = list(pipeline.stages.all())
        for place, (label, chance, colour, needs) in enumerate(stages, start=1):
            add_stage(
                pipeline, StageValues(label, chance, colour, needs, place), actor=host.operator
            )
        for stage in first:
            remove_stage(stage, actor=host.operator)
        made.append(pipeline)
    return made


def _chosen(host: Host, most: int, until: datetime) -> Iterable[tuple[Lead, Fate]]:
    """Yield leads with what becomes of their deals: first those of the demo's customer, then the newest."""
    held = (HolderDesk.COMPANY, HolderDesk.SALES)
    rows = Lead.objects.select_related("host").filter(
        host=host.company,
        holder_desk__in=held,
        holder__in={company for company, _desk in _sellers(host)},
        updated_at__lt=until - SETTLED,
    )
    known = Lead.objects.filter(host=host.company, conversion__user__email=CUSTOMER["email"])
    for lead in known.select_related("host"):
        yield from ((lead, sold), (lead, waits))
    turns = {outcome: cycle(fates) for outcome, fates in CUSTOMERS.items()}
    bought = (
        rows.filter(status=Status.CONVERTED).exclude(pk__in=known).order_by("-updated_at", "pk")
    )
    for lead in bought[: most // 2]:
        yield lead, next(turns[Outcome(lead.outcome)])
    open_ones = rows.filter(status=Status.REFERRED).order_by("-updated_at", "pk")
    yield from zip(open_ones[: most // 2], cycle(PROSPECTS), strict=False)


def _at(lead: Lead) -> tuple[int, int]:
    return lead.holder_id, lead.holder_desk


def _sellers(host: Host) -> dict[tuple[int, int], Sequence[Person]]:
    """Return who sells, by company and desk."""
    teams = {(one.company.pk, int(HolderDesk.COMPANY)): one.people for one in host.resellers}
    return {(host.company.pk, int(HolderDesk.SALES)): host.sales, **teams}
