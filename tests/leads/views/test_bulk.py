"""Bulk actions as pages: who is asked what, what is refused, and what is said (ux.md L29 to L32)."""

import pytest

from leads.enums import BulkState, HolderDesk, Progress, Status
from leads.models import BulkRun, Event, ExportRecord, Lead, LeadProduct
from tests.factories import make_lead
from tests.leads.views.reading import number_of_queries, text_of

ASSIGN = "/leads/bulk/assign/"
TO_SALES = {"target": "sales"}


def ticked(*leads: Lead) -> str:
    """The query of a selection by hand."""
    return "?" + "&".join(f"lead={lead.reference}" for lead in leads)


def hidden(page) -> dict[str, str]:
    """What the form of a confirmation carries along."""
    form = page.context["form"]
    return {name: form[name].value() for name in ("key", "count")}


def confirm(client, address: str, **data: str):
    """Open a confirmation and send it."""
    return client.post(address, {**hidden(client.get(address)), **data})


@pytest.fixture
def leads(cast) -> list[Lead]:
    """Three submitted leads and one converted."""
    return [
        *(make_lead(cast.northgate) for _number in range(3)),
        make_lead(cast.northgate, Status.CONVERTED),
    ]


def test_confirmation_says_how_many_which_and_who_is_skipped(cast, sign_in, leads):
    foreign = make_lead(cast.southgate)
    words = text_of(sign_in(cast.rita).get(ASSIGN + ticked(*leads, foreign)))
    assert "Assign 3 leads?" in words
    assert "You selected 5 leads in the list." in words
    assert "1 of the 5 selected is Converted and cannot be assigned." in words
    assert "1 of the 5 selected was not found." in words
    assert "You can undo this for 10 minutes." in words


def test_all_that_match_are_named_by_their_filters(cast, sign_in, leads):
    words = text_of(
        sign_in(cast.rita).get("/leads/bulk/disqualify/?all=yes&status=submitted&q=Northwind")
    )
    assert "Disqualify 3 leads?" in words
    assert "They match: Status is Submitted, searched for “Northwind”." in words


def test_the_page_costs_the_same_for_one_and_for_fifty(cast, sign_in):
    client = sign_in(cast.rita)
    make_lead(cast.northgate)
    before = number_of_queries(client, f"{ASSIGN}?all=yes")
    for _number in range(50):
        make_lead(cast.northgate)
    assert number_of_queries(client, f"{ASSIGN}?all=yes") == before


def test_done_skipped_and_undone_are_told(cast, sign_in, leads):
    client = sign_in(cast.rita)
    data = {"target": "company", "company": str(cast.alpha.pk)}
    answer = confirm(client, ASSIGN + ticked(*leads), **data)
    run = BulkRun.objects.get()
    assert answer["location"] == f"/leads/bulk/runs/{run.pk}/"
    words = text_of(client.get(answer["location"]))
    assert "3 leads assigned to Alpha" in words
    assert "This lead is converted, so it can no longer be assigned." in words
    assert leads[0].reference in client.get(answer["location"]).content.decode()
    skipped = client.get(f"{answer['location']}?state=skipped").context["lines"]
    assert [line.lead for line in skipped] == [leads[3]]
    client.post(f"{answer['location']}undo/")
    assert "3 leads undone." in text_of(client.get(answer["location"]))
    assert set(Lead.objects.exclude(pk=leads[3].pk).values_list("status")) == {(Status.SUBMITTED,)}
    assert client.post(f"{answer['location']}undo/").status_code == 409


def test_nothing_is_done_when_another_number_matches(cast, sign_in, leads):
    client = sign_in(cast.rita)
    address = f"{ASSIGN}?all=yes&status=submitted"
    data = {**hidden(client.get(address)), **TO_SALES}
    make_lead(cast.northgate)
    answer = client.post(address, data)
    assert answer.status_code == 409
    assert "4 leads now match, not 3. Check the list and select again." in text_of(answer)
    assert not Event.objects.exists()
    assert client.post(address, {**data, "count": "4"}).status_code == 302
    assert Lead.objects.filter(status=Status.ASSIGNED).count() == 4


