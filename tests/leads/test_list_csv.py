"""Download CSV: exactly the current set, without a cap, harmless in a spreadsheet (ux.md L33, L34)."""

import csv
import io

from leads.enums import Status
from leads.models import ExportRecord
from tests.factories import make_lead


def rows_of(answer) -> list[dict[str, str]]:
    """Read the file as a spreadsheet would."""
    content = b"".join(answer.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_file_has_exactly_the_leads_of_the_list(cast, sign_in):
    for _number in range(60):
        make_lead(cast.northgate)
    make_lead(cast.northgate, Status.CONVERTED)
    make_lead(cast.southgate)
    client = sign_in(cast.olga)
    assert len(rows_of(client.get("/leads/export.csv"))) == 61
    assert len(rows_of(client.get("/leads/export.csv?status=submitted"))) == 60
    assert list(ExportRecord.objects.order_by("pk").values_list("rows", flat=True)) == [61, 60]


def test_file_is_named_and_cannot_run_formulas(cast, sign_in):
    make_lead(cast.northgate, company="=1+1", phone="+351 912 345 678")
    answer = sign_in(cast.olga).get("/leads/export.csv")
    assert 'filename="leads_' in answer["Content-Disposition"]
    [row] = rows_of(answer)
    assert not row["Company"].startswith("=")
    assert row["Phone"] == "+351 912 345 678"


def test_company_without_the_right_gets_no_file(cast, sign_in):
    cast.alpha.can_export_leads = False
    cast.alpha.save()
    assert sign_in(cast.ann).get("/leads/export.csv").status_code == 404
