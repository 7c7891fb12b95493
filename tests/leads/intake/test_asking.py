"""The steps of a form: errors, traps, checks, changed and expired pages (ux.md F4 to F8)."""

from collections.abc import Iterator

import pytest
from django.db import connection

from leads.enums import AttentionReason, SourceKind, SubmissionState
from leads.models import Lead, Submission
from leads.services.asking import lead_of_form
from leads.services.intake import handle_submissions, process
from templates_app.models import Listing
from tests.factories import make_version
from tests.leads.intake.visitor import (
    ANSWERS,
    EVERY_ANSWER,
    EVERY_KIND,
    fill_in,
    later,
    make_form,
    open_form,
    press,
    read,
    send,
    typed,
)


def assert_nothing_written() -> None:
    assert Submission.objects.count() == Lead.objects.count() == 0


def test_filled_form_becomes_a_lead(client, cast, path):
    response = fill_in(client, path)
    submission = Submission.objects.get()
    lead = submission.lead
    assert response.status_code == 302
    assert response.url == f"{path}thanks/{submission.receipt}/"
    assert (lead.first_name, lead.email, lead.company) == (
        "Ana",
        "ana@northwind.example",
        "Northwind",
    )
    assert lead.answers == {
        "first_name": "Ana",
        "last_name": "Sousa",
        "email": "ana@northwind.example",
        "company": "Northwind",
        "budget": 12000,
    }
    assert (lead.listing, lead.template_version) == (cast.listing, cast.listing.version)
    assert submission.payload["budget"] == "12000"


def test_reseller_page_gives_the_lead_to_the_reseller(client, cast, reseller_path):
    response = fill_in(client, reseller_path)
    lead = Lead.objects.get()
    assert response.url == f"{reseller_path}thanks/{lead.submission.receipt}/"
    assert (lead.holder, lead.source_label, lead.get_status_display()) == (
        cast.alpha,
        "Alpha",
        "Assigned",
    )


def test_errors_keep_everything_and_write_nothing(client, path):
    token = open_form(client, path)
    response = send(client, path, {**ANSWERS, "email": "ana<>", "last_name": ""}, token)
    page, text = read(response), response.content.decode()
    assert response.status_code == 422
    assert page.title.startswith("Error: ")
    assert "There is a problem" in text
    for sentence, name in [
        ("Enter an email address in the format name@example.com", "email"),
        ("Enter last name", "last_name"),
    ]:
        assert text.count(sentence) == 2, "in the summary and beside the field"
        assert f'href="#id_answer-{name}"' in text
    assert page.shown["answer-email"] == "ana<>"
    assert page.shown["answer-first_name"] == "Ana"
    assert page.hidden["form.token"] == [token]
    assert_nothing_written()


def test_corrected_form_is_taken(client, path):
    token = open_form(client, path)
    refused = send(client, path, {**ANSWERS, "email": ""}, token)
    assert refused.status_code == 422
    assert send(client, path, ANSWERS, token).status_code == 302
    assert Lead.objects.count() == 1


def test_personal_fields_carry_autofill_tokens(client, path):
    text = client.get(path).content.decode()
    for token in ("given-name", "family-name", "email", "organization"):
        assert f'autocomplete="{token}"' in text


@pytest.mark.parametrize("trap", ["quick", "homepage"])
def test_a_person_caught_by_a_trap_is_told_and_comes_through(client, path, trap):
    data = {"form.token": open_form(client, path), **typed(ANSWERS)}
    if trap == "quick":
        caught = client.post(path, data)
    else:
        with later():
            caught = client.post(path, {**data, "form.homepage": "https://casino.example"})
    assert caught.status_code == 200
    assert read(caught).heading == "One more step"
    assert "Your answers have not been sent yet" in caught.content.decode()
    assert_nothing_written()
    sent = press(client, path, caught, "send")
    assert sent.status_code == 302
    assert Lead.objects.get().email == ANSWERS["email"]


