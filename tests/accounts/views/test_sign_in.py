"""Sign-in, reset, change, sign-out: django-allauth behind our forms (security.md R32)."""

import re
import statistics
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.models import OutgoingMail, User
from leadportal.common import clock
from tests.factories import PASSWORD, make_user

RIGHT = {"login": "ann@example.com", "password": PASSWORD}
OTHER = "another-long-secret"
MISMATCH = "The email address or the password is not right."


def test_sign_in_has_its_own_address(db):
    assert reverse("account_login") == "/sign-in/"
    assert settings.LOGIN_URL == "account_login"


def test_password_managers_know_every_field(client, cast, sign_in):
    text = client.get("/sign-in/").content.decode()
    assert re.search(r'name="login"[^>]*autocomplete="username"', text)
    assert re.search(r'name="password"[^>]*autocomplete="current-password"', text)
    assert 'type="email"' in text
    assert "placeholder" not in text
    changing = sign_in(cast.ann).get("/accounts/password/change/").content.decode()
    assert re.search(r'name="oldpassword"[^>]*autocomplete="current-password"', changing)
    for name in ("password1", "password2"):
        assert re.search(rf'name="{name}"[^>]*autocomplete="new-password"', changing)


@pytest.mark.parametrize("login", ["ann@example.com", "ANN@Example.com", "  ann@example.com "])
def test_right_password_lets_in(client, cast, login):
    answer = client.post("/sign-in/", {**RIGHT, "login": login})
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.get("/people/").status_code == 200


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"login": ""}, "Enter your email address"),
        ({"login": "ann"}, "Enter an email address in the format name@example.com"),
        ({"login": "<b>@x"}, "Enter an email address in the format name@example.com"),
        ({"login": "a\x00nn@example.com"}, "Null characters are not allowed."),
        ({"login": "x" * 5000 + "@example.com"}, "email address"),
        ({"password": ""}, "Enter your password"),
        ({"password": "wrong"}, MISMATCH),
        ({"password": "nul\x00"}, "Null characters are not allowed."),
        ({"password": "x" * 100_000}, MISMATCH),
        ({"login": "nobody@example.com"}, MISMATCH),
    ],
)
def test_bad_values_are_refused_in_words(client, cast, values, words):
    answer = client.post("/sign-in/", {**RIGHT, **values})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "There is a problem" in text
    assert "<title>Error:" in text
    assert PASSWORD not in text
    assert client.get("/people/").status_code == 302


def test_unknown_address_and_wrong_password_look_alike(client, cast):
    answers = [
        client.post("/sign-in/", {"login": login, "password": "wrong"}).content.decode()
        for login in ("ann@example.com", "nil@example.com")
    ]
    pages = [
        re.sub(r'csrfmiddlewaretoken" value="\w+"', "", text).replace(login, "")
        for text, login in zip(answers, ("ann@example.com", "nil@example.com"), strict=True)
    ]
    assert pages[0] == pages[1]


def test_account_that_is_switched_off_reads_why(client, cast):
    User.objects.filter(email="ann@example.com").update(is_active=False)
    answer = client.post("/sign-in/", RIGHT, follow=True)
    assert "This account is switched off" in answer.content.decode()


def test_account_without_a_password_stays_out(client, db):
    make_user("new@example.com").set_unusable_password()
    User.objects.filter(email="new@example.com").update(password="!")
    for password in ("!", PASSWORD):
        answer = client.post("/sign-in/", {"login": "new@example.com", "password": password})
        assert answer.status_code == 422


def test_too_many_attempts_are_stopped(client, cast):
    wrong = {**RIGHT, "password": "wrong"}
    texts = [client.post("/sign-in/", wrong).content.decode() for _ in range(7)]
    assert MISMATCH in texts[0]
    assert "There were too many attempts to sign in." in texts[-1]
    assert client.post("/sign-in/", RIGHT).status_code == 422


