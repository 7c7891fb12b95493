"""The anonymous door asks nobody's name: no cookie, no session, strict headers, light pages (security.md R24)."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leads.models import Lead
from leads.urls import urlpatterns as signed_in_urls
from templates_app.models import Listing
from tests.leads.intake.visitor import ANSWERS, EVERY_ANSWER, fill_in, open_form, send, typed


def pages(cast, path, reseller_path) -> list[str]:
    """Every address of the door that shows something, good and bad."""
    return [
        path,
        reseller_path,
        cast.listing.profile_path,
        f"/m/{cast.marketplace.slug}/",
        "/f/unknown/",
        "/r/unknown/",
        "/m/unknown/",
        f"{path}thanks/unknown/",
    ]


def visit_everything(client, cast, path, reseller_path) -> list:
    """Return the answers of every page and of every kind of post."""
    answers = [client.get(page) for page in pages(cast, path, reseller_path)]
    token = open_form(client, path)
    answers.append(client.post(path, {"form.token": token, **typed(ANSWERS)}))
    answers.append(send(client, path, {}, token))
    answers.append(send(client, path, ANSWERS, token))
    answers.append(client.get(answers[-1].url))
    answers.append(fill_in(client, reseller_path))
    return answers


def test_no_cookie_is_set_anywhere(cast, path, reseller_path):
    client = Client(enforce_csrf_checks=True)
    for response in visit_everything(client, cast, path, reseller_path):
        assert not response.cookies, response.request["PATH_INFO"]
        assert "Cookie" not in response.headers.get("Vary", "")
    assert not client.cookies


def test_nobody_is_asked_for_a_session_or_a_user_even_when_signed_in(
    cast, sign_in, path, reseller_path
):
    client = sign_in(cast.ann)
    with CaptureQueriesContext(connection) as queries:
        visit_everything(client, cast, path, reseller_path)
    asked = [query["sql"] for query in queries]
    assert any("leads_submission" in sql for sql in asked)
    # A new lead is told to the people of its companies: that asks for none of them by number.
    others = [sql for sql in asked if '"accounts_membership"."company_id" IN' not in sql]
    assert not [sql for sql in others if "django_session" in sql or "accounts_user" in sql]


def test_a_signed_in_page_does_ask(cast, sign_in):
    """The control of the test above."""
    client = sign_in(cast.ann)
    with CaptureQueriesContext(connection) as queries:
        client.get("/sign-in/")
    assert [query for query in queries if "django_session" in query["sql"]]


def test_headers_refuse_frames_and_tell_no_other_site(client, cast, path, reseller_path):
    for response in visit_everything(client, cast, path, reseller_path):
        policy = response.headers["Content-Security-Policy"]
        for rule in (
            "default-src 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
            "base-uri 'none'",
        ):
            assert rule in policy
        assert "unsafe" not in policy
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"].startswith("private")


@pytest.mark.parametrize("kind", ["short", "long", "embedded", "refused"])
def test_page_is_light(client, path, long_path, kind):
    """ux.md F1: at most 60 KB without fonts, everything that the page loads counted."""
    if kind == "refused":
        response = send(
            client, long_path, {**EVERY_ANSWER, "email": ""}, open_form(client, long_path)
        )
        assert response.status_code == 422
    else:
        pages = {"short": path, "long": long_path, "embedded": f"{path}embed/"}
        response = client.get(pages[kind])
    html = response.content.decode()
    linked = set(re.findall(r'(?:href|src)="/static/([^"#]+)[#"]', html))
    assert {"css/tokens.css", "css/base.css", "css/public.css"} <= linked
    total = len(gzip.compress(response.content))
    for name in linked:
        found = finders.find(name)
        if found is None:
            assert name.startswith("vendor/"), f"{name} is not there"
            pytest.skip("the vendor files are not installed (make setup)")
        total += len(gzip.compress(Path(found).read_bytes()))
    assert total <= 60 * 1024, f"{total} bytes"


def test_page_needs_no_script(client, long_path):
    html = client.get(long_path).content.decode()
    assert html.count("<form") == html.count('method="post"') == 1
    assert 'type="submit"' in html
    assert not re.findall(r"<script(?![^>]*src=)|\son\w+=|javascript:|hx-", html)


def test_unknown_addresses_have_the_public_look(client, cast, path):
    for address in (
        "/f/unknown/",
        "/m/unknown/",
        "/m/unknown/unknown/",
        "/r/unknown/",
        f"{path}thanks/x/",
    ):
        response = client.get(address)
        assert response.status_code == 404
        text = response.content.decode()
        assert '<body class="public">' in text
        assert "We cannot find that page" in text
        assert client.post(address).status_code in {404, 405}


@pytest.mark.parametrize(
    "change",
    [
        ("listing", {"is_active": False}),
        ("listing", {"version": None}),
        ("product", {"is_active": False}),
        ("marketplace", {"is_active": False}),
        ("version", {"state": "archived"}),
        ("vertex", {"is_active": False}),
        ("northgate", {"is_active": False}),
    ],
    ids=lambda change: f"{change[0]} {change[1]}",
)
def test_closed_form_says_so_and_names_another_way(client, cast, path, change):
    Listing.objects.filter(pk=cast.listing.pk).update(
        contact="Write to <b>sales@vertex.example</b>"
    )
    name, values = change
    thing = cast.listing.version if name == "version" else getattr(cast, name)
    type(thing).objects.filter(pk=thing.pk).update(**values)
    response = client.get(path)
    text = response.content.decode()
    assert response.status_code == 410
    assert "This form is closed" in text
    assert 'href="mailto:sales@vertex.example"' in text
    assert "<b>" not in text
    assert client.post(path, typed(ANSWERS)).status_code == 410
    assert not Lead.objects.exists()


def test_pages_cost_few_queries(client, cast, path, django_assert_num_queries):
    with django_assert_num_queries(2):
        client.get(path)
    with django_assert_num_queries(2):
        client.get(cast.listing.profile_path)


def test_door_needs_no_line_of_the_signed_in_side():
    """The doors stand apart: nothing public is served by the signed-in URL map."""
    routes = [str(pattern.pattern) for pattern in signed_in_urls]
    assert not [route for route in routes if route.startswith(("f/", "r/", "m/"))]
    assert settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["frame-ancestors"] == ["'none'"]
