"""Files as they come: each gives the right data, or a sentence (ux.md I2; security.md M17)."""

import io
import zipfile

import pytest
import xlsxwriter
from openpyxl import Workbook

from accounts.actors import SYSTEM
from leadportal.common import workbooks
from leadportal.common.errors import Invalid
from leads.enums import ImportState
from leads.models import Import, Lead
from leads.rules import imports as rules
from leads.rules.privacy import ErasureReason
from leads.services import private_files
from leads.services.imports.files import begin_import, sweep_imports
from leads.services.imports.steps import map_columns, read_as
from leads.services.privacy import anonymise_lead
from tests.factories import make_lead
from tests.leads.files import bring_in, check, csv_of, send
from tests.leads.sheets import content
from tests.leads.views.reading import text_of

HEADER = ("First name", "Last name", "Company")
ROW = ("Žofie", "Müller", "Café Añejo")
WESTERN = ("José", "Müller", "Café Añejo")


def workbook(rows, *, sheet: str = "Leads") -> bytes:
    """Return a workbook with one more sheet before."""
    book = Workbook()
    book.active.title = "About"
    book.active.append(["Nothing here"])
    page = book.create_sheet(sheet)
    for row in rows:
        page.append(row)
    to = io.BytesIO()
    book.save(to)
    return to.getvalue()


def only_lead() -> tuple[str, str, str]:
    lead = Lead.objects.get()
    return lead.first_name, lead.last_name, lead.company


@pytest.mark.parametrize(
    ("encoding", "separator", "row", "read_as_"),
    [
        ("utf-8", ",", ROW, "utf-8-sig"),
        ("utf-8-sig", ";", ROW, "utf-8-sig"),
        ("utf-16", "\t", ROW, "utf-16"),
        ("utf-16-le", ";", ROW, "utf-16-le"),
        ("utf-16-be", ",", ROW, "utf-16-be"),
        ("latin-1", ";", WESTERN, "cp1252"),
        ("cp1252", "|", ("José", "O’Brien", "Œuvre €"), "cp1252"),
        ("cp1251", ";", ("Пётр", "Иванов", "Общество с ограниченной ответственностью"), "cp1251"),
    ],
)
def test_encoding_and_separator_are_found(cast, encoding, separator, row, read_as_):
    text = csv_of(HEADER, [row], delimiter=separator)
    source = bring_in(text.encode(encoding), cast.olga)
    assert (source.encoding, source.separator, source.made) == (read_as_, separator, 1)
    assert only_lead() == row


def test_encoding_and_separator_can_be_changed(cast):
    data = csv_of(HEADER, [("Žofie", "Müller", "Łódź")], delimiter="|").encode("cp1250")
    source = send(data, cast.olga)
    assert source.encoding == "cp1252"
    source = read_as(source, encoding="cp1250", separator="|", actor=cast.olga)
    check(source, cast.olga)
    assert source.header == list(HEADER)
    with pytest.raises(Invalid, match="is not in this encoding"):
        read_as(source, encoding="utf-8-sig", separator="|", actor=cast.olga)


def test_quotes_line_breaks_and_ragged_rows(cast):
    text = (
        'First name,Last name,Company\r\n"Ana ""A"" Maria","Sousa\r\nLeite","North, wind"\r\n'
        "\r\nBo,Li\r\nCi,Mo,Inc,,\r\nDa,No,Inc,extra\r\n"
    )
    source = bring_in(text, cast.olga)
    assert (source.made, source.failed) == (3, 1)
    names = Lead.objects.order_by("pk").values_list("first_name", "last_name", "company")
    assert list(names) == [
        ('Ana "A" Maria', "Sousa Leite", "North, wind"),
        ("Bo", "Li", ""),
        ("Ci", "Mo", "Inc"),
    ]
    [fault] = source.faults.all()
    assert (fault.row, fault.sentence) == (
        6,
        "The row has 4 cells, but the file has 3 columns.",
    )


