"""Search: what is looked at, what counts as the same, and that each way to find a lead finds the same ones."""

import pytest
from django.db import connection
from django.http import QueryDict

from leadportal.common import clock
from leadportal.common.pagination import Order
from leadportal.common.text import fold
from leads.enums import AccessLevel, HolderDesk, Status
from leads.filters import Asked
from leads.models import LeadAccess
from leads.selectors.leads import find_hits, lead_page
from leads.selectors.search import Sought, Span, Stored, Term, indexed_keys, probed
from leads.services.leads import edit_lead
from leads.services.lifecycle import assign_lead, disqualify_lead
from tests.factories import make_lead
from tests.leads.selectors.shelf import NOW, fill, references

EVERY_WORD = "*", "AND", "OR", "NOT", "%", "_", "\\", '"', "'", "--", "100%", "under_score"


@pytest.fixture
def shelf(cast):
    with clock.at(NOW):
        yield fill(cast)


def page(query: dict[str, str], actor, size: int = 100):
    """The first page of an address."""
    address = QueryDict(mutable=True)
    address.update(query)
    asked = Asked(address, actor)
    return lead_page(asked.leads, size=size)


def search(text: str, actor) -> set[str]:
    """Lead IDs of what a search finds."""
    return set(references(page({"q": text}, actor).rows))


def told(text: str):
    """What a search looks at, in plain Python: the parts of the search text, folded."""
    needle = " ".join(fold(text).split())

    def wanted(one) -> bool:
        lead = one.lead
        parts = [
            f"{lead.first_name} {lead.last_name}",
            lead.company,
            one.product,
            lead.email,
            lead.reference,
        ]
        text = "".join(f" {word}" for part in parts for word in fold(part).split())
        return (needle if len(needle) > 2 else f" {needle}") in text

    return wanted


@pytest.mark.parametrize(
    "text",
    [
        "nOVÁK", "novak", "NOVAK", "petr novak", "Petr  Novák ", "ångström", "angstrom", "ANGSTRÖM AB",
        "northwind", "orthwin", "Acme Backup", "acme voice", "person7@example.com", "LD-", "o'neil",
        "müller-lüdenscheidt", "muller-lu", "de la", "a", "no", "pe", "ov", "d", "zeta 100%", *EVERY_WORD,
    ],
)  # fmt: skip
def test_a_search_finds_what_it_should_and_nothing_else(cast, shelf, text):
    assert search(text, cast.olga) == shelf.those(told(text))


def test_the_cases_are_worth_something(cast, shelf):
    for text in ("nOVÁK", "petr novak", "angstrom", "100%", "under_score", "no", "o'neil"):
        assert 0 < len(shelf.those(told(text))) < len(shelf.those()), text
    for text in ("*", "AND", "OR", "NOT", "%", "_", "\\", '"', "--", "ov"):
        assert shelf.those(told(text)) == set(), text


@pytest.mark.parametrize("text", ["", "  ", "\x00", "\u200b", "\ud800"])
def test_an_empty_search_is_none(cast, shelf, text):
    assert Term.read(text) is None
    assert search(text, cast.olga) == shelf.those()


@pytest.mark.parametrize(
    "text", ["x" * 5000, "%" * 300, "\x00novák\x07", "(" * 99, "🙂", "ﬀ", "½", "\u0130"]
)
def test_odd_searches_end_in_an_answer(cast, shelf, text):
    assert search(text, cast.olga) <= shelf.those()


def test_a_complete_lead_id_comes_first_in_every_order(cast, shelf):
    wanted = shelf.told[1].lead
    other = make_lead(cast.northgate, company=f"About {wanted.reference}", score=99)
    for sort in ("-created", "created", "-score", "company", "-company"):
        for text in (wanted.reference, wanted.reference.lower(), f" {wanted.reference} "):
            found = page({"q": text, "sort": sort}, cast.olga)
            assert references(found.rows) == [wanted.reference, other.reference], sort
            assert found.count.number == 2


