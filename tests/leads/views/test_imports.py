"""The pages of an import: five steps with addresses of their own, which one leaves and returns to (ux.md 2.11)."""

import codecs
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Job, JobState
from accounts.services.jobs import do_due_jobs
from leads.enums import ImportState
from leads.models import Import, ImportMapping, Lead
from tests.factories import make_lead
from tests.leads.files import bring_in, check, csv_of, send
from tests.leads.sheets import content, csv_rows
from tests.leads.views.reading import number_of_queries, sent_from, text_of

TEXT = "First name,Last name,Email,Company,Extra\nAna,Sousa,ana@x.example,=1+1,x\n,,no,,y\n"
COLUMNS = {"column_0": "first_name", "column_1": "last_name", "column_2": "email"}
COLUMNS |= {"column_3": "company", "column_4": ""}


def upload(client: Any, text: str | bytes, name: str = "fair.csv") -> Any:
    data = text.encode() if isinstance(text, str) else text
    return client.post("/imports/new/", {"file": SimpleUploadedFile(name, data)})


def at(client: Any, path: str) -> str:
    """Return the text of a page that is there."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return text_of(answer)


def test_five_steps_and_back_again(cast, sign_in):
    client = sign_in(cast.olga)
    assert "No imports yet" in at(client, "/imports/")
    answer = upload(client, TEXT)
    source = Import.objects.get()
    home = f"/imports/{source.pk}/"
    assert answer.url == f"{home}file/"
    assert "Comma" in at(client, f"{home}file/")
    reading = {"encoding": "utf-8-sig", "separator": ","}
    assert client.post(f"{home}file/", {**reading, "look": "yes"}).url == f"{home}file/"
    assert client.post(f"{home}file/", reading).url == f"{home}columns/"
    page = at(client, f"{home}columns/")
    assert "Ana" in page
    assert "found" in page
    assert "Do not import" in page
    assert client.get(home).url == f"{home}columns/"
    wrong = client.post(f"{home}columns/", {**COLUMNS, "column_4": "email"})
    assert wrong.status_code == 422
    assert "Email and Extra are both to become Email. Choose which one to import." in text_of(wrong)
    assert client.post(f"{home}columns/", {**COLUMNS, "save_as": "Fair"}).url == f"{home}check/"
    assert "is being checked" in at(client, f"{home}check/")
    polled = client.get(home, headers={"HX-Request": "true"})
    assert "<html" not in polled.content.decode()
    assert "import-progress" in polled.content.decode()
    do_due_jobs()
    polled = client.get(home, headers={"HX-Request": "true"})
    assert (polled.status_code, polled["HX-Redirect"]) == (204, f"{home}check/")
    page = at(client, f"{home}check/")
    assert "The whole file was checked: 2 rows. Nothing is imported yet." in page
    assert "Email: Enter an email address in the format name@example.com" in page
    assert not Lead.objects.exists()
    assert client.post(f"{home}check/", {"duplicates": "skip"}).url == f"{home}import/"
    assert "Cancel import" in at(client, f"{home}import/")
    assert client.get(f"{home}columns/").url == f"{home}import/"
    do_due_jobs()
    page = at(client, f"{home}result/")
    assert "1 lead was made." in page
    assert "You can undo this for 24 hours." in page
    errors = csv_rows(content(client.get(f"{home}errors.csv")))
    assert errors[0] == ["First name", "Last name", "Email", "Company", "Extra", "row", "error"]
    assert errors[1][:6] == ["", "", "no", "", "y", "3"]
    assert client.post(f"{home}undo/").url == home
    do_due_jobs()
    assert "1 lead is as it was before." in at(client, f"{home}result/")
    # The saved mapping, for a colleague's next file
    second = send(TEXT.replace("Company", "Unheard of"), cast.rita)
    mapping = ImportMapping.objects.get(name="Fair")
    page = sign_in(cast.rita).get(f"/imports/{second.pk}/columns/?saved={mapping.pk}")
    assert "Certain" in text_of(page)
    assert "Fair" in text_of(page)


ODD = ("Žofie", "Müller", "zofie@x.example", "Café “Añejo”")
WEST = ("José", "Müller", "jose@x.example", "Café Añejo")
HEADER = ("First name", "Last name", "Email", "Company")


def written(encoding: str, separator: str, row: tuple[str, ...], bom: bytes = b"") -> bytes:
    return bom + csv_of(HEADER, [row], delimiter=separator).encode(encoding)


@pytest.mark.parametrize(
    ("data", "row"),
    [
        pytest.param(written("latin-1", ",", WEST), WEST, id="latin-1"),
        pytest.param(written("utf-16-le", ",", ODD, codecs.BOM_UTF16_LE), ODD, id="utf-16-le"),
        pytest.param(written("utf-16-be", ",", ODD, codecs.BOM_UTF16_BE), ODD, id="utf-16-be"),
        pytest.param(written("utf-8", ";", ODD), ODD, id="semicolon"),
        pytest.param(written("utf-8", "\t", ODD), ODD, id="tab"),
        pytest.param(written("utf-8-sig", ",", ODD), ODD, id="bom"),
        pytest.param(
            b'Email,"Last\nname",Company\r\na@x.example,Li,"North,\r\nwind"\r\n',
            ("", "Li", "a@x.example", "North, wind"),
            id="quoted-newlines",
        ),
    ],
)
def test_every_way_to_write_a_file_gives_the_right_lead(cast, sign_in, data, row):
    """Through the pages, as they propose it: nothing is changed by hand."""
    assert read_through(sign_in(cast.olga), data) == ["1 lead was made."]
    lead = Lead.objects.get()
    assert (lead.first_name, lead.last_name, lead.email, lead.company) == row


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(
            "Email,Company\na@x.example\nb@x.example,Inc,,\nc@x.example,Inc,more\n",
            ["2 leads were made.", "The row has 3 cells, but the file has 2 columns."],
            id="ragged",
        ),
        pytest.param(
            "Email,Email\na@x.example,b@x.example\n",
            ["Two columns are both named Email. Choose which one to import."],
            id="same-names",
        ),
        pytest.param(
            'Email,Company\na@x.example,"Never closed\n',
            [
                "Row 2 cannot be read: a quotation mark is missing or not doubled, or a cell is too long."
            ],
            id="open-quote",
        ),
    ],
)
def test_what_is_no_table_is_said(cast, sign_in, data, said):
    assert read_through(sign_in(cast.olga), data) == said


def refusals(answer: Any) -> list[str]:
    summary = answer.content.decode().partition("error-summary")[2].partition("</ul>")[0]
    return re.findall(r"<li>(?:<a [^>]*>)?([^<]+)", summary)


def read_through(client: Any, data: str | bytes) -> list[str]:
    """Take a file through the five steps by what each page proposes; return what the last one says of its rows."""
    answer = upload(client, data)
    if answer.status_code == 422:
        return refusals(answer)
    page = client.get(answer.url)
    for step in ("file", "columns", "check"):
        home = page.request["PATH_INFO"].removesuffix(f"{step}/")
        answer = client.post(f"{home}{step}/", sent_from(page, to=step))
        if answer.status_code == 422:
            return refusals(answer)
        do_due_jobs()
        page = client.get(home, follow=True)
    source = Import.objects.get()
    return [
        re.search(r"\d+ leads? (was|were) made\.", text_of(page))[0],
        *source.faults.values_list("sentence", flat=True),
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (None, "Choose a file"),
        (b"", "The file is empty"),
        (b"PK\x03\x04", "This is not a workbook"),
        (b"x" * 2000, "The file is 1 MB. The limit is 0 MB. Split it and import each part."),
    ],
)
def test_a_bad_file_gets_a_sentence(cast, sign_in, settings, data, sentence):
    settings.UPLOAD_MOST = 1000
    client = sign_in(cast.olga)
    answer = client.post("/imports/new/") if data is None else upload(client, data)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not Import.objects.exists()


def test_odd_posts_change_nothing(cast, sign_in):
    client = sign_in(cast.olga)
    source = send(TEXT, cast.olga)
    home = f"/imports/{source.pk}/"
    assert client.post(f"{home}file/", {"encoding": "rot13", "separator": "x"}).status_code == 422
    assert client.post(f"{home}columns/", {"column_0": "status"}).status_code == 422
    assert client.post(f"{home}columns/", {}).status_code == 422
    assert client.post(f"{home}check/", {"duplicates": "all"}).url == f"{home}columns/"
    assert client.post(f"{home}check/", {"duplicates": "skip"}).status_code == 409
    for press in ("undo", "retry"):
        assert client.post(f"{home}{press}/").status_code == 409
    assert client.post(f"{home}cancel/").status_code == 302
    assert client.get(f"{home}columns/?saved=9e9&after=x").status_code == 200
    source.refresh_from_db()
    assert source.state == ImportState.DRAFT
    source.path.unlink()
    assert "The file is no longer there" in at(client, f"{home}file/")
    assert client.get(f"{home}errors.csv").status_code == 302
    stranger = sign_in(cast.rita)
    assert stranger.get(f"{home}file/").status_code == 404
    assert stranger.post(f"{home}undo/").status_code == 404


def test_nothing_made_is_no_success_and_a_failed_worker_can_be_asked_again(cast, sign_in):
    client = sign_in(cast.olga)
    make_lead(cast.northgate, email="ana@x.example")
    source = bring_in(TEXT, cast.olga)
    page = at(client, f"/imports/{source.pk}/result/")
    assert "No lead was made or updated." in page
    assert "Undo import" not in page
    other = check(send(TEXT, cast.olga), cast.olga)
    page = at(client, f"/imports/{other.pk}/check/")
    assert "same email address as" in page
    assert "would fill" not in page
    client.post(f"/imports/{other.pk}/check/", {"duplicates": "skip"})
    other.refresh_from_db()
    Job.objects.filter(pk=other.job_id).update(state=JobState.FAILED)
    assert "Try again" in at(client, f"/imports/{other.pk}/import/")
    assert client.post(f"/imports/{other.pk}/retry/").status_code == 302
    do_due_jobs()
    other.refresh_from_db()
    assert other.state == ImportState.DONE


def test_the_import_is_a_source_and_a_filter(cast, sign_in):
    client = sign_in(cast.olga)
    make_lead(cast.northgate, company="Old")
    source = bring_in("Email,Company\na@x.example,Fresh\n", cast.olga)
    page = at(client, f"/leads/?imported={source.pk}")
    assert "Fresh" in page
    assert "Old" not in page
    assert "Import is leads.csv" in page
    assert "leads.csv" in at(client, "/leads/?source=import")
    theirs = at(sign_in(cast.rita), f"/leads/?imported={source.pk}")
    assert "We cannot find" in theirs
    lead = Lead.objects.get(company="Fresh")
    assert "Lead created by an import" in at(sign_in(cast.olga), f"/leads/{lead.reference}/")


def test_errors_are_paged_and_cost_the_same_for_one_and_for_many(cast, sign_in):
    client = sign_in(cast.olga)
    few = check(send(csv_of(("Email",), [["no"]]), cast.olga), cast.olga)
    many = check(send(csv_of(("Email",), [["no"]] * 130), cast.olga), cast.olga)
    paths = [f"/imports/{one.pk}/check/?only=errors" for one in (few, many)]
    counts = [number_of_queries(client, path) for path in paths]
    assert counts[0] == counts[1]
    assert "after=101" in client.get(paths[1]).content.decode()
    assert at(client, f"{paths[1]}&after=101").count("Email: Enter") == 31
    assert len(csv_rows(content(client.get(f"/imports/{many.pk}/errors.csv")))) == 131
