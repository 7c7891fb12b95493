"""Odd inputs end in a sentence or in a lead that every page can show; never in an error (security.md F6)."""

import csv
import io
import json
from datetime import date, datetime
from typing import Any

import pytest
from django.db.models import Model

from leadportal.common import clock
from leads.intake.tokens import new_token
from leads.models import Event, EventValue, Lead, LeadAccess, Submission
from leads.selectors.intake import listing_form
from templates_app.enums import FieldKind
from templates_app.models import Listing
from templates_app.rules.shown import shown_answers
from templates_app.selectors.lead_templates import specs_of
from tests.leads.intake.odd import BODIES, FORM, ODD, SOME
from tests.leads.intake.visitor import EVERY_ANSWER, EVERY_KIND, later, make_form, typed

CASES = sum(len(values) for values in ODD.values())
SETTLED = {302, 422}


@pytest.fixture(autouse=True)
def _no_limit(settings):
    settings.FORM_POSTS_PER_HOUR = 1_000_000


def show(value: Any) -> None:
    """Show a stored value as pages, files and messages do; fails for a poisoned one."""
    if isinstance(value, date | datetime):
        value = value.strftime("%Y-%m-%d") + value.isoformat()
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False, allow_nan=False)
    str(value).encode("utf-8")
    csv.writer(io.StringIO()).writerow([value])


def show_row(row: Model) -> None:
    for field in row._meta.concrete_fields:
        show(getattr(row, field.attname))


def show_everything() -> None:
    """Read back and show all that forms have written."""
    for model in (Lead, LeadAccess, Submission, Event, EventValue):
        for row in model._default_manager.all():
            show_row(row)


def show_lead(lead: Lead) -> None:
    """Show a lead as its page and its line in a list do."""
    show_row(lead)
    show_row(lead.submission)
    for row in [*lead.access.all(), *lead.events.all()]:
        show_row(row)
    for line in shown_answers(specs_of(lead.template_version), lead.answers):
        show(line.text)
    for text in (lead.search, lead.source_label, lead.recipient_label, lead.user_name):
        show(text)


def test_there_are_enough_of_them():
    assert CASES >= 200
    assert set(ODD) == set(FieldKind) - {FieldKind.HEADING}


def form_with(cast, *kinds: FieldKind):
    """Put a form with these kinds at the listing's address."""
    questions = [question for question in EVERY_KIND if question["kind"] in kinds]
    Listing.objects.filter(pk=cast.listing.pk).update(version=make_form(cast.vertex, *questions))
    return listing_form(cast.listing.slug), [question["key"] for question in questions]


@pytest.mark.parametrize("kind", ODD, ids=lambda kind: kind.value)
def test_odd_answer_is_refused_in_words_or_makes_a_lead_that_can_be_shown(client, cast, kind):
    form, keys = form_with(cast, kind, FieldKind.EMAIL)
    taken = 0
    for value in ODD[kind]:
        for key in [key for key in keys if kind == FieldKind.EMAIL or key != "email"]:
            token = new_token(form).sealed(form)
            data = typed({"email": "ana@northwind.example", key: value})
            with later():
                response = client.post(form.path, {"form.token": token, **data})
            assert response.status_code in SETTLED, (key, value[:60])
            if response.status_code == 302:
                taken += 1
                assert client.get(response.url).status_code == 200
                show_lead(Lead.objects.latest("pk"))
            else:
                assert "There is a problem" in response.content.decode()
    assert Lead.objects.count() == Submission.objects.count() == taken
    show_everything()


def test_odd_answers_are_shown_on_the_check_page_as_well(client, cast):
    form, _keys = form_with(cast, *FieldKind)
    for kind, values in ODD.items():
        key = next(question["key"] for question in EVERY_KIND if question["kind"] == kind)
        for value in (values[1], SOME[2], SOME[3]):
            token = new_token(form).sealed(form)
            data = typed({**EVERY_ANSWER, key: value})
            with later():
                response = client.post(form.path, {"form.token": token, **data})
            assert response.status_code in {200, 422}, (key, value[:60])
            assert b"<script>alert" not in response.content
    assert not Lead.objects.exists()


@pytest.mark.parametrize("number", range(len(BODIES)))
def test_odd_body_is_answered(client, cast, number):
    form, _keys = form_with(cast, *FieldKind)
    content_type, body = BODIES[number]
    response = client.generic("POST", form.path, body, content_type=content_type)
    assert response.status_code in {200, 400, 413, 422}, (content_type, body[:60])
    if content_type == FORM:
        token = f"form.token={new_token(form).sealed(form)}&answer-email=a%40b.example&".encode()
        with later():
            response = client.generic("POST", form.path, token + body, content_type=content_type)
        assert response.status_code in {200, 302, 400, 422}, body[:60]
    show_everything()


@pytest.mark.parametrize("key", ["campaign", "x", "answer-campaign", "form.token"])
@pytest.mark.parametrize("value", ["%00", "%ED%A0%80", "%FF", "x" * 5_000, "<b>", "%E2%80%AE"])
def test_odd_address_is_answered(client, cast, key, value):
    form, _keys = form_with(cast, *FieldKind)
    response = client.get(f"{form.path}?{key}={value}&{key}={value}")
    assert response.status_code == 200
    assert b"<b>" not in response.content


@pytest.mark.parametrize(
    "address",
    [
        "/f/%00/",
        "/f/%ED%A0%80/",
        "/f/" + "a" * 5_000 + "/",
        "/m/%00/x/",
        "/r/%FF/",
        "/f/x/thanks/%00/",
        "/f/é/",
    ],
    ids=lambda address: address[:20],
)
def test_odd_path_is_not_found(client, db, address):
    assert client.get(address).status_code == 404


def test_day_at_the_end_of_the_calendar_is_refused_west_of_utc(client, cast, settings):
    """M2: PostgreSQL would store 9999-12-31 23:59 and then fail on every read."""
    settings.TIME_ZONE = "Pacific/Honolulu"
    form, _keys = form_with(cast, FieldKind.DATE, FieldKind.EMAIL)
    for day in ("9999-12-31", "9999-12-31T23:59", "0001-01-01"):
        token = new_token(form).sealed(form)
        data = typed({"email": "ana@northwind.example", "start": day})
        with later():
            response = client.post(form.path, {"form.token": token, **data})
        assert response.status_code == 422
        assert "Enter a date between 1900 and 2200, like 2025-11-21" in response.content.decode()
    assert clock.now().year < 9000
    show_everything()


def test_a_poisoned_row_is_noticed():
    """The control of `show`."""
    for poisoned in ("\ud800", {"answer": "\ud800"}, {"answer": float("nan")}):
        with pytest.raises((UnicodeEncodeError, ValueError)):
            show(poisoned)
