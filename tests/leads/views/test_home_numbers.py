"""Every number on home is the number of the list behind it and that of plain SQL, over leads made by chance."""

from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.http import QueryDict

from leadportal.common import clock
from leads.enums import Audience, HolderDesk, Outcome, Qualification, RequestState, Status
from leads.filters import Asked
from leads.models import ConversionRequest, LeadAccess, Note
from tests.factories import make_lead
from tests.leads.views.test_home import lines_of

OPEN = "l.status BETWEEN 1 AND 4"
OF_NORTHGATE = "l.host_id = {northgate}"
PROGRAMME = (
    "SELECT id FROM accounts_company WHERE host_id = {northgate} AND (is_reseller OR is_referral)"
)
IN_CHANNEL = (
    f"{OF_NORTHGATE} AND (l.holder_desk = 1 OR (l.holder_desk = 3 AND l.holder_id IN ({PROGRAMME}))"
    f" OR l.maker_id IN ({PROGRAMME}))"
)
AT_SALES = f"{OF_NORTHGATE} AND l.holder_desk = 2"
AT_ALPHA = "((l.holder_desk = 3 AND l.holder_id = {alpha}) OR l.maker_id = {alpha})"
OF_RIPPLE = "((l.holder_desk = 3 AND l.holder_id = {ripple}) OR l.maker_id = {ripple})"
OF_VERTEX = (
    "(p.vendor_id = {vertex} OR l.maker_id = {vertex}"
    " OR (l.holder_desk = 3 AND l.holder_id = {vertex}))"
)
WAITS = "l.status IN (2, 3) AND l.status_changed_at < {waits_since}"
NOT_OPENED = (
    "EXISTS (SELECT 1 FROM leads_leadaccess a WHERE a.lead_id = l.id AND a.desk_id = {ann_desk}"
    " AND a.is_unread)"
)
NO_NOTE = (
    "NOT EXISTS (SELECT 1 FROM leads_note n WHERE n.lead_id = l.id AND n.deleted_at IS NULL"
    " AND (n.audience = 'everybody' OR n.company_id = {northgate}))"
)
# By the vendor's rules for its product: a threshold of 48.
CLOSE = "l.product_id IS NOT NULL AND l.score BETWEEN 40 AND 47"
UNJUDGED = "l.status IN (2, 3) AND l.qualification = 1"
PENDING = "EXISTS (SELECT 1 FROM leads_conversionrequest r WHERE r.lead_id = l.id AND r.state = 'pending')"
ANSWERED = (
    "SELECT COUNT(*) FROM leads_conversionrequest r JOIN leads_lead l ON l.id = r.lead_id"
    f" WHERE {AT_ALPHA} AND r.state IN ('approved', 'denied') AND r.requested_by_id = {{ann}}"
    " AND r.decided_at > {answered_since}"
)
LEADS = "SELECT COUNT(*) FROM leads_lead l LEFT JOIN templates_app_product p ON p.id = l.product_id WHERE "
# Of each role every line of its home, in order: what the line says, and the SQL that counts the same.
LINES = {
    "olga": [
        ("to be assigned", f"{LEADS}{OF_NORTHGATE} AND l.status = 2"),
        ("more than 48 hours", f"{LEADS}{OF_NORTHGATE} AND {WAITS}"),
        ("your approval", f"{LEADS}{OF_NORTHGATE} AND {PENDING}"),
        ("to be qualified", f"{LEADS}{OF_NORTHGATE} AND {UNJUDGED}"),
    ],
    "rita": [
        ("to be assigned", f"{LEADS}{IN_CHANNEL} AND l.status = 2"),
        ("more than 48 hours", f"{LEADS}{IN_CHANNEL} AND {WAITS}"),
        ("your approval", f"{LEADS}{IN_CHANNEL} AND {PENDING}"),
    ],
    "sam": [
        ("to be accepted", f"{LEADS}{AT_SALES} AND l.status = 3"),
        ("no note yet", f"{LEADS}{AT_SALES} AND {OPEN} AND l.in_charge_id = {{sam}} AND {NO_NOTE}"),
        ("in your charge", f"{LEADS}{AT_SALES} AND {OPEN} AND l.in_charge_id = {{sam}}"),
    ],
    "vera": [
        ("to be qualified", f"{LEADS}{OF_VERTEX} AND {UNJUDGED}"),
        ("score threshold", f"{LEADS}{OF_VERTEX} AND {OPEN} AND {CLOSE}"),
        ("to be submitted", f"{LEADS}{OF_VERTEX} AND l.status = 1"),
        ("to be accepted", f"{LEADS}l.holder_desk = 3 AND l.holder_id = {{vertex}} AND l.status = 3"),
    ],
    "ann": [
        (
            "not opened yet",
            f"{LEADS}l.holder_desk = 3 AND l.holder_id = {{alpha}} AND l.status = 3 AND {NOT_OPENED}",
        ),
        ("to be accepted", f"{LEADS}l.holder_desk = 3 AND l.holder_id = {{alpha}} AND l.status = 3"),
        ("answered this week", ANSWERED),
        ("in your charge", f"{LEADS}{AT_ALPHA} AND {OPEN} AND l.in_charge_id = {{ann}}"),
    ],
    "ray": [
        ("being worked on", f"{LEADS}{OF_RIPPLE} AND l.status = 4"),
        ("customer", f"{LEADS}{OF_RIPPLE} AND l.status = 5"),
        ("disqualified", f"{LEADS}{OF_RIPPLE} AND l.status = 6"),
    ],
}  # fmt: skip


