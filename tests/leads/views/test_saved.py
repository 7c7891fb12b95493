"""Saved views and columns on the pages of the list."""

import re
from datetime import date, timedelta

import pytest
from django.db.models import F

from accounts.enums import Role
from leadportal.common import clock
from leads.enums import Audience, HolderDesk, NoteKind, Status
from leads.models import Lead, LeadAccess, SavedView
from leads.services.lifecycle import assign_lead
from leads.services.marks import set_next_step
from leads.services.notes import add_note
from leads.services.views import Content, add_view, pin_views, share_view
from templates_app.models import CustomAttribute
from tests.factories import make_company, make_lead, make_person
from tests.leads.views.reading import text_of

LIST = "/leads/"


def heads_of(page) -> list[str]:
    heads = re.findall(r'(?s)<th[^>]* role="columnheader"[^>]*>(.*?)</th>', page.content.decode())
    return [" ".join(re.sub(r"<[^>]+>", "", head).split()) for head in heads]


def rows_of(page) -> list[str]:
    return re.findall(r'<tr id="(LD-\d+)"', page.content.decode())


def saved(actor, name="Hot leads", *, shared=False, columns=("company", "status"), **filters):
    view = add_view(name=name, content=Content(filters, "-created", list(columns)), actor=actor)
    return share_view(view, is_shared=True, actor=actor) if shared else view


def test_what_is_on_the_page_becomes_a_view_and_its_address_is_short(cast, sign_in):
    make_lead(cast.northgate, Status.ASSIGNED)
    make_lead(cast.northgate, Status.SUBMITTED)
    client = sign_in(cast.olga)
    query = "status=assigned&sort=company&column=company&column=score&q=sousa"
    page = client.get(f"{LIST}?{query}")
    assert "Edited" in text_of(page)
    answer = client.post(f"/leads/views/new/?{query}", {})
    assert answer.status_code == 422
    assert "Enter a name for the view" in text_of(answer)
    data = {"name": "Hot leads", "status": "assigned", "sort": "company", "q": "sousa"}
    answer = client.post("/leads/views/new/", {**data, "column": ["company", "score"]})
    assert answer["Location"] == f"{LIST}?view=hot-leads&q=sousa"
    view = SavedView.objects.get()
    assert (view.filters, view.sort, view.columns) == (
        {"status": ["assigned"]}, "company", ["company", "score"]
    )  # fmt: skip
    again = client.get(answer["Location"])
    assert heads_of(again) == ["Company", "Score"]
    assert rows_of(again) == rows_of(page) != []
    assert "Edited" not in text_of(again)


def test_changes_are_saved_or_taken_back(cast, sign_in):
    view = saved(cast.olga, status=["assigned"])
    client = sign_in(cast.olga)
    page = client.get(f"{LIST}?view=hot-leads&status=assigned&status=referred")
    body = page.content.decode()
    for words in ("Edited", "Save changes", "Save as new view", "Reset"):
        assert words in text_of(page)
    assert 'action="/leads/views/hot-leads/save/"' in body
    data = {"view": "hot-leads", "status": ["assigned", "referred"]}
    answer = client.post("/leads/views/hot-leads/save/", data)
    assert answer["Location"] == f"{LIST}?view=hot-leads"
    view.refresh_from_db()
    assert view.filters == {"status": ["assigned", "referred"]}
    emptied = client.get(f"{LIST}?view=hot-leads&status=")
    assert "Clear all filters" not in text_of(emptied)


def test_a_colleague_uses_a_shared_view_and_keeps_changes_apart(cast, sign_in):
    saved(cast.olga, shared=True, status=["assigned"])
    colleague = make_person(cast.northgate, Role.SALES_SUPPORT)
    client = sign_in(colleague)
    page = client.get(f"{LIST}?view=hot-leads&status=referred")
    assert "Save as new view" in text_of(page)
    assert "Save changes" not in text_of(page)
    assert client.post("/leads/views/hot-leads/save/", {"view": "hot-leads"}).status_code == 403
    assert client.get("/leads/views/hot-leads/rename/").status_code == 403
    assert client.get("/leads/views/hot-leads/delete/").status_code == 403
    client.post("/leads/views/new/", {"view": "hot-leads", "status": "referred", "name": "Mine"})
    assert SavedView.objects.get(slug="hot-leads").filters == {"status": ["assigned"]}
    own = SavedView.objects.get(owner=colleague.user_id)
    assert (own.slug, own.is_shared, own.filters) == ("mine-2", False, {"status": ["referred"]})


