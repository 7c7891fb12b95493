"""Roles, deactivation, removal: who may, what it does, and that the last Company Admin stays."""

import pytest

from accounts.actors import SYSTEM
from accounts.enums import DeskKind, PersonState, Role
from accounts.models import Invitation, Membership
from accounts.selectors.actors import actor_of
from accounts.services.invitations import create_first_user
from accounts.services.memberships import (
    add_member,
    change_roles,
    deactivate_member,
    reactivate_member,
    remove_member,
)
from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound
from tests.factories import fresh, make_person


def test_roles_are_replaced_and_the_desk_follows(cast, at_work):
    change_roles(at_work(cast.sam), roles=[Role.RESELLER_MANAGER, Role.USER], actor=cast.olga)
    sam = fresh(cast.sam)
    assert sam.roles == {Role.RESELLER_MANAGER, Role.USER}
    assert at_work(sam).desk.kinds == DeskKind.CHANNEL


def test_role_that_the_company_cannot_have_is_refused(cast, at_work):
    with pytest.raises(Invalid) as refusal:
        change_roles(at_work(cast.ben), roles=[Role.VENDOR], actor=cast.olga)
    assert refusal.value.errors == {
        "roles": "Beta cannot have the role Vendor. Choose another role."
    }
    assert fresh(cast.ben).roles == {Role.RESELLER}


def test_role_above_the_own_one_is_refused(cast, at_work):
    admin = make_person(cast.northgate, Role.SALES_SUPPORT, Role.COMPANY_ADMIN)
    with pytest.raises(Invalid) as refusal:
        change_roles(
            at_work(cast.sam), roles=[Role.SALES_SUPPORT, Role.RESELLER_MANAGER], actor=admin
        )
    assert "stands above your own" in refusal.value.errors["roles"]


def test_somebody_with_a_role_above_the_own_one_is_left_alone(cast, at_work):
    admin = make_person(cast.northgate, Role.SALES_SUPPORT, Role.COMPANY_ADMIN)
    for change in (deactivate_member, remove_member):
        with pytest.raises(Forbidden):
            change(at_work(cast.olga), actor=admin)
    assert actor_of(at_work(cast.olga).user) is not None


def test_nobody_manages_oneself(cast, at_work):
    make_person(cast.alpha, Role.COMPANY_ADMIN)
    with pytest.raises(Forbidden):
        change_roles(at_work(cast.ann), roles=[Role.RESELLER], actor=cast.ann)
    for change in (deactivate_member, remove_member):
        with pytest.raises(Forbidden):
            change(at_work(cast.ann), actor=cast.ann)


# who acts on Ben at Beta, and the answer
STRANGERS = [
    ("rita", Forbidden),
    ("sam", NotFound),
    ("ann", NotFound),
    ("vera", NotFound),
    ("ray", NotFound),
    ("cleo", NotFound),
    ("otto", NotFound),
]


@pytest.mark.parametrize(("who", "answer"), STRANGERS)
def test_others_change_nothing(cast, at_work, who, answer):
    actor, ben = getattr(cast, who), at_work(cast.ben)
    with pytest.raises(answer):
        change_roles(ben, roles=[Role.USER], actor=actor)
    for change in (deactivate_member, remove_member):
        with pytest.raises(answer):
            change(ben, actor=actor)
    assert fresh(cast.ben).roles == {Role.RESELLER}


def test_deactivated_person_is_out_at_once_and_comes_back(cast, at_work):
    ben = at_work(cast.ben)
    deactivate_member(ben, actor=cast.olga)
    assert actor_of(ben.user) is None
    assert at_work(cast.ben).state == PersonState.DEACTIVATED
    reactivate_member(ben, actor=cast.olga)
    assert fresh(cast.ben).roles == {Role.RESELLER}


def test_state_that_is_there_already_is_a_conflict(cast, at_work):
    ben = at_work(cast.ben)
    with pytest.raises(Conflict):
        reactivate_member(ben, actor=cast.olga)
    deactivate_member(ben, actor=cast.olga)
    with pytest.raises(Conflict):
        deactivate_member(ben, actor=cast.olga)


def test_removed_person_keeps_the_account_and_other_companies(cast, at_work):
    ben = at_work(cast.ben)
    add_member(cast.customer, user=ben.user, roles=[Role.USER], actor=SYSTEM)
    remove_member(ben, actor=cast.olga)
    assert fresh(cast.ben).company_id == cast.customer.pk
    with pytest.raises(NotFound):
        remove_member(ben, actor=cast.olga)


@pytest.mark.parametrize("change", [deactivate_member, remove_member])
def test_last_company_admin_stays(cast, at_work, change):
    with pytest.raises(Conflict) as refusal:
        change(at_work(cast.ann), actor=cast.olga)
    assert refusal.value.sentence == (
        "Ann Abe is the last Company Admin of Alpha. Give that role to somebody else first."
    )
    assert fresh(cast.ann).has(Role.COMPANY_ADMIN)


def test_last_company_admin_keeps_the_role(cast, at_work):
    with pytest.raises(Invalid) as refusal:
        change_roles(at_work(cast.ann), roles=[Role.RESELLER], actor=cast.olga)
    assert "last Company Admin" in refusal.value.errors["roles"]


@pytest.mark.parametrize("change", [deactivate_member, remove_member])
def test_one_of_two_company_admins_may_go(cast, at_work, change):
    make_person(cast.alpha, Role.COMPANY_ADMIN)
    change(at_work(cast.ann), actor=cast.olga)
    assert not Membership.objects.active().filter(user=cast.ann.user_id).exists()


def test_deactivated_admin_does_not_count(cast, at_work):
    other = make_person(cast.alpha, Role.COMPANY_ADMIN)
    deactivate_member(at_work(other), actor=cast.olga)
    with pytest.raises(Conflict):
        remove_member(at_work(cast.ann), actor=cast.olga)


@pytest.mark.parametrize("change", [deactivate_member, remove_member])
def test_open_invitation_ends_with_the_membership(cast, change):
    user = create_first_user(
        cast.alpha,
        email="new@example.com",
        first_name="",
        last_name="",
        roles=[Role.RESELLER],
        actor=SYSTEM,
    )
    change(Membership.objects.get(user=user), actor=cast.olga)
    assert not Invitation.objects.open().exists()


def test_person_who_is_there_keeps_roles(cast, at_work):
    again = add_member(cast.beta, user=at_work(cast.ben).user, roles=[Role.USER], actor=SYSTEM)
    assert again.role_list == [Role.RESELLER]
