"""Which roles a company may have, who may give them, and what they mean."""

import pytest

from accounts.actors import SYSTEM, Rights
from accounts.enums import CustomerRight, Role
from accounts.rules.grants import PERMISSIONS, shares
from accounts.rules.people import may_invite, may_manage, may_set_rights
from accounts.rules.roles import grantable_roles, roles_at

EVERYWHERE = {Role.COMPANY_ADMIN, Role.BILLING_ADMIN, Role.USER}
HOST = {Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER, Role.SALES_SUPPORT}


@pytest.mark.parametrize(
    ("company", "own"),
    [
        ("northgate", HOST),
        ("vertex", {Role.VENDOR}),
        ("alpha", {Role.RESELLER}),
        ("ripple", {Role.REFERRAL}),
        ("customer", set()),
    ],
)
def test_access_rights_decide_which_roles_there_are(cast, company, own):
    assert set(roles_at(getattr(cast, company))) == EVERYWHERE | own


@pytest.mark.parametrize(
    ("who", "company", "roles"),
    [
        ("olga", "northgate", EVERYWHERE | HOST),
        ("rita", "northgate", EVERYWHERE | HOST - {Role.MARKETPLACE_MANAGER}),
        ("sam", "northgate", EVERYWHERE | {Role.SALES_SUPPORT}),
        ("rita", "alpha", EVERYWHERE | {Role.RESELLER}),
        ("ann", "alpha", EVERYWHERE | {Role.RESELLER}),
        ("cleo", "northgate", EVERYWHERE),
    ],
)
def test_nobody_gives_a_role_above_the_own_one(cast, who, company, roles):
    assert set(grantable_roles(getattr(cast, company), getattr(cast, who))) == roles


# who, company, manages its people, may invite there, sets the four rights (domain.md section 4)
WHO_MAY = [
    ("olga", "northgate", True, True, False),
    ("olga", "alpha", True, True, True),
    ("olga", "ripple", True, True, False),
    ("olga", "vertex", False, False, False),
    ("olga", "customer", False, False, False),
    ("olga", "southgate", False, False, False),
    ("rita", "northgate", False, False, False),
    ("rita", "alpha", False, True, True),
    ("rita", "ripple", False, True, False),
    ("rita", "customer", False, False, False),
    ("sam", "northgate", False, False, False),
    ("sam", "alpha", False, False, False),
    ("ann", "alpha", True, True, False),
    ("ann", "beta", False, False, False),
    ("ben", "beta", False, False, False),
    ("ray", "ripple", False, False, False),
    ("vera", "vertex", False, False, False),
    ("cleo", "customer", True, True, False),
    ("otto", "alpha", False, False, False),
    ("otto", "southgate", True, True, False),
]


@pytest.mark.parametrize(("who", "company", "manages", "invites", "sets"), WHO_MAY)
def test_who_may_manage_invite_and_set_rights(cast, who, company, manages, invites, sets):
    actor, employer = getattr(cast, who), getattr(cast, company)
    answers = (
        may_manage(employer, actor),
        may_invite(employer, actor),
        may_set_rights(employer, actor),
    )
    assert answers == (manages, invites, sets)


def test_operator_manages_companies_that_its_host_registered(cast):
    cast.vertex.registered_by = cast.northgate
    assert may_manage(cast.vertex, cast.olga)
    assert not may_manage(cast.vertex, cast.rita)
    assert not may_manage(cast.vertex, cast.otto)


def test_the_system_may_everything(cast):
    assert may_manage(cast.vertex, SYSTEM)
    assert may_invite(cast.vertex, SYSTEM)
    assert set(grantable_roles(cast.northgate, SYSTEM)) == EVERYWHERE | HOST


def test_every_permission_says_something_for_somebody():
    assert all(permission.by_role for permission in PERMISSIONS)


def grants(roles, rights=None):
    """Return {permission: [(how far, why)]} as plain text."""
    return {str(share.label): share.grants for share in shares(roles, rights or Rights())}


def test_origin_is_the_role_or_the_company_setting():
    found = grants({Role.RESELLER}, Rights(create_leads=True))
    assert found["See leads"] == [
        ("Leads given to the company, and those it made", "from role Reseller")
    ]
    assert found["Create leads"] == [("Yes", "from company setting")]


@pytest.mark.parametrize(
    ("rights", "permission", "words"),
    [
        (Rights(), "Create leads", "No"),
        (Rights(), "Disqualify leads", "Yes"),
        (Rights(disqualify_leads=False), "Disqualify leads", "No"),
        (Rights(export_leads=False), "Export leads", "No"),
        (Rights(), "Create customer companies", "Only with the Reseller Manager's approval"),
        (
            Rights(create_customers=CustomerRight.FREE),
            "Create customer companies",
            "Without permission",
        ),
    ],
)
def test_company_setting_stands_in_its_words(rights, permission, words):
    assert grants({Role.RESELLER}, rights)[permission] == [(words, "from company setting")]


def test_several_roles_are_all_named():
    found = grants({Role.RESELLER, Role.COMPANY_ADMIN})
    assert [why for _words, why in found["See companies"]] == [
        "from role Reseller",
        "from role Company Admin",
    ]


def test_permission_without_a_role_is_left_out():
    assert "Assign leads" not in grants({Role.RESELLER})
