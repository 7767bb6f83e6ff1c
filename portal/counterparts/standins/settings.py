"""Settings of the stand-ins: a Django project of its own, without a database and without sign-in."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from portal.counterparts.standins import environment

ROOT = Path(__file__).resolve().parents[3]

PORTAL_URL = environment.PORTAL_URL
STANDINS_URL = environment.OWN_URL
IDENTITY_ISSUER = environment.IDENTITY_ISSUER
COUNTERPART_SECRET = environment.COUNTERPART_SECRET
PORTAL_ENV = os.environ.get("PORTAL_ENV", "demo")
if PORTAL_ENV == "production" or not COUNTERPART_SECRET:
    raise ImproperlyConfigured("the stand-ins run in demo and test only, and need COUNTERPART_SECRET")

SECRET_KEY = f"stand-ins only: {COUNTERPART_SECRET}"
DEBUG = False
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["django.contrib.staticfiles", "portal.counterparts.standins", "portal.counterparts.identity.standin"]
MIDDLEWARE = [
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.counterparts.standins.middleware.Marked",
]
ROOT_URLCONF = "portal.counterparts.standins.urls"
WSGI_APPLICATION = "portal.counterparts.standins.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["portal.counterparts.standins.chrome.chrome"]},
    }
]
USE_TZ = True
TIME_ZONE = "Europe/Oslo"
LANGUAGE_CODE = "nb"
USE_I18N = True
APPEND_SLASH = False
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 60 * 1024 * 1024
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'", PORTAL_URL],
        "form-action": ["'self'", PORTAL_URL],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
