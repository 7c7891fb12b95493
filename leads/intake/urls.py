"""Addresses of the anonymous door; fixed, because they stand on web sites and paper (ux.md 1.2)."""

from django.urls import path

from leads.intake import pages, stopping, tracked, webhooks

app_name = "intake"
urlpatterns = [
    path("intake/<str:token>/", webhooks.WebhookView.as_view(), name="webhook"),
    path("stop/<str:token>/", stopping.StopView.as_view(), name="stop"),
    path("t/<slug:key>/<str:word>/", tracked.TrackedView.as_view(), name="tracked"),
    path("t/<slug:key>/<str:word>/pixel.gif", tracked.PixelView.as_view(), name="pixel"),
    path("m/<slug:marketplace>/", pages.StorefrontView.as_view(), name="storefront"),
    path("m/<slug:marketplace>/<slug:product>/", pages.ProductView.as_view(), name="product"),
    path("f/embed.js", pages.EmbedScriptView.as_view(), name="embed_script"),
    path("f/<slug:slug>/", pages.FormView.as_view(), name="form"),
    path("f/<slug:slug>/thanks/<slug:receipt>/", pages.ThanksView.as_view(), name="thanks"),
    path("f/<slug:slug>/theme.css", pages.ThemeView.as_view(), name="theme"),
    path("f/<slug:slug>/embed/", pages.EmbedView.as_view(), name="embed"),
    path(
        "f/<slug:slug>/embed/thanks/<slug:receipt>/",
        pages.ThanksView.as_view(is_embedded=True),
        name="embed_thanks",
    ),
    path("r/<slug:slug>/", pages.ResellerView.as_view(), name="reseller"),
    path(
        "r/<slug:slug>/thanks/<slug:receipt>/",
        pages.ThanksView.as_view(of_reseller=True),
        name="reseller_thanks",
    ),
]
