"""Who has which page: 200 for those that may, 404 where the role has no such page or the row is out of sight."""

import pytest
from django.urls import reverse

from templates_app.enums import AttributeKind, VersionState
from templates_app.services.attributes import Definition, create_attribute
from templates_app.services.lead_templates import start_draft
from tests.factories import make_lead, make_listing, make_marketplace, make_product, make_version

ACTORS = ("olga", "rita", "sam", "vera", "ann", "ray", "cleo", "otto")


@pytest.fixture
def rows(cast):
    """What the addresses of the table stand for; all of Northgate or Vertex."""
    template = cast.listing.version.template
    start_draft(template, actor=cast.vera)
    attribute = create_attribute(
        cast.northgate, kind=AttributeKind.TEXT, definition=Definition("Budget"), actor=cast.olga
    )
    own = create_attribute(
        cast.northgate,
        kind=AttributeKind.TEXT,
        definition=Definition("Own"),
        owner_id=cast.ray.user_id,
        actor=cast.ray,
    )
    host_version = make_version(cast.northgate)
    start_draft(host_version.template, actor=cast.olga)
    return {
        "marketplace": cast.marketplace.pk,
        "product": cast.product.pk,
        "listing": cast.listing.pk,
        "template": template.pk,
        "host_template": host_version.template.pk,
        "attribute": attribute.pk,
        "own": own.pk,
    }


# name, args, then the answers of: olga rita sam vera ann ray cleo otto
PAGES = """
marketplaces             -                        200 200 404 404 404 404 404 200
marketplace              marketplace              200 200 404 404 404 404 404 404
marketplace_new          -                        200 404 404 404 404 404 404 200
marketplace_edit         marketplace              200 404 404 404 404 404 404 404
marketplace_listing_new  marketplace              200 404 404 404 404 404 404 404
products                 -                        200 200 200 200 200 200 404 200
product                  product                  200 200 200 200 200 200 404 404
product_new              -                        404 404 404 200 404 404 404 404
product_edit             product                  404 404 404 200 404 404 404 404
listing_new              product                  200 404 404 200 404 404 404 404
listing_edit             listing                  200 404 404 200 404 404 404 404
listing_close            listing                  200 404 404 200 404 404 404 404
list                     -                        200 200 404 200 404 404 404 200
new                      -                        200 404 404 200 404 404 404 200
detail                   template                 200 200 404 200 404 404 404 404
detail                   host_template            200 200 404 404 404 404 404 404
edit                     template                 403 404 404 200 404 404 404 404
edit                     host_template            200 404 404 404 404 404 404 404
discard                  template                 403 404 404 200 404 404 404 404
publish                  template                 403 404 404 200 404 404 404 404
publish                  host_template            200 404 404 404 404 404 404 404
archive                  template                 403 404 404 200 404 404 404 404
version                  template,1               200 200 404 200 404 404 404 404
version                  template,2               404 404 404 200 404 404 404 404
version                  template,9               404 404 404 404 404 404 404 404
builder                  template                 403 404 404 200 404 404 404 404
field_new                template                 403 404 404 200 404 404 404 404
field_edit               template,budget          403 404 404 200 404 404 404 404
field_move               template,budget          403 404 404 200 404 404 404 404
field_remove             template,budget          403 404 404 200 404 404 404 404
field_edit               template,unknown         403 404 404 404 404 404 404 404
attributes               -                        200 200 404 404 404 200 404 200
attribute_new            -                        200 404 404 404 404 200 404 200
attribute_edit           attribute                200 404 404 404 404 404 404 404
attribute_edit           own                      404 404 404 404 404 200 404 404
attribute_deactivate     attribute                200 404 404 404 404 404 404 404
attribute_deactivate     own                      404 404 404 404 404 200 404 404
"""
CELLS = [
    (name, args, actor, int(code))
    for name, args, *codes in (line.split() for line in PAGES.strip().splitlines())
    for actor, code in zip(ACTORS, codes, strict=True)
]
# Posts that have no page of their own, with the same columns; the row is as the cast left it.
POSTS = """
draft          host_template    302 404 404 404 404 404 404 404
draft          template         403 404 404 302 404 404 404 404
version_copy   host_template,1  409 404 404 404 404 404 404 404
reseller_form  host_template    302 404 404 404 404 404 404 404
reseller_form  template         403 404 404 404 404 404 404 404
listing_open   listing          409 404 404 409 404 404 404 404
attribute_activate attribute    409 404 404 404 404 404 404 404
"""
POST_CELLS = [
    (name, args, actor, int(code))
    for name, args, *codes in (line.split() for line in POSTS.strip().splitlines())
    for actor, code in zip(ACTORS, codes, strict=True)
]


def address(name: str, args: str, rows: dict[str, int]) -> str:
    words = [] if args == "-" else args.split(",")
    return reverse(f"templates:{name}", args=[rows.get(word, word) for word in words])


@pytest.mark.parametrize(("name", "args", "actor", "code"), CELLS)
def test_page_answers_by_role(cast, rows, sign_in, name, args, actor, code):
    response = sign_in(getattr(cast, actor)).get(address(name, args, rows))
    assert response.status_code == code
    if code == 200:
        html = response.content.decode()
        assert html.count("<h1") == 1
        assert "<title>" in html
        assert response.headers["Vary"]