@pytest.mark.parametrize("who", ["ben", "olga", "otto"])
def test_a_view_of_others_is_not_there(cast, sign_in, who):
    saved(cast.ann, name="Secret plan", shared=True)
    client = sign_in(getattr(cast, who))
    page = client.get(f"{LIST}?view=secret-plan")
    assert "There is no such view. These are all leads." in text_of(page)
    assert "Secret plan" not in text_of(client.get("/leads/views/"))
    for name in ("rename", "delete"):
        assert client.get(f"/leads/views/secret-plan/{name}/").status_code == 404
    for name in ("save", "rename", "delete", "share", "pin"):
        assert client.post(f"/leads/views/secret-plan/{name}/").status_code == 404


def test_a_shared_view_names_nothing_that_its_reader_may_not_know(cast, sign_in):
    hidden = make_company("Hidden Partner", is_reseller=True, host=cast.southgate)
    assert hidden.name
    saved(cast.olga, shared=True, recipient=["Hidden Partner"], attribute=["vat"], value=["PT42"])
    make_lead(cast.northgate)
    page = sign_in(cast.sam).get(f"{LIST}?view=hot-leads")
    words = text_of(page)
    assert "Part of this view cannot be used here and is left out." in words
    assert "Hidden Partner" not in page.content.decode()
    assert "PT42" not in page.content.decode()
    assert "Edited" not in words


def test_rows_are_always_the_readers_own(cast, sign_in):
    theirs = make_lead(cast.southgate)
    saved(cast.otto, name="Everything")
    saved(cast.olga, name="Everything")
    assert rows_of(sign_in(cast.otto).get(f"{LIST}?view=everything")) == [theirs.reference]
    assert rows_of(sign_in(cast.olga).get(f"{LIST}?view=everything")) == []


def test_views_are_managed_on_a_page(cast, sign_in):
    saved(cast.ann)
    client = sign_in(cast.ann)
    assert "Yours alone" in text_of(client.get("/leads/views/"))
    client.post("/leads/views/hot-leads/share/", {"share": "yes"})
    assert "Yours, shared with Alpha" in text_of(client.get("/leads/views/"))
    client.post("/leads/views/hot-leads/rename/", {"name": "<b>Warm</b> leads"})
    assert "&lt;b&gt;Warm&lt;/b&gt; leads" in client.get("/leads/views/").content.decode()
    client.post("/leads/views/scored/pin/", {"pin": "no"})
    for _twice in range(2):
        client.post("/leads/views/hot-leads/pin/", {"pin": "yes"})
    client.post("/leads/views/all/pin/", {"pin": "no"})
    page = client.get(LIST).content.decode()
    tabs = re.search(r'(?s)<nav class="tabs".*?<details', page)[0]
    assert re.findall(r">([^<]+)</a>", tabs) == [
        "Mine", "Waiting over 48 hours", "Closed", "&lt;b&gt;Warm&lt;/b&gt; leads", "All leads"
    ]  # fmt: skip
    for word in ("all", "nothing", "%00"):
        assert client.post(f"/leads/views/{word}/delete/").status_code == 404
    client.get(f"{LIST}?view=hot-leads")
    assert 'href="/leads/?view=hot-leads"' in client.get("/companies/").content.decode()
    assert "No lead is deleted" in text_of(client.get("/leads/views/hot-leads/delete/"))
    assert client.post("/leads/views/hot-leads/delete/").status_code == 302
    assert not SavedView.objects.exists()
    assert "view=hot-leads" not in client.get("/companies/").content.decode()


def test_saved_views_come_when_the_menu_is_opened_and_cost_nothing_before(
    cast, sign_in, django_assert_num_queries
):
    client = sign_in(cast.ann)
    client.get(LIST)  # writes the time into the session
    saved(cast.ann)
    saved(cast.ann, name="Cold leads")
    with django_assert_num_queries(4):
        page = client.get(LIST).content.decode()
    assert "leads</a>" not in re.search(r'(?s)<details class="menu">.*?</details>', page)[0]
    assert 'hx-get="/leads/views/"' in page
    client.post("/leads/views/closed/pin/", {"pin": "no"})
    client.post("/leads/views/hot-leads/pin/", {"pin": "yes"})
    menu = client.get("/leads/views/", HTTP_HX_REQUEST="true").content.decode()
    assert re.findall(r'href="([^"]+)">([^<]+)</a>', menu) == [
        ("/leads/?view=cold-leads", "Cold leads")
    ]
    with django_assert_num_queries(5):
        assert ">Hot leads</a>" in client.get(LIST).content.decode()


