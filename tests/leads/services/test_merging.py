"""One customer company out of two: people, invitations, resellers and leads go over, once (ux.md C3)."""

import pytest

from accounts.actors import SYSTEM
from accounts.enums import CustomerRight, Role
from accounts.models import Company, CustomerLink, Invitation, Membership, User
from accounts.services.companies import Place, Profile, edit_company
from accounts.services.desks import show_company
from accounts.services.invitations import invite_person
from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound
from leads.enums import HolderDesk, Status
from leads.models import Conversion, ConversionRequest, Event
from leads.services.conversion import (
    Wish,
    approve_conversion,
    convert_lead,
    request_conversion,
)
from leads.services.leads import associate_company
from leads.services.merging import merge_companies
from tests.factories import make_company, make_lead, make_person
from tests.test_races import race


@pytest.fixture
def pair(cast):
    """Two companies that are one, both entered by Northgate: the second has a town."""
    return (
        make_company("Contoso", registered_by=cast.northgate),
        make_company("CONTOSO", registered_by=cast.northgate, city="Porto", size="10 to 49"),
    )


def referred(cast, **more):
    """A lead that Alpha works on."""
    at_alpha = {"holder": cast.alpha, "holder_desk": HolderDesk.COMPANY, **more}
    return make_lead(cast.northgate, Status.REFERRED, **at_alpha)


def merged_lines(lead) -> list[Event]:
    """The lines of a lead's history that say so."""
    return list(Event.objects.filter(lead=lead, kind="company_merged"))


def test_leads_go_over_with_one_line_each(cast, pair):
    kept, gone = pair
    worker = make_person(gone, Role.USER, email="w@contoso.example")
    associated, converted = referred(cast), referred(cast)
    user = User.objects.get(pk=worker.user_id)
    associate_company(associated, user=user, company=gone, actor=cast.rita)
    wish = Wish("Contoso", "w@contoso.example", company_id=gone.pk)
    convert_lead(converted, wish=wish, actor=cast.olga)
    other = referred(cast)
    merge_companies(kept, gone, actor=cast.olga)
    associated.refresh_from_db()
    assert associated.associated_company == kept
    assert Conversion.objects.get(lead=converted).company == kept
    for lead in (associated, converted):
        (line,) = merged_lines(lead)
        assert line.data == {"company": kept.pk, "merged": gone.pk}
        assert line.actor_user_id == cast.olga.user_id
    assert merged_lines(other) == []


def test_people_keep_their_roles_and_who_works_at_both_has_both(cast, pair):
    kept, gone = pair
    both = make_person(kept, Role.USER, email="both@contoso.example")
    twice = Membership.objects.create(user_id=both.user_id, company=gone)
    twice.roles.create(role=Role.BILLING_ADMIN)
    make_person(gone, Role.COMPANY_ADMIN, email="admin@contoso.example")
    User.objects.filter(email="admin@contoso.example").update(works_at=gone)
    merge_companies(kept, gone, actor=cast.olga)
    roles = {
        one.user.email: {row.role for row in one.roles.all()} for one in kept.memberships.all()
    }
    assert roles == {
        "both@contoso.example": {Role.USER, Role.BILLING_ADMIN},
        "admin@contoso.example": {Role.COMPANY_ADMIN},
    }
    assert not gone.memberships.exists()
    assert User.objects.get(email="admin@contoso.example").works_at == kept


def test_who_was_switched_off_at_one_has_only_the_roles_of_the_other(cast, pair):
    kept, gone = pair
    person = make_person(kept, Role.COMPANY_ADMIN)
    Membership.objects.filter(company=kept).update(is_active=False)
    Membership.objects.create(user_id=person.user_id, company=gone).roles.create(role=Role.USER)
    merge_companies(kept, gone, actor=cast.olga)
    membership = kept.memberships.get()
    assert membership.is_active
    assert [row.role for row in membership.roles.all()] == [Role.USER]


def test_invitations_resellers_and_sight_go_over(cast, pair):
    kept, gone = pair
    for company, email in ((kept, "a@x.example"), (gone, "a@x.example"), (gone, "b@x.example")):
        invite_person(company, email=email, roles=[Role.USER], actor=cast.olga)
    for company, reseller in ((kept, cast.alpha), (gone, cast.alpha), (gone, cast.beta)):
        CustomerLink.objects.create(customer=company, reseller=reseller)
    show_company(gone, cast.beta.desks.all())
    merge_companies(kept, gone, actor=cast.olga)
    invited = Invitation.objects.open().filter(company=kept).values_list("email", flat=True)
    assert sorted(invited) == ["a@x.example", "b@x.example"]
    sellers = kept.reseller_links.values_list("reseller__name", flat=True)
    assert sorted(sellers) == ["Alpha", "Beta"]
    assert not gone.reseller_links.exists()
    seen = Company.objects.visible_to(cast.ben)
    assert kept in seen
    assert gone not in seen


def test_profile_is_taken_field_by_field(cast, pair):
    kept, gone = pair
    merge_companies(kept, gone, take=["city"], actor=cast.olga)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.name, kept.city, kept.size) == ("Contoso", "Porto", "")
    assert (gone.is_active, gone.merged_into) == (False, kept)
    assert "porto" in kept.search