def test_traps_are_off_for_a_person_at_normal_speed(client, path):
    """The control of the test above."""
    assert fill_in(client, path).status_code == 302


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        ("missing", "We cannot tell when you opened this form"),
        ("garbled", "We cannot tell when you opened this form"),
        ("of another form", "We cannot tell when you opened this form"),
        ("yesterday's", "You opened this form more than a day ago"),
    ],
)
def test_a_page_without_a_good_token_is_asked_again(
    client, cast, path, reseller_path, case, sentence
):
    token = {
        "missing": lambda: "",
        "garbled": lambda: open_form(client, path)[:-3] + "\x00é",
        "of another form": lambda: open_form(client, reseller_path),
        "yesterday's": lambda: open_form(client, path),
    }[case]()
    with later(hours=25 if case == "yesterday's" else 0, seconds=20):
        response = client.post(path, {"form.token": token, **typed(ANSWERS)})
        page = read(response)
        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert page.shown["answer-company"] == "Northwind"
        assert_nothing_written()
        fresh = page.hidden["form.token"][0]
        assert send(client, path, ANSWERS, fresh).status_code == 302


def test_an_old_page_that_was_sent_already_makes_no_second_lead(client, path):
    token = open_form(client, path)
    assert send(client, path, ANSWERS, token).status_code == 302
    with later(hours=30):
        again = client.post(path, {"form.token": token, **typed(ANSWERS)})
        fresh = read(again).hidden["form.token"][0]
        assert send(client, path, ANSWERS, fresh).status_code == 302
    assert Lead.objects.count() == 1


def test_a_form_that_changed_meanwhile_is_asked_again_and_consent_with_it(client, cast):
    questions = [
        {"key": "email", "label": "Email", "kind": "email", "maps_to": "email"},
        {"key": "news", "label": "I agree to news", "kind": "consent"},
    ]
    listing = cast.listing
    listing.version = make_form(cast.vertex, *questions)
    listing.save()
    path = listing.form_path
    token = open_form(client, path)
    questions[1]["label"] = "I agree to news and calls"
    Listing.objects.filter(pk=listing.pk).update(version=make_form(cast.vertex, *questions))
    answers = {"email": "ana@northwind.example", "news": "on"}
    response = send(client, path, answers, token)
    page = read(response)
    assert response.status_code == 422
    assert "This form has changed since you opened it" in response.content.decode()
    assert page.shown["answer-email"] == "ana@northwind.example"
    assert "answer-news" not in page.shown, "nobody has agreed to the new text yet"
    assert_nothing_written()
    with later(minutes=1):
        sent = send(client, path, answers, page.hidden["form.token"][0])
    assert sent.status_code == 302
    lead = Lead.objects.get()
    assert lead.consent_text == "I agree to news and calls"


def test_long_form_is_grouped_and_checked_before_it_is_sent(client, long_path):
    opened = client.get(long_path + "?campaign=spring")
    text = opened.content.decode()
    for heading in ("About you", "About your company", "About your request"):
        assert text.count(f">{heading}</h2>") == 1
    assert read(opened).hidden["answer-campaign"] == ["spring"]
    token = read(opened).hidden["form.token"][0]

    checked = send(client, long_path, EVERY_ANSWER, token)
    text = checked.content.decode()
    assert (checked.status_code, read(checked).heading) == (200, "Check your answers")
    for shown in (
        "EUR 12,000.50",
        "21 Nov 2025",
        "Portugal",
        "Backup, Mail",
        "Pro &amp; more",
        "Agreed",
    ):
        assert shown in text
    assert "&lt;b&gt;weekly&lt;/b&gt;" in text
    assert "spring</dd>" not in text, "hidden answers stay hidden"
    assert_nothing_written()

    changed = press(client, long_path, checked, "change")
    page = read(changed)
    assert (changed.status_code, page.title.startswith("Error")) == (200, False)
    assert page.shown["answer-budget"] == "12,000.50"
    assert page.shown["answer-trial"] == "yes"
    assert "One\nTwo</textarea>" in changed.content.decode().replace("\r", "")
    assert '<option value="Pro &amp; more" selected>' in changed.content.decode()

    with later(minutes=1):
        token = page.hidden["form.token"][0]
        checked = send(client, long_path, {**EVERY_ANSWER, "seats": "30"}, token)
    sent = press(client, long_path, checked, "send")
    lead = Lead.objects.get()
    assert sent.status_code == 302
    assert lead.answers["seats"] == 30
    assert lead.answers["needs"] == ["Backup", "Mail"]
    assert lead.answers["campaign"] == "spring"
    assert (lead.country, lead.website) == ("PT", "https://northwind.example")


