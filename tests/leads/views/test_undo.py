"""The Undo button beside a message takes the change back."""

import re

from leads.enums import Progress
from tests.factories import make_lead


def test_message_offers_undo_and_the_post_takes_the_change_back(cast, sign_in):
    client = sign_in(cast.olga)
    lead = make_lead(cast.northgate)
    page = client.post(f"/leads/{lead.reference}/progress/", {"progress": "contacted"}, follow=True)
    [address] = re.findall(r'action="([^"]+/undo/\d+/)"', page.content.decode())
    page = client.post(address, follow=True)
    assert "Undone" in page.content.decode()
    lead.refresh_from_db()
    assert lead.progress == Progress.NEW


def test_second_undo_is_told_that_it_is_too_late(cast, sign_in):
    client = sign_in(cast.olga)
    lead = make_lead(cast.northgate)
    client.post(f"/leads/{lead.reference}/progress/", {"progress": "contacted"})
    assert client.post(f"/leads/{lead.reference}/undo/1/").status_code == 302
    assert client.post(f"/leads/{lead.reference}/undo/1/").status_code == 409


def test_line_of_somebody_else_is_unknown(cast, sign_in):
    lead = make_lead(cast.northgate)
    sign_in(cast.olga).post(f"/leads/{lead.reference}/progress/", {"progress": "contacted"})
    assert sign_in(cast.rita).post(f"/leads/{lead.reference}/undo/1/").status_code == 404
