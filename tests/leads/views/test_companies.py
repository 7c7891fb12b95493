"""Companies: who sees which, what is counted, and one company's page."""

import re
from datetime import timedelta

import pytest

from accounts.enums import CustomerRight, Role
from accounts.models import Desk
from accounts.services.desks import show_company
from leadportal.common import clock
from leads.enums import HolderDesk, Status
from leads.models import Lead, LeadAccess, LeadProduct
from leads.services.conversion import Wish, convert_lead
from tests.factories import make_company, make_lead, make_listing, make_person, make_product
from tests.leads.views.reading import number_of_queries, text_of, url

LIST = "/companies/"


@pytest.fixture
def converted(cast, referred):
    """The customer that the reseller's lead became."""
    return convert_lead(
        referred,
        wish=Wish("Northwind Traders", "ana@northwind.example", "Ana", "Sousa"),
        actor=cast.rita,
    ).company


def names_of(answer) -> list[str]:
    return re.findall(r'class="row-main" href="/companies/\d+/">([^<]+)<', answer.content.decode())


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("olga", 200),
        ("rita", 200),
        ("sam", 200),
        ("vera", 200),
        ("ann", 200),
        ("ray", 404),
        ("cleo", 404),
    ],
)
def test_list_is_there_by_role(cast, sign_in, who, code):
    assert sign_in(getattr(cast, who)).get(LIST).status_code == code


def test_everybody_sees_their_companies(cast, sign_in, converted):
    for who, names in [
        ("rita", ["Alpha", "Beta", "Northgate", "Northwind Traders", "Ripple"]),
        ("ann", ["Alpha", "Northwind Traders"]),
        ("ben", ["Beta"]),
        ("otto", ["Southgate"]),
        ("vera", ["Northwind Traders", "Vertex"]),
        ("sam", ["Northgate"]),
    ]:
        assert names_of(sign_in(getattr(cast, who)).get(LIST)) == names, who


def test_list_is_searched_and_narrowed(cast, sign_in, converted):
    type(cast.beta).objects.filter(pk=cast.beta.pk).update(city="Évora", search="beta evora")
    client = sign_in(cast.rita)
    for query, names in [
        ("q=NORTHWIND", ["Northwind Traders"]),
        ("q=évora", ["Beta"]),
        ("q=%25", []),
        ("kind=reseller", ["Alpha", "Beta"]),
        ("kind=customer", ["Northwind Traders"]),
        ("kind=referral", ["Ripple"]),
        ("kind=customer&q=alpha", []),
        ("kind=reseller&kind=referral", ["Alpha", "Beta", "Ripple"]),
        ("access=reseller", ["Alpha", "Beta"]),
        ("access=reseller&access=developer", []),
        ("kind=nonsense&q=ripple", ["Ripple"]),
    ]:
        assert names_of(client.get(f"{LIST}?{query}")) == names, query
    assert "No companies match this search." in text_of(client.get(f"{LIST}?q=zzz"))
    for odd in ("q=%00", "after=x", f"before={10**30}", "sort=size", "size=7", "q=" + "x" * 5000):
        assert client.get(f"{LIST}?{odd}").status_code == 200


def test_list_counts_people_and_leads(cast, sign_in, converted, held):
    held(Status.ASSIGNED)
    held(Status.REFERRED)
    held(Status.DISQUALIFIED)
    page = sign_in(cast.rita).get(LIST).content.decode()
    row = re.search(r"Alpha</a>.*?</tr>", page, re.DOTALL)[0]
    assert re.findall(r'class="cell-num[^"]*"[^>]*>(\S+)<', row) == ["2", "1", "1"]
    row = re.search(r"Northwind Traders</a>.*?</tr>", page, re.DOTALL)[0]
    assert re.findall(r'class="cell-num[^"]*"[^>]*>(\S+)<', row) == ["0", "1", "1"]


def test_list_says_when_a_lead_was_changed_last(cast, sign_in, converted, referred, held):
    old = clock.now() - timedelta(days=40)
    LeadAccess.objects.update(updated_at=old - timedelta(days=40))
    Lead.objects.update(updated_at=old - timedelta(days=40))
    LeadAccess.objects.filter(lead=held(Status.REFERRED)).update(updated_at=old)
    Lead.objects.filter(pk=referred.pk).update(updated_at=old + timedelta(days=3))
    page = sign_in(cast.rita).get(LIST).content.decode()
    for name, moment in (("Alpha", old), ("Northwind Traders", old + timedelta(days=3))):
        row = re.search(rf"{name}</a>.*?</tr>", page, re.DOTALL)[0]
        assert moment.isoformat(timespec="seconds") in row, name
    row = re.search(r"Beta</a>.*?</tr>", page, re.DOTALL)[0]
    assert "None yet" in row


def test_counts_hold_only_what_the_reader_sees(cast, sign_in, converted):
    make_lead(
        cast.southgate,
        Status.SUBMITTED,
        associated_company=converted,
        associated_user_id=cast.cleo.user_id,
    )
    show_company(converted, Desk.objects.filter(company=cast.southgate))
    for who, counts in [("rita", ["0", "1", "1"]), ("otto", ["1", "0", "1"])]:
        page = sign_in(getattr(cast, who)).get(f"{LIST}?q=northwind").content.decode()
        assert re.findall(r'class="cell-num[^"]*"[^>]*>(\d+)<', page) == counts, who


