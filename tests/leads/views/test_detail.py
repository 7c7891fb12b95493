"""The lead's page: head, path, sections by status, actions by role, refusals, constant queries."""

import re
from datetime import timedelta

import pytest

from accounts.enums import CustomerRight
from leadportal.common import clock
from leads.enums import Audience, NoteKind, Progress, Status
from leads.models import LeadProduct
from leads.services.conversion import Wish, request_conversion
from leads.services.leads import associate_company
from leads.services.lifecycle import assign_lead, delete_lead, disqualify_lead
from leads.services.marks import set_progress
from leads.services.notes import add_note
from tests.factories import fresh, make_lead, make_product
from tests.leads.views.reading import actions_of, number_of_queries, text_of, url

ROLES = ["olga", "rita", "sam", "vera", "ann", "ben", "ray", "otto", "cleo"]


def test_head_names_what_the_lead_is(cast, sign_in, form_lead):
    answer = sign_in(cast.olga).get(url(form_lead))
    page = answer.content.decode()
    assert "<h1>Northwind Traders</h1>" in page
    assert f"<title>Northwind Traders, lead {form_lead.reference} · Lead Portal</title>" in page
    assert f'data-copy="{form_lead.reference}"' in page
    words = text_of(answer)
    for said in (
        "Product Acme Backup",
        "Marketplace Northgate Store",
        "Distributor Northgate",
        "Source Acme Backup Product profile",
        "Recipient Northgate",
        "Person in charge Nobody",
        "Score 0",
    ):
        assert said in words
    assert len(re.findall(r"<h1", page)) == 1


def test_lead_without_company_says_so(cast, sign_in):
    lead = make_lead(cast.northgate, company="")
    assert "<h1>No company given</h1>" in sign_in(cast.olga).get(url(lead)).content.decode()


@pytest.mark.parametrize(
    "word", ["LD-1", "LD-999999999", "x", "LD-%00", "%F0%9F%98%80", "ld-1", "-", "a" * 300]
)
def test_unknown_and_malformed_lead_ids_answer_like_foreign_ones(cast, sign_in, word):
    foreign = make_lead(cast.southgate)
    client = sign_in(cast.olga)
    known = client.get(url(foreign))
    answer = client.get(f"/leads/{word}/")
    assert (known.status_code, answer.status_code) == (404, 404)
    # Tokens and the address to come back to differ from page to page.
    pages = {re.sub(rb'value="[^"]*"', b"", one.content) for one in (known, answer)}
    assert len(pages) == 1
    assert client.get(f"/leads/{word}/assign/").status_code == 404
    assert client.post(f"/leads/{word}/assign/").status_code == 404


def test_visitor_is_sent_to_sign_in(cast, client, form_lead):
    answer = client.get(url(form_lead))
    assert (answer.status_code, answer.url) == (302, f"/sign-in/?next={url(form_lead)}")


@pytest.mark.parametrize(
    ("who", "code"),
    [("olga", 200), ("rita", 200), ("sam", 404), ("vera", 200), ("ann", 404), ("ben", 404), ("ray", 404),
     ("otto", 404), ("cleo", 404)],
)  # fmt: skip
def test_page_is_there_for_those_who_see_the_lead(cast, sign_in, form_lead, who, code):
    assert sign_in(getattr(cast, who)).get(url(form_lead)).status_code == code


@pytest.mark.parametrize(
    ("status", "steps", "now"),
    [
        (Status.SUBMITTED, ["Submitted", "Assigned", "Referred", "Converted"], "Submitted"),
        (Status.REFERRED, ["Submitted", "Assigned", "Referred", "Converted"], "Referred"),
        (Status.PENDING_SUBMISSION, ["Pending submission", "Submitted", "Assigned", "Referred", "Converted"],
         "Pending submission"),
    ],
)  # fmt: skip
def test_path_shows_how_far_the_lead_is(cast, sign_in, status, steps, now):
    lead = make_lead(cast.northgate, status)
    page = sign_in(cast.olga).get(url(lead)).content.decode()
    path = re.search(r'<ol class="path".*?</ol>', page, re.DOTALL)[0]
    found = [
        re.sub(r"<[^>]+>", "", one).replace("Done: ", "").strip()
        for one in re.findall(r"<li.*?</li>", path)
    ]
    assert found == steps
    assert re.search(rf'aria-current="step"[^>]*>{now}<', path)