def test_the_first_lead_id_is_not_repeated_on_the_next_page(cast, shelf):
    wanted = shelf.told[1].lead
    for number in range(4):
        make_lead(cast.northgate, company=f"{number} about {wanted.reference}")
    first = page({"q": wanted.reference, "sort": "company"}, cast.olga, size=2)
    assert references(first.rows)[0] == wanted.reference
    asked = Asked(QueryDict(f"q={wanted.reference}&sort=company&after={first.next}"), cast.olga)
    cursor, backwards = asked.place
    second = lead_page(asked.leads, size=10, cursor=cursor, backwards=backwards)
    assert second.start == 3
    assert len(second.rows) == 3
    assert not set(references(first.rows)) & set(references(second.rows))


@pytest.mark.parametrize("text", ["example", "novak", "zeta 100%", "no", "xylograph", "person7@"])
def test_index_and_look_at_each_lead_find_the_same(cast, shelf, text):
    rows = LeadAccess.objects.visible_to(cast.olga)
    sought = Sought(Term.read(text))
    looked_at = set(probed(rows, sought).values_list("lead_id", flat=True))
    from_index = indexed_keys(rows, sought, ["created_at", "lead_id"], 1000)
    assert {key[-1] for key in from_index} == looked_at
    assert len(from_index) == len(looked_at)


def test_a_look_at_each_lead_leaves_the_planner_no_join_to_choose(cast, shelf):
    """With one it reads every lead there is, for a page (measured: `make bench`)."""
    rows = LeadAccess.objects.visible_to(cast.olga)
    assert " JOIN " not in str(probed(rows, Sought(Term.read("example"))).query)
    assert " JOIN " in str(probed(rows, Sought(Term.read("example"))).filter(lead__email="").query)


@pytest.mark.parametrize(
    "stored",
    [
        Stored("attributes", "budget", (2000,)),
        Stored("attributes", "tools", (["Fax"],)),
        Stored("attributes", "budget", (Span(1000, 2000),)),
        Stored("answers", "budget", (300, "300")),
        Stored("answers", "budget", (True,)),
    ],
)
def test_stored_values_are_found_alike_in_both_forms(cast, shelf, stored):
    rows = LeadAccess.objects.visible_to(cast.olga)
    looked_at = set(probed(rows, Sought(stored=(stored,))).values_list("lead_id", flat=True))
    from_index = indexed_keys(rows, Sought(stored=(stored,)), ["lead_id"], 1000)
    assert {key[-1] for key in from_index} == looked_at


@pytest.mark.parametrize(
    ("text", "is_exact"), [("example", False), ("novak", True), ("xylograph", True)]
)
def test_at_a_large_desk_common_words_are_met_and_rare_ones_looked_up(cast, shelf, text, is_exact):
    rows = LeadAccess.objects.visible_to(cast.olga).filter(status__lt=Status.DELETED)
    hits = find_hits(rows, Sought(Term.read(text)), ["lead_id"], small=10, newest=6)
    assert hits.count.is_exact is is_exact
    known = {one.lead.pk for one in shelf.told if one.reference in shelf.those(told(text))}
    found = {key[0] for key in hits.keys}
    if is_exact:
        assert found == known
    else:
        assert found < known
        assert hits.count.number > hits.count.most > 0


@pytest.mark.parametrize("sort", ["created_at", "company", "score"])
def test_a_common_search_is_walked_to_its_end(cast, shelf, sort):
    from leads.selectors.leads import Walk

    rows = LeadAccess.objects.visible_to(cast.olga)
    sought, order = Sought(Term.read("example")), Order((sort, "lead_id"), is_descending=True)
    walk = Walk(probed(rows, sought), order, {}, find_hits(rows, sought, ["lead_id"]).count)
    found, key = [], None
    while rows_found := walk.take(key, 7):
        found += references(rows_found)
        key = rows_found[-1].key
    assert len(found) == len(set(found)) == 60


