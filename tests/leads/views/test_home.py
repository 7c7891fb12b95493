"""Home: what waits, with its age and the list that shows exactly these; first use; help."""

import re
from datetime import timedelta
from html import unescape

import pytest

from accounts.enums import Role
from leadportal.common import clock
from leads.enums import Audience, HolderDesk, ImportState, NoteKind, Qualification, Status
from leads.models import Import, Lead, Target
from leads.rules.scoring.sheet import Compare, Group, Rule
from leads.services.conversion import Wish, request_conversion
from leads.services.lifecycle import assign_lead
from leads.services.marks import set_next_step
from leads.services.notes import add_note
from templates_app.models import TemplateVersion
from tests.factories import make_lead, make_person, make_product, make_target, make_user
from tests.leads.services.scoring.book import publish
from tests.leads.views.reading import number_of_queries, text_of


def lines_of(answer) -> list[tuple[str, str, str]]:
    """Address, number and words of each waiting line."""
    page = answer.content.decode().split("Your next steps")[0].split("Recent activity")[0]
    found = re.findall(r'<a href="([^"]+)"><b>([^<]+)</b><span>([^<]+)</span>', page)
    return [(unescape(address), number, words) for address, number, words in found]


def shares_of(answer) -> list[tuple[str, str, int]]:
    """Address, recipient and number of each part of a line."""
    shares = re.findall(
        r'<li><a href="([^"]+)">([^<]+) <b>(\d+)</b></a></li>', answer.content.decode()
    )
    return [(unescape(address), unescape(name), int(number)) for address, name, number in shares]


@pytest.fixture
def busy(cast, held, referred):
    """Something for everybody."""
    old = {
        "created_at": clock.now() - timedelta(days=5),
        "status_changed_at": clock.now() - timedelta(days=3),
    }
    make_lead(cast.northgate, Status.SUBMITTED, **old)
    make_lead(
        cast.northgate, Status.SUBMITTED, product=cast.product, qualification=Qualification.PENDING
    )
    held(Status.ASSIGNED)
    make_lead(cast.northgate, Status.ASSIGNED, holder_desk=HolderDesk.SALES)
    make_lead(
        cast.northgate, Status.REFERRED, holder_desk=HolderDesk.SALES, in_charge_id=cast.sam.user_id
    )
    ripple = {
        "holder": cast.ripple,
        "holder_desk": HolderDesk.COMPANY,
        "maker": cast.ripple,
        "maker_kinds": 1,
    }
    make_lead(cast.northgate, Status.REFERRED, **ripple)
    make_lead(cast.northgate, Status.CONVERTED, **ripple)
    vertex = {
        "holder": cast.vertex,
        "holder_desk": HolderDesk.COMPANY,
        "maker": cast.vertex,
        "maker_kinds": 1,
    }
    make_lead(cast.northgate, Status.PENDING_SUBMISSION, product=cast.product, **vertex)
    request_conversion(referred, wish=Wish("N", "n@example.com"), actor=cast.ann)


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("olga", ["2 leads wait to be assigned", "1 lead has waited for more than 48 hours",
                  "1 conversion waits for your approval", "1 lead waits to be qualified"]),
        ("rita", ["2 leads wait to be assigned", "1 lead has waited for more than 48 hours",
                  "1 conversion waits for your approval"]),
        ("sam", ["1 lead waits to be accepted", "1 lead in your charge has no note yet",
                 "1 open lead in your charge"]),
        ("vera", ["1 lead waits to be qualified", "1 lead waits to be submitted"]),
        ("ann", ["1 lead given to your company is not opened yet", "1 lead waits to be accepted",
                 "1 open lead in your charge"]),
        ("ray", ["1 referral is being worked on", "1 referral became a customer"]),
    ],
)  # fmt: skip
def test_each_role_reads_what_waits_for_it(cast, sign_in, busy, who, words):
    lines = lines_of(sign_in(getattr(cast, who)).get("/"))
    assert [f"{number} {text}" for _address, number, text in lines] == words


