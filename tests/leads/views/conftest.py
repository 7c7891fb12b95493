"""What tests of the lead pages share: leads in the states that most of them start from."""

import pytest

from leads.enums import HolderDesk, Status
from leads.services.leads import create_from_listing
from leads.services.lifecycle import accept_lead, assign_lead
from tests.factories import make_lead
from tests.leads.views.reading import CONTACT


@pytest.fixture
def form_lead(cast):
    """A lead that came through the form of the cast's listing: submitted, qualification pending."""
    return create_from_listing(cast.listing, CONTACT, {"first_name": "Ana", "budget": 12000})


@pytest.fixture
def referred(cast, form_lead):
    """That lead, accepted by Ann at Alpha."""
    assign_lead(form_lead, to=cast.alpha, actor=cast.rita)
    return accept_lead(form_lead, actor=cast.ann)


@pytest.fixture
def held(cast):
    """Return a function that forces a lead into a status, held by Alpha."""

    def _held(status=Status.REFERRED, **fields):
        values = {"holder": cast.alpha, "holder_desk": HolderDesk.COMPANY, **fields}
        return make_lead(cast.northgate, status, **values)

    return _held