@pytest.mark.parametrize(
    ("rest", "sentence"),
    [
        ('"Bo,Li\n', "Row 3 cannot be read: a quotation mark is missing or not doubled"),
        ('"Bo"x,Li\n', "Row 3 cannot be read"),
        ("Bo," + "x" * 200_000 + "\n", "Row 3 cannot be read"),
    ],
)
def test_a_file_that_breaks_off_is_not_imported_in_part(cast, sign_in, rest, sentence):
    source = check(send(f"First name,Last name\nAna,Sousa\n{rest}", cast.olga), cast.olga)
    assert source.counts["unreadable"] == 1
    page = sign_in(cast.olga).get(f"/imports/{source.pk}/check/")
    assert sentence in text_of(page)
    assert (
        sign_in(cast.olga).post(f"/imports/{source.pk}/check/", {"duplicates": "skip"}).status_code
        == 409
    )
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\n\n , \n", "The file is empty"),
        (b"PK\x03\x04 no archive", "This is not a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "This is an old or locked workbook"),
        (",".join(f"c{n}" for n in range(201)).encode(), "more than 200 columns"),
        (b'"never closed', "Row 1 cannot be read"),
    ],
)
def test_what_is_no_file_of_leads_is_refused_and_not_kept(cast, settings, data, sentence):
    with pytest.raises(Invalid, match=sentence):
        send(data, cast.olga)
    assert not Import.objects.exists()
    assert list(settings.IMPORTS_DIR.glob("*.part")) == []


def test_sizes_have_an_end(cast, monkeypatch):
    with pytest.raises(Invalid, match=r"The file is 240 MB\. The limit is 200 MB\. Split it"):
        begin_import(io.BytesIO(), name="x.csv", size=240 * 1024**2, actor=cast.olga)
    data = workbook([HEADER, ROW])
    with pytest.raises(Invalid, match="The limit is 50 MB"):
        begin_import(io.BytesIO(data), name="x.xlsx", size=51 * 1024**2, actor=cast.olga)
    monkeypatch.setattr(workbooks, "UNPACKED_MOST", 1000)
    with pytest.raises(Invalid, match="This workbook unpacks to"):
        send(data, cast.olga)
    monkeypatch.setattr("leads.selectors.import_files.ROWS_MOST", 2)
    source = check(send("Email\na@x.example\nb@x.example\nc@x.example\n", cast.olga), cast.olga)
    assert source.faults.get().sentence == (
        "The file has more than 2 rows. Split it and import each part."
    )


def test_a_workbook_with_an_entity_is_refused(cast):
    """Control for defusedxml: the standard parser would expand it."""
    to = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([HEADER, ROW]))) as good,
        zipfile.ZipFile(to, "w") as bad,
    ):
        for name in good.namelist():
            data = good.read(name)
            if name == "xl/workbook.xml":
                head, tail = b"<?xml version='1.0'?>", data.partition(b"?>")[2] or data
                data = head + b'<!DOCTYPE x [<!ENTITY e "boom">]>' + tail
            bad.writestr(name, data)
    with pytest.raises(Invalid, match="This workbook is damaged"):
        send(to.getvalue(), cast.olga, name="x.xlsx")


def test_a_sheet_is_chosen_and_cells_become_texts(cast):
    rows = [
        ("Last name", "Phone", "Postcode", "Company"),
        ("Sousa", 351912345678, 1000.0, True),
        ("Li", "+351 912 345 678", None, "=1+1"),
    ]
    source = send(workbook(rows), cast.olga, name="x.xlsx")
    assert source.header == ["Nothing here"]
    source = read_as(source, sheet="Leads", actor=cast.olga)
    check(source, cast.olga)
    assert source.faults.count() == 1  # a number without its country cannot be dialled
    assert source.counts["new"] == 1


def test_columns_of_the_same_name_have_to_be_chosen_between(cast):
    source = send(
        "Email,Name,E-mail,email\na@x.example,Ana Sousa,b@x.example,c@x.example\n", cast.olga
    )
    with pytest.raises(
        Invalid, match=r"Two columns are both named Email\. Choose which one to import\."
    ):
        map_columns(source, ["email", "name", "", "email"], actor=cast.olga)
    with pytest.raises(Invalid, match="Email and Name are both to become Phone"):
        map_columns(source, ["phone", "phone", "", ""], actor=cast.olga)
    with pytest.raises(Invalid, match="every lead needs it: A name, an email address or a phone"):
        map_columns(source, ["company", "", "", ""], actor=cast.olga)
    check(source, cast.olga, ["email", "name", "", ""])
    assert source.state == ImportState.CHECKED


MAKES = {
    "HubSpot": "Record ID,First Name,Last Name,Email,Phone Number,Lifecycle Stage,Company Name",
    "Salesforce": "Full Name,Email,Lead Source,Lead Status,Company / Account,State/Province",
    "Salesforce Web-to-Lead": "oid,retURL,first_name,last_name,email,company,zip,URL",
    "Microsoft Partner Center": "LeadSource,ActionCode,FirstName,LastName,Email,Company,Country",
}


