"""What the tests of the anonymous door share."""

import pytest

from tests import factories
from tests.leads.intake.visitor import EVERY_KIND, make_form


@pytest.fixture
def path(cast) -> str:
    """The address of a short form."""
    return cast.listing.form_path


@pytest.fixture
def long_path(cast) -> str:
    """The address of a form with a question of every kind, which is checked before it is sent."""
    version = make_form(cast.vertex, *EVERY_KIND, name="Everything")
    product = factories.make_product(cast.vertex, "Acme Mail")
    return factories.make_listing(product, cast.marketplace, version).form_path


@pytest.fixture
def reseller_path(cast) -> str:
    """The address of Alpha's profile page, which asks Northgate's reseller form."""
    factories.make_version(cast.northgate, name="Ask a reseller", is_reseller_form=True)
    return f"/r/{cast.alpha.slug}/"
