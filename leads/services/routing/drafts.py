"""Edit the draft of a host's rule book: rules and territories, one change at a time, under the draft's lock."""

import secrets
from collections.abc import Callable
from dataclasses import replace

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.enums import Role
from accounts.models import Company
from leadportal.common import clock
from leadportal.common.errors import Forbidden, Invalid, NotFound
from leads.models import RoutingVersion
from leads.rules.permissions import manages_routing
from leads.rules.routing.book import Book, Condition, Gives, Member, Rule, Territory
from leads.rules.routing.grants import foreign_rules
from leads.selectors.routing import live_version

MOST_RULES, MOST_TERRITORIES = 200, 500


def new_key() -> str:
    """Return a key for a rule, a condition or a territory."""
    return secrets.token_hex(5)


@transaction.atomic
def change_draft(change: Callable[[Book], Book], *, actor: Person) -> RoutingVersion:
    """Write what `change` makes of the draft's book; the first change begins a draft, a copy of what counts.

    Raises NotFound for who has no rules, Forbidden for a reseller manager where the change touches rules that give
    leads to others than its programme; and what `change` raises.
    """
    version = held_draft(actor)
    before = version.rules
    after = change(before)
    check_programme(before, after, actor=actor)
    if after != before:
        version.book = after.plain()
        version.changed_at, version.changed_by_id = clock.now(), actor.user_id
        version.save(update_fields=["book", "changed_at", "changed_by"])
    return version


def held_draft(actor: Person) -> RoutingVersion:
    """Lock the draft of the actor's host, which is made when there is none, until the transaction ends."""
    if not manages_routing(actor):
        raise NotFound
    # The host's row orders two who begin a draft at once.
    Company.objects.select_for_update(of=("self",)).get(pk=actor.company_id)
    versions = RoutingVersion.objects.visible_to(actor)
    draft = versions.draft().select_for_update(of=("self",)).first()
    if draft is not None:
        return draft
    live = live_version(actor.company_id)
    last = versions.aggregate(number=Max("number"))["number"] or 0
    return RoutingVersion.objects.create(
        host_id=actor.company_id,
        number=last + 1,
        book=(live.rules if live else Book()).plain(),
        changed_by_id=actor.user_id,
    )


def check_programme(before: Book, after: Book, *, actor: Person) -> None:
    """Refuse what a reseller manager may not change. Raises Forbidden with a sentence that names the rule."""
    if actor.has(Role.MARKETPLACE_MANAGER) or before == after:
        return
    companies = {
        one.company_id for book in (before, after) for rule in book.rules for one in rule.members
    }
    partners = Company.objects.programme_of(actor.company_id).filter(pk__in=companies)
    foreign = foreign_rules(before, after, set(partners.values_list("pk", flat=True)))
    if foreign:
        raise Forbidden(
            _(
                "The rule “%(rule)s” gives leads to others than your programme. Ask a marketplace manager to change it."
            )
            % {"rule": foreign[0].name}
        )


@transaction.atomic
def discard_draft(*, actor: Person) -> None:
    """Throw the draft away: the next change begins with what counts. Raises like `change_draft`."""
    draft = held_draft(actor)
    live = live_version(actor.company_id)
    check_programme(draft.rules, live.rules if live else Book(), actor=actor)
    draft.delete()


# --- Rules ----------------------------------------------------------------------------------------


def add_rule(name: str, *, actor: Person) -> str:
    """Add a rule before *Otherwise*, switched off until it says for whom; return its key."""
    rule = Rule(new_key(), name, is_on=False)

    def _add(book: Book) -> Book:
        if len(book.rules) > MOST_RULES:
            raise Invalid(
                {"name": _("There are %(n)s rules already. Remove one first.") % {"n": MOST_RULES}}
            )
        _refuse_twice(book, rule)
        return book.with_rule(rule)

    change_draft(_add, actor=actor)
    return rule.key


def name_rule(key: str, *, name: str, is_on: bool, actor: Person) -> None:
    """Rename a rule and switch it on or off; *Otherwise* keeps its name and stays on."""

    def _name(book: Book) -> Book:
        rule = replace(known_rule(book, key), name=name, is_on=is_on)
        if rule.is_otherwise:
            return book
        _refuse_twice(book, rule)
        return book.with_rule(rule)

    change_draft(_name, actor=actor)


