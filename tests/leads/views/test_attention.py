"""*Needs attention*: who sees what, by kind and way in; what was sent; Retry one and all; Set aside."""

import re
from datetime import timedelta
from html import unescape

import pytest

from accounts.actors import SYSTEM
from accounts.enums import Role
from accounts.models import Job
from accounts.services.jobs import do_due_jobs
from leadportal.common import clock
from leads.enums import AttentionReason, SourceKind, SubmissionState
from leads.models import InboxItem, Lead, Submission
from leads.rules.permissions import looks_after, sees_attention
from leads.rules.privacy import ErasureReason
from leads.selectors.attention import COUNTED, PAGE, carers_of
from leads.services import attention, intake
from leads.services.intake import Door, process_due, receive
from leads.services.privacy import anonymise_lead
from tests.factories import fresh, make_company, make_lead, make_person, make_submission
from tests.leads.intake.visitor import ANSWERS
from tests.leads.views.reading import number_of_queries, text_of

PAGE_URL, RETRY_URL = "/attention/", "/attention/retry/"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def waiting(cast) -> Submission:
    """A form whose last name was missing: the template was stricter than the page."""
    answers = {**ANSWERS, "last_name": ""}
    return make_submission(listing=cast.listing, payload=answers, sentence="Enter last name")


def mend(submission: Submission) -> None:
    """Correct the cause, as a mapping is corrected."""
    Submission.objects.filter(pk=submission.pk).update(payload=ANSWERS)


def test_the_list_says_what_waits_why_and_since_when_but_not_of_whom(cast, sign_in, waiting):
    text = text_of(sign_in(cast.olga).get(PAGE_URL))
    for word in (
        "Needs attention",
        "Answers do not fit the form",
        "Product profile",
        "Enter last name",
        "Acme Backup, Northgate Store",
    ):
        assert word in text
    assert ANSWERS["email"] not in text


def test_who_looks_after_what(cast):
    """The scope of the database, the rule, and those who are told are one and the same."""
    cast.alpha.can_create_leads = True
    cast.alpha.save()
    rows = {
        "product": make_submission(listing=cast.listing),
        "reseller": make_submission(host=cast.northgate, company=cast.alpha, reseller=cast.alpha),
        "referral": make_submission(host=cast.northgate, company=cast.ripple),
        "own": make_submission(host=cast.northgate, company=cast.northgate),
        "elsewhere": make_submission(host=cast.southgate, company=cast.southgate),
    }
    everybody = "olga rita sam ann ben ray vera otto cleo".split()
    expected = {
        "olga": {"product", "reseller", "referral", "own"},
        "rita": {"reseller", "referral"},
        "ann": {"reseller"},
        "vera": {"product"},
        "otto": {"elsewhere"},
    }
    for name in everybody:
        actor = fresh(getattr(cast, name))
        visible = set(Submission.objects.visible_to(actor))
        assert visible == {rows[word] for word in expected.get(name, set())}, name
        assert sees_attention(actor) == (name in expected), name
        place = (actor.user_id, actor.company_id)
        for word, row in rows.items():
            partner = word in {"reseller", "referral"}
            whose = {"host": row.host_id, "company": row.company_id, "in_programme": partner}
            assert looks_after(actor, **whose) == (row in visible), (name, word)
            assert (place in carers_of(row)) == (row in visible), (name, word)
    cast.alpha.can_create_leads = False
    cast.alpha.save()
    assert not sees_attention(fresh(cast.ann)), "right 1"


def test_filters_by_kind_way_in_state_and_receipt(cast, sign_in, waiting):
    hook = make_submission(
        host=cast.northgate,
        source_kind=SourceKind.WEBHOOK,
        reason=AttentionReason.NO_CONTACT,
        sentence="There is no email and no phone.",
    )
    client = sign_in(cast.olga)

    def shown(query: str) -> set[int]:
        text = client.get(PAGE_URL + query).content.decode()
        return {int(pk) for pk in re.findall(r'href="/attention/(\d+)/"', text)}

    assert shown("") == {waiting.pk, hook.pk}
    assert shown("?reason=no_contact") == shown("?way=webhook") == {hook.pk}
    assert shown(f"?receipt={waiting.receipt}") == {waiting.pk}
    assert shown("?state=set_aside") == shown("?reason=answers&way=webhook") == set()
    for nonsense in ("?reason=%00", "?way=x", "?after=x", "?receipt=" + "x" * 500):
        assert client.get(PAGE_URL + nonsense).status_code == 200
    assert "Choose one of the kinds" in text_of(client.get(PAGE_URL + "?reason=x"))
    chips = text_of(client.get(PAGE_URL))
    assert "All 2" in chips
    assert "No email or phone 1" in chips


