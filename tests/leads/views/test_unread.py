"""Leads that nobody of the reader's company has opened stand out, until somebody opens them (ux.md L28, D18)."""

import re

import pytest
from django.core.management import call_command

from accounts.enums import Role
from leads.enums import HolderDesk, Status
from leads.models import LeadAccess
from leads.services.lifecycle import assign_lead
from tests.factories import make_lead, make_person
from tests.leads.views.reading import number_of_queries, text_of, url

LIST = "/leads/"
HELD = {"holder_desk": HolderDesk.COMPANY}


def unread_in(page) -> set[str]:
    """The Lead IDs that stand out, by class and by word alike."""
    found = set()
    parts = re.split(r'<(?:tr|li) id="(LD-\d+)" class="', page.content.decode())
    for reference, part in zip(parts[1::2], parts[2::2], strict=True):
        has_class = "is-unread" in part
        assert has_class == ('<span class="visually-hidden">New: </span>' in part)
        found |= {reference} if has_class else set()
    return found


@pytest.fixture
def waiting(cast):
    """A lead that waits at Alpha."""
    return make_lead(cast.northgate, Status.ASSIGNED, holder=cast.alpha, **HELD)


@pytest.mark.parametrize("layout", ["list", "cards", "board"])
def test_opening_marks_it_as_seen_for_the_whole_company(cast, sign_in, waiting, layout):
    colleague = make_person(cast.alpha, Role.RESELLER)
    assert unread_in(sign_in(cast.ann).get(LIST, {"layout": layout})) == {waiting.reference}
    sign_in(cast.ann).get(url(waiting))
    for who in (cast.ann, colleague):
        page = sign_in(who).get(LIST, {"layout": layout})
        assert waiting.reference in page.content.decode()
        assert unread_in(page) == set()
    # A control: nobody of the host has opened it.
    assert unread_in(sign_in(cast.olga).get(LIST, {"layout": layout})) == {waiting.reference}


def test_all_desks_of_the_company_have_seen_it(cast, sign_in, waiting):
    sign_in(cast.rita).get(url(waiting))
    assert unread_in(sign_in(cast.olga).get(LIST)) == set()
    assert LeadAccess.objects.get(lead=waiting, desk=cast.ann.desk_id).is_unread


def test_who_gets_the_lead_has_not_seen_it(cast, sign_in, waiting):
    sign_in(cast.ann).get(url(waiting))
    sign_in(cast.olga).get(url(waiting))
    assign_lead(waiting, to=cast.beta, actor=cast.rita)
    assert unread_in(sign_in(cast.ben).get(LIST)) == {waiting.reference}
    assert unread_in(sign_in(cast.olga).get(LIST)) == set()


def test_a_desk_that_opens_later_knows_what_its_company_has_seen(cast, sign_in):
    seen, new = make_lead(cast.northgate), make_lead(cast.northgate)
    sign_in(cast.olga).get(url(seen))
    both = make_person(cast.northgate, Role.RESELLER_MANAGER, Role.SALES_SUPPORT)
    assert unread_in(sign_in(both).get(LIST)) == {new.reference}


def test_what_was_lost_is_no_news(cast, sign_in, waiting):
    assign_lead(waiting, to=cast.beta, actor=cast.rita)
    page = sign_in(cast.ann).get(LIST)
    assert waiting.reference in page.content.decode()
    assert unread_in(page) == set()


def test_only_the_first_opening_writes(cast, sign_in, waiting, django_assert_num_queries):
    client = sign_in(cast.ann)
    client.get(LIST)
    row = LeadAccess.objects.filter(lead=waiting, desk=cast.ann.desk_id)
    before = row.values().get()
    client.get(url(waiting))
    assert row.values().get() == {**before, "is_unread": False}
    plain = number_of_queries(client, url(waiting))
    row.update(is_unread=True)
    with django_assert_num_queries(plain + 1):
        client.get(url(waiting))


def test_a_page_that_is_refused_marks_nothing(cast, sign_in, waiting):
    assert sign_in(cast.ben).get(url(waiting)).status_code == 404
    assert not LeadAccess.objects.filter(lead=waiting, is_unread=False).exists()


def test_the_access_rows_stay_true(cast, sign_in, waiting, capsys):
    sign_in(cast.ann).get(url(waiting))
    call_command("check_access")


def test_new_is_said_once_and_before_the_name(cast, sign_in, waiting):
    assert f"New: {waiting.company}" in text_of(sign_in(cast.ann).get(LIST))
