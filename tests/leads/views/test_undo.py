"""The Undo button beside a message takes the change back."""

import re
from html import unescape

import pytest

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


@pytest.mark.parametrize("back", ["q=ana+%26+co&layout=board", "layout=cards"])
def test_undo_leads_back_to_the_list_that_the_change_was_made_from(cast, sign_in, back):
    client = sign_in(cast.olga)
    lead = make_lead(cast.northgate)
    data = {"progress": "contacted", "back": back}
    page = client.post(f"/leads/{lead.reference}/progress/", data, follow=True).content.decode()
    [address] = re.findall(r'action="([^"]+/undo/\d+/[^"]*)"', page)
    assert client.post(unescape(address))["Location"] == f"/leads/?{back}"
    lead.refresh_from_db()
    assert lead.progress == Progress.NEW


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "%0d%0aX-Odd:+1"])
def test_undo_leads_nowhere_else(cast, sign_in, back):
    client = sign_in(cast.olga)
    lead = make_lead(cast.northgate)
    client.post(f"/leads/{lead.reference}/progress/", {"progress": "contacted"})
    answer = client.post(f"/leads/{lead.reference}/undo/1/?back={back}")
    assert re.match(r"^/leads/(\?|LD-\d+/$)", answer["Location"])
