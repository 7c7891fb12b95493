"""Several people at the same draft, listing or name at once: the database decides, the others are told."""

import pytest

from templates_app.enums import FieldKind, MapsTo, VersionState
from templates_app.models import LeadTemplate, Listing, Marketplace
from templates_app.rules.fields import FieldSpec
from templates_app.services.catalogue import create_marketplace
from templates_app.services.fields import add_field, shift_field
from templates_app.services.lead_templates import (
    choose_reseller_form,
    create_template,
    publish_draft,
    start_draft,
)
from templates_app.services.listings import edit_listing, list_product
from tests.factories import fresh, make_marketplace, make_version
from tests.test_races import race

PROCESSES = 8
EMAIL = FieldSpec("", "Email", FieldKind.EMAIL, maps_to=MapsTo.EMAIL)

pytestmark = pytest.mark.slow


@pytest.fixture
def template(transactional_db, cast) -> LeadTemplate:
    """Vera's template whose draft can be published."""
    return create_template(cast.vertex, name="Raced", with_contact_fields=True, actor=cast.vera)


def test_a_draft_is_published_once(template, cast):
    vera = fresh(cast.vera)
    found = race([lambda: publish_draft(template, actor=vera)] * PROCESSES)
    assert found == {"done": 1, "Conflict": PROCESSES - 1}
    assert template.versions.get().state == VersionState.PUBLISHED


def test_everybody_gets_the_same_draft(template, cast):
    vera = fresh(cast.vera)
    publish_draft(template, actor=vera)
    assert race([lambda: start_draft(template, actor=vera)] * PROCESSES) == {"done": PROCESSES}
    assert [version.number for version in template.versions.order_by("number")] == [1, 2]
    assert template.versions.get(number=2).fields.count() == 4


def test_a_part_of_the_lead_is_filled_once(cast, transactional_db):
    vera = fresh(cast.vera)
    template = create_template(cast.vertex, name="Raced", actor=vera)
    found = race([lambda: add_field(template, EMAIL, actor=vera)] * PROCESSES)
    assert found == {"done": 1, "Invalid": PROCESSES - 1}


def test_fields_stay_numbered_when_several_people_move_them(template, cast):
    vera = fresh(cast.vera)
    keys = ["first_name", "last_name", "email", "company"]
    works = [lambda key=key: shift_field(template, key, by=1, actor=vera) for key in keys * 2]
    assert race(works) == {"done": 8}
    fields = template.versions.get().fields
    assert sorted(fields.values_list("position", flat=True)) == [1, 2, 3, 4]


def test_a_product_is_listed_once(cast, transactional_db):
    vera = fresh(cast.vera)
    place = make_marketplace(cast.northgate)
    version = cast.listing.version
    found = race(
        [lambda: list_product(cast.product, place, version=version, actor=vera)] * PROCESSES
    )
    assert found == {"done": 1, "Invalid": PROCESSES - 1}
    assert Listing.objects.filter(marketplace=place).count() == 1


def test_a_listing_never_shows_a_version_that_is_over(template, cast):
    vera = fresh(cast.vera)
    old = publish_draft(template, actor=vera)
    listing = edit_listing(cast.listing, version=old, contact="", thanks="", actor=vera)
    start_draft(template, actor=vera)

    def change():
        edit_listing(listing, version=old, contact="x", thanks="", actor=vera)

    found = race([change, change, lambda: publish_draft(template, actor=vera), change, change])
    assert found["done"] >= 1
    assert set(found) <= {"done", "Invalid"}, found  # no deadlock: both go from template to listing
    listing.refresh_from_db()
    assert listing.version.state == VersionState.PUBLISHED


def test_a_name_is_taken_once(cast, transactional_db):
    olga = fresh(cast.olga)
    found = race([lambda: create_marketplace(cast.northgate, name="Raced", actor=olga)] * PROCESSES)
    assert found == {"done": 1, "Invalid": PROCESSES - 1}
    assert Marketplace.objects.filter(name="Raced").count() == 1


def test_one_reseller_form_is_left(cast, transactional_db):
    olga = fresh(cast.olga)
    versions = [make_version(cast.northgate) for _ in range(PROCESSES)]
    works = [
        lambda version=version: choose_reseller_form(version.template, actor=olga)
        for version in versions
    ]
    found = race(works)
    assert found["done"] >= 1
    assert found["done"] + found["Conflict"] == PROCESSES, found
    chosen = LeadTemplate.objects.filter(owner=cast.northgate, is_reseller_form=True)
    assert chosen.count() == 1
