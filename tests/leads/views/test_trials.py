"""A test of a form is a lead that no list, count, file or report holds, and that goes without a trace (ux.md T8)."""

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from leads.models import Event, InboxItem, Lead, LeadAccess, Submission
from leads.services import trials
from leads.services.integrity import access_faults, history_faults
from tests.leads.intake.visitor import ANSWERS, fill_in, later, open_form, press, send, typed


@pytest.fixture
def vera(cast, sign_in):
    return sign_in(cast.vera)


def trial_path(client, listing) -> str:
    answer = client.post(reverse("leads:trials", args=[listing.pk]))
    assert answer.status_code == 302
    return answer.url


def send_test(vera, listing) -> Lead:
    """Send a test as the vendor does; return its lead."""
    visitor, address = Client(), trial_path(vera, listing)
    assert "This is a test." in visitor.get(address).content.decode()
    answer = send(visitor, listing.form_path, ANSWERS, open_form(visitor, address))
    assert answer.status_code == 302, answer.content.decode()
    assert "This is a test." in visitor.get(answer.url).content.decode()
    return Lead.objects.get(is_test=True)


def test_test_is_on_its_own_page_alone(cast, vera, sign_in):
    fill_in(Client(), cast.listing.form_path)
    pages = [
        "/leads/?layout=list", "/leads/?layout=cards", "/leads/?layout=board", "/leads/counts/", "/reports/", "/",
        "/inbox/",
        "/search/?q=sousa", "/leads/?q=ana", "/templates/",
    ]  # fmt: skip

    def seen() -> dict[str, int]:
        """What each page says, by how long it is: a number more or a line more is longer."""
        return {page: len(vera.get(page).content) for page in pages}

    before, file = seen(), b"".join(vera.get("/leads/export.csv").streaming_content)
    lead = send_test(vera, cast.listing)
    assert seen() == before
    assert b"".join(vera.get("/leads/export.csv").streaming_content) == file
    assert vera.get(f"/leads/{lead.reference}/").status_code == 404
    assert not LeadAccess.objects.filter(lead=lead).exists()
    assert not Event.objects.filter(lead=lead).exists()
    assert not InboxItem.objects.filter(lead=lead).exists()
    assert [*access_faults(), *history_faults()] == []

    listed = vera.get(reverse("leads:trials", args=[cast.listing.pk])).content.decode()
    assert lead.reference in listed
    assert ">Test<" in listed
    one = reverse("leads:trial", args=[cast.listing.pk, lead.reference])
    assert "ana@northwind.example" in vera.get(one).content.decode()
    assert sign_in(cast.otto).get(one).status_code == 404

    client = sign_in(cast.vera)
    remove = reverse("leads:trial_remove", args=[cast.listing.pk, lead.reference])
    assert "deleted for good" in client.get(remove).content.decode()
    assert client.post(remove).status_code == 302
    assert not Lead.objects.filter(is_test=True).exists()
    assert Submission.objects.count() == Lead.objects.count() == 1
    assert client.post(remove).status_code == 404


def test_a_real_lead_is_no_test_and_is_never_removed(cast, vera):
    """The control of the test above."""
    fill_in(Client(), cast.listing.form_path)
    lead = Lead.objects.get()
    assert LeadAccess.objects.filter(lead=lead).exists()
    remove = reverse("leads:trial_remove", args=[cast.listing.pk, lead.reference])
    assert vera.get(remove).status_code == vera.post(remove).status_code == 404
    assert Lead.objects.filter(pk=lead.pk).exists()


def test_only_a_signed_fresh_link_of_this_form_makes_a_test(cast, vera, monkeypatch):
    path = cast.listing.form_path
    address = trial_path(vera, cast.listing)
    foreign = signing.dumps(cast.listing.pk + 1, salt="leads.trials")
    for word in ("yes", foreign, address.split("=")[1][:-1], "%00"):
        assert "This is a test." not in Client().get(f"{path}?test={word}").content.decode()
    assert "This is a test." in Client().get(address).content.decode()
    monkeypatch.setattr(trials, "OPENS_FOR", timedelta(seconds=-1))
    assert "This is a test." not in Client().get(address).content.decode()


def test_test_stays_one_through_mistakes_and_the_check(cast, vera):
    visitor, path = Client(), cast.listing.form_path
    token = open_form(visitor, trial_path(vera, cast.listing))
    refused = send(visitor, path, {**ANSWERS, "email": ""}, token)
    assert "This is a test." in refused.content.decode()
    trapped = visitor.post(path, {"form.token": token, **typed(ANSWERS), "form.homepage": "x"})
    assert "This is a test." in trapped.content.decode()
    with later():
        assert press(visitor, path, trapped, "send").status_code == 302
    assert Lead.objects.get().is_test


def test_closed_form_takes_no_test(cast, vera):
    cast.listing.is_active = False
    cast.listing.save()
    address = reverse("leads:trials", args=[cast.listing.pk])
    assert "Send a test</button>" not in vera.get(address).content.decode()
    assert vera.post(address).status_code == 409
