"""Drafts, publishing, archiving: a published version never changes, whoever tries."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.actors import SYSTEM
from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound
from templates_app.enums import FieldKind, MapsTo, VersionState
from templates_app.models import Listing, TemplateField, TemplateVersion
from templates_app.rules.fields import FieldSpec
from templates_app.rules.publishing import fingerprint
from templates_app.selectors.lead_templates import draft_of, published_of, specs_of
from templates_app.selectors.public import public_form, reseller_form
from templates_app.services.fields import (
    add_field,
    edit_field,
    move_field,
    remove_field,
    shift_field,
)
from templates_app.services.lead_templates import (
    archive_template,
    choose_reseller_form,
    create_template,
    discard_draft,
    edit_template,
    publish_draft,
    start_draft,
)
from tests.factories import make_product, make_version

UNSAID = {"sends_acknowledgement": False, "acknowledgement": "", "masks_contact": False}
BUDGET = FieldSpec("", "Budget", FieldKind.MONEY, currency="EUR")
EMAIL = FieldSpec("", "Work email", FieldKind.EMAIL, is_required=True, maps_to=MapsTo.EMAIL)


@pytest.fixture
def template(cast):
    """Vera's template with one draft that asks for an email address and a budget."""
    made = create_template(cast.vertex, name="Contact us", product=cast.product, actor=cast.vera)
    add_field(made, EMAIL, actor=cast.vera)
    add_field(made, BUDGET, actor=cast.vera)
    return made


def keys(version: TemplateVersion) -> list[str]:
    return [spec.key for spec in specs_of(version)]


def test_a_template_starts_with_a_draft_and_the_usual_fields(cast):
    made = create_template(cast.vertex, name="Usual", with_contact_fields=True, actor=cast.vera)
    draft = draft_of(cast.vera, made)
    assert keys(draft) == ["first_name", "last_name", "email", "company"]
    assert made.updated_by_id == cast.vera.user_id
    publish_draft(made, actor=cast.vera)


def test_a_name_is_taken_once_per_company(cast, template):
    with pytest.raises(Invalid) as refusal:
        create_template(cast.vertex, name="Contact us", actor=cast.vera)
    assert refusal.value.errors == {"name": "There is already a template called Contact us"}
    create_template(cast.northgate, name="Contact us", actor=cast.olga)


def test_publishing_moves_the_listings_and_keeps_the_old_version(cast, template):
    first = publish_draft(template, actor=cast.vera)
    Listing.objects.filter(pk=cast.listing.pk).update(version=first)
    draft = start_draft(template, actor=cast.vera)
    assert keys(draft) == keys(first)
    edit_field(
        template,
        "budget",
        FieldSpec("", "Your budget", FieldKind.MONEY, currency="USD"),
        actor=cast.vera,
    )
    add_field(template, FieldSpec("", "Notes", FieldKind.LONG_TEXT), actor=cast.vera)
    second = publish_draft(template, actor=cast.vera)

    first.refresh_from_db()
    cast.listing.refresh_from_db()
    assert (first.state, second.state) == (VersionState.ARCHIVED, VersionState.PUBLISHED)
    assert cast.listing.version == second
    assert [spec.label for spec in specs_of(first)] == ["Work email", "Budget"]
    assert [spec.label for spec in specs_of(second)] == ["Work email", "Your budget", "Notes"]
    assert keys(second) == ["work_email", "budget", "notes"]


def test_nobody_publishes_what_they_have_not_seen(cast, template):
    seen = fingerprint(specs_of(draft_of(cast.vera, template)))
    add_field(template, FieldSpec("", "Late", FieldKind.SHORT_TEXT), actor=cast.vera)
    with pytest.raises(Conflict):
        publish_draft(template, seen=seen, actor=cast.vera)
    assert published_of(cast.vera, template) is None


def test_a_form_without_contact_is_not_published(cast, template):
    remove_field(template, "work_email", actor=cast.vera)
    with pytest.raises(Invalid):
        publish_draft(template, actor=cast.vera)


