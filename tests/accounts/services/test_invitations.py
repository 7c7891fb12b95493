"""Invitations: who may invite whom, what the link does, and the first user of a customer."""

import re
from datetime import timedelta

import pytest
from django.conf import settings

from accounts.actors import SYSTEM
from accounts.enums import PersonState, Role
from accounts.models import Invitation, Membership, OutgoingMail, User
from accounts.selectors.invitations import invitation_behind
from accounts.services.invitations import (
    accept_as_member,
    accept_as_new,
    create_first_user,
    invite_person,
    resend_invitation,
    revoke_invitation,
)
from accounts.services.memberships import deactivate_member
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound
from tests.factories import PASSWORD, make_user

NEW = "new@example.com"
NAMES = {"first_name": "Nia", "last_name": "New", "password": PASSWORD, "actor": SYSTEM}


def token_of(mail: OutgoingMail) -> str:
    """Return the token of the link in a mail."""
    found = re.search(r"/invitations/([\w-]+)/", mail.text)
    assert found is not None
    return found.group(1)


def invite(cast, email=NEW, roles=(Role.RESELLER,)) -> str:
    """Invite somebody to Alpha and return the token from the mail."""
    invite_person(cast.alpha, email=email, roles=roles, actor=cast.olga)
    return token_of(OutgoingMail.objects.latest("pk"))


def test_mail_holds_the_only_copy_of_the_link(cast):
    token = invite(cast)
    mail, invitation = OutgoingMail.objects.get(), Invitation.objects.get()
    assert mail.to == NEW
    assert mail.subject == "Olga Orr invites you to work with Alpha"
    assert f"{settings.PORTAL_URL}/invitations/{token}/" in mail.text
    assert f"{settings.PORTAL_URL}/invitations/{token}/" in mail.html
    assert token not in str(vars(invitation))
    assert invitation_behind(token) == invitation
    assert len(token) >= 43


def test_names_in_a_mail_are_escaped_in_html_only(cast):
    cast.alpha.name = "A <b>& Sons</b>"
    cast.alpha.save()
    invite(cast)
    mail = OutgoingMail.objects.get()
    assert "A <b>& Sons</b>" in mail.text
    assert "A &lt;b&gt;&amp; Sons&lt;/b&gt;" in mail.html


def test_address_is_stored_in_lower_case(cast):
    invite(cast, email="New@Example.com")
    assert Invitation.objects.get().email == NEW


# who, company, role, answer
WHO_MAY_INVITE = [
    ("olga", "northgate", Role.SALES_SUPPORT, None),
    ("olga", "alpha", Role.RESELLER, None),
    ("olga", "vertex", Role.VENDOR, NotFound),
    ("olga", "southgate", Role.SALES_SUPPORT, NotFound),
    ("rita", "alpha", Role.COMPANY_ADMIN, None),
    ("rita", "ripple", Role.REFERRAL, None),
    ("rita", "northgate", Role.SALES_SUPPORT, Forbidden),
    ("sam", "northgate", Role.SALES_SUPPORT, Forbidden),
    ("ann", "alpha", Role.RESELLER, None),
    ("ann", "beta", Role.RESELLER, NotFound),
    ("ben", "beta", Role.RESELLER, Forbidden),
    ("vera", "vertex", Role.VENDOR, Forbidden),
    ("cleo", "customer", Role.USER, None),
    ("otto", "alpha", Role.RESELLER, NotFound),
]


