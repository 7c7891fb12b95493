"""The whole URL map on one screen. Public doors stand first; everything else asks for sign-in."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from accounts.urls import sign_in_urlpatterns
from accounts.views.sign_in import SignInView
from leadportal.health import Healthy, Ready
from leads.views.home import HelpView, HomeView, ShortcutsView

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler500 = "leadportal.common.failure.server_error"

urlpatterns = [
    # Public: no sign-in, no cookie
    path("", include("leads.intake.urls")),
    path("healthz", Healthy.as_view(), name="healthz"),
    path("readyz", Ready.as_view(), name="readyz"),
    # Sign-in (django-allauth)
    path("sign-in/", SignInView.as_view(), name="account_login"),
    path("accounts/", include(sign_in_urlpatterns)),
    # Signed in
    path("", HomeView.as_view(), name="home"),
    path("help/", HelpView.as_view(), name="help"),
    path("shortcuts/", ShortcutsView.as_view(), name="shortcuts"),
    path("", include("leads.urls")),
    path("", include("templates_app.urls")),
    path("", include("accounts.urls")),
    # Programs: a token, no cookie; behind the pages, whose converter of Lead IDs it shares
    path("api/", include("leads.api.urls")),
    path("admin/", admin.site.urls),
]