@pytest.mark.parametrize(
    ("address", "goes_to"),
    [
        ("/people/?q=a", "/people/?q=a"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_next_page_is_one_of_ours(client, cast, address, goes_to):
    assert client.post("/sign-in/", {**RIGHT, "next": address}).url == goes_to


def test_visitor_returns_to_the_page_that_was_asked_for(client, cast):
    wanted = client.get("/people/?q=ann")
    page = client.get(wanted.url).content.decode()
    assert re.search(r'name="next"\s+value="/people/\?q=ann"', page)


def test_signed_in_person_does_not_see_the_form(cast, sign_in):
    assert sign_in(cast.ann).get("/sign-in/").url == "/"


def test_every_form_is_guarded_against_other_sites(cast):
    strict = Client(enforce_csrf_checks=True)
    for url in ("/sign-in/", "/accounts/password/reset/"):
        assert strict.post(url, RIGHT).status_code == 403


def test_sign_up_is_closed(client, db):
    for answer in (
        client.get("/accounts/signup/"),
        client.post("/accounts/signup/", {"email": "new@example.com", "password1": PASSWORD}),
    ):
        assert "Accounts are made by invitation" in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "name",
    ["account_email", "account_set_password", "account_reauthenticate", "account_confirm_email"],
)
def test_other_doors_of_allauth_do_not_exist(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_nobody_changes_an_address_alone(cast, sign_in):
    client = sign_in(cast.ann)
    for url in ("/accounts/email/", "/accounts/login/", "/accounts/login/code/", "/accounts/"):
        assert client.get(url).status_code == 404


# --- Sign-out and the end of a session --------------------------------------------------------------


def test_sign_out_asks_on_get_and_acts_on_post(cast, sign_in):
    client = sign_in(cast.ann)
    assert "Sign out?" in client.get("/accounts/logout/").content.decode()
    assert client.get("/people/").status_code == 200
    answer = client.post("/accounts/logout/", follow=True)
    assert answer.redirect_chain == [("/sign-in/", 302)]
    assert "You are signed out." in answer.content.decode()
    assert client.get("/people/").status_code == 302


def test_session_ends_eight_hours_after_the_last_activity(cast, client):
    client.post("/sign-in/", RIGHT)
    start = clock.now()
    assert 7.9 * 3600 < client.session.get_expiry_age() <= 8 * 3600
    assert client.cookies["sessionid"]["expires"] == "", "the browser forgets it when it closes"
    before = client.session.get_expiry_date(modification=start)
    with clock.at(start + timedelta(hours=1)):
        client.get("/people/")
        assert client.session["seen"] == int((start + timedelta(hours=1)).timestamp())
    assert before - start <= timedelta(hours=8)


def test_reading_does_not_write_the_session_every_time(cast, sign_in, django_assert_num_queries):
    client = sign_in(cast.ann)
    client.get("/settings/")
    with django_assert_num_queries(2):  # session, account with its work
        client.get("/settings/")


def test_person_whose_session_ended_is_told_why(cast, sign_in):
    client = sign_in(cast.ann)
    Session.objects.all().delete()
    answer = client.get("/people/", follow=True)
    assert "You were signed out after 8 hours without activity." in answer.content.decode()
    assert "You were signed out" not in client.get("/sign-in/").content.decode()


def end_session(client) -> None:
    """Let eight hours pass without activity."""
    Session.objects.filter(session_key=client.session.session_key).update(
        expire_date=clock.now() - timedelta(seconds=1)
    )


def test_what_was_typed_when_the_session_ended_comes_back_to_who_typed_it(cast, sign_in):
    client = sign_in(cast.ann)
    end_session(client)
    answer = client.post(
        "/leads/LD-1/note/?list=x", {"body": "Call after ten\n<b>", "audience": "company"}
    )
    assert answer.url == "/sign-in/?next=/leads/LD-1/note/%3Flist%3Dx"
    page = client.get(answer.url).content.decode()
    assert "Sign in to continue. Your note has been kept." in page
    assert "Call after ten" not in page
    client.post("/sign-in/", RIGHT)
    kept = dict(client.session["typed"]["fields"])
    assert kept == {"body": "Call after ten\n<b>", "audience": "company"}
    assert "Call after ten" not in client.get("/settings/").content.decode()  # another page
    assert client.session["typed"]


def test_what_another_person_typed_is_forgotten(cast, sign_in):
    client = sign_in(cast.ann)
    end_session(client)
    client.post("/settings/", {"first_name": "Anna Maria"})
    client.post("/sign-in/", {**RIGHT, "login": "ben@example.com"})
    assert "Anna Maria" not in client.get("/settings/").content.decode()
    assert "typed" not in client.session


def test_what_was_typed_is_shown_once_and_no_longer_than_a_form_takes(cast, sign_in):
    client = sign_in(cast.ann)
    end_session(client)
    client.post("/settings/", {"first_name": "Anna Maria"})
    client.post("/sign-in/", RIGHT)
    assert "Anna Maria" in client.get("/settings/").content.decode()
    assert "Anna Maria" not in client.get("/settings/").content.decode()
    end_session(client)
    client.post("/settings/", {"first_name": "x" * 100_001})
    client.post("/sign-in/", RIGHT)
    assert "typed" not in client.session
    # A control: without the ended session nobody knows whose it is.
    Session.objects.all().delete()
    client.post("/settings/", {"first_name": "Anna Maria"})
    client.post("/sign-in/", RIGHT)
    assert "typed" not in client.session


def test_first_visitor_is_told_nothing(client, cast):
    assert "You were signed out" not in client.get("/people/", follow=True).content.decode()


# --- Passwords --------------------------------------------------------------------------------------


def ask(client, email) -> OutgoingMail:
    """Ask for a reset and return the mail."""
    answer = client.post("/accounts/password/reset/", {"email": email})
    assert (answer.status_code, answer.url) == (302, "/accounts/password/reset/done/")
    return OutgoingMail.objects.latest("pk")


def test_known_and_unknown_address_get_a_mail_and_the_same_answer(client, cast):
    known, unknown = ask(client, "ann@example.com"), ask(client, "nil@example.com")
    assert (known.to, unknown.to) == ("ann@example.com", "nil@example.com")
    assert known.subject == "Set a new password for Lead Portal"
    assert unknown.subject == "There is no account for this address in Lead Portal"
    assert "Look into your mail" in client.get("/accounts/password/reset/done/").content.decode()


def test_links_in_mails_never_come_from_the_host_header(client, cast):
    settings_url = f"{settings.PORTAL_URL}/accounts/password/reset/key/"
    client.post(
        "/accounts/password/reset/", {"email": "ann@example.com"}, headers={"host": "localhost"}
    )
    client.post(
        "/accounts/password/reset/", {"email": "nil@example.com"}, headers={"host": "localhost"}
    )
    known, unknown = OutgoingMail.objects.order_by("pk")
    assert settings_url in known.text
    for mail in (known, unknown):
        assert "localhost" not in mail.text + mail.subject


def test_time_does_not_tell_whether_there_is_an_account(client, cast):
    """F11: the medians are within 10 ms, also at the first request for an address.

    Measured in work, not by the clock on the wall: other tests may run at the same time.
    """
    times: dict[str, list[float]] = {"known": [], "nobody": []}
    for number in range(30):
        make_user(f"known{number}@example.com")
        for who, found in times.items():
            cache.clear()
            start = time.process_time()
            ask(client, f"{who}{number}@example.com")
            found.append(time.process_time() - start)
    known, nobody = (statistics.median(found) for found in times.values())
    assert abs(known - nobody) < 0.010, times


def test_reset_sets_a_new_password_once(client, cast):
    mail = ask(client, "ann@example.com")
    path = re.search(rf"{settings.PORTAL_URL}(/accounts/password/reset/key/\S+)", mail.text).group(
        1
    )
    form = client.get(path)
    assert form.status_code == 302
    assert path != form.url, "the key leaves the address bar"
    page = client.get(form.url).content.decode()
    assert 'value="ann@example.com"' in page
    for values, words in [
        ({"password1": OTHER, "password2": "different"}, "You must type the same password"),
        ({"password1": "short", "password2": "short"}, "This password is too short."),
        ({}, "Enter a new password"),
    ]:
        answer = client.post(form.url, values)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    done = client.post(form.url, {"password1": OTHER, "password2": OTHER})
    assert done.url == "/accounts/password/reset/key/done/"
    assert client.post("/sign-in/", {**RIGHT, "password": OTHER}).status_code == 302
    client.post("/accounts/logout/")
    again = client.get(path, follow=True)
    assert "This link no longer works" in again.content.decode()


@pytest.mark.parametrize("key", ["1-abc", "zzzzzzzzzzzzzzzzzzzzzz-abc", "1-" + "x" * 3000, "1-%00"])
def test_made_up_link_is_no_error(client, db, key):
    answer = client.get(f"/accounts/password/reset/key/{key}/", follow=True)
    assert answer.status_code == 200
    assert "This link no longer works" in answer.content.decode()


def test_invited_person_may_set_the_password_by_a_reset(client, cast):
    User.objects.filter(email="ann@example.com").update(password="!")
    assert ask(client, "ann@example.com").subject == "Set a new password for Lead Portal"


def test_password_is_changed_with_the_present_one(cast, sign_in):
    client = sign_in(cast.ann)
    for values, words in [
        (
            {"oldpassword": "wrong", "password1": OTHER, "password2": OTHER},
            "not your present password",
        ),
        ({"oldpassword": PASSWORD, "password1": "short", "password2": "short"}, "too short"),
        ({}, "Enter your present password"),
    ]:
        answer = client.post("/accounts/password/change/", values)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    good = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    answer = client.post("/accounts/password/change/", good, follow=True)
    assert answer.redirect_chain == [("/settings/", 302)]
    assert "Your password is changed." in answer.content.decode()
    assert client.get("/people/").status_code == 200, "still signed in here"


def test_other_devices_are_signed_out_by_a_new_password(cast, sign_in):
    other, client = Client(), sign_in(cast.ann)
    other.post("/sign-in/", RIGHT)
    good = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    client.post("/accounts/password/change/", good)
    answer = other.get("/people/", follow=True)
    assert "You were signed out after 8 hours" not in answer.content.decode()
    assert answer.redirect_chain[0][1] == 302
