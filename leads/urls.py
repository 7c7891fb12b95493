"""Addresses of leads."""

from django.urls import path, register_converter

from leads.views import (
    actions,
    add,
    approvals,
    attention,
    bulk,
    columns,
    companies,
    company_list,
    deliveries,
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
    privacy,
    reports,
    saved,
    search,
    sources,
    trials,
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
SOURCE = "sources/<int:pk>/"

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
    path("attention/", attention.AttentionView.as_view(), name="attention"),
    path("attention/retry/", attention.RetryAllView.as_view(), name="attention_retry"),
    path("attention/<int:pk>/", attention.SubmissionView.as_view(), name="submission"),
    path("attention/<int:pk>/retry/", attention.RetryView.as_view(), name="submission_retry"),
    path("attention/<int:pk>/aside/", attention.SetAsideView.as_view(), name="submission_aside"),
    path("approvals/", approvals.ApprovalsView.as_view(), name="approvals"),
    path("companies/", company_list.CompaniesView.as_view(), name="companies"),
    path("companies/export.csv", company_list.CompaniesFileView.as_view(), name="companies_csv"),
    path("companies/<int:pk>/", companies.CompanyView.as_view(), name="company"),
    path(
        "companies/<int:pk>/merge/<int:other>/",
        merging.CompanyMergeView.as_view(),
        name="company_merge",
    ),
    path("sources/", sources.SourcesView.as_view(), name="sources"),
    path("sources/new/", sources.NewSourceView.as_view(), name="source_new"),
    path(SOURCE, sources.SourceView.as_view(), name="source"),
    path(f"{SOURCE}edit/", sources.EditSourceView.as_view(), name="source_edit"),
    path(f"{SOURCE}mapping/", deliveries.MappingView.as_view(), name="source_mapping"),
    path(f"{SOURCE}address/", sources.SourceAddressView.as_view(), name="source_address"),
    path(f"{SOURCE}off/", sources.SourceOffView.as_view(), name="source_off"),
    path(f"{SOURCE}on/", sources.SourceOnView.as_view(), name="source_on"),
    path(
        f"{SOURCE}deliveries/<int:number>/",
        deliveries.DeliveryView.as_view(),
        name="source_delivery",
    ),
    path(
        f"{SOURCE}deliveries/<int:number>/replay/",
        deliveries.ReplayView.as_view(),
        name="source_replay",
    ),
    path("privacy/", privacy.PersonDataView.as_view(), name="person_data"),
    path("reports/", reports.ReportsView.as_view(), name="reports"),
    path("reports/<slug:word>/", reports.ReportView.as_view(), name="report"),
    path("reports/<slug:word>.csv", reports.ReportFileView.as_view(), name="report_csv"),
    path("listings/<int:pk>/tests/", trials.TrialsView.as_view(), name="trials"),
    path("listings/<int:pk>/tests/<lead:reference>/", trials.TrialView.as_view(), name="trial"),
    path(
        "listings/<int:pk>/tests/<lead:reference>/remove/",
        trials.RemoveTrialView.as_view(),
        name="trial_remove",
    ),
    # One lead; last, because any word can stand for the Lead ID
    path(LEAD, detail.LeadView.as_view(), name="detail"),
    path(f"{LEAD}history/", history.HistoryView.as_view(), name="history"),
    path(
        "leads/<lead:reference>/history.csv", history.HistoryFileView.as_view(), name="history_csv"
    ),
    path(f"{LEAD}consent/", privacy.ConsentView.as_view(), name="consent"),
    path(f"{LEAD}editing/", editing.EditingView.as_view(), name="editing"),
    path(f"{LEAD}editors/", editing.EditorsView.as_view(), name="editors"),
    path(f"{LEAD}next-step/", detail.NextStepView.as_view(), name="next_step"),
    path(
        f"{LEAD}merge/<lead:other>/",
        merging.LeadMergeView.as_view(),
        name="merge",
    ),
    path(
        f"{LEAD}merged/<lead:other>/",
        merging.MergedView.as_view(),
        name="merged",
    ),
    path(f"{LEAD}notes/<int:pk>/edit/", notes.EditNoteView.as_view(), name="note_edit"),
    path(f"{LEAD}notes/<int:pk>/delete/", notes.DeleteNoteView.as_view(), name="note_delete"),
    path(f"{LEAD}undo/<int:number>/", undo.UndoView.as_view(), name="undo"),
    path(f"{LEAD}<str:action>/", actions.ActionView.as_view(), name="action"),
]