def test_vendors_own_lead_keeps_its_first_step(cast, sign_in):
    mine = {"maker": cast.vertex, "maker_kinds": 1, "source_company": cast.vertex}
    lead = make_lead(cast.northgate, product=cast.product, **mine)
    page = sign_in(cast.vera).get(url(lead)).content.decode()
    assert "Pending submission" in re.search(r'<ol class="path".*?</ol>', page, re.DOTALL)[0]


def test_disqualified_replaces_the_end_of_the_path(cast, sign_in, form_lead):
    assign_lead(form_lead, to=cast.alpha, actor=cast.rita)
    reason = cast.northgate.disqualify_reasons.get(needs_text=True)
    disqualify_lead(form_lead, reason=reason, text="Wrong country", actor=cast.olga)
    answer = sign_in(cast.olga).get(url(form_lead))
    path = re.search(r'<ol class="path".*?</ol>', answer.content.decode(), re.DOTALL)[0]
    assert re.findall(r"(Submitted|Assigned|Referred|Converted|Disqualified)", path) == [
        "Submitted", "Assigned", "Disqualified"
    ]  # fmt: skip
    assert "Reason: Other" in text_of(answer)
    assert "Wrong country" in text_of(answer)


def test_deleted_lead_can_be_restored_for_thirty_days(cast, sign_in, form_lead):
    lead = delete_lead(form_lead, actor=cast.olga)
    client = sign_in(cast.rita)
    assert "restore" in actions_of(client.get(url(lead)))
    with clock.at(clock.now() + timedelta(days=31)):
        answer = client.get(url(lead))
    assert "restore" not in actions_of(answer)
    assert "deleted more than 30 days ago" in text_of(answer)


# --- Sections -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "headings"),
    [
        (Status.SUBMITTED, {"Customer details", "Notes", "History"}),
        (Status.ASSIGNED, {"Customer details", "Notes", "History"}),
        (Status.REFERRED, {"Customer details", "Notes", "History", "Products"}),
        (
            Status.CONVERTED,
            {"Customer details", "Notes", "History", "Products", "Quotes", "Orders"},
        ),
        (Status.DISQUALIFIED, {"Customer details", "Notes", "History"}),
        (Status.DELETED, {"Customer details", "Notes", "History", "Products"}),
    ],
)
def test_sections_follow_the_status(cast, sign_in, status, headings):
    lead = make_lead(cast.northgate, status)
    page = sign_in(cast.olga).get(url(lead)).content.decode()
    found = {re.sub(r"<[^>]+>.*", "", one) for one in re.findall(r"<h2[^>]*>(.*?)</h2>", page)}
    assert (
        found & {"Customer details", "Notes", "History", "Products", "Quotes", "Orders"} == headings
    )


def test_answers_stand_in_template_order_with_their_version(cast, sign_in, form_lead):
    words = text_of(sign_in(cast.vera).get(url(form_lead)))
    details = words.split("Opportunity Details")[1]
    template = cast.listing.version.template
    assert details.strip().startswith(f"{template.name}, version 1 First name Ana Budget 12,000")
    assert "Show 3 empty fields" in details


def test_contact_can_be_called_written_to_and_copied(cast, sign_in, form_lead):
    page = sign_in(cast.olga).get(url(form_lead)).content.decode()
    assert 'href="mailto:ana@northwind.example"' in page
    assert 'href="tel:+351912345678"' in page
    assert 'data-copy="ana@northwind.example"' in page
    assert 'data-copy="+351 912 345 678"' in page
    assert "Show 1 empty field" in page  # the job title
    assert "Show 8 empty fields" in page  # of the company only the name is known


def test_products_can_be_added_and_removed_on_referred_only(cast, sign_in, held):
    lead = held(Status.REFERRED)
    row = LeadProduct.objects.create(lead=lead, product=cast.product, added_by_id=cast.rita.user_id)
    client = sign_in(cast.ann)
    page = client.get(url(lead))
    assert f"remove-product/?product={row.product_id}" in page.content.decode()
    assert "Acme Backup Vertex" in text_of(page)
    assert "Rita Rey" in text_of(page)
    lead = held(Status.CONVERTED)
    LeadProduct.objects.create(lead=lead, product=cast.product)
    assert not {"products", "remove-product"} & actions_of(client.get(url(lead)))


