"""Addresses of the API. The words in them are those of the pages."""

from django.urls import path, re_path

from leads.api import (
    behaviour,
    catalogue,
    deals,
    files,
    leads,
    moves,
    orders,
    parts,
    quotes,
    reports,
    sales,
)
from leads.api.docs import DocsView
from leads.api.schema import SchemaView
from leads.api.unknown import UnknownView
from leads.converters import LEAD_ID

app_name = "api"

LEAD = f"v1/leads/{LEAD_ID}/"
DEAL = f"v1/deals/{LEAD_ID}/"
QUOTE = f"v1/quotes/{LEAD_ID}/"
ORDER = f"v1/orders/{LEAD_ID}/"

urlpatterns = [
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    path("v1/token/", catalogue.MeView.as_view(), name="me"),
    path("v1/leads/", leads.LeadsView.as_view(), name="leads"),
    path("v1/leads/export.csv", files.CsvView.as_view(), name="export_csv"),
    path(LEAD, leads.LeadView.as_view(), name="lead"),
    path(f"{LEAD}actions/", moves.ActionsView.as_view(), name="actions"),
    path(f"{LEAD}history/", parts.HistoryView.as_view(), name="history"),
    path(f"{LEAD}notes/", parts.NotesView.as_view(), name="notes"),
    path(f"{LEAD}notes/<int:pk>/", parts.NoteView.as_view(), name="note"),
    path(f"{LEAD}products/", parts.ProductsView.as_view(), name="lead_products"),
    path(f"{LEAD}products/<int:pk>/", parts.ProductView.as_view(), name="lead_product"),
    path(f"{LEAD}next-step/", moves.NextStepView.as_view(), name="next_step"),
    path(f"{LEAD}undo/", moves.UndoView.as_view(), name="undo"),
    path(f"{LEAD}manage/", moves.ManageView.as_view(), name="manage"),
    *moves.move_paths(LEAD),
    path("v1/pipelines/", sales.PipelinesView.as_view(), name="pipelines"),
    path("v1/deals/", deals.DealsView.as_view(), name="deals"),
    path(DEAL, deals.DealView.as_view(), name="one_deal"),
    path(f"{DEAL}stage/", deals.StageView.as_view(), name="deal_stage"),
    path(f"{DEAL}won/", deals.WonView.as_view(), name="deal_won"),
    path(f"{DEAL}lost/", deals.LostView.as_view(), name="deal_lost"),
    path(f"{DEAL}reopen/", deals.ReopenView.as_view(), name="deal_reopen"),
    path("v1/quotes/", quotes.QuotesView.as_view(), name="quotes"),
    path(QUOTE, quotes.QuoteView.as_view(), name="one_quote"),
    path(f"{QUOTE}quote.pdf", quotes.QuotePdfView.as_view(), name="quote_pdf"),
    path(f"{QUOTE}send/", quotes.SendView.as_view(), name="quote_send"),
    path(f"{QUOTE}withdraw/", quotes.WithdrawView.as_view(), name="quote_withdraw"),
    path(f"{QUOTE}order/", orders.OrderFromQuoteView.as_view(), name="quote_order"),
    path("v1/orders/", orders.OrdersView.as_view(), name="orders"),
    path(ORDER, orders.OrderView.as_view(), name="one_order"),
    path(f"{ORDER}state/", orders.OrderStateView.as_view(), name="order_state"),
    path("v1/behaviour/", behaviour.BehaviourView.as_view(), name="behaviour"),
    path("v1/companies/", catalogue.CompaniesView.as_view(), name="companies"),
    path("v1/companies/<int:pk>/", catalogue.CompanyView.as_view(), name="company"),
    path("v1/products/", catalogue.ProductsSoldView.as_view(), name="products"),
    path("v1/products/<int:pk>/", catalogue.ProductSoldView.as_view(), name="product"),
    path("v1/marketplaces/", catalogue.MarketplacesView.as_view(), name="marketplaces"),
    path("v1/listings/", catalogue.ListingsView.as_view(), name="listings"),
    path("v1/templates/", catalogue.TemplatesView.as_view(), name="templates"),
    path("v1/templates/<int:pk>/", catalogue.TemplateView.as_view(), name="template"),
    path("v1/exports/", files.ExportsView.as_view(), name="exports"),
    path("v1/exports/<int:pk>/", files.ExportView.as_view(), name="export"),
    path("v1/exports/<int:pk>/file/", files.ExportFileView.as_view(), name="export_file"),
    path("v1/reports/leads/", reports.ReportView.as_view(), name="report"),
    re_path(r"^(?P<rest>.*)$", UnknownView.as_view(), name="unknown"),
]
