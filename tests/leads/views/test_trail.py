"""Next and Previous: a lead's page leads on through the list that somebody came from."""

import re
from html import unescape

import pytest
from django.http import QueryDict

from leadportal.common import clock
from leads.enums import Progress, Status
from leads.filters import Asked
from leads.filters.views import View
from leads.models import Lead
from leads.selectors.leads import lead_page
from leads.services.bulk import run_bulk
from leads.services.leads import edit_lead
from leads.services.lifecycle import assign_lead, disqualify_lead
from leads.services.marks import ProgressMark
from leads.services.notes import add_note
from leads.services.views import Content, add_view
from tests.browser.given import spam
from tests.factories import make_lead
from tests.leads.selectors.shelf import NOW, fill, references
from tests.leads.views.reading import number_of_queries, text_of, url

LIST = "/leads/"


@pytest.fixture
def shelf(cast):
    with clock.at(NOW):
        yield fill(cast)


@pytest.fixture
def five(cast):
    """Five submitted leads, the newest first, as the list shows them."""
    leads = [make_lead(cast.northgate, company=f"Company {number}") for number in range(5)]
    return leads[::-1]


def open_from(client, address: str, lead, *, kind="tr") -> str:
    """The address that a row of a list leads to."""
    page = client.get(address).content.decode()
    part = re.split(rf'<(?:tr|li) id="{lead.reference}"', page)[1]
    return unescape(re.search(r'class="row-main" href="([^"]+)"', part)[1])


def steps_of(page) -> dict[str, str]:
    """Where [ and ] lead."""
    found = re.findall(r'href="([^"]+)" data-step="(.)"', page.content.decode())
    return {key: unescape(address) for address, key in found}


def reference_in(address: str) -> str:
    return re.match(r"/leads/(LD-\d+)/\?list=", address)[1]


def links_of(page) -> list[str]:
    """Every address of the lead's page that belongs to a lead's page or deed."""
    return re.findall(r'(?:href|action)="(/leads/LD-[^"]+)"', page.content.decode())


def walk(client, address: str, key: str) -> list[str]:
    """The leads that one meets by pressing one key to the end."""
    met = [reference_in(address)]
    while address := steps_of(client.get(address)).get(key, ""):
        met.append(reference_in(address))
    return met


@pytest.mark.parametrize(
    "query",
    [
        "",
        "sort=company",
        "sort=-updated",
        "sort=score&status=assigned&status=referred",
        "view=accepted&sort=-status",
        "q=nova",
        "product=.none&sort=first_name",
        "from=2025-09-05&to=2025-10-20&sort=-score",
        "layout=cards&sort=last_name",
    ],
)
def test_next_and_previous_walk_the_list_one_came_from(cast, sign_in, shelf, query):
    asked = Asked(QueryDict(query), cast.olga)
    expected = references(lead_page(asked.leads, size=1000).rows)
    client = sign_in(cast.olga)
    first = Lead.objects.get(reference=expected[0])
    start = open_from(client, f"{LIST}?{query}", first)
    met = walk(client, start, "]")
    assert met == expected
    assert len(set(met)) > 3
    # The way back leads on from any place, so from the sixth as well as from the last.
    sixth = met[:6]
    back = f"/leads/{sixth[-1]}/?{start.partition('?')[2]}"
    assert walk(client, back, "[") == sixth[::-1]


def test_a_column_of_the_board_is_a_list_of_its_own(cast, sign_in, shelf):
    client = sign_in(cast.olga)
    asked = Asked(QueryDict("status=referred"), cast.olga)
    expected = references(lead_page(asked.leads, size=1000).rows)
    first = Lead.objects.get(reference=expected[0])
    start = open_from(client, f"{LIST}?layout=board", first)
    assert walk(client, start, "]") == expected


