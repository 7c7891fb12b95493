"""What may be done with an offer, before and after it is accepted, on the real pages and for programs.

Read from tests/leads/offer_actions.csv: the clock changes nothing, the mask makes the recipient accept first.
"""

from datetime import timedelta
from itertools import groupby

import pytest

from leadportal.common import clock
from leads.enums import HolderDesk, Relation, Status
from leads.models import Lead, Offer
from leads.rules.masking import WAIT_FOR_ACCEPT
from leads.rules.offers import OfferState
from leads.services.access import refresh_access
from tests.leads.actions import offer_rows
from tests.test_actions import Scene, check_doors, check_page

GROUPS = [
    (key, list(lines))
    for key, lines in groupby(
        sorted(offer_rows(), key=lambda row: (row.condition, *row.who)),
        key=lambda row: (row.condition, *row.who),
    )
]


class OfferScene(Scene):
    """A person of the file and leads that are offered: to that person's desk, else to Alpha."""

    def offered(self, status: Status, *, is_masked: bool) -> Lead:
        """Force an offer into `status`: waiting for its answer, or accepted and without progress."""
        lead = self.lead(status, is_plain=True)
        lead.is_masked = is_masked
        lead.save()
        refresh_access(lead)
        moment = clock.now()
        half, late, end = (moment + timedelta(hours=hours) for hours in (4, 6, 8))
        Offer.objects.create(
            lead=lead,
            company=lead.holder,
            desk=lead.holder_desk,
            state=OfferState.WAITING if status == Status.ASSIGNED else OfferState.WORKING,
            half_at=half,
            late_at=late,
            ends_at=end,
            due_at=half,
        )
        return lead

    def _holder(self) -> dict:
        if Relation.HOLDER in self.relations:
            return super()._holder()
        return {"holder": self.cast.alpha, "holder_desk": HolderDesk.COMPANY}


@pytest.mark.parametrize(
    ("key", "lines"), GROUPS, ids=["-".join(map(str, key)) for key, _lines in GROUPS]
)
def test_page_and_posts_of_an_offer_answer_as_written(key, lines, cast, sign_in):
    condition, *who = key
    scene = OfferScene(cast, *who)
    client = sign_in(scene.actor)
    for status in lines[0].codes:
        lead = scene.offered(status, is_masked=condition == "masked")
        codes = {line.action: line.codes[status] for line in lines}
        check_page(client, lead, codes)
        check_doors(client, lead, codes)
        assert Offer.objects.filter(lead=lead, ended_at__isnull=True).count() == 1


def test_the_file_differs_by_what_waits_for_acceptance_alone():
    """The rows of the mask against those of the clock: nothing else is later, and for nobody but the recipient."""
    by_line = {
        (row.action, *row.who, row.condition): row.codes[Status.ASSIGNED] for row in offer_rows()
    }
    later = {
        (action, relation)
        for (action, role, relation, right, condition), code in by_line.items()
        if condition == "masked" and code != by_line[action, role, relation, right, "clocked"]
    }
    assert {action for action, _relation in later} == WAIT_FOR_ACCEPT
    assert {relation for _action, relation in later} == {"holder"}