def put_condition(key: str, condition: Condition, *, actor: Person) -> None:
    """Add a condition to a rule, or change the one of its key. *Otherwise* has none."""

    def _put(book: Book) -> Book:
        rule = known_rule(book, key)
        if rule.is_otherwise:
            raise NotFound
        others = [condition if one.key == condition.key else one for one in rule.conditions]
        if condition not in others:
            others.append(condition)
        return book.with_rule(replace(rule, conditions=tuple(others)))

    change_draft(_put, actor=actor)


def remove_condition(key: str, condition: str, *, actor: Person) -> None:
    """Take a condition out of a rule; one that is gone already is left so."""

    def _remove(book: Book) -> Book:
        rule = known_rule(book, key)
        left = tuple(one for one in rule.conditions if one.key != condition)
        return book.with_rule(replace(rule, conditions=left))

    change_draft(_remove, actor=actor)


def set_target(key: str, gives: Gives, members: tuple[Member, ...] = (), *, actor: Person) -> None:
    """Say whom a rule gives its leads to; one that said nobody so far is switched on by it."""

    def _set(book: Book) -> Book:
        rule = known_rule(book, key)
        is_first = rule.gives == Gives.NOBODY and gives != Gives.NOBODY
        changed = replace(rule, gives=gives, members=members, is_on=rule.is_on or is_first)
        return book.with_rule(changed)

    change_draft(_set, actor=actor)


def move_rule(key: str, *, to: int, actor: Person) -> None:
    """Put a rule at place `to`, counted from 1; *Otherwise* stays the last."""

    def _move(book: Book) -> Book:
        rule = known_rule(book, key)
        if rule.is_otherwise:
            return book
        others = [one for one in book.rules[:-1] if one.key != key]
        others.insert(max(0, min(to - 1, len(others))), rule)
        return replace(book, rules=(*others, book.rules[-1]))

    change_draft(_move, actor=actor)


def remove_rule(key: str, *, actor: Person) -> None:
    """Take a rule out; *Otherwise* cannot be removed, one that is gone is left so."""

    def _remove(book: Book) -> Book:
        left = tuple(one for one in book.rules if one.key != key or one.is_otherwise)
        return replace(book, rules=left)

    change_draft(_remove, actor=actor)


def known_rule(book: Book, key: str) -> Rule:
    """Return a rule of the book. Raises NotFound."""
    if (rule := book.rule(key)) is None:
        raise NotFound
    return rule


def _refuse_twice(book: Book, rule: Rule) -> None:
    if any(
        one.name.casefold() == rule.name.casefold() and one.key != rule.key for one in book.rules
    ):
        raise Invalid(
            {
                "name": _("Another rule is called “%(name)s”. Choose another name.")
                % {"name": rule.name}
            }
        )


# --- Territories ----------------------------------------------------------------------------------


def put_territory(territory: Territory, *, actor: Person) -> None:
    """Add a territory, or change the one of its key. Raises Invalid on field `name` when another one has it."""

    def _put(book: Book) -> Book:
        others = [one for one in book.territories if one.key != territory.key]
        if any(one.name.casefold() == territory.name.casefold() for one in others):
            raise Invalid(
                {
                    "name": _("Another territory is called “%(name)s”. Choose another name.")
                    % {"name": territory.name}
                }
            )
        if len(others) >= MOST_TERRITORIES:
            raise Invalid(
                {
                    "name": _("There are %(n)s territories already. Remove one first.")
                    % {"n": MOST_TERRITORIES}
                }
            )
        return book.with_territory(territory)

    change_draft(_put, actor=actor)


def remove_territory(key: str, *, actor: Person) -> None:
    """Take a territory out. Raises NotFound, and Invalid while a rule names it."""

    def _remove(book: Book) -> Book:
        if book.territory(key) is None:
            raise NotFound
        if used := next(book.users_of(key), None):
            raise Invalid(
                {
                    "__all__": _("The rule “%(rule)s” names this territory. Change the rule first.")
                    % {"rule": used.name}
                }
            )
        return replace(book, territories=tuple(one for one in book.territories if one.key != key))

    change_draft(_remove, actor=actor)
