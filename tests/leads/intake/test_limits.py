"""How often one sender may post one form (security.md R27, F10)."""

from datetime import timedelta

import pytest
from django.test import Client

from leadportal.common import clock
from leads.models import Lead, RateLimit
from leads.rules.intake import client_network
from leads.selectors.intake import listing_form
from leads.services.intake import count_post
from tests.leads.intake.racing import at_once
from tests.leads.intake.visitor import ANSWERS, fill_in, later, open_form, press, send, typed


def form_of(path: str):
    return listing_form(path.split("/")[2])


def test_one_post_too_many_waits_and_keeps_its_answers(client, path, settings):
    settings.FORM_POSTS_PER_HOUR = 2
    token = open_form(client, path)
    assert [send(client, path, {}, token).status_code for _ in range(2)] == [422, 422]
    response = send(client, path, ANSWERS, token)
    text = response.content.decode()
    assert response.status_code == 429
    assert 3500 < int(response.headers["Retry-After"]) <= 3600
    assert "Wait 60 minutes, then send them again." in text
    assert not Lead.objects.exists()
    with later(hours=2):
        assert press(client, path, response).status_code == 302
    assert Lead.objects.get().company == "Northwind"


def test_other_forms_and_other_senders_are_counted_apart(client, path, reseller_path, settings):
    settings.FORM_POSTS_PER_HOUR = 1
    assert fill_in(client, path).status_code == 302
    assert fill_in(client, path).status_code == 429
    assert fill_in(client, reseller_path).status_code == 302
    assert fill_in(Client(REMOTE_ADDR="198.51.100.7"), path).status_code == 302


def test_reading_a_form_is_not_counted(client, path, settings):
    settings.FORM_POSTS_PER_HOUR = 1
    for _ in range(5):
        open_form(client, path)
    assert fill_in(client, path).status_code == 302


@pytest.mark.parametrize(("proxies", "status"), [(0, 429), (1, 302)])
def test_a_forged_header_changes_nothing(path, settings, proxies, status):
    """Without proxies of ours X-Forwarded-For is the sender's invention; behind one, its last entry counts."""
    settings.FORM_POSTS_PER_HOUR = 1
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    first = Client(headers={"X-Forwarded-For": "203.0.113.1, 198.51.100.1"})
    forged = Client(headers={"X-Forwarded-For": "203.0.113.99, 198.51.100.1"})
    other = Client(headers={"X-Forwarded-For": "203.0.113.1, 198.51.100.2"})
    assert fill_in(first, path).status_code == 302
    assert fill_in(forged, path).status_code == 429
    assert fill_in(other, path).status_code == status


NETWORKS = [
    ("198.51.100.7", "", 0, "198.51.100.7"),
    ("198.51.100.7", "203.0.113.1", 0, "198.51.100.7"),
    ("10.0.0.1", "203.0.113.1", 1, "203.0.113.1"),
    ("10.0.0.1", "198.51.100.1, 203.0.113.1", 1, "203.0.113.1"),
    ("10.0.0.1", "192.0.2.9, 203.0.113.1, 10.0.0.2", 2, "203.0.113.1"),
    ("10.0.0.1", "203.0.113.1", 2, "10.0.0.1"),
    ("10.0.0.1", "", 1, "10.0.0.1"),
    ("10.0.0.1", "nonsense", 1, "10.0.0.1"),
    ("10.0.0.1", ",", 1, "10.0.0.1"),
    ("2001:db8:1:2:3:4:5:6", "", 0, "2001:db8:1:2::/64"),
    ("2001:db8:1:2:ffff::1", "", 0, "2001:db8:1:2::/64"),
    ("2001:db8:1:3::1", "", 0, "2001:db8:1:3::/64"),
    ("::ffff:198.51.100.7", "", 0, "198.51.100.7"),
    ("fe80::1%eth0", "", 0, "fe80::/64"),
    ("", "", 0, ""),
    ("unix:", "", 0, ""),
]


@pytest.mark.parametrize(("remote", "forwarded", "proxies", "network"), NETWORKS)
def test_sender_is_an_address_or_half_of_an_ipv6_one(remote, forwarded, proxies, network):
    assert client_network(remote, forwarded, proxies=proxies) == network


def test_no_address_is_stored(client, path):
    fill_in(client, path)
    stored = RateLimit.objects.get()
    assert "127.0.0.1" not in f"{stored.key} {stored}"
    assert len(stored.key) == 64


def test_old_counts_are_forgotten(client, path):
    fill_in(client, path)
    with clock.at(clock.now() + timedelta(hours=30)):
        count_post(form_of(path), "198.51.100.7")
    assert RateLimit.objects.count() == 1


def test_count_starts_again_after_the_hour(cast, path, settings):
    settings.FORM_POSTS_PER_HOUR = 2
    form = form_of(path)
    start = clock.now()
    waits = []
    for minutes in (0, 20, 40, 59, 60, 61, 62):
        with clock.at(start + timedelta(minutes=minutes)):
            waits.append(count_post(form, "198.51.100.7"))
    assert waits == [0, 0, 1200, 60, 0, 0, 3480]


def test_exactly_the_limit_passes_when_many_post_at_once(transactional_db, cast, path, settings):
    settings.FORM_POSTS_PER_HOUR = 10
    form = form_of(path)
    waits = at_once(16, lambda: [count_post(form, "198.51.100.7") for _ in range(3)])
    passed = [wait for each in waits for wait in each if wait == 0]
    assert len(passed) == 10
    assert RateLimit.objects.get().count == 48


def test_limit_is_asked_before_answers_are_judged(client, path, settings):
    settings.FORM_POSTS_PER_HOUR = 1
    send(client, path, {}, "")
    response = client.post(path, {"form.token": "x" * 10_000, **typed({"email": "\x00" * 100})})
    assert response.status_code == 429
