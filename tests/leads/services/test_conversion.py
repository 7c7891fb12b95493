"""Conversion: a company, its first user, the link to the reseller; once, all or nothing (domain.md section 3)."""

import pytest

from accounts.enums import CustomerRight, Role
from accounts.models import Company, CustomerLink, Membership, OutgoingMail, User
from accounts.selectors.actors import actor_of
from leadportal.common.errors import Conflict, Forbidden, Invalid
from leads.enums import EventKind, HolderDesk, Outcome, RequestState, Status
from leads.models import Conversion, ConversionRequest, Event
from leads.services.conversion import (
    Wish,
    approve_conversion,
    convert_lead,
    deny_conversion,
    request_conversion,
    withdraw_request,
)
from leads.services.leads import associate_company, edit_lead
from leads.services.lifecycle import assign_lead
from tests.factories import fresh, make_lead

WISH = Wish(
    company_name="Northwind Traders",
    email="ana@northwind.example",
    first_name="Ana",
    last_name="Sousa",
)


@pytest.fixture
def lead(cast):
    """A lead that Alpha has accepted and may convert."""
    set_right(cast, CustomerRight.FREE)
    return make_lead(
        cast.northgate, Status.REFERRED, holder=cast.alpha, holder_desk=HolderDesk.COMPANY
    )


def set_right(cast, right: CustomerRight) -> None:
    """Set Alpha's right 2."""
    cast.alpha.can_create_customers = right
    cast.alpha.save()


def test_company_first_user_roles_link_and_mail(cast, lead):
    conversion = convert_lead(lead, wish=WISH, actor=fresh(cast.ann))
    company = conversion.company
    assert company.is_customer
    assert company.name == "Northwind Traders"
    member = Membership.objects.get(company=company)
    assert {role.role for role in member.roles.all()} == {Role.COMPANY_ADMIN, Role.BILLING_ADMIN}
    assert CustomerLink.objects.filter(customer=company, reseller=cast.alpha).exists()
    lead.refresh_from_db()
    assert (lead.status, lead.outcome) == (Status.CONVERTED, Outcome.OPEN)
    assert OutgoingMail.objects.get().to == "ana@northwind.example"


def test_reseller_operator_and_channel_see_the_customer_others_do_not(cast, lead):
    company = convert_lead(lead, wish=WISH, actor=fresh(cast.ann)).company
    seeing = {
        actor.name: Company.objects.visible_to(actor).filter(pk=company.pk).exists()
        for actor in (cast.ann, cast.olga, cast.rita, cast.ben, cast.otto, cast.ray)
    }
    assert seeing == {
        "Ann Abe": True, "Olga Orr": True, "Rita Rey": True, "Ben Bo": False, "Otto Oz": False, "Ray Ro": False
    }  # fmt: skip


def test_later_member_is_a_plain_user_and_the_first_one_sees_no_leads(cast, lead):
    conversion = convert_lead(lead, wish=WISH, actor=fresh(cast.ann))
    actor = actor_of(conversion.user)
    assert actor.desk_id is None


def test_repeat_by_the_same_person_answers_with_the_same_conversion(cast, lead):
    first = convert_lead(lead, wish=WISH, actor=fresh(cast.ann))
    second = convert_lead(lead, wish=WISH, actor=fresh(cast.ann))
    assert first == second
    assert Event.objects.filter(lead=lead, kind=EventKind.CONVERTED).count() == 1


def test_somebody_elses_repeat_is_told_who_was_faster(cast, lead):
    convert_lead(lead, wish=WISH, actor=fresh(cast.ann))
    with pytest.raises(Conflict, match="converted by Ann Abe"):
        convert_lead(lead, wish=WISH, actor=cast.olga)


@pytest.mark.parametrize("right", [CustomerRight.NO, CustomerRight.APPROVAL])
def test_without_the_free_right_the_reseller_does_not_convert(cast, lead, right):
    set_right(cast, right)
    with pytest.raises(Forbidden):
        convert_lead(lead, wish=WISH, actor=fresh(cast.ann))
    assert not Conversion.objects.exists()


@pytest.mark.parametrize(
    ("wish", "field"),
    [(Wish("", "a@b.example"), "company_name"), (Wish("Northwind", ""), "email")],
)
def test_missing_name_or_address_is_asked_for(cast, lead, wish, field):
    with pytest.raises(Invalid) as refusal:
        convert_lead(lead, wish=wish, actor=fresh(cast.ann))
    assert field in refusal.value.errors


