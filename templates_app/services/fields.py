"""The fields of a draft: add, change, remove, reorder. The template row is the lock for all of them."""

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext

from accounts.actors import Actor
from leadportal.common.errors import Invalid, NotFound
from templates_app.models import LeadTemplate, TemplateField, TemplateVersion
from templates_app.rules.fields import FIELDS_MOST, FieldSpec
from templates_app.rules.questions import make_key, problems, settled
from templates_app.selectors.lead_templates import published_keys
from templates_app.services.drafts import (
    COLUMNS,
    described,
    draft_to_change,
    editable_template,
    touch,
)


@transaction.atomic
def add_field(template: LeadTemplate, spec: FieldSpec, *, actor: Actor) -> TemplateField:
    """Store `spec` as the last field of the draft; its key is made from the label.

    Raises NotFound, Forbidden, Conflict (no draft, archived), Invalid (field setting → sentence).
    """
    row = editable_template(template, actor)
    draft = draft_to_change(row)
    fields = _fields(draft)
    if len(fields) >= FIELDS_MOST:
        raise Invalid(
            {"label": gettext("A template has at most %(most)s fields") % {"most": FIELDS_MOST}}
        )
    spec = _checked(settled(spec), fields)
    key = _new_key(row, spec, [field.key for field in fields])
    field = described(
        TemplateField(version=draft, position=len(fields) + 1), replace(spec, key=key)
    )
    field.save()
    touch(row, actor)
    return field


@transaction.atomic
def edit_field(template: LeadTemplate, key: str, spec: FieldSpec, *, actor: Actor) -> TemplateField:
    """Make the field `key` of the draft ask what `spec` says.

    The key stays once it was published: it is the same question then. With another type it becomes
    another question and gets a new key. Raises as `add_field`; NotFound also for an unknown key.
    """
    row = editable_template(template, actor)
    fields = _fields(draft_to_change(row))
    field = _one(fields, key)
    others = [other for other in fields if other is not field]
    spec = _checked(settled(spec), others)
    if published_keys(row).get(field.key) != spec.kind:
        key = _new_key(row, spec, [other.key for other in others])
    described(field, replace(spec, key=key)).save(update_fields=[*COLUMNS, "options"])
    touch(row, actor)
    return field


@transaction.atomic
def remove_field(template: LeadTemplate, key: str, *, actor: Actor) -> None:
    """Delete a field of the draft; published versions keep theirs. Raises NotFound, Forbidden, Conflict."""
    row = editable_template(template, actor)
    fields = _fields(draft_to_change(row))
    field = _one(fields, key)
    fields.remove(field)
    field.delete()
    _number(fields)
    touch(row, actor)


@transaction.atomic
def move_field(
    template: LeadTemplate, key: str, *, to: int, actor: Actor
) -> tuple[TemplateField, int]:
    """Put a field at position `to` (from 1; beyond the ends means the ends). Return it and how many there are.

    Raises NotFound, Forbidden, Conflict.
    """
    row = editable_template(template, actor)
    fields = _fields(draft_to_change(row))
    field = _one(fields, key)
    fields.remove(field)
    fields.insert(max(0, min(to - 1, len(fields))), field)
    _number(fields)
    touch(row, actor)
    return field, len(fields)


@transaction.atomic
def shift_field(
    template: LeadTemplate, key: str, *, by: int, actor: Actor
) -> tuple[TemplateField, int]:
    """Move a field `by` places from where it stands now: -1 up, 1 down. Return and raise as `move_field`."""
    row = editable_template(template, actor)
    field = _one(_fields(draft_to_change(row)), key)
    return move_field(template, key, to=field.position + by, actor=actor)


def _fields(draft: TemplateVersion) -> list[TemplateField]:
    return list(draft.fields.order_by("position", "pk"))


def _one(fields: list[TemplateField], key: str) -> TemplateField:
    field = next((one for one in fields if one.key == key), None)
    if field is None:
        raise NotFound
    return field


def _checked(spec: FieldSpec, others: list[TemplateField]) -> FieldSpec:
    found = problems(spec)
    if spec.maps_to and any(other.maps_to == spec.maps_to for other in others):
        found["maps_to"] = gettext("Another field already fills that part of a lead")
    if found:
        raise Invalid(found)
    return spec


def _new_key(template: LeadTemplate, spec: FieldSpec, in_draft: list[str]) -> str:
    """Avoid keys of the draft, and published ones of another type: those were other questions."""
    other_questions = [key for key, kind in published_keys(template).items() if kind != spec.kind]
    return make_key(spec.label, [*in_draft, *other_questions])


def _number(fields: list[TemplateField]) -> None:
    for position, field in enumerate(fields, start=1):
        field.position = position
    TemplateField.objects.bulk_update(fields, ["position"])