@pytest.fixture
def many(cast):
    """A hundred and fifty leads of every kind, some with a conversion request."""
    random, others = Random(20251122), Random(7)
    places = [
        (cast.northgate, HolderDesk.HOST),
        (cast.northgate, HolderDesk.SALES),
        *((one, HolderDesk.COMPANY) for one in (cast.alpha, cast.beta, cast.ripple, cast.vertex)),
    ]
    makers = [(None, 0), (cast.alpha, 1), (cast.ripple, 1), (cast.vertex, 1)]
    people = [None, cast.sam.user_id, cast.ann.user_id, cast.ben.user_id]
    now = clock.now()
    for number in range(150):
        host = cast.southgate if number % 15 == 0 else cast.northgate
        holder, desk = random.choice(places) if host == cast.northgate else (host, HolderDesk.HOST)
        maker, maker_kinds = random.choice(makers) if host == cast.northgate else (None, 0)
        status = random.choice(list(Status))
        moment = now - timedelta(hours=random.choice([1, 30, 47, 49, 200, 900]))
        product, score = random.choice([cast.product, None]), others.randrange(40, 70)
        lead = make_lead(
            host,
            status,
            holder=holder,
            holder_desk=desk,
            maker=maker,
            maker_kinds=maker_kinds,
            product=product,
            qualification=random.choice(list(Qualification)),
            in_charge_id=random.choice(people),
            score=score,
            is_near=product is not None and score < 48,
            outcome=Outcome.OPEN if status == Status.CONVERTED else Outcome.NONE,
            created_at=moment,
            status_changed_at=moment,
        )
        LeadAccess.objects.filter(lead=lead).update(is_unread=others.random() < 0.5)
        if others.random() < 0.5:
            Note.objects.create(
                lead=lead,
                author_id=cast.sam.user_id,
                company=others.choice([cast.northgate, cast.alpha]),
                audience=others.choice(list(Audience)),
                body="Called",
                deleted_at=others.choice([None, None, now]),
            )
        if number % 3 == 0 and host == cast.northgate:
            state = random.choice(list(RequestState))
            asker, company = random.choice(
                [(cast.ann, cast.alpha), (cast.ann, cast.alpha), (cast.ben, cast.beta)]
            )
            decided = now - timedelta(days=random.choice([1, 6, 8, 30]))
            ConversionRequest.objects.create(
                lead=lead,
                company=company,
                requested_by_id=asker.user_id,
                state=state,
                decided_at=None if state == RequestState.PENDING else decided,
            )


def counted(cast, sql: str) -> int:
    """The number that `sql` counts, with the ids of the cast put into it."""
    moments = {
        "waits_since": clock.now() - timedelta(hours=48),
        "answered_since": clock.now() - timedelta(days=7),
    }
    ids = {name: getattr(cast, name).pk for name in ("northgate", "alpha", "ripple", "vertex")}
    people = {name: getattr(cast, name).user_id for name in ("sam", "ann")}
    people["ann_desk"] = cast.ann.desk_id
    adapt = connection.ops.adapt_datetimefield_value
    quoted = {name: f"'{adapt(moment)}'" for name, moment in moments.items()}
    with connection.cursor() as cursor:
        cursor.execute(sql.format(**ids, **people, **quoted))
        return cursor.fetchone()[0]


def listed(client, actor, address: str) -> int:
    """How many rows the list behind a line shows."""
    path, _question, query = address.partition("?")
    if path == "/leads/":
        asked = Asked(QueryDict(query), actor)
        assert asked.notices == []
        assert not asked.filters.form.errors
        return asked.leads.exact_count()
    page = client.get(address).content.decode()
    assert path == "/approvals/"
    section = page if query else page.partition('id="decided-head"')[0]
    return section.count('class="row-main"')


@pytest.mark.parametrize("who", LINES)
def test_home_says_what_the_list_shows_and_what_sql_counts(cast, sign_in, many, who):
    actor = getattr(cast, who)
    client = sign_in(actor)
    lines = lines_of(client.get("/"))
    expected = [(words, n) for words, sql in LINES[who] if (n := counted(cast, sql))]
    assert len(expected) == len(LINES[who])  # chance left no line empty
    assert [int(number) for _address, number, _words in lines] == [n for _words, n in expected]
    for (address, number, said), (words, _n) in zip(lines, expected, strict=True):
        assert words in said
        assert listed(client, actor, address) == int(number), address
