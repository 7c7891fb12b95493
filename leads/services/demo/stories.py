"""What becomes of a lead in the demo, from its first day on: everything by the services that the pages use.

Every function tells one part of a life and goes on with the next one by chance. The odds make a funnel
that a sales person believes: a good fifth of the leads become customers.
"""

from accounts.actors import Person
from accounts.enums import CustomerRight
from leads.enums import Outcome, Progress, Qualification, Status
from leads.services.conversion import (
    approve_conversion,
    convert_lead,
    deny_conversion,
    request_conversion,
    withdraw_request,
)
from leads.services.demo import remarks, work
from leads.services.demo.life import Life
from leads.services.demo.play import Story
from leads.services.demo.scene import Team
from leads.services.lifecycle import (
    accept_lead,
    assign_lead,
    decline_lead,
    delete_lead,
    disqualify_lead,
    restore_lead,
    submit_lead,
)
from leads.services.marks import mark_invalid, qualify_lead, set_outcome, set_progress

# --- At the host ------------------------------------------------------------------------------------------


def verdict(it: Life) -> Story:
    """The vendor says whether the lead is real."""
    yield it.wait(4)
    vendor = it.scene.vendor_of(it.lead.product).people[0]
    if it.happens(0.12):
        it.lead = mark_invalid(it.lead, actor=vendor)
    else:
        it.lead = qualify_lead(it.lead, actor=vendor)
        it.note(vendor, "vendor", odds=0.12, shared=0.8)


def triage(it: Life) -> Story:
    """A manager looks at a submitted lead."""
    yield it.wait(6, forgotten=0.07)
    yield from it.fate(
        {
            to_reseller: 50,
            to_sales: 12,
            to_vendor: 2,
            rejected_by_host: 28,
            thrown_away: 4,
            converted_by_host: 3,
            left_alone: 1,
        }
    )


def left_alone(it: Life) -> Story:
    """Nothing more happens."""
    yield from ()


def to_reseller(it: Life) -> Story:
    """A manager assigns the lead to a reseller."""
    team = it.pick(it.host.resellers) if len(it.host.resellers) > 1 else it.host.resellers[0]
    if team.company.pk == it.lead.holder_id:
        return
    is_referred = it.lead.status == Status.REFERRED
    actor = it.host.operator if is_referred or it.happens(0.15) else it.host.channel
    message = it.words(remarks.MESSAGES) if it.happens(0.35) else ""
    it.lead = assign_lead(it.lead, to=team.company, actor=actor, message=message)
    yield from offered(it, team)


def to_sales(it: Life) -> Story:
    """A manager leaves the lead to the host's own sales people."""
    it.lead = assign_lead(it.lead, to=None, actor=it.host.channel)
    yield it.wait(5, forgotten=0.08)
    person = it.luck.choice(it.host.sales)
    if it.happens(0.86):
        it.lead = accept_lead(it.lead, actor=person)
        yield from worked(it, person)
    elif it.happens(0.6):
        reason, text = it.reason()
        it.lead = disqualify_lead(it.lead, reason=reason, text=text, actor=person)


def to_vendor(it: Life) -> Story:
    """The operator asks the vendor to look after the lead."""
    if it.lead.product is None:
        return
    it.lead = assign_lead(it.lead, to=it.lead.product.vendor, actor=it.host.operator)
    yield from at_vendor(it)


def at_vendor(it: Life) -> Story:
    """The vendor holds the lead: it says what it thinks, and mostly hands it to the partner managers."""
    person = it.luck.choice(it.scene.vendor_of(it.lead.product).people)
    is_pending = it.lead.qualification == Qualification.PENDING
    yield it.wait(6, forgotten=0.08)
    if is_pending and it.happens(0.15):
        it.lead = mark_invalid(it.lead, actor=person)
        return
    if is_pending and it.bothers(0.85):
        it.lead = qualify_lead(it.lead, actor=person)
    it.note(person, "vendor", odds=0.4, shared=0.5)
    yield it.wait(5)
    if it.happens(0.7):
        it.lead = submit_lead(it.lead, actor=person)
        yield from triage(it)
    elif it.happens(0.3):
        reason, text = it.reason()
        it.lead = disqualify_lead(it.lead, reason=reason, text=text, actor=person)


def rejected_by_host(it: Life) -> Story:
    """A manager sees that nothing will come of it."""
    reason, text = it.reason()
    it.lead = disqualify_lead(it.lead, reason=reason, text=text, actor=it.host.operator)
    yield from ()