def test_the_same_again_changes_nothing(cast, pair):
    kept, gone = pair
    lead = referred(cast, associated_company=gone)
    for _time in range(2):
        assert merge_companies(kept, gone, take=["city"], actor=cast.olga) == kept
    assert len(merged_lines(lead)) == 1
    with pytest.raises(Conflict):
        merge_companies(gone, kept, actor=cast.olga)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        ("rita", NotFound),  # a reseller manager sees neither
        ("sam", NotFound),
        ("ann", NotFound),
        ("vera", NotFound),
        ("ray", NotFound),
        ("cleo", NotFound),
        ("otto", NotFound),  # another host
    ],
)
def test_only_the_operator_that_manages_both_merges(cast, pair, who, refusal):
    with pytest.raises(refusal):
        merge_companies(*pair, actor=getattr(cast, who))


def test_seeing_both_is_not_enough(cast, pair):
    for company in pair:
        show_company(company, cast.southgate.desks.all())
        show_company(company, cast.northgate.desks.all())
    for who in (cast.otto, cast.rita, cast.sam):
        with pytest.raises(Forbidden):
            merge_companies(*pair, actor=who)


def test_the_system_merges_for_staff(cast, pair):
    kept, gone = pair
    merge_companies(kept, gone, actor=SYSTEM)
    gone.refresh_from_db()
    assert gone.merged_into == kept


def test_only_customers_are_merged_and_nobody_with_itself(cast, pair):
    kept, _gone = pair
    vendor = make_company("Contoso", registered_by=cast.northgate, is_developer=True)
    for one, other in ((kept, cast.alpha), (cast.alpha, kept), (kept, vendor)):
        with pytest.raises(Conflict):
            merge_companies(one, other, actor=cast.olga)
    with pytest.raises(NotFound):
        merge_companies(kept, kept, actor=cast.olga)


def test_a_conversion_that_waits_goes_to_the_company_that_stays(cast, pair):
    kept, gone = pair
    cast.alpha.can_create_customers = CustomerRight.APPROVAL
    make_person(gone, Role.USER, email="w@contoso.example")
    lead = referred(cast)
    wish = Wish("Contoso", "w@contoso.example", company_id=gone.pk)
    request_conversion(lead, wish=wish, actor=cast.ann)
    merge_companies(kept, gone, actor=cast.olga)
    assert ConversionRequest.objects.get(lead=lead).values["company_id"] == kept.pk
    assert approve_conversion(lead, actor=cast.rita).company == kept
    assert len(merged_lines(lead)) == 1


def test_nothing_is_pointed_at_a_company_that_is_gone(cast, pair):
    kept, gone = pair
    worker = make_person(gone, Role.USER, email="w@contoso.example")
    lead = referred(cast)
    associate_company(lead, user=User.objects.get(pk=worker.user_id), company=gone, actor=cast.rita)
    stale = type(lead).objects.get(pk=lead.pk)
    merge_companies(kept, gone, actor=cast.olga)
    assert convert_lead(stale, wish=Wish("", ""), actor=cast.olga).company == kept


def test_a_company_that_is_gone_stays_gone(cast, pair):
    kept, gone = pair
    merge_companies(kept, gone, actor=cast.olga)
    place = Place(None, cast.northgate.pk, is_active=True)
    with pytest.raises(Invalid, match=r"\W"):
        edit_company(gone, profile=Profile(name="Contoso"), place=place, actor=SYSTEM)


@pytest.mark.slow
def test_sixteen_operators_merge_at_once_in_both_directions(transactional_db, cast, pair):
    kept, gone = pair
    lead = referred(cast, associated_company=gone)
    people = [make_person(cast.northgate, Role.MARKETPLACE_MANAGER) for _number in range(16)]
    works = [
        lambda who=who, pair=(pair if number % 2 else pair[::-1]): merge_companies(*pair, actor=who)
        for number, who in enumerate(people)
    ]
    found = race(works)
    assert set(found) <= {"done", "Conflict"}, found
    assert Company.objects.filter(pk__in=[kept.pk, gone.pk], merged_into=None).count() == 1
    assert len(merged_lines(lead)) <= 1
    stays = Company.objects.get(pk__in=[kept.pk, gone.pk], merged_into=None)
    lead.refresh_from_db()
    assert lead.associated_company == stays


@pytest.mark.slow
def test_a_lead_is_converted_while_its_company_is_merged_away(transactional_db, cast, pair):
    kept, gone = pair
    make_person(gone, Role.USER, email="w@contoso.example")
    leads = [referred(cast) for _number in range(6)]
    wish = Wish("Contoso", "w@contoso.example", company_id=gone.pk)
    works = [lambda lead=lead: convert_lead(lead, wish=wish, actor=cast.olga) for lead in leads]
    found = race([*works, lambda: merge_companies(kept, gone, actor=cast.olga)])
    assert set(found) <= {"done", "Conflict", "Invalid"}, found
    gone.refresh_from_db()
    if gone.merged_into == kept:
        assert not Conversion.objects.filter(company=gone).exists()