def test_other_pages_that_show_a_list_of_leads_lead_on_through_it(cast, sign_in, five):
    client = sign_in(cast.olga)

    def way_in(address: str, lead) -> str:
        """The address of the lead's page on another page."""
        body = client.get(address).content.decode()
        return unescape(re.search(rf'href="({url(lead)}[^"]*)"', body)[1])

    all_five = [lead.reference for lead in five]
    assert walk(client, way_in("/search/?q=company", five[0]), "]") == all_five
    for lead in five[:3]:
        assign_lead(lead, to=cast.alpha, actor=cast.rita)
    company = f"/companies/{cast.alpha.pk}/"
    assert walk(client, way_in(company, five[0]), "]") == all_five[:3]
    back = client.get(way_in(company, five[0])).content.decode()
    assert f'href="{LIST}?recipient={cast.alpha.slug}"' in back
    run = run_bulk(
        [lead.pk for lead in five[:2]],
        act=ProgressMark(Progress.CONTACTED),
        key="once",
        actor=cast.olga,
        choice="Contacted",
        query=f"{LIST}?view=pending",
    )
    # What has left the list is still followed by what stood behind it.
    start = way_in(f"/leads/bulk/runs/{run.pk}/", five[1])
    assert walk(client, start, "]") == [all_five[1], *all_five[3:]]


def test_the_page_says_in_what_the_next_lead_is_next(cast, sign_in, five):
    client = sign_in(cast.olga)
    view = add_view(
        name="Hot leads",
        content=Content({"status": ["submitted"]}, "-created", ["company"]),
        actor=cast.olga,
    )
    for query, name in [
        ("", "All leads"),
        ("view=pending", "Pending Leads"),
        ("view=pending&sort=company", "Pending Leads"),
        (f"view={view.slug}", "Hot leads"),
        (f"view={view.slug}&q=company", "your list"),
        ("status=submitted", "your list"),
    ]:
        page = client.get(open_from(client, f"{LIST}?{query}", five[2]))
        assert f"Next in {name}" in text_of(page)
    page = client.get(open_from(client, f"{LIST}?sort=created", five[0]))
    assert "Last in All leads" in text_of(page)
    assert set(steps_of(page)) == {"["}


def test_disqualify_and_what_follows_keep_the_place(cast, sign_in, five):
    client = sign_in(cast.olga)
    third = client.get(open_from(client, f"{LIST}?view=pending", five[2]))
    fourth = client.get(steps_of(third)["]"])
    [deed] = {one for one in links_of(fourth) if "/disqualify/" in one}
    dialog = client.get(unescape(deed))
    [post] = [one for one in links_of(dialog) if "/disqualify/" in one]
    answer = client.post(unescape(post), {"reason": spam(cast).pk})
    after = client.get(answer["Location"])
    assert "Lead disqualified." in text_of(after)
    assert reference_in(steps_of(after)["]"]) == five[4].reference
    assert reference_in(steps_of(after)["["]) == five[2].reference
    [undo] = [unescape(one) for one in links_of(after) if "/undo/" in one]
    again = client.get(client.post(undo)["Location"])
    assert reference_in(steps_of(again)["]"]) == five[4].reference


def test_a_lead_that_moved_inside_the_list_keeps_its_place(cast, sign_in, five):
    for lead in five[::-1]:
        lead.refresh_from_db()
        edit_lead(
            lead, details={"city": "Porto"}, attributes={}, version=lead.version, actor=cast.olga
        )
    client = sign_in(cast.olga)
    page = client.get(open_from(client, f"{LIST}?sort=-updated", five[2]))
    [post] = {unescape(one) for one in links_of(page) if "/next-step/" in one}
    answer = client.post(post, {"next_step": "Call", "next_step_on": ""})
    after = client.get(answer["Location"])
    assert reference_in(steps_of(after)["]"]) == five[3].reference
    assert reference_in(steps_of(after)["["]) == five[1].reference