def test_a_sixth_tab_is_refused_in_words(cast, sign_in):
    client = sign_in(cast.olga)
    answer = client.post("/leads/views/closed/pin/", {"pin": "yes"}, follow=True)
    assert "5 views are pinned already. Unpin one first." in text_of(answer)


def tabs_of(page) -> list[str]:
    tabs = re.search(r'(?s)<nav class="tabs".*?<details', page.content.decode())[0]
    return re.findall(r">([^<]+)</a>", tabs)


def test_who_manages_people_sets_the_tabs_of_who_has_pinned_none(cast, sign_in):
    saved(cast.ann, shared=True)
    saved(cast.ann, "My own")
    colleague = make_person(cast.alpha, Role.RESELLER)
    settled = make_person(cast.alpha, Role.RESELLER)
    pin_views(["mine"], actor=settled)
    client = sign_in(cast.ann)
    assert "/leads/views/default/" in client.get("/leads/views/").content.decode()
    page = client.get("/leads/views/default/").content.decode()
    assert ('value="hot-leads"' in page, 'value="my-own"' in page) == (True, False)
    answer = client.post("/leads/views/default/", {"views": ["waiting", "hot-leads"]}, follow=True)
    assert "Tabs for new people saved." in text_of(answer)
    assert client.get("/leads/views/default/").content.decode().count(" checked") == 2
    for who, tabs in (
        (cast.ann, ["Waiting over 48 hours", "Hot leads"]),
        (colleague, ["Waiting over 48 hours", "Hot leads"]),
        (settled, ["Mine"]),
        (
            cast.ben,
            ["All leads", "Mine", "Waiting over 48 hours", "Score above threshold", "Closed"],
        ),
    ):
        assert (
            tabs_of(sign_in(who).get(f"{LIST}?view={'mine' if who is settled else 'waiting'}"))
            == tabs
        )
    assert "/leads/views/default/" not in sign_in(colleague).get("/leads/views/").content.decode()
    sign_in(cast.ann).post("/leads/views/default/", {})
    assert tabs_of(sign_in(colleague).get(LIST))[:2] == ["All leads", "Mine"]


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        (["all", "mine", "waiting", "scored", "closed", "hot-leads"], "Choose up to 5 views"),
        (["nothing"], "Choose views from the list"),
        (["\x00"], "Choose views from the list"),
        (["my-own"], "Choose views from the list"),
    ],
)
def test_tabs_that_cannot_be_are_refused_in_words(cast, sign_in, chosen, words):
    saved(cast.ann, shared=True)
    saved(cast.ann, "My own")
    answer = sign_in(cast.ann).post("/leads/views/default/", {"views": chosen})
    assert (answer.status_code, words in text_of(answer)) == (422, True)
    cast.alpha.refresh_from_db()
    assert cast.alpha.preferences == {}


def test_leads_above_the_threshold_are_a_view(cast, sign_in):
    make_lead(cast.northgate, score=90)  # by rules without a threshold
    lead = make_lead(cast.northgate, score=40, mql_at=clock.now())
    page = sign_in(cast.olga).get(f"{LIST}?view=scored")
    assert rows_of(page) == [lead.reference]


# --- Columns ---------------------------------------------------------------------------------------


def test_columns_are_remembered_and_the_list_stays_where_it_was(cast, sign_in):
    for number in range(30):
        make_lead(cast.northgate, created_at=clock.now() - timedelta(hours=number))
    client = sign_in(cast.olga)
    first = client.get(f"{LIST}?status=submitted&q=sousa")
    place = re.search(r"after=([^&\"]+)", first.content.decode())[1]
    kept = {"status": "submitted", "q": "sousa", "after": place}
    answer = client.post("/leads/columns/", {**kept, "column": ["score", "company"]})
    assert answer["Location"] == f"{LIST}?q=sousa&status=submitted&after={place}"
    page = client.get(answer["Location"])
    assert heads_of(page) == ["Score", "Company"]
    assert len(rows_of(page)) == 5
    assert "Edited" not in text_of(client.get(LIST))
    client.post("/leads/columns/", {"column": "company", "reset": "yes"})
    assert heads_of(client.get(LIST))[0] == "Created"


def test_columns_of_a_saved_view_are_part_of_it(cast, sign_in):
    saved(cast.olga)
    make_lead(cast.northgate)
    client = sign_in(cast.olga)
    answer = client.post(
        "/leads/columns/", {"view": "hot-leads", "column": ["company", "status", "score"]}
    )
    page = client.get(answer["Location"])
    assert heads_of(page) == ["Company", "Status", "Score"]
    assert "Edited" in text_of(page)
    assert heads_of(client.get(f"{LIST}?view=hot-leads")) == ["Company", "Status"]
    assert len(heads_of(client.get(LIST))) == 6


