"""The leads as cards and as a board: the same leads, and on every card exactly what its reader may do."""

import re
from datetime import timedelta
from html import unescape

import pytest

from accounts.enums import CustomerRight
from leadportal.common import clock
from leads.enums import Audience, HolderDesk, NoteKind, Progress, Qualification, Status
from leads.models import Lead, Note
from leads.rules.workflow import LEADS_TO, Action
from leads.services.conversion import Wish, request_conversion
from leads.services.lifecycle import accept_lead, assign_lead
from leads.services.notes import add_note
from tests.browser.given import let
from tests.factories import fresh, make_lead
from tests.leads.selectors.shelf import NOW, fill
from tests.leads.views.reading import actions_of, number_of_queries, text_of, url

LIST = "/leads/"
HTMX = {"HTTP_HX_REQUEST": "true"}
LAYOUTS = ("list", "cards", "board")
MOVES = {action.value for action in LEADS_TO}


@pytest.fixture
def shelf(cast):
    with clock.at(NOW):
        yield fill(cast)


def columns_of(answer) -> dict[str, str]:
    """The board's columns: word and HTML."""
    parts = re.split(r'id="column-(\w+)"', answer.content.decode())
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def cards_of(html: str) -> dict[str, str]:
    """The cards in a piece of HTML: Lead ID and HTML."""
    parts = re.split(r'<li id="(LD-\d+)" class="lead-card"', html)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def references_of(answer) -> list[str]:
    """Lead IDs of rows or cards."""
    return re.findall(r'<(?:tr|li) id="(LD-\d+)"', answer.content.decode())


def links_of(html: str, words: str) -> list[str]:
    """The addresses of the links that say `words`."""
    links = re.findall(r'(?s)<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', html)
    return [unescape(address) for address, inside in links if words in inside]


def pressed(answer) -> str:
    """The layout whose button is pressed."""
    return re.search(r'name="layout" value="(\w+)" aria-pressed="true"', answer.content.decode())[1]


# --- One list, three layouts -----------------------------------------------------------------------


def test_the_choice_is_remembered_where_an_address_names_none(cast, sign_in):
    make_lead(cast.northgate)
    client = sign_in(cast.olga)
    assert pressed(client.get(LIST)) == "list"
    for layout in ("board", "cards", "list"):
        assert pressed(client.get(f"{LIST}?layout={layout}")) == layout
        assert pressed(client.get(LIST)) == layout
    client.get(f"{LIST}?layout=cards")
    odd = client.get(f"{LIST}?layout=tiles")
    assert pressed(odd) == "list"
    assert "There is no such layout." in text_of(odd)
    assert pressed(client.get(LIST)) == "cards"


@pytest.mark.parametrize("query", ["", "status=assigned&status=converted", "q=novak", "kind=service&sort=company",
                                   "view=accepted", "status=deleted", "q=nothing+like+this"])  # fmt: skip
def test_total_and_tags_are_the_same_in_all_layouts(cast, shelf, sign_in, query):
    client = sign_in(cast.olga)
    pages = {layout: client.get(f"{LIST}?{query}&layout={layout}") for layout in LAYOUTS}
    found = {}
    for layout, page in pages.items():
        html = page.content.decode()
        tags = re.findall(r"Remove filter: </span>([^<]*)", html)
        found[layout] = (tags, re.search(r'data-announce="([^"]*)"', html)[1])
    assert found["list"] == found["cards"] == found["board"]
    assert references_of(pages["list"]) == references_of(pages["cards"])


def test_switching_keeps_filters_search_and_sort(cast, shelf, sign_in):
    query = "status=assigned&kind=service&sort=company&q=example"
    html = sign_in(cast.olga).get(f"{LIST}?{query}&layout=board").content.decode()
    form = html.partition('<form class="layouts" action="/leads/"')[2].partition("</form>")[0]
    kept = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    assert kept == {"status": "assigned", "kind": "service", "sort": "company", "q": "example"}
    for address in re.findall(r'id="chip-\w+" href="([^"]*)"', html):
        assert "layout=board" in address