def test_pages_are_behind_each_other_and_cost_the_same(cast, sign_in, waiting):
    client = sign_in(cast.olga)
    client.get(PAGE_URL)
    one = number_of_queries(client, PAGE_URL)
    for number in range(2 * PAGE):
        make_submission(listing=cast.listing, key=f"n{number}")
    assert number_of_queries(client, PAGE_URL) == one
    seen: list[str] = []
    address = PAGE_URL
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r'href="/attention/(\d+)/"', page)
        found = re.search(r'href="([^"]+)" rel="next"', page)
        address = unescape(found[1]) if found else ""
    assert len(seen) == len(set(seen)) == 2 * PAGE + 1
    assert seen == sorted(seen, key=int, reverse=True)


def test_what_was_sent_is_shown_as_it_came_and_never_runs(cast, sign_in):
    sent = {
        "name": f"Ana {SCRIPT}",
        "needs": ["Backup", "Mail"],
        "meta": {"page": ["/pricing", 1]},
    }
    hook = make_submission(
        host=cast.northgate,
        source_kind=SourceKind.WEBHOOK,
        payload=sent,
        body=f'{{"name": "{SCRIPT}\xff"}}'.encode("latin-1") + b"x" * 30_000,
        content_type="application/json",
        headers={"webhook-id": "7"},
    )
    page = sign_in(cast.olga).get(f"{PAGE_URL}{hook.pk}/")
    html, text = page.content.decode(), text_of(page)
    assert SCRIPT not in html
    for word in (SCRIPT, "Backup, Mail", '"/pricing"', "application/json", "webhook-id 7"):
        assert word in text
    assert "Only the beginning is shown." in text
    assert hook.receipt in text
    assert sign_in(cast.otto).get(f"{PAGE_URL}{hook.pk}/").status_code == 404


def test_retry_makes_the_lead_once_the_cause_is_mended(cast, sign_in, waiting):
    client = sign_in(cast.vera)
    failed = client.post(f"{PAGE_URL}{waiting.pk}/retry/", follow=True)
    assert "It still cannot become a lead." in text_of(failed)
    assert "Enter last name" in text_of(failed)
    assert not Lead.objects.exists()
    mend(waiting)
    made = client.post(f"{PAGE_URL}{waiting.pk}/retry/", follow=True)
    lead = Lead.objects.get()
    assert f"{lead.reference} was made of it." in text_of(made)
    assert (lead.email, lead.listing, lead.source_label) == (
        ANSWERS["email"],
        cast.listing,
        "Acme Backup",
    )
    assert f"This is a lead by now: {lead.reference}" in text_of(
        client.get(f"{PAGE_URL}{waiting.pk}/")
    )
    assert client.post(f"{PAGE_URL}{waiting.pk}/retry/").status_code == 409
    assert Lead.objects.count() == 1


def test_retry_is_for_those_who_look_after_it(cast, sign_in, waiting):
    mend(waiting)
    for who in (cast.rita, cast.otto):
        for word in ("retry", "aside"):
            answer = sign_in(who).post(f"{PAGE_URL}{waiting.pk}/{word}/", {"because": "x"})
            assert answer.status_code == 404
    sign_in(cast.otto).post(RETRY_URL, {"reason": "answers"})
    assert not Lead.objects.exists()


def test_all_of_a_kind_are_tried_again_and_no_others(cast, sign_in, waiting):
    others = [make_submission(listing=cast.listing, payload=ANSWERS) for _number in range(3)]
    kept = make_submission(listing=cast.listing, payload=ANSWERS, reason=AttentionReason.CLOSED)
    client = sign_in(cast.olga)
    assert "Retry all of this kind" in text_of(client.get(PAGE_URL + "?reason=answers"))
    said = text_of(client.post(RETRY_URL, {"reason": "answers"}, follow=True))
    assert "3 leads were made. 1 still waits." in said
    made = Submission.objects.filter(state=SubmissionState.MADE)
    assert set(made) == set(others)
    kept.refresh_from_db()
    assert kept.state == SubmissionState.ATTENTION
    client.post(RETRY_URL, {"reason": "nonsense"})
    assert made.count() == 3, "what is asked for is not understood: nothing is done"


def test_many_are_tried_again_by_the_worker_while_the_page_follows(cast, sign_in):
    many = attention.AT_ONCE + 5
    for _number in range(many):
        make_submission(listing=cast.listing, payload=ANSWERS)
    client = sign_in(cast.olga)
    said = text_of(client.post(RETRY_URL, {"reason": "answers"}, follow=True))
    assert f"{many} submissions are being tried again. You can leave this page." in said
    assert not Lead.objects.exists()
    part = client.get(PAGE_URL, headers={"HX-Request": "true"})
    assert 'hx-trigger="every 2s"' in part.content.decode()
    assert "<h1" not in part.content.decode()
    assert process_due() == many
    assert Lead.objects.count() == many
    part = client.get(PAGE_URL, headers={"HX-Request": "true"})
    assert "Everything has been tried again." in part.content.decode()


