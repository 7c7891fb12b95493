"""One lead out of two, and two again: what moves, who sees what, and nothing is lost (domain.md section 7)."""

import json
from datetime import timedelta

import pytest
from django.apps import apps

from accounts.actors import SYSTEM
from accounts.enums import CustomerRight, Role
from accounts.models import Membership
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden, NotFound
from leads.enums import Audience, EventKind, HolderDesk, NoteKind, Status
from leads.exceptions import MergedAway
from leads.models import Event, Lead, LeadAccess, LeadMerge, LeadProduct, Note
from leads.selectors.detail import find_lead
from leads.selectors.duplicates import possible_duplicates
from leads.selectors.notes import thread
from leads.services.conversion import Wish, request_conversion
from leads.services.integrity import access_faults, history_faults
from leads.services.leads import edit_lead
from leads.services.lifecycle import assign_lead
from leads.services.marks import set_next_step
from leads.services.merging_leads import forget_merges, merge_leads, undo_merge
from leads.services.notes import add_note
from tests.factories import make_lead, make_person, make_product
from tests.test_races import race

# History only grows, and says that both happened; a version counts every change, so that a stale form is noticed.
GROWS = {"Event", "EventValue", "LeadMerge"}


def dump() -> dict:
    """Every row of every table of ours, but for what only grows."""
    found = {}
    for app in ("leads", "accounts", "templates_app"):
        for model in apps.get_app_config(app).get_models():
            if model.__name__ in GROWS:
                continue
            rows = [{**row, "version": 0} for row in model._base_manager.values()]
            found[model.__name__] = sorted(json.dumps(row, default=str) for row in rows)
    return found


@pytest.fixture
def pair(cast):
    """Two leads of Ana: Alpha works on the first, Beta on the second, which has notes, a product and a past."""
    referred = {"holder": cast.alpha, "holder_desk": HolderDesk.COMPANY}
    kept = make_lead(cast.northgate, Status.REFERRED, **referred, email="ana@nw.example", city="")
    gone = make_lead(
        cast.northgate,
        email="Ana+shop@NW.example",
        city="Porto",
        phone="+44 (0)20 7946 0000",
        attributes={"vat": "PT5", "nick": "Aninhas"},
    )
    Lead.objects.filter(pk=kept.pk).update(attributes={"vat": "GB1"})
    assign_lead(gone, to=cast.alpha, actor=cast.rita)
    assign_lead(gone, to=cast.beta, actor=cast.rita)  # Alpha keeps a view of the past
    gone = Lead.objects.get(pk=gone.pk)
    for audience in Audience:
        add_note(
            gone, body=f"For {audience}", kind=NoteKind.CALL, audience=audience, actor=cast.ben
        )
    for lead, names in ((kept, ["One"]), (gone, ["Two"])):
        for name in names:
            product = make_product(cast.vertex, name)
            LeadProduct.objects.create(lead=lead, product=product)
    LeadProduct.objects.create(lead=gone, product=kept.lead_products.get().product)
    set_next_step(gone, text="Call Ana", on=clock.now().date(), actor=cast.ben)
    return Lead.objects.get(pk=kept.pk), Lead.objects.get(pk=gone.pk)


def broken_lines() -> list[str]:
    """Faults of history itself; the factory's leads have no beginning there."""
    return [fault for fault in history_faults() if " at " not in fault]


def lines(lead, kind) -> list[Event]:
    """The lines of one kind in a lead's history."""
    return list(Event.objects.filter(lead=lead, kind=kind))


def test_fields_are_taken_one_by_one_and_children_move(cast, pair):
    kept, gone = pair
    taken = ["city", "next_step", "attribute:vat"]
    merged = merge_leads(kept, gone, take=taken, actor=cast.olga)
    merged.refresh_from_db()
    assert (merged.city, merged.email, merged.phone) == ("Porto", "ana@nw.example", "")
    assert merged.attributes == {"vat": "PT5", "nick": "Aninhas"}
    assert (merged.next_step, merged.next_step_by_id) == ("Call Ana", cast.ben.user_id)
    assert (merged.status, merged.holder) == (Status.REFERRED, cast.alpha)
    assert Note.objects.filter(lead=kept).count() == 2
    names = kept.lead_products.values_list("product__name", flat=True)
    assert sorted(names) == ["One", "Two"]
    (line,), (other,) = lines(kept, EventKind.MERGED), lines(gone, EventKind.MERGED)
    assert (line.data["reference"], line.data["side"]) == (gone.reference, "kept")
    assert (other.data["reference"], other.data["side"]) == (kept.reference, "gone")
    assert line.values.get(field="city").new == "Porto"
    assert list(access_faults()) == []
    assert broken_lines() == []


