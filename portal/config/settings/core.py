"""Apps, middleware, time and languages."""

import django_stubs_ext

from portal.config.env import ROOT, STAGE, SYNTHETIC, env

django_stubs_ext.monkeypatch()

PORTAL_ENV = STAGE
SYNTHETIC_PEOPLE_ONLY = SYNTHETIC
DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
PORTAL_URL = env.str("PORTAL_URL", default="http://localhost:8000")
REGION_NAME = env.str("REGION_NAME", default="Helse Nord")
HELP_PHONE = env.str("HELP_PHONE", default="77 00 00 00")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "portal.people.admin_config.OperatorsAdminConfig",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "rest_framework",
    "csp",
    "portal.kernel",
    "portal.ui",
    "portal.counterparts",
    "portal.fhir",
    "portal.people",
    "portal.people.idporten",
    "portal.audit",
    "portal.outbox",
    "youth_access",
    "letters",
    "appointments",
    "portal.flows",
    "portal.site",
]

MIDDLEWARE = [
    "portal.ui.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.ui.middleware.NoStore",
    "portal.fhir.middleware.MachineAnswers",
    "portal.ui.middleware.BadInput",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.people.middleware.SessionLimits",
    "portal.people.middleware.WhoIsHere",
    "portal.audit.middleware.OnRecord",
    "youth_access.middleware.RightEyes",
    "portal.ui.middleware.ChosenLanguage",
    "youth_access.acting.SamePerson",
]

ROOT_URLCONF = "portal.config.urls"
WSGI_APPLICATION = "portal.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TIME_ZONE = "Europe/Oslo"
USE_TZ = True
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = env.path("STATIC_ROOT", default=str(ROOT / "staticfiles"))
LOCALE_PATHS = [ROOT / "locale"]