def test_totals_of_the_columns_are_the_numbers_of_the_chips(cast, shelf, sign_in):
    client = sign_in(cast.olga)
    for query in ("", "kind=service", "q=novak", "progress=new&sort=-score"):
        page = client.get(f"{LIST}?{query}&layout=board")
        [address] = re.findall(r'hx-get="(/leads/counts/[^"]*)"', page.content.decode())
        chips = client.get(unescape(address), **HTMX).content.decode()
        numbers = dict(re.findall(r'(?s)id="chip-(\w+)".*?class="count">([\d,+]*)<', chips))
        del numbers["all"]
        heads = {
            word: re.search(r'class="count">([\d,+]*)<', html)[1]
            for word, html in columns_of(page).items()
        }
        assert heads == numbers, query


# --- Columns ---------------------------------------------------------------------------------------


def test_cards_stand_in_the_column_of_their_status_and_in_the_order_of_the_list(
    cast, shelf, sign_in
):
    client = sign_in(cast.olga)
    columns = columns_of(client.get(f"{LIST}?layout=board&sort=company"))
    for status in (Status.SUBMITTED, Status.ASSIGNED, Status.REFERRED):
        rows = client.get(f"{LIST}?layout=list&sort=company&status={status.slug}")
        assert list(cards_of(columns[status.slug])) == references_of(rows)
    assert not cards_of(columns["converted"])
    opened = client.get(f"{LIST}?layout=board&sort=company&lane=converted")
    assert set(cards_of(columns_of(opened)["converted"])) == shelf.those(
        lambda one: one.status == Status.CONVERTED
    )


def test_filter_by_status_leaves_those_columns(cast, shelf, sign_in):
    page = sign_in(cast.olga).get(f"{LIST}?layout=board&status=deleted&status=assigned")
    columns = columns_of(page)
    assert list(columns) == ["assigned", "deleted"]
    assert all(cards_of(html) for html in columns.values())


def test_columns_go_on_by_25(cast, sign_in):
    with clock.at(NOW):
        leads = [
            make_lead(cast.northgate, created_at=NOW - timedelta(hours=hours))
            for hours in range(60)
        ]
        make_lead(cast.northgate, Status.ASSIGNED)
    client = sign_in(cast.olga)
    seen = []
    page = client.get(f"{LIST}?layout=board")
    while True:
        columns = columns_of(page)
        seen += cards_of(columns["submitted"])
        assert len(cards_of(columns["assigned"])) == 1  # only one column goes on
        more = links_of(columns["submitted"], "Load 25 more")
        if not more:
            break
        fragment = client.get(more[0], **HTMX).content.decode()
        page = client.get(more[0])
        assert list(cards_of(fragment)) == list(cards_of(columns_of(page)["submitted"]))
        assert "<h2" not in fragment
    assert seen == [lead.reference for lead in leads]
    [start] = links_of(columns_of(page)["submitted"], "Back to the first leads")
    assert references_of(client.get(start))[0] == leads[0].reference


@pytest.mark.parametrize(
    ("query", "status"),
    [("lane=nothing", 404), ("lane=submitted&after=nonsense", 200), ("lane=%00", 404)],
)
def test_fragment_of_an_odd_column(cast, sign_in, query, status):
    make_lead(cast.northgate)
    client = sign_in(cast.olga)
    assert client.get(f"{LIST}?layout=board&{query}", **HTMX).status_code == status
    assert client.get(f"{LIST}?layout=board&{query}").status_code == 200


# --- What a card offers ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["olga", "rita", "sam", "ann", "ray", "vera"])
def test_card_offers_what_the_page_of_the_lead_offers(cast, sign_in, name):
    let(cast.alpha, can_create_customers=CustomerRight.FREE)
    values = {"product": cast.product, "marketplace": cast.marketplace}
    holders = [
        {},
        {"holder_desk": HolderDesk.SALES},
        {"holder": cast.alpha, "holder_desk": HolderDesk.COMPANY},
        {"holder": cast.ripple, "holder_desk": HolderDesk.COMPANY, "maker": cast.ripple, "maker_kinds": 1},
        {"holder": cast.vertex, "holder_desk": HolderDesk.COMPANY},
    ]  # fmt: skip
    for status in Status:
        for holder in holders:
            make_lead(
                cast.northgate,
                status,
                **values,
                **holder,
                qualification=Qualification.PENDING,
                status_before_delete=Status.ASSIGNED if status == Status.DELETED else None,
            )
    asked = make_lead(cast.northgate, Status.ASSIGNED, **holders[2])
    let(cast.alpha, can_create_customers=CustomerRight.APPROVAL)
    request_conversion(asked, wish=Wish("Contoso", "c@contoso.example"), actor=fresh(cast.ann))
    client = sign_in(getattr(cast, name))
    statuses = "&".join(f"status={status.slug}" for status in Status)
    board = cards_of(client.get(f"{LIST}?layout=board&{statuses}").content.decode())
    cards = cards_of(client.get(f"{LIST}?layout=cards&size=100&{statuses}").content.decode())
    assert board.keys() == cards.keys() != set()
    for reference in board:
        page = client.get(f"{LIST}{reference}/")
        moves = set(re.findall(r'data-action="([a-z-]+)"', board[reference]))
        assert moves == actions_of(page) & MOVES, reference
        offered = set(re.findall(r'data-action="([a-z-]+)"', cards[reference]))
        assert offered == actions_of(page) & {"progress", "note", "delete"}, reference
        for address in re.findall(r'href="([^"]*\?back=[^"]*)"', board[reference]):
            assert client.get(unescape(address)).status_code == 200


