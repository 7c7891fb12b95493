"""Programs of the cast."""

import pytest

from accounts.enums import Role, Scope
from tests.factories import make_key
from tests.leads.api.caller import Caller

ROLES = {
    "olga": Role.MARKETPLACE_MANAGER,
    "rita": Role.RESELLER_MANAGER,
    "sam": Role.SALES_SUPPORT,
    "vera": Role.VENDOR,
    "ann": Role.RESELLER,
    "ben": Role.RESELLER,
    "ray": Role.REFERRAL,
    "otto": Role.MARKETPLACE_MANAGER,
}


@pytest.fixture
def program(cast, settings):
    """Return a function that makes somebody's program, with every scope unless told otherwise."""
    settings.API_CALLS_PER_MINUTE = 100_000

    def _program(who: str, *scopes: Scope, name: str = "") -> Caller:
        return Caller(make_key(getattr(cast, who), ROLES[who], *scopes, name=name))

    return _program
