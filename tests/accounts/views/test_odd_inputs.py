"""Odd values in every field of every form end in a sentence or in a row that pages can show (security.md F6)."""

from urllib.parse import urlencode, urlsplit

import pytest
from django.core.cache import cache

from accounts.enums import Role
from accounts.models import Company, Membership, OutgoingMail, User
from accounts.services.invitations import invite_person
from tests.factories import PASSWORD

ODD = [
    "",
    " \t\r\n ",
    "\x00",
    "a\x00b",
    "\x0b\x1f\x7f\x85",
    "\ud800",
    "\u202egnp.exe",
    "\u200b\u200d\ufeff",
    "😀" * 30,
    "é" * 5000,
    "x" * 100_000,
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "{{ 7|add:7 }}{% now 'Y' %}%(name)s {0}",
    "'; DROP TABLE accounts_user; --",
    "=1+1",
    "../../etc/passwd",
    "javascript:alert(1)",
    "99999999999999999999999999",
    "-1",
    "1e999",
    "NaN",
    "on",
    "0001-01-01",
]

# Form: fields with values that would do
FORMS = {
    "/sign-in/": {"login": "ann@example.com", "password": PASSWORD, "next": "/"},
    "/accounts/password/reset/": {"email": "ann@example.com"},
    "/accounts/password/change/": {
        "oldpassword": PASSWORD,
        "password1": "another-long-secret",
        "password2": "another-long-secret",
    },
    "/settings/": {
        "first_name": "Ann",
        "last_name": "Abe",
        "time_zone": "UTC",
        "theme": "auto",
        "density": "default",
    },
    "/settings/preferences/": {"theme": "auto", "density": "default", "next": "/people/"},
    "/switch/": {"company": "1"},
    "/people/invite/?company={alpha}": {"emails": "p@example.com", "roles": "reseller"},
    "/people/{ben}/roles/": {"roles": "reseller"},
    "/companies/new/": {
        "name": "Globex",
        "website": "globex.example",
        "street": "Street 1",
        "postcode": "1000",
        "city": "Porto",
        "region": "Norte",
        "country": "PT",
        "size": "10",
        "industry": "Retail",
        "about": "About",
        "is_developer": "",
        "is_marketplace": "",
        "is_reseller": "on",
        "is_referral": "",
    },
    "/companies/{alpha}/permissions/": {
        "create_leads": "on",
        "create_customers": "free",
        "disqualify_leads": "on",
        "export_leads": "on",
    },
    "/invitations/{token}/": {"first_name": "Nia", "last_name": "New", "password": PASSWORD},
}
SETTLED = {200, 302, 404, 410, 422}
SIGNED_OUT = ("/sign-in/", "/accounts/password/reset/", "/invitations/{token}/")


def encoded(values) -> bytes:
    """Encode a form as a browser would, and lone surrogates as only an attacker would."""
    return urlencode(values, errors="surrogatepass").encode()


def send(client, url, values):
    """Post a form and read the page that answers."""
    cache.clear()
    return client.post(url, encoded(values), content_type="application/x-www-form-urlencoded")


@pytest.fixture
def addresses(cast):
    """The forms by their real addresses."""
    invite_person(cast.alpha, email="new@example.com", roles=[Role.RESELLER], actor=cast.olga)
    token = OutgoingMail.objects.get().text.split("/invitations/")[1].split("/")[0]
    numbers = {
        "alpha": cast.alpha.pk,
        "ben": Membership.objects.get(user=cast.ben.user_id).pk,
        "token": token,
    }
    return {form: form.format(**numbers) for form in FORMS}


def odd_forms(values):
    """Return the form with every odd value in all fields at once, and with a third of them in each field alone."""
    yield from (dict.fromkeys(values, odd) for odd in ODD)
    for number, field in enumerate(values):
        yield from ({**values, field: odd} for odd in ODD[number % 3 :: 3])


@pytest.mark.parametrize("form", FORMS)
def test_odd_values_are_answered(cast, client, sign_in, addresses, form):
    password = User.objects.get(pk=cast.olga.user_id).password
    for values in odd_forms(FORMS[form]):
        if form in SIGNED_OUT:
            client.logout()
        else:
            User.objects.filter(pk=cast.olga.user_id).update(password=password)
            sign_in(cast.olga)
        answer = send(client, addresses[form], values)
        assert answer.status_code in SETTLED, values
        if answer.status_code == 302:
            target = urlsplit(answer.url)
            assert (target.scheme, target.netloc) == ("", ""), values
    show_everything(sign_in(cast.olga))


@pytest.mark.parametrize("form", FORMS)
def test_body_that_is_no_form_is_answered(cast, client, sign_in, addresses, form):
    if form not in SIGNED_OUT:
        sign_in(cast.olga)
    for body in (b"", b"\xff\xfe\x00", b"a=" * 2000, b"%", b"[]"):
        for kind in (
            "application/x-www-form-urlencoded",
            "application/json",
            "multipart/form-data",
        ):
            cache.clear()
            answer = client.post(addresses[form], body, content_type=kind)
            assert answer.status_code in SETTLED | {400}


def show_everything(client) -> None:
    """Show what was stored on the pages that would show it."""
    for row in [*User.objects.all(), *Company.objects.all()]:
        for field in row._meta.concrete_fields:
            str(getattr(row, field.attname)).encode("utf-8")
    for url in ("/people/", "/people/invitations/", "/people/invite/", "/settings/"):
        answer = client.get(url)
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text