def test_the_same_confirmation_twice_runs_once(cast, sign_in, leads):
    client = sign_in(cast.rita)
    address = f"{ASSIGN}?all=yes&status=submitted"
    data = {**hidden(client.get(address)), **TO_SALES}
    first, second = client.post(address, data), client.post(address, data)
    assert first["location"] == second["location"]
    assert BulkRun.objects.count() == 1
    assert Event.objects.count() == 3


def test_a_repeat_finds_its_run_though_nothing_is_left_to_do(cast, sign_in, leads):
    client = sign_in(cast.rita)
    address = "/leads/bulk/disqualify/" + ticked(*leads)
    reason = cast.northgate.disqualify_reasons.get(needs_text=False)
    data = {**hidden(client.get(address)), "reason": str(reason.pk)}
    first, second = client.post(address, data), client.post(address, data)
    assert second["location"] == first["location"]
    again = client.post(address, {**data, "key": "another"})
    assert again.status_code == 409
    assert "3 of the 4 selected are Disqualified and cannot be disqualified." in text_of(again)


def test_the_key_of_somebody_else_is_another_key(cast, sign_in, leads):
    address = ASSIGN + ticked(*leads)
    data = {**hidden(sign_in(cast.rita).get(address)), **TO_SALES}
    sign_in(cast.rita).post(address, data)
    sign_in(cast.olga).post(address, data)
    assert BulkRun.objects.count() == 2


def test_nothing_selected_and_nothing_possible_have_a_sentence(cast, sign_in, leads):
    client = sign_in(cast.rita)
    for answer in (client.get(ASSIGN), client.post(ASSIGN, TO_SALES)):
        assert answer.status_code == 422
        assert "Select at least one lead in the list." in text_of(answer)
    words = text_of(client.get(ASSIGN + ticked(leads[3])))
    assert "Nothing to do" in words
    assert "1 of the 1 selected is Converted and cannot be assigned." in words


def test_too_many_have_a_sentence_and_are_not_cut(cast, sign_in, leads, monkeypatch):
    client = sign_in(cast.rita)
    many = "&".join(f"lead=LD-{number:09}" for number in range(101))
    answer = client.get(f"{ASSIGN}?{many}")
    assert answer.status_code == 422
    assert "Up to 100 leads can be selected by hand." in text_of(answer)
    monkeypatch.setattr("leads.views.bulk.MOST", 3)
    answer = client.post(f"{ASSIGN}?all=yes", TO_SALES)
    assert answer.status_code == 422
    assert "4 leads match. Up to 3 can be changed at once" in text_of(answer)
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "?lead=%00",
        "?lead=LD-1'--",
        "?lead=" + "9" * 400,
        "?all=yes&status=nonsense&from=x",
        "?all=1",
    ],
)
def test_hostile_addresses_are_answered_in_words(cast, sign_in, leads, query):
    client = sign_in(cast.rita)
    for answer in (client.get(ASSIGN + query), client.post(ASSIGN + query, TO_SALES)):
        assert answer.status_code in {200, 409, 422}
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"target": "company", "company": "nonsense"},
        {"target": "company", "company": "9" * 40},
        {"target": "nobody"},
        {**TO_SALES, "key": "\x00"},
        {**TO_SALES, "count": "two"},
        {**TO_SALES, "key": "k" * 500},
    ],
)
def test_hostile_forms_come_back(cast, sign_in, leads, data):
    answer = sign_in(cast.rita).post(ASSIGN + ticked(*leads), data)
    assert answer.status_code in {302, 422}
    assert (answer.status_code == 302) == BulkRun.objects.exists()


