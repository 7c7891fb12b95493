"""Scoring rules: begin, change a draft, publish. The sheet's row is the lock; what was published never changes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.services.jobs import enqueue_job
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound
from leads.models import ScoreSheet, SheetVersion, Target
from leads.rules.permissions import may_edit_sheet
from leads.rules.scoring.kinds import SheetState
from leads.rules.scoring.sheet import RULES_MOST, Bounds, Rule, Sheet, new_key, plain
from templates_app.models import Product

# The kind of the job that follows publishing.
RECALCULATE = "recalculate_scores"

Rules = list[Rule]


@transaction.atomic
def begin_sheet(*, product: Product | None, actor: Person) -> ScoreSheet:
    """Begin the rules of the actor's host, or of a `product` of its company, with an empty draft.

    Where there are some already, those are returned. Raises Forbidden; NotFound for somebody else's product.
    """
    is_of_product = product is not None
    if not may_edit_sheet(actor, company_id=actor.company_id, is_of_product=is_of_product):
        raise Forbidden
    if product is not None and product.vendor_id != actor.company_id:
        raise NotFound
    known = ScoreSheet.objects.filter(company=actor.company_id, product=product)
    if (sheet := known.first()) is not None:
        return sheet
    try:
        with transaction.atomic():
            sheet = ScoreSheet.objects.create(
                company_id=actor.company_id, product=product, updated_by_id=actor.user_id
            )
    except IntegrityError:  # a colleague began at the same moment
        return known.get()
    SheetVersion.objects.create(sheet=sheet, number=1)
    return sheet


@transaction.atomic
def start_draft(sheet: ScoreSheet, *, number: int | None = None, actor: Person) -> SheetVersion:
    """Return the draft to work on: the present one, or a copy of version `number` (else of the newest).

    Raises NotFound, Forbidden; Conflict when a copy is asked for while there is a draft.
    """
    row = locked_sheet(sheet, actor)
    versions = list(row.versions.order_by("-number"))
    draft = next((one for one in versions if one.state == SheetState.DRAFT), None)
    if draft is not None:
        if number is not None:
            raise Conflict(_("There is already a draft. Publish or discard it first."))
        return draft
    source = next((one for one in versions if number in {None, one.number}), None)
    if source is None:
        raise NotFound
    copy = SheetVersion(sheet=row, number=versions[0].number + 1, rules=source.rules)
    for name in ("fit_least", "fit_most", "behaviour_least", "behaviour_most"):
        setattr(copy, name, getattr(source, name))
    copy.threshold, copy.emails, copy.targets = source.threshold, source.emails, source.targets
    copy.save()
    _touch(row, actor)
    return copy


@transaction.atomic
def discard_draft(sheet: ScoreSheet, *, actor: Person) -> None:
    """Delete the draft. Raises NotFound, Forbidden, Conflict (no draft, or nothing else was ever published)."""
    row = locked_sheet(sheet, actor)
    draft = draft_of(row)
    if not row.versions.exclude(pk=draft.pk).exists():
        raise Conflict(_("These rules were never published: there is nothing to go back to."))
    draft.delete()
    _touch(row, actor)


# --- The rules of a draft ---------------------------------------------------------------------------


@transaction.atomic
def add_rule(sheet: ScoreSheet, rule: Rule, *, actor: Person) -> Rule:
    """Add a rule as the last of its group; it gets a key. Raises NotFound, Forbidden, Conflict, Invalid."""

    def change(rules: Rules) -> Rule:
        if len(rules) >= RULES_MOST:
            raise Invalid({"__all__": _("There can be at most %(n)s rules.") % {"n": RULES_MOST}})
        return _append(rules, rule)

    return _change_rules(sheet, change, actor)


@transaction.atomic
def edit_rule(sheet: ScoreSheet, key: str, rule: Rule, *, actor: Person) -> Rule:
    """Make the rule `key` what `rule` says; its place, and whether it is on, stay. Raises as `add_rule`."""

    def change(rules: Rules) -> Rule:
        place = _place(rules, key)
        rules[place] = replace(rule, key=key, is_on=rules[place].is_on)
        return rules[place]

    return _change_rules(sheet, change, actor)


@transaction.atomic
def copy_rule(sheet: ScoreSheet, key: str, *, actor: Person) -> Rule:
    """Add a copy of the rule `key` right behind it. Raises as `add_rule`."""

    def change(rules: Rules) -> Rule:
        place = _place(rules, key)
        if len(rules) >= RULES_MOST:
            raise Conflict(_("There can be at most %(n)s rules.") % {"n": RULES_MOST})
        copy = replace(rules[place], key=new_key(rule.key for rule in rules))
        rules.insert(place + 1, copy)
        return copy

    return _change_rules(sheet, change, actor)


@transaction.atomic
def remove_rule(sheet: ScoreSheet, key: str, *, actor: Person) -> Rule:
    """Remove the rule `key`. Raises as `add_rule`."""
    return _change_rules(sheet, lambda rules: rules.pop(_place(rules, key)), actor)


@transaction.atomic
def switch_rule(sheet: ScoreSheet, key: str, *, is_on: bool, actor: Person) -> Rule:
    """Let the rule `key` count, or not. Raises as `add_rule`."""

    def change(rules: Rules) -> Rule:
        place = _place(rules, key)
        rules[place] = replace(rules[place], is_on=is_on)
        return rules[place]

    return _change_rules(sheet, change, actor)


@transaction.atomic
def move_rule(
    sheet: ScoreSheet, key: str, *, by: int = 0, to: int | None = None, actor: Person
) -> tuple[Rule, int, int]:
    """Move the rule `key` among those of its group, by -1 up or 1 down, or to the place `to` (from 1).

    Return it, its place there, and how many they are. Raises as `add_rule`.
    """
    where = []

    def change(rules: Rules) -> Rule:
        moved = rules[_place(rules, key)]
        group = [rule for rule in rules if rule.group == moved.group]
        place = _place(group, key)
        wanted = place + by if to is None else to - 1
        new = max(0, min(wanted, len(group) - 1))
        group.insert(new, group.pop(place))
        others = [rule for rule in rules if rule.group != moved.group]
        rules[:] = sorted([*group, *others], key=lambda rule: rule.group != "fit")
        where.extend([new + 1, len(group)])
        return moved

    moved = _change_rules(sheet, change, actor)
    return moved, where[0], where[1]


def _append(rules: Rules, rule: Rule) -> Rule:
    added = replace(rule, key=new_key(one.key for one in rules), is_on=True)
    rules.append(added)
    rules.sort(key=lambda one: one.group != "fit")  # stable: fit first, each group in its order
    return added


def _change_rules(sheet: ScoreSheet, change: Callable[[Rules], Rule], actor: Person) -> Rule:
    row = locked_sheet(sheet, actor)
    draft = draft_of(row)
    rules = list(draft.content.rules)
    rule = change(rules)
    draft.rules = [plain(one) for one in rules]
    draft.save(update_fields=["rules"])
    _touch(row, actor)
    return rule


def _place(rules: Sequence[Rule], key: str) -> int:
    for place, rule in enumerate(rules):
        if rule.key == key:
            return place
    raise NotFound


@transaction.atomic
def set_threshold(
    sheet: ScoreSheet,
    *,
    threshold: int | None,
    fit: Bounds,
    behaviour: Bounds,
    emails: Sequence[str],
    targets: Sequence[Target],
    actor: Person,
) -> SheetVersion:
    """Set what is around the rules of the draft: threshold, limits of both groups, and who is told.

    `targets` are Slack channels and webhooks of the company. Raises NotFound, Forbidden, Conflict, Invalid.
    """
    row = locked_sheet(sheet, actor)
    draft = draft_of(row)
    for name, bounds in (("fit", fit), ("behaviour", behaviour)):
        if bounds.least is not None and bounds.most is not None and bounds.least > bounds.most:
            sentence = _("The most points must be the same as or more than the least")
            raise Invalid({f"{name}_most": sentence})
    if any(one.company_id != row.company_id for one in targets):
        raise NotFound
    values: dict[str, Any] = {
        "threshold": threshold,
        "fit_least": fit.least,
        "fit_most": fit.most,
        "behaviour_least": behaviour.least,
        "behaviour_most": behaviour.most,
        "emails": list(emails),
        "targets": [one.pk for one in targets],
    }
    for name, value in values.items():
        setattr(draft, name, value)
    draft.save(update_fields=list(values))
    _touch(row, actor)
    return draft


# --- Publish ------------------------------------------------------------------------------------------


@transaction.atomic
def publish_draft(sheet: ScoreSheet, *, seen: Sheet | None = None, actor: Person) -> SheetVersion:
    """Let the draft count from now on; the worker gives every open lead its new score.

    What is written to leads meanwhile is scored by the new version at once. `seen` is what the person was shown.
    Raises NotFound, Forbidden, Conflict (no draft, or it changed since).
    """
    row = locked_sheet(sheet, actor)
    draft = draft_of(row)
    if seen is not None and seen != draft.content:
        raise Conflict(
            _("Somebody changed the draft meanwhile. Look at it again, then publish it.")
        )
    row.versions.filter(state=SheetState.PUBLISHED).update(state=SheetState.ARCHIVED)
    draft.state, draft.published_at = SheetState.PUBLISHED, clock.now()
    draft.published_by_id, draft.trial = actor.user_id, {}
    draft.save(update_fields=["state", "published_at", "published_by", "trial"])
    row.recalculation = enqueue_job(RECALCULATE, sheet=row.pk, version=draft.pk)
    _touch(row, actor, "recalculation")
    return draft


def locked_sheet(sheet: ScoreSheet, actor: Person) -> ScoreSheet:
    """Return the sheet locked. Raises NotFound, Forbidden."""
    rows = ScoreSheet.objects.visible_to(actor).order_by("pk").select_for_update(no_key=True)
    row = rows.filter(pk=sheet.pk).first()
    if row is None:
        raise NotFound
    is_of_product = row.product_id is not None
    if not may_edit_sheet(actor, company_id=row.company_id, is_of_product=is_of_product):
        raise Forbidden(_("Your role can read this page, but not change it."))
    return row


def draft_of(sheet: ScoreSheet) -> SheetVersion:
    """Return the draft of a locked sheet. Raises Conflict when there is none."""
    draft = sheet.versions.filter(state=SheetState.DRAFT).first()
    if draft is None:
        raise Conflict(_("These rules have no draft. Start one to change them."))
    return draft


def _touch(sheet: ScoreSheet, actor: Person, *changed: str) -> None:
    sheet.updated_at, sheet.updated_by_id = clock.now(), actor.user_id
    sheet.save(update_fields=[*changed, "updated_at", "updated_by"])
