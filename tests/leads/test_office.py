"""A real spreadsheet opens the files: nothing in them runs, and every cell is what the page says (ux.md L34)."""

import csv
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from leadportal.common.csv import unguard
from leads.enums import Status
from scripts.office import MISSING, find_office
from tests.factories import make_lead
from tests.leads.sheets import as_in_csv, content, csv_rows, plain, xlsx_rows

# As UTF-8 with commas; every cell as it is shown.
CSV = "Text - txt - csv (StarCalc):44,34,76,1"
SHOWN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
HARMFUL = {
    "company": "=1+1",
    "first_name": "@sum",
    "last_name": "-2+3",
    "phone": "+351 912 345 678",
    "job_title": '=HYPERLINK("https://evil.example","x")',
    "street": "\t=1+1",
    "city": "+1; DROP",
    "region": 'a "quoted", word\nand a line',
    "postcode": "1100-148",
    "source_name": "=cmd|'/c calc'!A1",
    "score": -5,
}

pytestmark = pytest.mark.slow

Sheets = list[list[list[str]]]


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Sheets]:
    """Return a function that opens files in LibreOffice and returns the cells that it shows."""
    office = find_office()
    if office is None:
        assert os.environ.get("CI") != "true", MISSING
        pytest.skip(MISSING)

    def _opened(**files: bytes) -> Sheets:
        paths = [tmp_path / name.replace("_", ".") for name in files]
        for path, data in zip(paths, files.values(), strict=True):
            path.write_bytes(data)
        told = [f"--infilter={CSV}"] if paths[0].suffix == ".csv" else []
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        command = [office, profile, "--headless", *told, "--convert-to", SHOWN]
        command += ["--outdir", str(tmp_path / "shown"), *map(str, paths)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return [_cells(tmp_path / "shown", path.stem) for path in paths]

    return _opened


def _cells(folder: Path, name: str) -> list[list[str]]:
    [path] = folder.glob(f"{name}-*.csv")  # one sheet
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_workbook_opens_as_the_page_and_nothing_runs(cast, sign_in, opened, tmp_path):
    make_lead(cast.northgate, **{**HARMFUL, "postcode": "0012", "region": "#REF!"})
    make_lead(cast.northgate, Status.CONVERTED)
    data = content(sign_in(cast.olga).get("/leads/export.xlsx"))
    with Workbook(tmp_path / "live") as control:
        control.add_worksheet().write(0, 0, "=1+1")
    shown, live = opened(leads_xlsx=data, control_xlsx=(tmp_path / "live").read_bytes())
    assert [
        [cell.replace(" ", "T", 1) if _is_moment(cell) else cell for cell in row] for row in shown
    ] == [[as_in_csv(value).removesuffix("+00:00") for value in row] for row in xlsx_rows(data)]
    assert {"=1+1", "0012", "#REF!", HARMFUL["job_title"]} <= set(shown[2])
    assert live == [["0"]], (
        "control: by itself the library writes a formula that was never reckoned"
    )


def test_csv_file_opens_as_the_page_and_nothing_runs(cast, sign_in, opened):
    make_lead(cast.northgate, **HARMFUL)
    make_lead(cast.northgate, Status.CONVERTED)
    data = content(sign_in(cast.olga).get("/leads/export.csv"))
    shown, live = opened(leads_csv=data, control_csv=b"a,b\r\n=1+1,x\r\n")
    assert plain(shown) == plain(csv_rows(data))
    assert {"=1+1", "+351 912 345 678", "-5"} <= {unguard(cell) for cell in shown[2]}
    assert live[1] == ["2", "x"], "control: without the guard the spreadsheet reckons"


def _is_moment(cell: str) -> bool:
    return cell[:2] == "20" and cell[4:5] == cell[7:8] == "-"
