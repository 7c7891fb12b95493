"""The door of the API: tokens alone, scopes, the rate, odd bodies; what goes wrong is a problem in JSON."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role, Scope
from accounts.models import ApiToken, Membership
from accounts.services.jobs import do_due_jobs
from leadportal.common import clock
from leads.api.schema import described
from leads.enums import HolderDesk, SourceKind, Status
from leads.models import Event, ExportRecord, Lead, LeadAccess
from leads.services.integrity import history_faults
from tests.factories import (
    fresh,
    make_deal,
    make_key,
    make_lead,
    make_listing,
    make_order,
    make_person,
    make_product,
    make_quote,
)
from tests.leads.api.caller import Caller

ANA = {"first_name": "Ana", "last_name": "Sousa", "email": "ana@northwind.example"}


def referred(cast, **values) -> Lead:
    mine = {"holder": cast.alpha, "holder_desk": HolderDesk.COMPANY, **values}
    return make_lead(cast.northgate, Status.REFERRED, marketplace=cast.marketplace, **mine)


# --- Who comes in -------------------------------------------------------------------------------------


def test_only_a_valid_token_opens_the_door(cast, program, sign_in):
    good = program("olga")
    assert good.get("leads/").status_code == 200
    signed_in = sign_in(cast.olga)
    changed = good.key[:-1] + ("A" if good.key[-1] != "A" else "B")
    for client, headers in (
        (Client(), {}),
        (signed_in, {}),  # a session is no token
        (Client(), {"Authorization": f"Bearer {changed}"}),
        (Client(), {"Authorization": "Bearer "}),
        (Client(), {"Authorization": f"Basic {good.key}"}),
        (Client(), {"Authorization": "Bearer lp_é"}),
    ):
        answer = client.get("/api/v1/leads/", headers=headers)
        assert answer.status_code == 401
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert answer.json()["status"] == 401


def test_an_answer_sets_no_cookie_and_is_not_kept(cast, program):
    for answer in (program("olga").get("leads/"), Client().get("/api/v1/leads/")):
        assert not answer.cookies
        assert answer["Cache-Control"] == "no-store"


def test_a_token_ends_with_its_maker_and_with_its_time(cast, program):
    olga, rita = program("olga"), program("rita")
    Membership.objects.filter(user=cast.olga.user_id).update(is_active=False)
    assert olga.get("token/").status_code == 401
    with clock.at(clock.now() + timedelta(days=91)):
        assert rita.get("token/").status_code == 401
    assert rita.get("token/").json()["role"] == "reseller_manager"
    assert ApiToken.objects.get(user=cast.rita.user_id).last_used_at


@pytest.mark.parametrize("scope", Scope)
def test_a_scope_opens_its_calls_alone(cast, program, scope):
    call = program("ann", scope)
    lead = referred(cast)
    codes = {
        Scope.READ: call.get(f"leads/{lead.reference}/").status_code,
        Scope.WRITE: call.post(f"leads/{lead.reference}/take/").status_code,
        Scope.EXPORT: call.get("leads/export.csv").status_code,
    }
    assert codes == {one: 200 if one is scope else 403 for one in Scope}


def test_the_role_of_the_token_decides_not_all_roles_of_its_maker(cast):
    both = make_person(cast.northgate, Role.RESELLER_MANAGER, Role.SALES_SUPPORT)
    at_sales = make_lead(
        cast.northgate, Status.REFERRED, holder=cast.northgate, holder_desk=HolderDesk.SALES
    )
    waiting = make_lead(cast.northgate)
    for role, seen in ((Role.RESELLER_MANAGER, waiting), (Role.SALES_SUPPORT, at_sales)):
        rows = Caller(make_key(both, role)).get("leads/").json()["results"]
        assert [row["lead_id"] for row in rows] == [seen.reference]


def test_foreign_and_unknown_leads_answer_the_same(cast, program):
    lead, call = referred(cast), program("otto")
    bodies = {
        call.get(f"leads/{word}/").content
        for word in (lead.reference, "LD-000000000", "nonsense", "9" * 400, "%00")
    }
    assert len(bodies) == 1
    assert {
        call.post(f"leads/{lead.reference}/{one}/").status_code for one in ("take", "delete")
    } == {404}


def test_roles_without_a_page_do_not_have_its_calls(program):
    assert program("ray").get("companies/").status_code == 404
    assert program("ray").get("reports/leads/").status_code == 404
    assert program("ann").get("templates/").status_code == 404


def test_a_reseller_without_right_4_exports_nothing(cast, program):
    cast.alpha.can_export_leads = False
    cast.alpha.save()
    call = program("ann")
    for method, path in (("get", "leads/export.csv"), ("get", "exports/"), ("post", "exports/")):
        assert call(method, path).status_code == 404
    assert not ExportRecord.objects.exists()


# --- What is sent -------------------------------------------------------------------------------------

NESTED = "[" * 60_000
RAW = [
    (b"{", 400),
    (b"[]", 400),
    (b'"x"', 400),
    (b"nonsense", 400),
    (b"\xff\xfe", 400),
    (b'{"city": NaN}', 400),
    (b'{"city": 1e999}', 400),
    (b'{"city": ' + b"9" * 5000 + b"}", 400),
    (b'{"city": ' + b"9" * 30 + b"}", 400),
    (NESTED.encode(), 400),
    (b'{"city": ' + b"[" * 20 + b"]" * 20 + b"}", 400),
    (b'{"city": "' + b"x" * 70_000 + b'"}', 400),
    (b'{"status": "converted"}', 400),
    (b'{"\\ud800": 1}', 400),
    (b'{"score": 99}', 400),
    (b'{"attributes": {"nobody": 1}}', 400),
    (b'{"attributes": []}', 200),
    (b'{"attributes": "x"}', 422),
    (b'{"city": {"a": 1}}', 422),
    (b'{"city": ["a", "b"]}', 422),
    (b'{"city": true}', 422),
    (b'{"city": "' + b"x" * 500 + b'"}', 422),
    (b'{"email": "nobody"}', 422),
    (b'{"channel": "carrier pigeon"}', 422),
    (b'{"country": "XX"}', 422),
    (b'{"city": "a\\u0000b\\ud800c"}', 200),
    (b'{"postcode": 4000}', 200),
    (b'{"city": null}', 200),
    (b"", 200),
]


@pytest.mark.parametrize(("raw", "code"), RAW, ids=range(len(RAW)))
def test_odd_bodies_are_refused_and_change_nothing(cast, program, raw, code):
    lead, call = referred(cast), program("ann")
    answer = call.client.patch(
        f"/api/v1/leads/{lead.reference}/",
        raw,
        content_type="application/json",
        headers={"Authorization": f"Bearer {call.key}", "If-Match": "*"},
    )
    assert answer.status_code == code, answer.content
    if code != 200:
        assert answer.json()["detail"]
        assert Lead.objects.get(pk=lead.pk).version == 1


def test_another_kind_of_body_is_not_read(cast, program):
    call = program("olga")
    headers = {"Authorization": f"Bearer {call.key}"}
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ):
        answer = call.client.post("/api/v1/leads/", b"a=1", content_type=kind, headers=headers)
        assert answer.status_code == 415


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("leads/?status=nonsense", 422), ("leads/?from=2026-02-02&to=2026-02-01", 422),
        ("leads/?sort=owner", 400), ("leads/?size=7", 400), ("leads/?after=x", 400),
        ("leads/?before=%00", 400), ("leads/?date=x", 400), ("leads/?view=nobody", 400),
        ("leads/?colour=red", 400), ("leads/?q=%00%ED%A0%80", 200), ("companies/?after=x", 400),
        ("companies/?size=x", 400), ("companies/999999999999999999999/", 404),
        ("leads/LD-1/", 404), ("reports/leads/?groupby=OWNER", 400),
        ("reports/leads/?from=x", 422), ("nonsense/", 404), ("leads", 404), ("leads/x/y/z/", 404),
    ],
)  # fmt: skip
def test_odd_addresses_are_refused_in_words(program, path, code):
    answer = program("olga").get(path)
    assert answer.status_code == code, answer.content
    if code != 200:
        assert answer.json()["detail"]


def test_a_refusal_names_the_field_and_what_can_be_chosen(cast, program):
    lead = make_lead(cast.northgate)
    answer = program("rita").post(f"leads/{lead.reference}/disqualify/", {"reason": 0}).json()
    assert answer["errors"] == {"reason": ["Choose a reason for disqualifying this lead"]}
    assert [one["label"] for one in answer["choices"]["reason"]] == ["Spam or test", "Other"]


# --- How often ----------------------------------------------------------------------------------------


def test_the_rate_is_said_and_held(program, settings):
    call = program("olga")
    settings.API_CALLS_PER_MINUTE = 3
    left = [call.get("token/")["RateLimit-Remaining"] for _number in range(3)]
    assert left == ["2", "1", "0"]
    answer = call.get("token/")
    assert (answer.status_code, answer["Retry-After"]) == (429, answer["RateLimit-Reset"])
    assert program("rita").get("token/").status_code == 200
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert call.get("token/")["RateLimit-Remaining"] == "2"


# --- What it does -------------------------------------------------------------------------------------


def test_a_lead_says_that_a_program_made_it(cast, program, sign_in):
    answer = program("olga", name="Website sync").post("leads/", ANA)
    assert answer.status_code == 201
    lead = Lead.objects.get()
    assert answer["Location"] == f"/api/v1/leads/{lead.reference}/"
    assert (lead.source_kind, lead.status) == (SourceKind.API, Status.SUBMITTED)
    assert answer.json()["source"] == "Website sync"
    page = sign_in(cast.olga).get(f"/leads/{lead.reference}/").content.decode()
    assert "Lead created through the API" in page
    assert "Olga Orr, Northgate, via API token Website sync" in page


def test_answers_to_a_listing_make_the_lead_that_its_form_makes(cast, program):
    call = program("vera")
    form = {"listing": cast.listing.slug, "answers": {**ANA, "budget": 1200}}
    answer = call.post("leads/", form)
    assert answer.status_code == 201, answer.content
    found = answer.json()
    assert (found["status"], found["qualification"]) == ("submitted", "pending")
    assert found["contact"]["email"] == ANA["email"]
    assert {one["key"]: one["value"] for one in found["answers"]}["budget"] == 1200
    for body, words in (
        ({**form, "answers": {}}, "answers.email"),
        ({**form, "listing": "nobody"}, "listing"),
        ({**form, "first_name": "Eva"}, "first_name"),
        (ANA, "listing"),  # a vendor's leads come with answers, as in the wizard
    ):
        refused = call.post("leads/", body)
        assert refused.status_code == 422
        assert words in refused.json()["errors"]
    assert call.post("leads/", {**form, "answers": {"owner": 1}}).status_code == 400
    assert program("ben").post("leads/", form).status_code == 403
    assert Lead.objects.count() == 1


def test_pages_of_the_list_follow_each_other_without_a_gap(cast, program):
    made = [make_lead(cast.northgate).reference for _number in range(60)]
    call, path, met = program("olga"), "/api/v1/leads/?size=25&sort=created", []
    while path:
        page = call("get", path).json()
        met += [row["lead_id"] for row in page["results"]]
        path = page["next"]
    assert met == made
    assert page["count"] == {"number": 60, "is_exact": True}
    back = call("get", page["previous"]).json()
    assert [row["lead_id"] for row in back["results"]] == made[25:50]


def test_companies_have_pages_both_ways(cast, program):
    call = program("olga")
    names = [row["name"] for row in call.get("companies/").json()["results"]]
    assert names == sorted(names)
    for number in range(30):
        cast.northgate.programme.create(
            name=f"Zeta {number:02}", slug=f"z{number}", is_reseller=True
        )
    first = call.get("companies/").json()
    second = call("get", first["next"]).json()
    both = [row["name"] for row in first["results"] + second["results"]]
    assert both == sorted([*names, *(f"Zeta {number:02}" for number in range(30))])
    assert (first["previous"], second["next"]) == (None, None)
    assert call("get", second["previous"]).json()["results"] == first["results"]


def test_a_lost_lead_shows_what_its_desk_last_saw(cast, program):
    lead = make_lead(cast.northgate, Status.ASSIGNED, holder=cast.alpha, holder_desk=3)
    call = program("ann")
    assert call.post(f"leads/{lead.reference}/decline/", {"reason": "No"}).status_code == 204
    assert call.get(f"leads/{lead.reference}/").status_code == 404
    other = referred(cast)
    program("olga").post(
        f"leads/{other.reference}/assign/", {"target": "company", "company": cast.beta.pk}
    )
    Lead.objects.filter(pk=other.pk).update(first_name="Secret")
    answer = call.get(f"leads/{other.reference}/")
    found = answer.json()
    assert (found["is_past"], found["status"], found["actions"]) == (True, "assigned", [])
    assert found["contact"]["first_name"] == "Ana"
    assert (found["recipient"], found["version"], found["products"]) == (None, None, [])
    assert "ETag" not in answer


def test_the_report_counts_what_the_list_shows(cast, program):
    for _number in range(3):
        make_lead(cast.northgate, product=cast.product)
    make_lead(cast.northgate, Status.CONVERTED)
    call = program("olga")

    def groups(word):
        found = call.get("reports/leads/", groupby=word).json()
        assert found["count"] == 4
        return [(one["label"], one["count"]) for one in found["groups"]]

    assert groups("STATUS") == [("Submitted", 3), ("Converted", 1)]
    assert groups("LISTING") == [("Acme Backup", 3), ("No product", 1)]
    assert [count for _day, count in groups("DATE")] == [4]


def test_an_export_is_written_down_with_its_filters(cast, program):
    make_lead(cast.northgate, company="Northwind")
    make_lead(cast.northgate, Status.CONVERTED, company="Contoso")
    text = b"".join(program("olga").get("leads/export.csv", status="submitted").streaming_content)
    assert b"Northwind" in text
    assert b"Contoso" not in text
    record = ExportRecord.objects.get()
    assert (record.rows, record.query) == (1, "/leads/?status=submitted")


def test_a_workbook_is_made_in_the_role_of_the_token(cast):
    """The worker looks at the leads as the token does, not with all roles of its maker."""
    both = make_person(cast.northgate, Role.RESELLER_MANAGER, Role.SALES_SUPPORT)
    make_lead(cast.northgate)
    make_lead(cast.northgate, Status.REFERRED, holder_desk=HolderDesk.SALES)
    call = Caller(make_key(both, Role.SALES_SUPPORT))
    number = call.post("exports/").json()["id"]
    do_due_jobs()
    found = call.get(f"exports/{number}/").json()
    assert (found["state"], found["rows"]) == ("ready", 1)


def test_a_lead_that_only_a_program_has_read_stays_unread(cast, program):
    lead, call = referred(cast), program("ann")
    LeadAccess.objects.filter(lead=lead).update(is_unread=True)
    assert call.get(f"leads/{lead.reference}/").status_code == 200
    assert call.get("leads/").json()["results"][0]["is_unread"]


# --- What it costs --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    ["leads/", "companies/", "products/", "listings/", "templates/", "exports/", "marketplaces/"],
)
def test_a_list_costs_the_same_with_few_rows_and_with_many(
    cast, program, path, django_assert_num_queries
):
    call = program("vera" if path in {"listings/", "templates/"} else "olga")
    call.get(path)  # the use of the token is noted once a minute
    make_lead(cast.northgate, product=cast.product)
    with CaptureQueriesContext(connection) as few:
        assert call.get(path).status_code == 200
    for number in range(8):
        make_lead(cast.northgate, product=cast.product, holder=cast.alpha, holder_desk=3)
        product = make_product(cast.vertex)
        make_listing(product, cast.marketplace)
        cast.northgate.programme.create(name=f"Z {number}", slug=f"z{number}", is_reseller=True)
        call.post(f"exports/?q=word{number}")
    with CaptureQueriesContext(connection) as many:
        assert call.get(path).status_code == 200
    assert len(many) == len(few)


def test_an_unexpected_failure_is_a_problem_with_a_code(program, monkeypatch):
    """The control of "no 500": one that is made on purpose is seen, and is JSON, too."""
    from leads.api import leads

    monkeypatch.setattr(leads, "lead_page", lambda *args, **kwargs: 1 / 0)
    call = program("olga")
    call.client.raise_request_exception = False
    answer = call.get("leads/")
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["reference"] == answer["X-Reference"]


def test_history_keeps_its_chain_when_programs_write(cast, program):
    call = program("sam", name="CRM")
    path = f"leads/{call.post('leads/', ANA).json()['lead_id']}/take/"
    assert call.post(path).status_code == 200
    assert set(Event.objects.values_list("actor_name", flat=True)) == {"CRM"}
    assert not list(history_faults())


# --- Which role has which calls -------------------------------------------------------------------------

WHO = ("olga", "rita", "sam", "vera", "ann", "ben", "ray", "otto")
READS = """
token/                  200 200 200 200 200 200 200 200
leads/                  200 200 200 200 200 200 200 200
leads/{lead}/           200 200 404 200 200 404 404 404
leads/{lead}/actions/   200 200 404 200 200 404 404 404
leads/{lead}/history/   200 200 404 200 200 404 404 404
leads/{lead}/notes/     200 200 404 200 200 404 404 404
leads/export.csv        200 200 200 200 200 200 200 200
companies/              200 200 200 200 200 200 404 200
companies/{alpha}/      200 200 404 404 200 404 404 404
products/               200 200 200 200 200 200 200 200
products/{product}/     200 200 200 200 200 200 200 404
marketplaces/           200 200 200 200 200 200 200 200
listings/               200 200 200 200 200 200 200 200
templates/              200 200 404 200 404 404 404 200
templates/{template}/   200 200 404 200 404 404 404 404
exports/                200 200 200 200 200 200 200 200
exports/{export}/       200 404 404 404 404 404 404 404
reports/leads/          200 200 200 200 200 200 404 200
pipelines/              200 200 200 200 200 200 404 200
deals/                  200 200 200 200 200 200 404 200
deals/{deal}/           200 200 404 200 200 404 404 404
quotes/                 200 200 200 200 200 200 404 200
quotes/{quote}/         200 200 404 200 200 404 404 404
quotes/{quote}/quote.pdf 200 200 404 200 200 404 404 404
orders/                 200 200 200 200 200 200 404 200
orders/{order}/         200 200 404 200 200 404 404 404
"""


@pytest.mark.parametrize(("place", "who"), list(enumerate(WHO)), ids=WHO)
def test_roles_have_their_calls(cast, program, place, who):
    """Every call that reads, for every role; those that change stand in actions.csv."""
    lead = referred(cast, product=cast.product, listing=cast.listing)
    export = program("olga").post("exports/").json()["id"]
    deal = make_deal(lead, actor=fresh(cast.ann))
    words = {
        "deal": deal.reference, "order": make_order(deal, cast.product, cast.customer).reference,
        "quote": make_quote(deal, cast.product, actor=fresh(cast.ann)).reference,
        "lead": lead.reference, "alpha": cast.alpha.pk, "product": cast.product.pk,
        "template": cast.listing.version.template_id, "export": export,
    }  # fmt: skip
    call, wrong = program(who), {}
    for line in READS.strip().splitlines():
        path, *codes = line.split()
        got = call.get(path.format_map(words)).status_code
        if got != int(codes[place]):
            wrong[path] = f"{got} instead of {codes[place]}"
    assert wrong == {}


def test_every_call_that_reads_stands_in_the_table():
    listed = {line.split()[0] for line in READS.strip().splitlines()}
    reads = {
        re.sub(r"\{\w+\}", "{}", path.removeprefix("/api/v1/"))
        for path, methods in described()["paths"].items()
        if "get" in methods
    }
    # allowed in some states alone: the table of moves, and a file that is ready
    apart = {"leads/{}/manage/", "exports/{}/file/"}
    assert {re.sub(r"\{\w+\}", "{}", path) for path in listed} == reads - apart
