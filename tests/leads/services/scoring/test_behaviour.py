"""What prospects do counts whichever way it comes in, and goes with a lead that is merged."""

import pytest

from accounts.enums import Role, Scope
from leads.enums import Duplicates, EventKind
from leads.models import Behaviour, Event, Lead
from leads.rules.scoring.kinds import BehaviourKind
from leads.rules.scoring.links import visitor_word
from leads.rules.scoring.sheet import Group, Rule
from leads.services.mails import take_mail
from leads.services.merging_leads import merge_leads, undo_merge
from leads.services.scoring.behaviour import Deed, note_behaviour
from leads.services.scoring.links import LinkSettings, create_link, follow
from tests.factories import make_key, make_lead
from tests.leads.api.caller import Caller
from tests.leads.files import bring_in, csv_of
from tests.leads.intake.letters import mail
from tests.leads.intake.senders import FORM
from tests.leads.intake.sending import make_mailbox, make_source, post
from tests.leads.services.house import of_form
from tests.leads.services.scoring.book import PAPER, publish, score

AGAIN = Rule("", Group.BEHAVIOUR, BehaviourKind.FORM_REPEATED, 8)
VISIT = Rule("", Group.BEHAVIOUR, BehaviourKind.PAGE_VISITED, 5, is_each=True, most=50)


def web_site(cast) -> Caller:
    """A program of Northgate's."""
    return Caller(make_key(cast.olga, Role.MARKETPLACE_MANAGER, Scope.WRITE))


def by_webhook(cast, client):
    source = make_source(cast.olga, f"listing-{cast.listing.pk}")
    post(client, source, b"email=Ana%40northwind.example&first_name=Ana", FORM)


def by_mail(cast, client):
    mailbox = make_mailbox(cast.olga, f"listing-{cast.listing.pk}")
    raw = mail("From: Ana <ana@northwind.example>", "Subject: Backup", body="Please call me.")
    take_mail(mailbox, raw, size=len(raw))


def by_api(cast, client):
    sent = {"first_name": "Ana", "last_name": "Sousa", "email": "ana@northwind.example"}
    answer = web_site(cast).post("leads/", {"listing": cast.listing.slug, "answers": sent})
    assert answer.json()["score"] == 8, "the score that it has by now"


def by_file(cast, client):
    text = csv_of(("First name", "Email"), [("Ana", "ana@northwind.example")])
    bring_in(text, cast.olga, duplicates=Duplicates.CREATE)


@pytest.mark.parametrize("way", [by_webhook, by_mail, by_api])
def test_a_form_that_is_sent_again_counts_whichever_way_it_comes(cast, client, settings, way):
    settings.INTAKE_MAIL = "leads@in.example.com"
    publish(cast.olga, AGAIN)
    first = of_form(cast)
    way(cast, client)
    again = Lead.objects.exclude(pk=first.pk).get()
    assert (score(first), score(again)) == (8, 8)
    [deed] = Behaviour.objects.filter(lead=again)
    assert (deed.kind, deed.key) == ("form_repeated", f"form {again.reference}")


def test_a_row_of_a_file_is_no_deed_of_the_prospect(cast, client):
    publish(cast.olga, AGAIN)
    of_form(cast)
    by_file(cast, client)
    assert Lead.objects.count() == 2
    assert not Behaviour.objects.exists()


def test_a_paper_that_a_web_site_reports_counts_once_for_its_reader(cast):
    publish(cast.olga, PAPER)
    lead, foreign = of_form(cast), make_lead(cast.southgate, email="ana@northwind.example")
    report = {"kind": "paper_downloaded", "about": "guide", "email": "Ana@Northwind.example"}
    call = web_site(cast)
    for _time in range(2):
        answer = call.post("behaviour/", report, Idempotency_Key="download-1")
        assert answer.json() == {"leads": 1}
    assert (score(lead), score(foreign)) == (10, 0)
    refused = call.post("behaviour/", {**report, "email": "", "lead": foreign.reference})
    assert refused.status_code == 422
    assert Behaviour.objects.count() == 1


@pytest.fixture
def pair(cast):
    """Two leads of one prospect, which has seen a page for each, and sent the form for both."""
    publish(cast.olga, VISIT, AGAIN, threshold=15)
    kept, gone = of_form(cast), of_form(cast)
    for lead, about in ((kept, "pricing"), (gone, "security"), (gone, "terms")):
        note_behaviour([lead], Deed(BehaviourKind.PAGE_VISITED, about), actor=cast.olga)
    both = Deed(BehaviourKind.FORM_REPEATED, "Contact", key="form LD-1")
    note_behaviour([kept, gone], both, actor=cast.olga)
    assert (score(kept), score(gone)) == (13, 18)
    return kept, gone


def test_what_the_prospect_did_goes_with_a_merge_and_comes_back_with_its_undo(cast, pair):
    kept, gone = pair
    merge_leads(kept, gone, actor=cast.olga)
    assert score(kept) == 23, "three pages; the form that both had once"
    assert Lead.objects.get(pk=kept.pk).mql_at is not None
    assert Event.objects.filter(lead=kept, kind=EventKind.MARKETING_QUALIFIED).count() == 1
    undo_merge(kept.merges.get(), actor=cast.olga)
    assert (score(kept), score(gone)) == (13, 18)
    assert Lead.objects.get(pk=kept.pk).mql_at is None
    found = Behaviour.objects.filter(lead=gone).order_by("pk").values_list("about", flat=True)
    assert list(found) == ["security", "terms", "Contact"]


def test_a_link_that_a_merged_lead_was_sent_counts_for_the_one_that_it_is_part_of(cast, pair):
    kept, gone = pair
    wanted = LinkSettings("Prices", BehaviourKind.PAGE_VISITED, "pricing", "https://n.example/")
    link = create_link(wanted, actor=cast.olga)
    merge_leads(kept, gone, actor=cast.olga)
    follow(link.key, visitor_word(link.key, gone.reference))
    assert score(kept) == 28
    assert Behaviour.objects.get(link=link).lead == kept
