"""Django admin of the catalogue: staff read everything and change little, through the services."""

import pytest
from django.urls import reverse

from accounts.models import User
from templates_app.enums import AttributeKind
from templates_app.models import DraftChange
from templates_app.services.attributes import Definition, create_attribute

MODELS = [
    "marketplace", "product", "listing", "customattribute", "leadtemplate", "templateversion", "templatefield",
    "draftchange",
]  # fmt: skip


@pytest.fixture
def staff(client, db):
    """The test client of a member of staff."""
    user = User.objects.create_superuser("staff@example.com", "x")
    client.force_login(user, backend="accounts.backends.PortalBackend")
    return client


@pytest.fixture
def rows(cast):
    """One row of every model."""
    attribute = create_attribute(
        cast.northgate, kind=AttributeKind.TEXT, definition=Definition("Budget"), actor=cast.olga
    )
    version = cast.listing.version
    return {
        "marketplace": cast.marketplace,
        "product": cast.product,
        "listing": cast.listing,
        "customattribute": attribute,
        "leadtemplate": version.template,
        "templateversion": version,
        "templatefield": version.fields.first(),
        "draftchange": DraftChange.objects.create(version=version, kind="moved"),
    }


def page(model: str, name: str = "changelist", *args) -> str:
    return reverse(f"admin:templates_app_{model}_{name}", args=args)


@pytest.mark.parametrize("model", MODELS)
def test_every_model_is_listed_searched_and_opened(rows, staff, model):
    row = rows[model]
    assert staff.get(page(model)).status_code == 200
    assert staff.get(page(model), {"q": "a\u00e9'\""}).status_code == 200
    assert staff.get(page(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_made_or_deleted(rows, staff, model):
    row = rows[model]
    assert staff.get(page(model, "add")).status_code == 403
    assert staff.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", ["leadtemplate", "templateversion", "templatefield"])
def test_templates_are_only_read(rows, staff, model):
    row = rows[model]
    assert staff.post(page(model, "change", row.pk), {"name": "X", "label": "X"}).status_code == 403


def test_names_go_through_the_cleaner_and_the_service(rows, cast, staff):
    staff.post(
        page("marketplace", "change", cast.marketplace.pk),
        {"name": " New\x00 \u202e name ", "is_active": "on"},
    )
    cast.marketplace.refresh_from_db()
    assert cast.marketplace.name == "New name"
    product = {"name": "Renamed", "kind": "2", "summary": "", "description": "", "is_active": "on"}
    staff.post(page("product", "change", cast.product.pk), product)
    cast.product.refresh_from_db()
    assert (cast.product.name, cast.product.kind) == ("Renamed", 2)
    answer = staff.post(page("product", "change", cast.product.pk), {**product, "name": "x" * 200})
    assert "Name must be 120 characters or fewer" in answer.content.decode()


def test_staff_switch_listings_and_attributes_off_and_on(rows, cast, staff):
    for model in ("listing", "customattribute"):
        row = rows[model]
        for data, state in (({}, False), ({"is_active": "on"}, True)):
            staff.post(page(model, "change", row.pk), data)
            row.refresh_from_db()
            assert row.is_active is state
            assert row.slug if model == "listing" else row.key == "budget"
