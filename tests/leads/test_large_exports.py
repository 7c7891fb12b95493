"""Sixty thousand leads leave as sixty thousand rows, and a worker that dies loses nothing (ux.md check 20)."""

import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from accounts.models import Job, JobState
from accounts.services.jobs import do_due_jobs
from leads.models import ExportFile, ExportRecord
from leads.services.exports import MAKE
from tests.factories import make_export_file, make_lead
from tests.leads.sheets import content, multiply

MANY = 60_000
SOME = 8_000  # enough pieces to die between two of them
XLSX = {"kind": "xlsx", "columns": "visible"}

pytestmark = pytest.mark.slow


def test_sixty_thousand_leads_are_sixty_thousand_rows(cast, sign_in):
    multiply(make_lead(cast.northgate), desk=cast.olga.desk_id, total=MANY)
    client = sign_in(cast.olga)
    assert "The file will have 60,000 leads" in client.get("/leads/export/").content.decode()

    answer = client.get("/leads/export.csv?columns=visible")
    assert answer.streaming
    pieces = list(answer.streaming_content)
    assert max(map(len, pieces)) < 256 * 1024, "never the whole file at once"
    assert b"".join(pieces).count(b"\r\n") == MANY + 1

    assert client.get("/leads/export.xlsx").status_code == 302, "nobody waits for it"
    client.post("/leads/export/", XLSX)
    assert do_due_jobs() == 1
    export = ExportFile.objects.get()
    assert export.rows == MANY
    assert (export.job.step, export.job.steps) == (MANY, MANY)
    assert set(ExportRecord.objects.values_list("rows", flat=True)) == {MANY}
    data = content(client.get(f"/exports/{export.pk}/file/"))
    assert (
        zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").count(b"<row ")
        == MANY + 1
    )


def test_worker_killed_in_the_middle_is_made_up_for_once(transactional_db, cast):
    """A real worker dies by SIGKILL while it writes; after the lease another one makes the file."""
    multiply(make_lead(cast.northgate), desk=cast.olga.desk_id, total=SOME)
    export = make_export_file(cast.olga, is_made=False)
    worker = subprocess.Popen(
        [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "worker"],
        env=environment(),
        stdout=subprocess.DEVNULL,
    )
    try:
        while job(export).step == 0:
            assert worker.poll() is None, "the worker ended by itself"
            time.sleep(0.02)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert job(export).state == JobState.WAITING
    Job.objects.exclude(kind=MAKE).delete()  # those of every day, which the dead worker has planned
    assert do_due_jobs() == 0, "the lease is the dead worker's"
    Job.objects.update(leased_until=Now() - timedelta(seconds=1))
    assert do_due_jobs() == 1
    assert job(export).state == JobState.DONE
    assert job(export).tries == 2
    assert ExportRecord.objects.get().rows == SOME
    assert Job.objects.exclude(kind=MAKE).count() == 1
    assert do_due_jobs() == 0


def job(export: ExportFile) -> Job:
    return Job.objects.get(pk=export.job_id)


def environment() -> dict[str, str]:
    """Return what lets a process of its own work on the test's database and folder."""
    database: dict[str, Any] = connection.settings_dict
    if connection.vendor == "postgresql":
        address = os.environ["DATABASE_URL"].rpartition("/")[0] + "/" + database["NAME"]
    else:
        address = f"sqlite:///{database['NAME']}"
    return {
        **os.environ,
        "DATABASE_URL": address,
        "VAR_DIR": str(settings.EXPORTS_DIR.parent),
        "MAIL_URL": "dummymail://",
    }
