"""Addresses of the catalogue, lead templates and custom attributes."""

from django.urls import path

from templates_app.views import (
    attributes,
    builder,
    lead_templates,
    listings,
    marketplaces,
    products,
    share,
    versions,
)

app_name = "templates"

TEMPLATE = "templates/<int:pk>/"
FIELD = f"{TEMPLATE}builder/<slug:key>/"

urlpatterns = [
    path("marketplaces/", marketplaces.MarketplacesView.as_view(), name="marketplaces"),
    path("marketplaces/new/", marketplaces.NewMarketplaceView.as_view(), name="marketplace_new"),
    path("marketplaces/<int:pk>/", marketplaces.MarketplaceView.as_view(), name="marketplace"),
    path(
        "marketplaces/<int:pk>/edit/",
        marketplaces.EditMarketplaceView.as_view(),
        name="marketplace_edit",
    ),
    path(
        "marketplaces/<int:pk>/listings/new/",
        marketplaces.ListHereView.as_view(),
        name="marketplace_listing_new",
    ),
    path("products/", products.ProductsView.as_view(), name="products"),
    path("products/new/", products.NewProductView.as_view(), name="product_new"),
    path("products/<int:pk>/", products.ProductView.as_view(), name="product"),
    path("products/<int:pk>/edit/", products.EditProductView.as_view(), name="product_edit"),
    path("products/<int:pk>/listings/new/", listings.NewListingView.as_view(), name="listing_new"),
    path("listings/<int:pk>/edit/", listings.EditListingView.as_view(), name="listing_edit"),
    path("listings/<int:pk>/share/", share.ShareView.as_view(), name="share"),
    path("listings/<int:pk>/share/qr.svg", share.QrView.as_view(), name="share_qr"),
    path("listings/<int:pk>/close/", listings.CloseListingView.as_view(), name="listing_close"),
    path("listings/<int:pk>/open/", listings.OpenListingView.as_view(), name="listing_open"),
    path("templates/", lead_templates.TemplatesView.as_view(), name="list"),
    path("templates/new/", lead_templates.NewTemplateView.as_view(), name="new"),
    path(TEMPLATE, lead_templates.TemplateView.as_view(), name="detail"),
    path(f"{TEMPLATE}edit/", lead_templates.EditTemplateView.as_view(), name="edit"),
    path(f"{TEMPLATE}draft/", lead_templates.StartDraftView.as_view(), name="draft"),
    path(f"{TEMPLATE}discard/", lead_templates.DiscardView.as_view(), name="discard"),
    path(f"{TEMPLATE}publish/", lead_templates.PublishView.as_view(), name="publish"),
    path(f"{TEMPLATE}archive/", lead_templates.ArchiveView.as_view(), name="archive"),
    path(
        f"{TEMPLATE}reseller-form/",
        lead_templates.ResellerFormView.as_view(),
        name="reseller_form",
    ),
    path(f"{TEMPLATE}versions/<int:number>/", versions.VersionView.as_view(), name="version"),
    path(
        f"{TEMPLATE}versions/<int:number>/preview/", versions.PreviewView.as_view(), name="preview"
    ),
    path(
        f"{TEMPLATE}versions/<int:number>/copy/",
        lead_templates.StartDraftView.as_view(),
        name="version_copy",
    ),
    path(f"{TEMPLATE}builder/", builder.BuilderView.as_view(), name="builder"),
    path(f"{TEMPLATE}undo/", builder.UndoView.as_view(), name="undo"),
    path(f"{TEMPLATE}fields/new/", builder.AddFieldView.as_view(), name="field_new"),
    path(f"{FIELD}edit/", builder.EditFieldView.as_view(), name="field_edit"),
    path(f"{FIELD}move/", builder.MoveFieldView.as_view(), name="field_move"),
    path(f"{FIELD}remove/", builder.RemoveFieldView.as_view(), name="field_remove"),
    path("attributes/", attributes.AttributesView.as_view(), name="attributes"),
    path("attributes/new/", attributes.NewAttributeView.as_view(), name="attribute_new"),
    path(
        "attributes/<int:pk>/edit/", attributes.EditAttributeView.as_view(), name="attribute_edit"
    ),
    path(
        "attributes/<int:pk>/deactivate/",
        attributes.DeactivateAttributeView.as_view(),
        name="attribute_deactivate",
    ),
    path(
        "attributes/<int:pk>/activate/",
        attributes.ActivateAttributeView.as_view(),
        name="attribute_activate",
    ),
]
