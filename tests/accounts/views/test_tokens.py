"""The pages of API tokens: made, shown once, listed, revoked."""

import re

from accounts.models import ApiToken
from tests.factories import make_key

NEW = {"name": "Website sync", "role": "vendor", "scopes": ["read", "write"], "days": "90"}


def test_a_token_is_shown_once_listed_and_revoked(cast, sign_in):
    client = sign_in(cast.vera)
    assert "API tokens" in client.get("/settings/").content.decode()
    assert "No API tokens" in client.get("/settings/tokens/").content.decode()
    answer = client.post("/settings/tokens/new/", NEW)
    [key] = set(re.findall(r"lp_[0-9a-f]{12}_[\w-]{43}", answer.content.decode()))
    assert answer["Cache-Control"] == "no-store"
    page = client.get("/settings/tokens/").content.decode()
    assert key not in page
    for words in ("Website sync", "Vendor", "Read", "Create and change", "Never", key[:15]):
        assert words in page
    again = client.post("/settings/tokens/new/", NEW)  # the page was reloaded
    assert again.status_code == 422
    assert "There is a token with this name" in again.content.decode()
    address = f"/settings/tokens/{ApiToken.objects.get().pk}/revoke/"
    assert "Revoke the token Website sync?" in client.get(address).content.decode()
    client.post(address)
    assert ApiToken.objects.get().revoked_at
    assert client.post(address).status_code == 404


def test_bad_choices_are_refused_in_words(cast, sign_in):
    client = sign_in(cast.vera)
    for values, words in (
        ({"name": ""}, "Enter a name for the token"),
        ({"role": "marketplace_manager"}, "Choose a role"),
        ({"scopes": []}, "Choose what the token may do"),
        ({"days": "9999"}, "Choose how long the token is valid"),
    ):
        answer = client.post("/settings/tokens/new/", {**NEW, **values})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_the_list_costs_the_same_with_one_and_with_many(cast, sign_in, django_assert_num_queries):
    client = sign_in(cast.vera)
    make_key(cast.vera, "vendor")
    client.get("/settings/")
    with django_assert_num_queries(3):
        client.get("/settings/tokens/")
    for _number in range(5):
        make_key(cast.vera, "vendor")
    with django_assert_num_queries(3):
        client.get("/settings/tokens/")
