"""The CSV file: exactly the leads of the page, in its order, safe to open in a spreadsheet."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from leadportal.common import clock
from leads.enums import Audience, HolderDesk, Status
from leads.filters import Asked
from leads.models import ExportRecord, Note
from leads.selectors.leads import lead_page
from leads.services.lifecycle import assign_lead
from templates_app.models import CustomAttribute
from tests.factories import fresh, make_lead
from tests.leads.selectors.shelf import NOW, fill, references

FILE = "/leads/export.csv"


@pytest.fixture
def shelf(cast):
    with clock.at(NOW):
        yield fill(cast)


def download(client, query: str = "") -> tuple[list[str], list[dict[str, str]], str]:
    """Head, rows and name of a file, read as a spreadsheet reads it."""
    answer = client.get(FILE + query)
    assert answer.status_code == 200
    assert answer.streaming
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    content = b"".join(answer.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    assert re.sub(r'"[^"]*"', "", text).count("\n") == re.sub(r'"[^"]*"', "", text).count("\r\n")
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    rows = list(reader)
    name = re.search(r'filename="([^"]+)"', answer["Content-Disposition"])[1]
    return list(reader.fieldnames or []), rows, name


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?sort=company",
        "?status=assigned&sort=-score",
        "?status=deleted",
        "?q=novak&sort=status",
        "?attribute=tools&value=Mail",
        "?view=closed&sort=product",
        "?kind=service&progress=new&progress=delivered&sort=-updated",
        "?q=nothing",
        "?status=nonsense",
        "?size=25&sort=-created&after=nonsense",
    ],
)
def test_the_file_has_exactly_the_leads_of_the_list(cast, shelf, sign_in, query):
    asked = Asked(QueryDict(query.removeprefix("?")), cast.olga)
    page = lead_page(asked.leads, size=1000)
    _head, rows, _name = download(sign_in(cast.olga), query)
    assert [row["Lead ID"] for row in rows] == references(page.rows)
    record = ExportRecord.objects.get()
    assert (record.rows, record.user_id) == (len(rows), cast.olga.user_id)
    assert record.query == asked.address()
    said = sign_in(cast.olga).get(f"/leads/export/{query}").content.decode()
    assert f"The file will have {len(rows)} lead" in said


def test_columns(cast, shelf, sign_in):
    client = sign_in(cast.olga)
    head, rows, _name = download(client)
    assert head == [
        "Lead ID", "Created", "Updated", "Status", "Qualification", "Progress", "Outcome", "Company", "First name",
        "Last name", "Email", "Phone", "Job title", "Street", "Postcode", "Town", "Region", "Country", "Product",
        "Marketplace", "Source", "Recipient", "Person in charge", "Score", "Next step", "Last note", "budget", "tools",
        "answer:first_name", "answer:last_name", "answer:email", "answer:company", "answer:budget",
    ]  # fmt: skip
    by_reference = {row["Lead ID"]: row for row in rows}
    told = shelf.told[11]  # a service for the host's sales desk
    row = by_reference[told.reference]
    assert row["Product"] == "Åcme Voice"
    assert row["Marketplace"] == "Northgate Store"
    assert row["Source"] == "Åcme Voice"
    assert row["Recipient"] == "Beta"
    assert row["Person in charge"] == "Ann Abe"
    assert row["budget"] == "5000"
    assert row["tools"] == "Mail; Fax"
    assert row["answer:budget"] == "300"
    assert row["Status"] == str(told.status.label)
    head, rows, _name = download(client, "?columns=visible&q=novak")
    assert head == ["Created", "Company", "User", "Source", "Recipient", "Status"]
    assert {row["User"].split()[-1] for row in rows} == {"Novák"}


def test_moments_are_in_the_readers_zone(cast, shelf, sign_in):
    client = sign_in(cast.olga)
    from accounts.models import User

    User.objects.filter(pk=cast.olga.user_id).update(time_zone="Pacific/Kiritimati")
    with clock.at(NOW):
        _head, rows, name = download(client, "?sort=created&view=pending")
    first = next(one for one in shelf.told if one.status == Status.SUBMITTED)
    with timezone.override("Pacific/Kiritimati"):
        expected = timezone.localtime(first.lead.created_at).isoformat(timespec="seconds")
    assert rows[0]["Created"] == expected
    assert expected.endswith("+14:00")
    assert name == "leads_pending_2025-11-22_0800.csv"


def test_no_cell_is_a_formula(cast, sign_in):
    make_lead(
        cast.northgate,
        company="=1+1",
        first_name="@sum",
        last_name="-2+3",
        phone="+351 912 345 678",
        job_title='a "quoted", word\nand a line',
        street="\tx",
        city="+1; DROP",
        score=-5,
    )
    [row] = download(sign_in(cast.olga))[1]
    assert (row["Company"], row["First name"], row["Last name"]) == ("'=1+1", "'@sum", "'-2+3")
    assert (row["Phone"], row["Score"], row["Town"]) == ("+351 912 345 678", "-5", "'+1; DROP")
    assert row["Job title"] == 'a "quoted", word\nand a line'
    assert row["Street"] == "'\tx"


def test_last_note_is_one_that_the_reader_may_read(cast, sign_in):
    lead = make_lead(
        cast.northgate, Status.ASSIGNED, holder=cast.alpha, holder_desk=HolderDesk.COMPANY
    )
    at = clock.now() - timedelta(hours=9)
    for hours, body, company, audience in [
        (1, "for all", cast.alpha, Audience.EVERYBODY),
        (2, "alpha only", cast.alpha, Audience.COMPANY),
        (3, "host only", cast.northgate, Audience.COMPANY),
    ]:
        Note.objects.create(
            lead=lead,
            company=company,
            audience=audience,
            body=body,
            created_at=at + timedelta(hours=hours),
        )
    Note.objects.create(
        lead=lead, company=cast.alpha, body="deleted", deleted_at=at, audience=Audience.EVERYBODY
    )
    for actor, body in [
        (cast.ann, "alpha only"),
        (cast.olga, "host only"),
        (cast.rita, "host only"),
    ]:
        assert download(sign_in(actor))[1][0]["Last note"] == body, actor.name


def test_only_attributes_that_the_reader_may_see(cast, shelf, sign_in):
    assert "budget" in download(sign_in(cast.olga))[0]
    assert "budget" not in download(sign_in(cast.ann))[0]
    CustomAttribute.objects.filter(key="budget").update(view_roles=["reseller"])
    head, rows, _name = download(sign_in(cast.ann))
    assert "budget" in head
    assert "tools" not in head
    assert {row["budget"] for row in rows} <= {"0", "1000", "2000", "3000", "4000", "5000"}


def test_a_lost_lead_leaves_as_the_desk_knew_it(cast, sign_in):
    lead = make_lead(
        cast.northgate,
        Status.ASSIGNED,
        holder=cast.alpha,
        holder_desk=HolderDesk.COMPANY,
        company="Before",
        attributes={"budget": 1},
        score=3,
    )
    assign_lead(lead, to=cast.beta, actor=cast.rita)
    type(lead).objects.filter(pk=lead.pk).update(
        company="Afterwards",
        email="after@example.com",
        score=9,
        next_step="Call",
        status=Status.REFERRED,
    )
    Note.objects.create(lead=lead, company=cast.beta, audience=Audience.EVERYBODY, body="later")
    content = b"".join(sign_in(cast.ann).get(FILE).streaming_content).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(content))
    assert (row["Company"], row["Recipient"], row["Score"]) == ("Before", "Alpha", "3")
    assert (row["Next step"], row["Last note"]) == ("", "")
    for later in ("Afterwards", "after@example.com", "later", "Beta", "Call"):
        assert later not in content


def test_a_reseller_without_right_4_has_no_file(cast, sign_in):
    cast.alpha.can_export_leads = False
    cast.alpha.save()
    client = sign_in(fresh(cast.ann))
    assert client.get(FILE).status_code == 404
    assert client.get("/leads/export/").status_code == 404
    assert not ExportRecord.objects.exists()


def test_the_file_is_streamed_without_a_cap(cast, sign_in, django_assert_max_num_queries):
    from leads.models import Lead, LeadAccess

    one = make_lead(cast.northgate, source_name="x" * 100)
    access = LeadAccess.objects.get(lead=one, desk=cast.olga.desk_id)
    leads = Lead.objects.bulk_create(
        Lead(**{**_columns(one), "reference": f"LD-{number:09}"}) for number in range(2500)
    )
    LeadAccess.objects.bulk_create(
        LeadAccess(**{**_columns(access), "lead": lead}) for lead in leads
    )
    client = sign_in(cast.olga)
    client.get("/leads/")
    with django_assert_max_num_queries(16):
        answer = client.get(FILE)
        pieces = list(answer.streaming_content)
    assert len(pieces) > 3
    assert b"".join(pieces).count(b"\r\n") == 2502


def _columns(row) -> dict[str, object]:
    fields = (field for field in row._meta.concrete_fields if field.name not in {"id", "lead"})
    return {field.attname: getattr(row, field.attname) for field in fields}
