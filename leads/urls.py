"""Addresses of leads."""

from django.urls import path, register_converter

from leads.views import (
    actions,
    add,
    approvals,
    bulk,
    columns,
    companies,
    detail,
    editing,
    exports,
    files,
    history,
    import_steps,
    imports,
    inbox,
    leads,
    merging,
    newer,
    notes,
    reports,
    saved,
    search,
    undo,
    wizard,
)


class LeadIdConverter:
    """A Lead ID in an address. Every word matches, so that a malformed one gets the answer of an unknown one."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """Return the Lead ID, or nothing that any lead is called for a word that is none."""
        return value if value.isascii() and value.isprintable() and len(value) <= 16 else "-"

    def to_url(self, value: str) -> str:
        """Return the Lead ID as it is."""
        return value


register_converter(LeadIdConverter, "lead")

app_name = "leads"

LEAD = "leads/<lead:reference>/"

urlpatterns = [
    path("leads/", leads.LeadListView.as_view(), name="list"),
    path("leads/counts/", leads.LeadCountsView.as_view(), name="counts"),
    path("leads/newer/", newer.NewerLeadsView.as_view(), name="newer"),
    path("leads/filters/line/", leads.FilterLineView.as_view(), name="filter_line"),
    path("leads/columns/", columns.ColumnsView.as_view(), name="columns"),
    path("leads/views/", saved.ViewsView.as_view(), name="views"),
    path("leads/views/default/", saved.DefaultViewsView.as_view(), name="views_default"),
    path("leads/views/new/", saved.AddViewView.as_view(), name="view_new"),
    path("leads/views/<str:word>/save/", saved.OverwriteViewView.as_view(), name="view_save"),
    path("leads/views/<str:word>/rename/", saved.RenameViewView.as_view(), name="view_rename"),
    path("leads/views/<str:word>/share/", saved.ShareViewView.as_view(), name="view_share"),
    path("leads/views/<str:word>/pin/", saved.PinViewView.as_view(), name="view_pin"),
    path("leads/views/<str:word>/delete/", saved.DeleteViewView.as_view(), name="view_delete"),
    path("leads/export/", exports.ExportView.as_view(), name="export"),
    path("leads/export.csv", exports.CsvView.as_view(), name="export_csv"),
    path("leads/export.xlsx", exports.XlsxView.as_view(), name="export_xlsx"),
    path("exports/", files.ExportsView.as_view(), name="exports"),
    path("exports/<int:pk>/file/", files.ExportTakeView.as_view(), name="export_take"),
    path("exports/<int:pk>/retry/", files.ExportRetryView.as_view(), name="export_retry"),
    path("imports/", imports.ImportsView.as_view(), name="imports"),
    path("imports/new/", imports.ImportNewView.as_view(), name="import_new"),
    path("imports/<int:pk>/", imports.ImportView.as_view(), name="import"),
    path("imports/<int:pk>/file/", imports.ImportFileView.as_view(), name="import_file"),
    path("imports/<int:pk>/columns/", imports.ImportColumnsView.as_view(), name="import_columns"),
    path("imports/<int:pk>/check/", import_steps.ImportCheckView.as_view(), name="import_check"),
    path("imports/<int:pk>/import/", import_steps.ImportImportView.as_view(), name="import_import"),
    path("imports/<int:pk>/result/", import_steps.ImportResultView.as_view(), name="import_result"),
    path(
        "imports/<int:pk>/errors.csv", import_steps.ImportErrorsView.as_view(), name="import_errors"
    ),
    path("imports/<int:pk>/cancel/", import_steps.ImportCancelView.as_view(), name="import_cancel"),
    path("imports/<int:pk>/undo/", import_steps.ImportUndoView.as_view(), name="import_undo"),
    path("imports/<int:pk>/retry/", import_steps.ImportRetryView.as_view(), name="import_retry"),
    path("leads/bulk/runs/<int:pk>/", bulk.BulkRunView.as_view(), name="bulk_run"),
    path("leads/bulk/runs/<int:pk>/undo/", bulk.BulkUndoView.as_view(), name="bulk_undo"),
    path("leads/bulk/<str:action>/", bulk.BulkView.as_view(), name="bulk"),
    path("leads/new/", add.AddLeadView.as_view(), name="add"),
    path("leads/new/product/", wizard.ProductStepView.as_view(), name="wizard_product"),
    path("leads/new/marketplace/", wizard.MarketplaceStepView.as_view(), name="wizard_marketplace"),
    path("leads/new/form/", wizard.FormStepView.as_view(), name="wizard_form"),
    path(
        "leads/new/summary/<lead:reference>/",
        wizard.SummaryView.as_view(),
        name="wizard_summary",
    ),
    path("search/", search.SearchView.as_view(), name="search"),
    path("inbox/", inbox.InboxView.as_view(), name="inbox"),
    path("inbox/count/", inbox.InboxCountView.as_view(), name="inbox_count"),
    path("inbox/read/", inbox.InboxReadView.as_view(), name="inbox_read"),
    path("inbox/<int:pk>/", inbox.InboxItemView.as_view(), name="inbox_item"),
    path("approvals/", approvals.ApprovalsView.as_view(), name="approvals"),
    path("companies/", companies.CompaniesView.as_view(), name="companies"),
    path("companies/<int:pk>/", companies.CompanyView.as_view(), name="company"),
    path(
        "companies/<int:pk>/merge/<int:other>/",
        merging.MergeView.as_view(),
        name="company_merge",
    ),
    path("reports/", reports.ReportsView.as_view(), name="reports"),
    path("reports/<slug:word>/", reports.ReportView.as_view(), name="report"),
    path("reports/<slug:word>.csv", reports.ReportFileView.as_view(), name="report_csv"),
    # One lead; last, because any word can stand for the Lead ID
    path(LEAD, detail.LeadView.as_view(), name="detail"),
    path(f"{LEAD}history/", history.HistoryView.as_view(), name="history"),
    path(
        "leads/<lead:reference>/history.csv", history.HistoryFileView.as_view(), name="history_csv"
    ),
    path(f"{LEAD}editing/", editing.EditingView.as_view(), name="editing"),
    path(f"{LEAD}next-step/", detail.NextStepView.as_view(), name="next_step"),
    path(f"{LEAD}notes/<int:pk>/edit/", notes.EditNoteView.as_view(), name="note_edit"),
    path(f"{LEAD}notes/<int:pk>/delete/", notes.DeleteNoteView.as_view(), name="note_delete"),
    path(f"{LEAD}undo/<int:number>/", undo.UndoView.as_view(), name="undo"),
    path(f"{LEAD}<str:action>/", actions.ActionView.as_view(), name="action"),
]
