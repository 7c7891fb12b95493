"""The demo: 120 days in the life of two hosts, made by the services that the pages use.

`seed` is the only way in. The dice fall the same way each time; dates and Lead IDs differ.
"""

from datetime import datetime, timedelta
from random import Random

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import Company, User
from leadportal.common import clock
from leads.models import Conversion, Event, InboxItem, LeadAccess
from leads.services.carried import CONTACT
from leads.services.demo.beginnings import BEGINNINGS, Beginning, from_customer, from_form
from leads.services.demo.catalogue import furnish, publish_next
from leads.services.demo.crowd import Crowd
from leads.services.demo.doors import doors
from leads.services.demo.hours import arrivals, at_work
from leads.services.demo.life import Life
from leads.services.demo.mails import BY_MAIL, write_mails
from leads.services.demo.offers import OFFERED, offers
from leads.services.demo.people import DEMO_PEOPLE, Office, deliver_mail, hosts, vendors
from leads.services.demo.play import Story, play
from leads.services.demo.routing import set_up_rules
from leads.services.demo.scene import Host, Scene, Vendor
from leads.services.demo.scoring import behave, score
from leads.services.demo.selling import sell
from leads.services.demo.visits import CUSTOMER, visits

DAYS = 120
# What began longer ago is told in fewer words.
RECENT = timedelta(days=35)
# What is older was opened and read by everybody who sees it.
NEWS = timedelta(days=2)
# How far into the demo the next version of the first vendor's form is published.
NEW_VERSIONS = (timedelta(days=42), timedelta(days=88))


def is_seeded() -> bool:
    """Say whether the demo is in this database."""
    return User.objects.filter(email=DEMO_PEOPLE[0].email).exists()


def is_in_use() -> bool:
    """Say whether somebody works with this database, so that it is no place for a demo."""
    return Company.objects.exists()


def seed(*, leads: int) -> None:
    """Make the demo with so many leads: all of it, or after an error nothing.

    What came by other doors follows by itself: the portal stores what is sent in transactions of their own.
    """
    until = clock.now()
    scene = _seed(leads, until)
    play(doors(scene, until), until=until)
    deliver_mail()
    _read_all(until)


@transaction.atomic
def _seed(leads: int, until: datetime) -> Scene:
    since = at_work(until - timedelta(days=DAYS))
    office = Office()
    luck = Random("demo")  # noqa: S311  (dice, not secrets)
    with clock.at(since - timedelta(days=1)):
        both = hosts(office)
        scene = Scene(both, vendors(office, both[0]), Crowd(luck))
        office.hire_staff()
        furnish(scene)
        score(scene)
    by_chance = _stories(scene, max(leads - BY_MAIL - OFFERED, 0), luck, since, until)
    play([*by_chance, *offers(scene, until)], until=until)
    sell(scene, until)
    write_mails(scene, until)
    behave(scene, luck, until)
    with clock.at(until - timedelta(hours=1)):
        for host in scene.hosts:
            set_up_rules(host, today=until.date())
    with clock.at(until - timedelta(days=60)):
        office.let_in(CUSTOMER["email"])
    return scene


def _read_all(until: datetime) -> None:
    """Let everybody have opened the leads and read what they were told, but for the last days."""
    rows = LeadAccess.objects.filter(is_unread=True)
    rows.filter(updated_at__lt=until - NEWS).update(is_unread=False)
    own = Event.objects.filter(lead=OuterRef("lead"), actor_company=OuterRef("desk__company"))
    rows.filter(Exists(own)).update(is_unread=False)  # nobody works on what nobody has opened
    old = InboxItem.objects.filter(created_at__lt=until - NEWS)
    old.update(is_unread=False, read_at=until)
    InboxItem.objects.update(mail_due_at=None)  # nobody gets the mail of months at once


def _stories(
    scene: Scene, count: int, luck: Random, since: datetime, until: datetime
) -> list[tuple[datetime, Story]]:
    """Return the beginnings: those that wait for visitors, the new forms, and all the others by chance."""
    stories = [
        (moment, _life(scene, scene.hosts[0], number, beginning, is_long_ago=False))
        for number, (moment, beginning) in enumerate(visits(until))
    ]
    moments = arrivals(luck, max(count - len(stories), 0), since=since, until=until)
    for number, moment in enumerate(moments, start=len(stories)):
        host = scene.hosts[luck.random() < 0.28]
        beginning, _odds, is_at_work = luck.choices(
            BEGINNINGS, [odds for _, odds, _ in BEGINNINGS]
        )[0]
        if is_at_work and at_work(moment) > until:
            beginning, is_at_work = from_form, False
        begins_at = at_work(moment) if is_at_work else moment
        is_long_ago = begins_at < until - RECENT
        stories.append((begins_at, _life(scene, host, number, beginning, is_long_ago=is_long_ago)))
    news = [(at_work(since + age), _new_version(scene, scene.vendors[0])) for age in NEW_VERSIONS]
    return [*news, *stories]


def _life(
    scene: Scene, host: Host, number: int, beginning: Beginning, *, is_long_ago: bool
) -> Story:
    """Tell one lead's life with dice of its own; some forms are filled in by customers who come back."""
    luck = Random(f"lead {number}")  # noqa: S311
    contact = CUSTOMER if number == 0 else None
    known = None
    if beginning is from_form and host.customers and luck.random() < 0.05:
        lead = luck.choice(host.customers)
        known = Conversion.objects.select_related("company", "user").get(lead=lead)
        contact = {name: getattr(lead, name) for name in CONTACT}
        beginning = from_customer
    it = Life(scene, host, luck, contact or scene.crowd.prospect(luck), known, is_long_ago)
    yield from beginning(it)


def _new_version(scene: Scene, vendor: Vendor) -> Story:
    publish_next(scene, vendor)
    yield from ()
