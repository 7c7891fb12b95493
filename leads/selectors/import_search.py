"""Whether an address stands in an imported file: its bytes are looked through, no row is read."""

import html
from typing import IO
from zipfile import ZipFile

from django.db.models import Q

from leadportal.common import clock
from leads.enums import FileKind
from leads.models import Import, Lead

_PIECE = 1024 * 1024


def files_naming(lead: Lead, address: str) -> list[Import]:
    """Return the imports whose file is kept and names `address`, among those of the lead's host and its partners.

    An address within a longer one counts as well: rather one file too many is removed than one too few.
    """
    of_host = Q(company=lead.host_id) | Q(company__host=lead.host_id)
    here = of_host | Q(rows__lead__host=lead.host_id)
    there = Import.objects.filter(here, expires_at__gt=clock.now()).distinct()
    return [one for one in there if _names(one, address.lower())]


def _names(source: Import, address: str) -> bool:
    try:
        if source.kind == FileKind.XLSX:
            sought = [html.escape(address, quote=False).encode()]
            with ZipFile(source.path) as archive:
                return any(_stands(archive.open(name), sought) for name in archive.namelist())
        with source.path.open("rb") as file:
            return _stands(file, _forms_of(address, source.encoding))
    except FileNotFoundError:
        return False


def _forms_of(address: str, encoding: str) -> list[bytes]:
    """Return how an address may be written in a file: without a byte order mark, and both ways where it decides."""
    encodings = {"utf-8-sig": ["utf-8"], "utf-16": ["utf-16-le", "utf-16-be"]}
    return [address.encode(one, "ignore") for one in encodings.get(encoding, [encoding])]


def _stands(file: IO[bytes], sought: list[bytes]) -> bool:
    """Say whether one of `sought`, in small letters, is in a file; an address has no letters beyond ASCII there."""
    longest, end = max(map(len, sought)), b""
    while piece := file.read(_PIECE):
        text = end + piece.lower()
        if any(one in text for one in sought):
            return True
        end = text[-longest:]
    return False
