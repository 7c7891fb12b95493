"""One lead of the demo while it is played: what every story needs to let something happen to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from accounts.actors import Person
from leadportal.common import clock
from leads.enums import OPEN, Audience, NoteKind
from leads.models import Conversion, DisqualifyReason, Lead, Note
from leads.services.conversion import Wish
from leads.services.demo import remarks
from leads.services.demo.hours import after, some_time
from leads.services.demo.play import Story
from leads.services.demo.scene import Host, Scene, Team
from leads.services.notes import add_note
from templates_app.models import Listing


@dataclass
class Life:
    """A lead, the dice that decide about it, and the people around it.

    `known` is a customer who comes back. What `is_long_ago` is told in fewer words, to be quick.
    """

    scene: Scene
    host: Host
    luck: Random
    contact: dict[str, str]
    known: Conversion | None = None
    is_long_ago: bool = False
    lead: Lead = field(init=False)
    tries: int = 0

    @property
    def is_open(self) -> bool:
        """Whether the lead is still on its way."""
        return self.lead.status in OPEN

    def wait(self, hours: float, *, forgotten: float = 0) -> datetime:
        """Return the moment after about so many working hours; with these odds it was forgotten for days."""
        typical = timedelta(hours=hours)
        if self.happens(forgotten):
            typical += timedelta(hours=22)
        return after(clock.now(), some_time(self.luck, typical))

    def happens(self, odds: float) -> bool:
        """Throw the dice: `odds` of 0.3 say yes three times in ten."""
        return self.luck.random() < odds

    def bothers(self, odds: float) -> bool:
        """Throw the dice for a detail that may be left out: of old leads most are."""
        return self.happens(odds * 0.3 if self.is_long_ago else odds)

    def fate(self, odds: dict[Callable[..., Story], int], *args: Any) -> Story:
        """Return one of the stories, the heavier the likelier, begun with this life and `args`."""
        (chosen,) = self.luck.choices(list(odds), list(odds.values()))
        return chosen(self, *args)

    def pick(self, teams: Sequence[Team]) -> Team:
        """Return a team that does not hold the lead: the first ones get the most."""
        others = [team for team in teams if team.company.pk != self.lead.holder_id]
        return self.luck.choices(others, range(2 * len(others), len(others), -1))[0]

    def listing(self) -> Listing:
        """Return where the prospect found the form: mostly in the host's main marketplace."""
        shares = [1 if one.marketplace.leads_go_to_vendor else 4 for one in self.host.listings]
        return self.luck.choices(self.host.listings, shares)[0]

    def words(self, choices: Sequence[str]) -> str:
        """Return one of the texts about this lead."""
        known = {**self.contact, "product": self.lead.product.name if self.lead.product else ""}
        return remarks.fill(self.luck.choice(choices), known, self.luck)

    def note(
        self, actor: Person, topic: str, *, odds: float = 1, shared: float = 0.3
    ) -> Note | None:
        """Perhaps let `actor` write a note about `topic`; some are for everybody on the lead."""
        if not self.bothers(odds):
            return None
        kind, _bar, body = self.words(remarks.NOTES[topic]).partition("|")
        audience = Audience.EVERYBODY if self.happens(shared) else Audience.COMPANY
        return add_note(self.lead, body=body, kind=NoteKind(kind), audience=audience, actor=actor)

    def reason(self) -> tuple[DisqualifyReason, str]:
        """Return why the lead comes to nothing: a reason of the host and an explanation."""
        reason = self.luck.choices(self.host.reasons, (4, 3, 4, 5, 3, 1))[0]
        return reason, self.luck.choice(remarks.EXPLANATIONS[reason.label])

    def wish(self) -> Wish:
        """Return what the Convert dialog holds when it is opened."""
        return Wish(
            company_name=self.lead.company or f"{self.contact['last_name']} & Co",
            email=self.lead.email,
            first_name=self.lead.first_name,
            last_name=self.lead.last_name,
            company_id=self.known.company_id if self.known else None,
        )
