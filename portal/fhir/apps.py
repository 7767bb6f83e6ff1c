"""The FHIR door as a Django app: it owns the register of client systems and their tokens."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FhirConfig(AppConfig):
    """Registers the tables behind /oauth/token."""

    name = "portal.fhir"
    label = "fhir"
    verbose_name = _("Tilgang for fagsystemer")
    default_auto_field = "django.db.models.BigAutoField"