@pytest.mark.parametrize(("who", "company", "role", "answer"), WHO_MAY_INVITE)
def test_who_may_invite(cast, who, company, role, answer):
    call = {"email": NEW, "roles": [role], "actor": getattr(cast, who)}
    if answer is None:
        invite_person(getattr(cast, company), **call)
        assert Invitation.objects.get().role_list == [role]
        return
    with pytest.raises(answer):
        invite_person(getattr(cast, company), **call)
    assert not Invitation.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_role_above_the_own_one_is_refused(cast, at_work):
    with pytest.raises(Invalid) as refusal:
        invite_person(cast.alpha, email=NEW, roles=[Role.VENDOR], actor=cast.ann)
    assert list(refusal.value.errors) == ["roles"]


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("ann@example.com", "ann@example.com works at Alpha already."),
        (NEW, f"{NEW} has an invitation already. Send it again from the list."),
    ],
)
def test_address_that_is_there_already_is_refused(cast, email, words):
    invite(cast)
    with pytest.raises(Invalid) as refusal:
        invite_person(cast.alpha, email=email, roles=[Role.RESELLER], actor=cast.olga)
    assert refusal.value.errors == {"email": words}
    assert OutgoingMail.objects.count() == 1


def test_deactivated_person_is_reactivated_instead(cast, at_work):
    deactivate_member(at_work(cast.ben), actor=cast.olga)
    with pytest.raises(Invalid) as refusal:
        invite_person(cast.beta, email="ben@example.com", roles=[Role.RESELLER], actor=cast.olga)
    assert "Reactivate the person instead" in refusal.value.errors["email"]


def test_unknown_and_known_address_get_the_same_answer(cast):
    make_user("known@example.com")
    for email in ("known@example.com", "unknown@example.com"):
        invite(cast, email=email)
    known, unknown = OutgoingMail.objects.order_by("pk")
    without_link = [re.sub(r"invitations/[\w-]+", "", mail.text) for mail in (known, unknown)]
    assert without_link[0] == without_link[1]


def test_expired_invitation_is_replaced(cast):
    old = invite(cast)
    with clock.at(clock.now() + timedelta(days=settings.INVITATION_DAYS, seconds=1)):
        new = invite(cast)
        assert accept_as_new(new, **NAMES).email == NEW
        with pytest.raises(Conflict):
            accept_as_new(old, **NAMES)


def test_invitation_sent_again_has_a_new_link_and_a_new_term(cast):
    old = invite(cast)
    invitation = Invitation.objects.get()
    with clock.at(clock.now() + timedelta(days=3)):
        resend_invitation(invitation, actor=cast.rita)
    new = token_of(OutgoingMail.objects.latest("pk"))
    assert invitation_behind(old) is None
    assert invitation_behind(new) == invitation
    assert Invitation.objects.get().expires_at > invitation.expires_at + timedelta(days=2)


def test_revoked_invitation_lets_nobody_in(cast):
    token = invite(cast)
    revoke_invitation(Invitation.objects.get(), actor=cast.rita)
    with pytest.raises(Conflict):
        accept_as_new(token, **NAMES)
    assert not User.objects.filter(email=NEW).exists()


@pytest.mark.parametrize("change", [resend_invitation, revoke_invitation])
@pytest.mark.parametrize("who", ["sam", "ben", "vera", "ray", "cleo", "otto"])
def test_invitation_of_others_is_not_there(cast, change, who):
    invite(cast)
    with pytest.raises(NotFound):
        change(Invitation.objects.get(), actor=getattr(cast, who))


@pytest.mark.parametrize("change", [resend_invitation, revoke_invitation])
def test_used_invitation_is_a_conflict(cast, change):
    accept_as_new(invite(cast), **NAMES)
    with pytest.raises(Conflict):
        change(Invitation.objects.get(), actor=cast.olga)


# --- Accepting --------------------------------------------------------------------------------------


def test_new_person_gets_account_membership_and_company(cast):
    user = accept_as_new(invite(cast), **NAMES)
    assert (user.full_name, user.check_password(PASSWORD)) == ("Nia New", True)
    membership = Membership.objects.get(user=user)
    assert (membership.company, membership.role_list) == (cast.alpha, [Role.RESELLER])
    assert membership.state == PersonState.ACTIVE
    assert user.works_at == cast.alpha