def test_set_aside_needs_a_reason_and_retry_brings_it_back(cast, sign_in, waiting):
    client = sign_in(cast.olga)
    address = f"{PAGE_URL}{waiting.pk}/aside/"
    assert "Set this aside?" in text_of(client.get(address))
    refused = client.post(address, {"because": " "})
    assert refused.status_code == 422
    assert "Enter why this is to be no lead" in text_of(refused)
    client.post(address, {"because": "Spam"})
    assert "Nothing needs attention" in text_of(client.get(PAGE_URL))
    assert "Set aside by Olga Orr: Spam" in text_of(client.get(PAGE_URL + "?state=set_aside"))
    assert client.post(address, {"because": "Again"}).status_code == 409
    mend(waiting)
    client.post(f"{PAGE_URL}{waiting.pk}/retry/")
    waiting.refresh_from_db()
    assert (waiting.state, waiting.set_aside_by) == (SubmissionState.MADE, None)


def test_what_was_set_aside_is_removed_after_thirty_days(cast, sign_in, waiting):
    client = sign_in(cast.olga)
    client.post(f"{PAGE_URL}{waiting.pk}/aside/", {"because": "Spam"})
    attention.sweep_set_aside()
    waiting.refresh_from_db()
    assert waiting.payload
    with clock.at(clock.now() + timedelta(days=31)):
        Job.objects.update(due_at=clock.now() - timedelta(days=60))
        assert do_due_jobs() == 1
    waiting.refresh_from_db()
    assert (waiting.payload, bytes(waiting.body)) == ({}, b"")
    page = text_of(client.get(f"{PAGE_URL}{waiting.pk}/"))
    assert "What was sent has been removed." in page
    assert client.post(f"{PAGE_URL}{waiting.pk}/retry/").status_code == 409


def test_erasing_a_person_covers_what_never_became_a_lead(cast):
    lead = make_lead(cast.northgate, email="Ana@northwind.example")
    by_form = make_submission(listing=cast.listing, payload=ANSWERS)
    by_hook = make_submission(
        host=cast.northgate, body=b"mail=ana%40northwind.example", source_kind=SourceKind.WEBHOOK
    )
    others = [
        make_submission(listing=cast.listing, payload={**ANSWERS, "email": "eve@n.example"}),
        make_submission(host=cast.southgate, payload=ANSWERS),
    ]
    anonymise_lead(lead, reason=ErasureReason.REQUEST, actor=SYSTEM)
    for row in (by_form, by_hook):
        row.refresh_from_db()
        assert (row.payload, bytes(row.body), row.state) == ({}, b"", SubmissionState.SET_ASIDE)
    for row in others:
        row.refresh_from_db()
        assert row.payload


def test_home_menu_and_inbox_say_that_something_waits(cast, sign_in, monkeypatch):
    client = sign_in(cast.olga)
    make_lead(cast.northgate)
    assert "Needs attention" in text_of(client.get("/"))
    assert "attention-count" not in client.get("/inbox/count/").content.decode()

    def refuse(_submission: Submission) -> Lead:
        raise ZeroDivisionError

    monkeypatch.setitem(intake._handlers, SourceKind.API, refuse)
    door = Door(kind=SourceKind.API, name="token/1", host=cast.northgate, company=cast.alpha)
    for number in range(3):
        receive(door, key=str(number), payload={"n": number})
    assert "3 submissions need attention" in text_of(client.get("/"))
    assert "waiting: 3" in text_of(client.get("/inbox/count/"))
    told = InboxItem.objects.filter(text="Needs attention: Something went wrong (API).")
    assert {item.user_id for item in told} == {cast.olga.user_id, cast.rita.user_id}
    assert told.count() == 2, "one line each, however many came"
    address = told.get(user=cast.olga.user_id).address
    assert text_of(client.get(address)).count("Retry ") >= 3
    for who in (cast.sam, cast.ray):
        assert "Needs attention" not in text_of(sign_in(who).get("/"))


def test_a_count_has_an_end(cast, sign_in):
    number = COUNTED + 2
    row = make_submission(listing=cast.listing)
    rows = [
        Submission(
            **{
                name: getattr(row, name)
                for name in ("source_kind", "door", "host", "company", "listing", "state", "reason")
            },
            key=f"n{index}",
        )
        for index in range(number)
    ]
    Submission.objects.bulk_create(rows)
    assert "All 1,000+" in text_of(sign_in(cast.olga).get(PAGE_URL))


def test_a_customer_and_a_stranger_see_nothing_of_it(cast, sign_in, waiting):
    stranger = make_person(
        make_company("Gamma", is_reseller=True, host=cast.northgate), Role.RESELLER
    )
    for who in (cast.cleo, stranger):
        assert sign_in(who).get(PAGE_URL).status_code == 404
