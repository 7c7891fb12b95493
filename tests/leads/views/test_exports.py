"""Download: the page before a file, and the files that the worker makes (ux.md L33, L34)."""

from datetime import timedelta

import pytest

from accounts.actors import SYSTEM
from accounts.enums import Role
from accounts.models import Job, JobState, MembershipRole
from accounts.services.desks import desk_for
from accounts.services.jobs import TRIES, LeaseLostError, Work, claim_job, do_due_jobs
from leadportal.common import clock
from leads.enums import ErasureReason, HolderDesk, Status
from leads.exports import files
from leads.models import ExportFile, ExportRecord
from leads.rules import exports as rules
from leads.services.exports import sweep_exports
from leads.services.lifecycle import assign_lead
from leads.services.privacy import anonymise_lead
from leads.services.private_files import FORGOTTEN_AFTER
from tests.factories import fresh, make_export_file, make_lead
from tests.leads.sheets import content, csv_rows, xlsx_rows
from tests.leads.views.reading import number_of_queries, text_of

XLSX = {"kind": "xlsx", "columns": "visible"}


@pytest.fixture
def two_are_many(monkeypatch):
    """Make workbooks of more than two leads in the background."""
    monkeypatch.setattr(rules, "XLSX_AT_ONCE", 2)


@pytest.fixture
def leads(cast):
    return [make_lead(cast.northgate) for _number in range(3)]


@pytest.mark.parametrize(
    ("kind", "columns", "head"),
    [("csv", "visible", 6), ("csv", "all", 26), ("xlsx", "visible", 6), ("xlsx", "all", 26)],
)
def test_page_leads_to_the_file_that_was_chosen(cast, sign_in, leads, kind, columns, head):
    client = sign_in(cast.olga)
    make_lead(cast.northgate, Status.CONVERTED)
    page = client.get("/leads/export/?status=submitted")
    assert "The file will have 3 leads, as in the list" in text_of(page)
    assert "Visible columns: Created, Company, User, Source, Recipient, Status." in text_of(page)
    answer = client.post(
        "/leads/export/?status=submitted", {"kind": kind, "columns": columns}, follow=True
    )
    read = csv_rows if kind == "csv" else xlsx_rows
    rows = read(content(answer))
    assert len(rows) == 4
    assert len(rows[0]) == head
    assert 'filename="leads_all_' in answer["Content-Disposition"]
    assert not ExportFile.objects.exists()


def test_choice_of_nothing_is_asked_for_again(cast, sign_in, leads):
    answer = sign_in(cast.olga).post("/leads/export/?status=submitted", {"kind": "pdf"})
    assert answer.status_code == 422
    assert "Choose a kind of file" in text_of(answer)
    assert "Choose the columns" in text_of(answer)
    assert "The file will have 3 leads" in text_of(answer)