def test_a_published_version_is_never_changed(cast, template):
    version = publish_draft(template, actor=cast.vera)
    for change in (
        lambda: add_field(template, BUDGET, actor=cast.vera),
        lambda: edit_field(template, "budget", BUDGET, actor=cast.vera),
        lambda: remove_field(template, "budget", actor=cast.vera),
        lambda: move_field(template, "budget", to=1, actor=cast.vera),
        lambda: discard_draft(template, actor=cast.vera),
        lambda: publish_draft(template, actor=cast.vera),
    ):
        with pytest.raises(Conflict):
            change()
    assert keys(version) == ["work_email", "budget"]


def test_the_database_keeps_published_versions_too(cast, template):
    field = draft_of(cast.vera, template).fields.first()
    TemplateField.objects.filter(pk=field.pk).update(label="Email")  # control: a draft may change
    version = publish_draft(template, actor=cast.vera)
    attempts = [
        lambda: TemplateField.objects.filter(pk=field.pk).update(label="Fake"),
        lambda: TemplateField.objects.create(version=version, position=9, key="x", label="X"),
        lambda: TemplateVersion.objects.filter(pk=version.pk).update(state=VersionState.DRAFT),
        lambda: TemplateVersion.objects.filter(pk=version.pk).update(number=7),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert [spec.label for spec in specs_of(version)] == ["Email", "Budget"]


def test_two_drafts_cannot_stand_side_by_side(cast, template):
    assert start_draft(template, actor=cast.vera) == draft_of(cast.vera, template)
    with pytest.raises(IntegrityError), transaction.atomic():
        TemplateVersion.objects.create(template=template, number=2)
    with pytest.raises(Conflict):
        start_draft(template, from_number=1, actor=cast.vera)


def test_a_draft_that_was_never_published_is_archived_not_discarded(cast, template):
    with pytest.raises(Conflict):
        discard_draft(template, actor=cast.vera)
    publish_draft(template, actor=cast.vera)
    start_draft(template, actor=cast.vera)
    discard_draft(template, actor=cast.vera)
    assert template.versions.count() == 1


def test_an_old_version_is_copied_to_a_new_draft(cast, template):
    publish_draft(template, actor=cast.vera)
    start_draft(template, actor=cast.vera)
    remove_field(template, "budget", actor=cast.vera)
    publish_draft(template, actor=cast.vera)
    assert keys(start_draft(template, from_number=1, actor=cast.vera)) == ["work_email", "budget"]
    discard_draft(template, actor=cast.vera)
    with pytest.raises(NotFound):
        start_draft(template, from_number=9, actor=cast.vera)


def test_archiving_closes_the_forms_and_a_copy_brings_them_back(cast, template):
    version = publish_draft(template, actor=cast.vera)
    Listing.objects.filter(pk=cast.listing.pk).update(version=version)
    assert public_form(cast.listing.slug).is_open
    archive_template(template, actor=cast.vera)
    closed = public_form(cast.listing.slug)
    assert (closed.is_open, closed.specs) == (False, ())
    with pytest.raises(Conflict):
        archive_template(template, actor=cast.vera)
    start_draft(template, from_number=1, actor=cast.vera)
    publish_draft(template, actor=cast.vera)
    assert public_form(cast.listing.slug).is_open


def test_keys_stay_once_they_were_published(cast, template):
    edit_field(
        template, "budget", FieldSpec("", "Money", FieldKind.MONEY, currency="EUR"), actor=cast.vera
    )
    assert keys(draft_of(cast.vera, template)) == ["work_email", "money"]
    publish_draft(template, actor=cast.vera)
    start_draft(template, actor=cast.vera)
    edit_field(
        template, "money", FieldSpec("", "Budget", FieldKind.MONEY, currency="EUR"), actor=cast.vera
    )
    assert keys(draft_of(cast.vera, template)) == ["work_email", "money"]


def test_another_type_is_another_question_with_another_key(cast, template):
    publish_draft(template, actor=cast.vera)
    start_draft(template, actor=cast.vera)
    edit_field(template, "budget", FieldSpec("", "Budget", FieldKind.NUMBER), actor=cast.vera)
    assert keys(draft_of(cast.vera, template)) == ["work_email", "budget_2"]
    remove_field(template, "budget_2", actor=cast.vera)
    added = add_field(template, BUDGET, actor=cast.vera)
    assert added.key == "budget"  # the published question comes back


def test_fields_move_and_stay_numbered(cast, template):
    add_field(template, FieldSpec("", "Notes", FieldKind.LONG_TEXT), actor=cast.vera)
    draft = draft_of(cast.vera, template)
    assert move_field(template, "notes", to=1, actor=cast.vera)[1] == 3
    assert keys(draft) == ["notes", "work_email", "budget"]
    for _ in range(5):
        field, count = shift_field(template, "notes", by=1, actor=cast.vera)
    assert (field.position, count, keys(draft)) == (3, 3, ["work_email", "budget", "notes"])
    shift_field(template, "notes", by=-1, actor=cast.vera)
    remove_field(template, "work_email", actor=cast.vera)
    assert keys(draft) == ["notes", "budget"]
    assert list(draft.fields.values_list("position", flat=True)) == [1, 2]
    with pytest.raises(NotFound):
        move_field(template, "gone", to=1, actor=cast.vera)


def test_a_part_of_the_lead_is_filled_once(cast, template):
    with pytest.raises(Invalid) as refusal:
        add_field(template, EMAIL, actor=cast.vera)
    assert refusal.value.errors == {"maps_to": "Another field already fills that part of a lead"}


def test_a_template_has_at_most_sixty_fields(cast, template):
    for number in range(58):
        add_field(template, FieldSpec("", f"Field {number}", FieldKind.SHORT_TEXT), actor=cast.vera)
    with pytest.raises(Invalid):
        add_field(template, FieldSpec("", "One more", FieldKind.SHORT_TEXT), actor=cast.vera)


def test_only_the_owner_changes_a_template(cast, template):
    version = publish_draft(template, actor=cast.vera)
    Listing.objects.filter(pk=cast.listing.pk).update(version=version)
    for actor, refusal in (
        (cast.olga, Forbidden),  # sees it: it is live in her marketplace
        (cast.rita, Forbidden),
        (cast.otto, NotFound),
        (cast.ann, NotFound),
    ):
        for change in (
            lambda actor=actor: start_draft(template, actor=actor),
            lambda actor=actor: archive_template(template, actor=actor),
            lambda actor=actor: edit_template(
                template, name="Mine", product=None, **UNSAID, actor=actor
            ),
        ):
            with pytest.raises(refusal):
                change()
    with pytest.raises(Forbidden):
        create_template(cast.northgate, name="X", actor=cast.vera)
    with pytest.raises(Forbidden):
        create_template(cast.alpha, name="X", actor=SYSTEM)


def test_a_template_takes_only_products_of_its_own_company(cast, template):
    foreign = make_product(cast.southgate, "Other")
    with pytest.raises(NotFound):
        edit_template(template, name="Contact us", product=foreign, **UNSAID, actor=cast.vera)
    with pytest.raises(NotFound):
        create_template(cast.vertex, name="X", product=foreign, actor=cast.vera)


def test_a_listed_template_is_not_bound_to_another_product(cast, template):
    version = publish_draft(template, actor=cast.vera)
    Listing.objects.filter(pk=cast.listing.pk).update(version=version)
    other = make_product(cast.vertex, "Other")
    with pytest.raises(Invalid):
        edit_template(template, name="Contact us", product=other, **UNSAID, actor=cast.vera)
    edit_template(template, name="Contact us", product=None, **UNSAID, actor=cast.vera)


def test_one_template_is_asked_on_reseller_pages(cast):
    first = make_version(cast.northgate)
    second = make_version(cast.northgate)
    choose_reseller_form(first.template, actor=cast.olga)
    choose_reseller_form(second.template, actor=cast.olga)
    assert reseller_form(cast.northgate) == second
    archive_template(second.template, actor=cast.olga)
    assert reseller_form(cast.northgate) is None
    draft = create_template(cast.northgate, name="Draft", actor=cast.olga)
    with pytest.raises(Conflict):
        choose_reseller_form(draft, actor=cast.olga)
    own = make_version(cast.vertex)
    with pytest.raises(Forbidden):
        choose_reseller_form(own.template, actor=cast.vera)