@pytest.mark.parametrize("who", ["olga", "rita", "sam", "vera", "ann", "ray"])
def test_every_line_counts_what_its_list_shows(cast, sign_in, busy, who):
    from django.http import QueryDict

    from leads.filters import Asked

    actor = getattr(cast, who)
    lines = lines_of(sign_in(actor).get("/"))
    assert 1 <= len(lines) <= 5
    for address, number, _words in lines:
        path, _question, query = address.partition("?")
        if path == "/leads/":
            asked = Asked(QueryDict(query), actor)
            assert asked.filters.qs.count() == int(number), address
            assert asked.notices == []
            assert not asked.filters.form.errors


def test_opening_a_lead_and_writing_a_note_take_it_off_the_list(cast, sign_in, held):
    lead = held(Status.ASSIGNED)
    client = sign_in(cast.ann)
    assert "is not opened yet" in text_of(client.get("/"))
    client.get(f"/leads/{lead.reference}/")
    assert "is not opened yet" not in text_of(client.get("/"))
    mine = {"holder_desk": HolderDesk.SALES, "in_charge_id": cast.sam.user_id}
    lead = make_lead(cast.northgate, Status.REFERRED, product=cast.product, **mine)
    client = sign_in(cast.sam)
    assert "has no note yet" in text_of(client.get("/"))
    # A note of another company's own is none for the reader.
    secret = {"body": "Ours", "kind": NoteKind.NOTE, "audience": Audience.COMPANY}
    add_note(lead, actor=cast.vera, **secret)
    assert "has no note yet" in text_of(client.get("/"))
    add_note(lead, actor=cast.sam, **secret)
    assert "has no note yet" not in text_of(client.get("/"))


def test_leads_close_to_the_threshold_of_their_rules_wait_for_their_vendor(cast, sign_in):
    """By the vendor's own rules for one product, by the host's for the other."""
    other = make_product(cast.vertex)
    for product, scores in ((cast.product, (49, 50, 59, 60)), (other, (24, 25, 29, 30, 55))):
        for points in scores:
            make_lead(cast.northgate, product=product, size=str(points))
    make_lead(cast.northgate, Status.CONVERTED, product=cast.product, size="55", score=55)
    assert "close to the score threshold" not in text_of(sign_in(cast.vera).get("/"))
    rules = [
        Rule("", Group.FIT, "size", points, test=Compare.IS, values=(str(points),))
        for points in (24, 25, 29, 30, 49, 50, 55, 59, 60)
    ]
    publish(cast.olga, *rules, threshold=30)
    publish(cast.vera, *rules, threshold=60, product=cast.product)
    words = text_of(sign_in(cast.vera).get("/"))
    assert "4 leads are close to the score threshold" in words


def test_what_waits_too_long_is_shown_by_recipient(cast, sign_in, held):
    old = {"status_changed_at": clock.now() - timedelta(days=3)}
    for holder in (cast.alpha, cast.alpha, cast.beta):
        make_lead(
            cast.northgate, Status.ASSIGNED, holder=holder, holder_desk=HolderDesk.COMPANY, **old
        )
    make_lead(cast.northgate, Status.SUBMITTED, **old)
    client = sign_in(cast.rita)
    shares = shares_of(client.get("/"))
    assert [(name, n) for _address, name, n in shares] == [
        ("Alpha", 2),
        ("Beta", 1),
        ("Northgate", 1),
    ]
    for address, _name, number in shares:
        assert client.get(address).content.decode().count('class="row-main"') == number


def test_operator_reads_what_has_failed(cast, sign_in):
    make_lead(cast.northgate, Status.SUBMITTED)  # home without a lead says how leads come
    now = clock.now()
    boss = make_person(cast.northgate, Role.MARKETPLACE_MANAGER, Role.COMPANY_ADMIN)
    manager = {"user_id": boss.user_id, "company": cast.northgate, "desk_id": boss.desk_id}
    for number, failed in enumerate([3, 0]):
        Import.objects.create(
            name=f"file{number}.csv", kind="csv", size=1, state=ImportState.DONE, failed=failed,
            finished_at=now, expires_at=now + timedelta(days=1), **manager,
        )  # fmt: skip
    for name, since in (("Down", now), ("Fine", None)):
        target = make_target(boss, url=f"https://{name.lower()}.example/hook")
        Target.objects.filter(pk=target.pk).update(name=name, failing_since=since)
    long_ago = now - timedelta(days=31)
    TemplateVersion.objects.filter(pk=cast.listing.version_id).update(published_at=long_ago)
    client = sign_in(boss)
    lines = {
        words: address for address, number, words in lines_of(client.get("/")) if number == "1"
    }
    assert set(lines) >= {
        "Slack channel or webhook is failing",
        "import has errors",
        "template has brought no lead for 30 days",
    }
    page = text_of(client.get(lines["Slack channel or webhook is failing"]))
    assert "Down" in page
    assert "Fine" not in page
    page = text_of(client.get(lines["import has errors"]))
    assert "file0.csv" in page
    assert "file1.csv" not in page
    quiet = lines["template has brought no lead for 30 days"]
    assert cast.listing.version.template.name in text_of(client.get(quiet))

    make_lead(
        cast.northgate,
        Status.SUBMITTED,
        product=cast.product,
        template_version=cast.listing.version,
    )
    assert "no lead for 30 days" not in text_of(client.get("/"))
    assert "Every open form has brought a lead lately" in text_of(client.get(quiet))


