"""Addresses of people and companies, and the doors of django-allauth that are open.

allauth offers more (change of address, several addresses, sign-in by code). An address that people could
change by themselves would hand over what was invited for it, so those doors have no address at all.
"""

from allauth.account import views as allauth_views
from django.urls import path, re_path

from accounts.views import companies, hours, invitations, people, profile, sign_in, tokens

app_name = "accounts"

urlpatterns = [
    path("invitations/<str:token>/", invitations.AcceptView.as_view(), name="invitation"),
    path("switch/", profile.SwitchCompanyView.as_view(), name="switch_company"),
    path("settings/", profile.ProfileView.as_view(), name="profile"),
    path("settings/preferences/", profile.PreferencesView.as_view(), name="preferences"),
    path("settings/tokens/", tokens.TokensView.as_view(), name="tokens"),
    path("settings/tokens/new/", tokens.NewTokenView.as_view(), name="token_new"),
    path("settings/tokens/<int:pk>/revoke/", tokens.RevokeTokenView.as_view(), name="token_revoke"),
    path("people/", people.PeopleView.as_view(), name="people"),
    path("people/roles/", people.RolesView.as_view(), name="roles"),
    path("people/invite/", invitations.InviteView.as_view(), name="invite"),
    path("people/invitations/", invitations.InvitationsView.as_view(), name="invitations"),
    path(
        "people/invitations/<int:pk>/resend/",
        invitations.ResendView.as_view(),
        name="invitation_resend",
    ),
    path(
        "people/invitations/<int:pk>/revoke/",
        invitations.RevokeView.as_view(),
        name="invitation_revoke",
    ),
    path("people/<int:pk>/", people.PersonView.as_view(), name="person"),
    path("people/<int:pk>/roles/", people.PersonRolesView.as_view(), name="person_roles"),
    path("people/<int:pk>/deactivate/", people.DeactivateView.as_view(), name="person_deactivate"),
    path("people/<int:pk>/reactivate/", people.ReactivateView.as_view(), name="person_reactivate"),
    path("people/<int:pk>/remove/", people.RemoveView.as_view(), name="person_remove"),
    path("companies/new/", companies.NewCompanyView.as_view(), name="company_new"),
    path("companies/<int:pk>/edit/", companies.EditCompanyView.as_view(), name="company_edit"),
    path(
        "companies/<int:pk>/permissions/",
        companies.PermissionsView.as_view(),
        name="company_permissions",
    ),
    path("companies/<int:pk>/hours/", hours.HoursView.as_view(), name="hours"),
    path("companies/<int:pk>/holidays/new/", hours.NewHolidayView.as_view(), name="holiday_new"),
    path(
        "companies/<int:pk>/holidays/<int:holiday>/remove/",
        hours.RemoveHolidayView.as_view(),
        name="holiday_remove",
    ),
]

# Below /accounts/, under the names that allauth looks for.
sign_in_urlpatterns = [
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("signup/", allauth_views.signup, name="account_signup"),
    path("password/change/", sign_in.ChangePasswordView.as_view(), name="account_change_password"),
    path("password/reset/", sign_in.ResetPasswordView.as_view(), name="account_reset_password"),
    path(
        "password/reset/done/",
        allauth_views.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        sign_in.NewPasswordView.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
