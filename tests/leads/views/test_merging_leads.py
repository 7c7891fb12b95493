"""Possible duplicates of a lead, and the pages that merge two and take it back (domain.md section 7, ux.md C3)."""

import re
from urllib.parse import urlencode

import pytest

from leads.enums import HolderDesk, Status
from leads.models import LeadMerge
from templates_app.models import CustomAttribute
from tests.factories import make_lead
from tests.leads.views.reading import number_of_queries, sent_from, text_of, url


@pytest.fixture
def pair(cast):
    """Two leads of Ana, the second with a town and a VAT number."""
    CustomAttribute.objects.create(host=cast.northgate, key="vat", label="VAT number")
    same = {"email": "ana@northwind.example", "company": "Northwind", "last_name": "Sousa"}
    at_alpha = {"holder": cast.alpha, "holder_desk": HolderDesk.COMPANY}
    kept = make_lead(cast.northgate, Status.REFERRED, **same, **at_alpha)
    return kept, make_lead(cast.northgate, **same, city="Porto", attributes={"vat": "PT5"})


def merge_url(kept, gone) -> str:
    """The address of merging one lead into another."""
    return f"/leads/{kept.reference}/merge/{gone.reference}/"


def test_managers_choose_confirm_and_take_back(cast, pair, sign_in):
    kept, gone = pair
    client = sign_in(cast.olga)
    page = client.get(url(kept))
    assert "Possible duplicates Northwind" in text_of(page)
    assert "Same email address." in text_of(page)
    assert f'href="{merge_url(kept, gone)}"' in page.content.decode()
    asked = client.get(merge_url(kept, gone))
    fields = set(re.findall(r'type="radio"[^>]*name="([^"]+)"', asked.content.decode()))
    assert fields == {"city", "attribute:vat"}
    assert f'href="{merge_url(gone, kept)}"' in asked.content.decode()
    given = {**sent_from(asked), "check": "yes"}
    last = client.get(f"{merge_url(kept, gone)}?{urlencode(given)}")
    assert "This can be undone for 30 days." in text_of(last)
    assert "Porto" in text_of(last)
    assert not LeadMerge.objects.exists()
    for _time in range(2):
        assert client.post(merge_url(kept, gone), sent_from(last)).url == url(kept)
    kept.refresh_from_db()
    assert (kept.city, kept.attributes) == ("Porto", {"vat": "PT5"})
    words = text_of(client.get(url(kept)))
    assert f"{gone.reference} merged into this lead Town: empty → became Porto" in words
    assert "Possible duplicates" not in words
    merged = f"/leads/{kept.reference}/merged/{gone.reference}/"
    assert f"Lead merged into {kept.reference}" in text_of(client.get(merged))
    assert client.post(merged).url == url(gone)
    assert f"{gone.reference} is a lead of its own again." in text_of(client.get(url(gone)))
    assert client.get(merged).status_code == 404
    kept.refresh_from_db()
    assert (kept.city, kept.attributes) == ("", {})


@pytest.mark.parametrize("posted", [{}, {"city": "x", "attribute:vat": "gone"}])
def test_a_field_that_was_not_chosen_is_asked_for_again(cast, pair, sign_in, posted):
    answer = sign_in(cast.olga).post(merge_url(*pair), posted)
    assert answer.status_code == 422
    assert "There is a problem" in text_of(answer)


@pytest.mark.parametrize("versions", ["", "1-2", "x", "1-1-1", "9" * 400])
def test_what_was_not_seen_is_not_merged(cast, pair, sign_in, versions):
    given = {"city": "gone", "attribute:vat": "gone", "versions": versions}
    assert sign_in(cast.olga).post(merge_url(*pair), given).status_code in {409, 422}
    assert not LeadMerge.objects.exists()


def test_who_may_not_merge_sees_only_what_they_may_see(cast, pair, sign_in):
    kept, _gone = pair
    client = sign_in(cast.ann)  # holds the one, does not see the other
    assert "Possible duplicates" not in text_of(client.get(url(kept)))
    second = make_lead(
        cast.northgate, email=kept.email, holder=cast.alpha, holder_desk=HolderDesk.COMPANY
    )
    page = client.get(url(kept)).content.decode()
    assert second.reference in page
    assert "/merge/" not in page
    assert client.get(merge_url(kept, second)).status_code == 404
    client = sign_in(cast.rita)
    assert merge_url(kept, second) in client.get(url(kept)).content.decode()
    closed = make_lead(cast.northgate, Status.DISQUALIFIED, email=kept.email)
    assert merge_url(kept, closed) not in client.get(url(kept)).content.decode()
    assert client.get(merge_url(kept, closed)).status_code == 409
    assert client.get(merge_url(kept, kept)).status_code == 409


def test_duplicates_cost_the_same_with_one_and_with_many(cast, pair, sign_in):
    client = sign_in(cast.olga)
    before = number_of_queries(client, url(pair[0]))
    for _number in range(8):
        make_lead(cast.northgate, email=pair[0].email)
    assert number_of_queries(client, url(pair[0])) == before
