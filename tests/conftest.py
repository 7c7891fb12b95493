"""The cast, always the same (architecture.md, habit 11).

Northgate is a host: *olga* runs its marketplaces, *rita* its reseller programme, *sam* sells.
Alpha and Beta are its resellers (*ann*, *ben*), Ripple its referral partner (*ray*).
Vertex is a vendor (*vera*) with a product listed in Northgate's marketplace.
Southgate is another host (*otto*); nobody there may ever see anything of Northgate's.
"""

import gc
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection

from accounts.actors import Person
from accounts.enums import Role
from accounts.models import Company
from templates_app.models import Listing, Marketplace, Product
from tests import factories
from tests.photograph import Photograph
from tests.ran import pytest_sessionstart  # noqa: F401  (checks what docs/domain.md cites)

os.environ.setdefault(
    "DJANGO_ALLOW_ASYNC_UNSAFE", "true"
)  # Playwright runs a loop in the test's thread


def pytest_configure() -> None:
    """Settings that make tests quick and do not change what is tested."""
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django_settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # Every test has a client of its own, and each would read every collected file anew.
    django_settings.WHITENOISE_AUTOREFRESH = True
    if django_settings.IS_SQLITE:
        # A file, not memory: races are run by processes of their own, and a second run must not meet this one.
        name = Path(tempfile.gettempdir()) / f"leadportal-test-{os.getpid()}.sqlite3"
        django_settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(name)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """Give the database up for dropping: a live server's thread may still wait for Chromium's next request."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@dataclass(frozen=True)
class Cast:
    """Companies and people with a fixed meaning; see the module's docstring."""

    northgate: Company
    southgate: Company
    alpha: Company
    beta: Company
    ripple: Company
    vertex: Company
    customer: Company
    marketplace: Marketplace
    product: Product
    listing: Listing
    olga: Person
    rita: Person
    sam: Person
    ann: Person
    ben: Person
    ray: Person
    vera: Person
    otto: Person
    cleo: Person


def _make_cast() -> Cast:
    northgate = factories.make_host("Northgate")
    southgate = factories.make_host("Southgate")
    alpha = factories.make_company("Alpha", is_reseller=True, host=northgate)
    beta = factories.make_company("Beta", is_reseller=True, host=northgate)
    ripple = factories.make_company("Ripple", is_referral=True, host=northgate)
    vertex = factories.make_company("Vertex", is_developer=True)
    customer = factories.make_company("Contoso")
    marketplace = factories.make_marketplace(northgate, "Northgate Store")
    product = factories.make_product(vertex, "Acme Backup")
    return Cast(
        northgate=northgate,
        southgate=southgate,
        alpha=alpha,
        beta=beta,
        ripple=ripple,
        vertex=vertex,
        customer=customer,
        marketplace=marketplace,
        product=product,
        listing=factories.make_listing(product, marketplace),
        olga=factories.make_person(
            northgate,
            Role.MARKETPLACE_MANAGER,
            email="olga@example.com",
            first_name="Olga",
            last_name="Orr",
        ),
        rita=factories.make_person(
            northgate,
            Role.RESELLER_MANAGER,
            email="rita@example.com",
            first_name="Rita",
            last_name="Rey",
        ),
        sam=factories.make_person(
            northgate, Role.SALES_SUPPORT, email="sam@example.com", first_name="Sam", last_name="Sy"
        ),
        ann=factories.make_person(
            alpha,
            Role.RESELLER,
            Role.COMPANY_ADMIN,
            email="ann@example.com",
            first_name="Ann",
            last_name="Abe",
        ),
        ben=factories.make_person(
            beta, Role.RESELLER, email="ben@example.com", first_name="Ben", last_name="Bo"
        ),
        ray=factories.make_person(
            ripple, Role.REFERRAL, email="ray@example.com", first_name="Ray", last_name="Ro"
        ),
        vera=factories.make_person(
            vertex, Role.VENDOR, email="vera@example.com", first_name="Vera", last_name="Vu"
        ),
        otto=factories.make_person(
            southgate,
            Role.MARKETPLACE_MANAGER,
            email="otto@example.com",
            first_name="Otto",
            last_name="Oz",
        ),
        cleo=factories.make_person(
            customer,
            Role.USER,
            Role.COMPANY_ADMIN,
            email="cleo@example.com",
            first_name="Cleo",
            last_name="Co",
        ),
    )


_PHOTOGRAPH = Photograph(_make_cast)


@pytest.fixture
def cast(db: None) -> Cast:
    """Put the cast on the stage."""
    return _PHOTOGRAPH.show()


@pytest.fixture(autouse=True)
def _mail_goes_to_the_outbox(settings):
    """Undo what Django's test runner does to mail: a message is a row here, as in life."""
    settings.EMAIL_BACKEND = "accounts.mail.OutboxBackend"


@pytest.fixture(autouse=True)
def _history_can_be_flushed(request):
    """Guard history before a test on a real transaction, and lift the guard for the flush that ends it."""
    from django.db import connection

    from leads.models.guards import install_guard, remove_guard

    if not {"transactional_db", "live_server"} & set(request.fixturenames):
        yield
        return
    request.getfixturevalue("transactional_db")
    install_guard(connection)
    yield
    remove_guard(connection)


@pytest.fixture(scope="session", autouse=True)
def _files_lie_elsewhere(tmp_path_factory):
    """Keep the files of leads that tests make or send out of the portal's own folder."""
    folder = tmp_path_factory.mktemp("var")
    django_settings.EXPORTS_DIR = folder / "exports"
    django_settings.IMPORTS_DIR = folder / "imports"


@pytest.fixture
def sign_in(client):
    """Return a function that signs an actor in and returns the test client."""
    from accounts.models import User

    def _sign_in(actor: Person):
        client.force_login(
            User.objects.get(pk=actor.user_id),
            backend="accounts.backends.PortalBackend",
        )
        return client

    return _sign_in


def pytest_collection_finish() -> None:
    """Keep thousands of tests out of the collector's sight, and let it look less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
