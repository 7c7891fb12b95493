"""The pages of assignment: what their forms refuse, the dry run over a view, territories, days away."""

import re
from datetime import timedelta

import pytest

from leadportal.common import clock
from leads.enums import Status
from leads.models import Absence, RoutingDecision
from leads.rules.routing.choosing import Answer
from leads.selectors import routing_pages
from leads.selectors.routing_pages import desk
from leads.services.leads import create_lead
from leads.services.lifecycle import assign_lead
from leads.services.views import Content, add_view
from tests.factories import make_lead
from tests.leads.services.test_lifecycle import CONTACT
from tests.leads.views.reading import number_of_queries, text_of
from tests.routing import set_up_routing

RULE = "/assignment/rules/r1/"
TERRITORY = "/assignment/territories/new/"
TRIAL = "/assignment/test/"


@pytest.fixture
def olga(cast, sign_in):
    """Olga with a browser, and rules that are published, with a draft of the next version."""
    set_up_routing(cast)
    return sign_in(cast.olga)


# --- Forms ----------------------------------------------------------------------------------------------

REFUSED = {
    "a rule without a name": ("/assignment/rules/new/", {"name": " "}, "Enter a name"),
    "a rule with a name that is taken": (
        *("/assignment/rules/new/", {"name": "iberia IN turn"}, "Another rule is called"),
    ),
    "nobody to give leads to": (f"{RULE}target/", {}, "Choose who gets the leads"),
    "a way that is none": (f"{RULE}target/", {"gives": "x"}, "Choose who gets the leads"),
    "a company that is not chosen": (
        *(f"{RULE}target/", {"gives": "company", "person": "0:9"}, "Choose who gets the leads"),
    ),
    "a company of somebody else": (
        *(f"{RULE}target/", {"gives": "company", "company": "999:0"}, "Choose who gets the leads"),
    ),
    "a weight of nothing": (*(f"{RULE}turns/new/", {"who": "{alpha}:0", "weight": "0"}, "Weight"),),
    "a cap of nothing": (
        *(f"{RULE}turns/new/", {"who": "{alpha}:0", "weight": "1", "cap": "0"}, "Most leads a day"),
    ),
    "a country that is none": (
        f"{RULE}conditions/new/?field=country",
        {"op": "one_of", "values": ["XX"], "lines": "Portugla"},
        "spelled",
    ),
    "a territory without places": (TERRITORY, {"name": "South"}, "Enter at least one country"),
    "a territory with a name that is taken": (
        *(TERRITORY, {"name": "iberia", "areas": "Spain"}, "Another territory is called"),
    ),
    "a place that is none": (
        *(TERRITORY, {"name": "South", "areas": "Spain\nPortugla"}, "“Portugla” does not begin"),
    ),
    "postcodes the wrong way round": (
        *(TERRITORY, {"name": "South", "areas": "Spain 9–1"}, "Postcodes are written like"),
    ),
    "an absence that ends before it begins": (
        "/assignment/absences/",
        {"who": "{alpha}:0", "first_day": "2026-02-02", "last_day": "2026-02-01"},
        "Choose a last day that is not before the first one.",
    ),
    "an absence of nobody": (
        "/assignment/absences/",
        {"first_day": "2026-02-02", "last_day": "2026-02-02"},
        "Choose",
    ),
    "a start that has passed": (
        *(
            "/assignment/publish/",
            {"start_on": "2020-01-01"},
            "Choose a time that is still to come",
        ),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_with_a_sentence_and_changes_nothing(cast, olga, case):
    address, given, sentence = REFUSED[case]
    data = {
        name: value.format(alpha=cast.alpha.pk) if isinstance(value, str) else value
        for name, value in given.items()
    }
    before = desk(cast.olga)
    answer = olga.post(address, data)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    after = desk(cast.olga)
    assert (after.draft.rules, after.live.number) == (before.draft.rules, before.live.number)
    assert Absence.objects.count() == 1


def test_a_territory_is_kept_as_it_is_typed(cast, olga):
    areas = "Spain, Galicia\nPortugal 4000-4999\nPortugal 4000–4999\n\nFrance"
    data = {"name": "Coast", "areas": areas, "owner": str(cast.beta.pk)}
    assert olga.post(TERRITORY, data).status_code == 302
    [kept] = [one for one in desk(cast.olga).book.territories if one.name == "Coast"]
    assert [routing_pages.area_in_words(one) for one in kept.areas] == [
        *("Spain, Galicia", "Portugal 4000–4999", "France"),
    ]
    page = text_of(olga.get("/assignment/territories/"))
    assert "Owner: Beta" in page
    assert "Portugal 4000–4999: in both North and Coast" in page


# --- Territories -------------------------------------------------------------------------------------------


def test_the_territories_page_looks_at_so_many_leads_and_says_so(cast, olga, monkeypatch):
    for country in ("IS", "IS", "MT", "PT"):
        make_lead(cast.northgate, country=country)
    make_lead(cast.southgate, country="FR")
    address = "/assignment/territories/"
    page = text_of(olga.get(address))
    assert "Leads of the last year came from countries in no territory:" in page
    assert "Iceland: 2 leads" in page
    assert "Malta: 1 lead" in page
    assert "France" not in page
    monkeypatch.setattr(routing_pages, "LOOKED_AT", 2)  # Malta and Portugal are the newest
    page = text_of(olga.get(address))
    assert "Of the newest" in page
    assert "Malta: 1 lead" in page
    assert "Iceland" not in page


def test_the_territories_page_costs_the_same_with_one_lead_and_with_many(cast, olga):
    make_lead(cast.northgate, country="IS")
    one = number_of_queries(olga, "/assignment/territories/")
    for _lead in range(9):
        make_lead(cast.northgate, country="IS")
    assert number_of_queries(olga, "/assignment/territories/") == one


# --- Dry run --------------------------------------------------------------------------------------------------


def tried(page) -> list[str]:
    """The Lead IDs of the dry run, in their order."""
    return re.findall(r'class="row-main" href="/leads/(LD-\d+)/"', page.content.decode())


def test_a_dry_run_over_a_view_takes_its_leads_in_its_order(cast, olga):
    leads = [make_lead(cast.northgate, country="PT", company=name) for name in ("B", "C", "A")]
    make_lead(cast.northgate, Status.CONVERTED)
    make_lead(cast.southgate)
    content = Content({"status": ["submitted"]}, "company", ["company"])
    add_view(name="By name", content=content, actor=cast.olga)
    page = olga.get(f"{TRIAL}?what=view&view=by-name")
    assert tried(page) == [leads[2].reference, leads[0].reference, leads[1].reference]
    assert "3 leads tried" in text_of(page)
    assert tried(olga.get(f"{TRIAL}?what=view&view=pending")) == [
        one.reference for one in reversed(leads)
    ]
    assert not RoutingDecision.objects.exists()


def test_a_dry_run_shows_nothing_of_what_the_desk_has_lost(cast, sign_in):
    set_up_routing(cast)
    lead = make_lead(cast.northgate)
    assign_lead(lead, to=None, actor=cast.olga)  # the sales desk is none of the channel's
    rita = sign_in(cast.rita)
    assert lead.reference in rita.get("/leads/?layout=list").content.decode()
    for query in ("what=50", "what=view&view=all", f"what=lead&lead={lead.reference}"):
        answer = rita.get(f"{TRIAL}?{query}")
        assert "Northgate Sales" not in text_of(answer).replace("Northgate Sales: ", ""), query
        assert lead.reference not in tried(answer), query


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("what=view", "Choose a view"),
        ("what=view&view=no-such-view", "Choose"),
        ("what=lead", "Enter a Lead ID"),
        ("what=lead&lead=LD-000000000", "There is no lead with this Lead ID."),
        ("what=everything", "Choose the leads"),
        ("typed=yes&score=much", "Score"),
    ],
)
def test_a_dry_run_of_what_is_not_there_says_so(cast, olga, query, sentence):
    answer = olga.get(f"{TRIAL}?{query}")
    assert answer.status_code == 422
    assert sentence in text_of(answer)


