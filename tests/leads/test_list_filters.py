"""Every filter of the list gives the leads that plain Python picks, on whichever database the tests run."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.utils import timezone

from leadportal.common import clock
from leads.enums import (
    OPEN,
    Audience,
    HolderDesk,
    NoteKind,
    Outcome,
    Progress,
    Qualification,
    SourceKind,
    Status,
)
from leads.filters import Asked
from leads.filters.tags import tags
from leads.models import LeadAccess
from leads.selectors.leads import lead_page
from leads.services.notes import add_note
from templates_app.enums import FieldKind, ProductKind
from tests.factories import make_lead, make_listing, make_product, make_version
from tests.leads.selectors.shelf import NOW, fill, references


@pytest.fixture
def shelf(cast):
    with clock.at(NOW):
        yield fill(cast)


def found(query: str, actor) -> set[str]:
    """Lead IDs of all leads that an address gives."""
    asked = Asked(QueryDict(query), actor)
    return set(references(lead_page(asked.leads, size=100).rows))


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("status=assigned", lambda one: one.status == Status.ASSIGNED),
        (
            "status=assigned&status=referred",
            lambda one: one.status in {Status.ASSIGNED, Status.REFERRED},
        ),
        ("qualification=qualified", lambda one: one.lead.qualification == Qualification.QUALIFIED),
        ("qualification=none", lambda one: one.lead.qualification == Qualification.NONE),
        (
            "progress=new&progress=delivered",
            lambda one: one.lead.progress in {Progress.NEW, Progress.DELIVERED},
        ),
        ("outcome=won", lambda one: one.lead.outcome == Outcome.WON),
        ("kind=service", lambda one: one.kind == ProductKind.SERVICE),
        ("kind=application", lambda one: one.kind == ProductKind.APPLICATION),
        ("product=acme+backup", lambda one: one.product == "Acme Backup"),
        ("marketplace=Northgate+Store", lambda one: one.lead.marketplace_id is not None),
        ("recipient=Alpha", lambda one: one.lead.holder.name == "Alpha"),
        ("recipient=Northgate", lambda one: one.lead.holder_desk == HolderDesk.HOST),
        ("recipient=Northgate+Sales", lambda one: one.lead.holder_desk == HolderDesk.SALES),
        ("source=manual", lambda one: one.lead.source_kind == SourceKind.MANUAL),
        (
            "source=product_profile&source=api",
            lambda one: one.lead.source_kind != SourceKind.MANUAL,
        ),
        ("score_from=10&score_to=20", lambda one: 10 <= one.lead.score <= 20),
        ("score_to=-1", lambda one: one.lead.score <= -1),
        ("stage=near", lambda one: one.lead.is_near and one.status in OPEN),
        ("stage=mql", lambda one: one.lead.mql_at is not None),
        ("stage=mql&stage=sql", lambda one: one.lead.mql_at or one.lead.sql_at),
        (
            "waiting=yes",
            lambda one: (
                one.status in {Status.SUBMITTED, Status.ASSIGNED}
                and one.lead.status_changed_at < NOW - timedelta(hours=48)
            ),
        ),
        ("attribute=budget&value=2000", lambda one: one.number % 6 == 2),
        ("attribute=Budget&value=2,000.0", lambda one: one.number % 6 == 2),
        ("attribute=budget&value=1000..3000", lambda one: 1 <= one.number % 6 <= 3),
        (
            "attribute=budget&value=1,000&value=..&value=3000.0",
            lambda one: 1 <= one.number % 6 <= 3,
        ),
        ("attribute=budget&value=..999.99", lambda one: one.number % 6 == 0),
        (
            "attribute=budget&value=4000&value=..&value=&attribute=tools&value=Mail",
            lambda one: one.number % 6 >= 4 and one.number % 3 > 0,
        ),
        ("question=budget&answer=200&answer=..&answer=", lambda one: one.number % 4 >= 2),
        ("attribute=tools&value=fax", lambda one: one.number % 3 == 2),
        (
            "attribute=budget&value=2000&attribute=tools&value=Mail",
            lambda one: one.number % 6 == 2 and one.number % 3 > 0,
        ),
        ("question=budget&answer=300", lambda one: one.number % 4 == 3),
        (
            "question=budget&answer=300&status=converted&kind=service",
            lambda one: (
                one.number % 4 == 3
                and one.status == Status.CONVERTED
                and one.kind == ProductKind.SERVICE
            ),
        ),
        ("view=pending", lambda one: one.status == Status.SUBMITTED),
        (
            "view=accepted",
            lambda one: (
                one.status
                in {Status.ASSIGNED, Status.REFERRED, Status.CONVERTED, Status.DISQUALIFIED}
            ),
        ),
        ("view=closed", lambda one: one.status in {Status.CONVERTED, Status.DISQUALIFIED}),
        ("view=pending&status=referred", lambda one: one.status == Status.REFERRED),
        ("view=pending&status=", lambda one: True),
        (
            "status=&qualification=&progress=&outcome=&q=&sort=-created&after=&before=&date=&unknown=1",
            lambda one: True,
        ),
    ],
)
def test_a_filter_gives_the_leads_that_it_names(cast, shelf, query, wanted):
    assert found(query, cast.olga) == shelf.those(wanted)


def test_mine_are_the_open_leads_in_my_charge(cast, shelf):
    mine = shelf.those(
        lambda one: one.lead.in_charge_id == cast.olga.user_id and one.status in OPEN
    )
    assert mine
    assert found("view=mine", cast.olga) == mine
    assert found(f"in_charge={cast.ann.user_id}", cast.olga) == shelf.those(
        lambda one: one.lead.in_charge_id == cast.ann.user_id
    )


def test_template_is_found_by_its_name(cast, shelf):
    name = cast.listing.version.template.name
    wanted = shelf.those(lambda one: one.product == "Acme Backup")
    assert found(f"template={name}", cast.olga) == wanted


def test_what_waits_to_be_opened_or_for_a_first_note(cast, shelf):
    """ux.md 1.3: each by the reader's own desk and person; both at once are either."""
    mine = shelf.those(
        lambda one: one.lead.in_charge_id == cast.olga.user_id and one.status in OPEN
    )
    unanswered = shelf.those(lambda one: one.status in {Status.SUBMITTED, Status.ASSIGNED})
    opened, noted = sorted(unanswered)[::2], sorted(mine)[0]
    LeadAccess.objects.filter(lead__reference__in=opened).update(is_unread=False)
    LeadAccess.objects.exclude(lead__reference__in=opened).update(is_unread=True)
    lead = next(one.lead for one in shelf.told if one.reference == noted)
    add_note(lead, body="Ours", kind=NoteKind.NOTE, audience=Audience.COMPANY, actor=cast.olga)
    assert found("waiting=unopened", cast.olga) == unanswered - {*opened}
    assert found("waiting=unnoted", cast.olga) == mine - {noted}
    either = (unanswered - {*opened}) | (mine - {noted})
    assert found("waiting=unopened&waiting=unnoted", cast.olga) == either
    assert found("waiting=unnoted", cast.rita) == set()


