"""Every form: odd values answer with sentences beside the fields, keep what was typed, and write nothing."""

import pytest
from django.urls import reverse

from templates_app.enums import AttributeKind
from templates_app.models import (
    CustomAttribute,
    LeadTemplate,
    Listing,
    Marketplace,
    Product,
    TemplateField,
    TemplateVersion,
)
from templates_app.services.attributes import Definition, create_attribute
from templates_app.services.lead_templates import start_draft

MODELS = (
    CustomAttribute,
    LeadTemplate,
    Listing,
    Marketplace,
    Product,
    TemplateField,
    TemplateVersion,
)
ODD = {
    "empty": "",
    "blank": " \t\n ",
    "long": "x" * 70_000,
    "control": "\x00\x01\x1f\x7f",
    "unseen": "\u200b\u202e\ufeff",
    "markup": "<script>alert(1)</script>",
    "quotes": "\"'><img src=x onerror=alert(1)>",
    "digits": "9" * 5000,
    "number": "1e999",
    "date": "9999-12-31",
    "percent": "%s%(x)s{0}{{ x }}",
    "emoji": "👩‍👩‍👧",
}


@pytest.fixture
def forms(cast):
    """Each form: who posts it, where, a good post, and the fields that are required."""
    draft = start_draft(cast.listing.version.template, actor=cast.vera)
    template = draft.template_id
    attribute = create_attribute(
        cast.northgate,
        kind=AttributeKind.CHOICE,
        definition=Definition("Size", options=["a", "b"]),
        actor=cast.olga,
    )

    def at(name, *args, query=""):
        return reverse(f"templates:{name}", args=args) + query

    new_field = at("field_new", template)
    return {
        "marketplace_new": ("olga", at("marketplace_new"), {"name": "N"}, ["name"]),
        "marketplace_edit": ("olga", at("marketplace_edit", cast.marketplace.pk), {"name": "N"}, ["name"]),
        "marketplace_listing_new": (
            "olga", at("marketplace_listing_new", cast.marketplace.pk), {"product": "1"}, ["product"],
        ),
        "product_new": (
            "vera", at("product_new"), {"name": "N", "kind": "1", "summary": "", "description": ""}, ["name", "kind"],
        ),
        "product_edit": (
            "vera", at("product_edit", cast.product.pk),
            {"name": "N", "kind": "1", "summary": "", "description": ""}, ["name", "kind"],
        ),
        "listing_new": (
            "vera", at("listing_new", cast.product.pk),
            {"marketplace": "1", "version": "1", "contact": "", "thanks": ""}, ["marketplace", "version"],
        ),
        "listing_edit": (
            "vera", at("listing_edit", cast.listing.pk), {"version": "1", "contact": "", "thanks": ""}, ["version"],
        ),
        "template_new": ("vera", at("new"), {"name": "N", "product": ""}, ["name"]),
        "template_edit": ("vera", at("edit", template), {"name": "N", "product": ""}, ["name"]),
        **{
            f"field_{kind}": ("vera", f"{new_field}?kind={kind}", {"label": "L", "help_text": "", **more}, required)
            for kind, more, required in [
                ("short_text", {"max_length": "", "maps_to": ""}, ["label"]),
                ("choice", {"options": "a\nb"}, ["label", "options"]),
                ("money", {"currency": "EUR", "min_value": "", "max_value": ""}, ["label", "currency"]),
                ("consent", {"link": ""}, ["label"]),
                ("heading", {}, ["label"]),
            ]
        },
        "field_edit": (
            "vera", at("field_edit", template, "budget"), {"label": "L", "min_value": "", "max_value": ""}, ["label"],
        ),
        "field_move": ("vera", at("field_move", template, "budget"), {"position": "1"}, ["position"]),
        "attribute_new": (
            "olga", at("attribute_new", query="?kind=text"),
            {"label": "L", "key": "", "hint": "", "text_format": "", "max_length": "", "position": "",
             "view_roles": "vendor", "edit_roles": "", "required_roles": ""},
            ["label"],
        ),
        "attribute_edit": (
            "olga", at("attribute_edit", attribute.pk),
            {"label": "L", "hint": "", "options": "a\nb", "position": ""}, ["label", "options"],
        ),
    }  # fmt: skip


NAMES = [
    "marketplace_new", "marketplace_edit", "marketplace_listing_new", "product_new", "product_edit",
    "listing_new", "listing_edit", "template_new", "template_edit", "field_short_text", "field_choice",
    "field_money", "field_consent", "field_heading", "field_edit", "field_move", "attribute_new",
    "attribute_edit",
]  # fmt: skip


def counted() -> list[int]:
    return [model.objects.count() for model in MODELS]


def test_the_table_has_every_form(forms):
    assert sorted(forms) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_missing_values_are_named_and_nothing_is_written(cast, forms, sign_in, name):
    actor, url, _good, required = forms[name]
    client = sign_in(getattr(cast, actor))
    before = counted()
    response = client.post(url, {})
    html = response.content.decode()
    assert response.status_code == 422
    assert counted() == before
    assert "There is a problem" in html
    assert "<title>Error:" in html
    for field in required:
        assert f'id="id_{field}_error"' in html or f"#id_{field}" in html, field


@pytest.mark.parametrize("name", NAMES)
def test_odd_values_are_refused_or_cleaned(cast, forms, sign_in, name):
    """Each field in turn, the others as they should be: never a 500, never a row that a page cannot show."""
    actor, url, good, _required = forms[name]
    client = sign_in(getattr(cast, actor))
    for field in good:
        for odd in ODD.values():
            before = counted()
            response = client.post(url, {**good, field: odd})
            assert response.status_code in {302, 422}, (field, odd[:40])
            if response.status_code == 422:
                assert counted() == before
                html = response.content.decode()
                assert "There is a problem" in html
                assert "<script>alert" not in html
                assert "<img src=x" not in html
    for who, page in (
        (cast.vera, "products"),
        (cast.vera, "list"),
        (cast.olga, "marketplaces"),
        (cast.olga, "attributes"),
    ):
        html = sign_in(who).get(reverse(f"templates:{page}")).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html


def test_what_was_typed_is_kept(cast, forms, sign_in):
    _actor, url, good, _required = forms["product_new"]
    typed = {**good, "name": "y" * 130, "description": "Line one\nLine <two>"}
    html = sign_in(cast.vera).post(url, typed).content.decode()
    assert "Name must be 120 characters or fewer. You have entered 130." in html
    assert "y" * 130 in html
    assert "Line one\nLine &lt;two&gt;" in html


@pytest.mark.parametrize(
    "query", ["?kind=", "?kind=nothing", "?kind=%00", "?kind=heading&kind=number", "?kind=" + "x" * 3000]
)  # fmt: skip
def test_unknown_types_have_no_form(cast, forms, sign_in, query):
    template = cast.listing.version.template_id
    client = sign_in(cast.vera)
    url = reverse("templates:field_new", args=[template])
    assert client.get(url + query).status_code in {200, 404}
    assert client.post(url + query, {"label": "x"}).status_code in {302, 404}


def test_choices_of_others_are_no_choices(cast, forms, sign_in):
    """Rows out of sight are refused like rows that do not exist."""
    _actor, url, good, _required = forms["listing_new"]
    client = sign_in(cast.vera)
    answers = {
        client.post(url, {**good, "version": version}).content.count(b"Choose a lead template")
        for version in ("0", "99999999999999999999999", "x", "1 OR 1=1")
    }
    assert answers == {2}