@pytest.mark.parametrize("make", MAKES)
def test_published_makes_are_known(make):
    header = MAKES[make].split(",")
    assert str(rules.source_of(header).name) == make
    guesses = rules.guess_columns(header, [], targets=rules.FIELDS)
    assert all(guess.sureness == rules.Sureness.CERTAIN for guess in guesses)
    assert {"email", "company"} <= {guess.target for guess in guesses}


def test_files_go_when_their_time_is_over_and_with_the_personal_data(
    cast, settings, monkeypatch, django_capture_on_commit_callbacks
):
    source = bring_in("Email\na@x.example\n", cast.olga)
    other = send("Email\nb@x.example\n", cast.olga)
    assert source.path.stat().st_mode & 0o777 == 0o600
    with django_capture_on_commit_callbacks(execute=True):
        anonymise_lead(Lead.objects.get(), reason=ErasureReason.REQUEST, actor=SYSTEM)
    assert (source.path.exists(), other.path.exists()) == (False, True)
    Import.objects.filter(pk=other.pk).update(expires_at=other.created_at)
    monkeypatch.setattr(private_files, "FORGOTTEN_AFTER", -private_files.FORGOTTEN_AFTER)
    sweep_imports()
    assert not other.path.exists()


def test_files_that_name_the_person_go_whatever_became_of_the_row(
    cast, django_capture_on_commit_callbacks
):
    lead = make_lead(cast.northgate, email="ana@x.example")
    named = [
        bring_in("Email\nANA@X.example\n", cast.olga),  # skipped
        send(workbook([("Email",), ("Ana@x.example",)]), cast.rita, name="x.xlsx"),
        send("Email;Town\nana@x.example;Łódź\n".encode("utf-16"), cast.olga),
    ]
    others = [
        send("Email\nban@x.example\n", cast.olga),
        send("Email\nana@x.example\n", cast.otto),  # another host's
    ]
    twin = make_lead(cast.northgate, email="ana@x.example")
    with django_capture_on_commit_callbacks(execute=True):
        anonymise_lead(twin, reason=ErasureReason.RETENTION, actor=SYSTEM)
    assert all(one.path.exists() for one in named)
    with django_capture_on_commit_callbacks(execute=True):
        anonymise_lead(lead, reason=ErasureReason.REQUEST, actor=SYSTEM)
    assert [one.path.exists() for one in named] == [False] * 3
    assert all(one.path.exists() for one in others)


# --- Files that mean harm (security.md section 4) -----------------------------------------------------


def test_a_workbook_that_lies_about_its_size_is_not_unpacked(cast, monkeypatch):
    """The archive says 100 bytes of a sheet that has far more: no more than it says is read."""
    monkeypatch.setattr(workbooks, "UNPACKED_MOST", 200_000)
    data = bytearray(workbook([HEADER, *[(f"{n}" * 100, ROW[1], ROW[2]) for n in range(2000)]]))
    with pytest.raises(Invalid, match="This workbook unpacks to"):
        send(bytes(data), cast.olga)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        large = max(archive.infolist(), key=lambda entry: entry.file_size)
    place = data.rfind(large.filename.encode()) - 46  # its record in the directory at the end
    assert data[place : place + 4] == b"PK\x01\x02"
    data[place + 24 : place + 28] = (100).to_bytes(4, "little")
    source = send(bytes(data), cast.olga)
    with pytest.raises(Invalid, match="This workbook is damaged"):
        read_as(source, sheet="Leads", actor=cast.olga)


@pytest.mark.parametrize(
    "name",
    ["../../etc/cron.d/x.csv", "/etc/passwd", "..", "", "a\x00b.csv", "x" * 5000 + ".csv"],
    ids=["up", "root", "dots", "none", "nul", "long"],
)
def test_a_files_name_is_a_word_and_no_path(cast, settings, name):
    source = send("Email\na@x.example\n", cast.olga, name=name)
    assert source.path.parent == settings.IMPORTS_DIR
    assert source.path.exists()
    assert not {"/", "\x00"} & set(source.name)
    assert 0 < len(source.name) <= 100


def test_names_of_columns_have_an_end_and_cells_are_no_formulas(cast, sign_in):
    long = "x" * 100_000
    rows = [("=cmd|'/C calc'!A0", "nobody", "y" * 100_000)]
    source = check(send(csv_of(("Last name", "Email", long), rows), cast.olga), cast.olga)
    assert [len(name) for name in source.header] == [9, 5, 200]
    client = sign_in(cast.olga)
    assert len(client.get(f"/imports/{source.pk}/columns/").content) < 100_000
    errors = content(client.get(f"/imports/{source.pk}/errors.csv")).decode("utf-8-sig")
    assert errors.splitlines()[1].startswith("'=cmd")


