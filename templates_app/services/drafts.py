"""The draft of a locked template: every change of it goes through here, and the template is the lock."""

from collections.abc import Sequence

from django.utils.translation import gettext

from accounts.actors import Actor
from leadportal.common import clock
from leadportal.common.errors import Conflict
from templates_app.enums import DraftChangeKind, VersionState
from templates_app.models import DraftChange, LeadTemplate, TemplateField, TemplateVersion
from templates_app.rules.drafts import is_same_change, plain
from templates_app.rules.fields import FieldSpec
from templates_app.rules.permissions import may_edit_template
from templates_app.services.rows import forbid_unless, locked, user_id_of

COLUMNS = (
    "key",
    "label",
    "kind",
    "help_text",
    "is_required",
    "max_length",
    "min_value",
    "max_value",
    "currency",
    "maps_to",
    "link",
)


def editable_template(
    template: LeadTemplate, actor: Actor, *, archived_too: bool = False
) -> LeadTemplate:
    """Return the template locked. Raises NotFound, Forbidden, Conflict (archived)."""
    row = locked(LeadTemplate.objects.visible_to(actor), template.pk)
    forbid_unless(may_edit_template(actor, row.owner_id))
    if row.is_archived and not archived_too:
        raise Conflict(
            gettext("This template is archived. Copy a version to a new draft to use it again.")
        )
    return row


def draft_to_change(template: LeadTemplate) -> TemplateVersion:
    """Return the draft of a locked template. Raises Conflict when there is none."""
    draft = template.versions.filter(state=VersionState.DRAFT).first()
    if draft is None:
        raise Conflict(gettext("This template has no draft. Start one to change it."))
    return draft


def touch(template: LeadTemplate, actor: Actor, *changed: str) -> None:
    """Store the columns in `changed`, and who changed the template last."""
    template.updated_at, template.updated_by_id = clock.now(), user_id_of(actor)
    template.save(update_fields=[*changed, "updated_at", "updated_by"])


def store_fields(version: TemplateVersion, specs: Sequence[FieldSpec]) -> None:
    """Store `specs` as the fields of a draft that has none, in their order."""
    TemplateField.objects.bulk_create(
        described(TemplateField(version=version, position=position), spec)
        for position, spec in enumerate(specs, start=1)
    )


def described(field: TemplateField, spec: FieldSpec) -> TemplateField:
    """Return `field`, unsaved, asking what `spec` says."""
    for column in COLUMNS:
        setattr(field, column, getattr(spec, column))
    field.options = list(spec.options)
    return field


def fields_of_draft(draft: TemplateVersion) -> list[TemplateField]:
    """Return the fields of a draft in their order."""
    return list(draft.fields.order_by("position", "pk"))


def remember(
    draft: TemplateVersion,
    kind: DraftChangeKind,
    before: Sequence[FieldSpec],
    *,
    key: str = "",
    new_key: str = "",
    label: str = "",
    actor: Actor,
) -> None:
    """Keep what the draft was before this change, so that it can be undone; the change before is forgotten.

    Somebody who goes on changing the field `key` makes one change of it all: `before` stays as it was.
    """
    by, moment = user_id_of(actor), clock.now()
    last = DraftChange.objects.filter(version=draft).first()
    values = {"key": new_key or key, "label": label, "at": moment}
    if last and is_same_change(last, kind=kind, key=key, by=by, at=moment):
        DraftChange.objects.filter(pk=last.pk).update(**values)
        return
    DraftChange.objects.filter(version=draft).delete()
    stored = [plain(spec) for spec in before]
    DraftChange.objects.create(version=draft, kind=kind, before=stored, by_id=by, **values)
