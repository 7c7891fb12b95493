"""The four rights of a reseller company: what Rita switches, Ann's pages show."""

import re

from playwright.sync_api import expect

from tests.browser.given import accepted_lead


def save_rights(rita, cast, label: str, value: str | bool) -> None:
    """Set one right on *Manage reseller company permissions*."""
    rita.visit("accounts:company_permissions", cast.alpha.pk)
    rita.is_at("Manage reseller company permissions")
    if isinstance(value, bool):
        rita.field(label).set_checked(value)
    else:
        rita.choose(value)
    rita.press("Save permissions")
    expect(rita.page.get_by_role("region", name="Messages")).not_to_be_empty()


def test_switching_a_right_changes_the_pages_of_the_reseller(visit, cast):
    lead = accepted_lead(cast)
    rita, ann = visit(cast.rita), visit(cast.ann)

    def offers(name: str, role: str = "link") -> bool:
        return ann.main.get_by_role(role, name=re.compile(f"^{name}$")).count() > 0

    # 1: create leads
    for allowed in (True, False):
        save_rights(rita, cast, "Create leads", allowed)
        ann.visit("leads:list")
        assert offers("Add lead") is allowed
        assert ann.visit("leads:add").status == (200 if allowed else 404)

    # 2: create customer companies
    for choice, actions in (
        ("Without permission", {"convert"}),
        ("Only with the Reseller Manager's approval", {"request"}),
        ("No", set()),
    ):
        save_rights(rita, cast, "Create customer companies", choice)
        ann.visit("leads:detail", lead.reference)
        assert ann.actions() & {"convert", "request"} == actions
        for action in ("convert", "request"):
            expected = 200 if action in actions else 403
            assert ann.visit("leads:action", lead.reference, action).status == expected
    ann.visit("leads:detail", lead.reference)
    ann.reads("Your company may not create customer companies. Ask your Reseller Manager.")

    # 3: disqualify leads
    for allowed in (False, True):
        save_rights(rita, cast, "Disqualify leads", allowed)
        ann.visit("leads:detail", lead.reference)
        assert ("disqualify" in ann.actions()) is allowed
        expected = 200 if allowed else 403
        assert ann.visit("leads:action", lead.reference, "disqualify").status == expected

    # 4: export leads
    for allowed in (False, True):
        save_rights(rita, cast, "Export leads", allowed)
        ann.visit("leads:list")
        assert offers("Download CSV") is allowed

    # The page tells who set what.
    rita.visit("accounts:company_permissions", cast.alpha.pk)
    expect(rita.main.get_by_text(re.compile("Set by Rita Rey"))).to_have_count(4)
