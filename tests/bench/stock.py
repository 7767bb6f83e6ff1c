"""Settings of a plain Django project: what everybody's pages cost before anything is added to them.

The same database, the same pool, session in the database; the middleware that `startproject` gives.
"""

from portal.config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.stock_urls"
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
REST_FRAMEWORK = {"UNAUTHENTICATED_USER": None}
INSTALLED_APPS = [
    name
    for name in INSTALLED_APPS  # noqa: F405
    if not name.startswith("allauth") and name not in ("portal.people.idporten", "portal.site", "portal.flows")
]