def test_nobody_sees_the_one_that_goes_and_its_address_leads_on(cast, pair, sign_in):
    kept, gone = pair
    before = {
        who: sign_in(getattr(cast, who)).get("/leads/?q=nw.example") for who in ("olga", "ben")
    }
    assert gone.reference in before["ben"].content.decode()
    merge_leads(kept, gone, actor=cast.olga)
    assert not LeadAccess.objects.filter(lead=gone).exists()
    for who in ("olga", "rita", "ann"):
        client = sign_in(getattr(cast, who))
        assert client.get(f"/leads/{gone.reference}/").url == f"/leads/{kept.reference}/"
        answer = client.post(f"/leads/{gone.reference}/disqualify/")
        assert answer.status_code == 409
        assert f"{gone.reference} was merged into {kept.reference}." in answer.content.decode()
        assert f'href="/leads/{kept.reference}/"' in answer.content.decode()
        for page in ("/leads/", "/leads/?status=assigned", f"/search/?q={gone.reference}"):
            assert f"/{gone.reference}/" not in client.get(page).content.decode(), page
        export = b"".join(client.get("/leads/export.csv").streaming_content).decode()
        assert f"{gone.reference}," not in export
    for who in ("ben", "otto"):  # the other lead is nothing to them either
        client = sign_in(getattr(cast, who))
        answer, unknown = (
            client.get(f"/leads/{word}/") for word in (gone.reference, "LD-000000000")
        )
        assert (answer.status_code, len(answer.content)) == (404, len(unknown.content)), who
    with pytest.raises(MergedAway):
        assign_lead(gone, to=None, actor=cast.rita)
    with pytest.raises(MergedAway):
        edit_lead(gone, details={"city": "X"}, attributes={}, actor=cast.olga)


@pytest.mark.parametrize("later", ["nothing", "a change"])
def test_merge_and_undo_restore_an_identical_dump(cast, pair, later):
    kept, gone = pair
    before = dump()
    taken = ["city", "phone", "next_step", "attribute:vat"]
    merge_leads(kept, gone, take=taken, actor=cast.olga)
    assert dump() != before
    if later == "a change":
        fresh = Lead.objects.get(pk=kept.pk)
        edit_lead(
            fresh, details={"city": "Braga"}, attributes={}, version=fresh.version, actor=cast.ann
        )
    undo_merge(LeadMerge.objects.get(), actor=cast.olga)
    assert list(access_faults()) == []
    assert broken_lines() == []
    kept.refresh_from_db()
    if later == "a change":  # what somebody did since stays; all else is as it was
        assert (kept.city, kept.phone, kept.attributes) == ("Braga", "", {"vat": "GB1"})
        return
    after = dump()
    assert {
        name: set(after[name]) ^ set(before[name]) for name in before if after[name] != before[name]
    } == {}
    assert LeadMerge.objects.get().before == {}
    undo_merge(LeadMerge.objects.get(), actor=cast.olga)
    assert len(lines(kept, EventKind.UNMERGED)) == len(lines(gone, EventKind.UNMERGED)) == 1