def test_every_deed_of_the_page_carries_the_list(cast, sign_in, referred, form_lead):
    note = {"body": "Called", "kind": "note", "audience": "company"}
    add_note(referred, **note, actor=cast.ann)
    for who in (cast.ann, cast.olga):
        client = sign_in(who)
        page = client.get(open_from(client, LIST, referred))
        bare = [one for one in links_of(page) if "list=" not in one]
        assert [one for one in bare if "/history/" not in one] == []
    # A control: without a list nothing is carried.
    assert "list=" not in client.get(url(referred)).content.decode()


def test_a_refusal_and_a_refused_form_keep_the_list(cast, sign_in, five):
    client = sign_in(cast.olga)
    start = open_from(client, LIST, five[0])
    deed = start.replace("/?", "/disqualify/?")
    refused = client.post(deed, {})
    assert refused.status_code == 422
    assert "list=" in links_of(refused)[-1]
    disqualify_lead(five[0], reason=spam(cast), text="", actor=cast.rita)
    conflict = client.post(deed, {"reason": spam(cast).pk})
    assert conflict.status_code == 409
    assert start.partition("?")[2] in links_of(conflict)[-1]


def test_a_lead_out_of_sight_leads_back_to_the_list_one_came_from(cast, sign_in, held):
    lead = held(Status.ASSIGNED)
    client = sign_in(cast.ann)
    start = open_from(client, f"{LIST}?sort=company", lead)
    answer = client.post(start.replace("/?", "/decline/?"), {"reason": "No capacity"})
    assert answer["Location"] == f"{LIST}?sort=company"


@pytest.mark.parametrize("token", ["", "x", "a.b", "0" * 5000, "WyIiLCIiLCIiXQ.x", "%00", "é"])
def test_what_nobody_signed_is_ignored(cast, sign_in, five, token):
    page = sign_in(cast.olga).get(url(five[0]), {"list": token})
    assert page.status_code == 200
    assert steps_of(page) == {}
    assert not [one for one in links_of(page) if "list=" in one]


def test_a_list_of_somebody_else_is_ignored(cast, sign_in, five):
    address = open_from(sign_in(cast.olga), LIST, five[1])
    assert steps_of(sign_in(cast.rita).get(address)) == {}
    assert len(steps_of(sign_in(cast.olga).get(address))) == 2


def test_a_list_that_can_no_longer_be_read_shows_no_way_on(cast, sign_in, five, monkeypatch):
    client = sign_in(cast.olga)
    address = open_from(client, f"{LIST}?view=pending", five[1])
    gone = View("gone", "Gone")
    monkeypatch.setattr("leads.filters.views.PRESETS", (gone,))
    page = client.get(address)
    assert page.status_code == 200
    assert steps_of(page) == {}


def test_two_queries_however_long_the_list_is(cast, sign_in, five):
    client = sign_in(cast.olga)
    plain = number_of_queries(client, url(five[1]))
    starts = [
        open_from(client, f"{LIST}?{query}", five[1])
        for query in ("", "view=pending", "sort=company", "sort=-score")
    ]
    assert [number_of_queries(client, start) for start in starts] == [plain + 2] * 4
    for number in range(30):
        make_lead(cast.northgate, company=f"More {number}")
    assert [number_of_queries(client, start) for start in starts] == [plain + 2] * 4


def test_a_saved_view_costs_nothing_more(cast, sign_in, five):
    content = Content({"status": ["submitted"]}, "-created", ["company", "score"])
    view = add_view(name="Hot leads", content=content, actor=cast.olga)
    client = sign_in(cast.olga)
    plain = number_of_queries(client, url(five[1]))
    start = open_from(client, f"{LIST}?view={view.slug}", five[1])
    assert number_of_queries(client, start) == plain + 2


def test_what_one_lost_leads_on_too(cast, sign_in, held):
    leads = [held(Status.ASSIGNED, company=f"Lost {number}") for number in range(3)]
    for lead in leads:
        assign_lead(lead, to=cast.beta, actor=cast.rita)
    client = sign_in(cast.ann)
    start = open_from(client, LIST, leads[2])
    assert walk(client, start, "]") == [lead.reference for lead in leads[::-1]]
