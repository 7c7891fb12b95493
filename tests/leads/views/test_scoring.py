"""The pages about scoring: rules built without code, tried, published; why a lead has its score."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.services.jobs import do_due_jobs
from leads.models import Behaviour, Event, Lead, LeadAccess, ScoreSheet, SheetVersion, TrackedLink
from leads.rules.scoring.links import visitor_word
from leads.rules.scoring.sheet import Compare, Group, Rule
from leads.services.scoring.links import address_for
from leads.services.scoring.sheets import begin_sheet, start_draft
from tests.factories import make_lead, make_target
from tests.leads.services.house import of_form
from tests.leads.services.scoring.book import DIRECTOR, LARGE, PRICING, publish, score, worth

BEHAVIOUR = {
    "about": "pricing",
    "times": "2",
    "days": "30",
    "points": "15",
    "fades": "",
    "most": "",
}


def url(name, *args):
    return reverse(f"leads:{name}", args=args)


@pytest.fixture
def sheet(cast):
    """The host's rules with an empty draft."""
    return begin_sheet(product=None, actor=cast.olga)


def test_a_rule_is_built_by_forms_and_reads_as_a_sentence(cast, client, sign_in):
    sign_in(cast.olga)
    answer = client.post(url("score_begin"))
    sheet = ScoreSheet.objects.get()
    assert answer["location"] == url("score_draft", sheet.pk)
    new = url("score_rule_new", sheet.pk)
    assert b"Page visited" in client.get(new).content
    answer = client.post(f"{new}?about=page_visited", BEHAVIOUR, follow=True)
    sentence = "If <b>visited the page “pricing” at least 2 times in 30 days</b>, add 15 points."
    assert sentence in answer.content.decode()
    fit = {"test": "is", "values": "portugal\nES", "points": "-20"}
    answer = client.post(f"{new}?about=country", fit, follow=True)
    sentence = "If <b>Country is Portugal or Spain</b>, take away 20 points."
    assert sentence in answer.content.decode()
    assert "Possible scores: -20 to 15." in answer.content.decode()


@pytest.mark.parametrize(
    ("about", "typed", "sentence"),
    [
        (
            "size",
            {"test": "at_least", "values": "many", "points": "5"},
            "Enter one number, like 250",
        ),
        ("size", {"test": "is", "values": "", "points": "5"}, "Enter at least one value"),
        (
            "country",
            {"test": "is", "values": "Portugal\nAtlantis", "points": "5"},
            "Nothing here is called “Atlantis”. Check how it is spelled.",
        ),
        ("size", {"test": "is", "values": "9", "points": "0"}, "Enter points other than 0"),
        ("page_visited", {**BEHAVIOUR, "times": ""}, "Enter a number of times, like 2"),
        (
            "page_visited",
            {**BEHAVIOUR, "is_each": "on"},
            "Enter the most points that this rule gives",
        ),
    ],
)
def test_what_makes_no_rule_is_said_beside_the_field(
    cast, client, sign_in, sheet, about, typed, sentence
):
    sign_in(cast.olga)
    answer = client.post(f"{url('score_rule_new', sheet.pk)}?about={about}", typed)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert SheetVersion.objects.get().rules == []


def test_rules_are_moved_copied_switched_and_removed(cast, client, sign_in):
    sheet = publish(cast.olga, LARGE, DIRECTOR, PRICING)
    start_draft(sheet, actor=cast.olga)
    sign_in(cast.olga)

    def keys():
        draft = SheetVersion.objects.get(sheet=sheet, state="draft")
        return [(rule.key, rule.is_on) for rule in draft.content.rules]

    assert keys() == [("r1", True), ("r2", True), ("r3", True)]
    client.post(url("score_rule", sheet.pk, "r2"), {"by": "up"})
    client.post(url("score_rule", sheet.pk, "r3"), {"by": "up"})
    assert [key for key, _on in keys()] == ["r2", "r1", "r3"]
    client.post(url("score_rule", sheet.pk, "r2"), {"position": "2"})
    client.post(url("score_rule", sheet.pk, "r1"), {"by": "copy"})
    client.post(url("score_rule", sheet.pk, "r2"), {"by": "off"})
    assert keys() == [("r1", True), ("r4", True), ("r2", False), ("r3", True)]
    client.post(url("score_rule_remove", sheet.pk, "r4"))
    assert [key for key, _on in keys()] == ["r1", "r2", "r3"]
    live = SheetVersion.objects.get(sheet=sheet, state="published")
    assert [rule.key for rule in live.content.rules] == ["r1", "r2", "r3"]
    assert all(rule.is_on for rule in live.content.rules), "what was published never changes"


