"""What tests of people and companies share."""

import pytest
from django.core.cache import cache

from accounts.models import Membership


@pytest.fixture(autouse=True)
def _no_throttle_from_before():
    """Forget the attempts of other tests: allauth counts them per address of the client."""
    cache.clear()


@pytest.fixture
def at_work():
    """Return a function that finds the membership of an actor at its present company."""

    def _membership(actor):
        return Membership.objects.get(user=actor.user_id, company=actor.company_id)

    return _membership
