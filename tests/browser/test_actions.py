"""What a person may do with a lead is on its page, and nothing else works (ux.md acceptance check 28).

Every status × role × relation is compared by tests/test_actions.py and tests/test_offer_actions.py on the same pages
without a browser; here the sight of four persons and of two with an offer, and their posts from the very page.
"""

import pytest

from accounts.enums import Role
from leads.enums import Status
from leads.rules.workflow import Action
from tests.leads.actions import offer_rows, rows
from tests.test_actions import PLAIN, Scene, state_of
from tests.test_offer_actions import OfferScene

PERSONS = [
    (Role.MARKETPLACE_MANAGER, "operator", "-"),
    (Role.RESELLER_MANAGER, "channel", "-"),
    (Role.VENDOR, "vendor", "-"),
    (Role.RESELLER, "holder", "create_free/disqualify_on"),
]
STATUSES = [Status.SUBMITTED, Status.REFERRED]
POST = """async actions => {
    const body = new FormData(document.querySelector("form:has([name=csrfmiddlewaretoken])"));
    const codes = {};
    for (const action of actions) {
        const answer = await fetch(`${location.pathname}${action}/`, {method: "POST", body});
        codes[action] = answer.status;
    }
    return codes;
}"""


@pytest.mark.parametrize("person", PERSONS, ids=[str(person[0]) for person in PERSONS])
def test_28_page_offers_what_is_allowed_and_the_rest_is_refused(visit, cast, person):
    lines = [row for row in rows() if row.who == person and row.condition in PLAIN]
    assert lines
    scene = Scene(cast, *person)
    leads = {status: scene.lead(status, is_plain=True) for status in STATUSES}
    visitor = visit(scene.actor)
    for status, lead in leads.items():
        compare(visitor, lead, {line.action: line.codes[status] for line in lines})


@pytest.mark.parametrize("person", [PERSONS[1], PERSONS[3]], ids=["manager", "recipient"])
def test_28_an_offer_is_accepted_or_declined_before_its_contact_is_needed(visit, cast, person):
    lines = [row for row in offer_rows() if row.who == person and row.condition == "masked"]
    scene = OfferScene(cast, *person)
    lead = scene.offered(Status.ASSIGNED, is_masked=True)
    compare(visit(scene.actor), lead, {line.action: line.codes[Status.ASSIGNED] for line in lines})


def compare(visitor, lead, codes) -> None:
    """Compare what the page offers, and what it answers to posts of everything else, with what is written."""
    visitor.visit("leads:detail", lead.reference)
    offered = {Action(name) for name in visitor.actions()} & codes.keys()
    assert offered == {action for action, code in codes.items() if code == 200}, lead.status
    before = state_of(lead)
    refused = {str(action): code for action, code in codes.items() if code != 200}
    assert set(refused.values()) <= {403, 404, 409}
    assert visitor.page.evaluate(POST, list(refused)) == refused, lead.status
    assert state_of(lead) == before
