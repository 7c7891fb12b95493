"""Inviting by one or many addresses, and the way from the mail to the first page."""

import re

import pytest
from django.core.cache import cache

from accounts.enums import Role
from accounts.models import Invitation, Membership, OutgoingMail, User
from accounts.services.invitations import invite_person, revoke_invitation
from tests.factories import PASSWORD, make_user

NEW = "new@example.com"
NAMES = {"first_name": "Nia", "last_name": "New", "password": PASSWORD}


def link() -> str:
    """Return the address in the newest mail, without the host."""
    return re.findall(r"/invitations/[\w-]+/", OutgoingMail.objects.latest("pk").text)[0]


@pytest.fixture
def invited(cast) -> str:
    """Somebody new is invited to Alpha; the address of the page."""
    invite_person(cast.alpha, email=NEW, roles=[Role.RESELLER], actor=cast.olga)
    return link()


# --- Inviting ---------------------------------------------------------------------------------------


def test_company_admin_invites_to_the_own_company(cast, sign_in):
    client = sign_in(cast.ann)
    text = client.get("/people/invite/").content.decode()
    assert "Invite people to Alpha" in text
    assert re.findall(r'name="roles" value="(\w+)"', text) == [
        *("reseller", "company_admin", "billing_admin", "user")
    ]


@pytest.mark.parametrize(
    ("who", "offered"),
    [("olga", ["Alpha", "Beta", "Northgate", "Ripple"]), ("rita", ["Alpha", "Beta", "Ripple"])],
)
def test_managers_choose_the_company_first(cast, sign_in, who, offered):
    text = sign_in(getattr(cast, who)).get("/people/invite/").content.decode()
    assert re.findall(r"<option[^>]*>([^<]+)<", text) == offered


def test_roles_follow_the_company(cast, sign_in):
    client = sign_in(cast.rita)
    text = client.get(f"/people/invite/?company={cast.ripple.pk}").content.decode()
    assert re.findall(r'name="roles" value="(\w+)"', text)[0] == "referral"
    for company in (cast.northgate.pk, cast.southgate.pk, 999999, "x", "9" * 40, "%00"):
        assert client.get(f"/people/invite/?company={company}").status_code == 404
        assert client.post(f"/people/invite/?company={company}").status_code == 404
    assert client.post("/people/invite/").status_code == 404


def test_each_address_reports_its_own_result(cast, sign_in):
    client = sign_in(cast.ann)
    emails = "new@example.com, ann@example.com\nOTHER@example.com; new@example.com"
    answer = client.post("/people/invite/", {"emails": emails, "roles": ["reseller"]})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "2 of 3 invited to Alpha" in text
    assert "ann@example.com works at Alpha already." in text
    assert set(Invitation.objects.values_list("email", flat=True)) == {NEW, "other@example.com"}
    again = client.post("/people/invite/", {"emails": NEW, "roles": ["reseller"]})
    assert "0 of 1 invited" in again.content.decode()


@pytest.mark.parametrize(
    ("emails", "words"),
    [
        ("", "Enter at least one email address"),
        (" \n ", "Enter at least one email address"),
        ("new@example.com\nnobody", "“nobody” is not an email address"),
        ("<b>@example.com", "is not an email address"),
        ("\n".join(f"p{n}@example.com" for n in range(51)), "Enter 50 addresses or fewer"),
        ("x" * 20_000, "characters or fewer"),
    ],
)
def test_one_bad_address_sends_nothing_and_keeps_everything(cast, sign_in, emails, words):
    answer = sign_in(cast.ann).post("/people/invite/", {"emails": emails, "roles": ["reseller"]})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "There is a problem" in text
    assert re.search(r'value="reseller"[^>]*checked', text)
    assert not Invitation.objects.exists()


def test_open_invitations_are_listed_sent_again_and_revoked(cast, sign_in, invited):
    client = sign_in(cast.rita)
    number = Invitation.objects.get().pk
    text = client.get("/people/invitations/").content.decode()
    for words in (NEW, "Alpha", "Reseller", "Olga Orr", "Waiting"):
        assert words in text
    assert client.post(f"/people/invitations/{number}/resend/").url == "/people/invitations/"
    assert client.get(invited).status_code == 404, "the link of before is dead"
    assert client.get(link()).status_code == 200
    assert client.post(f"/people/invitations/{number}/revoke/").url == "/people/invitations/"
    assert client.get(link()).status_code == 410
    assert "No open invitations" in client.get("/people/invitations/").content.decode()
    assert client.get(f"/people/invitations/{number}/revoke/").status_code == 404


