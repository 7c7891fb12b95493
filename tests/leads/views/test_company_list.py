"""The list of companies: orders, places, filters, its file, and what it costs (ux.md C1)."""

import csv
import io
import random
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from django.http import QueryDict

from accounts.enums import Role
from accounts.models import Company
from accounts.services.desks import desk_for
from leadportal.common import clock
from leadportal.common.pagination import Cursor, page_at
from leadportal.common.text import fold
from leads.enums import OPEN, HolderDesk, Status
from leads.filters.companies import AskedCompanies
from leads.models import Conversion, ExportRecord, Lead
from leads.selectors.company_list import OF_ROWS
from leads.tables import COMPANY_SORTS
from tests.factories import fresh, make_company, make_lead, make_person
from tests.leads.views.reading import number_of_queries, text_of

LIST = "/companies/"
FILE = "/companies/export.csv"
NEVER = datetime(1900, 1, 1, tzinfo=UTC)
NAMES = ["alder", "Álder", "Birch Ltd", "birch", "Zephyr", "Éclair", "eclair & Sons", "ñandú", "42"]


@dataclass
class Told:
    """A company, and what was put into the database about it."""

    company: Company
    people: int = 0
    leads: list[Lead] = field(default_factory=list)
    conversions: int = 0

    @property
    def is_customer(self) -> bool:
        return not self.rights

    @property
    def rights(self) -> int:
        it = self.company
        return sum([it.is_developer, it.is_marketplace, it.is_reseller, it.is_referral])

    @property
    def kind(self) -> int:
        it = self.company
        flags = [it.is_marketplace, it.is_developer, it.is_reseller, it.is_referral, True]
        return flags.index(True)

    @property
    def open(self) -> int:
        statuses = OPEN if self.is_customer else (Status.ASSIGNED, Status.REFERRED)
        return sum(lead.status in statuses for lead in self.leads)

    @property
    def converted(self) -> int:
        if self.is_customer:
            return self.conversions
        return sum(lead.status == Status.CONVERTED for lead in self.leads)

    @property
    def activity(self) -> datetime:
        live = [lead.updated_at for lead in self.leads if lead.status != Status.DELETED]
        return max(live, default=NEVER)

    @property
    def name(self) -> str:
        return fold(self.company.name)


@pytest.fixture
def told(cast) -> list[Told]:
    """Companies of all kinds that Olga sees, with people and leads by chance."""
    luck = random.Random(7)
    kinds = [
        {"is_reseller": True},
        {"is_referral": True},
        {"is_developer": True},
        {"is_reseller": True, "is_developer": True},
        {},
        {},
    ]
    known = [Told(cast.northgate, people=3)]
    known += [Told(one, people=1) for one in (cast.alpha, cast.beta, cast.ripple)]
    for _number in range(26):
        home = {"host": cast.northgate, "registered_by": cast.northgate}
        one = Told(make_company(luck.choice(NAMES), **luck.choice(kinds), **home))
        known.append(one)
        if not one.is_customer:
            desk_for(one.company, [Role.RESELLER])  # somebody worked there once
        one.people = luck.choice([0, 0, 1, 2])
        for _person in range(one.people):
            make_person(one.company, Role.USER)
        for _lead in range(luck.choice([0, 0, 1, 2, 3])):
            one.leads.append(_lead_of(one, cast, luck))
    return known


def _lead_of(one: Told, cast, luck: random.Random) -> Lead:
    moment = clock.now() - timedelta(hours=luck.randint(1, 40))
    statuses = [Status.ASSIGNED, Status.REFERRED, Status.CONVERTED, Status.DELETED]
    status = luck.choice(statuses)
    held = {"holder": one.company, "holder_desk": HolderDesk.COMPANY}
    if not one.is_customer:
        return make_lead(cast.northgate, status, updated_at=moment, **held)
    if status != Status.CONVERTED:
        return make_lead(cast.northgate, status, updated_at=moment, associated_company=one.company)
    lead = make_lead(cast.northgate, status, updated_at=moment)
    Conversion.objects.create(lead=lead, company=one.company, user_id=cast.olga.user_id)
    one.conversions += 1
    return lead


