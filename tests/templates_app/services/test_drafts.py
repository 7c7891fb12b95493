"""The last change of a draft can be undone, once, and undoing can be undone (ux.md T5)."""

from decimal import Decimal

import pytest

from leadportal.common import clock
from leadportal.common.errors import Conflict
from templates_app.enums import DraftChangeKind, FieldKind, MapsTo, VersionState
from templates_app.models import DraftChange
from templates_app.rules.drafts import ONE_CHANGE, plain, spec_of
from templates_app.rules.fields import FieldSpec
from templates_app.selectors.lead_templates import specs_of
from templates_app.services.fields import (
    add_field,
    edit_field,
    move_field,
    remove_field,
    undo_change,
)
from templates_app.services.lead_templates import publish_draft
from tests.factories import make_version

FULL = FieldSpec(
    "size", "Size", FieldKind.CHOICE, "Why", True, ("1–9", "10+"), None, Decimal("1.50"), None, "", MapsTo.SIZE
)  # fmt: skip


@pytest.fixture
def draft(cast):
    return make_version(cast.vertex, VersionState.DRAFT)


def change_of(draft) -> DraftChange:
    return DraftChange.objects.get(version=draft)


def budget(label: str) -> FieldSpec:
    return FieldSpec("", label, FieldKind.NUMBER)


def undo(draft, actor):
    return undo_change(draft.template, change=change_of(draft).pk, actor=actor)


def test_a_question_is_kept_as_it_is(draft):
    DraftChange.objects.create(version=draft, kind="moved", before=[plain(FULL)])
    assert spec_of(change_of(draft).before[0]) == FULL


CHANGES = {
    DraftChangeKind.ADDED: lambda t, a: add_field(t, budget("Seats"), actor=a),
    DraftChangeKind.CHANGED: lambda t, a: edit_field(t, "budget", budget("Money"), actor=a),
    DraftChangeKind.REMOVED: lambda t, a: remove_field(t, "email", actor=a),
    DraftChangeKind.MOVED: lambda t, a: move_field(t, "budget", to=1, actor=a),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_each_change_is_undone_and_had_back(cast, draft, kind):
    before = specs_of(draft)
    CHANGES[kind](draft.template, cast.vera)
    after = specs_of(draft)
    assert after != before
    assert change_of(draft).kind == kind
    undo(draft, cast.vera)
    assert specs_of(draft) == before
    assert change_of(draft).kind == DraftChangeKind.UNDONE
    undo(draft, cast.vera)
    assert specs_of(draft) == after


def test_typing_a_label_is_one_change_until_one_pauses(cast, draft):
    before = specs_of(draft)
    key = "budget"
    for label in ("Mo", "Mon", "Money"):
        key = edit_field(draft.template, key, budget(label), actor=cast.vera).key
    typed = specs_of(draft)
    edit_field(
        draft.template, key, budget("Money"), actor=cast.vera
    )  # nothing new: nothing to undo
    with clock.at(clock.now() + ONE_CHANGE):
        edit_field(draft.template, key, budget("Cash"), actor=cast.vera)
        undo(draft, cast.vera)
    assert specs_of(draft) == typed
    DraftChange.objects.all().delete()
    added = add_field(draft.template, budget("S"), actor=cast.vera)
    edit_field(draft.template, added.key, budget("Seats"), actor=cast.vera)
    undo(draft, cast.vera)
    assert specs_of(draft) == typed != before


def test_another_persons_change_is_never_undone_by_mistake(cast, draft):
    remove_field(draft.template, "budget", actor=cast.vera)
    shown = change_of(draft).pk
    remove_field(draft.template, "company", actor=cast.vera)
    with pytest.raises(Conflict, match="changed once more"):
        undo_change(draft.template, change=shown, actor=cast.vera)
    assert len(specs_of(draft)) == 3


def test_nothing_is_undone_once_it_is_published(cast, draft):
    move_field(draft.template, "budget", to=1, actor=cast.vera)
    shown = change_of(draft).pk
    publish_draft(draft.template, actor=cast.vera)
    assert not DraftChange.objects.exists()
    with pytest.raises(Conflict):
        undo_change(draft.template, change=shown, actor=cast.vera)
