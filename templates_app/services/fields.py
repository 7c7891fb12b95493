"""The fields of a draft: add, change, remove, reorder. The template row is the lock for all of them."""

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext

from accounts.actors import Actor
from leadportal.common.errors import Conflict, Invalid, NotFound
from templates_app.enums import DraftChangeKind
from templates_app.models import DraftChange, LeadTemplate, TemplateField
from templates_app.rules.drafts import spec_of
from templates_app.rules.fields import FIELDS_MOST, FieldSpec
from templates_app.rules.questions import make_key, problems, settled
from templates_app.selectors.lead_templates import published_keys
from templates_app.services.drafts import (
    COLUMNS,
    described,
    draft_to_change,
    editable_template,
    fields_of_draft,
    remember,
    store_fields,
    touch,
)


@transaction.atomic
def add_field(template: LeadTemplate, spec: FieldSpec, *, actor: Actor) -> TemplateField:
    """Store `spec` as the last field of the draft; its key is made from the label.

    Raises NotFound, Forbidden, Conflict (no draft, archived), Invalid (field setting → sentence).
    """
    row = editable_template(template, actor)
    draft = draft_to_change(row)
    fields = fields_of_draft(draft)
    if len(fields) >= FIELDS_MOST:
        raise Invalid(
            {"label": gettext("A template has at most %(most)s fields") % {"most": FIELDS_MOST}}
        )
    spec = _checked(settled(spec), fields)
    key = _new_key(row, spec, [field.key for field in fields])
    field = described(
        TemplateField(version=draft, position=len(fields) + 1), replace(spec, key=key)
    )
    before = _specs(fields)
    remember(draft, DraftChangeKind.ADDED, before, key=key, label=spec.label, actor=actor)
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
    draft = draft_to_change(row)
    fields = fields_of_draft(draft)
    field, before = _one(fields, key), _specs(fields)
    others = [other for other in fields if other is not field]
    spec = _checked(settled(spec), others)
    new_key = key
    if published_keys(row).get(key) != spec.kind:
        new_key = _new_key(row, spec, [other.key for other in others])
    spec = replace(spec, key=new_key)
    if spec == field.spec:
        return field
    keys = {"key": key, "new_key": new_key}
    remember(draft, DraftChangeKind.CHANGED, before, **keys, label=spec.label, actor=actor)
    described(field, spec).save(update_fields=[*COLUMNS, "options"])
    touch(row, actor)
    return field


@transaction.atomic
def remove_field(template: LeadTemplate, key: str, *, actor: Actor) -> None:
    """Delete a field of the draft; published versions keep theirs. Raises NotFound, Forbidden, Conflict."""
    row = editable_template(template, actor)
    draft = draft_to_change(row)
    fields = fields_of_draft(draft)
    field, before = _one(fields, key), _specs(fields)
    remember(draft, DraftChangeKind.REMOVED, before, key=key, label=field.label, actor=actor)
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
    draft = draft_to_change(row)
    fields = fields_of_draft(draft)
    field, before = _one(fields, key), _specs(fields)
    fields.remove(field)
    fields.insert(max(0, min(to - 1, len(fields))), field)
    if _specs(fields) != before:
        remember(draft, DraftChangeKind.MOVED, before, key=key, label=field.label, actor=actor)
        _number(fields)
        touch(row, actor)
    return field, len(fields)


@transaction.atomic
def shift_field(
    template: LeadTemplate, key: str, *, by: int, actor: Actor
) -> tuple[TemplateField, int]:
    """Move a field `by` places from where it stands now: -1 up, 1 down. Return and raise as `move_field`."""
    row = editable_template(template, actor)
    field = _one(fields_of_draft(draft_to_change(row)), key)
    return move_field(template, key, to=field.position + by, actor=actor)


@transaction.atomic
def undo_change(template: LeadTemplate, *, change: int, actor: Actor) -> DraftChange:
    """Put the draft back to what it was before its last change; return that change.

    `change` is the change that the person was shown (its pk). Undoing is a change itself, so that it can be
    undone, too. Raises NotFound, Forbidden, Conflict (no draft; changed once more; nothing to undo).
    """
    row = editable_template(template, actor)
    draft = draft_to_change(row)
    last = DraftChange.objects.filter(version=draft).first()
    if last is None or last.pk != change:
        raise Conflict(gettext("The draft was changed once more meanwhile. Look at it again."))
    fields = fields_of_draft(draft)
    remember(draft, DraftChangeKind.UNDONE, _specs(fields), label=last.label, actor=actor)
    draft.fields.all().delete()
    store_fields(draft, [spec_of(stored) for stored in last.before])
    touch(row, actor)
    return last


def _specs(fields: list[TemplateField]) -> list[FieldSpec]:
    return [field.spec for field in fields]


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