def shared(texts: bytes, sheet: bytes, *, size: bytes = b"", looks: bytes = b"") -> bytes:
    """Return a workbook whose texts are those of the table `texts`, `sheet` its rows; `size` is what it claims."""
    to = io.BytesIO()
    with xlsxwriter.Workbook(to) as book:
        book.add_worksheet().write_string(0, 0, "A text")
    made = io.BytesIO()
    with zipfile.ZipFile(to) as blank, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as odd:
        for name in blank.namelist():
            data = blank.read(name)
            if name == "xl/sharedStrings.xml":
                data = b'<sst xmlns="%s">%s</sst>' % (NAMES, texts)
            if name == "xl/worksheets/sheet1.xml":
                rows = b"%s<sheetData>%s</sheetData>" % (size, sheet)
                data = b'<worksheet xmlns="%s">%s</worksheet>' % (NAMES, rows)
            if name == "xl/styles.xml":
                data += looks
            odd.writestr(name, data)
    return made.getvalue()


NAMES = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = b'<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
LARGE = "A row or a text of this workbook is larger than 2 MB"


def test_shared_texts_are_read_no_further_than_they_are_asked_for(cast, monkeypatch):
    """Two hundred thousand texts, of which the cells name few: none of the others is ever read."""
    texts = b"<si><t>Last name</t></si>" + b"".join(
        b"<si><t>n%d</t></si>" % n for n in range(200_000)
    )
    row = b'<row r="%d"><c r="A%d" t="s"><v>%d</v></c></row>'
    rows = [row % (place, place, number) for place, number in ((2, 1), (3, 900), (5, 1))]
    tables = []

    class Counted(workbooks._Texts):
        def __init__(self, part):
            super().__init__(part)
            tables.append(self)

    monkeypatch.setattr(workbooks, "_Texts", Counted)
    source = bring_in(shared(texts, HEAD + b"".join(rows)), cast.olga, duplicates="create")
    assert source.made == 3
    assert list(Lead.objects.order_by("pk").values_list("last_name", flat=True)) == [
        "n0",
        "n899",
        "n0",
    ]
    assert {table.count for table in tables} == {1000}


@pytest.mark.parametrize(
    ("texts", "sheet", "sentence"),
    [
        (b"<si><t>" + b"x" * 3_000_000 + b"</t></si>", HEAD, LARGE),
        (b"<si><r>" + b"<t>x</t>" * 400_000 + b"</r></si>", HEAD, LARGE),
        (b"", b'<row r="1">' + b'<c r="A1"/>' * 300_000 + b"</row>", LARGE),
        (b"<si><t><![CDATA[<si>]]></t></si>", HEAD, "This workbook is damaged"),
        (b"", HEAD, "This workbook is damaged"),  # a text that is not there
        (b"<si><t>Last name</t></si>", HEAD.replace(b'r="1"', b'r="99999999999"'), "This workbook is damaged"),
    ],
    ids=["long", "in-pieces", "wide", "hidden", "missing", "far-down"],
)  # fmt: skip
def test_no_part_of_a_workbook_fills_the_memory(cast, monkeypatch, texts, sheet, sentence):
    monkeypatch.setattr(workbooks, "ROW_MOST", 2 * workbooks.MB)
    with pytest.raises(Invalid, match=sentence):
        send(shared(texts, sheet), cast.olga)


def test_looks_of_a_workbook_have_an_end(cast, monkeypatch):
    monkeypatch.setattr(workbooks, "PART_MOST", 100_000)
    texts = b"<si><t>Last name</t></si>"
    assert send(shared(texts, HEAD), cast.olga).header == ["Last name"]
    with pytest.raises(Invalid, match="This workbook is damaged"):
        send(shared(texts, HEAD, looks=b" " * 100_000), cast.olga)


def test_a_sheet_that_claims_to_be_endless_is_read_as_it_is(cast):
    """Some programs name the whole sheet as used: the rows that are there count."""
    sheet = HEAD + b'<row r="2"><c r="A2" t="s"><v>1</v></c></row>'
    texts = b"<si><t>Last name</t></si><si><t>Li</t></si>"
    data = shared(texts, sheet, size=b'<dimension ref="A1:XFD1048576"/>')
    assert bring_in(data, cast.olga).made == 1