def test_undo_ends_after_thirty_days_and_goes_backwards(cast, pair, monkeypatch):
    kept, gone = pair
    third = make_lead(cast.northgate, city="Faro")
    merge_leads(third, gone, actor=cast.olga)
    merge_leads(kept, third, take=["city"], actor=cast.olga)
    first, second = LeadMerge.objects.order_by("pk")
    with pytest.raises(MergedAway):  # what it was merged into is itself part of another one
        undo_merge(first, actor=cast.olga)
    assert find_lead_error(gone.reference, cast.olga).reference == kept.reference
    monkeypatch.setattr(clock, "now", lambda: first.merged_at + timedelta(days=30))
    assert forget_merges() == 0
    undo_merge(second, actor=cast.rita)
    assert Note.objects.filter(lead=third).count() == 2
    undo_merge(first, actor=cast.rita)
    assert Note.objects.filter(lead=gone, merged_at=None).count() == 2
    merge_leads(kept, gone, actor=cast.olga)
    latest = LeadMerge.objects.order_by("-pk").first()
    monkeypatch.setattr(clock, "now", lambda: latest.merged_at + timedelta(days=31))
    with pytest.raises(Conflict, match="30 days"):
        undo_merge(latest, actor=cast.olga)
    assert forget_merges() == 1


def find_lead_error(reference, actor) -> MergedAway:
    """Where a lead has gone."""
    with pytest.raises(MergedAway) as found:
        find_lead(reference, actor)
    return found.value


def test_newer_merge_of_the_same_lead_is_undone_first(cast, pair):
    kept, gone = pair
    other = make_lead(cast.northgate)
    merge_leads(kept, gone, actor=cast.olga)
    merge_leads(kept, other, actor=cast.olga)
    first, second = LeadMerge.objects.order_by("pk")
    with pytest.raises(Conflict, match=other.reference):
        undo_merge(first, actor=cast.olga)
    undo_merge(second, actor=cast.olga)
    undo_merge(first, actor=cast.olga)
    assert not Lead.objects.filter(merged_into__isnull=False).exists()


def test_who_left_meanwhile_is_not_in_charge_of_what_comes_back(cast, pair):
    kept, gone = pair
    Lead.objects.filter(pk=gone.pk).update(in_charge=cast.ben.user_id)
    merge_leads(kept, gone, actor=cast.olga)
    Membership.objects.filter(user=cast.ben.user_id).update(is_active=False)
    assert undo_merge(LeadMerge.objects.get(), actor=cast.olga).in_charge is None
    assert list(access_faults()) == []


@pytest.mark.parametrize("side", ["kept", "gone"])
def test_withdrawn_consent_wins(cast, pair, side):
    now = clock.now()
    leads = dict(zip(("kept", "gone"), pair, strict=True))
    for lead in pair:
        Lead.objects.filter(pk=lead.pk).update(consent_text="Yes", consent_at=now)
    withdrawn = Lead.objects.filter(pk=leads[side].pk)
    withdrawn.update(
        consent_withdrawn_at=now, consent_at=now - timedelta(days=9), consent_text="Old"
    )
    merged = merge_leads(*pair, actor=cast.olga)
    merged.refresh_from_db()
    assert (merged.consent_withdrawn_at, merged.consent_text) == (now, "Old")


def test_note_that_came_with_a_merge_is_none_of_a_desk_that_had_lost_the_lead(cast, pair):
    kept, gone = pair
    merge_leads(gone, kept, actor=cast.olga)  # Alpha lost what stays, and held what goes
    sight = find_lead(gone.reference, cast.ann)
    assert sight.is_past
    add_note(gone, body="Later", kind=NoteKind.NOTE, audience=Audience.EVERYBODY, actor=cast.ben)
    notes = thread(sight, readers=[], changeable_since=clock.now())
    assert notes.count == 0


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("sam", Forbidden),
        ("ann", Forbidden),
        ("vera", Forbidden),
        ("ray", Forbidden),
        ("otto", NotFound),
    ],
)
def test_only_managers_merge(cast, pair, who, refusal):
    with pytest.raises(refusal):
        merge_leads(*pair, actor=getattr(cast, who))


def test_channel_does_not_merge_what_it_does_not_see(cast, pair):
    at_sales = make_lead(cast.northgate, holder_desk=HolderDesk.SALES, status=Status.ASSIGNED)
    with pytest.raises(NotFound):
        merge_leads(pair[0], at_sales, actor=cast.rita)
    merge_leads(pair[0], at_sales, actor=cast.olga)
    with pytest.raises(Forbidden):
        undo_merge(LeadMerge.objects.get(), actor=cast.rita)