def test_the_dry_run_says_what_publishing_then_does(cast, client, sign_in):
    """ux.md check 37: N leads change, and exactly N leads have a new score."""
    publish(cast.olga, LARGE, threshold=40)
    for size in ("500", "10", "1000+", ""):
        make_lead(cast.northgate, size=size, job_title="Head of IT")
    publish(cast.olga, LARGE, threshold=40)
    sign_in(cast.olga)
    sheet = ScoreSheet.objects.get()
    client.post(url("score_start", sheet.pk))
    client.post(url("score_rule", sheet.pk, "r2"), {"by": "off"})  # unknown: nothing happens
    key = SheetVersion.objects.get(sheet=sheet, state="draft").content.rules[0].key
    smaller = {"test": "at_least", "values": "1000", "points": "30"}
    client.post(url("score_rule", sheet.pk, key), smaller)
    role = {"test": "contains", "values": "head", "points": "20"}
    client.post(f"{url('score_rule_new', sheet.pk)}?about=job_title", role)
    before = dict(Lead.objects.values_list("pk", "score"))
    lines = Event.objects.count()
    client.post(url("score_publish", sheet.pk), {"do": "try"})
    do_due_jobs()
    page = client.get(url("score_publish", sheet.pk))
    assert "4 of 4 open leads change, 0 cross 40, 1 fall below." in page.content.decode()
    assert dict(Lead.objects.values_list("pk", "score")) == before, "a dry run writes nothing"
    assert Event.objects.count() == lines
    answer = client.post(
        url("score_publish", sheet.pk), {"print": page.context["print"]}, follow=True
    )
    assert "New scores are worked out in the background" in answer.content.decode()
    do_due_jobs()
    after = dict(Lead.objects.values_list("pk", "score"))
    assert sum(after[pk] != before[pk] for pk in after) == 4
    assert sorted(after.values()) == [20, 20, 20, 50]


def test_a_draft_that_was_changed_meanwhile_is_not_published(cast, client, sign_in, sheet):
    sign_in(cast.olga)
    seen = client.get(url("score_publish", sheet.pk)).context["print"]
    client.post(
        f"{url('score_rule_new', sheet.pk)}?about=size",
        {"test": "filled", "values": "", "points": "5"},
    )
    answer = client.post(url("score_publish", sheet.pk), {"print": seen})
    assert answer.status_code == 409
    assert not SheetVersion.objects.filter(state="published").exists()


def test_a_test_with_one_lead_says_why_each_rule_counts_or_not(cast, client, sign_in):
    sheet = publish(cast.olga, LARGE, DIRECTOR, PRICING)
    start_draft(sheet, actor=cast.olga)
    lead = make_lead(cast.northgate, size="500")
    foreign = make_lead(cast.southgate)
    sign_in(cast.olga)
    page = client.post(url("score_test", sheet.pk), {"reference": lead.reference.lower()})
    text = page.content.decode()
    assert "0 now, 40 with the draft" in text
    assert "The lead does not say so." in text
    assert "It has not happened." in text
    answer = client.post(url("score_test", sheet.pk), {"reference": foreign.reference})
    assert answer.status_code == 422


def test_a_test_with_typed_values_says_the_same_of_a_lead_that_is_not_there(cast, client, sign_in):
    """ux.md S5."""
    iberia = Rule("", Group.FIT, "country", 5, test=Compare.IS, values=("PT", "ES"))
    sheet = publish(cast.olga, LARGE, iberia, PRICING)
    start_draft(sheet, actor=cast.olga)
    sign_in(cast.olga)
    typed = {"said-0": "250-999", "said-1": "PT", "done-0": "1"}
    text = client.post(url("score_test", sheet.pk), typed).content.decode()
    assert "45 with the draft" in text
    assert "It happened 1 time." in text
    text = client.post(url("score_test", sheet.pk), {"done-0": "2"}).content.decode()
    assert "30 with the draft" in text
    assert text.count("The lead does not say so.") == 2
    for wrong in ({}, {**typed, "reference": "LD-123456789"}, {"said-1": "XX"}, {"done-0": "-1"}):
        assert client.post(url("score_test", sheet.pk), wrong).status_code == 422, wrong


def test_threshold_limits_and_who_is_told(cast, client, sign_in, sheet):
    target, foreign = make_target(cast.olga), make_target(cast.otto)
    sign_in(cast.olga)
    typed = {"threshold": "60", "fit_most": "50", "emails": "a@northgate.example\nb@x.example"}
    client.post(url("score_threshold", sheet.pk), {**typed, "targets": [target.pk]})
    draft = SheetVersion.objects.get(sheet=sheet)
    assert (draft.threshold, draft.fit_most, draft.targets) == (60, 50, [target.pk])
    assert draft.emails == ["a@northgate.example", "b@x.example"]
    for wrong in ({"emails": "nobody"}, {"targets": [foreign.pk]}, {"fit_least": "60"}):
        answer = client.post(url("score_threshold", sheet.pk), {**typed, **wrong})
        assert answer.status_code == 422, wrong


