"""A marketplace of the demo with two clocks, whose form masks the contact until a partner accepts.

Its leads go to two partners in turn. At the end one is nearly over, others have time, one is being worked on, and one
was declined by the first partner and not answered by the second: nobody is left to ask.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from accounts.actors import Person
from accounts.rules.hours import Hours, working_time
from accounts.selectors.hours import hours_of
from leadportal.common import clock
from leads.enums import Progress
from leads.models import Offer
from leads.rules.routing.book import Book, Condition, Gives, Member, Op, Rule
from leads.services.demo.catalogue import CONSENT, PHONE, SIZE, WISH, ask
from leads.services.demo.hours import after, at_work
from leads.services.demo.life import Life
from leads.services.demo.openings import fill_form
from leads.services.demo.play import Story
from leads.services.demo.scene import Host, Scene
from leads.services.expiring import run_clocks
from leads.services.lifecycle import accept_lead, decline_lead
from leads.services.marks import set_progress
from leads.services.routing.drafts import change_draft
from leads.services.routing.publishing import publish_rules
from templates_app.enums import FieldKind, MapsTo
from templates_app.models import LeadTemplate
from templates_app.services.catalogue import create_marketplace
from templates_app.services.fields import add_field
from templates_app.services.lead_templates import create_template, edit_template, publish_draft
from templates_app.services.listings import list_product

FORM = (
    "Priority request",
    [
        PHONE,
        ask("Country", FieldKind.COUNTRY, maps_to=MapsTo.COUNTRY),
        ask("Town", FieldKind.SHORT_TEXT, maps_to=MapsTo.CITY),
        SIZE,
        ask(
            "When do you need it?",
            FieldKind.CHOICE,
            options=("This week", "This month", "This quarter"),
        ),
        ask("Budget for a year", FieldKind.MONEY, currency="EUR"),
        WISH,
        CONSENT,
    ],
)
NAME = "Halden Priority"
# In working hours of the recipient.
ACCEPT, PROGRESS = 16, 40
STEP = timedelta(minutes=15)
# So many leads come through it.
OFFERED = 6


def offers(scene: Scene, until: datetime) -> list[tuple[datetime, Story]]:
    """Return when the marketplace opens and its leads come, counted back from the end in the partners' hours."""
    host = scene.hosts[0]
    partner = host.resellers[0].company
    hours = hours_of([partner])[partner.pk]

    def ago(worked: float) -> datetime:
        return moment_before(until, timedelta(hours=worked), hours)

    # In the order of the turns: the first partner, the second, the first again, and the same once more.
    leads: list[tuple[datetime, Callable[[Life], Story]]] = [
        (at_work(until - timedelta(days=13)), _is_kept),
        (at_work(until - timedelta(days=11)), _finds_nobody),
        (ago(22), lambda it: _is_worked_on(it, ago(12))),
        (ago(14), lambda it: _is_nearly_over(it, [ago(5), ago(0.5)])),
        (ago(6), _comes),
        (ago(3), _comes),
    ]
    opening = (at_work(until - timedelta(days=14)), _opens(scene, host))
    return [opening, *((at, _lead(scene, host, n, story)) for n, (at, story) in enumerate(leads))]


def moment_before(until: datetime, worked: timedelta, hours: Hours) -> datetime:
    """Return a moment since which so much working time has passed."""
    moment = until
    while working_time(moment, until, hours) < worked:
        moment -= STEP
    return moment


def priority_rule(host: Host) -> Rule:
    """Return the rule that gives the marketplace's leads to two partners in turn."""
    assert host.priority is not None  # noqa: S101  (opened a line or a week before)
    place = Condition("place", "marketplace", Op.ONE_OF, (str(host.priority.marketplace_id),))
    first, second = (Member(team.company.pk) for team in host.resellers[:2])
    members = (Member(first.company_id, weight=2), second)
    return Rule("priority", "Priority requests", (place,), Gives.ROUND_ROBIN, members)


def _opens(scene: Scene, host: Host) -> Story:
    """The operator opens the marketplace with its rule, and a vendor lists a product there, with a form that masks."""
    vendor = scene.vendors[0]
    person = vendor.people[0]
    place = create_marketplace(
        host.company, name=NAME, accept_hours=ACCEPT, progress_hours=PROGRESS, actor=host.operator
    )
    name, questions = FORM
    template = create_template(vendor.company, name=name, with_contact_fields=True, actor=person)
    for question in questions:
        add_field(template, question, actor=person)
    _mask(template, person)
    version = publish_draft(template, actor=person)
    scene.questions[version.pk] = [field.spec for field in version.fields.all()]
    host.priority = list_product(vendor.products[0], place, version=version, actor=person)
    book = Book().with_rule(priority_rule(host))
    change_draft(lambda _old: book, actor=host.operator)
    publish_rules(note=f"{NAME}: two partners in turn", actor=host.operator)
    yield from ()


def _mask(template: LeadTemplate, person: Person) -> None:
    edit_template(
        template,
        name=template.name,
        product=None,
        sends_acknowledgement=False,
        acknowledgement="",
        masks_contact=True,
        actor=person,
    )


def _lead(scene: Scene, host: Host, number: int, story: Callable[[Life], Story]) -> Story:
    """Let somebody fill in the form; the rule gives the lead to whose turn it is."""
    luck = Random(f"offer {number}")  # noqa: S311  (dice, not secrets)
    it = Life(scene, host, luck, scene.crowd.prospect(luck))
    assert host.priority is not None  # noqa: S101  (opened a day before the first lead)
    it.lead = fill_form(it, host.priority)
    yield from story(it)


def _holder(it: Life) -> Person:
    return next(
        team.people[0] for team in it.host.resellers if team.company.pk == it.lead.holder_id
    )


def _comes(_it: Life) -> Story:
    yield from ()


def _is_kept(it: Life) -> Story:
    yield after(clock.now(), timedelta(hours=2))
    person = _holder(it)
    it.lead = accept_lead(it.lead, actor=person)
    yield after(clock.now(), timedelta(hours=5))
    it.note(person, "contacted")
    it.lead = set_progress(it.lead, progress=Progress.CONTACTED, actor=person)


def _finds_nobody(it: Life) -> Story:
    """The first declines; the second is reminded twice, and does not answer."""
    yield after(clock.now(), timedelta(hours=3))
    it.lead = decline_lead(it.lead, reason="No consultant free before spring", actor=_holder(it))
    offer = Offer.objects.filter(lead=it.lead).latest("pk")
    for moment in (offer.half_at, offer.late_at, offer.ends_at):
        assert moment is not None  # noqa: S101  (the marketplace has a clock)
        yield moment
        run_clocks()


def _is_worked_on(it: Life, accepted_at: datetime) -> Story:
    yield accepted_at
    it.lead = accept_lead(it.lead, actor=_holder(it))


def _is_nearly_over(_it: Life, reminders: list[datetime]) -> Story:
    for moment in reminders:
        yield moment
        run_clocks()
