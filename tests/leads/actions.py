"""Read the hand-written file of expected answers (actions.csv, offer_actions.csv; how to read them: actions.md)."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from accounts.actors import Rights
from accounts.enums import Role
from leads.enums import Relation, Status
from leads.rules.workflow import Action


@dataclass(frozen=True)
class Row:
    """One line of the file: who, in which relation and with which rights, and the code for each status."""

    action: Action
    role: Role
    relation: str
    right: str
    condition: str
    codes: dict[Status, int]

    @property
    def relations(self) -> frozenset[Relation]:
        """The relations, empty for a lead that is nothing to the person."""
        return frozenset(Relation(one) for one in self.relation.split("+") if one != "none")

    @property
    def rights(self) -> Rights:
        """The reseller rights of the line; the defaults for other companies."""
        if self.right == "-":
            return Rights()
        create, disqualify = self.right.split("/")
        return Rights(
            create_customers=create.removeprefix("create_"),
            disqualify_leads=disqualify == "disqualify_on",
        )

    @property
    def who(self) -> tuple[Role, str, str]:
        """What makes one person of the file."""
        return (self.role, self.relation, self.right)


@cache
def rows() -> list[Row]:
    """Return every line of the file."""
    return _read("actions.csv")


@cache
def offer_rows() -> list[Row]:
    """Return what stands in the file about leads over which a clock runs, and whose contact is masked."""
    return _read("offer_actions.csv")


def _read(name: str) -> list[Row]:
    with (Path(__file__).parent / name).open(newline="") as file:
        return [
            Row(
                action=Action(line["action"]),
                role=Role(line["role"]),
                relation=line["relation"],
                right=line["right"],
                condition=line["condition"],
                codes={status: int(code) for status in Status if (code := line.get(status.slug))},
            )
            for line in csv.DictReader(file)
        ]