def test_check_cannot_be_skipped(client, long_path):
    token = open_form(client, long_path)
    response = send(client, long_path, EVERY_ANSWER, token, **{"form.step": "send"})
    assert (response.status_code, read(response).heading) == (200, "Check your answers")
    assert_nothing_written()


def test_what_is_sent_after_the_check_is_judged_again(client, long_path):
    checked = send(client, long_path, EVERY_ANSWER, open_form(client, long_path))
    hidden = dict(read(checked).hidden)
    hidden["answer-email"] = ["nobody"]
    response = client.post(long_path, {**hidden, "form.step": "send"})
    assert response.status_code == 422
    assert_nothing_written()


def test_vendors_headings_stay_as_they_are(client, cast):
    version = make_form(
        cast.vertex, {"key": "head", "label": "Tell us & win", "kind": "heading"}, *EVERY_KIND
    )
    Listing.objects.filter(pk=cast.listing.pk).update(version=version)
    text = client.get(cast.listing.form_path).content.decode()
    assert "Tell us &amp; win</h2>" in text
    assert "About you" not in text


@pytest.fixture
def _broken() -> Iterator[None]:
    """A version of the portal with a fault in it: no form becomes a lead."""

    def fail(_submission: Submission) -> Lead:
        raise ZeroDivisionError

    handle_submissions(SourceKind.PRODUCT_PROFILE, fail)
    yield
    handle_submissions(SourceKind.PRODUCT_PROFILE, lead_of_form)


@pytest.mark.usefixtures("_broken")
def test_what_cannot_become_a_lead_is_kept_and_the_visitor_thanked(client, path, caplog):
    """No half of a lead stays; the answers do, and become one once the cause is mended."""
    answer = fill_in(client, path)
    assert "could not be made into a lead" in caplog.text
    waiting = Submission.objects.get()
    assert (waiting.state, waiting.reason) == (SubmissionState.ATTENTION, AttentionReason.ERROR)
    assert waiting.payload["email"] == ANSWERS["email"]
    assert not Lead.objects.exists()
    thanks = client.get(answer.url).content.decode()
    assert "We have your answers." in thanks
    assert waiting.receipt in thanks
    handle_submissions(SourceKind.PRODUCT_PROFILE, lead_of_form)
    Submission.objects.update(state=SubmissionState.RECEIVED)
    assert process(waiting).lead == Lead.objects.get()
    assert Lead.objects.get().reference in client.get(answer.url).content.decode()


def test_failure_keeps_the_answers_and_a_second_try_works(client, path, caplog):
    """Not even the answers can be stored: nothing is acknowledged, and the visitor has lost nothing."""
    token = open_form(client, path)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE leads_submission RENAME TO leads_gone")
    failed = send(client, path, ANSWERS, token)
    assert (failed.status_code, failed.headers["Retry-After"]) == (503, "30")
    assert "Your answers are kept on this page" in failed.content.decode()
    assert "could not be stored" in caplog.text
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE leads_gone RENAME TO leads_submission")
    assert_nothing_written()
    assert press(client, path, failed).status_code == 302
    assert Lead.objects.get().first_name == "Ana"


def test_closed_form_refuses_a_post(client, cast, path):
    token = open_form(client, path)
    Listing.objects.filter(pk=cast.listing.pk).update(is_active=False)
    assert send(client, path, ANSWERS, token).status_code == 410
    assert_nothing_written()


def test_a_reseller_form_that_ended_refuses_a_post(client, cast):
    version = make_version(cast.northgate, is_reseller_form=True)
    path = f"/r/{cast.alpha.slug}/"
    token = open_form(client, path)
    version.state = "archived"
    version.save(update_fields=["state"])
    assert send(client, path, ANSWERS, token).status_code == 410
    assert_nothing_written()
