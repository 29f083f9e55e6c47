"""Django's settings. Everything that differs between installations is read from the environment here."""

from __future__ import annotations

import os
import secrets

from stammkunde.config import environment, variables

environment.refuse_unknown(os.environ, (variable.name for variable in variables.VARIABLES))

DEBUG = variables.DEBUG.require(os.environ)
# Outside developer mode the key must be given: a default would be known to everybody.
SECRET_KEY = (
    variables.SECRET_KEY.read(os.environ) or secrets.token_urlsafe(50)
    if DEBUG
    else variables.SECRET_KEY.require(os.environ)
)
ALLOWED_HOSTS = variables.ALLOWED_HOSTS.require(os.environ)

# Apps arrive with the first tables.
INSTALLED_APPS: list[str] = []
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

DATABASES = {"default": variables.DATABASE_URL.require(os.environ)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_https = variables.HTTPS.read(os.environ)
HTTPS = not DEBUG if _https is None else _https
SESSION_COOKIE_SECURE = HTTPS
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

LANGUAGE_CODE = variables.LANGUAGE.require(os.environ)
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = variables.TIMEZONE.require(os.environ)
