"""Leads of the demo that come by other doors: webhook sources, a file, and what cannot be a lead yet."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from accounts.actors import Person
from accounts.enums import Role, Scope
from accounts.services.jobs import do_due_jobs
from accounts.services.tokens import make_token
from leadportal.common import clock
from leads.enums import Duplicates, Proof, Shape
from leads.models import Import, Source
from leads.rules.imports import guess_columns
from leads.rules.sources.body import kept
from leads.rules.sources.shapes import read_sent
from leads.selectors.import_targets import known_to, targets_for
from leads.services.deliveries import take_delivery
from leads.services.demo.play import Story
from leads.services.demo.scene import Scene, Vendor
from leads.services.imports.files import begin_import
from leads.services.imports.steps import map_columns, start_import
from leads.services.sources import Settings, create_source
from templates_app.enums import FieldKind
from templates_app.rules.fields import FieldSpec
from templates_app.services.fields import add_field
from templates_app.services.lead_templates import start_draft

PEOPLE = (
    ("Imogen", "Hartley", "Hartley Interiors"),
    ("Tomas", "Lindqvist", "Lindqvist Marine"),
    ("Priya", "Raman", "Raman Diagnostics"),
    ("Callum", "Fraser", "Fraser Timber"),
    ("Elena", "Marchetti", "Marchetti Tiles"),
    ("Oskar", "Nowak", "Nowak Freight"),
    ("Bea", "Winslow", "Winslow Catering"),
    ("Hugo", "Almeida", "Almeida Optics"),
)
COLUMNS = ("First name", "Last name", "Email", "Company", "Phone", "Country", "Booth")


def doors(scene: Scene, until: datetime) -> list[tuple[datetime, Story]]:
    """Return when a source is set up, a form is changed and files are brought in."""
    return [
        (until - timedelta(days=9, hours=3), _web_site(scene)),
        (until - timedelta(days=6), _new_draft(scene.vendors[0])),
        (until - timedelta(hours=5), _files(scene)),
    ]


def _web_site(scene: Scene) -> Story:
    """The first vendor's own web site sends its contact form, by Elementor; twice that makes no lead."""
    vendor = scene.vendors[0]
    person = vendor.people[0]
    listing = next(one for one in scene.hosts[0].listings if one.product in vendor.products)
    source = _source("Quillstack web site", f"listing-{listing.pk}", person)
    make_token(  # its key is shown to nobody
        name="Web shop",
        role=Role.VENDOR,
        scopes=[Scope.READ, Scope.WRITE],
        valid_for=timedelta(days=90),
        actor=person,
    )
    for number, (first, last, company) in enumerate(PEOPLE):
        email = f"{first}.{last}@{company.split()[0]}.example".lower()
        if number == 5:
            email = "no address"
        sent = {"Name": f"{first} {last}", "Email": email, "Company": company}
        sent |= {"Message": "Please call me about a trial.", "form_name": "Contact"}
        if number == 3:  # somebody has made the form anew, with other names
            sent = {"field_1": f"{first} {last}", "field_2": email, "form_name": "Contact, new"}
        _deliver(source, {**sent, "form_id": "5f2a1b3"})
        yield clock.now() + timedelta(hours=23)


def _source(name: str, feed: str, actor: Person) -> Source:
    settings = Settings(
        name=name, shape=Shape.AUTO, proof=Proof.ADDRESS, secret="", posts_per_hour=600
    )
    return create_source(settings, feed=feed, actor=actor)


def _deliver(source: Source, body: dict[str, Any]) -> None:
    payload = kept(body)
    sent = read_sent(payload, shape=Shape(source.shape), headers={})
    take_delivery(source, sent, payload=payload, headers={"content-type": "application/json"})


def _new_draft(vendor: Vendor) -> Story:
    """The first vendor works on the next version of its form."""
    assert vendor.template  # noqa: S101  (made with the catalogue)
    start_draft(vendor.template, actor=vendor.people[0])
    question = FieldSpec(key="", label="When does your contract end?", kind=FieldKind.DATE)
    add_field(vendor.template, question, actor=vendor.people[0])
    yield from ()


def _files(scene: Scene) -> Story:
    """The operator brings in the visitors of a fair, and has begun with another file."""
    operator = scene.hosts[0].operator
    place = scene.hosts[0].marketplaces[0]
    source = _send("autumn-fair.csv", _visitors(), operator)
    guesses = guess_columns(
        source.header, [], targets=targets_for(known_to(operator), source.header)
    )
    targets = [one.target for one in guesses]
    map_columns(source, targets, actor=operator, marketplace=place)
    do_due_jobs()
    start_import(source, duplicates=Duplicates.SKIP, actor=operator)
    do_due_jobs()
    yield clock.now() + timedelta(hours=3)
    _send("partner-day.csv", _visitors()[:12], operator)


def _visitors() -> list[tuple[str, ...]]:
    """Return who came to the booth; five rows have something wrong."""
    rows: list[tuple[str, ...]] = []
    for number in range(48):
        first, last, company = PEOPLE[number % 8][0], PEOPLE[number % 7][1], PEOPLE[number % 6][2]
        email = f"{first}.{last}.{number}@fair.example".lower()
        phone, country = f"+351 912 345 {100 + number}", "Portugal"
        if number in {9, 27}:
            email = f"{first} at the fair"
        if number in {14, 33, 40}:
            phone, country = "call the office", "Portugall"
        rows.append((first, last, email, company, phone, country, f"{number % 3 + 1}"))
    return rows


def _send(name: str, rows: Iterable[tuple[str, ...]], actor: Person) -> Import:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([COLUMNS, *rows])
    data = text.getvalue().encode()
    return begin_import(io.BytesIO(data), name=name, size=len(data), actor=actor)
