"""A small demo for all tests of a module: the same stories as the large one, on fewer leads."""

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

LEADS = 150


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """Seed once; everything that a test changes must be undone by the test (`undone`)."""
    outbox = override_settings(EMAIL_BACKEND="accounts.mail.OutboxBackend")
    whole = transaction.atomic()
    whole._from_testcase = (
        True  # as Django's own tests say it: what has to be the outermost may stand inside
    )
    with django_db_blocker.unblock(), outbox, whole:
        call_command("seed_demo", leads=LEADS, verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def undone(demo):
    """Take back what the test writes."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
