"""Webhook sources: who makes which, what their pages tell, and a mapping that mends what came before."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actors import SYSTEM
from accounts.enums import Role
from leads.enums import SubmissionState
from leads.forms.sources import field_name
from leads.models import Lead, Source, Submission
from leads.rules.privacy import ErasureReason
from leads.selectors.sources import feeds
from leads.services.privacy import anonymise_lead
from leads.services.sources import SOURCES_MOST
from tests.factories import fresh, make_listing, make_marketplace, make_product
from tests.leads.intake import senders
from tests.leads.intake.senders import FORM
from tests.leads.intake.sending import deliver, make_source, post

SECRET = "never-shown-again"
TYPED = {
    "name": "Web site",
    "shape": "auto",
    "proof": "header",
    "secret": SECRET,
    "posts_per_hour": "60",
}


@pytest.fixture
def source(cast) -> Source:
    """A source of Northgate whose leads are for Acme Backup."""
    return make_source(cast.olga, f"listing-{cast.listing.pk}")


def url(name: str, source: Source, *more: int) -> str:
    return reverse(f"leads:{name}", args=[source.pk, *more])


def test_what_leads_can_be_for_follows_the_role(cast):
    """domain.md section 4: the host's, the programme's, own products, the own company with right 1."""
    theirs = make_marketplace(cast.southgate, "Southgate Store")
    abroad = make_listing(cast.product, theirs)
    make_listing(make_product(cast.vertex, "Acme Mail"), theirs)
    cast.alpha.can_create_leads = True
    cast.alpha.save()
    hosted = {f"listing-{cast.listing.pk}", f"marketplace-{cast.marketplace.pk}"}
    offered = {
        name: {one.word for one in feeds(fresh(getattr(cast, name)))}
        for name in ("olga", "rita", "vera", "ann", "ben", "ray", "sam")
    }
    alpha = f"company-{cast.alpha.pk}"
    assert offered.pop("vera") >= {f"listing-{cast.listing.pk}", f"listing-{abroad.pk}"}
    assert offered == {
        "olga": {*hosted, alpha}, "rita": {alpha}, "ann": {alpha}, "ben": set(), "ray": set(), "sam": set(),
    }  # fmt: skip


def test_a_source_is_made_shown_and_changed_and_its_secret_is_never_shown(cast, sign_in):
    client = sign_in(cast.olga)
    new = reverse("leads:source_new")
    wrong = client.post(new, {**TYPED, "secret": "", "feed": f"listing-{cast.listing.pk}"})
    assert wrong.status_code == 422
    assert "Enter the secret that the sender signs with" in wrong.content.decode()
    foreign = make_listing(cast.product, make_marketplace(cast.southgate))
    assert client.post(new, {**TYPED, "feed": f"listing-{foreign.pk}"}).status_code == 422
    made = client.post(new, {**TYPED, "feed": f"listing-{cast.listing.pk}"}, follow=True)
    source = Source.objects.get()
    assert source.address in made.content.decode()
    again = client.post(new, {**TYPED, "feed": f"listing-{cast.listing.pk}"})
    assert "There is a source with this name" in again.content.decode()

    edit = url("source_edit", source)
    saved = client.post(edit, {**TYPED, "name": "Shop", "secret": ""})
    assert saved.status_code == 302
    source.refresh_from_db()
    assert (source.name, bool(source.secret)) == ("Shop", True)
    pages = [edit, url("source", source), url("source_mapping", source), reverse("leads:sources")]
    assert not [page for page in pages if SECRET in client.get(page).content.decode()]
    client.post(edit, {**TYPED, "proof": "address", "secret": "unused"})
    source.refresh_from_db()
    assert source.secret == ""


def test_address_is_replaced_and_source_switched_off_and_on(cast, sign_in, source):
    client = sign_in(cast.olga)
    before = source.address
    client.post(url("source_address", source))
    source.refresh_from_db()
    assert source.address != before
    assert client.post(url("source_on", source)).status_code == 409
    for word, state in (("source_off", "Switched off"), ("source_on", "In use")):
        assert client.post(url(word, source)).status_code == 302
        assert state in client.get(reverse("leads:sources")).content.decode()


def test_nobody_has_more_sources_than_a_list_can_hold(cast, sign_in, source):
    row = {"host": source.host, "company": source.company}
    Source.objects.bulk_create(Source(**row, name=f"S{n}") for n in range(SOURCES_MOST - 1))
    client = sign_in(cast.olga)
    typed = {**TYPED, "feed": f"listing-{cast.listing.pk}"}
    assert client.post(reverse("leads:source_new"), typed).status_code == 409
    assert client.get(reverse("leads:sources")).status_code == 200


def test_a_mapping_mends_what_came_before(client, cast, sign_in, source):
    """The keys come from what arrived; saving says what fills what; replay makes the lead, once."""
    told = post(client, source, b"wohin=maya%40fabrikam.example&%3Cb%3Ewas=Backup", FORM).json()
    assert not told["ok"]
    row = Submission.objects.get()
    client = sign_in(cast.olga)
    page = client.get(url("source_mapping", source)).content.decode()
    assert "maya@fabrikam.example" in page
    assert "&lt;b&gt;was" in page
    assert "<b>was" not in page
    chosen = {field_name("wohin"): "email", field_name("<b>was"): "answer:budget"}
    odd = client.post(url("source_mapping", source), {**chosen, field_name("wohin"): "owner"})
    assert odd.status_code == 422
    assert "Choose where this goes" in odd.content.decode()
    client.post(url("source_mapping", source), {**chosen, "to-unknown": "email"})
    source.refresh_from_db()
    assert source.mapping == {"wohin": "email", "<b>was": "answer:budget"}

    replay = url("source_replay", source, row.pk)
    assert client.post(replay).status_code == 302
    row.refresh_from_db()
    lead = Lead.objects.get()
    assert (row.state, row.lead) == (SubmissionState.MADE, lead)
    assert lead.email == "maya@fabrikam.example"
    assert lead.answers["<b>was"] == "Backup"  # no number, so kept as it was sent
    assert client.post(replay).status_code == 409
    assert lead.reference in client.get(url("source", source)).content.decode()
    shown = client.get(f"/leads/{lead.reference}/").content.decode()
    assert "&lt;b&gt;was" in shown


def test_replay_that_changes_nothing_says_why(client, cast, sign_in, source):
    post(client, source, b"colour=red", FORM)
    row = Submission.objects.get()
    answer = sign_in(cast.olga).post(url("source_replay", source, row.pk), follow=True)
    assert "No key is known to be an email address or a phone number" in answer.content.decode()
    assert Submission.objects.get().state == SubmissionState.ATTENTION


def test_message_page_shows_what_came_and_nothing_after_it_was_removed(
    client, cast, sign_in, source
):
    deliver(client, source, senders.CONTACT_FORM_7)
    row = Submission.objects.get()
    client = sign_in(cast.olga)
    page = client.get(url("source_delivery", source, row.pk)).content.decode()
    assert "Please call" in page
    assert "203.0.113.9" not in page
    anonymise_lead(row.lead, reason=ErasureReason.REQUEST, actor=SYSTEM)
    page = client.get(url("source_delivery", source, row.pk)).content.decode()
    assert "The personal data of this delivery were removed." in page
    assert "maya" not in page.lower()


def test_only_who_manages_a_source_sees_it_or_its_messages(client, cast, sign_in, source):
    deliver(client, source, senders.WEBFLOW)
    row = Submission.objects.get()
    own = make_source(cast.vera, f"listing-{cast.listing.pk}", name="Vertex's")
    client = sign_in(cast.vera)
    assert client.get(url("source", own)).status_code == 200
    for page in (url("source", source), url("source_delivery", source, row.pk)):
        assert client.get(page).status_code == 404
    # A message of another source does not appear under one's own.
    assert client.get(url("source_delivery", own, row.pk)).status_code == 404
    assert client.post(url("source_replay", own, row.pk)).status_code == 404
    assert {one.name for one in Source.objects.visible_to(cast.olga)} == {
        "Contact form",
        "Vertex's",
    }
    assert not Source.objects.visible_to(fresh(cast.ann)).exists()


@pytest.mark.parametrize("which", ["sources", "source"])
def test_lists_cost_the_same_with_one_row_and_many(client, cast, sign_in, source, which):
    reader = sign_in(cast.olga)
    address = reverse("leads:sources") if which == "sources" else url("source", source)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert reader.get(address).status_code == 200
        return len(queries)

    deliver(client, source, senders.WEBFLOW)
    cost()
    first = cost()
    for number in range(30):
        post(client, source, f"email=m{number}@fabrikam.example".encode(), FORM)
        make_source(cast.olga, f"marketplace-{cast.marketplace.pk}", name=f"S{number}")
    assert cost() == first


def test_log_goes_on_behind_its_page(client, cast, sign_in, source):
    for number in range(27):
        post(client, source, f"email=m{number}@fabrikam.example".encode(), FORM)
    client = sign_in(cast.olga)
    first = client.get(url("source", source))
    assert len(first.context["log"].rows) == 25
    second = client.get(url("source", source) + first.context["next_url"])
    assert len(second.context["log"].rows) == 2
    assert second.context["newest_url"] == url("source", source)
    assert client.get(url("source", source) + "?after=nonsense").status_code == 200


def test_navigation_shows_sources_to_who_manages_them(cast, sign_in):
    cast.alpha.can_create_leads = True
    cast.alpha.save()
    assert Role.COMPANY_ADMIN in cast.ann.roles
    entry = f'href="{reverse("leads:sources")}"'
    shown = {name: entry in sign_in(getattr(cast, name)).get("/help/").content.decode() for name in (
        "olga", "rita", "vera", "ann", "sam", "ben", "ray", "cleo"
    )}  # fmt: skip
    assert [name for name, is_shown in shown.items() if is_shown] == ["olga", "rita", "vera", "ann"]
