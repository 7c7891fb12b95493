"""Several processes do the same at once: one wins, the others get a clear answer (security.md F4)."""

import re

import pytest
from django.db import connection

from accounts.actors import SYSTEM
from accounts.enums import Role
from accounts.models import Company, Invitation, Membership, OutgoingMail, User
from accounts.rules.tokens import fingerprint, new_token
from accounts.services.companies import Access, Profile, create_company
from accounts.services.invitations import accept_as_new, create_first_user, invite_person
from accounts.services.memberships import remove_member
from accounts.services.outbox import claim_mail
from leadportal.common.errors import Conflict
from tests.factories import PASSWORD, make_person
from tests.test_races import race as run_race

RACERS = 8
NEW = "new@example.com"
NAMES = {"first_name": "Nia", "last_name": "New", "password": PASSWORD, "actor": SYSTEM}

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def race(works):
    """Let all wait for their turn as long as it takes: a machine that is busy elsewhere is no wrong answer."""

    def patiently(work):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '100s'; SET statement_timeout = '100s'")
        work()

    return run_race([lambda work=work: patiently(work) for work in works])


def invite(company: Company) -> str:
    """Invite somebody new and return the token from the mail."""
    invite_person(company, email=NEW, roles=[Role.USER], actor=SYSTEM)
    return re.findall(r"/invitations/([\w-]+)/", OutgoingMail.objects.latest("pk").text)[0]


def test_one_link_makes_one_membership(transactional_db, cast):
    token = invite(cast.alpha)
    found = race([lambda: accept_as_new(token, **NAMES)] * RACERS)
    assert found == {"done": 1, "Conflict": RACERS - 1}
    assert Membership.objects.filter(user__email=NEW).count() == 1


def test_two_links_to_one_address_make_one_account(transactional_db, cast):
    tokens = [invite(company) for company in (cast.alpha, cast.beta)]
    works = [lambda token=token: accept_as_new(token, **NAMES) for token in tokens * 4]
    found = race(works)
    assert found == {"done": 1, "Conflict": RACERS - 1}
    assert User.objects.filter(email=NEW).count() == 1
    assert Invitation.objects.open().count() == 1, "the other one waits for sign-in"


def test_one_address_is_invited_once(transactional_db, cast):
    def work():
        invite_person(cast.alpha, email=NEW, roles=[Role.RESELLER], actor=cast.olga)

    assert race([work] * RACERS) == {"done": 1, "Invalid": RACERS - 1}
    assert Invitation.objects.count() == OutgoingMail.objects.count() == 1


def test_first_user_is_made_once(transactional_db, cast):
    def work():
        create_first_user(
            cast.customer,
            email=NEW,
            first_name="",
            last_name="",
            roles=[Role.COMPANY_ADMIN],
            actor=cast.olga,
        )

    assert race([work] * RACERS) == {"done": RACERS}
    assert User.objects.filter(email=NEW).count() == 1
    assert Membership.objects.filter(user__email=NEW).count() == 1
    assert OutgoingMail.objects.count() == 1


def test_two_admins_cannot_remove_each_other(transactional_db, cast):
    other = make_person(cast.alpha, Role.COMPANY_ADMIN)
    ann, bob = (
        Membership.objects.get(user=actor.user_id, company=cast.alpha)
        for actor in (cast.ann, other)
    )
    found = race(
        [lambda: remove_member(ann, actor=other), lambda: remove_member(bob, actor=cast.ann)]
    )
    assert found["done"] == 1
    assert Membership.objects.filter(company=cast.alpha).count() == 1


def test_two_companies_of_one_name(transactional_db, cast):
    def work():
        create_company(profile=Profile(name="Globex"), access=Access(), actor=cast.olga)

    assert race([work] * RACERS) == {"done": RACERS}
    assert Company.objects.filter(name="Globex").count() == RACERS


def test_one_mail_is_claimed_once(transactional_db):
    OutgoingMail.objects.create(to=NEW, subject="S", text="T", sender="portal@example.com")

    def work():
        if claim_mail() is None:
            raise Conflict

    assert race([work] * RACERS) == {"done": 1, "Conflict": RACERS - 1}


def test_tokens_do_not_repeat_and_are_stored_as_fingerprints():
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(len(fingerprint(token)) == 64 for token in tokens)
    assert not tokens & {fingerprint(token) for token in tokens}
