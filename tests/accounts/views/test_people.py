"""The list of people, one person, roles, switching off and on, removal."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM
from accounts.enums import PersonState, Role
from accounts.models import Membership, User
from accounts.services.invitations import create_first_user
from leadportal.common import clock
from tests.factories import fresh, make_person


def names(answer) -> list[str]:
    """Return the names in the list, in order."""
    return re.findall(r'class="row-main"[^>]*>([^<]+)<', answer.content.decode())


def test_list_shows_name_email_roles_company_sign_in_state(cast, sign_in):
    text = sign_in(cast.olga).get("/people/?q=ann").content.decode()
    for words in (
        "Ann Abe",
        "ann@example.com",
        "Reseller, Company Admin",
        "Alpha",
        "Never",
        "Active",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("olga", ["Ann Abe", "Ben Bo", "Olga Orr", "Rita Rey", "Ray Ro", "Sam Sy"]),
        ("rita", ["Ann Abe", "Ben Bo", "Olga Orr", "Rita Rey", "Ray Ro", "Sam Sy"]),
        ("sam", ["Olga Orr", "Rita Rey", "Sam Sy"]),
        ("ann", ["Ann Abe"]),
        ("vera", ["Vera Vu"]),
        ("otto", ["Otto Oz"]),
        ("cleo", ["Cleo Co"]),
    ],
)
def test_people_of_the_companies_that_one_sees(cast, sign_in, who, seen):
    assert names(sign_in(getattr(cast, who)).get("/people/")) == seen


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("q=ANN", ["Ann Abe"]),
        ("q=b%C3%B6", ["Ben Bo"]),
        ("q=rey+rita", ["Rita Rey"]),
        ("q=ben%40example", ["Ben Bo"]),
        ("q=%25", []),
        ("q=a%00nn", ["Ann Abe"]),
        ("role=reseller", ["Ann Abe", "Ben Bo"]),
        ("role=company_admin", ["Ann Abe"]),
        ("state=deactivated", []),
        ("role=reseller&q=ben", ["Ben Bo"]),
        ("sort=-name&role=reseller", ["Ben Bo", "Ann Abe"]),
        ("sort=email&role=reseller", ["Ann Abe", "Ben Bo"]),
        ("sort=-company&role=reseller", ["Ben Bo", "Ann Abe"]),
        # What is no choice, no column, no page is ignored
        ("role=emperor&q=ben", ["Ben Bo"]),
        ("sort=user__password&role=reseller", ["Ann Abe", "Ben Bo"]),
        ("page=999999999999999999999&q=ben", ["Ben Bo"]),
        ("page=x&q=ben", ["Ben Bo"]),
        ("company=99999999999999999999999&q=ben", ["Ben Bo"]),
        ("company=x&q=ben", ["Ben Bo"]),
        ("company=%00&q=ben", ["Ben Bo"]),
    ],
)
def test_search_filters_and_sort(cast, sign_in, query, seen):
    answer = sign_in(cast.olga).get(f"/people/?{query}")
    assert answer.status_code == 200
    assert names(answer) == seen


def test_company_filter_offers_only_what_one_sees(cast, sign_in):
    client = sign_in(cast.olga)
    text = client.get("/people/").content.decode()
    offered = set(re.findall(r'<option value="\d+">([^<]+)<', text))
    assert offered == {"Northgate", "Alpha", "Beta", "Ripple"}
    assert names(client.get(f"/people/?company={cast.beta.pk}")) == ["Ben Bo"]
    foreign = names(client.get(f"/people/?company={cast.southgate.pk}"))
    assert "Otto Oz" not in foreign


def test_filter_by_state(cast, sign_in, at_work):
    Membership.objects.filter(pk=at_work(cast.ben).pk).update(is_active=False)
    create_first_user(
        cast.alpha,
        email="new@example.com",
        first_name="Nia",
        last_name="New",
        roles=[Role.RESELLER],
        actor=SYSTEM,
    )
    client = sign_in(cast.olga)
    for state in PersonState:
        found = names(client.get(f"/people/?state={state}"))
        rows = Membership.objects.visible_to(cast.olga).select_related("user")
        assert set(found) == {row.user.full_name for row in rows if row.state == state}
    assert names(client.get("/people/?state=invited")) == ["Nia New"]
    assert names(client.get("/people/?state=deactivated")) == ["Ben Bo"]


def test_people_who_never_signed_in_sort_last_both_ways(cast, sign_in):
    User.objects.filter(pk=cast.ann.user_id).update(last_login=clock.now() - timedelta(days=1))
    User.objects.filter(pk=cast.ben.user_id).update(last_login=clock.now())
    client = sign_in(cast.rita)
    User.objects.filter(pk=cast.rita.user_id).update(last_login=None)
    ways = {
        sort: names(client.get(f"/people/?sort={sort}"))[:2]
        for sort in ("last_login", "-last_login")
    }
    assert ways == {"last_login": ["Ann Abe", "Ben Bo"], "-last_login": ["Ben Bo", "Ann Abe"]}


def test_fifty_on_a_page(cast, sign_in):
    for _ in range(51):
        make_person(cast.northgate, Role.USER, last_name="Zz")
    client = sign_in(cast.olga)
    first, second = client.get("/people/"), client.get("/people/?page=2")
    assert (len(names(first)), len(names(second))) == (50, 7)
    assert not set(names(first)[:6]) & set(names(second))
    assert "Showing 51 to 57 of 57 people" in second.content.decode()


@pytest.mark.parametrize(
    "url", ["/people/", "/people/?q=example&sort=-email&role=user", "/people/roles/"]
)
def test_list_costs_the_same_with_one_and_with_many(cast, sign_in, url):
    client = sign_in(cast.olga)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    make_person(cast.northgate, Role.USER)
    client.get(url)  # the first request of a session writes it
    few = cost()
    for _ in range(5):
        make_person(cast.alpha, Role.RESELLER, Role.USER)
    assert cost() == few <= 8


def test_head_says_how_the_list_is_sorted(cast, sign_in):
    text = sign_in(cast.olga).get("/people/?sort=-email").content.decode()
    assert text.count("aria-sort") == 1
    assert 'aria-sort="descending"' in text
    assert 'href="?sort=email"' in text


def test_invite_is_offered_to_those_who_may(cast, sign_in):
    for who, offered in (
        ("olga", True),
        ("rita", True),
        ("ann", True),
        ("sam", False),
        ("ben", False),
    ):
        text = sign_in(getattr(cast, who)).get("/people/").content.decode()
        assert ("/people/invite/" in text) == offered, who


# --- One person -------------------------------------------------------------------------------------


def test_person_page_tells_rights_and_their_origin(cast, sign_in, at_work):
    text = sign_in(cast.olga).get(f"/people/{at_work(cast.ann).pk}/").content.decode()
    for words in ("Ann Abe", "ann@example.com", "from role Reseller", "from company setting"):
        assert words in text


def test_only_what_is_allowed_is_offered(cast, sign_in, at_work):
    ben = at_work(cast.ben)
    pages = ("roles", "deactivate", "reactivate", "remove")

    def offered(who):
        text = sign_in(getattr(cast, who)).get(f"/people/{ben.pk}/").content.decode()
        return {page for page in pages if f"/people/{ben.pk}/{page}/" in text}

    assert offered("olga") == {"roles", "deactivate", "remove"}
    assert offered("rita") == offered("ben") == set()
    Membership.objects.filter(pk=ben.pk).update(is_active=False)
    assert offered("olga") == {"roles", "reactivate", "remove"}


def test_invited_person_is_sent_the_mail_again_from_the_page(cast, sign_in):
    user = create_first_user(
        cast.alpha,
        email="new@example.com",
        first_name="",
        last_name="",
        roles=[Role.RESELLER],
        actor=SYSTEM,
    )
    page = f"/people/{user.memberships.get().pk}/"
    assert "/resend/" in sign_in(cast.rita).get(page).content.decode()
    assert "Invited" in sign_in(cast.rita).get(page).content.decode()


def test_roles_are_changed_on_the_page(cast, sign_in, at_work):
    client, page = sign_in(cast.olga), f"/people/{at_work(cast.ben).pk}/"
    text = client.get(f"{page}roles/").content.decode()
    offered = re.findall(r'name="roles" value="(\w+)"', text)
    assert offered == ["reseller", "company_admin", "billing_admin", "user"]
    assert len(re.findall(r"value=\"reseller\"[^>]*checked", text)) == 1
    answer = client.post(f"{page}roles/", {"roles": ["reseller", "company_admin"]}, follow=True)
    assert answer.redirect_chain == [(page, 302)]
    assert "Ben Bo now has: Reseller, Company Admin." in answer.content.decode()
    assert fresh(cast.ben).roles == {Role.RESELLER, Role.COMPANY_ADMIN}


@pytest.mark.parametrize(
    ("roles", "words"),
    [
        ([], "Choose at least one role"),
        (["vendor"], "Choose at least one role"),
        (["marketplace_manager"], "Choose at least one role"),
        (["\x00"], "Choose at least one role"),
    ],
)
def test_roles_that_are_not_offered_are_refused(cast, sign_in, at_work, roles, words):
    answer = sign_in(cast.olga).post(f"/people/{at_work(cast.ben).pk}/roles/", {"roles": roles})
    assert answer.status_code == 422
    assert "<title>Error:" in answer.content.decode()
    assert words in answer.content.decode()
    assert fresh(cast.ben).roles == {Role.RESELLER}


def test_last_admin_is_told_beside_the_field(cast, sign_in, at_work):
    answer = sign_in(cast.olga).post(f"/people/{at_work(cast.ann).pk}/roles/", {"roles": ["user"]})
    assert answer.status_code == 422
    assert "Ann Abe is the last Company Admin of Alpha" in answer.content.decode()


def test_person_is_deactivated_reactivated_and_removed(cast, sign_in, at_work):
    client, ben = sign_in(cast.olga), at_work(cast.ben)
    page = f"/people/{ben.pk}/"
    asked = client.get(f"{page}deactivate/").content.decode()
    assert "Deactivate Ben Bo?" in asked
    assert "Keep active" in asked
    assert ben.is_active, "a question changes nothing"
    assert client.post(f"{page}deactivate/").url == page
    assert at_work(cast.ben).state == PersonState.DEACTIVATED
    assert client.post(f"{page}reactivate/").url == page
    assert at_work(cast.ben).state == PersonState.ACTIVE
    assert "This cannot be undone" in client.get(f"{page}remove/").content.decode()
    assert client.post(f"{page}remove/").url == "/people/"
    assert client.get(page).status_code == 404


def test_second_click_is_told_what_happened(cast, sign_in, at_work):
    client, page = sign_in(cast.olga), f"/people/{at_work(cast.ben).pk}/deactivate/"
    client.post(page)
    answer = client.post(page)
    assert answer.status_code == 409
    assert "Ben Bo is deactivated already." in answer.content.decode()


def test_deactivated_person_is_out_at_the_next_click(cast, client, sign_in, at_work):
    assert sign_in(cast.ben).get("/people/").status_code == 200
    Membership.objects.filter(pk=at_work(cast.ben).pk).update(is_active=False)
    assert client.get("/people/").status_code == 403


@pytest.mark.parametrize("step", ["roles", "deactivate", "reactivate", "remove"])
def test_page_is_a_dialog_for_htmx(cast, sign_in, at_work, step):
    client, url = sign_in(cast.olga), f"/people/{at_work(cast.ben).pk}/{step}/"
    fragment = client.get(url, headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    assert "dialog-title" in fragment.content.decode()
    assert "HX-Request" in fragment.headers["Vary"]
    restored = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in client.get(url).content.decode()
    assert client.get(url, headers=restored).status_code == 200


def test_role_table_names_every_role_in_words(cast, sign_in):
    text = sign_in(cast.sam).get("/people/roles/").content.decode()
    for role in Role:
        assert str(role.label) in text
    assert "By company setting" in text
