"""Who gets which page: 200, 404 (no such page for the role, or not there for it), 403 (seen, not allowed)."""

import re

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Invitation, Membership
from accounts.services.invitations import invite_person
from tests.factories import make_user

PEOPLE = ("olga", "rita", "sam", "ann", "ben", "ray", "vera", "otto", "cleo")

# page: the answers to PEOPLE, in that order. Ann is Company Admin of Alpha, Cleo of a customer.
ANSWERS = {
    "people": "200 200 200 200 200 404 200 200 200",
    "roles": "200 200 200 200 200 404 200 200 200",
    "invite": "200 200 404 200 404 404 404 200 200",
    "invitations": "200 200 404 200 404 404 404 200 200",
    "profile": "200 200 200 200 200 200 200 200 200",
    "company_new": "200 404 404 404 404 404 404 200 404",
    # Ben at Beta
    "person": "200 200 404 404 200 404 404 404 404",
    "person_roles": "200 404 404 404 404 404 404 404 404",
    "person_deactivate": "200 404 404 404 404 404 404 404 404",
    "person_reactivate": "200 404 404 404 404 404 404 404 404",
    "person_remove": "200 404 404 404 404 404 404 404 404",
    # Alpha
    "company_edit": "200 404 404 200 404 404 404 404 404",
    "company_permissions": "200 200 404 404 404 404 404 404 404",
    "hours": "200 404 404 200 404 404 404 404 404",
    "holiday_new": "200 404 404 200 404 404 404 404 404",
    # An invitation to Alpha
    "invitation_resend": "200 200 404 200 404 404 404 404 404",
    "invitation_revoke": "200 200 404 200 404 404 404 404 404",
}
OF_BEN = {name for name in ANSWERS if name.startswith("person")}
OF_INVITATION = {name for name in ANSWERS if name.startswith("invitation_")}
OF_ALPHA = {"company_edit", "company_permissions", "hours", "holiday_new"}
POST_ONLY = ("switch_company", "preferences")


@pytest.fixture
def address(cast):
    """Return a function that gives the address of a page about Ben, Alpha, or the invitation."""
    invitation = invite_person(
        cast.alpha, email="new@example.com", roles=[Role.RESELLER], actor=cast.ann
    )

    def _address(name):
        if name in OF_BEN:
            return reverse(
                f"accounts:{name}", args=[Membership.objects.get(user=cast.ben.user_id).pk]
            )
        if name in OF_INVITATION:
            return reverse(f"accounts:{name}", args=[invitation.pk])
        if name in OF_ALPHA:
            return reverse(f"accounts:{name}", args=[cast.alpha.pk])
        return reverse(f"accounts:{name}")

    return _address


@pytest.mark.parametrize("name", ANSWERS)
def test_who_gets_the_page(cast, sign_in, address, name):
    url = address(name)
    found = [str(sign_in(getattr(cast, who)).get(url).status_code) for who in PEOPLE]
    assert dict(zip(PEOPLE, found, strict=True)) == dict(
        zip(PEOPLE, ANSWERS[name].split(), strict=True)
    )


@pytest.mark.parametrize("name", [*ANSWERS, *POST_ONLY])
def test_visitors_are_sent_to_sign_in(client, cast, address, name):
    url = address(name)
    for answer in (client.get(url), client.post(url)):
        assert answer.status_code == 302
        assert answer.url.startswith("/sign-in/?next=/")


@pytest.mark.parametrize("name", POST_ONLY)
def test_page_that_is_only_posted_to(cast, sign_in, name):
    assert sign_in(cast.ann).get(reverse(f"accounts:{name}")).status_code == 405


@pytest.mark.parametrize("step", ["roles", "deactivate", "reactivate", "remove"])
def test_seen_but_not_to_be_changed_is_403(cast, sign_in, at_work, step):
    client, url = sign_in(cast.ann), f"/people/{at_work(cast.ann).pk}/{step}/"
    for answer in (client.get(url), client.post(url)):
        assert answer.status_code == 403
    assert at_work(cast.ann).role_list == [Role.RESELLER, Role.COMPANY_ADMIN]


def test_permissions_of_a_referral_company_are_403(cast, sign_in):
    assert sign_in(cast.olga).get(f"/companies/{cast.ripple.pk}/permissions/").status_code == 403


@pytest.mark.parametrize(
    "url",
    [
        "/people/{}/",
        "/people/{}/roles/",
        "/people/{}/remove/",
        "/people/invitations/{}/revoke/",
        "/companies/{}/edit/",
        "/companies/{}/permissions/",
    ],
)
@pytest.mark.parametrize(
    "number", ["0", "999999", "9223372036854775807", "9" * 30, "-1", "x", "1%00"]
)
def test_numbers_that_are_not_there_answer_like_unknown_addresses(cast, sign_in, url, number):
    client = sign_in(cast.olga)
    answer = client.get(url.format(number))
    assert answer.status_code == 404
    assert b"We cannot find that page" in answer.content


def test_foreign_person_and_no_person_give_the_same_page(cast, sign_in, at_work):
    client = sign_in(cast.otto)

    def page(number):
        text = client.get(f"/people/{number}/").content.decode()
        return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", text).replace(str(number), "")

    assert page(at_work(cast.ben).pk) == page(999999)


def test_refused_posts_change_nothing(cast, sign_in, address):
    for name in sorted(OF_BEN - {"person"} | OF_INVITATION):
        for who in ("sam", "ben", "ray", "vera", "cleo", "otto"):
            answer = sign_in(getattr(cast, who)).post(address(name), {"roles": ["user"]})
            assert answer.status_code == 404, (name, who)
    assert Membership.objects.get(user=cast.ben.user_id).role_list == [Role.RESELLER]
    assert Invitation.objects.open().count() == 1


def test_staff_without_a_company_goes_to_admin(client, cast):
    client.force_login(make_user(is_staff=True))
    for url in ("/", "/people/", "/settings/"):
        answer = client.get(url)
        assert (answer.status_code, answer.url) == (302, "/admin/")


def test_account_without_a_company_reads_why(client, cast):
    client.force_login(make_user("lost@example.com"))
    answer = client.get("/")
    assert answer.status_code == 403
    assert "lost@example.com works at no company in the portal now" in answer.content.decode()
    assert client.post("/accounts/logout/").status_code == 302
