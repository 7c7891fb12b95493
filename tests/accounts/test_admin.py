"""Django admin of people and companies: searchable, quick, and only through the services (ux.md 2.12)."""

from datetime import date

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import PersonState, Role
from accounts.models import (
    ApiToken,
    Company,
    CompanyAccess,
    CustomerLink,
    Desk,
    Holiday,
    Invitation,
    Job,
    JobState,
    MailState,
    Membership,
    MembershipRole,
    OutgoingMail,
    RightChange,
    User,
)
from accounts.services.invitations import invite_person
from accounts.services.jobs import enqueue_job
from leadportal.common.admin import MOST_COUNTED, BoundedPaginator, PortalAdmin, masked_email
from tests.factories import PASSWORD, fresh, make_key, make_person, make_user

MODELS = (
    *(User, Company, RightChange, Desk, Holiday, CompanyAccess, CustomerLink),
    *(Membership, MembershipRole, Invitation, OutgoingMail, Job, ApiToken),
)
WRITTEN_BY_SERVICES = (
    *(RightChange, Desk, Holiday, CompanyAccess, CustomerLink),
    *(MembershipRole, Invitation, OutgoingMail, Job, ApiToken),
)


def address(model, page="changelist", *numbers) -> str:
    """Return the address of a page of a model."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=numbers)


@pytest.fixture
def rows(cast):
    """At least one row of every model."""
    CompanyAccess.objects.create(company=cast.customer, desk_id=cast.ann.desk_id)
    CustomerLink.objects.create(customer=cast.customer, reseller=cast.alpha)
    RightChange.objects.create(company=cast.alpha, right="create_leads", old="no", new="yes")
    invite_person(cast.alpha, email="new@example.com", roles=[Role.RESELLER], actor=cast.olga)
    Holiday.objects.create(company=cast.alpha, day=date(2199, 12, 25))
    enqueue_job("count")
    make_key(cast.olga, Role.MARKETPLACE_MANAGER)


@pytest.fixture
def staff(client, db):
    """The test client of a member of staff who may do everything."""
    client.force_login(make_user("staff@example.com", is_staff=True, is_superuser=True))
    return client


def test_every_model_of_the_app_is_there():
    own = set(apps.get_app_config("accounts").get_models())
    assert own == set(MODELS)
    assert own <= set(admin.site._registry)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_list_search_and_row_open(rows, staff, model):
    assert staff.get(address(model)).status_code == 200
    assert staff.get(address(model), {"q": "alpha"}).status_code == 200
    assert staff.get(address(model), {"q": "\x00'\"%_"}).status_code in {200, 302}
    row = model._default_manager.first()
    assert staff.get(address(model, "change", row.pk)).status_code == 200
    for number in ("999999", "9" * 30, "x"):
        assert staff.get(address(model, "change", number)).status_code == 302


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_list_counts_no_further_than_needed(rows, staff, model):
    page = admin.site._registry[model]
    assert isinstance(page, PortalAdmin)
    assert page.search_fields
    assert (page.show_full_result_count, page.show_facets) == (False, admin.ShowFacets.NEVER)
    with CaptureQueriesContext(connection) as queries:
        staff.get(address(model))
    counts = [query["sql"] for query in queries if "COUNT(" in query["sql"]]
    assert counts
    assert all(f"LIMIT {MOST_COUNTED}" in sql for sql in counts)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_list_filter_loads_a_table(model):
    for name in admin.site._registry[model].list_filter:
        assert not model._meta.get_field(name).is_relation


def test_list_costs_the_same_with_one_and_with_many(cast, staff):
    def cost(model):
        with CaptureQueriesContext(connection) as queries:
            staff.get(address(model))
        return len(queries)

    staff.get(address(User))
    few = [cost(model) for model in (User, Company, Membership)]
    for _ in range(5):
        make_person(cast.alpha, Role.RESELLER, Role.USER)
    assert [cost(model) for model in (User, Company, Membership)] == few


def test_paginator_stops_at_its_bound(db, monkeypatch):
    for _ in range(3):
        make_user()
    assert BoundedPaginator(User.objects.order_by("pk"), 2).count == 3
    monkeypatch.setattr("leadportal.common.admin.MOST_COUNTED", 2)
    assert BoundedPaginator(User.objects.order_by("pk"), 2).count == 2


@pytest.mark.parametrize("model", WRITTEN_BY_SERVICES, ids=lambda model: model.__name__)
def test_what_services_write_is_read_only(rows, staff, model):
    row = model._default_manager.first()
    assert staff.get(address(model, "add")).status_code == 403
    assert staff.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert staff.post(address(model, "change", row.pk), {"right": "x"}).status_code == 403
    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("who", ["olga", "ann", "cleo"])
def test_admin_is_for_staff(cast, sign_in, who):
    client = sign_in(getattr(cast, who))
    for url in ("/admin/", "/admin/accounts/user/"):
        assert client.get(url).status_code in {302, 403}


def test_visitors_sign_in_first(client, db):
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/sign-in/?next=")


def test_opening_personal_data_is_logged_without_repeating_it(cast, staff):
    ann = User.objects.get(pk=cast.ann.user_id)
    staff.get(address(User, "change", ann.pk))
    entry = LogEntry.objects.get()
    assert (entry.user.email, entry.object_id) == ("staff@example.com", str(ann.pk))
    assert "Ann" not in entry.object_repr + entry.change_message
    staff.get(address(Company, "change", cast.alpha.pk))
    assert LogEntry.objects.count() == 1, "companies hold no personal data"


def test_list_masks_addresses(rows, staff):
    for model in (User, Membership, Invitation, OutgoingMail):
        text = staff.get(address(model)).content.decode()
        assert "ann@example.com" not in text
        assert "new@example.com" not in text
    assert masked_email("ann@example.com") == "a…@example.com"
    assert masked_email("") == "…"


def test_links_that_let_people_in_are_not_shown(rows, staff):
    mail = OutgoingMail.objects.get()
    invitation = Invitation.objects.get()
    text = staff.get(address(OutgoingMail, "change", mail.pk)).content.decode()
    assert "/invitations/" not in text.replace(address(Invitation), "")
    assert (
        invitation.token_hash
        not in staff.get(address(Invitation, "change", invitation.pk)).content.decode()
    )


def test_account_is_made_by_address_and_password(staff):
    values = {
        "email": "New@Example.com",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    assert staff.post(address(User, "add"), values).status_code == 302
    assert User.objects.get(email="new@example.com").check_password(PASSWORD)
    again = staff.post(address(User, "add"), {**values, "email": "NEW@example.com"})
    assert again.status_code == 200
    assert User.objects.filter(email="new@example.com").count() == 1


def test_old_address_no_longer_signs_in_or_resets(cast, staff, client):
    ann = User.objects.get(pk=cast.ann.user_id)
    Client().post(
        "/accounts/password/reset/", {"email": ann.email}
    )  # allauth remembers the address
    values = {
        "email": "anna@example.com",
        "time_zone": "UTC",
        "theme": "auto",
        "density": "default",
        "is_active": "on",
    }
    assert staff.post(address(User, "change", ann.pk), values).status_code == 302
    refused = Client().post("/sign-in/", {"login": "ann@example.com", "password": PASSWORD})
    assert refused.status_code == 422
    taken = Client().post("/sign-in/", {"login": "anna@example.com", "password": PASSWORD})
    assert taken.status_code == 302


# --- Companies --------------------------------------------------------------------------------------

COMPANY = {"name": "Alpha", "is_active": "on", "is_reseller": "on"}
RIGHTS = {
    "can_create_customers": "free",
    "can_disqualify_leads": "on",
    "can_export_leads": "on",
    "can_create_leads": "on",
}


def test_company_is_entered_with_an_address_of_its_own(cast, staff):
    values = {"name": "Globex", "is_active": "on", "is_reseller": "on", "host": cast.northgate.pk}
    assert staff.post(address(Company, "add"), values).status_code == 302
    made = Company.objects.get(name="Globex")
    assert (made.slug, made.host, made.search.strip()) == ("globex", cast.northgate, "globex")


def test_rights_keep_who_set_them(cast, staff):
    values = {**COMPANY, **RIGHTS, "host": cast.northgate.pk}
    assert staff.post(address(Company, "change", cast.alpha.pk), values).status_code == 302
    changes = RightChange.objects.order_by("right")
    assert [change.right for change in changes] == ["create_customers", "create_leads"]
    assert {change.changed_by.email for change in changes} == {"staff@example.com"}
    assert fresh(cast.ann).rights.create_leads


def test_company_moves_to_another_host(cast, staff):
    values = {**COMPANY, **RIGHTS, "host": cast.southgate.pk}
    staff.post(address(Company, "change", cast.alpha.pk), values)
    cast.alpha.refresh_from_db()
    assert cast.alpha.host == cast.southgate


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"is_referral": "on"}, "company_reseller_or_referral"),
        ({"host": ""}, "company_programme_has_host"),
        ({"name": ""}, "This field is required."),
    ],
)
def test_company_that_cannot_be_is_refused_on_the_form(cast, staff, values, words):
    page = address(Company, "change", cast.alpha.pk)
    answer = staff.post(page, {**COMPANY, **RIGHTS, "host": cast.northgate.pk, **values})
    assert answer.status_code == 200
    assert words in answer.content.decode()


def test_access_right_in_use_is_refused_by_the_service(cast, staff):
    page = address(Company, "change", cast.alpha.pk)
    values = {"name": "Alpha", "is_active": "on", "host": cast.northgate.pk, **RIGHTS}
    answer = staff.post(page, values, follow=True)
    assert "1 person has the role Reseller there." in answer.content.decode()
    cast.alpha.refresh_from_db()
    assert cast.alpha.is_reseller


def test_company_is_not_deleted(cast, staff):
    page = address(Company, "delete", cast.alpha.pk)
    assert staff.post(page, {"post": "yes"}).status_code == 403


# --- People in companies ----------------------------------------------------------------------------


def test_roles_go_through_the_services_so_that_the_desk_follows(cast, staff, at_work):
    sam = at_work(cast.sam)
    page = address(Membership, "change", sam.pk)
    assert 'value="sales_support"' in staff.get(page).content.decode()
    assert staff.post(page, {"role_choice": ["reseller_manager"]}).status_code == 302
    assert fresh(cast.sam).roles == {Role.RESELLER_MANAGER}
    assert at_work(cast.sam).desk != sam.desk


def test_role_that_the_company_cannot_have_is_refused_on_the_form(cast, staff, at_work):
    page = address(Membership, "change", at_work(cast.sam).pk)
    answer = staff.post(page, {"role_choice": ["vendor"]})
    assert answer.status_code == 200
    assert "Northgate cannot have all of these roles." in answer.content.decode()


def test_last_admin_is_kept(cast, staff, at_work):
    page = address(Membership, "change", at_work(cast.ann).pk)
    answer = staff.post(page, {"role_choice": ["user"]}, follow=True)
    assert "last Company Admin" in answer.content.decode()
    assert fresh(cast.ann).has(Role.COMPANY_ADMIN)


def test_membership_is_made_with_its_desk(cast, staff):
    user = make_user()
    values = {"user": user.pk, "company": cast.beta.pk, "role_choice": ["reseller"]}
    assert staff.post(address(Membership, "add"), values).status_code == 302
    made = Membership.objects.get(user=user)
    assert (made.role_list, made.desk) == ([Role.RESELLER], Desk.objects.get(company=cast.beta))


def act(staff, model, action, *rows):
    """Run an action on rows and return the page that follows."""
    numbers = [row.pk for row in rows]
    values = {"action": action, "_selected_action": numbers}
    return staff.post(address(model), values, follow=True).content.decode()


def test_people_are_switched_off_and_on(cast, staff, at_work):
    ben, ann = at_work(cast.ben), at_work(cast.ann)
    text = act(staff, Membership, "deactivate", ben, ann)
    assert "last Company Admin" in text
    assert at_work(cast.ben).state == PersonState.DEACTIVATED
    assert at_work(cast.ann).state == PersonState.ACTIVE
    act(staff, Membership, "reactivate", ben)
    assert at_work(cast.ben).state == PersonState.ACTIVE


def test_invitation_is_sent_again_and_revoked(rows, staff):
    invitation = Invitation.objects.get()
    act(staff, Invitation, "resend", invitation)
    assert OutgoingMail.objects.count() == 2
    act(staff, Invitation, "revoke", invitation)
    assert not Invitation.objects.open().exists()


def test_failed_mail_waits_again(rows, staff):
    OutgoingMail.objects.update(state=MailState.FAILED, tries=8)
    assert "1 mail waits again." in act(staff, OutgoingMail, "again", OutgoingMail.objects.get())
    assert OutgoingMail.objects.get().state == MailState.WAITING


def test_failed_job_is_done_again(staff):
    job = enqueue_job("count")
    Job.objects.update(state=JobState.FAILED, tries=4)
    assert "1 job waits again." in act(staff, Job, "again", job)
    assert Job.objects.get().state == JobState.WAITING