KEYS = {
    "name": lambda one: one.name,
    "kind": lambda one: (one.kind, one.name),
    "open": lambda one: (one.open, one.name),
    "converted": lambda one: (one.converted, one.name),
    "people": lambda one: (one.people, one.name),
    "activity": lambda one: (one.activity, one.name),
    "rights": lambda one: (one.rights, one.name),
}


def walk(query: str, actor, *, size: int = 7, backwards: bool = False) -> list[int]:
    """Read the list page by page: from the start to the end, or from the end to the start."""
    asked = AskedCompanies(QueryDict(query), actor)
    found, cursor = asked.companies.found, None
    if backwards:
        last = page_at(found, size=1000).rows[-1]
        read, cursor = [last.pk], Cursor(last.key, found.count.number - 1)
    else:
        read = []
    while True:
        page = page_at(found, size=size, cursor=cursor, backwards=backwards)
        keys = [row.pk for row in page.rows]
        read = [*keys, *read] if backwards else [*read, *keys]
        word = page.previous if backwards else page.next
        if not word:
            return read
        cursor = Cursor.read(word, found.order, Company, OF_ROWS)


def test_each_column_sorts_both_ways_from_both_ends(cast, told):
    assert set(KEYS) == {sort.word for sort in COMPANY_SORTS}
    assert len({one.open for one in told}) > 2 < len({one.activity for one in told})
    for word, key in KEYS.items():
        for sign in ("", "-"):
            expected = [
                one.company.pk
                for one in sorted(
                    told, key=lambda one, key=key: (key(one), one.company.pk), reverse=bool(sign)
                )
            ]
            assert walk(f"sort={sign}{word}", cast.olga) == expected, sign + word
            backwards = walk(f"sort={sign}{word}", cast.olga, size=4, backwards=True)
            assert backwards == expected, f"{sign}{word}, from the end"


def test_filters_and_words_keep_the_order(cast, told):
    for query, is_meant in [
        ("kind=customer", lambda one: one.is_customer),
        ("kind=vendor&kind=referral", lambda one: one.kind in (1, 3)),
        ("access=developer&access=reseller", lambda one: one.rights == 2),
        ("q=BIRCH", lambda one: "birch" in one.name),
        ("q=eclair&kind=customer", lambda one: one.is_customer and "eclair" in one.name),
    ]:
        expected = {one.company.pk for one in told if is_meant(one)}
        for sort in ("", "&sort=-open"):
            found = walk(query + sort, cast.olga, size=3)
            assert (set(found), len(found)) == (expected, len(expected)), query
        assert expected, query


def test_page_shows_where_one_is_and_how_it_is_sorted_and_narrowed(cast, sign_in, told):
    client = sign_in(cast.olga)
    page = client.get(f"{LIST}?sort=-open&kind=reseller&kind=customer&q=&size=50").content.decode()
    [head] = re.findall(r"<th[^>]*aria-sort[^>]*>.*?</th>", page)
    assert 'aria-sort="descending"' in head
    assert "Open leads" in head
    assert "sort=open" in head
    tags = re.findall(
        r'class="tag-remove" href="([^"]+)"><[^>]+>Remove filter: </span>([^<]+)', page
    )
    assert [text for _url, text in tags] == ["Kind is Resellers", "Kind is Customers"]
    assert tags[0][0].replace("&amp;", "&") == f"{LIST}?kind=customer&sort=-open&size=50"
    first = client.get(LIST)
    assert f"Showing 1 to 25 of {len(told)} companies" in text_of(first)
    [way] = re.findall(r'href="([^"]+)" rel="next"', first.content.decode())
    second = client.get(way.replace("&amp;", "&"))
    assert f"Showing 26 to {len(told)} of {len(told)} companies" in text_of(second)
    assert 'rel="prev"' in second.content.decode()


def test_a_fragment_is_the_results_alone(cast, sign_in, told):
    client = sign_in(cast.olga)
    for query in ("?q=birch", "?q=zzz", "?kind=customer&sort=people"):
        whole = client.get(LIST + query).content.decode()
        part = client.get(LIST + query, headers={"HX-Request": "true"}).content.decode()
        rows = r'id="company-\d+"'
        assert re.findall(rows, part) == re.findall(rows, whole), query
        assert ("<html" in whole, "<html" in part) == (True, False)
        assert "Download CSV" in part  # the file follows what is shown


