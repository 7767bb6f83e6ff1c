"""Registers our ID-porten provider with allauth, which looks for a `provider` module in every app."""

from django.apps import AppConfig


class IdportenConfig(AppConfig):
    """No tables of its own."""

    name = "portal.people.idporten"
    label = "idporten"
