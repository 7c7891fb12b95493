"""Definitions of custom attributes: keys never change, own ones stay with their person."""

import pytest

from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound
from templates_app.enums import AttributeKind, TextFormat
from templates_app.rules.attributes import OWN_MOST
from templates_app.selectors.attributes import attribute_specs, attributes
from templates_app.services.attributes import (
    Definition,
    activate_attribute,
    create_attribute,
    deactivate_attribute,
    edit_attribute,
)
from tests.factories import make_person

TEXT = AttributeKind.TEXT


def define(cast, label="Budget", *, actor=None, **settings):
    key = settings.pop("key", "")
    owner_id = settings.pop("owner_id", None)
    return create_attribute(
        cast.northgate,
        kind=settings.pop("kind", TEXT),
        definition=Definition(label, **settings),
        key=key,
        owner_id=owner_id,
        actor=actor or cast.olga,
    )


def test_a_key_comes_from_the_label_or_is_given_and_is_taken_once(cast):
    assert define(cast).key == "budget"
    assert define(cast).key == "budget_2"
    assert define(cast, key="crm_id").key == "crm_id"
    with pytest.raises(Invalid) as refusal:
        define(cast, key="crm_id")
    assert refusal.value.errors == {
        "key": "Another attribute already has the key crm_id. Choose another one."
    }
    for key in ("Budget", "2x", "a b", "own3-budget", "_x", "a-b"):
        with pytest.raises(Invalid):
            define(cast, key=key)


def test_key_and_type_never_change(cast):
    made = define(cast, text_format=TextFormat.DIGITS, max_length=5)
    edited = edit_attribute(
        made, definition=Definition("Money", options=["A", "B"]), actor=cast.olga
    )
    assert (edited.key, edited.kind, edited.label) == ("budget", TEXT, "Money")
    assert (edited.text_format, edited.max_length, edited.options) == ("", None, [])


def test_settings_are_judged(cast):
    for settings, field in (
        ({"label": ""}, "label"),
        ({"kind": AttributeKind.CHOICE}, "options"),
        ({"max_length": 5000}, "max_length"),
        ({"view_roles": ["king"]}, "view_roles"),
    ):
        with pytest.raises(Invalid) as refusal:
            define(cast, **settings)
        assert list(refusal.value.errors) == [field]


def test_only_the_hosts_marketplace_managers_define(cast):
    made = define(cast)
    for actor in (cast.rita, cast.sam, cast.ann, cast.vera, cast.otto):
        with pytest.raises(Forbidden):
            define(cast, actor=actor)
    for actor, refusal in ((cast.rita, Forbidden), (cast.ann, Forbidden), (cast.otto, NotFound)):
        with pytest.raises(refusal):
            deactivate_attribute(made, actor=actor)
    deactivate_attribute(made, actor=cast.olga)
    with pytest.raises(Conflict):
        deactivate_attribute(made, actor=cast.olga)
    assert attribute_specs(cast.olga, cast.northgate.pk) == []
    activate_attribute(made, actor=cast.olga)
    with pytest.raises(Conflict):
        activate_attribute(made, actor=cast.olga)
    assert [spec.key for spec in attribute_specs(cast.olga, cast.northgate.pk)] == ["budget"]


def test_own_attributes_stay_with_their_person(cast):
    define(cast)
    mine = define(cast, actor=cast.ray, owner_id=cast.ray.user_id, view_roles=["vendor"])
    assert mine.key == f"own{cast.ray.user_id}-budget"
    assert mine.view_roles == []
    colleague = make_person(cast.ripple, *cast.ray.roles)
    for other in (colleague, cast.olga, cast.rita, cast.vera):
        assert mine.key not in [spec.key for spec in attribute_specs(other, cast.northgate.pk)]
        assert mine not in attributes(other)
        with pytest.raises(NotFound):
            edit_attribute(mine, definition=Definition("Theirs"), actor=other)
        with pytest.raises(Forbidden):
            define(cast, actor=other, owner_id=cast.ray.user_id)
    assert attributes(cast.ray) == [mine]
    assert [spec.key for spec in attribute_specs(cast.ray, cast.northgate.pk)] == [mine.key]
    assert define(cast, actor=colleague, owner_id=colleague.user_id).key.endswith("-budget")


def test_own_attributes_belong_to_the_own_host(cast):
    with pytest.raises(NotFound):
        create_attribute(
            cast.southgate,
            kind=TEXT,
            definition=Definition("X"),
            owner_id=cast.ray.user_id,
            actor=cast.ray,
        )


def test_there_is_a_limit(cast):
    for number in range(OWN_MOST):
        define(cast, f"Field {number}", actor=cast.ray, owner_id=cast.ray.user_id)
    with pytest.raises(Conflict):
        define(cast, "One more", actor=cast.ray, owner_id=cast.ray.user_id)


def test_the_longest_label_makes_a_key_that_fits(cast):
    made = define(cast, "x" * 120, actor=cast.ray, owner_id=cast.ray.user_id)
    assert len(made.key) <= 60


def test_roles_decide_whose_pages_have_it(cast):
    define(cast, "For vendors", view_roles=["vendor"])
    define(cast, "For resellers", edit_roles=["reseller"])
    define(cast, "For sales", required_roles=["sales_support"])
    seen = {
        name: [spec.label for spec in attribute_specs(getattr(cast, name), cast.northgate.pk)]
        for name in ("olga", "rita", "sam", "ann", "ray", "vera", "otto")
    }
    assert seen == {
        "olga": ["For resellers", "For sales", "For vendors"],
        "rita": [],
        "sam": ["For sales"],
        "ann": ["For resellers"],
        "ray": [],
        "vera": ["For vendors"],  # her product stands in Northgate's marketplace
        "otto": [],
    }
