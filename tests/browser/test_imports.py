"""Bring leads in from a file (ux.md acceptance check 38)."""

import csv
import io
import re

from playwright.sync_api import expect

from accounts.services.jobs import do_due_jobs
from leads.models import Lead
from tests.browser.visitor import Visitor
from tests.leads.files import csv_of
from tests.leads.sheets import csv_rows

HEADER = ("First name", "Last name", "Email", "Phone", "Country")
# Four kinds of bad rows, 37 in all: what is wrong, and what its message says.
BAD = {
    "email": (10, "Email: Enter an email address in the format name@example.com"),
    "phone": (9, "Phone: Enter a phone number with its country code, like +351 912 345 678"),
    "country": (9, "Country: Choose a country from the list"),
    "nobody": (9, "Enter a name, an email address or a phone number"),
}


def rows_of_the_file() -> list[list[str]]:
    """Return 1,000 rows; every 27th is bad."""
    kinds = [kind for kind, (count, _message) in BAD.items() for _number in range(count)]
    rows = []
    for number in range(1000):
        row = ["Ana", f"Sousa {number}", f"ana{number}@x.example", "+351 912 345 678", "Portugal"]
        if number % 27 == 5 and kinds:
            _break(row, kinds.pop(0))
        rows.append(row)
    assert not kinds
    return rows


def _break(row: list[str], kind: str) -> None:
    if kind == "nobody":
        row[:4] = ["", "", "", ""]
    else:
        place = {"email": 2, "phone": 3, "country": 4}[kind]
        row[place] = "nowhere"


def _send(visitor: Visitor, data: bytes) -> None:
    """Take a file to its check."""
    visitor.open("/imports/new/")
    visitor.field("File").set_input_files(
        {"name": "fair.csv", "mimeType": "text/csv", "buffer": data}
    )
    visitor.press("Send file")
    visitor.reads("First rows")
    visitor.press("Choose columns")
    visitor.reads("What every lead needs")
    visitor.press("Check file")
    visitor.reads("You can leave this page")
    do_due_jobs()
    visitor.page.wait_for_url("**/check/")
    visitor.reads("The whole file was checked")


def test_38_bad_rows_are_listed_left_out_corrected_and_imported(visit, cast):
    olga = visit(cast.olga)
    _send(olga, csv_of(HEADER, rows_of_the_file()).encode())
    for count, message in BAD.values():
        olga.reads(message, f"{count} rows:")
    assert olga.main.locator(".rows > li").count() == len(BAD)
    assert olga.main.locator(".tiles b").all_inner_texts() == ["963", "0", "0", "37"]
    olga.follow(re.compile("^Only errors"))
    expect(olga.main.locator("tbody tr")).to_have_count(37)
    olga.press("Import 963 rows")
    olga.reads("The leads are being imported.")
    olga.go_to("Leads")  # leaving and returning continues
    do_due_jobs()
    olga.go_to("Import")
    olga.follow("Show result fair.csv")
    olga.reads("963 leads were made.")
    assert olga.main.locator(".tiles b").all_inner_texts() == ["963", "0", "0", "37"]
    assert Lead.objects.count() == 963

    with olga.page.expect_download() as waiting:
        olga.follow("Download rows with errors")
    head, *errors = csv_rows(waiting.value.path().read_bytes())
    assert head == [*HEADER, "row", "error"]
    assert len(errors) == 37
    assert errors[0][-2:] == ["7", f"{BAD['email'][1]}."]
    corrected = [["Bo", "Li", f"bo{row[-2]}@x.example", "", "PT", *row[-2:]] for row in errors]
    text = io.StringIO()
    csv.writer(text).writerows([head, *corrected])
    _send(olga, text.getvalue().encode())
    olga.press("Import 37 rows")
    do_due_jobs()
    olga.page.wait_for_url("**/result/")
    olga.reads("37 leads were made.")
    olga.follow("Show these leads")
    olga.reads("of 37 leads", "Import is fair (2).csv")