def test_next_step_is_set_and_cleared_on_the_page(cast, sign_in, referred):
    client = sign_in(cast.ann)
    answer = client.post(
        url(referred, "next-step"), {"next_step": "Call Ana", "next_step_on": "2030-05-01"}
    )
    assert answer.url == url(referred)
    page = client.get(url(referred)).content.decode()
    assert 'value="Call Ana"' in page
    assert 'value="2030-05-01"' in page
    client.post(url(referred, "next-step"), {"clear": "yes", "next_step": "Call Ana"})
    assert 'value="Call Ana"' not in client.get(url(referred)).content.decode()


def test_next_step_belongs_to_those_who_edit(cast, sign_in, referred):
    client = sign_in(cast.vera)
    assert client.get(url(referred, "next-step")).status_code == 403
    assert client.post(url(referred, "next-step"), {"next_step": "Call"}).status_code == 403
    assert "Next step" in text_of(client.get(url(referred)))


# --- Actions ------------------------------------------------------------------------------------------


def manage_menu(page: str) -> list[str]:
    menu = re.search(
        r'<details class="menu">\s*<summary class="btn">Manage.*?</details>', page, re.DOTALL
    )
    return re.findall(r'data-action="([a-z-]+)"', menu[0]) if menu else []


@pytest.mark.parametrize(
    ("status", "menu"),
    [
        (Status.SUBMITTED, ["assign", "disqualify", "associate"]),
        (Status.ASSIGNED, ["assign", "disqualify", "associate"]),
        (Status.REFERRED, ["convert"]),
        (Status.CONVERTED, ["manage"]),
        (Status.DISQUALIFIED, []),
        (Status.DELETED, []),
    ],
)
def test_reseller_managers_menu_is_appdirects_table(cast, sign_in, held, status, menu):
    lead = held(status)
    assert manage_menu(sign_in(cast.rita).get(url(lead)).content.decode()) == menu


@pytest.mark.parametrize(
    ("who", "status", "primary"),
    [
        ("olga", Status.SUBMITTED, "Assign"),
        ("ann", Status.ASSIGNED, "Accept"),
        ("olga", Status.REFERRED, "Convert to Customer"),
        ("ann", Status.REFERRED, "Request conversion"),
        ("ann", Status.CONVERTED, "Manage Company"),
        ("olga", Status.DISQUALIFIED, None),
    ],
)
def test_one_action_at_most_is_primary(cast, sign_in, held, who, status, primary):
    page = sign_in(getattr(cast, who)).get(url(held(status))).content.decode()
    head = page.split('class="page-actions"')[1].split("lead-facts")[0]
    found = re.findall(r'class="btn btn-primary[^>]*>([^<]+)<', head)
    assert found == ([primary] if primary else [])


def test_the_others_do_not_repeat_the_primary_action_in_their_menu(cast, sign_in, held):
    page = sign_in(cast.ann).get(url(held(Status.ASSIGNED))).content.decode()
    assert manage_menu(page) == ["request", "decline", "disqualify", "associate"]


@pytest.mark.parametrize(
    ("rights", "sentence"),
    [
        ({"can_create_customers": CustomerRight.APPROVAL}, "Conversion needs the Reseller Manager's approval."),
        ({"can_create_customers": CustomerRight.NO}, "Your company may not create customer companies."),
        ({"can_disqualify_leads": False}, "Your company may not disqualify leads."),
    ],
)  # fmt: skip
def test_a_missing_action_is_explained(cast, sign_in, referred, rights, sentence):
    for name, value in rights.items():
        setattr(cast.alpha, name, value)
    cast.alpha.save()
    assert sentence in text_of(sign_in(cast.ann).get(url(referred)))


def test_free_reseller_reads_no_explanation(cast, sign_in, referred):
    cast.alpha.can_create_customers = CustomerRight.FREE
    cast.alpha.save()
    words = text_of(sign_in(cast.ann).get(url(referred)))
    assert "approval" not in words
    assert "may not" not in words


