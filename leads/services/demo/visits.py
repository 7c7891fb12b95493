"""Leads that wait for somebody who looks at the demo: on Home of every demo person there is something to do."""

from collections.abc import Callable
from datetime import datetime, timedelta

from leadportal.common import clock
from leads.enums import Outcome, Progress
from leads.services.conversion import convert_lead, request_conversion
from leads.services.demo import work
from leads.services.demo.life import Life
from leads.services.demo.openings import enter, fill_form
from leads.services.demo.people import DOMAIN
from leads.services.demo.play import Story
from leads.services.lifecycle import accept_lead, assign_lead, delete_lead
from leads.services.marks import qualify_lead, set_outcome, set_progress

CUSTOMER = {
    "first_name": "Clara",
    "last_name": "Hartley",
    "email": f"customer@{DOMAIN}",
    "company": "Fernleigh Care Homes",
    "phone": "+44 113 496 0172",
    "job_title": "Operations director",
    "website": "https://www.fernleigh.example",
    "size": "250-999",
    "industry": "Health care",
    "street": "14 Orchard Way",
    "postcode": "LS8 2TB",
    "city": "Leeds",
    "region": "West Yorkshire",
    "country": "GB",
}
HOUR = timedelta(hours=1)


def becomes_customer(it: Life) -> Story:
    """Alderpoint wins the company that the demo's customer works for."""
    alderpoint = it.host.resellers[0]
    rosa = alderpoint.people[0]
    it.lead = fill_form(it, it.host.listings[0])
    yield clock.now() + 3 * HOUR
    it.lead = qualify_lead(it.lead, actor=it.scene.vendors[0].people[0])
    yield clock.now() + 2 * HOUR
    it.lead = assign_lead(
        it.lead,
        to=alderpoint.company,
        actor=it.host.channel,
        message="Close to your office in Leeds.",
    )
    yield clock.now() + 20 * HOUR
    it.lead = accept_lead(it.lead, actor=rosa)
    it.note(rosa, "contacted", shared=1)
    it.lead = set_progress(it.lead, progress=Progress.CONTACTED, actor=rosa)
    yield clock.now() + 70 * HOUR
    work.choose_products(it, rosa)
    it.note(rosa, "working")
    yield clock.now() + 120 * HOUR
    it.note(rosa, "won", shared=1)
    convert_lead(it.lead, wish=it.wish(), actor=rosa)
    it.host.customers.append(it.lead)
    yield clock.now() + 24 * HOUR
    it.lead = set_progress(it.lead, progress=Progress.PURCHASED, actor=rosa)
    it.lead = set_outcome(it.lead, outcome=Outcome.WON, actor=rosa)


def unassigned(it: Life) -> Story:
    """A form was filled in and nobody has looked yet."""
    it.lead = fill_form(it, it.host.listings[0])
    yield from ()


def offered_to_alderpoint(it: Life) -> Story:
    """reseller@ has an offer to answer."""
    it.lead = fill_form(it, it.host.listings[0])
    yield clock.now() + HOUR
    it.lead = assign_lead(it.lead, to=it.host.resellers[0].company, actor=it.host.channel)


def offered_to_copperline(it: Life) -> Story:
    """reseller2@ has an offer to answer."""
    it.lead = fill_form(it, it.host.listings[0])
    yield clock.now() + HOUR
    it.lead = assign_lead(it.lead, to=it.host.resellers[1].company, actor=it.host.channel)


def offered_to_sales(it: Life) -> Story:
    """The sales desk has an offer to answer."""
    it.lead = fill_form(it, it.host.listings[0])
    yield clock.now() + HOUR
    it.lead = assign_lead(it.lead, to=None, actor=it.host.channel)


def in_charge_of_rosa(it: Life) -> Story:
    """reseller@ works on it, and the next step is due today."""
    rosa = it.host.resellers[0].people[0]
    it.lead = fill_form(it, it.host.listings[0])
    yield clock.now() + HOUR
    it.lead = assign_lead(it.lead, to=it.host.resellers[0].company, actor=it.host.channel)
    yield clock.now() + 2 * HOUR
    it.lead = accept_lead(it.lead, actor=rosa)
    it.note(rosa, "contacted")
    work.describe(it, rosa)
    work.plan_next_step(it, rosa, days=2)


def waits_for_approval(it: Life) -> Story:
    """reseller2@ has asked to convert; manager@ and operator@ can approve."""
    amir = it.host.resellers[1].people[0]
    it.lead = fill_form(it, it.host.listings[0])
    yield clock.now() + HOUR
    it.lead = assign_lead(it.lead, to=it.host.resellers[1].company, actor=it.host.channel)
    yield clock.now() + HOUR
    it.lead = accept_lead(it.lead, actor=amir)
    it.note(amir, "working", shared=1)
    yield clock.now() + 2 * HOUR
    request_conversion(it.lead, wish=it.wish(), actor=amir)


def held_by_sana(it: Life) -> Story:
    """sales@ took a call and has not written a note yet."""
    it.lead = enter(it, it.host.sales[0])
    yield from ()


def from_flora(it: Life) -> Story:
    """referral@ passed somebody on."""
    it.lead = enter(it, it.host.referrals[0].people[0])
    yield from ()


def kept_by_viktor(it: Life) -> Story:
    """vendor@ has not submitted it to the partner managers yet."""
    it.lead = enter(it, it.scene.vendors[0].people[0])
    yield from ()


def thrown_away(it: Life) -> Story:
    """operator@ deleted it, and can still restore it."""
    it.lead = fill_form(it, it.host.listings[0])
    yield clock.now() + 2 * HOUR
    it.lead = delete_lead(it.lead, actor=it.host.operator)


# Which story, and how many hours ago each one begins.
VISITS: tuple[tuple[Callable[[Life], Story], tuple[int, ...]], ...] = (
    (unassigned, (1, 3, 6, 55, 80)),
    (offered_to_alderpoint, (3, 7, 26, 76)),
    (offered_to_copperline, (4, 60)),
    (offered_to_sales, (5, 28, 70)),
    (in_charge_of_rosa, (48, 50, 75)),
    (waits_for_approval, (8, 30, 100)),
    (held_by_sana, (4, 27)),
    (from_flora, (5, 52)),
    (kept_by_viktor, (6, 31)),
    (thrown_away, (29,)),
)


def visits(until: datetime) -> list[tuple[datetime, Callable[[Life], Story]]]:
    """Return when each of these stories begins; the customer's began three months ago."""
    begun = [(until - hours * HOUR, story) for story, ages in VISITS for hours in ages]
    return [(until - timedelta(days=96), becomes_customer), *begun]
