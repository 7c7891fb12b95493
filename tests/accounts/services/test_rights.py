"""The four rights of a reseller company: who sets them, and what is kept of it."""

import pytest

from accounts.actors import SYSTEM, Rights
from accounts.enums import CustomerRight, Right
from accounts.models import RightChange
from accounts.selectors.companies import newest_right_changes
from accounts.services.rights import set_rights
from leadportal.common.errors import Forbidden, NotFound
from tests.factories import fresh

ALL = Rights(True, CustomerRight.FREE, disqualify_leads=False, export_leads=False)


def test_defaults_are_those_of_the_specification(cast):
    assert cast.alpha.rights == Rights(
        create_leads=False,
        create_customers="approval",
        disqualify_leads=True,
        export_leads=True,
    )


@pytest.mark.parametrize("who", ["olga", "rita"])
def test_managers_of_the_host_set_rights_at_once(cast, who):
    changes = set_rights(cast.alpha, rights=ALL, actor=getattr(cast, who))
    assert {change.right for change in changes} == set(Right)
    assert fresh(cast.ann).rights == ALL
    assert fresh(cast.ben).rights == Rights()


def test_what_changed_is_kept_with_who_and_when(cast):
    set_rights(cast.alpha, rights=Rights(create_leads=True), actor=cast.rita)
    change = RightChange.objects.get()
    assert (change.right, change.old, change.new) == ("create_leads", "no", "yes")
    assert change.changed_by_id == cast.rita.user_id


def test_nothing_new_writes_nothing(cast):
    assert set_rights(cast.alpha, rights=Rights(), actor=cast.rita) == []
    assert not RightChange.objects.exists()


def test_newest_change_of_each_right_is_shown(cast):
    set_rights(cast.alpha, rights=Rights(create_leads=True), actor=cast.rita)
    set_rights(cast.alpha, rights=Rights(export_leads=False), actor=cast.olga)
    newest = newest_right_changes(cast.alpha)
    assert set(newest) == {"create_leads", "export_leads"}
    assert newest["create_leads"].new == "no"
    assert newest["create_leads"].changed_by.email == "olga@example.com"


@pytest.mark.parametrize(
    ("who", "company", "answer"),
    [
        ("sam", "alpha", NotFound),
        ("ann", "alpha", Forbidden),
        ("ben", "alpha", NotFound),
        ("vera", "alpha", NotFound),
        ("otto", "alpha", NotFound),
        ("olga", "ripple", Forbidden),
        ("olga", "northgate", Forbidden),
        ("olga", "customer", NotFound),
    ],
)
def test_others_set_nothing(cast, who, company, answer):
    employer = getattr(cast, company)
    with pytest.raises(answer):
        set_rights(employer, rights=ALL, actor=getattr(cast, who))
    employer.refresh_from_db()
    assert employer.rights == Rights()


def test_the_system_sets_rights_without_a_name(cast):
    set_rights(cast.alpha, rights=Rights(create_leads=True), actor=SYSTEM)
    assert RightChange.objects.get().changed_by is None