def test_pending_request_says_who_asked_and_who_may_answer(cast, sign_in, referred):
    wish = Wish(company_name="Northwind", email="ana@northwind.example")
    request_conversion(referred, wish=wish, actor=fresh(cast.ann))
    for who, answers in [
        ("rita", {"approve", "deny"}),
        ("olga", {"approve", "deny"}),
        ("ann", {"withdraw"}),
    ]:
        answer = sign_in(getattr(cast, who)).get(url(referred))
        assert "Ann Abe, Alpha, asked to convert this lead" in text_of(answer)
        assert actions_of(answer) & {"approve", "deny", "withdraw"} == answers
    words = text_of(sign_in(cast.vera).get(url(referred))).split("History")[0]
    assert "asked to convert" not in words


def test_take_is_not_offered_to_the_person_in_charge(cast, sign_in, referred):
    assert "take" not in actions_of(sign_in(cast.ann).get(url(referred)))
    assert "take" in actions_of(sign_in(cast.rita).get(url(referred)))


def test_associated_company_is_named_only_to_those_who_could_choose_it(cast, sign_in, referred):
    from accounts.models import User

    associate_company(
        referred, user=User.objects.get(pk=cast.cleo.user_id), company=cast.customer, actor=cast.ann
    )
    assert "Contoso" in text_of(sign_in(cast.ann).get(url(referred)))
    assert "Contoso" not in text_of(sign_in(cast.vera).get(url(referred)))


def test_controls_of_sections_are_absent_where_the_lead_is_only_read(cast, sign_in, referred):
    answer = sign_in(cast.vera).get(url(referred))
    assert actions_of(answer) == {"note", "progress"}


# --- What it costs ------------------------------------------------------------------------------------


def test_fifty_notes_and_lines_cost_what_one_costs(cast, sign_in, referred):
    def write(number: int) -> None:
        add_note(
            referred,
            body=f"Note {number}",
            kind=NoteKind.CALL,
            audience=Audience.EVERYBODY,
            actor=cast.ann,
        )
        set_progress(
            referred, progress=[Progress.CONTACTED, Progress.PURCHASED][number % 2], actor=cast.ann
        )
        LeadProduct.objects.create(lead=referred, product=make_product(cast.vertex))

    write(0)
    client = sign_in(cast.rita)
    one = number_of_queries(client, url(referred))
    for number in range(1, 50):
        write(number)
    assert number_of_queries(client, url(referred)) <= one <= 28


def test_notes_and_history_continue_behind_fifty(cast, sign_in, referred):
    for number in range(55):
        add_note(
            referred,
            body=f"Note {number:03}",
            kind=NoteKind.NOTE,
            audience=Audience.EVERYBODY,
            actor=cast.ann,
        )
    client = sign_in(cast.rita)
    page = client.get(url(referred)).content.decode()
    assert ("Note 054" in page, "Note 004" in page) == (True, False)
    older = re.search(r'href="([^"]*notes_before=\d+)', page)[1]
    rest = client.get(older).content.decode()
    assert ("Note 054" in rest, "Note 004" in rest, "Note 000" in rest) == (False, True, True)
    lines = re.search(r'href="([^"]*history_before=\d+)', page)[1]
    assert "Lead created from product profile Acme Backup" in client.get(lines).content.decode()


@pytest.mark.parametrize("value", ["x", "-1", "9" * 40, "%00", "1.5", ""])
def test_odd_cursors_show_the_first_page(cast, sign_in, form_lead, value):
    client = sign_in(cast.olga)
    for name in ("notes_before", "history_before", "notes"):
        assert client.get(f"{url(form_lead)}?{name}={value}").status_code == 200


def test_notes_are_searched_when_there_are_many(cast, sign_in, referred):
    for number in range(21):
        add_note(
            referred,
            body=f"Número {number:02}",
            kind=NoteKind.NOTE,
            audience=Audience.COMPANY,
            actor=cast.ann,
        )
    client = sign_in(cast.ann)
    assert "Search notes" in text_of(client.get(url(referred)))
    found = text_of(client.get(f"{url(referred)}?notes=NUMERO 07"))
    assert ("Número 07" in found, "Número 08" in found) == (True, False)
