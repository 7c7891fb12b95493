"""One page sent twice is one submission, one lead, one receipt (ux.md F8; security.md R14)."""

import pytest
from django.test import Client

from leads.models import Event, Lead, LeadAccess, Submission
from templates_app.models import Listing
from tests.leads.intake.racing import at_once
from tests.leads.intake.visitor import (
    ANSWERS,
    EVERY_ANSWER,
    fill_in,
    later,
    make_form,
    open_form,
    press,
    read,
    send,
)


def test_same_page_sent_twice_is_one_lead_with_the_same_receipt(client, path):
    token = open_form(client, path)
    first, second = (send(client, path, ANSWERS, token) for _ in range(2))
    assert (first.status_code, first.url) == (302, second.url)
    assert Submission.objects.count() == Lead.objects.count() == 1


def test_the_check_page_sent_twice_is_one_lead(client, long_path):
    checked = send(client, long_path, EVERY_ANSWER, open_form(client, long_path))
    first, second = (press(client, long_path, checked, "send") for _ in range(2))
    assert (first.status_code, first.url) == (302, second.url)
    assert Lead.objects.count() == 1


def test_two_pages_are_two_leads(client, path):
    """The control: nothing but the page makes a repeat."""
    assert fill_in(client, path).url != fill_in(client, path).url
    assert Lead.objects.count() == 2


def test_same_page_with_other_answers_is_told_so_and_can_be_sent_as_a_new_one(client, path):
    token = open_form(client, path)
    send(client, path, ANSWERS, token)
    other = {**ANSWERS, "company": "Contoso"}
    response = send(client, path, other, token)
    page = read(response)
    assert response.status_code == 422
    assert page.title.startswith("Error: ")
    assert "You have sent this form already, with other answers" in response.content.decode()
    assert page.shown["answer-company"] == "Contoso"
    assert [lead.company for lead in Lead.objects.all()] == ["Northwind"]
    with later(minutes=1):
        sent = send(client, path, other, page.hidden["form.token"][0])
    assert sent.status_code == 302
    assert sorted(lead.company for lead in Lead.objects.all()) == ["Contoso", "Northwind"]


def test_consent_is_stored_in_the_words_of_the_form_with_its_version(client, cast):
    version = make_form(
        cast.vertex,
        {"key": "email", "label": "Email", "kind": "email", "maps_to": "email"},
        {"key": "news", "label": "Send me <i>news</i>", "kind": "consent"},
        {"key": "calls", "label": "Call me", "kind": "consent"},
        {"key": "visits", "label": "Visit me", "kind": "consent"},
    )
    Listing.objects.filter(pk=cast.listing.pk).update(version=version)
    path = cast.listing.form_path
    fill_in(client, path, {"email": "ana@northwind.example", "news": "on", "visits": "on"})
    lead = Lead.objects.get()
    assert lead.consent_text == "Send me <i>news</i>\nVisit me"
    assert lead.consent_source == f"Version 1 of {path}"
    assert lead.consent_at is not None
    assert lead.template_version == version


def test_no_consent_is_no_consent(client, path):
    fill_in(client, path)
    lead = Lead.objects.get()
    assert (lead.consent_text, lead.consent_at) == ("", None)


def test_consent_boxes_start_empty(client, long_path):
    assert 'name="answer-news"' in client.get(long_path).content.decode()
    assert "answer-news" not in read(client.get(long_path)).shown


def test_form_with_the_longest_address_keeps_its_consent(client, cast):
    slug = "f" * 120
    version = make_form(
        cast.vertex, {"key": "ok", "label": "I agree", "kind": "consent", "is_required": True}
    )
    Listing.objects.filter(pk=cast.listing.pk).update(slug=slug, version=version)
    assert fill_in(client, f"/f/{slug}/", {"ok": "on"}).status_code == 302
    assert Lead.objects.get().consent_source.startswith("Version 1 of /f/fff")


@pytest.mark.parametrize("racers", [12])
def test_one_page_sent_many_times_at_the_same_moment_is_one_lead(
    transactional_db, cast, path, racers
):
    token = open_form(Client(), path)
    answers = at_once(racers, lambda: send(Client(), path, ANSWERS, token))
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.url for answer in answers}) == 1
    assert Submission.objects.count() == Lead.objects.count() == 1
    assert Event.objects.count() == 1
    assert LeadAccess.objects.filter(lead__isnull=False).count() == LeadAccess.objects.count() > 0


def test_different_pages_sent_at_the_same_moment_are_all_taken(transactional_db, cast, path):
    """The control: nothing is merged that is not the same page."""
    answers = at_once(8, lambda: fill_in(Client(), path))
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.url for answer in answers}) == Lead.objects.count() == 8