def test_a_company_of_another_host_cannot_get_them(cast, sign_in, leads):
    data = {"target": "company", "company": str(cast.southgate.pk)}
    assert confirm(sign_in(cast.rita), ASSIGN + ticked(*leads), **data).status_code == 422
    assert not Event.objects.exists()


def test_actions_that_roles_never_have_are_not_there(cast, sign_in, leads):
    client = sign_in(cast.ann)
    assert client.get(ASSIGN + ticked(*leads)).status_code == 404
    assert client.post(ASSIGN + ticked(*leads), TO_SALES).status_code == 404
    page = client.get("/leads/").content.decode()
    make_lead(cast.northgate, holder=cast.alpha, holder_desk=HolderDesk.COMPANY)
    assert "/leads/bulk/progress/" in page
    assert ASSIGN not in page


@pytest.mark.parametrize("word", ["convert", "delete", "nonsense", "runs"])
def test_other_words_are_no_bulk_action(cast, sign_in, leads, word):
    assert sign_in(cast.olga).get(f"/leads/bulk/{word}/{ticked(*leads)}").status_code == 404


def test_each_action_asks_for_what_it_needs(cast, sign_in, leads):
    client = sign_in(cast.olga)
    other = cast.northgate.disqualify_reasons.get(needs_text=True)
    held = make_lead(
        cast.northgate, Status.REFERRED, holder=cast.alpha, holder_desk=HolderDesk.COMPANY
    )
    disqualify = "/leads/bulk/disqualify/" + ticked(leads[0])
    assert confirm(client, disqualify, reason=str(other.pk)).status_code == 422
    confirm(client, disqualify, reason=str(other.pk), text="Asked for flowers")
    confirm(client, "/leads/bulk/progress/" + ticked(leads[1]), progress="contacted")
    confirm(client, "/leads/bulk/products/" + ticked(held), product=str(cast.product.pk))
    for lead in (*leads, held):
        lead.refresh_from_db()
    assert leads[0].status == Status.DISQUALIFIED
    assert leads[1].progress == Progress.CONTACTED
    assert LeadProduct.objects.get(lead=held).product == cast.product
    assert {one.outcomes.get().state for one in BulkRun.objects.all()} == {BulkState.DONE}


def test_runs_of_others_are_not_there(cast, sign_in, leads):
    confirm(sign_in(cast.rita), ASSIGN + ticked(*leads), **TO_SALES)
    run = BulkRun.objects.get()
    client = sign_in(cast.olga)
    assert client.get(f"/leads/bulk/runs/{run.pk}/").status_code == 404
    assert client.post(f"/leads/bulk/runs/{run.pk}/undo/").status_code == 404
    assert client.get(f"/leads/bulk/runs/{'9' * 30}/").status_code == 404


def test_result_costs_the_same_for_one_and_for_fifty(cast, sign_in):
    client = sign_in(cast.rita)
    confirm(client, ASSIGN + ticked(make_lead(cast.northgate)), **TO_SALES)
    one = BulkRun.objects.get()
    confirm(client, ASSIGN + ticked(*(make_lead(cast.northgate) for _n in range(50))), **TO_SALES)
    fifty = BulkRun.objects.exclude(pk=one.pk).get()
    costs = [number_of_queries(client, f"/leads/bulk/runs/{run.pk}/") for run in (one, fifty)]
    assert costs[0] == costs[1]


def test_selected_leads_alone_are_exported(cast, sign_in, leads):
    client = sign_in(cast.olga)
    page = client.get("/leads/export/" + ticked(*leads[:2]))
    assert "The file will have the 2 leads that you selected." in text_of(page)
    wanted = {"kind": "csv", "columns": "all"}
    answer = client.post("/leads/export/" + ticked(*leads[:2]), wanted, follow=True)
    assert len(b"".join(answer.streaming_content).splitlines()) == 3
    assert ExportRecord.objects.get().rows == 2