def test_each_move_leads_to_the_column_that_it_names(cast, sign_in):
    lead = make_lead(cast.northgate, Status.DELETED, status_before_delete=Status.REFERRED)
    page = sign_in(cast.olga).get(f"{LIST}?layout=board&status=deleted")
    targets = dict(re.findall(r'data-action="([a-z-]+)" data-to="(\w+)"', page.content.decode()))
    assert targets == {"restore": "referred"}
    assert set(LEADS_TO) < set(Action)
    make_lead(cast.northgate, Status.SUBMITTED)
    page = sign_in(cast.olga).get(f"{LIST}?layout=board&status=submitted")
    targets = dict(re.findall(r'data-action="([a-z-]+)" data-to="(\w+)"', page.content.decode()))
    assert targets == {
        "assign": "assigned",
        "convert": "converted",
        "disqualify": "disqualified",
        "delete": "deleted",
    }
    assert lead.reference not in page.content.decode()


def test_card_names_the_columns_that_its_reader_never_has(cast, sign_in):
    make_lead(cast.northgate, Status.ASSIGNED, holder=cast.alpha, holder_desk=HolderDesk.COMPANY)
    let(cast.alpha, can_create_customers=CustomerRight.NO, can_disqualify_leads=False)
    page = sign_in(cast.ann).get(f"{LIST}?layout=board").content.decode()
    [closed] = re.findall(r'data-closed="([^"]*)"', page)
    never = {"pending_submission", "assigned", "converted", "disqualified", "deleted"}
    assert set(closed.split()) == never
    assert "Not possible while the lead is Assigned." in page


# --- What a card says ------------------------------------------------------------------------------


def note(lead, body, actor, audience=Audience.EVERYBODY):
    return add_note(lead, body=body, kind=NoteKind.NOTE, audience=audience, actor=actor)


def test_card_says_who_what_and_which_notes_its_reader_has(cast, sign_in, referred):
    note(referred, "For all", cast.rita)
    note(referred, "Among us", cast.ann, Audience.COMPANY)
    gone = note(referred, "Taken back", cast.ann)
    Note.objects.filter(pk=gone.pk).update(deleted_at=clock.now())
    for actor, notes in ((cast.ann, "2 notes the last by Ann Abe"), (cast.rita, "1 note the last by Rita Rey"),
                         (cast.vera, "1 note the last by Rita Rey")):  # fmt: skip
        words = text_of(sign_in(actor).get(f"{LIST}?layout=cards"))
        for said in ("Referred", "Progress: New", "Northwind Traders", "Ana Sousa", "ana@northwind.example",
                     "+351 912 345 678", "Acme Backup", notes, "View Notes", "Add Note"):  # fmt: skip
            assert said in words, (actor.name, said)


def test_card_of_a_lost_lead_is_as_it_was(cast, sign_in, referred):
    note(referred, "While it was ours", cast.rita)
    assign_lead(referred, to=cast.beta, actor=cast.olga)
    lead = accept_lead(referred, actor=cast.ben)
    note(lead, "Only later", cast.ben)
    Lead.objects.filter(pk=lead.pk).update(email="new@northwind.example", phone="1")
    client = sign_in(cast.ann)
    page = client.get(f"{LIST}?layout=cards")
    words = text_of(page)
    for seen in (
        "1 note the last by Rita Rey",
        "ana@northwind.example",
        "+351 912 345 678",
        "Referred",
    ):
        assert seen in words
    for hidden in ("Ben Bo", "new@northwind.example", "Add Note", "Delete Lead"):
        assert hidden not in words
    assert actions_of(page) == set()
    board = client.get(f"{LIST}?layout=board")
    assert lead.reference in references_of(board)
    assert actions_of(board) == set()
    assert "Move to" not in text_of(board)