def test_many_companies_cost_what_one_costs(cast, sign_in, held):
    client = sign_in(cast.rita)
    one = number_of_queries(client, LIST)
    for number in range(10):
        company = make_company(f"Reseller {number}", is_reseller=True, host=cast.northgate)
        make_person(company, Role.RESELLER)
        make_lead(cast.northgate, Status.REFERRED, holder=company, holder_desk=HolderDesk.COMPANY)
    assert number_of_queries(client, LIST) == one
    assert one <= 7


@pytest.mark.parametrize("who", ["ann", "ben", "otto", "vera", "ray", "cleo", "sam"])
def test_foreign_company_is_not_there(cast, sign_in, who):
    hidden = make_company("Hidden")
    client = sign_in(getattr(cast, who))
    assert client.get(f"{LIST}{hidden.pk}/").status_code == 404
    assert client.get(f"{LIST}{10**30}/").status_code == 404


def test_everybody_has_their_own_company(cast, sign_in):
    for who, company in [
        ("cleo", cast.customer),
        ("ray", cast.ripple),
        ("ann", cast.alpha),
        ("vera", cast.vertex),
    ]:
        assert sign_in(getattr(cast, who)).get(f"{LIST}{company.pk}/").status_code == 200


def test_customer_page_shows_profile_access_people_leads_and_reseller(
    cast, sign_in, converted, referred
):
    answer = sign_in(cast.rita).get(f"{LIST}{converted.pk}/")
    words = text_of(answer)
    for said in (
        "Developer Access : no",
        "Marketplace Access : no",
        "Reseller Access : no",
        "Referral Access : no",
        "Ana Sousa",
        "Company Admin",
        "Billing Admin",
        "Linked resellers Alpha",
    ):
        assert said in words, said
    assert url(referred) in answer.content.decode()
    member = converted.memberships.get()
    assert f'href="/people/{member.pk}/"' in answer.content.decode()


def test_reseller_page_shows_permissions_to_managers_and_its_own_people(cast, sign_in, converted):
    for who, may_change in [("rita", True), ("olga", True), ("ann", False)]:
        answer = sign_in(getattr(cast, who)).get(f"{LIST}{cast.alpha.pk}/")
        assert f"Create customer companies {CustomerRight.APPROVAL.label}" in text_of(answer)
        link = f'href="/companies/{cast.alpha.pk}/permissions/"'
        assert (link in answer.content.decode()) is may_change, who


@pytest.mark.parametrize(
    ("who", "items"),
    [
        (
            "olga",
            [
                "Edit profile",
                "Working hours",
                "Invite people",
                "Manage reseller company permissions",
            ],
        ),
        ("rita", ["Invite people", "Manage reseller company permissions"]),
        ("ann", ["Edit profile", "Working hours", "Invite people"]),
    ],
)
def test_manage_company_holds_what_the_actor_may_do(cast, sign_in, who, items):
    page = sign_in(getattr(cast, who)).get(f"{LIST}{cast.alpha.pk}/").content.decode()
    menu = re.search(r"Manage Company.*?</details>", page, re.DOTALL)
    found = re.findall(r"</svg>([^<]+)</a>", menu[0]) if menu else []
    assert found == items


def test_a_resellers_page_of_its_customer_names_no_other_reseller(cast, sign_in, converted):
    from accounts.models import CustomerLink

    CustomerLink.objects.create(customer=converted, reseller=cast.beta)
    assert "Beta" not in text_of(sign_in(cast.ann).get(f"{LIST}{converted.pk}/"))
    assert "Beta" in text_of(sign_in(cast.rita).get(f"{LIST}{converted.pk}/"))


def test_page_shows_what_a_vendor_sells_and_what_others_leads_ask_for(
    cast, sign_in, converted, referred
):
    other = make_product(cast.vertex, "Acme Mail")
    show_company(cast.vertex, Desk.objects.filter(company=cast.northgate))
    sold = f'href="/products/{cast.product.pk}/">Acme Backup</a>'
    for who, company, is_shown in [
        ("vera", cast.vertex, True),
        ("rita", cast.vertex, True),
        ("rita", converted, True),
        ("ann", cast.alpha, True),
        ("rita", cast.beta, False),
    ]:
        page = sign_in(getattr(cast, who)).get(f"{LIST}{company.pk}/").content.decode()
        assert (sold in page) is is_shown, (who, company.name)
        # Listed nowhere: only its vendor sees it.
        assert (other.name in page) is (who == "vera"), (who, company.name)
    LeadProduct.objects.create(lead=referred, product=other)
    make_listing(other, cast.marketplace)
    page = sign_in(cast.rita).get(f"{LIST}{converted.pk}/").content.decode()
    assert page.index("Acme Backup</a>") < page.index("Acme Mail</a>")


def test_company_page_costs_the_same_with_many_leads_and_people(cast, sign_in, held):
    held(Status.REFERRED)
    client = sign_in(cast.rita)
    address = f"{LIST}{cast.alpha.pk}/"
    one = number_of_queries(client, address)
    for _number in range(8):
        held(Status.ASSIGNED)
        make_person(cast.alpha, Role.RESELLER)
    assert number_of_queries(client, address) == one
