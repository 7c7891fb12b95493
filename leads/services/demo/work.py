"""What a seller does with a lead between the first call and the decision."""

from datetime import timedelta
from typing import Any

from accounts.actors import Person
from accounts.models import Membership
from leadportal.common import clock
from leads.selectors.products import offered_products
from leads.services.demo import remarks
from leads.services.demo.catalogue import INTERESTS, SEGMENTS
from leads.services.demo.hours import at_work
from leads.services.demo.life import Life
from leads.services.demo.play import Story
from leads.services.leads import associate_company, edit_lead
from leads.services.marks import give_lead, set_next_step
from leads.services.notes import delete_note, edit_note
from leads.services.sales import add_products, remove_product


def something(it: Life, person: Person) -> Story:
    """Let the seller do some of the things that sellers do."""
    if it.bothers(0.3):
        choose_products(it, person)
    if it.bothers(0.2):
        plan_next_step(it, person)
    if it.bothers(0.3):
        describe(it, person)
    if it.bothers(0.05):
        correct_contact(it, person)
    if it.bothers(0.04):
        hand_over(it, person)
    if it.bothers(0.04):
        yield from write_hastily(it, person)


def choose_products(it: Life, person: Person) -> None:
    """Add one or two products, and now and then take one off again."""
    offered = list(offered_products(it.lead))
    chosen = it.luck.sample(offered, min(len(offered), it.luck.randint(1, 2)))
    it.lead = add_products(it.lead, products=chosen, actor=person)
    if it.happens(0.1):
        it.lead = remove_product(it.lead, product=chosen[0], actor=person)


def plan_next_step(it: Life, person: Person, *, days: int | None = None) -> None:
    """Write down what comes next; it is due in `days`, else within two weeks."""
    day = at_work(clock.now() + timedelta(days=it.luck.randint(1, 14) if days is None else days))
    it.lead = set_next_step(it.lead, text=it.words(remarks.NEXT_STEPS), on=day.date(), actor=person)


def describe(it: Life, person: Person) -> None:
    """Fill custom attributes of the host."""
    values: dict[str, Any] = {"segment": it.luck.choice(SEGMENTS)}
    if it.happens(0.6):
        values["seats"] = it.luck.choice((5, 12, 25, 40, 80, 150))
    if it.happens(0.4):
        values["also_asked_for"] = it.luck.sample(INTERESTS, it.luck.randint(1, 2))
    if it.happens(0.3):
        ends = clock.now() + timedelta(days=it.luck.randint(20, 300))
        values["contract_ends"] = ends.date().isoformat()
    _edit(it, person, {}, values)


def correct_contact(it: Life, person: Person) -> None:
    """Correct the telephone number and the job title after a call."""
    details = {"job_title": "Operations director", "phone": "+44 20 7946 0321"}
    _edit(it, person, details, {})


def remember_meeting(it: Life, partner: Person) -> None:
    """Fill the attribute that the referral partner keeps for itself."""
    where = it.luck.choice(("Autumn fair", "Chamber of commerce", "Old client", "Webinar"))
    if it.happens(0.7):
        _edit(it, partner, {}, {f"own{partner.user_id}-met_at": where})


def hand_over(it: Life, person: Person) -> None:
    """Put a colleague in charge."""
    others = Membership.objects.active().filter(
        company=person.company_id, roles__role__in=person.roles
    )
    colleague = others.exclude(user=person.user_id).select_related("user").order_by("pk").first()
    if colleague is not None:
        it.lead = give_lead(it.lead, to=colleague.user, actor=person)


def write_hastily(it: Life, person: Person) -> Story:
    """Write a note and correct it, or take it back, within minutes."""
    note = it.note(person, "contacted")
    if note is None:
        return
    yield clock.now() + timedelta(minutes=6)
    if it.happens(0.3):
        delete_note(note, actor=person)
    else:
        edit_note(note, body=f"{note.body} Better reached in the morning.", actor=person)


def recognise(it: Life, actor: Person) -> None:
    """Associate the lead with the customer company that the contact belongs to."""
    assert it.known is not None  # noqa: S101  (the story of a known customer)
    it.lead = associate_company(it.lead, user=it.known.user, company=it.known.company, actor=actor)


def _edit(it: Life, person: Person, details: dict[str, str], attributes: dict[str, Any]) -> None:
    it.lead.refresh_from_db(fields=["version"])
    it.lead = edit_lead(
        it.lead, details=details, attributes=attributes, version=it.lead.version, actor=person
    )