def test_known_address_offers_only_that_persons_customer_company(cast, lead):
    wish = Wish("Contoso again", "cleo@example.com")
    with pytest.raises(Invalid, match="already belongs to Contoso"):
        convert_lead(lead, wish=wish, actor=fresh(cast.ann))
    linked = Wish("ignored", "cleo@example.com", company_id=cast.customer.pk)
    conversion = convert_lead(lead, wish=linked, actor=fresh(cast.ann))
    assert (conversion.company, conversion.is_new_company) == (cast.customer, False)


@pytest.mark.parametrize("email", ["vera@example.com", "ann@example.com"])
def test_address_of_a_partners_person_is_refused(cast, lead, email):
    with pytest.raises(Invalid, match="no customer company"):
        convert_lead(lead, wish=Wish("X", email), actor=fresh(cast.ann))


def test_address_of_staff_is_refused_and_nothing_is_left_behind(cast, lead):
    User.objects.create_user("staff@example.com", is_staff=True)
    companies = Company.objects.count()
    with pytest.raises(Invalid, match="staff"):
        convert_lead(lead, wish=Wish("X", "staff@example.com"), actor=fresh(cast.ann))
    assert Company.objects.count() == companies


def test_associated_company_is_used_and_both_resellers_stay_linked(cast, lead):
    CustomerLink.objects.create(customer=cast.customer, reseller=cast.beta)
    user = User.objects.get(email="cleo@example.com")
    associate_company(lead, user=user, company=cast.customer, actor=fresh(cast.ann))
    conversion = convert_lead(lead, wish=Wish("", ""), actor=fresh(cast.ann))
    assert conversion.company == cast.customer
    assert set(cast.customer.reseller_links.values_list("reseller__name", flat=True)) == {
        "Alpha",
        "Beta",
    }


def test_edited_contact_loses_the_association(cast, lead):
    user = User.objects.get(email="cleo@example.com")
    lead = associate_company(lead, user=user, company=cast.customer, actor=fresh(cast.ann))
    lead = edit_lead(
        lead,
        details={"phone": "+351 912 345 678"},
        attributes={},
        version=lead.version,
        actor=fresh(cast.ann),
    )
    assert lead.associated_company is None
    assert Event.objects.filter(lead=lead, kind=EventKind.ASSOCIATION_REMOVED).exists()


def test_operator_converts_a_submitted_lead_without_a_reseller(cast):
    conversion = convert_lead(make_lead(cast.northgate), wish=WISH, actor=cast.olga)
    assert conversion.reseller is None
    assert Company.objects.visible_to(cast.olga).filter(pk=conversion.company_id).exists()


class TestApproval:
    """Right 2 "only with the Reseller Manager's approval"."""

    @pytest.fixture
    def request_(self, cast, lead):
        set_right(cast, CustomerRight.APPROVAL)
        return request_conversion(lead, wish=WISH, actor=fresh(cast.ann))

    def test_approval_converts_as_asked(self, cast, lead, request_):
        conversion = approve_conversion(lead, comment="Well done", actor=cast.rita)
        assert (conversion.company.name, conversion.reseller) == ("Northwind Traders", cast.alpha)
        request_.refresh_from_db()
        assert request_.state == RequestState.APPROVED

    def test_denial_leaves_the_lead_as_it_is(self, cast, lead, request_):
        deny_conversion(lead, comment="Not yet", actor=cast.rita)
        lead.refresh_from_db()
        assert lead.status == Status.REFERRED

    def test_withdrawn_request_cannot_be_approved(self, cast, lead, request_):
        withdraw_request(lead, actor=fresh(cast.ann))
        with pytest.raises(Conflict):
            approve_conversion(lead, actor=cast.rita)

    def test_second_request_waits_for_the_first(self, cast, lead, request_):
        with pytest.raises(Conflict, match="waiting for approval"):
            request_conversion(lead, wish=WISH, actor=fresh(cast.ann))

    def test_assigning_elsewhere_cancels_it(self, cast, lead, request_):
        assign_lead(lead, to=cast.beta, actor=cast.olga)
        assert ConversionRequest.objects.get().state == RequestState.CANCELLED

    def test_direct_conversion_approves_it(self, cast, lead, request_):
        convert_lead(lead, wish=WISH, actor=cast.olga)
        assert ConversionRequest.objects.get().state == RequestState.APPROVED

    def test_history_has_every_step_once(self, cast, lead, request_):
        approve_conversion(lead, actor=cast.rita)
        kinds = list(
            Event.objects.filter(lead=lead).order_by("number").values_list("kind", flat=True)
        )
        assert kinds == [
            EventKind.APPROVAL_REQUESTED,
            EventKind.APPROVAL_APPROVED,
            EventKind.CONVERTED,
        ]
