"""All addresses of the product."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as app
from django.urls import include, path, re_path

from stammkunde.faces.dashboard import sessions

# Only what we offer: no sign-up, no codes by mail, no change of the address.
account_patterns = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/code/", second_step.authenticate, name="mfa_authenticate"),
    path("sign-out/", account.logout, name="account_logout"),
    path("closed/", account.account_inactive, name="account_inactive"),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("confirm/code/", second_step.reauthenticate, name="mfa_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/forgotten/", account.password_reset, name="account_reset_password"),
    path(
        "password/forgotten/sent/", account.password_reset_done, name="account_reset_password_done"
    ),
    re_path(
        r"^password/forgotten/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/forgotten/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("security/", second_step.index, name="mfa_index"),
    path("security/elsewhere/", sessions.end_others, name="sessions_end_others"),
    path("security/app/", sessions.alone_after_change(app.activate_totp), name="mfa_activate_totp"),
    path(
        "security/app/remove/",
        sessions.alone_after_change(app.deactivate_totp),
        name="mfa_deactivate_totp",
    ),
    path(
        "security/recovery-codes/",
        recovery_codes.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "security/recovery-codes/new/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "security/recovery-codes/file/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
urlpatterns = [
    path("account/", include(account_patterns)),
    path("api/", include("stammkunde.faces.api.urls")),
    path("", include("stammkunde.faces.dashboard.urls")),
]
handler500 = "stammkunde.faces.dashboard.faults.server_error"