def test_deleted_leads_appear_only_when_their_status_is_chosen(cast, shelf):
    deleted = shelf.those(lambda one: one.status == Status.DELETED, deleted=True)
    assert deleted
    assert not deleted & found("", cast.olga)
    assert found("status=deleted", cast.olga) == deleted


@pytest.mark.parametrize(
    ("axis", "moment"),
    [("created", "created_at"), ("updated", "updated_at"), ("status", "status_changed_at")],
)
@pytest.mark.parametrize("zone", ["Europe/Lisbon", "Pacific/Kiritimati", "America/Adak"])
def test_days_are_whole_and_in_the_viewers_zone(cast, shelf, axis, moment, zone):
    first, last = datetime(2025, 9, 10).date(), datetime(2025, 9, 20).date()  # noqa: DTZ001
    with timezone.override(zone):
        wanted = shelf.those(
            lambda one: first <= getattr(one.lead, moment).astimezone(ZoneInfo(zone)).date() <= last
        )
        assert wanted
        assert found(f"date_axis={axis}&from={first}&to={last}", cast.olga) == wanted
        later = shelf.those(
            lambda one: getattr(one.lead, moment).astimezone(ZoneInfo(zone)).date() >= first
        )
        assert found(f"date_axis={axis}&from={first}", cast.olga) == later


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("status=lost", "status", "Choose from the list"),
        ("status=assigned&status=%00", "status", "Choose from the list"),
        ("kind=hardware", "kind", "Choose from the list"),
        ("stage=abc", "stage", "Choose from the list"),
        ("waiting=no", "waiting", "Choose from the list"),
        ("date_axis=paid", "date_axis", "Choose"),
        ("from=yesterday", "from", "Enter a date between 1900 and 2200"),
        ("from=9999-12-31", "from", "Enter a date between 1900 and 2200"),
        ("to=2025-02-30", "to", "Enter a date between 1900 and 2200"),
        (
            "from=2025-11-10&to=2025-11-01",
            "to",
            "End date must be the same as or after the start date",
        ),
        ("score_from=abc", "score_from", "Lowest score must be a number"),
        ("score_from=" + "9" * 5000, "score_from", "Lowest score must be"),
        ("score_from=9&score_to=3", "score_to", "Highest score must be the same as or more"),
        ("product=Nothing+of+this+name", "product", "We cannot find “Nothing of this name”"),
        ("product=%00%ED%A0%80%27%3B--", "product", "We cannot find"),
        ("recipient=Southgate", "recipient", "We cannot find “Southgate”"),
        ("in_charge=999999999999999999999999", "in_charge", "We cannot find"),
        ("attribute=budget&value=", "attribute", "Enter a value for Budget, or remove this filter"),
        ("attribute=budget", "attribute", "Enter a value for Budget, or remove this filter"),
        ("attribute=budget&value=lots", "attribute", "Budget must be a number"),
        ("attribute=budget&value=&value=..&value=", "attribute", "Enter a value for Budget, or"),
        ("attribute=budget&value=..%20", "attribute", "Enter a value for Budget, or"),
        ("attribute=budget&value=1..2..3", "attribute", "Budget must be a number"),
        ("attribute=budget&value=1&value=..&value=9e999", "attribute", "Budget must be a number"),
        ("attribute=budget&value=3..1", "attribute", "Highest Budget must be the same as or more"),
        ("attribute=nothing&value=3", "attribute", "Choose what “3” is a value of"),
        ("attribute=contains&value=3", "attribute", "Choose what “3” is a value of"),
        ("question=budget&answer=", "question", "Enter a value for Budget, or remove this filter"),
    ],
)
def test_an_unusable_value_is_named_and_left_out(cast, shelf, query, field, sentence):
    asked = Asked(QueryDict(query), cast.olga)
    [first, *_] = asked.filters.form.errors[field]
    assert sentence in first
    assert list(asked.filters.form.errors) == [field]
    assert found(query, cast.olga) == shelf.those()
    assert found(f"{query}&progress=new", cast.olga) == shelf.those(
        lambda one: one.lead.progress == Progress.NEW
    )