def test_what_cannot_be_used_is_said(cast, sign_in):
    client = sign_in(cast.rita)
    for query, sentence in [
        ("sort=size", "Companies cannot be sorted like that. These are by name."),
        ("after=nonsense", "That place in the list is no longer there. This is the first page."),
        ("kind=nonsense", "Choose from the list"),
        ("q=ripple&kind=customer", "No companies match these filters. Kind is Customers."),
        ("q=ripples", "Searched for “ripples”."),
    ]:
        answer = client.get(f"{LIST}?{query}")
        assert (answer.status_code, sentence in text_of(answer)) == (200, True), query
    assert 'value="ripples"' in client.get(f"{LIST}?q=ripples").content.decode()


def test_page_costs_the_same_with_one_company_and_with_fifty(cast, sign_in):
    client = sign_in(cast.ben)  # sees its own company and its customers
    queries = [LIST, f"{LIST}?sort=-open", f"{LIST}?q=be&kind=reseller&kind=customer&sort=activity"]
    few = [number_of_queries(client, address) for address in queries]
    sign_in(cast.rita)
    for number in range(50):
        make_company(f"Beech {number}", is_reseller=True, host=cast.northgate)
    assert [number_of_queries(client, address) for address in queries] == few


def test_too_many_companies_come_by_name(cast, sign_in):
    Company.objects.bulk_create(
        Company(
            name=f"Many {number}",
            name_key=f"many {number}",
            slug=f"many-{number}",
            registered_by=cast.northgate,
        )
        for number in range(10_001)
    )
    client = sign_in(cast.olga)
    answer = client.get(f"{LIST}?sort=-open")
    assert "There are too many companies to sort them like that." in text_of(answer)
    assert "of more than 10,000 companies" in text_of(answer)
    page = answer.content.decode()
    assert page.index(">Alpha<") < page.index(">Beta<") < page.index(">Many 0<")
    assert "There are too many" not in text_of(client.get(f"{LIST}?sort=-open&kind=reseller"))


def test_long_names_have_a_place_in_the_list(cast, sign_in):
    for number in range(60):
        make_company(f"{number:02}" + "企" * 118, is_reseller=True, host=cast.northgate)
    assert len(set(walk("sort=people", cast.rita, size=25))) == 64
    assert len(set(walk("sort=-name", cast.rita, size=25))) == 64


def rows_of(answer) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_file_is_the_list(cast, sign_in, told):
    make_company("=1+1", is_reseller=True, host=cast.northgate, city="Évora")
    client = sign_in(cast.olga)
    answer = client.get(f"{FILE}?sort=-open&kind=reseller")
    assert re.fullmatch(
        r'attachment; filename="companies_\d{4}-\d\d-\d\d_\d{4}\.csv"',
        answer["Content-Disposition"],
    )
    head, *rows = rows_of(answer)
    assert head[:7] == [
        "Name",
        "Kind",
        "Open leads",
        "Converted",
        "People",
        "Last activity",
        "Access rights",
    ]
    asked = AskedCompanies(QueryDict("sort=-open&kind=reseller"), cast.olga)
    shown = page_at(asked.companies.found, size=100).rows
    assert [(row[0].lstrip("'"), int(row[2])) for row in rows] == [
        (row.name, row.open_leads) for row in shown
    ]
    [guarded] = [row for row in rows if "1+1" in row[0]]
    assert (guarded[0], guarded[1], guarded[6], guarded[10]) == (
        "'=1+1",
        "Reseller",
        "Reseller",
        "Évora",
    )
    record = ExportRecord.objects.get()
    assert (record.rows, record.query) == (len(rows), f"{LIST}?kind=reseller&sort=-open")


def test_reseller_without_the_right_has_no_file(cast, sign_in):
    assert "Download CSV" in text_of(sign_in(cast.ann).get(LIST))
    Company.objects.filter(pk=cast.alpha.pk).update(can_export_leads=False)
    client = sign_in(fresh(cast.ann))
    assert client.get(FILE).status_code == 404
    assert "Download CSV" not in text_of(client.get(LIST))
    assert not ExportRecord.objects.exists()
