"""Somebody leaves a company: the open leads go to a colleague, or wait for one (ux.md U3)."""

import pytest

from accounts.enums import Role
from accounts.models import Membership
from accounts.services.memberships import deactivate_member, remove_member
from leadportal.common.errors import Invalid
from leads.enums import EventKind, HolderDesk, Status
from leads.models import Event
from tests.factories import make_lead, make_person


@pytest.fixture
def of_ann(cast):
    """An open lead and a closed one that Ann is in charge of."""
    held = {
        "holder": cast.alpha,
        "holder_desk": HolderDesk.COMPANY,
        "in_charge_id": cast.ann.user_id,
    }
    make_person(cast.alpha, Role.COMPANY_ADMIN)  # the last Company Admin stays
    return (
        make_lead(cast.northgate, Status.REFERRED, **held),
        make_lead(cast.northgate, Status.DISQUALIFIED, **held),
    )


def member(person) -> Membership:
    return Membership.objects.get(user=person.user_id)


@pytest.mark.parametrize("leave", [deactivate_member, remove_member])
def test_colleague_takes_over_what_is_open(cast, of_ann, leave):
    cora = make_person(cast.alpha, Role.RESELLER)
    leave(member(cast.ann), heir=member(cora), actor=cast.olga)
    open_lead, closed = of_ann
    open_lead.refresh_from_db()
    closed.refresh_from_db()
    assert open_lead.in_charge_id == cora.user_id
    assert closed.in_charge_id == cast.ann.user_id
    line = Event.objects.get(lead=open_lead, kind=EventKind.IN_CHARGE_CHANGED)
    assert line.actor_user_id == cast.olga.user_id


@pytest.mark.parametrize("leave", [deactivate_member, remove_member])
def test_without_a_colleague_nobody_is_in_charge(cast, of_ann, leave):
    leave(member(cast.ann), actor=cast.olga)
    of_ann[0].refresh_from_db()
    assert of_ann[0].in_charge_id is None


def test_stranger_inherits_nothing(cast, of_ann):
    for stranger in (cast.ben, cast.cleo, cast.ann):
        with pytest.raises(Invalid):
            deactivate_member(member(cast.ann), heir=member(stranger), actor=cast.olga)
    of_ann[0].refresh_from_db()
    assert of_ann[0].in_charge_id == cast.ann.user_id
    assert member(cast.ann).is_active


def test_page_tells_the_number_and_asks_who_goes_on(cast, of_ann, sign_in):
    cora = make_person(cast.alpha, Role.RESELLER, first_name="Cora", last_name="Cu")
    client = sign_in(cast.olga)
    for page in ("deactivate", "remove"):
        answer = client.get(f"/people/{member(cast.ann).pk}/{page}/").content.decode()
        assert "Ann Abe is in charge of 1 open lead." in answer
        assert "Nobody for now" in answer
        assert "Cora Cu" in answer
        assert "Ben Bo" not in answer
    url = f"/people/{member(cast.ann).pk}/deactivate/"
    assert client.post(url, {"heir": member(cast.ben).pk}).status_code == 422
    assert client.post(url, {"heir": member(cora).pk}).status_code == 302
    of_ann[0].refresh_from_db()
    assert of_ann[0].in_charge_id == cora.user_id


def test_page_asks_nothing_where_nothing_is_open(cast, sign_in):
    make_person(cast.beta, Role.COMPANY_ADMIN)
    client = sign_in(cast.olga)
    url = f"/people/{member(cast.ben).pk}/deactivate/"
    assert "Nobody for now" not in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    assert not member(cast.ben).is_active