def test_large_workbook_is_made_by_the_worker(cast, sign_in, leads, two_are_many):
    client = sign_in(cast.olga)
    assert client.get("/leads/export.xlsx?sort=company").url.startswith("/leads/export/?")
    assert "is made in the background" in text_of(client.get("/leads/export/"))
    page = client.post("/leads/export/?status=submitted&sort=company", XLSX, follow=True)
    assert page.request["PATH_INFO"] == "/exports/"
    for words in (
        "Your file is being made.",
        "3 leads: Status is Submitted.",
        "Waiting to be made",
    ):
        assert words in text_of(page)
    assert "Asked for by Olga Orr" in text_of(page)
    assert 'hx-trigger="every 2s"' in page.content.decode()
    assert not ExportRecord.objects.exists()

    assert do_due_jobs() == 1
    part = client.get("/exports/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "hx-trigger" not in part.content.decode()
    assert "data-announce" in part.content.decode()
    assert "and is ready until" in text_of(part)
    export = ExportFile.objects.get()
    answer = client.get(f"/exports/{export.pk}/file/")
    assert answer["Cache-Control"] == "no-store"
    rows = xlsx_rows(content(answer))
    listed = csv_rows(
        content(client.get("/leads/export.csv?status=submitted&sort=company&columns=visible"))
    )
    assert [row[1] for row in rows] == [row[1] for row in listed]
    record = ExportRecord.objects.order_by("pk")[0]
    assert (record.rows, record.user_id) == (3, cast.olga.user_id)
    assert record.query == "/leads/?status=submitted&sort=company"


def test_csv_never_waits(cast, sign_in, leads, two_are_many):
    wanted = {"kind": "csv", "columns": "all"}
    answer = sign_in(cast.olga).post("/leads/export/", wanted, follow=True)
    assert len(csv_rows(content(answer))) == 4


def test_selection_is_made_in_the_background_too(cast, sign_in, leads, two_are_many):
    client = sign_in(cast.olga)
    make_lead(cast.northgate)
    query = "?" + "&".join(f"lead={lead.reference}" for lead in leads)
    page = client.post(f"/leads/export/{query}", XLSX, follow=True)
    assert "3 leads: Leads selected by hand." in text_of(page)
    do_due_jobs()
    assert ExportFile.objects.get().rows == 3


def test_asking_twice_makes_one_file(cast, sign_in, leads, two_are_many):
    client = sign_in(cast.olga)
    for _time in range(2):
        client.post("/leads/export/", XLSX)
    assert Job.objects.count() == ExportFile.objects.count() == 1


def test_progress_is_shown(cast, sign_in, leads, two_are_many):
    client = sign_in(cast.olga)
    client.post("/leads/export/", XLSX)
    Job.objects.update(step=2, steps=3)
    page = client.get("/exports/")
    assert "Being made: 2 of 3 leads" in text_of(page)
    assert 'max="3" value="2"' in page.content.decode()


def test_worker_reports_how_far_it_is(cast, leads, monkeypatch):
    monkeypatch.setattr("leads.selectors.export.CHUNK", 2)
    seen = []
    monkeypatch.setattr("accounts.services.jobs.Work.report", lambda self, *at: seen.append(at))
    make_export_file(cast.olga)
    assert seen == [(0, 3), (2, 3), (3, 3)]


def test_file_is_what_its_owner_sees_when_it_is_made(cast, sign_in, two_are_many):
    given = {"holder": cast.alpha, "holder_desk": HolderDesk.COMPANY}
    leads = [make_lead(cast.northgate, Status.ASSIGNED, **given) for _number in range(3)]
    client = sign_in(cast.ann)
    client.post("/leads/export/?status=assigned", XLSX)
    assign_lead(leads[0], to=cast.beta, actor=cast.rita)
    type(leads[0]).objects.filter(pk=leads[0].pk).update(company="Not for Alpha any more")
    do_due_jobs()
    export = ExportFile.objects.get()
    data = content(client.get(f"/exports/{export.pk}/file/"))
    told = [cell for row in xlsx_rows(data) for cell in row]
    assert "Not for Alpha any more" not in told
    assert ExportRecord.objects.get().rows == export.rows == len(xlsx_rows(data)) - 1


def test_who_may_no_longer_export_gets_no_file(cast, sign_in, leads, two_are_many):
    make_lead(cast.northgate, holder=cast.alpha, holder_desk=HolderDesk.COMPANY)
    made = make_export_file(cast.ann)
    waiting = make_export_file(cast.ann, is_made=False)
    cast.alpha.can_export_leads = False
    cast.alpha.save()
    do_due_jobs()
    waiting.job.refresh_from_db()
    assert waiting.job.state == JobState.FAILED
    assert waiting.job.last_error == "You may no longer export these leads."
    assert not waiting.path.exists()
    assert sign_in(cast.ann).get(f"/exports/{made.pk}/file/").status_code == 404


def test_who_looks_from_another_desk_has_the_file_no_more(cast, sign_in, leads):
    export = make_export_file(cast.olga)
    membership = cast.northgate.memberships.get(user=cast.olga.user_id)
    MembershipRole.objects.filter(membership=membership).update(role=Role.SALES_SUPPORT)
    membership.desk = desk_for(cast.northgate, [Role.SALES_SUPPORT])
    membership.save()
    client = sign_in(fresh(cast.olga))
    assert client.get("/exports/").status_code == 200
    assert client.get(f"/exports/{export.pk}/file/").status_code == 404


@pytest.mark.parametrize("who", ["rita", "ann", "otto"])
def test_nobody_else_has_the_file(cast, sign_in, leads, who):
    export = make_export_file(cast.olga)
    client = sign_in(getattr(cast, who))
    assert client.get(f"/exports/{export.pk}/file/").status_code == 404
    assert client.post(f"/exports/{export.pk}/retry/").status_code == 404
    assert export.name not in text_of(client.get("/exports/"))


def test_file_is_private_on_the_machine(cast, leads):
    export = make_export_file(cast.olga)
    assert export.path.stat().st_mode & 0o077 == 0
    assert export.path.parent.stat().st_mode & 0o077 == 0
    assert [path.name for path in export.path.parent.glob(f"{export.key}*")] == [export.path.name]


def test_expired_file_is_removed_by_the_worker(cast, sign_in, leads):
    export = make_export_file(cast.olga)
    late = clock.now() + rules.KEPT_FOR + timedelta(minutes=1)
    client = sign_in(cast.olga)
    with clock.at(late):
        page = client.get(f"/exports/{export.pk}/file/", follow=True)
        assert "That file is no longer there." in text_of(page)
        assert "Expired:" in text_of(page)
        Job.objects.filter(kind="sweep_exports").update(due_at=clock.now() - timedelta(days=30))
        assert do_due_jobs() == 1
    assert not export.path.exists()


def test_sweep_takes_what_a_dead_worker_left_and_leaves_the_rest(cast, leads):
    export = make_export_file(cast.olga)
    left = export.path.parent / f"{export.key}.dead.part"
    left.touch()
    assert sweep_exports() == 0
    with clock.at(clock.now() + FORGOTTEN_AFTER + timedelta(minutes=1)):
        sweep_exports()
    assert export.path.exists()
    assert not left.exists()


def test_files_with_a_person_that_is_erased_are_gone(
    cast, sign_in, leads, django_capture_on_commit_callbacks
):
    mine, others = make_export_file(cast.olga), make_export_file(cast.otto)
    making = make_export_file(cast.olga, is_made=False)
    held = Work(claim_job())
    with django_capture_on_commit_callbacks(execute=True):
        anonymise_lead(leads[0], reason=ErasureReason.REQUEST, actor=SYSTEM)
    assert (mine.path.exists(), others.path.exists()) == (False, True)
    assert "Expired:" in text_of(sign_in(cast.olga).get("/exports/"))
    with pytest.raises(LeaseLostError):
        held.report(3, 3)
    do_due_jobs()
    data = making.path.read_bytes()
    assert leads[0].reference in str(xlsx_rows(data))
    assert leads[0].email not in str(xlsx_rows(data))
    assert leads[1].email in str(xlsx_rows(data))


def test_failure_is_said_and_retry_makes_the_file(cast, sign_in, leads, two_are_many, monkeypatch):
    client = sign_in(cast.olga)
    client.post("/leads/export/", XLSX)

    def full_disk(*args):
        raise OSError("No space left on device")

    monkeypatch.setattr(files, "write_xlsx", full_disk)
    do_due_jobs()
    assert "This did not work yet. The next try:" in text_of(client.get("/exports/"))
    export = ExportFile.objects.get()
    Job.objects.update(tries=TRIES - 1, due_at=clock.now() - timedelta(hours=1))
    do_due_jobs()
    assert "This file could not be made." in text_of(client.get("/exports/"))
    assert list(export.path.parent.glob(f"{export.key}*")) == []
    monkeypatch.undo()
    page = client.post(f"/exports/{export.pk}/retry/", follow=True)
    assert "Your file is being made." in text_of(page)
    assert client.post(f"/exports/{export.pk}/retry/").status_code == 409
    do_due_jobs()
    assert len(xlsx_rows(content(client.get(f"/exports/{export.pk}/file/")))) == 4


def test_page_costs_the_same_with_one_file_and_with_many(cast, sign_in, leads):
    client = sign_in(cast.olga)
    make_export_file(cast.olga)
    one = number_of_queries(client, "/exports/")
    for _number in range(5):
        make_export_file(cast.olga)
    assert number_of_queries(client, "/exports/") == one


def test_page_without_files_says_what_would_be_here(cast, sign_in):
    assert "No exports yet" in text_of(sign_in(cast.ann).get("/exports/"))
