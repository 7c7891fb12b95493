"""API tokens: stored as fingerprints, never more than their maker, and only while the maker works there."""

from datetime import timedelta

import pytest

from accounts.enums import Role, Scope
from accounts.models import ApiToken, Membership, MembershipRole, User
from accounts.selectors.tokens import actor_of_token, token_shown, tokens
from accounts.services.tokens import make_token, note_token_use, revoke_token
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound
from tests.factories import make_key, make_person

YEAR = timedelta(days=365)


def made(actor, role=Role.MARKETPLACE_MANAGER, **values) -> ApiToken:
    given = {"name": "Sync", "scopes": [Scope.READ], "valid_for": YEAR, **values}
    token, _text = make_token(role=role, actor=actor, **given)
    return token


def test_the_key_finds_its_token_and_stands_nowhere(cast):
    text = make_key(cast.olga, Role.MARKETPLACE_MANAGER, Scope.READ, Scope.EXPORT)
    token = token_shown(text)
    assert token.scope_list == [Scope.READ, Scope.EXPORT]
    stored = [str(value) for value in ApiToken.objects.values().get().values()]
    secret = text.split("_", 2)[2]  # random, and may hold "_" itself
    assert len(secret) > 20
    assert not any(text in value or secret in value for value in stored)
    changed = text[:-1] + ("A" if text[-1] != "A" else "B")
    odd = ("", "x", "lp_", changed, f"{text} ", text.upper(), "lp_" + "é" * 12, text + "\x00")
    assert [token_shown(one) for one in odd] == [None] * len(odd)


def test_a_token_acts_in_one_role_at_the_desk_of_that_role(cast):
    both = make_person(cast.northgate, Role.RESELLER_MANAGER, Role.SALES_SUPPORT)
    actor = actor_of_token(made(both, Role.RESELLER_MANAGER))
    assert actor.roles == {Role.RESELLER_MANAGER}
    assert (actor.desk_id, actor.desk_kinds) == (cast.rita.desk_id, cast.rita.desk_kinds)
    assert (actor.user_id, actor.token) == (both.user_id, "Sync")


def _leaves(cast):
    Membership.objects.filter(user=cast.olga.user_id).update(is_active=False)


def _is_deactivated(cast):
    User.objects.filter(pk=cast.olga.user_id).update(is_active=False)


def _loses_the_role(cast):
    MembershipRole.objects.filter(membership__user=cast.olga.user_id).update(role=Role.USER)


@pytest.mark.parametrize("change", [_leaves, _is_deactivated, _loses_the_role])
def test_a_token_ends_with_its_makers_role(cast, change):
    token = made(cast.olga)
    assert actor_of_token(token)
    change(cast)
    assert actor_of_token(token) is None


def test_a_token_ends_when_it_is_revoked_or_expires(cast):
    text = make_key(cast.olga, Role.MARKETPLACE_MANAGER)
    with clock.at(clock.now() + timedelta(days=91)):
        assert token_shown(text) is None
    token = token_shown(text)
    revoke_token(token, actor=cast.olga)
    assert token_shown(text) is None
    with pytest.raises(Conflict):
        revoke_token(token, actor=cast.olga)


def test_nobody_makes_a_token_beyond_their_own_rights(cast):
    for actor, role in (
        (cast.rita, Role.MARKETPLACE_MANAGER),
        (cast.sam, Role.SALES_SUPPORT),  # no Company Admin
        (cast.ann, Role.RESELLER),  # without right 1
        (cast.ann, Role.COMPANY_ADMIN),
        (cast.cleo, Role.USER),
    ):
        with pytest.raises(Forbidden):
            made(actor, role)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"scopes": []}, "scopes"), ({"valid_for": timedelta(0)}, "days"),
     ({"valid_for": 2 * YEAR}, "days"), ({}, "name")],
)  # fmt: skip
def test_odd_tokens_are_refused_in_words(cast, values, field):
    made(cast.olga)
    with pytest.raises(Invalid) as refused:
        made(cast.olga, **{"name": "Other" if values else "Sync", **values})
    assert list(refused.value.errors) == [field]


def test_company_admins_see_the_tokens_of_colleagues_and_others_their_own(cast):
    other = make_person(cast.vertex, Role.VENDOR)
    admin = make_person(cast.vertex, Role.VENDOR, Role.COMPANY_ADMIN)
    token = made(cast.vera, Role.VENDOR)
    assert [list(tokens(one)) for one in (cast.vera, admin, other, cast.olga)] == [
        [token], [token], [], [],
    ]  # fmt: skip
    for stranger in (other, cast.olga):
        with pytest.raises(NotFound):
            revoke_token(token, actor=stranger)


def test_use_is_noted_once_a_minute(cast):
    token, first = made(cast.olga), clock.now()
    for seconds, noted in ((0, 0), (30, 0), (61, 61)):
        with clock.at(first + timedelta(seconds=seconds)):
            note_token_use(token)
        token.refresh_from_db()
        assert token.last_used_at == first + timedelta(seconds=noted)