def test_what_another_host_has_cannot_be_named(cast, shelf):
    assert found("product=Acme+Backup", cast.otto) == set()
    asked = Asked(QueryDict("product=Acme+Backup&recipient=Alpha"), cast.otto)
    assert set(asked.filters.form.errors) == {"product", "recipient"}


def test_money_and_days_lie_in_a_range_of_their_own_type(cast):
    asked_for = [
        {"key": "yearly", "label": "Yearly", "kind": FieldKind.MONEY, "currency": "EUR"},
        {"key": "start", "label": "Start", "kind": FieldKind.DATE},
    ]
    version = make_version(cast.vertex, more=asked_for)
    make_listing(make_product(cast.vertex), cast.listing.marketplace, version)
    stored = {
        "low": {"yearly": {"amount": 900.5, "currency": "EUR"}, "start": "2025-09-30"},
        "high": {"yearly": {"amount": 12000, "currency": "EUR"}, "start": "2025-12-01"},
        "other": {"yearly": {"amount": 1000, "currency": "USD"}, "start": True},
        "odd": {"yearly": "1000", "start": 20251001},
        "none": {},
    }
    leads = {
        make_lead(cast.northgate, company=name, answers=answers).reference: name
        for name, answers in stored.items()
    }

    def names(query: str) -> set[str]:
        return {leads[reference] for reference in found(query, cast.olga)}

    assert names("question=yearly&answer=900..5000") == {"low"}
    assert names("question=yearly&answer=900.5..900.5") == {"low"}
    assert names("question=yearly&answer=1000..") == {"high"}
    assert names("question=yearly&answer=..1000000") == {"low", "high"}
    assert names("question=start&answer=2025-10-01..") == {"high"}
    assert names("question=start&answer=..2025-12-01") == {"low", "high"}
    assert names("question=start&answer=2025-12-01") == {"high"}
    for query, sentence in (
        ("start&answer=2025-12-01..2025-09-30", "The last day of Start must be the same as or"),
        ("start&answer=soon..", "Enter a date between 1900 and 2200"),
    ):
        [error] = Asked(QueryDict(f"question={query}"), cast.olga).filters.form.errors["question"]
        assert sentence in error
    asked = Asked(
        QueryDict("question=yearly&answer=900..5000&question=start&answer=2025-10-01.."), cast.olga
    )
    assert [tag.text for tag in tags(asked)] == [
        "Yearly is EUR 900 to 5,000",
        "Start is 1 Oct 2025 or later",
    ]


def test_an_attribute_that_a_role_may_not_see_is_no_filter_for_it(cast, shelf):
    asked = Asked(QueryDict("attribute=budget&value=2000"), cast.ann)
    assert "attribute" in asked.filters.form.errors
    assert found("attribute=budget&value=2000", cast.ann) == found("", cast.ann) != set()
