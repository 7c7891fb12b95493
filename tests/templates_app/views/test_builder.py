"""The builder: from an empty draft to version 2, by plain forms, while version 1 stays as it was."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from leadportal.common import clock
from leads.enums import Status
from leads.rules.scoring.sheet import Compare, Group, Rule
from leads.services.views import Content, add_view
from templates_app.enums import FieldKind, VersionState
from templates_app.models import LeadTemplate, Listing, TemplateVersion
from templates_app.rules.fields import FieldSpec
from templates_app.selectors.lead_templates import specs_of
from templates_app.services.fields import edit_field, remove_field
from templates_app.services.lead_templates import start_draft
from tests.factories import make_lead, make_product, make_version
from tests.leads.services.scoring.book import publish
from tests.routing import set_up_routing

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def vera(cast, sign_in):
    """The test client of the vendor."""
    return sign_in(cast.vera)


def url(name: str, *args) -> str:
    return reverse(f"templates:{name}", args=args)


def add(client, template: LeadTemplate, kind: str, **data):
    response = client.post(f"{url('field_new', template.pk)}?kind={kind}", data)
    assert response.status_code == 302, response.content.decode()
    return response


def made(client, name: str = "Contact us") -> LeadTemplate:
    response = client.post(url("new"), {"name": name})
    template = LeadTemplate.objects.get(name=name)
    assert response.url == url("builder", template.pk)
    return template


def labels(version: TemplateVersion) -> list[str]:
    return [spec.label for spec in specs_of(version)]


def seen_mark(client, template: LeadTemplate) -> str:
    html = client.get(url("publish", template.pk)).content.decode()
    return re.search(r'name="seen" value="(\w+)"', html).group(1)


def test_from_nothing_to_version_two(cast, vera):
    template = made(vera)
    assert "Nothing is asked yet" in vera.get(url("builder", template.pk)).content.decode()
    add(vera, template, "email", label="Work email", is_required="on", maps_to="email")
    add(vera, template, "choice", label="Size", options="1–9\r\n\r\n 10–49 \r\n50+", maps_to="size")
    add(vera, template, "money", label="Budget", currency="EUR", min_value="100")
    add(vera, template, "consent", label="I agree", is_required="on", link="x.example/policy")

    # Order by buttons: the first goes to the last place, then up again by position.
    for _ in range(3):
        response = vera.post(url("field_move", template.pk, "work_email"), {"by": "down"})
        assert response.url == f"{url('builder', template.pk)}#field-work_email"
    html = vera.get(url("builder", template.pk)).content.decode()
    assert "Work email, now 4 of 4" in html
    order = [html.index(f'id="field-{key}"') for key in ("size", "budget", "i_agree", "work_email")]
    assert order == sorted(order)
    preview = vera.get(url("preview", template.pk, 1)).content.decode()
    assert preview.index("Size") < preview.index("Budget") < preview.index("Work email")
    vera.post(url("field_move", template.pk, "work_email"), {"position": "1"})

    # Publishing asks first and says what happens.
    page = vera.get(url("publish", template.pk)).content.decode()
    assert "Publish version 1?" in page
    vera.post(url("publish", template.pk), {"seen": seen_mark(vera, template)})
    first = template.versions.get()
    assert first.state == VersionState.PUBLISHED
    assert labels(first) == ["Work email", "Size", "Budget", "I agree"]

    # List it, then change it: the listing moves to version 2, version 1 stays.
    Listing.objects.filter(pk=cast.listing.pk).update(version=first)
    assert vera.post(url("draft", template.pk)).url == url("builder", template.pk)
    vera.post(url("field_remove", template.pk, "size"))
    vera.post(
        f"{url('field_edit', template.pk, 'budget')}", {"label": "Your budget", "currency": "USD"}
    )
    add(vera, template, "long_text", label="Notes")
    page = vera.get(url("publish", template.pk)).content.decode()
    summary = "1 field added, 1 removed (Size), 1 changed."
    for part in (summary, "Notes", "Budget is now called Your budget", cast.listing.form_path):
        assert part in page
    assert "Leads already captured keep version 1" in page
    vera.post(url("publish", template.pk), {"seen": seen_mark(vera, template)})
    first.refresh_from_db()
    cast.listing.refresh_from_db()
    assert first.state == VersionState.ARCHIVED
    assert labels(first) == ["Work email", "Size", "Budget", "I agree"]
    assert labels(cast.listing.version) == ["Work email", "Your budget", "I agree", "Notes"]
    old = vera.get(url("version", template.pk, 1)).content.decode()
    assert "Size" in old
    assert "Your budget" not in old


def test_a_move_with_htmx_swaps_the_list_and_speaks(vera):
    template = made(vera)
    add(vera, template, "email", label="Mail")
    add(vera, template, "short_text", label="Budget")
    response = vera.post(
        url("field_move", template.pk, "mail"),
        {"by": "down"},
        headers={"HX-Request": "true", "HX-Target": "builder"},
    )
    html = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in html
    assert 'data-announce="Mail, now 2 of 2"' in html
    assert 'id="down-mail"' in html  # the button that has the focus is there again
    assert "HX-Request" in response.headers["Vary"]
    again = vera.post(
        url("field_move", template.pk, "mail"),
        {"by": "down"},
        headers={"HX-Request": "true", "HX-Target": "builder"},
    )
    assert 'data-announce="Mail, now 2 of 2"' in again.content.decode()


def test_what_vendors_write_comes_out_escaped(vera):
    template = made(vera, f"Name {EVIL}")
    add(
        vera,
        template,
        "choice",
        label=f"Label {EVIL}",
        help_text=f"Help {EVIL}",
        options=f"One {EVIL}\nTwo",
    )
    add(vera, template, "heading", label=f"Heading {EVIL}", help_text=f"Below {EVIL}")
    add(
        vera,
        template,
        "consent",
        label=f"Consent {EVIL}",
        help_text=f"Why {EVIL}",
        link="x.example",
    )
    add(vera, template, "email", label="Mail", maps_to="email")
    pages = [
        url("builder", template.pk), url("version", template.pk, 1), url("publish", template.pk),
        url("detail", template.pk), url("list"), url("archive", template.pk), url("edit", template.pk),
        url("field_edit", template.pk, template.versions.get().fields.first().key),
    ]  # fmt: skip
    for page in pages:
        html = vera.get(page).content.decode()
        assert "<script>alert" not in html, page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html, page


def test_publishing_waits_for_a_way_to_contact_people(vera):
    template = made(vera)
    add(vera, template, "heading", label="Hello")
    for response in (
        vera.get(url("publish", template.pk)),
        vera.post(url("publish", template.pk), {"seen": ""}),
    ):
        assert "Add at least one field that people answer." in response.content.decode()
    add(vera, template, "short_text", label="Name")
    assert "Nobody could be contacted" in vera.get(url("publish", template.pk)).content.decode()
    assert vera.post(url("publish", template.pk)).status_code == 422
    assert template.versions.get().state == VersionState.DRAFT


def test_a_draft_that_changed_since_it_was_shown_is_shown_again(vera):
    template = made(vera)
    add(vera, template, "email", label="Mail", maps_to="email")
    mark = seen_mark(vera, template)
    add(vera, template, "short_text", label="Late")
    assert vera.post(url("publish", template.pk), {"seen": mark}).status_code == 409
    assert template.versions.get().state == VersionState.DRAFT


def test_changing_the_type_warns_when_the_field_was_published(vera):
    template = made(vera)
    add(vera, template, "email", label="Mail", maps_to="email")
    add(vera, template, "short_text", label="Budget")
    edit = url("field_edit", template.pk, "budget")
    assert "another question" not in vera.get(f"{edit}?kind=number").content.decode()
    vera.post(url("publish", template.pk), {"seen": seen_mark(vera, template)})
    vera.post(url("draft", template.pk))
    assert "Published with the key budget" in vera.get(edit).content.decode()
    assert "another question" in vera.get(f"{edit}?kind=number").content.decode()
    vera.post(f"{edit}?kind=number", {"label": "Budget"})
    assert [spec.key for spec in specs_of(template.versions.get(number=2))] == ["mail", "budget_2"]


def test_archive_discard_and_copy(cast, vera):
    template = made(vera)
    add(vera, template, "email", label="Mail", maps_to="email")
    assert vera.post(url("discard", template.pk)).status_code == 409
    vera.post(url("publish", template.pk), {"seen": seen_mark(vera, template)})
    assert vera.get(url("builder", template.pk)).status_code == 409
    vera.post(url("draft", template.pk))
    vera.post(url("discard", template.pk))
    assert template.versions.count() == 1
    vera.post(url("archive", template.pk))
    template.refresh_from_db()
    assert template.is_archived
    for name in ("edit", "publish", "archive", "builder", "field_new"):
        assert vera.get(url(name, template.pk)).status_code == 409
    assert "Archived" in vera.get(url("list")).content.decode()
    vera.post(url("version_copy", template.pk, 1))
    template.refresh_from_db()
    assert not template.is_archived
    assert [version.number for version in template.versions.order_by("number")] == [1, 2]


def test_an_operator_chooses_the_form_of_reseller_pages(cast, sign_in):
    client = sign_in(cast.olga)
    template = make_version(cast.northgate).template
    assert (
        "Use on reseller profile pages" in client.get(url("detail", template.pk)).content.decode()
    )
    client.post(url("reseller_form", template.pk), {"use": "yes"})
    template.refresh_from_db()
    assert template.is_reseller_form
    page = client.get(url("detail", template.pk)).content.decode()
    assert "Stop using it for resellers" in page
    client.post(url("reseller_form", template.pk), {"use": "no"})
    template.refresh_from_db()
    assert not template.is_reseller_form


def test_form_saves_itself_and_says_where_it_goes_from_then_on(vera):
    template = made(vera)
    typed = {"label": "Seats", "autosave": "yes"}
    answer = vera.post(f"{url('field_new', template.pk)}?kind=number", typed)
    edit = url("field_edit", template.pk, "seats")
    assert answer.status_code == 200
    assert re.search(rf'id="saved" data-action="{edit}">\s*Saved <time', answer.content.decode())
    answer = vera.post(edit, {**typed, "label": ""})
    assert "Not saved yet: Enter a label" in answer.content.decode()
    answer = vera.post(edit, {**typed, "min_value": "9", "max_value": "1"})
    assert "Not saved yet: Largest must be" in answer.content.decode()
    assert labels(template.versions.get()) == ["Seats"]
    vera.post(edit, {**typed, "label": "Seats wanted"})
    assert labels(template.versions.get()) == ["Seats wanted"]

    # Undone without a script, too; and only what was on the page.
    page = vera.get(url("builder", template.pk)).content.decode()
    change = re.search(r'name="change" value="(\d+)"', page).group(1)
    assert "Seats wanted added" in page
    for wrong in ("", "0", "x", "9" * 30):
        assert vera.post(url("undo", template.pk), {"change": wrong}).status_code == 409
    assert vera.post(url("undo", template.pk), {"change": change}).status_code == 302
    page = vera.get(url("builder", template.pk)).content.decode()
    assert "Undone: Seats wanted added" in page
    assert "Nothing is asked yet" in page


def test_preview_stands_in_frames_of_the_portal_alone(cast, vera, sign_in):
    shown = vera.get(url("preview", cast.listing.version.template_id, 1) + "?theme=dark")
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    assert 'data-bs-theme="dark"' in shown.content.decode()
    assert "<form" not in shown.content.decode(), "nothing can be sent"
    page = vera.get(url("version", cast.listing.version.template_id, 1))
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    for other in (page, vera.get(url("list"))):
        assert "frame-ancestors 'none'" in other.headers["Content-Security-Policy"]
        assert other.headers["X-Frame-Options"] == "DENY"
    draft = make_version(cast.vertex, VersionState.DRAFT)
    assert sign_in(cast.olga).get(url("preview", draft.template_id, 1)).status_code == 404


def test_list_counts_leads_of_thirty_days_and_publishing_names_what_reads_an_answer(cast, vera):
    template = cast.listing.version.template
    made_for = {"product": cast.product, "template_version": cast.listing.version}
    with clock.at(clock.now() - timedelta(days=31)):
        make_lead(cast.northgate, created_at=clock.now(), **made_for)
    make_lead(cast.northgate, **made_for)
    make_lead(cast.northgate, Status.DELETED, **made_for)
    make_lead(cast.northgate, is_test=True, **made_for)
    assert re.search(r'data-label="Leads in 30 days">1<', vera.get(url("list")).content.decode())

    content = Content({"question": ["budget"], "answer": ["12000"]}, "-created", [])
    add_view(name="Rich ones", content=content, actor=cast.vera)
    draft = start_draft(template, actor=cast.vera)
    remove_field(template, "company", actor=cast.vera)
    warning = "The view “Rich ones” filters by Budget: it will find no new leads of this form."
    assert warning not in vera.get(url("publish", template.pk)).content.decode()
    remove_field(template, "budget", actor=cast.vera)
    assert warning in vera.get(url("publish", template.pk)).content.decode()
    assert draft.number == 2


def test_publishing_names_the_rules_that_read_what_goes_or_changes(cast, vera, sign_in):
    """ux.md T6: with a link to each; only rules that one sees."""
    rules = [
        Rule(
            "",
            Group.FIT,
            "answer:budget",
            10,
            label="Budget",
            test=Compare.AT_LEAST,
            values=("5000",),
        ),
        Rule("", Group.FIT, "company", 5, test=Compare.FILLED),
    ]
    own = publish(cast.vera, *rules, product=cast.product)
    publish(cast.vera, *rules, product=make_product(cast.vertex))  # leads of another form
    publish(cast.olga, *rules)
    template = cast.listing.version.template
    start_draft(template, actor=cast.vera)
    remove_field(template, "company", actor=cast.vera)
    edit_field(
        template, "budget", FieldSpec("budget", "Budget", FieldKind.SHORT_TEXT), actor=cast.vera
    )
    page = vera.get(url("publish", template.pk)).content.decode()
    gone = "The scoring rule “Company is filled in” asks for Company: new leads will not say it."
    assert page.count(gone) == 1
    assert page.count("The scoring rule “Budget is at least 5000” asks for Budget:") == 1
    assert page.count(reverse("leads:score_sheet", args=[own.pk])) == 2

    olgas = make_version(cast.northgate)
    Listing.objects.filter(pk=cast.listing.pk).update(version=olgas)
    set_up_routing(cast)
    start_draft(olgas.template, actor=cast.olga)
    remove_field(olgas.template, "budget", actor=cast.olga)
    page = sign_in(cast.olga).get(url("publish", olgas.template_id)).content.decode()
    assert "The scoring rule “Budget is at least 5000” asks for Budget" in page
    assert "assignment rule" not in page


def test_publishing_names_the_assignment_rules_of_a_country_that_is_no_longer_asked(cast, sign_in):
    question = {"key": "where", "label": "Country", "kind": "country", "maps_to": "country"}
    template = make_version(cast.northgate, more=[question]).template
    set_up_routing(cast)
    start_draft(template, actor=cast.olga)
    client = sign_in(cast.olga)
    unmapped = FieldSpec("where", "Country", FieldKind.COUNTRY)
    edit_field(template, "where", unmapped, actor=cast.olga)
    page = client.get(url("publish", template.pk)).content.decode()
    assert "“Iberia in turn” reads the answers to Country. Check that it still fits." in page
    remove_field(template, "where", actor=cast.olga)
    page = client.get(url("publish", template.pk)).content.decode()
    for name in ("Iberia in turn", "Portugal to Beta"):  # by territory, by country
        assert f"The assignment rule “{name}” asks for Country: new leads will not say it." in page
    assert 'href="/assignment/#rule-r1"' in page
    again = {"label": "Land", "maps_to": "country"}
    add(client, template, "country", **again)
    page = client.get(url("publish", template.pk)).content.decode()
    assert "assignment rule" not in page, "another question fills the country now"