def test_a_reseller_manager_reads_and_a_vendor_has_its_own(cast, client, sign_in):
    host = publish(cast.olga, LARGE)
    own = publish(cast.vera, worth(20, LARGE), product=cast.product)
    sign_in(cast.rita)
    assert b"Change rules" not in client.get(url("score_sheet", host.pk)).content
    assert client.post(url("score_start", host.pk)).status_code == 404
    sign_in(cast.vera)
    assert client.get(url("score_sheet", own.pk)).status_code == 200
    assert client.get(url("score_sheet", host.pk)).status_code == 404


def test_the_lead_says_why_it_has_its_score(cast, client, sign_in):
    publish(cast.olga, LARGE, PRICING, threshold=40)
    lead = of_form(cast, size="500")
    sign_in(cast.olga)
    text = client.get(url("detail", lead.reference)).content.decode()
    assert "Why 40?" in text
    assert "Company size is at least 250" in text
    assert "By the rules “All leads”, version 1." in text
    found = client.get(url("list"), {"stage": "mql"}).content.decode()
    assert lead.reference in found or "Northwind" in found


def test_versions_say_what_is_different(cast, client, sign_in):
    publish(cast.olga, LARGE)
    sheet = publish(cast.olga, worth(10, LARGE), PRICING, threshold=50)
    sign_in(cast.olga)
    text = client.get(url("score_version", sheet.pk, 2)).content.decode()
    assert "60 → 50" in text
    assert "Added" in text


def test_a_list_of_rules_costs_the_same_with_one_and_many(cast, client, sign_in):
    sign_in(cast.vera)
    publish(cast.vera, LARGE, product=cast.product)
    client.get(url("scoring"))
    with CaptureQueriesContext(connection) as one:
        client.get(url("scoring"))
    from tests.factories import make_product

    for _number in range(5):
        publish(cast.vera, LARGE, product=make_product(cast.vertex))
    with CaptureQueriesContext(connection) as many:
        client.get(url("scoring"))
    assert len(one) == len(many)


@pytest.fixture
def link(cast, client, sign_in) -> TrackedLink:
    """A link to Northgate's prices, made on its page."""
    sign_in(cast.olga)
    typed = {
        "name": "Prices", "kind": "page_visited", "about": "pricing",
        "address": "https://northgate.example/prices",
    }  # fmt: skip
    client.post(url("score_link_new"), typed)
    return TrackedLink.objects.get()


def test_a_tracked_link_counts_a_visit_and_goes_on(cast, client, link):
    publish(cast.olga, worth(10, PRICING).__class__("", "behaviour", "page_visited", 10))
    lead = of_form(cast)
    client.logout()
    for _time in range(2):  # a page loaded anew is the same visit
        answer = client.get(address_for(link, lead))
        assert answer["location"] == "https://northgate.example/prices"
    assert score(lead) == 10
    assert Behaviour.objects.get().about == "pricing"
    assert set(LeadAccess.objects.filter(lead=lead).values_list("score", flat=True)) == {10}


def test_a_word_that_was_made_up_counts_for_nobody(cast, client, link):
    lead = of_form(cast)
    other = visitor_word("another", lead.reference)
    for word in (lead.reference, other, "%00", "x" * 500):
        answer = client.get(reverse("intake:tracked", args=[link.key, word]))
        assert answer.status_code == 302
    assert client.get(reverse("intake:tracked", args=["unknown", other])).status_code == 404
    assert not Behaviour.objects.exists()


def test_the_pixel_counts_only_with_consent(cast, client, sign_in):
    sign_in(cast.olga)
    client.post(url("score_link_new"), {"name": "News", "kind": "email_opened", "about": "June"})
    link = TrackedLink.objects.get()
    lead = of_form(cast)
    answer = client.get(address_for(link, lead))
    assert (answer.status_code, answer["content-type"]) == (200, "image/gif")
    assert not Behaviour.objects.exists()
    Lead.objects.filter(pk=lead.pk).update(consent_at=lead.created_at)
    client.get(address_for(link, lead))
    assert Behaviour.objects.get().kind == "email_opened"


def test_a_link_is_switched_off_and_goes_on_all_the_same(cast, client, link):
    client.post(url("score_link_switch", link.pk), {"to": "off"})
    answer = client.get(address_for(link, of_form(cast)))
    assert answer["location"] == link.address
    assert not Behaviour.objects.exists()
