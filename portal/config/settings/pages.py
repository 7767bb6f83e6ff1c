"""Templates, languages and static files."""

from portal.config.env import ROOT, STAGE

LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", "Bokmål"), ("nn", "Nynorsk"), ("se", "Davvisámegiella"), ("en", "English")]
USE_I18N = True
FORMAT_MODULE_PATH = "portal.ui.formats"
FORM_RENDERER = "portal.ui.forms.PortalRenderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.ui.context.chrome",
                "youth_access.acting_frame.acting",
            ],
            "string_if_invalid": "%s is undefined" if STAGE == "test" else "",
        },
    }
]
# Compressing takes longer than the demo's whole start, so the demo goes without.
_STATIC = {
    "test": "django.contrib.staticfiles.storage.StaticFilesStorage",
    "demo": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
    "production": "whitenoise.storage.CompressedManifestStaticFilesStorage",
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC[STAGE]},
}
WHITENOISE_USE_FINDERS = STAGE == "test"
# A test may make hundreds of clients, each of which would read every file's name when it starts.
WHITENOISE_AUTOREFRESH = STAGE == "test"
