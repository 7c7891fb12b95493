"""Leads that people send to try a form out (ux.md T8): flagged, seen on one page alone, and removed for good.

Such a lead has no access row (`rules.access.desk_sees`), so that no list, count, report, file or score can
hold it, and no history: nothing happens to it.
"""

from datetime import timedelta
from urllib.parse import urlencode

from django.core import signing
from django.db import transaction

from accounts.actors import Actor
from leadportal.common.errors import Forbidden, NotFound
from leads.models import Lead, Submission
from templates_app.models import Listing
from templates_app.rules.permissions import may_manage_listing

TEST_NAME = "test"
OPENS_FOR = timedelta(hours=1)
_SALT = "leads.trials"


def trial_address(listing: Listing, *, actor: Actor) -> str:
    """Return the address that opens the form of `listing` for a test, for an hour. Raises Forbidden."""
    _check(listing, actor)
    word = signing.dumps(listing.pk, salt=_SALT)
    return f"{listing.form_path}?{urlencode({TEST_NAME: word})}"


def is_test_word(listing: Listing | None, word: str) -> bool:
    """Say whether `word` opens the form of `listing` for a test: signed by the portal, an hour old at most."""
    try:
        signed = signing.loads(word, salt=_SALT, max_age=OPENS_FOR) if word else None
    except signing.BadSignature:
        return False
    return listing is not None and bool(signed == listing.pk)


@transaction.atomic
def remove_trial(listing: Listing, reference: str, *, actor: Actor) -> None:
    """Delete a test lead of `listing` with what was sent. Raises NotFound (no test), Forbidden."""
    _check(listing, actor)
    tests = Lead.objects.filter(listing=listing, is_test=True, reference=reference)
    lead = tests.select_for_update().first()
    if lead is None:
        raise NotFound
    Submission.objects.filter(lead=lead).delete()
    lead.delete()


def _check(listing: Listing, actor: Actor) -> None:
    if not may_manage_listing(actor, listing.product.vendor_id, listing.marketplace.host_id):
        raise Forbidden
