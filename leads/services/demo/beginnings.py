"""How a lead of the demo begins: by each way in that the portal has."""

from collections.abc import Callable

from leads.enums import Status
from leads.services.demo import work
from leads.services.demo.life import Life
from leads.services.demo.openings import enter, fill_form, fill_profile_form
from leads.services.demo.play import Story
from leads.services.demo.stories import (
    at_vendor,
    offered,
    rejected_by_host,
    to_reseller,
    triage,
    verdict,
    worked,
)
from leads.services.lifecycle import (
    delete_lead,
    submit_lead,
)


def from_form(it: Life) -> Story:
    """Somebody fills in the form of a product."""
    it.lead = fill_form(it, it.listing())
    if it.lead.status == Status.ASSIGNED:
        yield from at_vendor(it)
        return
    if it.happens(0.55):
        yield from verdict(it)
    if it.is_open:
        yield from triage(it)


def from_profile(it: Life) -> Story:
    """Somebody asks on the profile page of a reseller."""
    team = it.luck.choice(it.host.resellers)
    it.lead = fill_profile_form(it, team)
    yield from offered(it, team)


def from_manager(it: Life) -> Story:
    """A manager of the host writes a lead down, perhaps for a partner at once."""
    actor = it.luck.choice((it.host.operator, it.host.channel))
    team = it.luck.choice(it.host.resellers) if it.happens(0.6) else None
    it.lead = enter(it, actor, recipient=team.company if team else None)
    yield from offered(it, team) if team else triage(it)


def from_sales(it: Life) -> Story:
    """Sales support takes a call."""
    person = it.luck.choice(it.host.sales)
    it.lead = enter(it, person)
    yield from worked(it, person)


def from_vendor(it: Life) -> Story:
    """A vendor brings a lead, and mostly submits it to the partner managers."""
    vendor = it.luck.choice(it.scene.vendors).people[0]
    it.lead = enter(it, vendor)
    yield it.wait(6, forgotten=0.1)
    if it.happens(0.82):
        it.lead = submit_lead(it.lead, actor=vendor)
        yield from triage(it)
    elif it.happens(0.5):
        it.lead = delete_lead(it.lead, actor=vendor)


def from_reseller(it: Life) -> Story:
    """A reseller who may create leads brings one of its own."""
    teams = [team for team in it.host.resellers if team.people[0].rights.create_leads]
    person = it.luck.choice(it.luck.choice(teams).people)
    it.lead = enter(it, person)
    yield from worked(it, person)


def from_referral(it: Life) -> Story:
    """A referral partner passes somebody on; the managers find who sells."""
    partner = it.luck.choice(it.host.referrals).people[0]
    it.lead = enter(it, partner)
    it.note(partner, "checked", odds=0.5, shared=0.6)
    work.remember_meeting(it, partner)
    yield it.wait(14, forgotten=0.15)
    if it.happens(0.62):
        yield from to_reseller(it)
    elif it.happens(0.4):
        yield from rejected_by_host(it)


def from_customer(it: Life) -> Story:
    """A customer comes back with another wish; somebody recognises the company."""
    it.lead = fill_form(it, it.listing())
    yield it.wait(6)
    if it.is_open and it.known and it.lead.status == Status.SUBMITTED:
        work.recognise(it, it.host.channel)
        yield from triage(it)


Beginning = Callable[[Life], Story]
# What begins how often, and whether somebody has to be at work for it.
BEGINNINGS: tuple[tuple[Beginning, int, bool], ...] = (
    (from_form, 57, False),
    (from_profile, 9, False),
    (from_manager, 9, True),
    (from_sales, 7, True),
    (from_vendor, 5, True),
    (from_reseller, 6, True),
    (from_referral, 7, True),
)
