"""Addresses of the door itself. Apps mount their own resources beside these, and `fallback_urls` comes last."""

from django.urls import path

from portal.fhir.capability import Metadata, smart_configuration
from portal.fhir.oauth import token

urlpatterns = [
    path("oauth/token", token, name="oauth-token"),
    path("fhir/metadata", Metadata.as_view(), name="fhir-metadata"),
    path("fhir/.well-known/smart-configuration", smart_configuration, name="fhir-smart-configuration"),
]
