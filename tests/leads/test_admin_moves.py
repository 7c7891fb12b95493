"""Moves in Django admin: the services do them, as operator of the lead's host, and say what was refused."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from leads.admin.confirm import MOST
from leads.admin.moves import MOVES
from leads.enums import (
    EventKind,
    HolderDesk,
    Outcome,
    Progress,
    Qualification,
    RequestState,
    Status,
)
from leads.models import ConversionRequest, DisqualifyReason, Event, Lead
from leads.rules.privacy import ErasureReason
from leads.rules.workflow import Action
from tests.factories import make_lead
from tests.leads.admin_client import move, said, sign_in_staff

LIST = "/admin/leads/lead/"


@pytest.fixture
def staff(client):
    return sign_in_staff(client)


def ask(lead, slug):
    return f"{LIST}{lead.pk}/move/{slug}/"


def fresh(lead):
    return Lead.objects.get(pk=lead.pk)


def requested(cast):
    """A lead whose conversion Alpha has asked for."""
    lead = make_lead(
        cast.northgate, Status.REFERRED, holder=cast.alpha, holder_desk=HolderDesk.COMPANY
    )
    wish = {"company_name": lead.company, "email": lead.email}
    ConversionRequest.objects.create(lead=lead, company=cast.alpha, values=wish)
    return lead


def submitted(cast):
    return make_lead(cast.northgate)


def pending(cast):
    return make_lead(cast.northgate, product=cast.product, qualification=Qualification.PENDING)


def deleted(cast):
    return make_lead(cast.northgate, Status.DELETED, status_before_delete=Status.ASSIGNED)


def converted(cast):
    return make_lead(cast.northgate, Status.CONVERTED, outcome=Outcome.OPEN)


# slug: a lead that it can be done to, what the form asks, the columns afterwards, the line of history
CASES = {
    "assign": (
        submitted,
        lambda cast: {"to": "company", "company": cast.alpha.pk},
        lambda cast: {"status": Status.ASSIGNED, "holder": cast.alpha},
        EventKind.ASSIGNED,
    ),
    "disqualify": (
        submitted,
        lambda cast: {"reason": "Spam or test"},
        lambda cast: {"status": Status.DISQUALIFIED},
        EventKind.DISQUALIFIED,
    ),
    "qualify": (
        pending,
        lambda cast: {},
        lambda cast: {"qualification": Qualification.QUALIFIED},
        EventKind.QUALIFIED,
    ),
    "invalid": (
        pending,
        lambda cast: {},
        lambda cast: {"status": Status.DISQUALIFIED, "qualification": Qualification.INVALID},
        EventKind.MARKED_INVALID,
    ),
    "approve": (
        requested,
        lambda cast: {"comment": "Fine"},
        lambda cast: {"status": Status.CONVERTED},
        EventKind.CONVERTED,
    ),
    "deny": (
        requested,
        lambda cast: {"comment": "Not yet"},
        lambda cast: {"status": Status.REFERRED},
        EventKind.APPROVAL_DENIED,
    ),
    "progress": (
        submitted,
        lambda cast: {"progress": "contacted"},
        lambda cast: {"progress": Progress.CONTACTED},
        EventKind.PROGRESS_CHANGED,
    ),
    "outcome": (
        converted,
        lambda cast: {"outcome": "won"},
        lambda cast: {"outcome": Outcome.WON},
        EventKind.OUTCOME_CHANGED,
    ),
    "delete": (
        submitted,
        lambda cast: {},
        lambda cast: {"status": Status.DELETED},
        EventKind.DELETED,
    ),
    "restore": (
        deleted,
        lambda cast: {},
        lambda cast: {"status": Status.ASSIGNED},
        EventKind.RESTORED,
    ),
    "anonymise": (
        submitted,
        lambda cast: {"reason": ErasureReason.REQUEST},
        lambda cast: {"email": "", "status": Status.SUBMITTED},
        EventKind.ANONYMISED,
    ),
}


def test_every_move_has_a_case():
    assert set(CASES) == set(MOVES)


@pytest.mark.parametrize("slug", CASES)
def test_move_of_one_lead(cast, client, staff, slug):
    make, answers, after, kind = CASES[slug]
    lead = make(cast)
    asked = client.get(ask(lead, slug))
    assert asked.status_code == 200
    assert str(MOVES[slug].button) in asked.content.decode()
    assert not Event.objects.filter(lead=lead).exists()  # asking changes nothing
    done = client.post(ask(lead, slug), {**answers(cast), "confirmed": "1"})
    assert (done.status_code, done["location"]) == (302, f"{LIST}{lead.pk}/change/")
    for column, value in after(cast).items():
        assert getattr(fresh(lead), column) == value, column
    line = Event.objects.get(lead=lead, kind=kind)
    assert (line.actor_user, line.is_staff, line.actor_company) == (staff, True, cast.northgate)
    assert LogEntry.objects.filter(object_id=lead.pk, user=staff).exists()


@pytest.mark.parametrize("slug", CASES)
def test_move_of_several_leads_from_the_list(cast, client, staff, slug):
    make, answers, after, _kind = CASES[slug]
    leads = [make(cast), make(cast)]
    chosen = {"action": slug, "_selected_action": [lead.pk for lead in leads]}
    page = client.post(f"{LIST}?status__exact=2", chosen)
    for lead in leads:
        assert lead.reference in page.content.decode() or slug in {
            "restore",
            "outcome",
            "approve",
            "deny",
        }  # fmt: skip
    done = move(client, slug, *leads, **answers(cast))
    assert (done.status_code, done["location"]) == (302, LIST)
    assert said(done) == ["2 leads were changed."]
    for lead in leads:
        for column, value in after(cast).items():
            if (slug, column) != ("approve", "status"):
                assert getattr(fresh(lead), column) == value, column


def test_list_is_shown_with_the_same_filters_afterwards(cast, client, staff):
    done = move(client, "delete", submitted(cast), query="?status__exact=2&p=1")
    assert done["location"] == f"{LIST}?status__exact=2&p=1"


def test_leads_that_are_refused_are_named_with_the_reason(cast, client, staff):
    open_lead, closed, foreign = submitted(cast), converted(cast), make_lead(cast.southgate)
    junk = DisqualifyReason.objects.filter(host=cast.southgate, label="Spam or test")
    junk.update(label="Junk")
    done = move(client, "disqualify", open_lead, closed, foreign, reason="Spam or test")
    messages = said(done)
    assert messages[0] == "1 lead was changed."
    assert any(closed.reference in one and "cannot be disqualified" in one for one in messages)
    assert any(foreign.reference in one and "Southgate has no reason" in one for one in messages)
    assert fresh(closed).status == Status.CONVERTED
    assert fresh(foreign).status == Status.SUBMITTED


def test_staff_act_for_the_host_of_each_lead(cast, client, staff):
    leads = [submitted(cast), make_lead(cast.southgate)]
    move(client, "disqualify", *leads, reason="Spam or test")
    lines = Event.objects.filter(kind=EventKind.DISQUALIFIED)
    assert {line.actor_company for line in lines} == {cast.northgate, cast.southgate}


@pytest.mark.parametrize(
    ("slug", "answers", "sentence"),
    [
        ("assign", {"to": "company"}, "Choose a company"),
        ("assign", {"to": "company", "company": "999999"}, "Choose a company"),
        ("assign", {"to": "company", "company": "9" * 30}, "Choose a company"),
        ("assign", {"to": "\x00"}, "Choose"),
        ("disqualify", {"reason": ""}, "Choose a reason"),
        ("disqualify", {"reason": "Nonsense"}, "Choose a reason"),
        ("progress", {"progress": "done"}, "Choose"),
        ("anonymise", {"reason": ""}, "Choose why"),
        ("anonymise", {"reason": "because"}, "Choose why"),
        ("assign", {"to": "sales", "message": "x" * 301}, "300"),
    ],
)
def test_bad_answers_are_refused_and_nothing_is_written(
    cast, client, staff, slug, answers, sentence
):
    lead = submitted(cast)
    before = Lead.objects.values().get(pk=lead.pk)
    for done in (
        client.post(ask(lead, slug), {**answers, "confirmed": "1"}),
        move(client, slug, lead, **answers),
    ):
        assert done.status_code == 422
        assert sentence in done.content.decode()
    assert Lead.objects.values().get(pk=lead.pk) == before
    assert not Event.objects.filter(lead=lead).exists()


def test_a_reason_that_needs_words_is_refused_by_the_service(cast, client, staff):
    lead = submitted(cast)
    done = move(client, "disqualify", lead, reason="Other")
    assert said(done) == [f"{lead.reference}: Enter an explanation for this reason"]
    assert fresh(lead).status == Status.SUBMITTED


def test_only_what_can_be_done_now_is_offered(cast, client, staff):
    for make, offered in [
        (submitted, {"assign", "disqualify", "progress", "delete", "anonymise"}),
        (
            pending,
            {"assign", "disqualify", "qualify", "invalid", "progress", "delete", "anonymise"},
        ),
        (deleted, {"restore", "anonymise"}),
        (converted, {"progress", "outcome", "anonymise"}),
        (requested, {"assign", "approve", "deny", "disqualify", "progress", "delete", "anonymise"}),
    ]:
        lead = make(cast)
        page = client.get(f"{LIST}{lead.pk}/change/").content.decode()
        assert {slug for slug in MOVES if f"/move/{slug}/" in page} == offered, make.__name__
        for slug in MOVES:
            expected = 200 if slug in offered else 404
            assert client.get(ask(lead, slug)).status_code == expected, (make.__name__, slug)


def test_unknown_moves_and_leads_are_not_there(cast, client, staff):
    assert client.get(ask(submitted(cast), "explode")).status_code == 404
    for number in ("0", "999999", "9" * 40, "x", "%00"):
        assert client.get(f"{LIST}{number}/move/delete/").status_code == 404, number


def test_so_many_at_once_are_refused(cast, client, staff):
    leads = [submitted(cast) for _number in range(3)]
    from leads.admin import confirm

    assert confirm.MOST == MOST == 200
    lead = leads[0]
    Lead.objects.bulk_create(
        [
            Lead(
                host=lead.host,
                holder=lead.host,
                holder_desk=HolderDesk.HOST,
                status=Status.SUBMITTED,
                source_kind=3,
                reference=f"LD-{number}",
            )
            for number in range(MOST)
        ]
    )
    post = {"action": "delete", "_selected_action": [lead.pk], "select_across": "1", "index": "0"}
    done = client.post(LIST, post)
    assert said(done) == [f"Choose at most {MOST} leads at once."]
    assert not Lead.objects.filter(status=Status.DELETED).exists()


@pytest.mark.parametrize("permission", ["view_lead", "change_lead", "delete_lead"])
def test_moves_ask_for_the_permission(cast, client, permission):
    user = sign_in_staff(client, is_superuser=False)
    for codename in {"view_lead", permission}:
        user.user_permissions.add(Permission.objects.get(codename=codename))
    lead = submitted(cast)
    may_move, may_erase = permission == "change_lead", permission == "delete_lead"
    assert client.get(ask(lead, "delete")).status_code == (200 if may_move else 404)
    assert client.get(ask(lead, "anonymise")).status_code == (200 if may_erase else 404)
    move(client, "delete", lead)
    assert (fresh(lead).status == Status.DELETED) is may_move
    move(client, "anonymise", lead, reason="request")
    assert (fresh(lead).email == "") is may_erase


def test_people_of_the_portal_cannot_move_by_admin(cast, client, sign_in):
    lead = submitted(cast)
    for actor in (None, cast.olga, cast.ann):
        if actor:
            sign_in(actor)
        for done in (
            move(client, "delete", lead),
            client.post(ask(lead, "delete"), {"confirmed": 1}),
        ):
            assert done.status_code == 302
            assert "/login/" in done["location"]
    assert fresh(lead).status == Status.SUBMITTED


def test_table_covers_the_moves_that_need_no_more_than_a_form():
    done_here = {move.action for move in MOVES.values() if move.action}
    assert done_here >= {Action.ASSIGN, Action.DISQUALIFY, Action.DELETE, Action.RESTORE}


def test_a_request_stays_when_it_is_not_answered(cast, client, staff):
    lead = requested(cast)
    client.get(ask(lead, "approve"))
    assert ConversionRequest.objects.get(lead=lead).state == RequestState.PENDING