def test_a_line_says_how_old_its_oldest_is(cast, sign_in, busy):
    words = text_of(sign_in(cast.rita).get("/"))
    assert "leads wait to be assigned oldest 5 days" in words
    assert "lead has waited for more than 48 hours oldest 3 days" in words


def test_own_next_steps_are_shown_by_day(cast, sign_in, referred):
    set_next_step(
        referred, text="Send quote", on=(clock.now() + timedelta(days=2)).date(), actor=cast.ann
    )
    assert "Your next steps Send quote Northwind Traders" in text_of(sign_in(cast.ann).get("/"))
    assert "Send quote" not in text_of(sign_in(cast.rita).get("/"))


def test_recent_activity_is_of_visible_leads_and_readable_lines(cast, sign_in, referred):
    assert "Northwind Traders Lead accepted Ann Abe, Alpha" in text_of(sign_in(cast.ann).get("/"))
    assert "Lead accepted" not in text_of(sign_in(cast.ben).get("/"))
    assert "Lead accepted" not in text_of(sign_in(cast.otto).get("/"))


def test_recent_activity_leaves_scores_to_the_lead(cast, sign_in):
    lead = make_lead(cast.northgate, size="large", product=cast.product)
    publish(
        cast.olga, Rule("", Group.FIT, "size", 40, test=Compare.IS, values=("large",)), threshold=40
    )
    said = text_of(sign_in(cast.olga).get("/")).split("Recent activity")[1]
    assert "Marketing qualified" in said
    assert "Score changed" not in said
    assert "Score changed" in text_of(sign_in(cast.olga).get(f"/leads/{lead.reference}/history/"))


def test_home_costs_the_same_with_many_leads(cast, sign_in, busy):
    client = sign_in(cast.olga)
    one = number_of_queries(client, "/")
    for _number in range(12):
        lead = make_lead(
            cast.northgate,
            Status.SUBMITTED,
            qualification=Qualification.PENDING,
            product=cast.product,
        )
        assign_lead(lead, to=cast.alpha, actor=cast.olga)
    assert number_of_queries(client, "/") <= one + 1
    assert one <= 25


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("vera", "Leads arrive when a prospect fills in one of your forms."),
        ("ann", "Leads your marketplace gives you will appear here."),
        ("olga", "Leads will appear here as they come in."),
        ("ray", "Add a lead"),
        ("cleo", "You work at Contoso."),
    ],
)
def test_first_use_says_what_will_be_here(cast, sign_in, who, sentence):
    assert not Lead.objects.exists()
    assert sentence in text_of(sign_in(getattr(cast, who)).get("/"))


def test_staff_without_a_company_go_to_admin(client, db):
    client.force_login(
        make_user("staff@example.com", is_staff=True),
        backend="accounts.backends.PortalBackend",
    )
    assert client.get("/").url == "/admin/"


@pytest.mark.parametrize("who", ["olga", "ann", "ray", "cleo"])
def test_help_explains_words_statuses_and_actions(cast, sign_in, who):
    words = text_of(sign_in(getattr(cast, who)).get("/help/"))
    for said in (
        "Recipient",
        "Submitted",
        "Disqualified",
        "Convert to Customer",
        "Whom to ask",
        "48 hours",
    ):
        assert said in words
