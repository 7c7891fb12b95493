"""What an actor may do with a lead: reads the table of moves, for pages, posts and every later door."""

from accounts.actors import Actor, Person, System
from accounts.enums import COMPANY_ROLES, HOST_ROLES, CustomerRight, Role
from leads.enums import Relation, Status
from leads.rules.masking import WAIT_FOR_ACCEPT
from leads.rules.workflow import CONDITIONS, MOVES, Action, Facts, Grant, Need, Verdict

# Whose leads can have the relation at all (leads/rules/access.py).
_RELATED = {
    Relation.OPERATOR: {Role.MARKETPLACE_MANAGER},
    Relation.CHANNEL: {Role.RESELLER_MANAGER},
    Relation.HOLDER: {Role.SALES_SUPPORT, *COMPANY_ROLES},
    Relation.MAKER: {*HOST_ROLES, *COMPANY_ROLES},
    Relation.VENDOR: {Role.VENDOR},
}


def verdict(action: Action, facts: Facts, actor: Actor) -> Verdict:
    """Answer whether `actor` may do `action` on the lead that `facts` describe (domain.md, "Answers").

    UNKNOWN: no relation. FORBIDDEN: the table never allows it to this role, relation and right.
    NOT_NOW: it does, in another status or under another condition, or once the lead is accepted.
    The system may do what it asks.
    """
    if isinstance(actor, System):
        return Verdict.ALLOWED
    if not facts.relations:
        return Verdict.UNKNOWN
    grants = [grant for grant in MOVES[action] if _is_granted(grant, facts, actor)]
    if not grants:
        return Verdict.FORBIDDEN
    if facts.is_masked and action in WAIT_FOR_ACCEPT:
        return Verdict.NOT_NOW
    condition = CONDITIONS.get(action)
    in_time = any(facts.status in grant.statuses for grant in grants)
    if in_time and (condition is None or condition(facts)):
        return Verdict.ALLOWED
    return Verdict.NOT_NOW


def allowed_actions(facts: Facts, actor: Actor) -> frozenset[Action]:
    """Return every action that `actor` may do now."""
    return frozenset(
        action for action in Action if verdict(action, facts, actor) is Verdict.ALLOWED
    )


def may_ever(action: Action, actor: Person) -> bool:
    """Say whether the roles and rights of `actor` allow `action` on any lead, in whatever state."""
    related = frozenset(one for one, roles in _RELATED.items() if actor.has(*roles))
    anywhere = Facts(Status.SUBMITTED, related)
    return any(_is_granted(grant, anywhere, actor) for grant in MOVES[action])


def _is_granted(grant: Grant, facts: Facts, actor: Person) -> bool:
    """Say whether relation, role and right fit, whatever the status."""
    return (
        grant.relations <= facts.relations
        and (not grant.roles or actor.has(*grant.roles))
        and (grant.need is None or _has_right(grant.need, actor))
    )


def _has_right(need: Need, actor: Person) -> bool:
    match need:
        case Need.CONVERT_FREELY:
            return actor.rights.create_customers == CustomerRight.FREE
        case Need.CONVERT_BY_APPROVAL:
            return actor.rights.create_customers == CustomerRight.APPROVAL
        case Need.DISQUALIFY:
            return actor.rights.disqualify_leads
