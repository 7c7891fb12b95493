"""The table of moves gives the hand-written answers, and every grant in it matters."""

import pytest

from accounts.actors import SYSTEM, Person, Rights
from accounts.enums import CustomerRight, Role
from leads.enums import Qualification, Relation, Status
from leads.rules import policy, workflow
from leads.rules.workflow import Action, Facts, Grant, Verdict
from tests.leads.actions import Row, rows

CASES = [(row, status) for row in rows() for status in Status]


# What the columns of a company that is no reseller hold must not matter to anybody.
ANY_RIGHTS = (Rights(create_customers=CustomerRight.FREE), Rights(disqualify_leads=False))


def is_right(row: Row, status: Status) -> bool:
    """Say whether the table answers as the file."""
    variants = ANY_RIGHTS if row.right == "-" else (row.rights,)
    return all(answer(row, status, rights) == row.codes[status] for rights in variants)


def answer(row: Row, status: Status, rights: Rights) -> int:
    """Return the answer of the table."""
    actor = Person(1, "Ann", "ann@example.com", 1, "Alpha", frozenset({row.role}), rights=rights)
    is_qualified = row.condition == "qualification_qualified"
    facts = Facts(
        status=status,
        relations=row.relations,
        qualification=Qualification.QUALIFIED if is_qualified else Qualification.PENDING,
        is_sql=row.condition == "sql",
        has_request=row.condition == "request_pending",
    )
    return policy.verdict(row.action, facts, actor).value


def is_noticed(action: Action) -> bool:
    """Say whether some cell of `action` is answered otherwise than written."""
    return any(not is_right(*case) for case in CASES if case[0].action == action)


def test_every_cell_of_the_file_is_answered_as_written():
    wrong = [
        (row.action, row.who, row.condition, status.slug)
        for row, status in CASES
        if not is_right(row, status)
    ]
    assert wrong == []


def test_the_file_has_a_line_for_every_action_and_role():
    assert {(row.action, row.role) for row in rows()} == {
        (action, role)
        for action in Action
        for role in Role
        if role not in {Role.COMPANY_ADMIN, Role.BILLING_ADMIN}
    }


def mutants() -> list:
    """Change the table in one place at a time: drop a grant, drop or add a status, drop a role, right, condition."""
    found = []
    for action, grants in workflow.MOVES.items():
        for index, grant in enumerate(grants):
            where = f"{action}-{index}"

            def put(*new: Grant, action=action, index=index, grants=grants) -> dict:
                return {action: (*grants[:index], *new, *grants[index + 1 :])}

            found.append(pytest.param(put(), id=f"{where}-without"))
            for status in Status:
                flipped = Grant(grant.statuses ^ {status}, grant.relations, grant.roles, grant.need)
                if not _is_covered(grants, index, status):
                    found.append(pytest.param(put(flipped), id=f"{where}-{status.slug}"))
            for role in sorted(grant.roles):
                # Without its only role a grant holds for every role.
                fewer = Grant(grant.statuses, grant.relations, grant.roles - {role}, grant.need)
                found.append(pytest.param(put(fewer), id=f"{where}-{role}"))
            if grant.need:
                found.append(
                    pytest.param(
                        put(Grant(grant.statuses, grant.relations, grant.roles)),
                        id=f"{where}-right",
                    )
                )
    return found


def _is_covered(grants: tuple[Grant, ...], index: int, status: Status) -> bool:
    """Say whether another grant gives the status to the same people anyway, so that a flip changes nothing."""
    grant = grants[index]
    return any(
        other.relations <= grant.relations
        and not other.roles
        and not other.need
        and status in other.statuses
        for place, other in enumerate(grants)
        if place != index
    )


@pytest.mark.parametrize("change", mutants())
def test_no_flip_of_the_table_goes_unnoticed(change, monkeypatch):
    [(action, grants)] = change.items()
    monkeypatch.setitem(workflow.MOVES, action, grants)
    assert is_noticed(action)


@pytest.mark.parametrize("action", sorted(set(workflow.CONDITIONS) - {Action.RESTORE}))
def test_no_condition_can_be_dropped_unnoticed(action, monkeypatch):
    monkeypatch.delitem(workflow.CONDITIONS, action)
    assert is_noticed(action)


def test_a_lead_deleted_long_ago_is_not_restored():
    actor = Person(
        1, "Olga", "olga@example.com", 1, "Northgate", frozenset({Role.MARKETPLACE_MANAGER})
    )
    facts = Facts(Status.DELETED, frozenset({Relation.OPERATOR}), is_restorable=False)
    assert policy.verdict(Action.RESTORE, facts, actor) is Verdict.NOT_NOW


def test_the_system_is_never_asked_for_a_relation():
    facts = Facts(Status.SUBMITTED, frozenset())
    assert policy.verdict(Action.ASSIGN, facts, SYSTEM) is Verdict.ALLOWED
