"""Settings, theme and density, company switcher."""

import pytest

from accounts.actors import SYSTEM
from accounts.enums import Role
from accounts.models import User
from accounts.services.memberships import add_member
from tests.factories import fresh

SETTINGS = {
    "first_name": "Anna",
    "last_name": "Abel",
    "time_zone": "Europe/Lisbon",
    "theme": "dark",
    "density": "compact",
}


def test_settings_are_saved_and_used(cast, sign_in):
    client = sign_in(cast.ann)
    answer = client.post("/settings/", SETTINGS, follow=True)
    text = answer.content.decode()
    assert answer.redirect_chain == [("/settings/", 302)]
    assert "Your settings are saved." in text
    assert 'data-bs-theme="dark"' in text
    assert 'data-density="compact"' in text
    assert "Anna Abel" in text


def test_address_is_shown_and_no_field(cast, sign_in):
    client = sign_in(cast.ann)
    text = client.get("/settings/").content.decode()
    assert "ann@example.com" in text
    assert "/accounts/password/change/" in text
    client.post("/settings/", {**SETTINGS, "email": "new@example.com", "is_staff": "on"})
    user = User.objects.get(pk=cast.ann.user_id)
    assert (user.email, user.is_staff) == ("ann@example.com", False)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("first_name", "", "Enter your first name"),
        ("last_name", "\x00\x1f", "Enter your last name"),
        ("first_name", "x" * 81, "First name must be 80 characters or fewer. You have entered 81."),
        ("time_zone", "Mars/Olympus", "Choose a time zone"),
        ("time_zone", "../../etc/passwd", "Choose a time zone"),
        ("theme", "pink", "Choose a theme"),
        ("density", "\x00", "Choose how dense tables are"),
    ],
)
def test_bad_values_are_refused_in_words(cast, sign_in, field, value, words):
    answer = sign_in(cast.ann).post("/settings/", {**SETTINGS, field: value})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert text.count(words) == 2
    assert 'value="Anna"' in text or field == "first_name"
    assert User.objects.get(pk=cast.ann.user_id).full_name == "Ann Abe"


def test_shortcuts_are_on_until_they_are_switched_off(cast, sign_in):
    client = sign_in(cast.ann)
    for values, word, sentence in (
        (None, "on", "Single keys for what the pages offer"),
        (SETTINGS, "off", "These keys are switched off"),
        ({**SETTINGS, "shortcuts": "on"}, "on", "Single keys for what the pages offer"),
    ):
        if values:
            assert client.post("/settings/", values).status_code == 302
        body = client.get("/settings/").content.decode()
        assert f'<body data-shortcuts="{word}">' in body
        assert ('name="shortcuts"' in body, body.count(" checked")) == (True, 2 + (word == "on"))
        assert sentence in client.get("/shortcuts/").content.decode()


def test_times_are_shown_in_the_own_zone(cast, sign_in, at_work):
    client = sign_in(cast.ann)
    client.post("/settings/", {**SETTINGS, "time_zone": "Asia/Tokyo"})
    assert "JST" in client.get(f"/people/{at_work(cast.ann).pk}/").content.decode()


def test_zone_that_is_gone_is_utc(cast, sign_in, at_work):
    User.objects.filter(pk=cast.ann.user_id).update(time_zone="Old/Zone")
    assert "UTC" in sign_in(cast.ann).get(f"/people/{at_work(cast.ann).pk}/").content.decode()


@pytest.mark.parametrize(
    ("address", "goes_to"),
    [
        ("/people/?q=a", "/people/?q=a"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
    ],
)
def test_theme_is_stored_and_leads_back_to_a_page_of_ours(cast, sign_in, address, goes_to):
    answer = sign_in(cast.ann).post("/settings/preferences/", {"theme": "dark", "next": address})
    assert (answer.status_code, answer.url) == (302, goes_to)
    assert fresh(cast.ann).theme == "dark"


@pytest.mark.parametrize(
    "values", [{}, {"theme": "pink"}, {"density": "\x00"}, {"theme": "x" * 9999}]
)
def test_preference_that_is_none_is_refused(cast, sign_in, values):
    answer = sign_in(cast.ann).post("/settings/preferences/", values)
    assert answer.status_code == 422
    assert "Choose" in answer.content.decode()
    assert fresh(cast.ann).theme == "auto"


def test_switcher_changes_company_roles_and_pages(cast, sign_in):
    ann = User.objects.get(pk=cast.ann.user_id)
    client = sign_in(cast.ann)
    assert "/switch/" not in client.get("/settings/").content.decode()
    add_member(cast.northgate, user=ann, roles=[Role.MARKETPLACE_MANAGER], actor=SYSTEM)
    assert "/switch/" in client.get("/settings/").content.decode()
    assert client.get("/companies/new/").status_code == 404
    assert client.post("/switch/", {"company": cast.northgate.pk}).url == "/"
    assert client.get("/companies/new/").status_code == 200
    assert fresh(cast.ann).company_id == cast.northgate.pk


@pytest.mark.parametrize("value", ["", "0", "-1", "x", "9" * 40, "\x00", "1.5", "<b>"])
def test_company_that_is_not_ones_own_is_not_there(cast, sign_in, value):
    client = sign_in(cast.ann)
    for company in (value, cast.beta.pk):
        assert client.post("/switch/", {"company": company}).status_code == 404
    assert fresh(cast.ann).company_id == cast.alpha.pk
