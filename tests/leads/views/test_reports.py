"""Reports: every number is the number of leads behind its link, counted another way too (ux.md R1 to R4)."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from random import Random
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from leadportal.common import clock
from leads.enums import OPEN, HolderDesk, Outcome, SourceKind, Status
from leads.filters import Asked
from leads.filters.reports import ReportAsked
from leads.models import DisqualifyReason, Lead
from leads.services.lifecycle import accept_lead, assign_lead, disqualify_lead
from leads.services.marks import mark_invalid
from leads.views.report_parts import REPORTS, reports_for
from tests.factories import make_company, make_lead, make_listing, make_product

NOW = datetime(2025, 11, 21, 18, 0, tzinfo=UTC)
ROLES = ("olga", "rita", "sam", "vera", "ann", "ray")
READERS = ("olga", "rita", "sam", "vera", "ann")
QUERIES = (
    "compare=on",
    "from=2025-10-01&to=2025-11-10&by=day&compare=on",
    "product=Acme+Backup&recipient=Alpha&by=month",
    "product=.none",
)


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


@pytest.fixture
def many(cast):
    """Ninety leads of every kind, anywhere in the last 200 days."""
    random = Random(20251121)
    other = make_product(cast.vertex, "Cloud Voice")
    versions = [cast.listing.version, make_listing(other, cast.marketplace).version, None]
    rival = make_company("Rapid", is_referral=True, host=cast.northgate)
    makers = [(cast.ripple, 1), (rival, 1), (None, 0)]
    reasons = list(DisqualifyReason.objects.filter(host=cast.northgate))
    holders = [
        (cast.northgate, HolderDesk.HOST),
        (cast.northgate, HolderDesk.SALES),
        (cast.alpha, HolderDesk.COMPANY),
        (cast.beta, HolderDesk.COMPANY),
        (cast.ripple, HolderDesk.COMPANY),
    ]
    for _number in range(90):
        status = random.choice(list(Status))
        holder, desk = random.choice(holders)
        product = random.choice([cast.product, other, None])
        maker, maker_kinds = random.choice(makers)
        make_lead(
            cast.northgate,
            status,
            template_version=random.choice(versions),
            maker=maker,
            maker_kinds=maker_kinds,
            score=random.choice([-30, -1, 0, 1, 19, 20, 50, 79, 80, 99, 100, 4000]),
            holder=holder,
            holder_desk=desk,
            product=product,
            created_at=NOW - timedelta(minutes=random.randrange(200 * 24 * 60)),
            source_kind=random.choice(list(SourceKind)),
            outcome=Outcome.OPEN if status == Status.CONVERTED else Outcome.NONE,
            closed_reason=random.choice([*reasons, None])
            if status == Status.DISQUALIFIED
            else None,
        )


@pytest.fixture
def few(cast):
    """Three leads of this year."""
    for days in (0, 10, 300):
        make_lead(cast.northgate, product=cast.product, created_at=NOW - timedelta(days=days))


def linked_numbers(page: str) -> list[tuple[str, int]]:
    """Return every number of a page that is a link, with its address."""
    found = re.findall(r'<a class="figure[^"]*" href="([^"]*)">([\d,]+)</a>', page)
    found += re.findall(r'<li><a href="([^"]*)"><b>([\d,]+)</b>', page)
    return [(unescape(url), int(number.replace(",", ""))) for url, number in found]


def count_in_list(url: str, actor) -> int:
    """Return how many leads the list behind an address has; its filters must all be good."""
    parts = urlsplit(url)
    assert parts.path == reverse("leads:list")
    asked = Asked(QueryDict(parts.query), actor)
    assert not asked.filters.form.errors, url
    return asked.leads.exact_count()


def report(actor, word: str, query: str = ""):
    return REPORTS[word].parts(ReportAsked(QueryDict(query), actor))


def numbers(actor, word: str, query: str = "") -> dict[str, int]:
    """Return the number of each line of a report with one part."""
    [part] = report(actor, word, query)
    return {line.label: line.number for line in part.lines}


# --- Equality -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ROLES)
def test_every_number_is_the_count_of_the_list_behind_it(cast, many, sign_in, who):
    actor = getattr(cast, who)
    client = sign_in(actor)
    pages = [reverse("leads:reports")]
    if who in READERS:
        pages += [reverse("leads:report", args=[word]) for word in REPORTS]
    seen: dict[str, int] = {}
    luck = Random(who)
    for page in pages:
        for query in QUERIES:
            html = client.get(f"{page}?{query}").content.decode()
            for url, number in some_of(linked_numbers(html), luck):
                if url not in seen:
                    seen[url] = count_in_list(url, actor)
                assert number == seen[url], (page, query, url)
    assert sum(number > 0 for number in seen.values()) > 20


def some_of(linked: list[tuple[str, int]], luck: Random) -> list[tuple[str, int]]:
    """Choose of the numbers of a page: of a thousand links a few say as much, and zeros say least."""
    full = [one for one in linked if one[1]]
    empty = [one for one in linked if not one[1]]
    return luck.sample(full, min(len(full), 12)) + luck.sample(empty, min(len(empty), 3))


@pytest.mark.parametrize("who", READERS)
def test_no_line_of_a_counted_report_is_without_a_link(cast, many, who):
    actor = getattr(cast, who)
    for word in {one.word for one in reports_for(actor)} - {"response"}:
        for part in report(actor, word):
            if who == "vera" and part.head in {"Recipient", "Reseller"}:
                continue  # a vendor has no filter for companies that it does not see
            assert all(part.number(line).url for line in part.lines), word


def test_numbers_are_those_of_the_leads_themselves(cast, many):
    first = (NOW - timedelta(days=89)).replace(hour=0, minute=0)
    leads = Lead.objects.filter(host=cast.northgate, created_at__gte=first)
    live = leads.exclude(status=Status.DELETED)
    [over_time] = report(cast.olga, "created")
    assert over_time.total.number == live.count() > 20
    for status in Status:
        assert over_time.total.tally[status] == leads.filter(status=status).count()
    assert numbers(cast.olga, "source") == {
        kind.label: live.filter(source_kind=kind).count() for kind in SourceKind
    }
    by_product = numbers(cast.olga, "product")
    assert by_product["Acme Backup"] == live.filter(product=cast.product).count() > 0
    assert by_product["No product"] == live.filter(product=None).count() > 0
    by_recipient = numbers(cast.olga, "recipient")
    assert by_recipient["Alpha"] == live.filter(holder=cast.alpha).count() > 0
    sales = live.filter(holder_desk=HolderDesk.SALES)
    assert by_recipient["Northgate Sales"] == sales.count() > 0
    steps = numbers(cast.olga, "funnel")
    assert steps["Converted"] == live.filter(status=Status.CONVERTED).count() > 0
    assert steps["Referred or later"] == steps["Converted"] + numbers_of(live, Status.REFERRED)
    resellers, products = report(cast.olga, "conversion")
    assert {line.label for line in resellers.lines} == {"Alpha", "Beta"}
    assert sum(line.number for line in products.lines) == steps["Converted"]
    gone = live.filter(status=Status.DISQUALIFIED)
    by_reason = {
        "Spam or test": gone.filter(closed_reason__label="Spam or test").count(),
        "Other": gone.filter(closed_reason__label="Other").count(),
        "None of the list": gone.filter(closed_reason=None).count(),
    }
    assert numbers(cast.olga, "reasons") == {label: n for label, n in by_reason.items() if n}
    assert sum(numbers(cast.olga, "ageing").values()) == live.filter(status__in=OPEN).count()


BANDS = {
    "Below 0": (None, -1),
    "0": (0, 0),
    "1–19": (1, 19),
    "20–39": (20, 39),
    "40–59": (40, 59),
    "60–79": (60, 79),
    "80–99": (80, 99),
    "100 and more": (100, None),
}


def counted(sql: str, *parameters) -> int:
    """Count leads of the last 90 days that are not deleted, past everything of ours."""
    first = (NOW - timedelta(days=89)).replace(hour=0, minute=0)
    base = (
        "SELECT COUNT(*) FROM leads_lead l"
        " LEFT JOIN templates_app_templateversion v ON v.id = l.template_version_id"
        " LEFT JOIN accounts_company m ON m.id = l.maker_id"
        " WHERE l.status <> 7 AND l.created_at >= %s AND "
    )
    with connection.cursor() as cursor:
        value = connection.ops.adapt_datetimefield_value(first)
        cursor.execute(base + sql, [value, *parameters])
        return cursor.fetchone()[0]


def test_scores_templates_and_referrals_are_those_of_plain_sql(cast, many):
    for label, number in numbers(cast.olga, "score").items():
        least, most = BANDS[label]
        least, most = -(10**9) if least is None else least, 10**9 if most is None else most
        assert number == counted("l.score BETWEEN %s AND %s", least, most), label
    assert set(numbers(cast.olga, "score")) == set(BANDS)
    assert sum(numbers(cast.olga, "score").values()) == counted("1 = 1") > 20

    by_template, rates = report(cast.olga, "template")
    found = {line.label: line for line in by_template.lines}
    template = cast.listing.version.template
    of_it = "v.template_id = %s"
    assert found[template.name].number == counted(of_it, template.pk) > 0
    assert found["No template"].number == counted("v.id IS NULL") > 0
    assert sum(line.number for line in by_template.lines) == counted("1 = 1")
    became = {line.label: line.number for line in rates.lines}
    assert became[template.name] == counted(f"{of_it} AND l.status = 5", template.pk)

    [credit] = report(cast.olga, "referral")
    assert {line.label for line in credit.lines} == {"Ripple", "Rapid"}
    for line in credit.lines:
        of_it = "m.name = %s AND m.is_referral"
        assert line.number == counted(f"{of_it} AND l.status = 5", line.label)
        assert line.extras[0].value == counted(of_it, line.label) > 0


@pytest.mark.parametrize(
    ("who", "missing"),
    [
        ("olga", set()),
        ("rita", set()),
        ("vera", {"referral"}),
        ("sam", {"referral", "template"}),
        ("ann", {"referral", "template"}),
        ("ray", set(REPORTS)),
    ],
)
def test_each_role_has_its_reports(cast, sign_in, who, missing):
    client = sign_in(getattr(cast, who))
    index = client.get(reverse("leads:reports")).content.decode()
    for word in REPORTS:
        url = reverse("leads:report", args=[word])
        expected = 404 if word in missing else 200
        assert client.get(url).status_code == expected, word
        assert client.get(reverse("leads:report_csv", args=[word])).status_code == expected, word
        assert (f'href="{url}"' in index) is (expected == 200), word


def test_list_is_narrowed_to_the_leads_of_a_referral_partner(cast, many):
    asked = Asked(QueryDict("referrer=Ripple&status=converted"), cast.olga)
    own = Lead.objects.filter(maker=cast.ripple, status=Status.CONVERTED)
    assert asked.leads.exact_count() == own.count() > 0
    assert Asked(QueryDict("referrer=Ripple"), cast.ann).filters.form.errors


def numbers_of(leads, status: Status) -> int:
    return leads.filter(status=status).count()


def test_everybody_counts_what_the_own_desk_sees(cast, many):
    days = "from=2025-01-01&to=2025-11-21"
    live = Lead.objects.exclude(status=Status.DELETED)
    for who, own in (
        (cast.ann, live.filter(holder=cast.alpha)),
        (cast.sam, live.filter(holder_desk=HolderDesk.SALES)),
        (cast.vera, live.filter(product__vendor=cast.vertex)),
        (cast.otto, live.none()),
    ):
        assert sum(numbers(who, "created", days).values()) == own.count()


def test_the_period_before_is_as_long_and_ends_the_day_before(cast, many):
    query = "from=2025-11-01&to=2025-11-10"
    [part] = report(cast.olga, "source", f"{query}&compare=on")
    before = numbers(cast.olga, "source", "from=2025-10-22&to=2025-10-31")
    assert part.total.number_before == sum(before.values()) > 0
    shown = {line.label: line.number_before for line in part.lines if line.number_before}
    assert shown == {label: number for label, number in before.items() if number}
    [control] = report(cast.olga, "source", query)
    assert control.total.before is None


# --- Days ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Lisbon", "2 Nov 2025"),
        ("Europe/Berlin", "3 Nov 2025"),
        ("Asia/Kolkata", "3 Nov 2025"),
        ("America/Adak", "2 Nov 2025"),
    ],
)
def test_a_lead_belongs_to_the_readers_day(cast, sign_in, zone, day):
    make_lead(cast.northgate, created_at=datetime(2025, 11, 2, 23, 30, tzinfo=UTC))
    User.objects.filter(pk=cast.olga.user_id).update(time_zone=zone)
    query = "by=day&from=2025-11-01&to=2025-11-05"
    page = sign_in(cast.olga).get(f"{reverse('leads:report', args=['created'])}?{query}")
    assert f"Days in the zone {zone}".lower() in page.content.decode().lower()
    with timezone.override(ZoneInfo(zone)):
        found = numbers(cast.olga, "created", query)
        assert [label for label, number in found.items() if number] == [day]
        assert len(found) == 5  # days without a lead are there, with a zero
    assert [n for _url, n in linked_numbers(page.content.decode()) if n] == [1, 1, 1, 1]


def test_weeks_begin_on_monday_and_months_on_the_first_cut_at_both_ends(cast):
    weeks = numbers(cast.olga, "created", "by=week&from=2025-10-29&to=2025-11-11")
    assert list(weeks) == [
        "29 Oct 2025 to 2 Nov 2025",
        "3 Nov 2025 to 9 Nov 2025",
        "10 Nov 2025 to 11 Nov 2025",
    ]
    months = numbers(cast.olga, "created", "by=month&from=2025-10-15&to=2025-12-01")
    assert list(months) == ["15 Oct 2025 to 31 Oct 2025", "Nov 2025", "Dec 2025"]


def test_without_dates_the_last_ninety_days_are_shown(cast):
    asked = ReportAsked(QueryDict(""), cast.olga)
    assert (asked.period.last, asked.period.days) == (NOW.date(), 90)


# --- Times --------------------------------------------------------------------------------------------


def test_times_come_from_the_history_of_leads(cast):
    lead = make_lead(cast.northgate, created_at=NOW - timedelta(hours=10))
    with clock.at(NOW - timedelta(hours=8)):
        assign_lead(lead, to=cast.alpha, actor=cast.rita)
    with clock.at(NOW - timedelta(hours=5)):
        accept_lead(lead, actor=cast.ann)
    [part] = report(cast.olga, "funnel")
    assert [line.extras[1].text.replace("\xa0", " ") for line in part.lines] == [
        "2 hours",
        "3 hours",
        "–",
        "–",
    ]
    beginning, assignment = report(cast.olga, "response")
    assert "after 5 hours" in beginning.summary.replace("\xa0", " ")
    assert "after 3 hours" in assignment.summary.replace("\xa0", " ")
    assert {line.label for line in assignment.lines if line.number} == {"1 to 4 hours"}


def test_nothing_is_measured_of_what_a_desk_has_lost(cast):
    lead = make_lead(cast.northgate, created_at=NOW - timedelta(hours=10))
    assign_lead(lead, to=cast.alpha, actor=cast.rita)
    assign_lead(lead, to=cast.beta, actor=cast.rita)
    disqualify_lead(lead, reason=spam(cast), actor=cast.rita)
    for part in report(cast.ann, "response"):
        assert not any(line.number for line in part.lines)
    assert numbers(cast.ann, "reasons") == {}
    assert numbers(cast.olga, "reasons") == {"Spam or test": 1}
    asked = Asked(QueryDict("reason=Spam+or+test"), cast.ann)
    assert asked.leads.exact_count() == 0


def spam(cast) -> DisqualifyReason:
    return DisqualifyReason.objects.get(host=cast.northgate, label="Spam or test")


# --- The filter by reason -----------------------------------------------------------------------------


def test_list_is_narrowed_to_a_reason(cast, form_lead):
    closed = make_lead(cast.northgate)
    disqualify_lead(closed, reason=spam(cast), actor=cast.rita)
    mark_invalid(form_lead, actor=cast.vera)
    for word, lead in (("Spam or test", closed), ("spam OR test", closed), (".none", form_lead)):
        asked = Asked(QueryDict(f"reason={word}"), cast.olga)
        assert [row.reference for row in asked.leads.found.take(None, 9)] == [lead.reference]
    assert Asked(QueryDict("reason=Nonsense"), cast.olga).filters.form.errors
    assert Asked(QueryDict("reason=Spam or test"), cast.cleo).filters.form.errors


# --- Pages and files ------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", REPORTS)
def test_file_says_what_the_table_says(cast, few, sign_in, word):
    url = reverse("leads:report_csv", args=[word])
    answer = sign_in(cast.olga).get(f"{url}?compare=on")
    assert answer["Content-Disposition"].startswith(f'attachment; filename="report_{word}_')
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    _head, *lines = csv.reader(io.StringIO(text))
    parts = report(cast.olga, word, "compare=on")
    wanted = [
        [*([part.title] if len(parts) > 1 else []), label, *(str(cell.value) for cell in cells)]
        for part in parts
        for label, cells in part.rows
    ]
    assert lines == wanted


def test_page_says_when_it_was_counted_and_in_words_what_it_shows(cast, few, sign_in):
    page = sign_in(cast.olga).get(reverse("leads:report", args=["created"])).content.decode()
    assert 'datetime="2025-11-21T18:00:00+00:00"' in page
    assert 'role="img"' in page
    assert "leads created from 24 Aug 2025 to 21 Nov 2025." in page
    assert "style=" not in page.partition("<main")[2].partition("</main")[0]


def test_referral_user_has_the_summary_alone(cast, sign_in):
    client = sign_in(cast.ray)
    assert "All reports" not in client.get(reverse("leads:reports")).content.decode()
    assert client.get(reverse("leads:report", args=["created"])).status_code == 404
    assert client.get(reverse("leads:report_csv", args=["created"])).status_code == 404


def test_unknown_report_is_not_there(cast, sign_in):
    assert sign_in(cast.olga).get("/reports/nothing/").status_code == 404
    assert sign_in(cast.olga).get("/reports/nothing.csv").status_code == 404


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=yesterday", "Enter a date between 1900 and 2200"),
        ("from=2025-11-10&to=2025-11-01", "End date must be the same as or after the start date"),
        ("from=1900-01-01", "Choose at most five years"),
        ("from=1900-01-01&to=2200-12-31", "Choose at most five years"),
        ("by=hour", "Choose from the list"),
        ("product=%00%ED%A0%80%27%3B--", "We cannot find"),
        ("recipient=Southgate", "We cannot find “Southgate”"),
    ],
)
@pytest.mark.parametrize("word", ["created", "product", "ageing"])
def test_an_unusable_value_is_named_and_left_out(cast, few, sign_in, word, query, sentence):
    client = sign_in(cast.olga)
    url = reverse("leads:report", args=[word])
    page = client.get(f"{url}?{query}")
    assert page.status_code == 200
    if not (word != "created" and query == "by=hour"):
        assert sentence in unescape(page.content.decode())
    for link, number in linked_numbers(page.content.decode()):
        assert number == count_in_list(link, cast.olga)


@pytest.mark.parametrize(
    "query",
    [
        "to=1900-01-01&compare=on",
        "to=2200-12-31&compare=on",
        "from=2200-12-31&to=2200-12-31&by=month",
        "from=2030-01-01&by=day",
        "from=2021-01-01&to=2025-12-31&by=day&compare=on",
        "compare=" + "x" * 5000,
        "from=2025-11-01&from=2025-11-05&product=&recipient=&unknown=1",
    ],
)
def test_odd_periods_are_answered(cast, few, sign_in, query):
    client = sign_in(cast.olga)
    for word in REPORTS:
        page = client.get(f"{reverse('leads:report', args=[word])}?{query}")
        assert page.status_code == 200
        for link, number in linked_numbers(page.content.decode()):
            if number:
                assert number == count_in_list(link, cast.olga)


@pytest.mark.parametrize("word", REPORTS)
def test_a_report_costs_the_same_queries_with_one_lead_and_with_many(
    cast, sign_in, django_assert_max_num_queries, django_assert_num_queries, word
):
    client, url = sign_in(cast.olga), reverse("leads:report", args=[word])
    make_lead(
        cast.northgate, product=cast.product, holder=cast.alpha, holder_desk=HolderDesk.COMPANY
    )
    client.get(url)
    with django_assert_max_num_queries(14) as few:
        client.get(url)
    for status in (Status.ASSIGNED, Status.REFERRED, Status.CONVERTED, Status.DISQUALIFIED):
        for holder in (cast.alpha, cast.beta):
            make_lead(
                cast.northgate,
                status,
                holder=holder,
                holder_desk=HolderDesk.COMPANY,
                outcome=Outcome.OPEN if status == Status.CONVERTED else Outcome.NONE,
            )
    with django_assert_num_queries(len(few)):
        client.get(url)