def thrown_away(it: Life) -> Story:
    """The operator deletes a lead; now and then it was a mistake."""
    it.lead = delete_lead(it.lead, actor=it.host.operator)
    if it.happens(0.25):
        yield it.wait(3)
        it.lead = restore_lead(it.lead, actor=it.host.channel)
        yield from triage(it)


def converted_by_host(it: Life) -> Story:
    """The operator knows the company and converts at once."""
    convert_lead(it.lead, wish=it.wish(), actor=it.host.operator)
    yield from won(it, it.host.operator)


# --- At the seller ------------------------------------------------------------------------------------------


def offered(it: Life, team: Team) -> Story:
    """A reseller has a lead to answer."""
    person = it.luck.choice(team.people)
    yield it.wait(5, forgotten=0.1)
    if it.happens(0.04) and len(it.host.resellers) > 1:
        yield from to_reseller(it)  # the manager lost patience
    elif it.happens(0.86):
        it.lead = accept_lead(it.lead, actor=person)
        yield from worked(it, person)
    elif it.happens(0.6):
        it.lead = decline_lead(it.lead, reason=it.words(remarks.DECLINES), actor=person)
        it.tries += 1
        if it.tries < 3:
            yield from triage(it)
    else:
        reason, text = it.reason()
        it.lead = disqualify_lead(it.lead, reason=reason, text=text, actor=person)


def worked(it: Life, person: Person) -> Story:
    """A seller who accepted works on the lead."""
    yield it.wait(4)
    it.note(person, "contacted", odds=0.5)
    if it.bothers(0.45):
        it.lead = set_progress(it.lead, progress=Progress.CONTACTED, actor=person)
    yield it.wait(14)
    yield from work.something(it, person)
    it.note(person, "working", odds=0.35)
    yield it.wait(26)
    yield from it.fate({wins: 40, loses: 33, stays: 23, moved_on: 4}, person)


def stays(it: Life, person: Person) -> Story:
    """It goes on and on."""
    it.note(person, "working", odds=0.4)
    if it.bothers(0.5):
        work.plan_next_step(it, person)
    yield from ()


def moved_on(it: Life, person: Person) -> Story:
    """The operator gives the lead to another reseller; the first one keeps a view of the past."""
    yield from to_reseller(it)


def loses(it: Life, person: Person) -> Story:
    """The customer decides against it."""
    reason, text = it.reason()
    it.lead = disqualify_lead(it.lead, reason=reason, text=text, actor=person)
    yield from ()


def wins(it: Life, person: Person) -> Story:
    """The customer says yes: converted as the seller's right allows."""
    it.note(person, "won", odds=0.3)
    if (
        person.company_id == it.host.company.pk
        or person.rights.create_customers == CustomerRight.FREE
    ):
        convert_lead(it.lead, wish=it.wish(), actor=person)
        yield from won(it, person)
    elif person.rights.create_customers == CustomerRight.APPROVAL:
        yield from asks_to_convert(it, person)
    else:
        yield it.wait(4)
        convert_lead(it.lead, wish=it.wish(), actor=it.host.channel)
        yield from won(it, person)


def asks_to_convert(it: Life, person: Person) -> Story:
    """The reseller needs the managers' approval."""
    request_conversion(it.lead, wish=it.wish(), actor=person)
    yield it.wait(6, forgotten=0.1)
    if it.happens(0.06):
        withdraw_request(it.lead, actor=person)
    elif it.happens(0.12):
        deny_conversion(it.lead, comment=it.words(remarks.DENIALS), actor=it.host.channel)
    else:
        actor = it.luck.choice((it.host.channel, it.host.channel, it.host.operator))
        approve_conversion(it.lead, comment=it.words(remarks.COMMENTS), actor=actor)
        yield from won(it, person)


def won(it: Life, person: Person) -> Story:
    """A customer: ordered, delivered, and the outcome is noted."""
    it.host.customers.append(it.lead)
    yield it.wait(10)
    if it.bothers(0.6):
        it.lead = set_progress(it.lead, progress=Progress.PURCHASED, actor=person)
    yield it.wait(30)
    outcome = it.luck.choices((Outcome.WON, Outcome.LOST, Outcome.OPEN), (6, 1, 4))[0]
    if outcome != Outcome.OPEN:
        it.lead = set_outcome(it.lead, outcome=outcome, actor=person)
    if outcome == Outcome.WON and it.happens(0.4):
        it.lead = set_progress(it.lead, progress=Progress.DELIVERED, actor=person)
