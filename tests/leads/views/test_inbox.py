"""The inbox: unread first, grouped by lead, by kind and day; the bell; each item leads to its change (ux.md N4)."""

import re
from datetime import timedelta
from html import unescape

import pytest

from leadportal.common import clock
from leads.enums import Audience, NoteKind
from leads.models import InboxItem
from leads.services.inbox import tell
from leads.services.lifecycle import accept_lead, assign_lead, decline_lead, disqualify_lead
from leads.services.notes import add_note
from tests.factories import make_lead
from tests.leads.views.reading import number_of_queries, text_of

INBOX, COUNT, READ = "/inbox/", "/inbox/count/", "/inbox/read/"


@pytest.fixture
def given(cast):
    """Return a function that assigns a new lead to Alpha: Ann is told."""

    def _given(company="Northwind"):
        lead = make_lead(cast.northgate, company=company)
        return assign_lead(lead, to=cast.alpha, actor=cast.rita)

    return _given


def items(page) -> list[str]:
    """The addresses of the items, from the top."""
    return re.findall(r'<a class="line-text" href="(/inbox/\d+/)"', page.content.decode())


def next_of(page) -> str:
    """The address of the next page."""
    found = re.search(r'href="([^"]+)" rel="next"', page.content.decode())
    return unescape(found[1]) if found else ""


def test_items_say_what_happened_to_which_lead_and_who_did_it(cast, sign_in, given):
    given()
    words = text_of(sign_in(cast.ann).get(INBOX))
    assert "Unread Northwind LD-" in words
    assert "Lead assigned to Alpha Rita Rey, Northgate" in words
    assert "Northwind" not in text_of(sign_in(cast.ben).get(INBOX))


def test_the_bell_counts_what_is_unread_up_to_99(cast, sign_in, given):
    client = sign_in(cast.ann)
    assert text_of(client.get(COUNT)) == ""
    given()
    assert text_of(client.get(COUNT)) == "unread: 1"
    whose = {"user_id": cast.ann.user_id, "company_id": cast.alpha.pk}
    for _number in range(99):
        tell(**whose, text="Your export is ready.", address="/leads/")
    assert text_of(client.get(COUNT)) == "unread: 99+"
    assert text_of(sign_in(cast.ben).get(COUNT)) == ""


def test_the_bell_costs_pages_nothing(cast, sign_in, given):
    client = sign_in(cast.ann)
    page = client.get("/help/").content.decode()
    assert 'hx-get="/inbox/count/" hx-trigger="load"' in page
    before = number_of_queries(client, "/help/")
    given()
    assert number_of_queries(client, "/help/") == before == 2
    assert number_of_queries(client, COUNT) == 3


def test_an_item_leads_to_the_very_line_and_is_read_then(cast, sign_in, given):
    lead = given()
    client = sign_in(cast.ann)
    address = items(client.get(INBOX))[0]
    target = client.get(address).url
    line = lead.events.get(kind="assigned").number
    assert target == f"/leads/{lead.reference}/history/?before={line + 1}#line-{line}"
    page = client.get(target.partition("#")[0]).content.decode()
    assert re.search(r'<li id="(line-\d+)"', page)[1] == f"line-{line}"
    words = text_of(client.get(INBOX))
    assert "Nothing is unread." in words
    assert "Read Northwind" in words


def test_an_item_about_a_note_leads_to_the_note(cast, sign_in, given):
    lead = accept_lead(given(), actor=cast.ann)
    kinds = {"kind": NoteKind.NOTE, "audience": Audience.EVERYBODY}
    note = add_note(lead, body="Hello", actor=cast.rita, **kinds)
    client = sign_in(cast.ann)
    target = client.get(items(client.get(f"{INBOX}?kind=note"))[0]).url
    assert target == f"/leads/{lead.reference}/#note-{note.pk}"
    assert f'id="note-{note.pk}"' in client.get(target).content.decode()


def test_a_sentence_of_the_portal_leads_to_its_page(cast, sign_in):
    whose = {"user_id": cast.ann.user_id, "company_id": cast.alpha.pk}
    tell(**whose, text="Your export is ready.", address="/leads/?q=x")
    client = sign_in(cast.ann)
    page = client.get(INBOX)
    assert "Lead Portal" in text_of(page)
    assert "Your export is ready." in text_of(page)
    assert client.get(items(page)[0]).url == "/leads/?q=x"


def test_what_is_about_one_lead_stands_together_and_the_unread_first(cast, sign_in, given):
    first, second = given("Adatum"), given("Fabrikam")
    kinds = {"kind": NoteKind.NOTE, "audience": Audience.EVERYBODY}
    add_note(first, body="Hello", actor=cast.rita, **kinds)
    client = sign_in(cast.ann)
    words = text_of(client.get(INBOX))
    assert words.index("Adatum") < words.index("Fabrikam")  # the newest is Adatum's
    assert words.count(first.reference) == 1
    read = InboxItem.objects.filter(user=cast.ann.user_id, lead=second).values_list("pk", flat=True)
    client.post(READ, {"item": list(read)})
    words = text_of(client.get(INBOX))
    assert words.index("Adatum") < words.index("Read") < words.index("Fabrikam")


def test_all_are_marked_as_read_but_what_came_after_the_page_was_shown(cast, sign_in, given):
    given("Adatum")
    client = sign_in(cast.ann)
    until = re.search(r'name="until" value="(\d+)"', client.get(INBOX).content.decode())[1]
    given("Fabrikam")
    assert client.post(READ, {"until": until}).url == INBOX
    words = text_of(client.get(INBOX))
    assert words.index("Fabrikam") < words.index("Adatum")
    assert text_of(client.get(COUNT)) == "unread: 1"