def test_list_costs_the_same_with_one_and_with_many(cast, sign_in, django_assert_num_queries):
    client = sign_in(cast.olga)
    for count in (1, 5):
        for number in range(count):
            email = f"p{count}{number}@example.com"
            invite_person(cast.alpha, email=email, roles=[Role.RESELLER], actor=cast.olga)
        client.get("/people/invitations/")
        with django_assert_num_queries(3):  # session, account with its work, invitations
            client.get("/people/invitations/")


# --- From the mail to the first page ------------------------------------------------------------------


def test_journey_from_invitation_to_first_sign_in(cast, client, sign_in):
    sign_in(cast.ann).post("/people/invite/", {"emails": NEW, "roles": ["reseller"]})
    client.logout()
    page = client.get(link())
    assert page.status_code == 200
    assert "Join Alpha" in page.content.decode()
    joined = client.post(link(), NAMES)
    assert (joined.status_code, joined.url) == (302, "/")
    assert names_on(client.get("/people/")) == ["Ann Abe", "Nia New"]
    client.post("/accounts/logout/")
    assert client.get("/people/").status_code == 302
    signed_in = client.post("/sign-in/", {"login": NEW, "password": PASSWORD})
    assert signed_in.url == "/"
    assert client.get("/people/").status_code == 200
    assert client.get(link()).status_code == 410


def names_on(answer) -> list[str]:
    """Return the names in the list of people."""
    return re.findall(r'class="row-main"[^>]*>([^<]+)<', answer.content.decode())


def test_page_is_private(client, invited):
    page = client.get(invited)
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in page.headers["Cache-Control"]
    assert 'autocomplete="new-password"' in page.content.decode()
    assert 'autocomplete="given-name"' in page.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("first_name", "", "Enter your first name"),
        ("last_name", "x" * 81, "Last name must be 80 characters or fewer. You have entered 81."),
        ("password", "", "Choose a password"),
        ("password", "short", "This password is too short."),
        ("password", "password123", "This password is too common."),
        ("password", "x" * 1001, "Ensure this value has at most 1000 characters"),
        ("password", "nul\x00nul\x00nul", "Null characters are not allowed."),
    ],
)
def test_bad_values_are_refused_in_words(client, invited, field, value, words):
    answer = client.post(invited, {**NAMES, field: value})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not User.objects.filter(email=NEW).exists()
    assert Invitation.objects.open().exists()
    kept = {"first_name": "Nia", "last_name": "New"} | {field: ""}
    for name, typed in kept.items():
        assert not typed or f'value="{typed}"' in answer.content.decode(), name
    assert PASSWORD not in answer.content.decode()


def test_dead_links_look_alike(cast, client, invited):
    revoke_invitation(Invitation.objects.get(), actor=cast.olga)
    dead, unknown = client.get(invited), client.get("/invitations/never-was/")
    assert (dead.status_code, unknown.status_code) == (410, 404)
    assert dead.content == unknown.content
    assert client.post(invited, NAMES).status_code == 410
    assert client.post("/invitations/never-was/", NAMES).status_code == 404


@pytest.mark.parametrize("token", ["%00", "x" * 5000, "ä", "%ED%A0%80", "..%2f..", "'\"<b>"])
def test_odd_tokens_are_unknown(client, db, token):
    assert client.get(f"/invitations/{token}/").status_code == 404


def test_account_with_a_password_signs_in_first(cast, client, invited):
    make_user(NEW)
    page = client.get(invited)
    assert f"/sign-in/?next={invited}" in page.content.decode()
    assert "There is an account for" in page.content.decode()
    refused = client.post(invited, NAMES)
    assert refused.status_code == 200
    assert not Membership.objects.filter(user__email=NEW).exists()
    signed_in = client.post("/sign-in/", {"login": NEW, "password": PASSWORD, "next": invited})
    assert signed_in.url == invited
    assert "Join Alpha" in client.get(invited).content.decode()
    assert client.post(invited).url == "/"
    assert Membership.objects.get(user__email=NEW).company == cast.alpha


def test_somebody_else_who_is_signed_in_is_asked_to_sign_out(cast, client, sign_in, invited):
    client = sign_in(cast.ben)
    for answer in (client.get(invited), client.post(invited, NAMES)):
        assert "You are signed in as ben@example.com" in answer.content.decode()
    assert Invitation.objects.open().exists()


def test_many_tries_do_not_lock_the_invitation(client, invited):
    cache.clear()
    for _ in range(30):
        assert client.post(invited, {}).status_code == 422
    assert client.post(invited, NAMES).status_code == 302
