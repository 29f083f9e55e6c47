"""Django's settings. Everything that differs between installations is read from the environment here."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from stammkunde.config import environment, mail, report_scripts, variables, work

environment.refuse_unknown(os.environ, (variable.name for variable in variables.VARIABLES))

DEBUG = variables.DEBUG.require(os.environ)
# Outside developer mode the key must be given: a default would be known to everybody.
SECRET_KEY = (
    variables.SECRET_KEY.read(os.environ) or secrets.token_urlsafe(50)
    if DEBUG
    else variables.SECRET_KEY.require(os.environ)
)
ALLOWED_HOSTS = variables.ALLOWED_HOSTS.require(os.environ)

PACKAGE = Path(__file__).parents[1]
DATA = variables.DATA.require(os.environ)
UPLOAD_BYTES_MAX = variables.UPLOAD_MB.require(os.environ)
API_REQUESTS_A_MINUTE = variables.API_REQUESTS.require(os.environ)
METRICS_TOKEN = variables.METRICS_TOKEN.read(os.environ) or ""

INSTALLED_APPS = [
    "stammkunde.core.people",
    "stammkunde.core.shops",
    "stammkunde.core.audit",
    "stammkunde.core.jobs",
    "stammkunde.ledger",
    "stammkunde.ledger.books",
    "stammkunde.records.customers",
    "stammkunde.records.orders",
    "stammkunde.records.consent",
    "stammkunde.features.imports",
    "stammkunde.features.views",
    "stammkunde.features.wallets",
    "stammkunde.faces.api",
    "stammkunde.insights",
    "stammkunde.insights.sql",
    "stammkunde.insights.targets",
    "stammkunde.insights.trials",
    "stammkunde.insights.annotations",
    "stammkunde.insights.monthly",
    "stammkunde.insights.outputs",
    "stammkunde.faces.dashboard",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "stammkunde.faces.watching.middleware.Middleware",
    "stammkunde.config.health.Middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "stammkunde.config.content_policy.Middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "stammkunde.faces.dashboard.sessions.Middleware",
    "stammkunde.faces.dashboard.language.Middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
FORM_RENDERER = "stammkunde.faces.dashboard.forms.Renderer"
JOB_MODULES = work.MODULES
ROOT_URLCONF = "stammkunde.config.urls"
WSGI_APPLICATION = "stammkunde.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "faces" / "dashboard" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "stammkunde.faces.dashboard.frame.context",
            ],
        },
    }
]

DATABASES = {"default": variables.DATABASE_URL.require(os.environ)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database, so that the limits on signing in hold over all processes.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
}

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# As NIST SP 800-63B has it: long, not common, not one's own name; no rules of signs, no forced change.
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
ACCOUNT_ADAPTER = "stammkunde.config.accounts.Adapter"
ACCOUNT_FORMS = {
    "login": "stammkunde.faces.dashboard.account_forms.SignIn",
    "change_password": "stammkunde.faces.dashboard.account_forms.ChangePassword",
    "set_password": "stammkunde.faces.dashboard.account_forms.SetPassword",
    "reset_password": "stammkunde.faces.dashboard.account_forms.ForgottenPassword",
    "reset_password_from_key": "stammkunde.faces.dashboard.account_forms.NewPassword",
    "reauthenticate": "stammkunde.faces.dashboard.account_forms.Confirm",
}
MFA_FORMS = {
    "authenticate": "stammkunde.faces.dashboard.account_forms.SecondStep",
    "reauthenticate": "stammkunde.faces.dashboard.account_forms.ConfirmByCode",
    "activate_totp": "stammkunde.faces.dashboard.account_forms.SetUpApp",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Whoever follows the link of an invitation has shown that the address is theirs.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = "strict"
# Nobody is written to because a stranger typed their address.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_SESSION_REMEMBER = None
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
MFA_ADAPTER = "stammkunde.config.accounts.SecondStep"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Stammkunde"

_https = variables.HTTPS.read(os.environ)
HTTPS = not DEBUG if _https is None else _https
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if variables.BEHIND_PROXY.require(os.environ):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # The limits on signing in count by address: not that of the proxy, which everybody shares.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

globals().update(variables.MAIL_URL.read(os.environ) or mail.NONE)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = variables.MAIL_FROM.require(os.environ)

LANGUAGE_CODE = variables.LANGUAGE.require(os.environ)
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = variables.TIMEZONE.require(os.environ)

STATIC_URL = "static/"
# The scripts by which pictures of numbers become files are those of the report.
STATICFILES_DIRS = [("kohorte", report_scripts.folder())]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA / "files"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "stammkunde.config.static.Storage"
    },
}
# Files of the package are served as they are; whoever packs them need not collect them first.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
# Their addresses change with what is in them.
WHITENOISE_MAX_AGE = 0 if DEBUG else 365 * 24 * 3600
