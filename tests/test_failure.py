"""When the portal itself fails: one code on the page, in the header and in the log."""

import re

from django.db import connection

from leadportal.common.failure import HEADER
from leads.models import LeadAccess


def test_code_stands_on_the_page_in_the_header_and_in_the_log(cast, sign_in, caplog):
    client = sign_in(cast.olga)
    client.raise_request_exception = False
    with connection.cursor() as cursor:  # taken back with the test's transaction
        cursor.execute(f"ALTER TABLE {LeadAccess._meta.db_table} RENAME TO away")
    answer = client.get("/leads/?q=northwind&status=submitted")
    assert answer.status_code == 500
    code = answer[HEADER]
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{2}", code)
    page = answer.content.decode()
    assert code in page
    assert 'href="/leads/?q=northwind&amp;status=submitted"' in page
    (line,) = [record for record in caplog.records if record.name == "leadportal.common.failure"]
    assert code in line.getMessage()
    assert line.exc_info is not None
    assert "northwind" not in line.getMessage()
