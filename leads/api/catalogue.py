"""What can be asked and sold, and companies: to be read."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors.companies import company
from leadportal.common.errors import NotFound
from leadportal.common.pagination import Order
from leadportal.common.text import clean_line
from leads.api.base import ApiView
from leads.api.operations import TEXT, Operation
from leads.api.paging import PLACES, links, page_of
from leads.api.parts import bounded
from leads.api.serializers.catalogue import (
    CompanyPage,
    CompanySeen,
    ListingPage,
    MarketplaceList,
    Me,
    ProductPage,
    ProductSeen,
    TemplatePage,
    TemplateSeen,
)
from leads.rules.permissions import anybody, sees_companies
from leads.selectors.company_list import KINDS, companies
from templates_app.enums import ProductKind
from templates_app.rules.permissions import sees_products, sees_templates
from templates_app.selectors.catalogue import marketplaces_seen, open_listings, product, products
from templates_app.selectors.lead_templates import row_of, specs_of, template, template_rows

WORDS_MOST = 100
_KINDS = {ProductKind.APPLICATION: "application", ProductKind.SERVICE: "service"}
_BY_KEY = Order(("id",), is_descending=False)


def words_asked(request: Request) -> str:
    """Return what is searched for."""
    return clean_line(request.query_params.get("q", "")[: 4 * WORDS_MOST])[:WORDS_MOST]


class MeView(ApiView):
    """Whom the portal takes the token for."""

    permission = staticmethod(anybody)
    operations = {"get": Operation("readToken", "Read who the token is", "Token", {200: Me})}

    def get(self, request: Request) -> Response:
        """Show it."""
        token = self.token
        found = {
            "actor": self.actor,
            "role": token.role,
            "scopes": token.scopes,
            "expires_at": token.expires_at,
        }
        return Response(Me(found).data)


class CompaniesView(ApiView):
    """Companies, by name."""

    permission = staticmethod(sees_companies)
    operations = {
        "get": Operation(
            "listCompanies",
            "List the companies that the token sees, by name",
            "Companies",
            {200: CompanyPage},
            query={"q": TEXT, "kind": {"type": "string", "enum": list(KINDS)}, **PLACES},
        )
    }

    def get(self, request: Request) -> Response:
        """Show a page."""
        kind = request.query_params.get("kind", "")
        rows = companies(self.actor)
        if words := words_asked(request):
            rows = rows.matching(words)
        if kind in KINDS:
            rows = rows.filter(KINDS[kind][1])
        page = page_of(request, rows)
        return Response(CompanyPage({**links(request, page), "results": page.rows}).data)


class CompanyView(ApiView):
    """One company."""

    permission = staticmethod(sees_companies)
    operations = {
        "get": Operation("readCompany", "Read a company", "Companies", {200: CompanySeen})
    }

    def get(self, request: Request, pk: int) -> Response:
        """Show it."""
        return Response(CompanySeen(company(self.actor, bounded(pk))).data)


class ProductsSoldView(ApiView):
    """Products, by name."""

    permission = staticmethod(sees_products)
    operations = {
        "get": Operation(
            "listProducts",
            "List the products that the token sees, by name",
            "Catalogue",
            {200: ProductPage},
            query={"q": TEXT, **PLACES},
        )
    }

    def get(self, request: Request) -> Response:
        """Show a page."""
        page = page_of(request, products(self.actor, words_asked(request)))
        rows = [_product(row) for row in page.rows]
        return Response(ProductPage({**links(request, page), "results": rows}).data)


class ProductSoldView(ApiView):
    """One product."""

    permission = staticmethod(sees_products)
    operations = {
        "get": Operation("readProduct", "Read a product", "Catalogue", {200: ProductSeen})
    }

    def get(self, request: Request, pk: int) -> Response:
        """Show it."""
        found = product(self.actor, bounded(pk))
        if found is None:
            raise NotFound
        return Response(ProductSeen(_product(found)).data)


def _product(row: Any) -> Any:
    row.word = _KINDS[row.kind]
    return row


class MarketplacesView(ApiView):
    """Marketplaces: few, so all at once."""

    permission = staticmethod(sees_products)
    operations = {
        "get": Operation(
            "listMarketplaces", "List the marketplaces", "Catalogue", {200: MarketplaceList}
        )
    }

    def get(self, request: Request) -> Response:
        """Show them."""
        return Response(MarketplaceList({"results": marketplaces_seen(self.actor)}).data)


class ListingsView(ApiView):
    """Listings whose forms are open, with their questions: what *createLead* takes answers to."""

    permission = staticmethod(sees_products)
    operations = {
        "get": Operation(
            "listListings",
            "List the listings whose forms are open, with their questions",
            "Catalogue",
            {200: ListingPage},
            query=PLACES,
        )
    }

    def get(self, request: Request) -> Response:
        """Show a page."""
        rows = open_listings(self.actor).prefetch_related("version__fields")
        page = page_of(request, rows, _BY_KEY)
        for row in page.rows:
            row.specs = row.version.fields.all()
        return Response(ListingPage({**links(request, page), "results": page.rows}).data)


class TemplatesView(ApiView):
    """Lead templates, by name."""

    permission = staticmethod(sees_templates)
    operations = {
        "get": Operation(
            "listTemplates",
            "List the lead templates that the token sees, by name",
            "Templates",
            {200: TemplatePage},
            query={"q": TEXT, **PLACES},
        )
    }

    def get(self, request: Request) -> Response:
        """Show a page."""
        page = page_of(request, template_rows(self.actor, words_asked(request)))
        rows = [_template(row) for row in page.rows]
        return Response(TemplatePage({**links(request, page), "results": rows}).data)


class TemplateView(ApiView):
    """One lead template with its questions."""

    permission = staticmethod(sees_templates)
    operations = {
        "get": Operation("readTemplate", "Read a lead template", "Templates", {200: TemplateSeen})
    }

    def get(self, request: Request, pk: int) -> Response:
        """Show it."""
        found = template(self.actor, bounded(pk))
        if found is None:
            raise NotFound
        row = _template(found)
        return Response(TemplateSeen({**row, "questions": specs_of(row["version"])}).data)


def _template(found: Any) -> dict[str, Any]:
    row = row_of(found)
    return {
        "template": row.template,
        "state": row.state.value,
        "version": row.version,
        "marketplaces": row.marketplaces,
    }
