"""The ID-porten stand-in as an app of the stand-ins' project: its templates and style sheet."""

from django.apps import AppConfig


class IdentityStandinConfig(AppConfig):
    """No tables."""

    name = "portal.counterparts.identity.standin"
    label = "identity_standin"
