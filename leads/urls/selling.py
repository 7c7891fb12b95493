"""Addresses of deals, quotes, orders and pipelines."""

from django.urls import path

from leads.converters import LEAD_ID
from leads.views import deals, orders, pipelines, quote_answers, quotes

LEAD = f"leads/{LEAD_ID}/"
DEAL = f"deals/{LEAD_ID}/"
QUOTE = f"quotes/{LEAD_ID}/"
ORDER = f"orders/{LEAD_ID}/"
PIPELINE = "pipelines/<int:pk>/"
STAGE = f"{PIPELINE}stages/<int:number>/"

urlpatterns = [
    path("deals/", deals.DealsView.as_view(), name="deals"),
    path("deals/export.csv", deals.DealsFileView.as_view(), name="deals_csv"),
    path(DEAL, deals.DealView.as_view(), name="deal"),
    path(f"{DEAL}edit/", deals.EditDealView.as_view(), name="deal_edit"),
    path(f"{DEAL}stage/", deals.MoveDealView.as_view(), name="deal_stage"),
    path(f"{DEAL}won/", deals.WinDealView.as_view(), name="deal_won"),
    path(f"{DEAL}lost/", deals.LoseDealView.as_view(), name="deal_lost"),
    path(f"{DEAL}reopen/", deals.ReopenDealView.as_view(), name="deal_reopen"),
    path(f"{DEAL}quote/", quotes.NewQuoteView.as_view(), name="deal_quote"),
    path("quotes/", quotes.QuotesView.as_view(), name="quotes"),
    path("quotes/export.csv", quotes.QuotesFileView.as_view(), name="quotes_csv"),
    path(QUOTE, quotes.QuoteView.as_view(), name="quote"),
    path(f"{QUOTE}quote.pdf", quotes.QuotePdfView.as_view(), name="quote_pdf"),
    path(f"{QUOTE}edit/", quotes.EditQuoteView.as_view(), name="quote_edit"),
    path(f"{QUOTE}send/", quotes.SendQuoteView.as_view(), name="quote_send"),
    path(f"{QUOTE}withdraw/", quotes.WithdrawQuoteView.as_view(), name="quote_withdraw"),
    path(f"{QUOTE}accept/", quote_answers.AnswerQuoteView.as_view(), name="quote_accept"),
    path(f"{QUOTE}reject/", quote_answers.RejectQuoteView.as_view(), name="quote_reject"),
    path(f"{QUOTE}order/", quote_answers.OrderFromQuoteView.as_view(), name="quote_order"),
    path("orders/", orders.OrdersView.as_view(), name="orders"),
    path("orders/export.csv", orders.OrdersFileView.as_view(), name="orders_csv"),
    path(ORDER, orders.OrderView.as_view(), name="order"),
    path(f"{ORDER}state/<slug:word>/", orders.OrderStateView.as_view(), name="order_state"),
    path(f"{LEAD}quotes/new/", quotes.NewLeadQuoteView.as_view(), name="lead_quote"),
    path(f"{LEAD}orders/new/", orders.NewOrderView.as_view(), name="lead_order"),
    path("pipelines/", pipelines.PipelinesView.as_view(), name="pipelines"),
    path("pipelines/new/", pipelines.NewPipelineView.as_view(), name="pipeline_new"),
    path(f"{PIPELINE}edit/", pipelines.EditPipelineView.as_view(), name="pipeline_edit"),
    path(f"{PIPELINE}stages/new/", pipelines.NewStageView.as_view(), name="stage_new"),
    path(f"{STAGE}edit/", pipelines.EditStageView.as_view(), name="stage_edit"),
    path(f"{STAGE}remove/", pipelines.RemoveStageView.as_view(), name="stage_remove"),
]
