"""Who is told of what (domain.md section 10): the right people, nobody else, and never who did it."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models.functions import Now

from accounts.actors import SYSTEM
from accounts.models import Job, User
from accounts.services.jobs import do_due_jobs, plan_daily_jobs
from leadportal.common import clock
from leads.enums import Audience, EventKind, InboxKind, Progress, Status
from leads.models import InboxItem, Lead
from leads.rules.audience import TOLD
from leads.rules.offers import OfferState
from leads.services.bulk import run_bulk
from leads.services.conversion import (
    approve_conversion,
    convert_lead,
    deny_conversion,
    request_conversion,
)
from leads.services.history import record
from leads.services.inbox import mark_read, tell
from leads.services.leads import create_from_profile, create_lead, edit_lead
from leads.services.lifecycle import (
    Assignment,
    accept_lead,
    assign_lead,
    decline_lead,
    delete_lead,
    disqualify_lead,
    expire_lead,
    submit_lead,
)
from leads.services.marks import (
    give_lead,
    mark_invalid,
    qualify_lead,
    set_progress,
    take_lead,
)
from leads.services.notes import delete_note
from leads.services.undo import undo
from tests.factories import fresh, make_lead, make_version
from tests.leads.services.house import (
    CONTACT,
    WISH,
    accepted,
    asked,
    at_alpha,
    at_sales,
    furnish,
    note,
    nothing,
    of_form,
    of_ray,
    of_vera,
    person,
    reason,
    straight_to_vendor,
)
from tests.leads.services.scoring.book import LARGE, publish


@pytest.fixture
def house(cast):
    """See `furnish`."""
    return furnish(cast)


def told(since: int = 0) -> dict[str, str]:
    """Who was told of what after item `since`: first names, by kind."""
    found: dict[str, set[str]] = {}
    for item in InboxItem.objects.filter(pk__gt=since).select_related("user"):
        found.setdefault(item.kind, set()).add(item.user.email.partition("@")[0])
    return {kind: " ".join(sorted(names)) for kind, names in found.items()}


def remind(cast, lead):
    """Remind Alpha of a deadline, as the worker does."""
    data = {"clock": "waiting", "until": clock.now().isoformat()}
    record(lead, EventKind.REMINDED, actor=SYSTEM, data=data, audience=cast.alpha.pk)


def expire(lead):
    """Take a lead back, as the worker does."""
    expire_lead(lead, clock_name=OfferState.WAITING, actor=SYSTEM)


def told_by(act) -> dict[str, str]:
    """Who is told of what `act` does."""
    last = InboxItem.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    act()
    return told(last)


def scored(start):
    """A start where large companies come to the threshold."""

    def begin(cast):
        lead = start(cast)
        publish(cast.olga, LARGE, threshold=40)
        return lead

    return begin


def qualify_by_score(cast, lead):
    """Somebody finds out how large the company is."""
    edit_lead(
        lead,
        details={"size": "500"},
        attributes={},
        version=Lead.objects.get(pk=lead.pk).version,
        actor=cast.olga,
    )


# Where it starts, what is done, and who is told, by kind. Olga, Rita, Sam, Ann, Ray and Vera do things.
TABLE = [
    # A new lead: operator and channel, or the vendor that holds it
    (nothing, lambda c, _: of_form(c), {"created": "olga oona rita rolf"}),
    (straight_to_vendor, lambda c, _: of_form(c), {"given": "vera vic"}),
    (
        nothing,
        lambda c, _: create_from_profile(c.alpha, make_version(c.northgate), CONTACT, {}),
        {"created": "amy ann olga oona rita rolf"},
    ),
    (nothing, lambda c, _: create_lead(CONTACT, actor=c.olga), {"created": "oona rita rolf"}),
    (
        nothing,
        lambda c, _: create_lead(CONTACT, actor=c.rita, recipient=c.alpha),
        {"created": "olga oona rolf", "given": "amy ann"},
    ),
    (nothing, lambda c, _: create_lead(CONTACT, actor=c.sam), {"created": "olga oona rita rolf"}),
    (
        nothing,
        lambda c, _: create_lead(CONTACT, actor=fresh(c.ann)),
        {"created": "olga oona rita rolf"},
    ),
    (nothing, lambda c, _: of_ray(c), {"created": "olga oona rita rolf"}),
    (nothing, lambda c, _: of_vera(c), {"created": "vic"}),
    (of_vera, lambda c, lead: submit_lead(lead, actor=c.vera), {"created": "olga oona rita rolf"}),
    # Assigned: the holder's people
    (of_form, lambda c, lead: assign_lead(lead, to=c.alpha, actor=c.rita), {"given": "amy ann"}),
    (of_form, lambda c, lead: assign_lead(lead, to=None, actor=c.rita), {"given": "sam sue"}),
    (of_form, lambda c, lead: assign_lead(lead, to=c.vertex, actor=c.olga), {"given": "vera vic"}),
    (at_alpha, lambda c, lead: assign_lead(lead, to=c.beta, actor=c.olga), {"given": "ben"}),
    # Accepted, declined: operator and channel
    (at_alpha, lambda c, lead: accept_lead(lead, actor=c.ann), {"answered": "olga oona rita rolf"}),
    (
        at_alpha,
        lambda c, lead: decline_lead(lead, reason="Too far", actor=c.ann),
        {"answered": "olga oona rita rolf"},
    ),
    # The channel does not see what the sales desk holds; it does once the host has it again
    (at_sales, lambda c, lead: accept_lead(lead, actor=c.sam), {"answered": "olga oona"}),
    (
        at_sales,
        lambda c, lead: decline_lead(lead, reason="No time", actor=c.sam),
        {"answered": "olga oona rita rolf"},
    ),
    # In charge: that person, unless it took the lead itself
    (accepted, lambda c, lead: take_lead(lead, actor=c.ann), {}),
    (
        accepted,
        lambda c, lead: give_lead(lead, to=User.objects.get(email="amy@example.com"), actor=c.ann),
        {"charge": "amy"},
    ),
    (accepted, lambda c, lead: give_lead(lead, to=person(c.ann), actor=c.rita), {}),
    # Converted, disqualified, deleted: maker, vendor, operator, channel
    (
        accepted,
        lambda c, lead: convert_lead(lead, wish=WISH, actor=c.olga),
        {"converted": "oona rita rolf vera vic"},
    ),
    (
        of_ray,
        lambda c, lead: convert_lead(lead, wish=WISH, actor=c.rita),
        {"converted": "olga oona ray rex rolf"},
    ),
    (
        at_alpha,
        lambda c, lead: disqualify_lead(lead, reason=reason(c), actor=c.ann),
        {"disqualified": "olga oona rita rolf vera vic"},
    ),
    (
        at_sales,
        lambda c, lead: disqualify_lead(lead, reason=reason(c), actor=c.sam),
        {"disqualified": "olga oona vera vic"},
    ),
    (
        of_form,
        lambda c, lead: delete_lead(lead, actor=c.vera),
        {"deleted": "olga oona rita rolf vic"},
    ),
    # The vendor's verdict: operator; invalid is disqualified as well
    (of_form, lambda c, lead: qualify_lead(lead, actor=c.vera), {"verdict": "olga oona"}),
    (
        of_form,
        lambda c, lead: mark_invalid(lead, actor=c.vera),
        {"verdict": "olga oona rita rolf vic"},
    ),
    # Conversion with approval: operator and channel; then who asked
    (
        accepted,
        lambda c, lead: request_conversion(lead, wish=WISH, actor=c.ann),
        {"approval": "olga oona rita rolf"},
    ),
    (asked, lambda c, lead: deny_conversion(lead, actor=c.rita), {"approval": "ann"}),
    (
        asked,
        lambda c, lead: approve_conversion(lead, actor=c.rita),
        {"approval": "ann", "converted": "olga oona rolf vera vic"},
    ),
    (
        asked,
        lambda c, lead: convert_lead(lead, wish=WISH, actor=c.olga),
        {"approval": "ann", "converted": "oona rita rolf vera vic"},
    ),
    # Notes: who is in charge, else the holder's people; what is for one company stays there
    (accepted, lambda c, lead: note(lead, c.rita), {"note": "ann"}),
    (accepted, lambda c, lead: note(lead, c.rita, Audience.COMPANY), {}),
    (at_alpha, lambda c, lead: note(lead, c.ann), {"note": "amy"}),
    (of_form, lambda c, lead: note(lead, c.vera), {"note": "olga oona rita rolf"}),
    (of_form, lambda c, lead: note(lead, c.olga, Audience.COMPANY), {"note": "oona rita rolf"}),
    # A deadline comes closer: who is in charge, else the holder's people
    (at_alpha, remind, {"deadline": "amy ann"}),
    (accepted, remind, {"deadline": "ann"}),
    # Not accepted in time: operator and channel
    (at_alpha, lambda c, lead: expire(lead), {"answered": "olga oona rita rolf"}),
    # The score comes to the threshold: who is in charge, else the holder's people
    (scored(accepted), qualify_by_score, {"threshold": "ann"}),
    (scored(at_alpha), qualify_by_score, {"threshold": "amy ann"}),
    # Nobody
    (accepted, lambda c, lead: set_progress(lead, progress=Progress.CONTACTED, actor=c.ann), {}),
]


@pytest.mark.parametrize(("start", "act", "expected"), TABLE)
def test_the_right_people_are_told_and_nobody_else(house, start, act, expected):
    lead = start(house)
    assert told_by(lambda: act(house, lead)) == expected


def test_every_row_of_the_table_is_shown_above():
    kinds = {kind for _start, _act, expected in TABLE for kind in expected}
    assert kinds == {row.kind.value for row in TOLD.values()}
    by_clock = {InboxKind.NEXT_STEP}  # tests/leads/services/test_next_steps.py
    assert kinds | by_clock | {InboxKind.MESSAGE} == set(InboxKind.values)


def test_who_wrote_notes_hears_of_the_next_one(house):
    lead = accepted(house)
    note(lead, house.rita)
    assert told_by(lambda: note(lead, house.olga)) == {"note": "ann rita"}
    gone = note(lead, house.vera)
    delete_note(gone, actor=house.vera)
    assert told_by(lambda: note(lead, house.olga)) == {"note": "ann rita"}


def test_a_note_is_not_told_to_somebody_who_lost_the_lead(house):
    lead = at_alpha(house)
    note(lead, house.ann)
    assign_lead(lead, to=house.beta, actor=house.rita)
    assert told_by(lambda: note(lead, house.rita)) == {"note": "ben"}


def test_somebody_who_cannot_come_in_is_told_nothing(house):
    User.objects.filter(email="amy@example.com").update(is_active=False)
    assert told_by(lambda: at_alpha(house))["given"] == "ann"


def readable(actor) -> int:
    """How many items somebody may read."""
    return InboxItem.objects.visible_to(actor).count()


def test_what_one_no_longer_sees_is_not_shown(house):
    lead = at_alpha(house)
    assert (readable(house.ann), readable(house.ben)) == (1, 0)
    decline_lead(lead, reason="Too far", actor=house.ann)
    assert readable(house.ann) == 0
    assert InboxItem.objects.own(house.ann).count() == 1  # control: it is still stored


def test_a_lost_lead_keeps_what_was_told_before_it_was_lost(house):
    lead = at_alpha(house)
    assign_lead(lead, to=house.beta, actor=house.rita)
    assert readable(house.ann) == 1
    whose = {"user_id": house.ann.user_id, "company_id": house.alpha.pk}
    InboxItem.objects.create(**whose, kind="note", lead=lead, line=3)
    assert readable(house.ann) == 1


def test_at_another_company_one_reads_what_was_told_there(house):
    at_alpha(house)
    tell(user_id=house.ann.user_id, company_id=house.beta.pk, text="Hello", address="/")
    assert readable(house.ann) == 1


def test_an_undone_change_is_forgotten_unless_it_was_read(house):
    lead = at_alpha(house)
    read = InboxItem.objects.get(user=house.ann.user_id)
    mark_read(items=[read.pk], actor=house.ann)
    undo(lead, number=lead.events.get(kind="assigned").number, actor=house.rita)
    assert list(InboxItem.objects.filter(kind="given")) == [read]


def test_tell_is_for_one_person_and_stays_on_the_portal(house):
    whose = {"user_id": house.ann.user_id, "company_id": house.alpha.pk}
    item = tell(**whose, text="Your export is ready.", address="/leads/")
    assert (item.kind, item.lead, item.is_unread) == ("message", None, True)
    assert readable(house.ann) == 1
    for address in ("https://example.com/", "//example.com/", "javascript:alert(1)"):
        with pytest.raises(ValueError, match=r"\W"):
            tell(**whose, text="Look", address=address)


def test_marking_as_read_touches_own_items_up_to_what_was_shown(house):
    at_alpha(house)
    first = InboxItem.objects.filter(kind="given").get(user=house.ann.user_id)
    at_alpha(house)
    assert mark_read(until=first.pk, actor=house.ann) == 1
    assert mark_read(until=first.pk, actor=house.ann) == 0
    others = InboxItem.objects.exclude(user=house.ann.user_id)
    assert mark_read(items=list(others.values_list("pk", flat=True)), actor=house.ann) == 0
    assert not others.filter(is_unread=False).exists()
    assert mark_read(until=2**53, actor=house.ann) == 1


def test_a_bulk_run_tells_everybody_at_once_and_nobody_of_what_was_refused(
    house, django_assert_max_num_queries
):
    leads = [make_lead(house.northgate) for _ in range(10)]
    leads.append(make_lead(house.northgate, Status.CONVERTED))

    def run(key, some):
        keys = [lead.pk for lead in some]
        run_bulk(keys, act=Assignment(house.alpha), key=key, actor=house.rita, choice="Alpha")

    with django_assert_max_num_queries(2000) as ten:
        run("ten", leads)
    assert InboxItem.objects.count() == 2 * 10
    writes = [one["sql"] for one in ten if "leads_inboxitem" in one["sql"]]
    assert len(writes) == 1
    assert sum("accounts_membershiprole" in one["sql"] for one in ten) == 1


def test_an_item_stands_or_falls_with_its_change(house):
    lead = of_form(house)
    before = InboxItem.objects.count()
    with transaction.atomic():
        assign_lead(lead, to=house.alpha, actor=house.rita)
        assert InboxItem.objects.count() == before + 2
        transaction.set_rollback(True)
    assert InboxItem.objects.count() == before


def test_what_was_read_goes_after_its_time_and_what_was_not_stays_a_year(house, settings):
    settings.INBOX_KEPT_DAYS = 30
    now = clock.now()

    def add(text, told, read=None):
        """An item that was told, and perhaps read, so many days ago."""
        item = tell(user_id=house.ann.user_id, company_id=house.alpha.pk, text=text, address="/")
        item.created_at = now - timedelta(days=told)
        item.read_at = None if read is None else now - timedelta(days=read)
        item.is_unread = read is None
        item.save()

    add("read long ago", 60, 31)
    add("read just now", 400, 29)
    add("old, but unread", 364)
    add("unread for a year", 366)

    def left() -> set[str]:
        with clock.at(now):
            plan_daily_jobs()
            Job.objects.update(due_at=Now())
            do_due_jobs()
        return set(InboxItem.objects.values_list("text", flat=True))

    assert left() == {"read just now", "old, but unread"}
    add("unread for a year", 366)
    settings.INBOX_KEPT_DAYS = 1000
    assert left() == {"read just now", "old, but unread", "unread for a year"}
