"""Companies: entering, editing, access rights, and who sees them."""

import pytest

from accounts.actors import SYSTEM
from accounts.enums import Role
from accounts.models import Company, CompanyAccess, CustomerLink, Desk
from accounts.selectors.companies import companies, company, people_of, reseller_links
from accounts.services.companies import (
    Access,
    Place,
    Profile,
    create_company,
    edit_company,
    unique_slug,
)
from leadportal.common.errors import Forbidden, Invalid, NotFound
from tests.factories import fresh, make_company, make_person

PROFILE = Profile(name="Ålesund Båt", city="Bergen", country="NO")


# access, has a host afterwards
KINDS = [
    (Access(is_developer=True), False),
    (Access(is_reseller=True), True),
    (Access(is_referral=True), True),
    (Access(is_marketplace=True), False),
    (Access(is_developer=True, is_reseller=True), True),
    (Access(), False),
]


@pytest.mark.parametrize(("access", "has_host"), KINDS)
def test_operator_enters_companies_and_sees_them(cast, access, has_host):
    made = create_company(profile=PROFILE, access=access, actor=cast.olga)
    assert made.registered_by == cast.northgate
    assert made.host == (cast.northgate if has_host else None)
    assert company(cast.olga, made.pk) == made
    with pytest.raises(NotFound):
        company(cast.otto, made.pk)


@pytest.mark.parametrize("who", ["rita", "sam", "ann", "ray", "vera", "cleo"])
def test_nobody_else_enters_companies(cast, who):
    with pytest.raises(Forbidden):
        create_company(profile=PROFILE, access=Access(), actor=getattr(cast, who))


def test_reseller_and_referral_exclude_each_other(cast):
    both = Access(is_reseller=True, is_referral=True)
    with pytest.raises(Invalid) as refusal:
        create_company(profile=PROFILE, access=both, actor=cast.olga)
    assert list(refusal.value.errors) == ["is_referral"]


def test_two_companies_of_one_name_have_addresses_of_their_own(cast):
    first, second, third = (
        create_company(profile=Profile(name="Globex Resale"), access=Access(), actor=cast.olga)
        for _ in range(3)
    )
    assert first.slug == "globex-resale"
    assert second.slug.startswith("globex-resale-")
    assert len({first.slug, second.slug, third.slug}) == 3


@pytest.mark.parametrize("name", ["株式会社", "!!!", "x" * 120])
def test_every_name_gives_an_address(cast, name):
    made = create_company(profile=Profile(name=name), access=Access(), actor=cast.olga)
    assert 0 < len(made.slug) <= 80
    assert 0 < len(unique_slug(name)) <= 80


def test_company_admin_edits_the_own_profile(cast):
    edit_company(cast.alpha, profile=PROFILE, actor=cast.ann)
    cast.alpha.refresh_from_db()
    assert (cast.alpha.name, cast.alpha.city) == ("Ålesund Båt", "Bergen")
    assert cast.alpha.is_reseller


@pytest.mark.parametrize(
    ("who", "company_name", "answer"),
    [
        ("rita", "alpha", Forbidden),
        ("sam", "northgate", Forbidden),
        ("ben", "beta", Forbidden),
        ("ann", "beta", NotFound),
        ("vera", "vertex", Forbidden),
        ("ray", "ripple", Forbidden),
        ("otto", "alpha", NotFound),
        ("olga", "vertex", NotFound),
    ],
)
def test_others_edit_nothing(cast, who, company_name, answer):
    with pytest.raises(answer):
        edit_company(getattr(cast, company_name), profile=PROFILE, actor=getattr(cast, who))


@pytest.mark.parametrize("who", ["ann", "olga"])
def test_nobody_sets_the_access_rights_of_the_own_company(cast, who):
    own = {"ann": cast.alpha, "olga": cast.northgate}[who]
    with pytest.raises(Forbidden):
        edit_company(
            own, profile=PROFILE, access=Access(is_developer=True), actor=getattr(cast, who)
        )


def test_same_access_rights_are_no_change(cast):
    edit_company(
        cast.northgate, profile=PROFILE, access=Access(is_marketplace=True), actor=cast.olga
    )
    assert Company.objects.get(pk=cast.northgate.pk).name == PROFILE.name


