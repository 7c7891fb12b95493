"""Every move by API: the same answers as the pages give, from the same hand-written file."""

import pytest

from leads.enums import Status
from leads.rules.workflow import Action
from tests.factories import make_key
from tests.leads.api.caller import Caller
from tests.leads.api.described import operations
from tests.test_actions import PEOPLE, PLAIN, Scene, state_of

# Moves that are about a part of the lead have addresses of their own.
ELSEWHERE = {
    Action.EDIT: ("PATCH", ""),
    Action.NOTE: ("POST", "notes/"),
    Action.PRODUCTS: ("POST", "products/"),
    Action.REMOVE_PRODUCT: ("DELETE", "products/1/"),
    Action.MANAGE: ("GET", "manage/"),
}


def call(program: Caller, reference: str, action: Action):
    method, part = ELSEWHERE.get(action, ("POST", f"{action}/"))
    body: dict = {"products": []} if action is Action.PRODUCTS else {}
    return program(method, f"leads/{reference}/{part}", None if method == "GET" else body)


@pytest.mark.parametrize(
    ("who", "lines"), PEOPLE, ids=["-".join(map(str, who)) for who, _ in PEOPLE]
)
def test_moves_answer_as_written(who, lines, cast, settings):
    """In every status the allowed moves are those with 200; each other answer of a line is got once."""
    settings.API_CALLS_PER_MINUTE = 100_000
    scene = Scene(cast, *who)
    if not scene.actor.desk_id:
        return  # people who see no leads cannot have a token
    program = Caller(make_key(scene.actor, scene.role))
    met = set()
    for is_plain in (True, False):
        group = [line for line in lines if (line.condition in PLAIN) == is_plain]
        for status in Status:
            lead = scene.lead(status, is_plain=is_plain)
            codes = {line.action: line.codes[status] for line in group}
            check_offered(program, lead.reference, codes)
            before = state_of(lead)
            for action, code in codes.items():
                if code != 200 and (action, code, is_plain) not in met:
                    met.add((action, code, is_plain))
                    answer = call(program, lead.reference, action)
                    assert answer.status_code == code, (action, status.label, answer.content)
                    assert answer["Content-Type"] == "application/problem+json"
            assert state_of(lead) == before


def check_offered(program: Caller, reference: str, codes: dict[Action, int]) -> None:
    answer = program.get(f"leads/{reference}/")
    if set(codes.values()) == {404}:
        assert answer.status_code == 404
        return
    offered = {Action(one) for one in answer.json()["actions"]} & codes.keys()
    assert offered == {action for action, code in codes.items() if code == 200}


def test_every_move_is_an_operation_of_the_description():
    known = {(operation.method.upper(), operation.path) for operation in operations().values()}
    for action in Action:
        method, part = ELSEWHERE.get(action, ("POST", f"{action}/"))
        path = f"/api/v1/leads/{{reference}}/{part}".replace("/1/", "/{id}/")
        assert (method, path) in known, action