# --- Days away -------------------------------------------------------------------------------------------------


def days(first: int, last: int) -> dict[str, str]:
    """Days counted from today, as they are typed."""
    today = clock.now().date()
    moments = {"first_day": today + timedelta(first), "last_day": today + timedelta(last)}
    return {name: day.isoformat() for name, day in moments.items()}


def test_somebody_is_away_by_oneself_and_rules_skip_that_person(cast, sign_in):
    set_up_routing(cast)
    Absence.objects.all().delete()
    ann = sign_in(cast.ann)
    assert 'href="/settings/absences/"' in ann.get("/settings/").content.decode()
    assert ann.post("/settings/absences/", days(0, 2)).status_code == 302
    kept = Absence.objects.get()
    assert (kept.company, kept.user_id, kept.set_by_id) == (
        *(cast.alpha, cast.ann.user_id, cast.ann.user_id),
    )
    lead = create_lead({**CONTACT, "country": "PT"}, actor=cast.olga)
    assert lead.holder == cast.beta  # nobody else works at Alpha
    [decision] = RoutingDecision.objects.all()
    assert decision.candidates[0]["answer"] == Answer.NOBODY_THERE
    assert "Remove" in text_of(ann.get("/settings/absences/"))
    assert ann.post(f"/settings/absences/{kept.pk}/remove/").status_code == 302
    assert not Absence.objects.exists()


def test_days_away_are_ones_own_alone(cast, sign_in):
    other = set_up_routing(cast)  # Beta's, as a company
    ben = sign_in(cast.ben)
    assert "Remove" not in text_of(ben.get("/settings/absences/"))
    assert ben.post(f"/settings/absences/{other.pk}/remove/").status_code == 404
    assert Absence.objects.filter(pk=other.pk).exists()
    answer = ben.post("/settings/absences/", days(2, 1))
    assert answer.status_code == 422
    assert "Choose a last day that is not before the first one." in text_of(answer)
    for who in ("olga", "cleo", "ray"):
        assert sign_in(getattr(cast, who)).get("/settings/absences/").status_code == 404
        assert (
            "/settings/absences/"
            not in sign_in(getattr(cast, who)).get("/settings/").content.decode()
        )