@pytest.mark.parametrize("layout", ["cards", "board"])
@pytest.mark.parametrize("name", ["olga", "ann"])
def test_a_page_costs_the_same_with_one_card_and_with_fifty(cast, sign_in, layout, name):
    client = sign_in(getattr(cast, name))
    values = {"product": cast.product, "marketplace": cast.marketplace, "holder": cast.alpha,
              "holder_desk": HolderDesk.COMPANY}  # fmt: skip

    def fill_up(number):
        for _number in range(number):
            for status in (Status.SUBMITTED, Status.ASSIGNED, Status.REFERRED):
                lead = make_lead(cast.northgate, status, **values)
                note(lead, "Call", cast.olga)
            lost = make_lead(cast.northgate, Status.REFERRED, **values)
            assign_lead(lost, to=cast.beta, actor=cast.olga)

    fill_up(1)
    address = f"{LIST}?layout={layout}&size=50"
    before = number_of_queries(client, address)
    fill_up(12)
    assert number_of_queries(client, address) == before
    assert len(references_of(client.get(address))) > 40


# --- Doing something from a card -------------------------------------------------------------------


def test_progress_is_saved_without_leaving_the_list(cast, sign_in, referred):
    client = sign_in(cast.ann)
    here = f"{LIST}?status=referred&layout=cards"
    html = client.get(here).content.decode()
    back = unescape(re.search(r'name="back" value="([^"]*)"', html)[1])
    answer = client.post(url(referred, "progress"), {"progress": "contacted", "back": back})
    assert (answer.status_code, answer["Location"]) == (302, here)
    assert Lead.objects.get(pk=referred.pk).progress == Progress.CONTACTED
    words = text_of(client.get(here))
    assert "Progress saved." in words
    assert "Undo" in words


def test_htmx_gets_the_card_alone_with_the_message(cast, sign_in, referred):
    client = sign_in(cast.ann)
    answer = client.post(
        url(referred, "progress"),
        {"progress": "purchased", "back": "layout=cards"},
        **HTMX,
        HTTP_HX_TARGET=referred.reference,
    )
    html = answer.content.decode()
    assert references_of(answer) == [referred.reference]
    assert "<html" not in html
    assert "Progress: Purchased" in text_of(answer)
    assert 'hx-swap-oob="true"' in html
    assert "Progress saved." in html
    assert 'value="layout=cards"' in html


def test_moves_lead_back_to_the_board(cast, sign_in, form_lead):
    client = sign_in(cast.rita)
    address = f"{url(form_lead, 'assign')}?back=q%3Dana%26layout%3Dboard"
    page = client.get(address).content.decode()
    assert f'href="{LIST}?q=ana&amp;layout=board" data-close' in page
    assert 'name="back" value="q=ana&amp;layout=board"' in page
    refused = client.post(url(form_lead, "assign"), {"back": "q=ana&layout=board"})
    assert refused.status_code == 422
    assert 'name="back" value="q=ana&amp;layout=board"' in refused.content.decode()
    reason = cast.northgate.disqualify_reasons.first()
    data = {"back": "q=ana&layout=board", "reason": reason.pk}
    done = client.post(url(form_lead, "disqualify"), data)
    assert done["Location"] == f"{LIST}?q=ana&layout=board"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "%0d%0aX-Odd: 1", "\r\nX-Odd: 1",
                                  "\x00", "&" * 5000, "q=\ud800".encode("utf-8", "replace").decode()])  # fmt: skip
def test_way_back_is_always_the_list(cast, sign_in, referred, back):
    client = sign_in(cast.ann)
    for more in ({}, HTMX):
        data = {"progress": "delivered", "back": back}
        answer = client.post(url(referred, "progress"), data, **more)
        where = answer.headers.get("Location") or answer.headers["HX-Redirect"]
        assert re.match(r"^/leads/(\?|LD-\d+/$)", where), where
        assert "\n" not in where