@pytest.mark.parametrize(("name", "args", "actor", "code"), POST_CELLS)
def test_post_answers_by_role(cast, rows, sign_in, name, args, actor, code):
    data = {"use": "yes"}
    response = sign_in(getattr(cast, actor)).post(address(name, args, rows), data)
    assert response.status_code == code


@pytest.mark.parametrize("name", sorted({name for name, *_ in CELLS}))
def test_visitors_are_sent_to_sign_in(cast, rows, client, name):
    args = next(args for found, args, *_ in CELLS if found == name)
    response = client.get(address(name, args, rows))
    assert response.status_code == 302
    assert response.url.startswith("/sign-in/")


@pytest.mark.parametrize(
    "path",
    [
        "products/99999999999999999999999/",
        "products/0/",
        "listings/99999999999999999999999/edit/",
        "marketplaces/99999999999999999999999/",
        "templates/99999999999999999999999/",
        "templates/1/versions/99999999999999999999999/",
        "attributes/99999999999999999999999/edit/",
        "templates/" + "9" * 5000 + "/",
        "products/?page=999999999999999999999&q=%00%F0%9F%98%80",
        "templates/?page=-1&q=" + "x" * 3000,
        "products/?page=NaN",
    ],
    ids=lambda path: path[:40],
)
def test_odd_addresses_are_not_there_or_the_first_page(cast, sign_in, path):
    person = cast.vera if path.startswith(("products", "templates", "listings")) else cast.olga
    assert sign_in(person).get(f"/{path}").status_code in {200, 404}


def test_lists_show_what_one_sees_and_no_more(cast, sign_in):
    southgate_place = make_marketplace(cast.southgate, "Southgate Store")
    secret = make_product(cast.vertex, "Secret Product")
    make_listing(secret, southgate_place)
    make_version(cast.southgate, name="Secret Template")
    for actor in ("olga", "ann", "ray", "sam"):
        html = sign_in(getattr(cast, actor)).get(reverse("templates:products")).content.decode()
        assert "Acme Backup" in html
        assert "Secret" not in html
        assert "Southgate" not in html
    html = sign_in(cast.vera).get(reverse("templates:products")).content.decode()
    assert "Secret Product" in html
    html = sign_in(cast.olga).get(reverse("templates:list")).content.decode()
    assert "Secret" not in html
    page = sign_in(cast.otto).get(reverse("templates:product", args=[secret.pk])).content.decode()
    assert "Northgate" not in page


def test_hosts_do_not_see_drafts_of_vendors(cast, rows, sign_in):
    html = sign_in(cast.olga).get(address("detail", "template", rows)).content.decode()
    assert "Version 1" in html
    assert "Version 2" not in html
    html = sign_in(cast.vera).get(address("detail", "template", rows)).content.decode()
    assert "Version 2" in html


@pytest.mark.parametrize("name", ["products", "list", "marketplaces", "attributes"])
def test_lists_cost_the_same_with_one_row_and_many(cast, sign_in, django_assert_num_queries, name):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(cast.olga)
    create_attribute(
        cast.northgate, kind=AttributeKind.TEXT, definition=Definition("First"), actor=cast.olga
    )
    client.get(reverse(f"templates:{name}"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(reverse(f"templates:{name}"))
    for number in range(4):
        place = make_marketplace(cast.northgate)
        make_listing(make_product(cast.vertex), place)
        make_version(cast.northgate, VersionState.PUBLISHED)
        create_attribute(
            cast.northgate,
            kind=AttributeKind.TEXT,
            definition=Definition(f"More {number}"),
            actor=cast.olga,
        )
    with django_assert_num_queries(len(few)):
        client.get(reverse(f"templates:{name}"))


def test_one_page_costs_the_same_with_one_row_and_many(cast, sign_in, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = sign_in(cast.vera)
    urls = [
        reverse("templates:product", args=[cast.product.pk]),
        reverse("templates:detail", args=[cast.listing.version.template_id]),
        reverse("templates:version", args=[cast.listing.version.template_id, 1]),
    ]
    for url in urls:
        client.get(url)
    costs = []
    for url in urls:
        with CaptureQueriesContext(connection) as found:
            client.get(url)
        costs.append(len(found))
    for _number in range(4):
        make_listing(cast.product, make_marketplace(cast.northgate), cast.listing.version)
    make_lead(cast.northgate)
    for url, cost in zip(urls, costs, strict=True):
        with django_assert_num_queries(cost):
            client.get(url)


def test_lists_go_on_and_are_searched(cast, sign_in):
    for number in range(55):
        make_product(cast.vertex, f"Product {number:02}")
    client = sign_in(cast.vera)
    first = client.get(reverse("templates:products")).content.decode()
    assert "Showing 1 to 50" in first
    second = client.get("/products/?page=2").content.decode()
    assert "Showing 51 to 56" in second
    found = client.get("/products/?q=product+07").content.decode()
    assert "Product 07" in found
    assert "Product 08" not in found
    nothing = client.get("/products/?q=nowhere").content.decode()
    assert "No products match this search" in nothing
    assert 'value="nowhere"' in nothing
