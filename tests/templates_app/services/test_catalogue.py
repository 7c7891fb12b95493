"""Marketplaces, products, listings."""

import pytest

from accounts.actors import SYSTEM
from accounts.models import Company, CompanyAccess
from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound
from templates_app.enums import ProductKind, VersionState
from templates_app.selectors import catalogue
from templates_app.selectors.public import product_profile, public_form
from templates_app.services.catalogue import (
    create_marketplace,
    create_product,
    edit_marketplace,
    edit_product,
)
from templates_app.services.listings import (
    close_listing,
    edit_listing,
    list_product,
    open_listing,
)
from tests.factories import make_company, make_marketplace, make_person, make_product, make_version

APPLICATION = ProductKind.APPLICATION


def test_names_are_taken_once_and_addresses_stay_readable(cast):
    first = create_marketplace(cast.northgate, name="Cloud Shop", actor=cast.olga)
    second = create_marketplace(cast.southgate, name="Cloud Shop", actor=cast.otto)
    assert first.slug == "cloud-shop"
    assert second.slug.startswith("cloud-shop-")
    with pytest.raises(Invalid) as refusal:
        create_marketplace(cast.northgate, name="Cloud Shop", actor=cast.olga)
    assert refusal.value.errors == {"name": "There is already a marketplace called Cloud Shop"}
    assert create_marketplace(cast.northgate, name="会社", actor=cast.olga).slug == "marketplace"
    assert (
        create_product(cast.vertex, name="会社", kind=APPLICATION, actor=cast.vera).slug
        == "product"
    )


def test_only_the_hosts_marketplace_managers_change_marketplaces(cast):
    for actor in (cast.rita, cast.sam, cast.vera, cast.ann, cast.otto):
        with pytest.raises(Forbidden):
            create_marketplace(cast.northgate, name="X", actor=actor)
    settings = {
        "name": "X",
        "leads_go_to_vendor": True,
        "accept_hours": 8,
        "progress_hours": 40,
        "retention_days": 365,
        "is_active": True,
    }
    for actor, refusal in ((cast.rita, Forbidden), (cast.vera, Forbidden), (cast.otto, NotFound)):
        with pytest.raises(refusal):
            edit_marketplace(cast.marketplace, **settings, actor=actor)
    assert edit_marketplace(cast.marketplace, **settings, actor=cast.olga).leads_go_to_vendor
    with pytest.raises(Forbidden):
        create_marketplace(cast.vertex, name="X", actor=SYSTEM)


def test_only_the_vendor_changes_products(cast):
    settings = {
        "name": "X",
        "kind": APPLICATION,
        "summary": "",
        "description": "",
        "is_active": True,
    }
    for actor, refusal in ((cast.olga, Forbidden), (cast.ann, Forbidden), (cast.otto, NotFound)):
        with pytest.raises(refusal):
            edit_product(cast.product, **settings, actor=actor)
    assert edit_product(cast.product, **settings, actor=cast.vera).slug == cast.product.slug
    with pytest.raises(Forbidden):
        create_product(cast.alpha, name="X", kind=APPLICATION, actor=SYSTEM)


def test_listing_shows_the_vendor_to_the_hosts_operators(cast):
    vendor = make_company("Zenith", is_developer=True)
    zoe = make_person(vendor, *cast.vera.roles)
    item = make_product(vendor, "Zen Mail")
    version = make_version(vendor, product=item)
    assert not Company.objects.visible_to(cast.olga).filter(pk=vendor.pk)
    listing = list_product(item, cast.marketplace, version=version, actor=zoe)
    assert listing.slug == "zen-mail-northgate-store"
    assert Company.objects.visible_to(cast.olga).filter(pk=vendor.pk)
    for other in (cast.rita, cast.sam, cast.otto):
        assert not Company.objects.visible_to(other).filter(pk=vendor.pk)


def test_listing_opens_the_operators_desk_of_a_host_without_people(cast):
    host = make_company("Empty host", is_marketplace=True)
    place = make_marketplace(host)
    list_product(cast.product, place, version=cast.listing.version, actor=cast.vera)
    assert CompanyAccess.objects.filter(company=cast.vertex, desk__company=host).count() == 1


def test_a_product_stands_once_in_a_marketplace(cast):
    with pytest.raises(Invalid) as refusal:
        list_product(cast.product, cast.marketplace, version=cast.listing.version, actor=cast.vera)
    assert "marketplace" in refusal.value.errors


def test_only_a_published_version_of_the_product_is_listed(cast):
    place = make_marketplace(cast.northgate)
    other = make_product(cast.vertex, "Other")
    cases = [
        make_version(cast.vertex, state=VersionState.DRAFT),
        make_version(cast.vertex, state=VersionState.ARCHIVED),
        make_version(cast.vertex, product=other),
    ]
    for version in cases:
        with pytest.raises(Invalid) as refusal:
            list_product(cast.product, place, version=version, actor=cast.vera)
        assert "version" in refusal.value.errors
    with pytest.raises(NotFound):  # another company's template
        list_product(cast.product, place, version=make_version(cast.southgate), actor=cast.vera)
    list_product(cast.product, place, version=make_version(cast.vertex), actor=cast.vera)


def test_a_manager_lists_with_a_form_of_the_host(cast):
    place = make_marketplace(cast.northgate)
    version = make_version(cast.northgate)
    listing = list_product(cast.product, place, version=version, actor=cast.olga)
    assert catalogue.listing(cast.vera, listing.pk) == listing
    assert (
        edit_listing(listing, version=version, contact="x", thanks="", actor=cast.vera).contact
        == "x"
    )


def test_who_may_close_and_open(cast):
    for actor, refusal in (
        (cast.rita, Forbidden),
        (cast.sam, Forbidden),
        (cast.ann, Forbidden),
        (cast.otto, NotFound),
    ):
        with pytest.raises(refusal):
            close_listing(cast.listing, actor=actor)
    close_listing(cast.listing, actor=cast.olga)
    with pytest.raises(Conflict):
        close_listing(cast.listing, actor=cast.vera)
    assert not public_form(cast.listing.slug).is_open
    open_listing(cast.listing, actor=cast.vera)
    with pytest.raises(Conflict):
        open_listing(cast.listing, actor=cast.vera)
    assert public_form(cast.listing.slug).is_open


@pytest.mark.parametrize("what", ["marketplace", "product", "listing", "version"])
def test_a_form_is_open_only_while_all_of_it_is(cast, what):
    assert product_profile(cast.marketplace.slug, cast.product.slug).is_open
    if what == "version":
        version = cast.listing.version
        version.state = VersionState.ARCHIVED
        version.save(update_fields=["state"])
    else:
        row = getattr(cast, what)
        row.is_active = False
        row.save(update_fields=["is_active"])
    closed = product_profile(cast.marketplace.slug, cast.product.slug)
    assert (closed.is_open, closed.specs) == (False, ())
    assert catalogue.open_listings(cast.vera).count() == 0


def test_unknown_addresses_have_no_form(cast):
    assert public_form("nothing") is None
    assert product_profile(cast.marketplace.slug, "nothing") is None