def test_link_works_once(cast):
    token = invite(cast)
    accept_as_new(token, **NAMES)
    with pytest.raises(Conflict):
        accept_as_new(token, **NAMES)
    assert Membership.objects.filter(user__email=NEW).count() == 1


def test_unknown_link_is_not_there(cast):
    with pytest.raises(NotFound):
        accept_as_new("made-up", **NAMES)


@pytest.mark.parametrize("password", ["short", "password123", "new@example.com", "1234567890"])
def test_weak_password_changes_nothing(cast, password):
    token = invite(cast)
    with pytest.raises(Invalid) as refusal:
        accept_as_new(token, **{**NAMES, "password": password})
    assert list(refusal.value.errors) == ["password"]
    assert not User.objects.filter(email=NEW).exists()
    assert Invitation.objects.open().exists()


def test_account_with_a_password_has_to_sign_in(cast):
    make_user(NEW)
    token = invite(cast)
    with pytest.raises(Conflict):
        accept_as_new(token, **NAMES)
    assert User.objects.get(email=NEW).check_password(PASSWORD)
    assert Invitation.objects.open().exists()


def test_signed_in_person_joins_a_second_company(cast, at_work):
    ben = at_work(cast.ben).user
    token = invite(cast, email=ben.email)
    accept_as_member(token, user=ben, actor=SYSTEM)
    assert ben.memberships.count() == 2
    assert User.objects.get(pk=ben.pk).works_at == cast.alpha


def test_invitation_for_somebody_else_is_refused(cast, at_work):
    token = invite(cast)
    with pytest.raises(Forbidden):
        accept_as_member(token, user=at_work(cast.ben).user, actor=SYSTEM)
    assert Invitation.objects.open().exists()


def test_account_that_is_switched_off_stays_out(cast):
    user = make_user(NEW, is_active=False)
    token = invite(cast)
    with pytest.raises(Conflict):
        accept_as_member(token, user=user, actor=SYSTEM)


def test_role_that_the_company_lost_meanwhile_is_refused(cast):
    token = invite(cast)
    cast.alpha.is_reseller = False
    cast.alpha.save()
    with pytest.raises(Invalid):
        accept_as_new(token, **NAMES)


# --- First user -------------------------------------------------------------------------------------

ANA = {"email": "ana@example.com", "first_name": "Ana", "last_name": "Sousa"}
ADMINS = (Role.COMPANY_ADMIN, Role.BILLING_ADMIN)


def test_first_user_is_admin_and_invited(cast):
    user = create_first_user(cast.customer, **ANA, roles=ADMINS, actor=cast.olga)
    membership = Membership.objects.get(user=user)
    assert membership.role_list == list(ADMINS)
    assert membership.state == PersonState.INVITED
    accepted = accept_as_new(token_of(OutgoingMail.objects.get()), **NAMES)
    assert accepted == user
    assert Membership.objects.get(user=user).state == PersonState.ACTIVE


def test_first_user_is_made_once(cast):
    first, again = (
        create_first_user(cast.customer, **ANA, roles=ADMINS, actor=cast.olga) for _ in range(2)
    )
    assert first == again
    assert Membership.objects.filter(user=first).count() == 1
    assert OutgoingMail.objects.count() == 1


def test_account_that_exists_is_used_as_it_is(cast, at_work):
    ben = at_work(cast.ben).user
    user = create_first_user(
        cast.customer, **{**ANA, "email": "BEN@example.com"}, roles=ADMINS, actor=cast.olga
    )
    assert user == ben
    assert (user.first_name, user.check_password(PASSWORD)) == ("Ben", True)


def test_staff_is_refused(cast):
    make_user("staff@example.com", is_staff=True)
    with pytest.raises(Invalid) as refusal:
        create_first_user(
            cast.customer, **{**ANA, "email": "staff@example.com"}, roles=ADMINS, actor=cast.olga
        )
    assert list(refusal.value.errors) == ["email"]