def test_what_cannot_be_merged_says_why(cast, pair):
    kept, gone = pair
    closed = make_lead(cast.northgate, Status.DISQUALIFIED)
    foreign = make_lead(cast.southgate)
    for other, words in ((kept, "itself"), (closed, "edited"), (foreign, "distributors")):
        with pytest.raises(Conflict, match=words):
            merge_leads(kept, other, actor=SYSTEM if other == foreign else cast.olga)
    with pytest.raises(Conflict, match="changed meanwhile"):
        merge_leads(kept, gone, versions=(kept.version, gone.version - 1), actor=cast.olga)
    cast.alpha.can_create_customers = CustomerRight.APPROVAL
    request_conversion(kept, wish=Wish("Northwind", kept.email), actor=cast.ann)
    with pytest.raises(Conflict, match="conversion request"):
        merge_leads(gone, kept, actor=cast.olga)
    assert not LeadMerge.objects.exists()


def test_the_same_again_changes_nothing(cast, pair):
    kept, gone = pair
    for _time in range(2):
        assert merge_leads(kept, gone, take=["city"], actor=cast.olga) == kept
    assert len(lines(kept, EventKind.MERGED)) == 1
    with pytest.raises(MergedAway):
        merge_leads(gone, kept, actor=cast.olga)


@pytest.mark.parametrize(
    ("fields", "reasons"),
    [
        ({"email": "ANA+x@nw.example"}, ("email",)),
        ({"phone": "020 7946 0000"}, ("phone",)),
        ({"email": "a.s@nw.example", "first_name": "ÁNA", "last_name": "sousa x"}, ("name",)),
        ({"website": "https://www.nw.example/x", "last_name": "Sousa X"}, ("name",)),
        ({"email": "other@nw.example", "last_name": "Other"}, None),
        ({"email": "ana@gmail.com", "last_name": "Sousa X"}, None),
        ({"phone": "0000"}, None),
    ],
)
def test_possible_duplicates(cast, fields, reasons):
    known = {"email": "ana@nw.example", "phone": "+44 20 7946 0000", "last_name": "Sousa X"}
    lead = make_lead(cast.northgate, **known)
    other = make_lead(cast.northgate, **fields)
    found = possible_duplicates(find_lead(lead.reference, cast.olga))
    assert [(one.lead, one.reasons) for one in found] == ([(other, reasons)] if reasons else [])
    assert all(one.is_mergeable for one in found)
    nothing = {"email": "", "phone": "", "website": ""}
    edited = edit_lead(other, details=nothing, attributes={}, version=1, actor=cast.olga)
    assert not edited.keys.exists()
    assert possible_duplicates(find_lead(lead.reference, cast.olga)) == []


@pytest.mark.slow
def test_sixteen_managers_merge_at_once_in_both_directions(transactional_db, cast, pair):
    people = [make_person(cast.northgate, Role.MARKETPLACE_MANAGER) for _number in range(16)]
    works = [
        lambda who=who, two=(pair if number % 2 else pair[::-1]): merge_leads(*two, actor=who)
        for number, who in enumerate(people)
    ]
    found = race(works)
    assert set(found) <= {"done", "Conflict", "MergedAway"}, found
    stays = Lead.objects.get(pk__in=[one.pk for one in pair], merged_into=None)
    assert LeadMerge.objects.filter(kept=stays).count() == LeadMerge.objects.count() == 1
    assert len(lines(stays, EventKind.MERGED)) == 1
    assert list(access_faults()) == []


@pytest.mark.slow
def test_a_lead_moves_while_it_is_merged_away(transactional_db, cast, pair):
    kept, gone = pair
    managers = [make_person(cast.northgate, Role.RESELLER_MANAGER) for _number in range(6)]
    works = [lambda who=who: assign_lead(gone, to=cast.alpha, actor=who) for who in managers]
    found = race([*works, lambda: merge_leads(kept, gone, actor=cast.olga)])
    assert set(found) <= {"done", "Conflict", "MergedAway", "Invalid"}, found
    assert Lead.objects.get(pk=gone.pk).merged_into == kept
    assert list(access_faults()) == []
    assert broken_lines() == []