def test_company_that_leaves_the_programme_stays_with_the_host_that_knew_it(cast):
    empty = make_company("Empty", is_reseller=True, host=cast.northgate)
    edit_company(empty, profile=PROFILE, access=Access(is_developer=True), actor=cast.olga)
    empty.refresh_from_db()
    assert (empty.host, empty.registered_by) == (None, cast.northgate)
    assert company(cast.olga, empty.pk) == empty


def test_company_that_joins_the_programme_gets_the_host(cast):
    made = create_company(profile=PROFILE, access=Access(), actor=cast.olga)
    edit_company(made, profile=PROFILE, access=Access(is_referral=True), actor=cast.olga)
    made.refresh_from_db()
    assert made.host == cast.northgate


def test_access_right_that_people_work_with_is_kept(cast):
    with pytest.raises(Invalid) as refusal:
        edit_company(cast.alpha, profile=PROFILE, access=Access(), actor=cast.olga)
    sentence = "1 person has the role Reseller there. Change that role first."
    assert refusal.value.errors == {"is_reseller": sentence}
    cast.alpha.refresh_from_db()
    assert cast.alpha.name == "Alpha"


def test_host_with_a_programme_stays_a_host(cast):
    host = make_company("Lonely", is_marketplace=True)
    make_company("Its reseller", is_reseller=True, host=host)
    with pytest.raises(Invalid) as refusal:
        edit_company(host, profile=PROFILE, access=Access(), actor=SYSTEM)
    assert list(refusal.value.errors) == ["is_marketplace"]


def test_only_staff_moves_a_company(cast):
    place = Place(cast.southgate.pk, None, is_active=True)
    with pytest.raises(Forbidden):
        edit_company(cast.alpha, profile=PROFILE, place=place, actor=cast.olga)
    edit_company(cast.alpha, profile=PROFILE, place=place, actor=SYSTEM)
    cast.alpha.refresh_from_db()
    assert cast.alpha.host == cast.southgate


# --- Who sees what ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("olga", {"Northgate", "Alpha", "Beta", "Ripple"}),
        ("rita", {"Northgate", "Alpha", "Beta", "Ripple"}),
        ("sam", {"Northgate"}),
        ("ann", {"Alpha"}),
        ("ray", {"Ripple"}),
        ("vera", {"Vertex"}),
        ("cleo", {"Contoso"}),
        ("otto", {"Southgate"}),
    ],
)
def test_companies_that_each_role_sees(cast, who, seen):
    assert {row.name for row in companies(getattr(cast, who))} == seen


def test_company_shown_to_a_desk_is_seen_there_alone(cast):
    CompanyAccess.objects.create(company=cast.customer, desk=Desk.objects.get(pk=cast.ann.desk_id))
    assert cast.customer in companies(cast.ann)
    assert cast.customer not in companies(cast.ben)


@pytest.mark.parametrize("words", ["alp", "ALPHA", "älphä", "lpha porto", "  porto  "])
def test_search_ignores_case_and_accents_and_takes_every_word(cast, words):
    edit_company(cast.alpha, profile=Profile(name="Älpha", city="Pôrto"), actor=cast.ann)
    assert [row.pk for row in companies(cast.olga, words=words)] == [cast.alpha.pk]


@pytest.mark.parametrize("words", ["%", "_", "alpha beta", "*", "\\"])
def test_wildcards_are_plain_characters(cast, words):
    assert not companies(cast.olga, words=words).exists()


def test_people_of_a_company(cast):
    assert [row.user_id for row in people_of(cast.rita, cast.alpha)] == [cast.ann.user_id]
    assert not people_of(cast.ben, cast.alpha).exists()


def test_reseller_links_show_no_foreign_reseller(cast):
    for reseller in (cast.alpha, cast.beta):
        CustomerLink.objects.create(customer=cast.customer, reseller=reseller)
    names = {
        who: [link.reseller.name for link in reseller_links(getattr(cast, who), cast.customer)]
        for who in ("olga", "ann", "cleo")
    }
    assert names == {"olga": ["Alpha", "Beta"], "ann": ["Alpha"], "cleo": []}


def test_operator_sees_and_manages_vendors_it_registered(cast):
    made = create_company(profile=PROFILE, access=Access(is_developer=True), actor=cast.olga)
    vendor = make_person(made, Role.VENDOR)
    assert fresh(vendor).host_id is None
    edit_company(made, profile=Profile(name="New name"), actor=cast.olga)
    assert made not in companies(cast.rita)