def test_marking_some_comes_back_to_the_same_page(cast, sign_in, given):
    given()
    client = sign_in(cast.ann)
    back = {"item": ["1"], "back": "kind=given&from=2020-01-01"}
    assert client.post(READ, back).url == f"{INBOX}?kind=given&from=2020-01-01"
    evil = {"item": ["1"], "back": "//example.com/?a=\r\nSet-Cookie: b"}
    assert client.post(READ, evil).url.startswith(f"{INBOX}?%2F%2Fexample.com")


def test_nobody_opens_or_reads_the_items_of_somebody_else(cast, sign_in, given):
    given()
    item = InboxItem.objects.get(user=cast.ann.user_id)
    client = sign_in(cast.ben)
    assert client.get(f"{INBOX}{item.pk}/").status_code == 404
    client.post(READ, {"item": [item.pk]})
    item.refresh_from_db()
    assert item.is_unread


def test_an_item_about_a_lead_one_no_longer_sees_is_gone(cast, sign_in, given):
    lead = given()
    client = sign_in(cast.ann)
    address = items(client.get(INBOX))[0]
    decline_lead(lead, reason="Too far", actor=cast.ann)
    assert items(client.get(INBOX)) == []
    assert client.get(address).status_code == 404
    assert text_of(client.get(COUNT)) == ""


def test_a_lost_lead_is_called_what_it_was_called(cast, sign_in, given):
    from leads.services.leads import edit_lead

    lead = assign_lead(given("Northwind"), to=cast.beta, actor=cast.olga)
    lead.refresh_from_db()
    renamed = {"details": {"company": "Renamed"}, "attributes": {}, "version": lead.version}
    edit_lead(lead, **renamed, actor=cast.olga)
    words = text_of(sign_in(cast.ann).get(INBOX))
    assert "Northwind" in words
    assert "Renamed" not in words
    assert "Renamed" in text_of(sign_in(cast.ben).get(INBOX))


def test_filters_by_kind_and_by_day_both_ends_included(cast, sign_in, given):
    lead = given()
    old = InboxItem.objects.filter(user=cast.ann.user_id)
    old.update(created_at=clock.now().replace(hour=0, minute=0) - timedelta(days=10))
    given()
    client = sign_in(cast.ann)
    day = old.get(lead=lead).created_at.date().isoformat()
    assert len(items(client.get(INBOX))) == 2
    assert len(items(client.get(f"{INBOX}?from={day}&to={day}"))) == 1
    assert len(items(client.get(f"{INBOX}?kind=given"))) == 2
    nothing = text_of(client.get(f"{INBOX}?kind=note"))
    assert "No notifications match" in nothing
    assert "Clear all filters" in nothing


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("kind=nonsense", "Choose one of the kinds"),
        ("from=2026-02-02&to=2026-02-01", "End date must be the same as or after the start date"),
        ("from=yesterday", "Enter a date"),
        ("after=nonsense", "Northwind"),
        ("after=%00&kind=%00", "Northwind"),
    ],
)
def test_bad_input_is_answered_with_a_sentence_and_all_items(cast, sign_in, given, query, sentence):
    given()
    page = sign_in(cast.ann).get(f"{INBOX}?{query}")
    assert page.status_code == 200
    assert sentence in text_of(page)
    assert len(items(page)) == 1


@pytest.mark.parametrize(
    "posted", [{}, {"item": ["x", "-1", "9" * 40]}, {"until": "x"}, {"item": ["0"] * 500}]
)
def test_odd_posts_mark_nothing(cast, sign_in, given, posted):
    given()
    assert sign_in(cast.ann).post(READ, posted).status_code == 302
    assert InboxItem.objects.get(user=cast.ann.user_id).is_unread


def test_pages_neither_repeat_nor_skip_while_items_come_and_are_read(cast, sign_in):
    whose = {"user_id": cast.ann.user_id, "company_id": cast.alpha.pk}
    stored = [tell(**whose, text=f"File {number}", address="/") for number in range(60)]
    client = sign_in(cast.ann)
    client.post(READ, {"item": [stored[50].pk, stored[5].pk]})
    page, seen = client.get(INBOX), []
    for _page in range(3):
        seen += items(page)
        tell(**whose, text="Newer", address="/")
        page = client.get(next_of(page)) if next_of(page) else page
    unread = [one.pk for one in reversed(stored) if one.pk not in {stored[50].pk, stored[5].pk}]
    expected = [*unread, stored[50].pk, stored[5].pk]
    assert seen == [f"/inbox/{pk}/" for pk in expected]
    assert next_of(page) == ""
    assert "Newest" in text_of(page)


def test_the_page_costs_the_same_with_one_item_and_with_many(cast, sign_in, given):
    given()
    client = sign_in(cast.ann)
    one = number_of_queries(client, INBOX)
    for _number in range(24):
        given()
    assert len(items(client.get(INBOX))) == 25
    assert number_of_queries(client, INBOX) == one <= 12


def test_an_empty_inbox_says_what_will_be_here(cast, sign_in):
    words = text_of(sign_in(cast.cleo).get(INBOX))
    assert "No notifications yet" in words
    assert "What others do with leads" in words


def test_reasons_are_read_by_those_who_may(cast, sign_in, given):
    decline_lead(given(), reason="Too far away", actor=cast.ann)
    assert "Lead declined by Alpha" in text_of(sign_in(cast.rita).get(INBOX))


def test_disqualified_reads_with_its_reason(cast, sign_in, form_lead):
    from leads.models import DisqualifyReason

    reason = DisqualifyReason.objects.get(host=cast.northgate, label="Spam or test")
    disqualify_lead(form_lead, reason=reason, actor=cast.rita)
    assert "Lead disqualified: Spam or test" in text_of(sign_in(cast.vera).get(INBOX))