# --- A desk that lost a lead (domain.md section 2, "Past") ----------------------------------------------


@pytest.fixture
def lost(cast):
    """Alpha held the lead of Ana Sousa at Northwind; now Beta has it, and it is about somebody else."""
    lead = make_lead(
        cast.northgate,
        Status.ASSIGNED,
        holder=cast.alpha,
        holder_desk=HolderDesk.COMPANY,
        product=cast.product,
        marketplace=cast.marketplace,
        first_name="Ana",
        last_name="Sousa",
        company="Northwind",
        email="ana@northwind.example",
        attributes={"budget": 7},
    )
    assign_lead(lead, to=cast.beta, actor=cast.rita)
    lead.refresh_from_db()
    details = {
        "first_name": "Zoë",
        "last_name": "Quist",
        "company": "Quokka Ltd",
        "email": "zoe@quokka.example",
    }
    edit_lead(lead, details=details, attributes={}, version=lead.version, actor=cast.olga)
    lead.refresh_from_db()
    return lead


@pytest.mark.parametrize("way", ["page", "index", "probe"])
@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("sousa", True),
        ("ana sousa", True),
        ("northwind", True),
        ("acme backup", True),
        ("quokka", False),
        ("quist", False),
        ("zoe@", False),
        ("LD-", True),
    ],
)
def test_a_lost_lead_is_found_by_what_it_was(cast, lost, text, is_found, way):
    rows = LeadAccess.objects.visible_to(cast.ann)
    sought = Sought(Term.read(text))
    found = {
        "page": lambda: search(text, cast.ann),
        "index": lambda: indexed_keys(rows, sought, ["lead_id"], 10),
        "probe": lambda: list(probed(rows, sought)),
    }[way]()
    assert bool(found) is is_found
    assert bool(search(text, cast.olga)) is (
        text in {"LD-", "quokka", "quist", "zoe@", "acme backup"}
    )


def test_a_lost_lead_shows_what_it_was_and_the_present_status(cast, lost):
    disqualify_lead(lost, reason=cast.northgate.disqualify_reasons.first(), actor=cast.olga)
    [row] = page({}, cast.ann).rows
    assert (row.company, row.user_name, row.level) == ("Northwind", "Ana Sousa", AccessLevel.PAST)
    assert row.recipient_label == "Alpha"
    assert row.status == Status.DISQUALIFIED
    assert references(page({"status": "disqualified"}, cast.ann).rows) == [lost.reference]
    assert references(page({"status": "assigned"}, cast.ann).rows) == []
    [seen_by_host] = page({}, cast.olga).rows
    assert (seen_by_host.company, seen_by_host.recipient_label) == ("Quokka Ltd", "Beta")


def test_a_lost_lead_is_sorted_and_filtered_as_it_was(cast, lost):
    [alpha] = Asked(QueryDict("recipient=Alpha"), cast.ann).options.find("recipient", "Alpha")
    assert references(page({"recipient": alpha.word}, cast.ann).rows) == [lost.reference]
    [row] = page({"sort": "company"}, cast.ann).rows
    assert row.key[0] == "northwind"


def test_attributes_of_a_lost_lead_are_no_longer_asked(cast, lost):
    stored = Stored("attributes", "budget", (7,))
    for actor, count in [(cast.olga, 1), (cast.ann, 0)]:
        rows = LeadAccess.objects.visible_to(actor)
        assert probed(rows, Sought(stored=(stored,))).count() == count
        assert len(indexed_keys(rows, Sought(stored=(stored,)), ["lead_id"], 10)) == count


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's table of trigrams")
def test_sqlite_keeps_its_table_of_trigrams(cast, shelf):
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM leads_search WHERE leads_search MATCH '\"example\"'")
        assert cursor.fetchone() == (60,)
