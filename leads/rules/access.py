"""What a lead is to somebody: relations, and which desks see it (domain.md section 2, "Relations")."""

from dataclasses import dataclass

from accounts.actors import Actor, Person, System
from accounts.enums import COMPANY_ROLES, DeskKind, Role
from leads.enums import HolderDesk, Relation


@dataclass(frozen=True, slots=True)
class Parties:
    """The companies around one lead, as plain ids.

    `holder_in_programme` and `maker_in_programme` say whether that company is a reseller or referral company
    of the lead's host. `maker_kinds` are the desks that the maker worked at; 0 when nobody made it by hand.
    `is_merged_away`: the lead is part of another one by now, and no desk sees it.
    `is_test` says that it was sent to try a form out: no desk sees it, so no list or count can hold it.
    `is_masked`: who holds it has not accepted it yet, and does not know whom it is about.
    """

    host_id: int
    holder_id: int
    holder_desk: HolderDesk
    holder_in_programme: bool
    maker_id: int | None
    maker_kinds: DeskKind
    maker_in_programme: bool
    vendor_id: int | None
    is_merged_away: bool = False
    is_test: bool = False
    is_masked: bool = False

    @property
    def companies(self) -> set[int]:
        """Every company around the lead."""
        around = (self.host_id, self.holder_id, self.maker_id, self.vendor_id)
        return {company_id for company_id in around if company_id is not None}

    @property
    def is_in_channel(self) -> bool:
        """Reseller managers see it: the host holds it, or a programme company holds it or made it."""
        return (
            self.holder_desk == HolderDesk.HOST
            or self.holder_in_programme
            or self.maker_in_programme
        )


def desk_sees(parties: Parties, company_id: int, kinds: DeskKind) -> bool:
    """Say whether a desk of `company_id` that covers `kinds` sees the lead now, by any relation."""
    if parties.is_merged_away or parties.is_test:
        return False
    return _sees_anyway(parties, company_id, kinds) or _holds_at(parties, company_id, kinds)


def desk_is_masked(parties: Parties, company_id: int, kinds: DeskKind) -> bool:
    """Say whether a desk that sees the lead must not know whom it is about: it sees it as the holder alone."""
    return parties.is_masked and not _sees_anyway(parties, company_id, kinds)


def _sees_anyway(parties: Parties, company_id: int, kinds: DeskKind) -> bool:
    """Say whether a desk sees the lead by another relation than holding it."""
    if company_id == parties.maker_id and kinds & parties.maker_kinds:
        return True
    if company_id == parties.host_id:
        if kinds & DeskKind.OPERATOR:
            return True
        if kinds & DeskKind.CHANNEL and parties.is_in_channel:
            return True
    return bool(kinds & DeskKind.COMPANY) and company_id == parties.vendor_id


def _holds_at(parties: Parties, company_id: int, kinds: DeskKind) -> bool:
    if company_id != parties.holder_id:
        return False
    if parties.holder_desk == HolderDesk.SALES:
        return bool(kinds & DeskKind.SALES)
    return parties.holder_desk == HolderDesk.COMPANY and bool(kinds & DeskKind.COMPANY)


def relations(parties: Parties, actor: Actor, *, is_past: bool) -> frozenset[Relation]:
    """Return what the lead is to `actor`; empty when it is nothing to it (404).

    `is_past` comes from the access row: the desk lost the lead. Staff act as operator of the lead's host.
    """
    if isinstance(actor, System) or parties.is_test:
        return frozenset()
    found = set()
    if actor.company_id == parties.host_id:
        if actor.has(Role.MARKETPLACE_MANAGER):
            found.add(Relation.OPERATOR)
        if actor.has(Role.RESELLER_MANAGER) and parties.is_in_channel:
            found.add(Relation.CHANNEL)
    if _holds(parties, actor):
        found.add(Relation.HOLDER)
    if actor.company_id == parties.maker_id and actor.desk_kinds & parties.maker_kinds:
        found.add(Relation.MAKER)
    if actor.company_id == parties.vendor_id and actor.has(Role.VENDOR):
        found.add(Relation.VENDOR)
    if not found and is_past:
        found.add(Relation.PAST)
    return frozenset(found)


def _holds(parties: Parties, actor: Person) -> bool:
    if actor.company_id != parties.holder_id:
        return False
    if parties.holder_desk == HolderDesk.SALES:
        return actor.has(Role.SALES_SUPPORT)
    return parties.holder_desk == HolderDesk.COMPANY and actor.has(*COMPANY_ROLES)