def test_buttons_move_a_column_and_store_nothing(cast, sign_in):
    client = sign_in(cast.olga)
    order = ["created", "company", "score"]
    answer = client.post(
        "/leads/columns/", {"order": order, "column": ["company", "score"], "up": "score"}
    )
    body = answer.content.decode()
    assert re.findall(r'name="order" value="(\w+)"', body)[:3] == ["created", "score", "company"]
    assert re.findall(r'value="(\w+)" checked', body) == ["score"]
    assert body.count("autofocus") == 1
    assert heads_of(client.get(LIST)) == []  # no lead, no table
    for odd in ("nothing", "", "\x00"):
        assert client.post("/leads/columns/", {"down": odd}).status_code == 200


def test_every_column_says_what_it_knows(cast, sign_in):
    CustomAttribute.objects.create(
        host=cast.northgate, key="vat", label="VAT number", view_roles=[Role.RESELLER]
    )
    lead = make_lead(
        cast.northgate,
        Status.REFERRED,
        product=cast.product,
        marketplace=cast.marketplace,
        template_version=cast.listing.version,
        holder=cast.alpha,
        holder_desk=HolderDesk.COMPANY,
        in_charge_id=cast.ann.user_id,
        score=1200,
        country="PT",
        attributes={"vat": "PT501964843"},
    )
    add_note(lead, body="Ours alone", kind=NoteKind.NOTE, audience=Audience.COMPANY, actor=cast.ann)
    set_next_step(lead, text="Send quote", on=date(2026, 2, 3), actor=cast.ann)
    words = (
        "reference product template marketplace distributor in_charge score qualification progress country"
        " updated age next_step note"
    )
    query = "&".join(f"column={word}" for word in [*words.split(), "attribute.vat"])
    said = (
        lead.reference, "Acme Backup", cast.listing.version.template.name, "Northgate Store", "Ann Abe", "1,200",
        "New", "Portugal", "minutes", "PT501964843", "Northgate", "Send quote · 3 Feb 2026 · Ann Abe",
    )  # fmt: skip
    page = text_of(sign_in(cast.ann).get(f"{LIST}?{query}"))
    for one in (*said, "Ours alone"):
        assert one in page, one
    assert "Ours alone" not in text_of(sign_in(cast.olga).get(f"{LIST}?{query}"))
    other = text_of(sign_in(cast.rita).get(f"{LIST}?{query}"))
    assert "Some columns are not there for you and are left out." in other
    assert "PT501964843" not in other


def test_a_lost_lead_stays_as_it_was_in_every_column(cast, sign_in):
    lead = make_lead(
        cast.northgate,
        Status.ASSIGNED,
        holder=cast.alpha,
        holder_desk=HolderDesk.COMPANY,
        country="PT",
        score=5,
        attributes={"vat": "PT1"},
    )
    CustomAttribute.objects.create(
        host=cast.northgate, key="vat", label="VAT number", view_roles=[Role.RESELLER]
    )
    assign_lead(lead, to=cast.beta, actor=cast.olga)
    type(lead).objects.filter(pk=lead.pk).update(country="ES", score=54321)
    LeadAccess.objects.filter(lead=lead, desk=cast.ben.desk_id).update(score=F("score") + 54316)
    add_note(lead, body="Later", kind=NoteKind.NOTE, audience=Audience.EVERYBODY, actor=cast.ben)
    Lead.objects.filter(pk=lead.pk).update(next_step="Write again")
    query = "column=country&column=note&column=score&column=next_step&column=attribute.vat"
    page = text_of(sign_in(cast.ann).get(f"{LIST}?{query}"))
    assert "Portugal" in page
    now = text_of(sign_in(cast.ben).get(f"{LIST}?{query}"))
    # With its comma: a Lead ID, which is chosen at random, may hold any row of digits.
    for later in ("Spain", "Later", "54,321", "Write again", "PT1"):
        assert later not in page, later
    for later in ("Spain", "Later", "54,321", "Write again"):
        assert later in now, later


@pytest.mark.parametrize(
    "query", ["column=%00", "column=", "column=attribute.", "column=../x&column=<b>", "column=note&" * 200]
)  # fmt: skip
def test_odd_columns_end_in_a_page(cast, sign_in, query):
    make_lead(cast.northgate)
    client = sign_in(cast.olga)
    for address in (LIST, "/leads/columns/", "/leads/views/new/"):
        assert client.get(f"{address}?{query}").status_code == 200
    assert "Company" in heads_of(client.get(f"{LIST}?{query}"))
