"""The list as a page: what it says, its links, its cost."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import escape

from leadportal.common import clock
from leads.enums import HolderDesk, Status
from leads.filters import Asked
from leads.tables import DEFAULT, OPTIONAL
from templates_app.enums import AttributeKind, FieldKind
from templates_app.models import CustomAttribute
from tests.factories import fresh, make_lead, make_listing, make_product, make_version
from tests.leads.selectors.shelf import NOW, fill

LIST = "/leads/"
EVERY_COLUMN = "&".join(f"column={column.word}" for column in (*DEFAULT, *OPTIONAL))
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def shelf(cast):
    with clock.at(NOW):
        yield fill(cast)


def text_of(response) -> str:
    """The words of a page, without tags."""
    body = re.sub(r"(?s)<(script|style).*?</\1>|<[^>]+>", " ", response.content.decode())
    return " ".join(unescape(body).split())


def references_of(response) -> list[str]:
    """Lead IDs in the order of the rows."""
    return re.findall(r'<tr id="(LD-\d+)"', response.content.decode())


def links_of(response, words: str) -> list[str]:
    """Addresses of the links that say `words`."""
    links = re.findall(r"(?s)<a\b([^>]*)>(.*?)</a>", response.content.decode())
    return [
        unescape(re.search(r'href="([^"]*)"', attributes)[1])
        for attributes, inner in links
        if words in " ".join(unescape(re.sub(r"<[^>]+>", " ", inner)).split())
    ]


def test_heads_are_exactly_these_and_the_newest_lead_is_first(cast, shelf, sign_in):
    page = sign_in(cast.olga).get(LIST)
    heads = re.findall(r'(?s)<th role="columnheader"([^>]*)>(.*?)</th>', page.content.decode())
    words = [re.sub(r"<[^>]+>", "", head).strip() for _attributes, head in heads]
    assert words == ["Created", "Company", "User", "Source", "Recipient", "Status"]
    assert [head for head in heads if "aria-sort" in head[0]] == [heads[0]]
    assert 'aria-sort="descending"' in heads[0][0]
    newest = max(
        (one.lead for one in shelf.told if one.status != Status.DELETED),
        key=lambda lead: (lead.created_at, lead.pk),
    )
    assert references_of(page)[0] == newest.reference
    [turned] = links_of(page, "Created")[:1]
    oldest = sign_in(cast.olga).get(turned)
    assert references_of(oldest)[0] == shelf.told[0].reference
    assert 'aria-sort="ascending"' in oldest.content.decode()


def test_a_row_says_who_whence_and_to_whom(cast, sign_in):
    lead = make_lead(
        cast.northgate,
        Status.ASSIGNED,
        holder=cast.alpha,
        holder_desk=HolderDesk.COMPANY,
        marketplace=cast.marketplace,
        company="",
        first_name="",
        last_name="",
    )
    page = sign_in(cast.olga).get(LIST)
    body = page.content.decode()
    assert 'scope="row"' in body
    assert f'href="/leads/{lead.reference}/?list=' in body
    assert body.count(f"/leads/{lead.reference}/") == 1
    words = text_of(page)
    for said in (
        "No company given",
        "No name given",
        "Northgate Store",
        "Added by hand",
        "Alpha",
        "Assigned",
        "Showing 1 lead",
    ):
        assert said in words


def test_a_fragment_for_typing_and_a_whole_page_for_everything_else(cast, shelf, sign_in):
    client = sign_in(cast.olga)
    address = f"{LIST}?q=novak"
    fragment = client.get(address, **HTMX)
    whole = client.get(address)
    restored = client.get(address, **HTMX, HTTP_HX_HISTORY_RESTORE_REQUEST="true")
    assert "<html" not in fragment.content.decode()
    assert "<html" in whole.content.decode()
    assert restored.content.decode().count("<html") == 1
    assert references_of(fragment) == references_of(whole) != []
    assert 'hx-swap-oob="true"' in fragment.content.decode()
    for answer in (fragment, whole):
        assert {"HX-Request", "HX-History-Restore-Request"} <= set(answer["Vary"].split(", "))
    assert 'value="novak"' in whole.content.decode()


def test_chips_are_toggles_and_their_numbers_are_those_of_the_list(cast, shelf, sign_in):
    client = sign_in(cast.olga)
    for query in ("", "?kind=service", "?q=novak", "?progress=new&q=example"):
        page = client.get(LIST + query)
        [address] = re.findall(r'hx-get="(/leads/counts/[^"]*)"', page.content.decode())
        chips = client.get(unescape(address), **HTMX)
        numbers = re.findall(
            r'(?s)<a id="chip-(\w+)" href="([^"]*)"[^>]*>.*?<span class="count">([\d,+]*)</span>',
            chips.content.decode(),
        )
        assert [slug for slug, _url, _number in numbers] == [
            "all",
            *(status.slug for status in Status),
        ]
        for slug, url, number in numbers:
            pressed = client.get(unescape(url))
            assert len(references_of(pressed)) == min(25, int(number)), (query, slug)
            said = re.search(r"Showing (?:1 to \d+ of )?([\d,]+) lead", text_of(pressed))
            assert int(said[1] if said else 0) == int(number), (query, slug)
        by_slug = {slug: int(number) for slug, _url, number in numbers}
        live = sum(number for slug, number in by_slug.items() if slug not in {"all", "deleted"})
        assert by_slug["all"] == live


def test_several_chips_can_be_on(cast, shelf, sign_in):
    client = sign_in(cast.olga)
    [both] = links_of(client.get(f"{LIST}?status=assigned"), "Referred")[:1]
    assert both == f"{LIST}?status=assigned&status=referred"
    page = client.get(both)
    assert page.content.decode().count('aria-current="true"') >= 2
    [one] = links_of(page, "Assigned")[:1]
    assert one == f"{LIST}?status=referred"


def test_only_who_can_have_them_sees_pending_submissions(cast, sign_in):
    assert "Pending submission" in text_of(sign_in(cast.vera).get(LIST))
    make_lead(cast.northgate)
    assert "Pending submission" not in text_of(sign_in(cast.rita).get(LIST))


def test_each_filter_has_one_tag_and_the_last_one_takes_clear_all_with_it(cast, shelf, sign_in):
    client = sign_in(cast.olga)
    address = (
        f"{LIST}?from=2025-09-01&to=2025-12-01&status=assigned&status=referred&product={cast.product.slug}"
        "&recipient=Alpha&in_charge=me&score_from=-5&kind=application&stage=mql&waiting=yes"
        "&attribute=budget&value=1,000&value=..&value=&attribute=tools&value=Mail&question=budget&answer=100"
        "&qualification=pending&progress=new&source=product_profile&marketplace=Northgate+Store"
    )
    page = client.get(address)
    tags = re.findall(r'(?s)class="tag-remove".*?</a>', page.content.decode())
    said = [" ".join(re.sub(r"<[^>]+>", " ", f"<{tag}").split()) for tag in tags]
    assert said == [
        f"Remove filter: {words}"
        for words in (
            "Created is 1 Sep 2025 to 1 Dec 2025",
            "Status is Assigned",
            "Status is Referred",
            "Qualification is Pending",
            "Progress is New",
            "Product kind is Applications",
            "Product is Acme Backup",
            "Marketplace is Northgate Store",
            "Recipient is Alpha",
            "Person in charge is Me",
            "Source is Product profile",
            "Score is -5 or more",
            "Stage is Marketing qualified (MQL)",
            "Waiting is Over 48 hours",
            "Budget is 1,000 or more",
            "Tools is Mail",
            "Budget is 100",
        )
    ]
    for left in range(len(said), 0, -1):
        assert f"Filters ({left})" in text_of(page)
        assert "Clear all filters" in text_of(page)
        [first, *_] = [link for words in said for link in links_of(page, words)]
        page = client.get(first)
    assert "Clear all filters" not in text_of(page)
    assert "Show filters" in text_of(page)
    assert f"of {len(shelf.those())} leads" in text_of(page)


def test_a_view_stays_the_present_one_and_its_address_says_what_differs(cast, shelf, sign_in):
    client = sign_in(cast.olga)
    page = client.get(f"{LIST}?view=pending")
    assert tabs_of(page) == (
        ["All leads", "Pending Leads", "Accepted Leads", "Mine", "Waiting over 48 hours"],
        ["Score above threshold", "Closed"],
    )
    assert present_tab(page) == "Pending Leads"
    assert links_of(page, "Company")[0] == f"{LIST}?view=pending&sort=company"
    assert links_of(page, "Remove filter: Status is Submitted") == [f"{LIST}?view=pending&status="]
    both = f"{LIST}?view=pending&status=submitted&status=assigned"
    assert both in links_of(page, "Assigned")
    assert "Edited" not in text_of(page)
    changed = client.get(both)
    assert present_tab(changed) == "Pending Leads"
    assert "Edited" in text_of(changed)
    assert f"{LIST}?view=pending" in links_of(changed, "Assigned")


def tabs_of(page) -> tuple[list[str], list[str]]:
    """The pinned views, and those behind "More views"."""
    nav = re.search(r'(?s)<nav class="tabs".*?</nav>', page.content.decode())[0]
    tabs, _summary, more = nav.partition("<details")
    return re.findall(r">([^<]+)</a>", tabs), re.findall(r'menu-item"[^>]*>([^<]+)</a>', more)


def present_tab(page) -> str:
    """The view whose tab is the present page."""
    nav = re.search(r'(?s)<nav class="tabs".*?</nav>', page.content.decode())[0]
    return re.search(r'aria-current="page">([^<]+)<', nav)[1]


@pytest.mark.parametrize(
    ("who", "tabs"),
    [
        ("ann", ["All leads", "Mine", "Waiting over 48 hours", "Score above threshold", "Closed"]),
        ("ray", ["All leads", "Closed"]),
        (
            "vera",
            [
                "All leads",
                "Pending Leads",
                "Accepted Leads",
                "Mine",
                "Waiting over 48 hours",
                "Score above threshold",
                "Closed",
            ],
        ),
    ],
)
def test_views_depend_on_the_role(cast, sign_in, who, tabs):
    page = sign_in(getattr(cast, who)).get(f"{LIST}?view=nothing")
    pinned, more = tabs_of(page)
    assert [*pinned, *more] == tabs
    assert "There is no such view. These are all leads." in text_of(page)


def test_the_panel_opens_without_a_script_and_is_remembered(cast, shelf, sign_in):
    client = sign_in(cast.olga)
    closed = client.get(LIST)
    assert 'aria-expanded="false"' in closed.content.decode()
    assert 'id="filters"' not in closed.content.decode()
    opened = client.get(f"{LIST}?filters=open&status=assigned&q=x")
    body = opened.content.decode()
    assert 'aria-expanded="true"' in body
    assert 'id="filters"' in body
    labels = [
        " ".join(re.sub(r"<[^>]+>", "", label).split())
        for label in re.findall(r'(?s)<(?:label|legend)[^>]*class="form-label"[^>]*>(.*?)</', body)
    ]
    assert labels == [
        "Date", "From", "Until", "Status", "Qualification", "Progress", "Outcome", "Product kind", "Product",
        "Marketplace", "Template", "Recipient", "Person in charge", "Source", "Disqualify reason", "Referred by",
        "Lowest score", "Highest score", "Stage", "Waiting",
    ]  # fmt: skip
    assert 'id="filters"' in client.get(LIST).content.decode()
    client.get(f"{LIST}?filters=closed")
    assert 'id="filters"' not in client.get(LIST).content.decode()


def test_an_error_stands_beside_its_field_and_keeps_what_was_typed(cast, shelf, sign_in):
    page = sign_in(cast.olga).get(
        f"{LIST}?from=2025-11-10&to=2025-11-01&product=Nothing&attribute=budget&value=&status=assigned"
    )
    words, body = text_of(page), page.content.decode()
    assert page.status_code == 200
    assert words.startswith("Error: Leads")
    for sentence in (
        "End date must be the same as or after the start date",
        "We cannot find “Nothing”. Choose from the list, or clear this filter",
        "Enter a value for Budget, or remove this filter",
    ):
        assert words.count(sentence) == 2, sentence  # in the summary and beside the field
    for kept in (
        'value="2025-11-10"',
        'value="2025-11-01"',
        ">Nothing</option>",
        'value="budget" selected',
    ):
        assert kept in body
    for target in re.findall(r'<a href="#([^"]+)">', body):
        assert f'id="{target}"' in body
    assert f"Showing 1 to {len(references_of(page))} of " in words
    assert set(references_of(page)) == shelf.those(lambda one: one.status == Status.ASSIGNED)


def test_a_chosen_attribute_gets_a_control_of_its_type(cast, shelf, sign_in):
    client = sign_in(cast.olga)
    line = client.get("/leads/filters/line/?attribute=tools", **HTMX).content.decode()
    assert "<option>Fax</option>" in line
    assert "autofocus" in line
    line = client.get("/leads/filters/line/?attribute=budget").content.decode()
    assert line.count('type="number"') == 2
    assert "autofocus" in line
    assert "autofocus" not in client.get("/leads/filters/line/?attribute=").content.decode()
    assert client.get("/leads/filters/line/").status_code == 404
    two = client.get(
        f"{LIST}?filters=open&attribute=budget&value=1000&add=attribute"
    ).content.decode()
    assert two.count('name="attribute" autocomplete') == 2


def test_a_range_shows_both_ends_and_its_currency_and_keeps_what_was_typed(cast, shelf, sign_in):
    client = sign_in(cast.olga)

    def shown(query: str) -> list[str]:
        body = client.get(f"{LIST}?filters=open&{query}").content.decode()
        return re.findall(
            r'type="(?:number|date)"[^>]* name="(?:value|answer)" value="([^"]*)"', body
        )

    assert shown("attribute=budget&value=1,000..") == ["1000", ""]
    assert shown("attribute=budget&value=500&value=..&value=20") == ["500", "20"]
    assert shown("attribute=budget&value=7") == ["7", "7"]
    yearly = {"key": "yearly", "label": "Yearly", "kind": FieldKind.MONEY, "currency": "EUR"}
    version = make_version(cast.vertex, more=[yearly])
    make_listing(make_product(cast.vertex), cast.listing.marketplace, version)
    page = client.get(f"{LIST}?filters=open&question=yearly&answer=2..lots")
    assert "Yearly (EUR)" in text_of(page)
    assert 'value="lots"' in page.content.decode()
    assert text_of(page).count("Yearly must be a number") == 2
    # What a saved view keeps is the range, not the two controls.
    asked = Asked(QueryDict("attribute=budget&value=1&value=..&value=2"), cast.olga)
    assert asked.content.filters["value"] == ["1..2"]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?sort=phone", "Leads cannot be sorted like that. The newest come first."),
        ("?after=nonsense", "That place in the list is no longer there. This is the first page."),
        ("?date=2025-13-01", "Enter a date between 1900 and 2200"),
        ("?sort=-score&date=2025-10-01", "Sort by created or updated to jump to a date."),
    ],
)
def test_what_an_address_cannot_have_is_said(cast, shelf, sign_in, query, sentence):
    page = sign_in(cast.olga).get(LIST + query)
    assert sentence in text_of(page)
    assert len(references_of(page)) == 25


@pytest.mark.parametrize("name", ["list", "counts", "export"])
@pytest.mark.parametrize(
    "query",
    [
        "?" + "&".join(f"status={number}" for number in range(500)),
        "?q=%00%ED%A0%80%F0%9F%99%82<u>'\"&product=%00&from=%00&date=%00&after=%00&view=%00&size=%00",
        "?size=999999999999999999999&score_from=1e999&score_to=NaN&in_charge=-1&template=٣",
        "?attribute=&value=&attribute=budget&value=%00&question=x&answer=",
        "?" + "&".join(["attribute=budget&value=1000"] * 300),
        "?page=-1&layout=board&columns=&filters=maybe&add=nothing",
    ],
)
def test_odd_addresses_end_in_a_page(cast, shelf, sign_in, name, query):
    client = sign_in(cast.olga)
    answer = client.get(reverse(f"leads:{name}") + query)
    assert answer.status_code == 200
    assert "<u>" not in answer.content.decode()


def test_empty_states(cast, sign_in):
    assert "No leads yet." in text_of(sign_in(cast.vera).get(LIST))
    assert "Share a form" in text_of(sign_in(cast.vera).get(LIST))
    assert "Leads your marketplace gives you will appear here." in text_of(
        sign_in(cast.ann).get(LIST)
    )
    make_lead(cast.northgate, Status.CONVERTED)
    client = sign_in(cast.olga)
    assert "Nothing is waiting. All leads in this view have been answered." in text_of(
        client.get(f"{LIST}?view=waiting")
    )
    none = client.get(f"{LIST}?product={cast.product.slug}&status=referred&q=x")
    assert "No leads match these filters. Status is Referred. Product is Acme Backup." in text_of(
        none
    )
    assert "Characters such as * and words such as AND" in text_of(none)
    assert f"{LIST}?q=x" in links_of(none, "Clear all filters")
    assert LIST in links_of(client.get(f"{LIST}?q=nothing"), "Show all leads")


def test_pages_lead_on_and_back(cast, shelf, sign_in):
    client = sign_in(cast.olga)
    first = client.get(f"{LIST}?sort=company&size=25")
    assert "Showing 1 to 25 of 52 leads" in text_of(first)
    assert not links_of(first, "Previous")
    second = client.get(links_of(first, "Next")[0])
    assert "Showing 26 to 50 of 52 leads" in text_of(second)
    assert links_of(second, "First") == [f"{LIST}?sort=company"]
    third = client.get(links_of(second, "Next")[0])
    assert "Showing 51 to 52 of 52 leads" in text_of(third)
    assert not links_of(third, "Next")
    back = client.get(links_of(third, "Previous")[0])
    assert references_of(back) == references_of(second)
    everything = client.get(f"{LIST}?size=100")
    assert len(references_of(everything)) == 52
    jumped = client.get(f"{LIST}?date=2025-09-10")
    assert "Showing 25 of 52 leads" in text_of(jumped) or "Showing 1" in text_of(jumped)
    assert links_of(jumped, "Newest") == [LIST]


def test_buttons_follow_the_rights(cast, sign_in):
    cast.alpha.can_export_leads = False
    cast.alpha.save()
    for actor, exports, adds in [
        (cast.olga, True, True), (fresh(cast.ann), False, False), (cast.ben, True, False), (cast.ray, True, True)
    ]:  # fmt: skip
        words = text_of(sign_in(actor).get(LIST))
        assert ("Download CSV" in words) is exports, actor.name
        assert ("Add lead" in words) is adds, actor.name


def test_nobody_else_has_the_page(cast, client, sign_in):
    for name in ("list", "counts", "filter_line", "export", "export_csv"):
        assert client.get(reverse(f"leads:{name}")).status_code == 302
    for name in ("list", "counts", "filter_line", "export", "export_csv"):
        assert sign_in(cast.cleo).get(reverse(f"leads:{name}")).status_code == 404


def test_foreign_leads_are_not_there(cast, shelf, sign_in):
    client = sign_in(cast.otto)
    page = client.get(f"{LIST}?q=novak")
    assert references_of(page) == []
    for told in shelf.told:
        assert told.reference not in client.get(LIST).content.decode()


def test_markup_in_a_lead_stays_text(cast, sign_in):
    nasty = "<script>alert(1)</script>\"'&"
    make_lead(cast.northgate, company=nasty, first_name=nasty[:20], source_name=nasty[:100])
    body = sign_in(cast.olga).get(f"{LIST}?q=<script>").content.decode()
    assert "<script>alert" not in body
    assert escape(nasty) in body


@pytest.mark.parametrize(
    ("query", "queries"),
    [
        ("", 4),
        ("?sort=company", 4),
        ("?status=submitted&status=assigned&sort=-score", 4),
        ("?q=sousa", 4),
        ("?product=Acme+Backup", 5),
        ("?attribute=budget&value=1000", 5),
        ("?attribute=budget&value=500..1500", 5),
        ("?question=budget&answer=100", 5),
        ("?filters=open", 6),
        (f"?{EVERY_COLUMN}", 4),
        (f"?{EVERY_COLUMN}&column=attribute.budget", 5),
    ],
)
def test_the_page_costs_the_same_with_one_row_and_with_fifty(
    cast, sign_in, django_assert_num_queries, query, queries
):
    client = sign_in(cast.olga)
    CustomAttribute.objects.create(
        host=cast.northgate, key="budget", label="Budget", kind=AttributeKind.NUMBER
    )
    values = {
        "last_name": "Sousa",
        "product": cast.product,
        "marketplace": cast.marketplace,
        "attributes": {"budget": 1000},
        "answers": {"budget": 100},
    }
    make_lead(cast.northgate, **values)
    client.get(LIST)  # writes the time into the session
    with django_assert_num_queries(queries):
        assert len(references_of(client.get(f"{LIST}{query}"))) == 1
    for number in range(49):
        make_lead(cast.northgate, **values, created_at=clock.now() - timedelta(days=number))
    with django_assert_num_queries(queries):
        assert len(references_of(client.get(f"{LIST}{query}"))) == 25
    with django_assert_num_queries(queries):
        assert len(references_of(client.get(f"{LIST}?size=50{query.replace('?', '&')}"))) == 50


def test_the_page_is_light(cast, shelf, sign_in):
    page = sign_in(cast.olga).get(LIST)
    assert len(references_of(page)) == 25
    assert len(page.content) <= 60_000


def test_an_option_list_never_has_more_than_a_hundred(cast, sign_in):
    from tests.factories import make_company

    for number in range(104):
        make_company(f"Partner {number:03}", is_reseller=True, host=cast.northgate)
    page = sign_in(cast.olga).get(f"{LIST}?filters=open")
    body = page.content.decode()
    assert 'name="recipient"' in body
    assert 'list="recipient-names"' in body
    assert body.count("<option") < 300
    assert "Partner 103" not in body
    make_lead(cast.northgate)
    named = sign_in(cast.olga).get(f"{LIST}?filters=closed&recipient=partner+103")
    assert "Recipient is Partner 103" in text_of(named)
    assert "No leads match these filters." in text_of(named)
